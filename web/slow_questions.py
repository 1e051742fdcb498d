"""Slow questions: told in the log with how they were carried out."""

from __future__ import annotations

import time
from collections.abc import Callable

from flask import Flask, Response, current_app, g, request

from search.errors import XiesouError
from web.current_searcher import current_searcher
from web.params import read_search, read_typed
from web.request_notes import current_request_id

EXTENSION = "xiesou-slow-questions"
_MAX_CHARS = 2_000
"""Of an address and of a plan: whoever asks at length should not fill the log."""


def register_slow_questions(app: Flask, slow_ms: int) -> None:
    """Tell of questions that took at least so many milliseconds until the answer began.

    A page that only tells of work (202) waited, and wasn't slow; that work is told of when it ends.
    """
    app.extensions[EXTENSION] = slow_ms

    def tell(response: Response) -> Response:
        took_ms = (time.perf_counter() - g.began) * 1000
        if took_ms >= slow_ms and response.status_code != 202 and read_typed().strip():
            _log(took_ms, _describe())
        return response

    app.after_request(tell)


def noter_of_work() -> Callable[[float], None]:
    """What tells of the current request's work, which goes on when its page is answered: how many seconds it took."""
    slow_ms: int | None = current_app.extensions.get(EXTENSION)
    if slow_ms is None or not read_typed().strip():
        return lambda seconds: None
    app, asked = current_app._get_current_object(), _describe()  # type: ignore[attr-defined]

    def note(seconds: float) -> None:
        if seconds * 1000 >= slow_ms:
            with app.app_context():
                _log(seconds * 1000, asked)

    return note


def _log(took_ms: float, asked: str) -> None:
    current_app.logger.warning("slow: %.0f ms, %s", took_ms, asked)


def _describe() -> str:
    """The current request, and how its question is carried out."""
    address = f"{request.path} {request.query_string.decode('latin-1')[:_MAX_CHARS]}"
    return f"{address}, request {current_request_id()}; plan: {_plan()[:_MAX_CHARS]}"


def _plan() -> str:
    try:
        return " | ".join(current_searcher().outline(read_search()))
    except XiesouError as error:
        return f"none ({error})"
