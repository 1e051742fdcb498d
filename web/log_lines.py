"""Records of the application's log: what a request holds can't begin a line, move the cursor or hide another record."""

from __future__ import annotations

import logging
import traceback

from flask import Flask

from search.media import for_line
from web.request_notes import current_request_id

_CONTINUED = "    | "


class SafeLines(logging.Filter):
    """Makes one line of a record's message, and sets each line of its traceback behind a bar.

    A filter of the logger and no formatter, so that it holds for whatever handlers an operator adds.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """The record made safe; always lets it pass."""
        request_id = current_request_id()
        said = for_line(record.getMessage())
        record.msg, record.args = f"{said} [{request_id}]" if request_id else said, ()
        if record.exc_info and record.exc_info[0] is not None:
            lines = "".join(traceback.format_exception(*record.exc_info)).splitlines()
            record.exc_text = "\n".join(_CONTINUED + for_line(line) for line in lines)
        return True


def register_log_lines(app: Flask) -> None:
    """Make every record of the application's logger safe, once however many applications share it."""
    if not any(isinstance(found, SafeLines) for found in app.logger.filters):
        app.logger.addFilter(SafeLines(SafeLines.__name__))
