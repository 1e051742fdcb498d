"""The access log: a line for each request, in the Common Log Format or as JSON, in a file that may be rotated."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import weakref
from collections.abc import Callable
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from search.media import for_line
from web.observing import LOG_FORMS, LogForm

if TYPE_CHECKING:
    from web.request_notes import RequestNote

STANDARD_OUTPUT = "-"


class AccessLog:
    """Writes notes of requests, each line at once, so that several processes may write one file.

    Args:
        path: the file, begun again where it was moved away; - is standard output.
        form: common, or json, which has more: id, milliseconds, route, referrer, agent.
    """

    def __init__(self, path: str, form: LogForm = LOG_FORMS[0]) -> None:
        self._line = format_json if form == "json" else format_common
        self._path = None if path == STANDARD_OUTPUT else path
        self._lock = threading.Lock()
        self._closing: Callable[[], object] | None = None
        self._descriptor = sys.stdout.fileno() if self._path is None else -1
        if self._path is not None:
            self._reopen(self._path)

    def __call__(self, note: RequestNote) -> None:
        """Write one."""
        data = f"{self._line(note)}\n".encode()
        with self._lock:
            if self._path is not None and self._is_moved(self._path):
                self._reopen(self._path)
            os.write(self._descriptor, data)

    def _is_moved(self, path: str) -> bool:
        try:
            return os.stat(path).st_ino != self._inode
        except OSError:
            return True

    def _reopen(self, path: str) -> None:
        if self._closing is not None:
            self._closing()
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        self._inode = os.fstat(self._descriptor).st_ino
        self._closing = weakref.finalize(self, os.close, self._descriptor)


def format_common(note: RequestNote) -> str:
    """The Common Log Format.

    Source: Apache HTTP Server, mod_log_config, "%h %l %u %t \\"%r\\" %>s %b".
    """
    when = time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(note.began))
    asked = for_line(f"{note.method} {note.target} {note.protocol}").replace('"', '\\"')
    return f'{for_line(note.client) or "-"} - - [{when}] "{asked}" {note.status} {note.sent_bytes or "-"}'


def format_json(note: RequestNote) -> str:
    """A JSON object."""
    return json.dumps(
        {
            "time": datetime.fromtimestamp(note.began, timezone.utc).isoformat(timespec="milliseconds"),
            "id": note.id,
            "client": note.client,
            "method": note.method,
            "target": note.target,
            "route": note.endpoint,
            "status": note.status,
            "refusal": note.refusal or None,
            "bytes": note.sent_bytes,
            "ms": round(note.seconds * 1000, 1),
            "referrer": note.referrer or None,
            "agent": note.agent or None,
        }
    )
