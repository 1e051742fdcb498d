"""The searcher behind the pages, opened at the first request.

A failed opening is reported to that request and tried again at the next one, so a server that was started before
its index is complete recovers by itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from flask import current_app, g

from search import __version__
from search.answer.searcher import Searcher
from web.current_budget import current_budget

EXTENSION = "xiesou"


class CurrentSearcher:
    """One searcher, shared by all threads."""

    def __init__(self, opener: Callable[[], Searcher]) -> None:
        self._opener = opener
        self._opened: Searcher | None = None
        self._lock = threading.Lock()

    def open(self) -> Searcher:
        """The open searcher.

        Raises:
            StoreError: the index is missing, outdated or damaged.
        """
        with self._lock:
            if self._opened is None:
                self._opened = self._opener()
            return self._opened

    def version(self) -> str:
        """Changes whenever answers may change: with each commit and each release. Equal in all processes."""
        return version_of(self.open())


def current_searcher() -> Searcher:
    """The searcher of this request, charging its budget: all that it is asked is answered from one version."""
    searcher: Searcher | None = g.get("searcher")
    if searcher is None:
        opened: CurrentSearcher = current_app.extensions[EXTENSION]
        searcher = g.searcher = opened.open().under(current_budget()).pinned()
    return searcher


def current_version() -> str:
    """The version that this request is answered from, as `version_of` tells it."""
    return version_of(current_searcher())


def version_of(searcher: Searcher) -> str:
    """Changes whenever the searcher's answers may change: with each commit and each release. Equal in all processes."""
    return f"{__version__}-{searcher.version}"
