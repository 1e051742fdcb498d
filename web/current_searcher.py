"""The searcher behind the pages, opened at the first request.

A failed opening is reported to that request and tried again at the next one, so a server that was started before
its index is complete recovers by itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from flask import current_app

from search import __version__
from search.answer.searcher import Searcher
from web.current_budget import current_budget

EXTENSION = "xiesou"


class CurrentSearcher:
    """One searcher, shared by all threads."""

    def __init__(self, opener: Callable[[], Searcher]) -> None:
        self._opener = opener
        self._engine: Searcher | None = None
        self._lock = threading.Lock()

    def engine(self) -> Searcher:
        """The open searcher.

        Raises:
            StoreError: the index is missing, outdated or damaged.
        """
        with self._lock:
            if self._engine is None:
                self._engine = self._opener()
            return self._engine

    def version(self) -> str:
        """Changes whenever answers may change: with each commit and each release. Equal in all processes."""
        return f"{__version__}-{self.engine().version}"


def current_engine() -> Searcher:
    """The searcher of the application that handles this request, charging the request's budget."""
    return _current_searcher().engine().under(current_budget())


def current_version() -> str:
    """`CurrentSearcher.version` of the application that handles this request."""
    return _current_searcher().version()


def _current_searcher() -> CurrentSearcher:
    searcher = current_app.extensions[EXTENSION]
    assert isinstance(searcher, CurrentSearcher)
    return searcher
