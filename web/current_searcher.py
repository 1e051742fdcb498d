"""The engine that the pages ask, opened when it is first wanted.

A failed opening is told to whoever asked and tried again at the next request, so that a server started
before its index is whole recovers by itself.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable

from flask import current_app

from search.answer.searcher import Searcher

EXTENSION = "xiesou"


class Collection:
    """Holds one engine for all threads."""

    def __init__(self, opener: Callable[[], Searcher]) -> None:
        self._opener = opener
        self._engine: Searcher | None = None
        self._lock = threading.Lock()
        self._token = secrets.token_hex(8)

    def engine(self) -> Searcher:
        """The open engine.

        Raises:
            StoreError: the index is missing, outdated or damaged.
        """
        with self._lock:
            if self._engine is None:
                self._engine = self._opener()
            return self._engine

    def version(self) -> str:
        """Changes whenever answers may change: with the index's generation and with a new process."""
        return f"{self._token}-{self.engine().version}"


def current_collection() -> Collection:
    """The collection of the application that handles this request."""
    collection = current_app.extensions[EXTENSION]
    assert isinstance(collection, Collection)
    return collection


def current_engine() -> Searcher:
    """The engine of the application that handles this request."""
    return current_collection().engine()
