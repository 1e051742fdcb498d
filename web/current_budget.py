"""The budget of the question that a request asks, and the exports under way.

The gateway (`web.gateway`) brings a request's turn in its environment. Under another WSGI server there is none, and a
budget counts all the same.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

from flask import Flask, current_app, g, has_request_context, request

from search.errors import CollectionUnavailable
from search.limits import Budget
from web import messages as says
from web.limits import MB, Limits
from web.turns import Turn

TURN = "xiesou.turn"
"""Key of a WSGI environment: the turn of the request."""
EXTENSION = "xiesou-limits"
_EXPORT_RETRY_S = 30
_CHARGED_BYTES = 16 * 1024
"""What a page is given is charged in such amounts: a charge costs more than to make an address."""


class ExportPlaces:
    """The places for exports of one process; each is taken until its file has been sent, or nobody wants it."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._free = threading.Semaphore(limits.exports_at_once)

    def take(self) -> Callable[[], None]:
        """Take a place; what gives it back, once, however often it is called.

        Raises:
            CollectionUnavailable: all are taken.
        """
        if not self._free.acquire(blocking=False):
            raise CollectionUnavailable(says.EXPORTS_FULL(), retry_after_s=_EXPORT_RETRY_S)
        taken = [None]

        def give() -> None:
            with suppress(IndexError):  # given back before
                taken.pop()
                self._free.release()

        return give


def register_limits(app: Flask, limits: Limits) -> None:
    """Bound what the application does by `limits`."""
    app.extensions[EXTENSION] = ExportPlaces(limits)
    app.config["MAX_CONTENT_LENGTH"] = limits.body_kb * 1024


def current_limits() -> Limits:
    """The limits of the application that handles this request."""
    return _places().limits


def current_budget() -> Budget:
    """The budget of this request's question: made at first use, the same until its answer has been sent."""
    if "budget" not in g:
        limits = current_limits()
        turn: Turn | None = request.environ.get(TURN)
        g.budget = Budget(
            seconds=limits.question_seconds,
            size_bytes=limits.question_mb * MB,
            is_cancelled=turn.is_cancelled if turn is not None else None,
            pace=turn.pace if turn is not None else None,
            clock=(lambda: turn.worked) if turn is not None else None,
            rest=turn.resting if turn is not None else None,
        )
    budget: Budget = g.budget
    return budget


def charge_made(size: int) -> None:
    """Charge what a page was just given to hold: a long query is in every link, and so makes long pages."""
    if not has_request_context():
        return
    made = g.get("made_bytes", 0) + size
    if made >= _CHARGED_BYTES:
        current_budget().charge(made)
        made = 0
    g.made_bytes = made


def begin_export() -> Callable[[], None]:
    """Give this request the time of an export and a place among those under way; what gives the place back.

    Raises:
        CollectionUnavailable: no place is free.
    """
    give = _places().take()
    current_budget().seconds = current_limits().export_seconds
    return give


def _places() -> ExportPlaces:
    places = current_app.extensions[EXTENSION]
    assert isinstance(places, ExportPlaces)
    return places
