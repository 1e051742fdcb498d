"""The default collection: a Whoosh index in a folder, read as arrays. See `search.collection.Collection`."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from search.collection import Capabilities, Health, Version
from search.embedded.evaluation import MatchCache, make_match_cache
from search.embedded.snapshot import Snapshot
from search.embedded.state import State
from search.embedded.store import latest_version, open_generation, verify
from search.embedded.view import EmbeddedView
from search.errors import StoreError
from search.limits import UNLIMITED, Budget
from search.messages import stores as says

_CHECK_SECONDS = 0.25
"""How often a running collection looks for a newer version: a look costs some 20 microseconds."""


class EmbeddedCollection:
    """A collection in a folder; moves to a new version by itself.

    Args:
        folder: the index directory.
        fingerprint: of the analyzer that reads queries; the index must have been built with the same.
        matches: keeps the matches of recent plans, so that the next page and the next filter cost nothing.

    Raises:
        StoreError: the index is missing, damaged or from another version.
    """

    def __init__(self, folder: Path, fingerprint: str, *, matches: MatchCache | None = None) -> None:
        self._folder, self._fingerprint = folder, fingerprint
        self._matches = make_match_cache() if matches is None else matches
        self._state: State | None = self._open(None)
        self._checked = time.monotonic()
        self._lock = threading.Lock()

    @property
    def address(self) -> str:
        return str(self._folder)

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(is_writable=True)

    def _open(self, old: State | None) -> State:
        reuse = {} if old is None else {part.data.id: part.data for part in old.snapshot.parts}
        return State(Snapshot(open_generation(self._folder, self._fingerprint, reuse=reuse)), self._matches)

    def at(self, budget: Budget = UNLIMITED) -> EmbeddedView:
        return EmbeddedView(self._newest(), budget)

    def _newest(self) -> State:
        """The newest version; a look at the folder is taken now and then."""
        state = self._state
        if state is None:
            raise StoreError(says.COLLECTION_CLOSED(address=str(self._folder)))
        now = time.monotonic()
        if now - self._checked >= _CHECK_SECONDS and self._lock.acquire(blocking=False):
            try:
                self._checked = now
                if state.snapshot.is_cut():
                    self._matches = (
                        make_match_cache()
                    )  # the old one may have matches that were read from nothing
                    state = self._state = self._open(None)
                elif latest_version(self._folder) not in (None, state.snapshot.version):
                    state = self._state = self._open(state)
            finally:
                self._lock.release()
        return state

    def verify(self) -> Version:
        generation = verify(self._folder, self._fingerprint)
        return Version(generation.id, generation.number)

    def health(self) -> Health:
        try:
            return Health(True, self.at().version)
        except StoreError as error:
            return Health(False, detail=str(error))

    def close(self) -> None:
        self._matches.clear()
        self._state = None
