"""Slow questions: told in the log with how they were carried out."""

from __future__ import annotations

import time

from flask import Flask, Response, current_app, g, request

from search.errors import XiesouError
from web.current_searcher import current_searcher
from web.params import read_search, read_typed
from web.request_notes import current_request_id

_MAX_CHARS = 2_000
"""Of an address and of a plan: whoever asks at length should not fill the log."""


def register_slow_questions(app: Flask, slow_ms: int) -> None:
    """Tell of questions that took at least so many milliseconds until the answer began."""

    def tell(response: Response) -> Response:
        took_ms = (time.perf_counter() - g.began) * 1000
        if took_ms >= slow_ms and read_typed().strip():
            current_app.logger.warning(
                "slow: %.0f ms, %s %s, request %s; plan: %s",
                took_ms,
                request.path,
                request.query_string.decode("latin-1")[:_MAX_CHARS],
                current_request_id(),
                _plan()[:_MAX_CHARS],
            )
        return response

    app.after_request(tell)


def _plan() -> str:
    try:
        return " | ".join(current_searcher().outline(read_search()))
    except XiesouError as error:
        return f"none ({error})"
