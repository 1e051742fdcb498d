"""A collection in memory: its versions, and the lease of its writer."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import Lock

from search.collection import Capabilities, DraftSource, Health, Version
from search.errors import IndexLocked, IndexMissing, StoreError
from search.language.text import Analyzer
from search.limits import UNLIMITED, Budget
from search.memory.held import Averages, Held, HeldSource
from search.memory.scoring import Terms
from search.memory.view import MemoryView, State
from search.memory.writer import MemoryWriter
from search.messages import stores as says


class MemoryCollection:
    """Implements `search.collection.Collection`. Empty of versions until the first commit.

    Args:
        analyzer: cuts the texts for scores and suggestions; finding needs none.
        address: by which errors name it.

    Example:
        >>> from search.language.text import load_analyzer
        >>> collection = MemoryCollection(load_analyzer())
        >>> collection.health().is_ready
        False
    """

    capabilities = Capabilities(is_writable=True)

    def __init__(self, analyzer: Analyzer, *, address: str = "memory:") -> None:
        self.address = address
        self._analyzer = analyzer
        self._state: State | None = None
        self._number = 0
        self._lease = Lock()
        self._is_closed = False

    @classmethod
    def of(
        cls, drafts: Iterable[DraftSource], analyzer: Analyzer, *, address: str = "memory:"
    ) -> MemoryCollection:
        """A collection whose first version holds these sources."""
        collection = cls(analyzer, address=address)
        with collection.begin_writing() as writer:
            for draft in drafts:
                writer.add(writer.preparer(draft))
            writer.commit()
        return collection

    # Reading

    def at(self, budget: Budget = UNLIMITED) -> MemoryView:
        """The newest version, pinned.

        Raises:
            IndexMissing: nothing was committed yet.
            StoreError: the collection was closed.
        """
        return MemoryView(self._current(), budget)

    def _current(self) -> State:
        if self._is_closed:
            raise StoreError(says.COLLECTION_CLOSED(address=self.address))
        if self._state is None:
            raise IndexMissing(says.COLLECTION_EMPTY(address=self.address))
        return self._state

    def verify(self) -> Version:
        """The newest version; memory has no checksums to compare."""
        return self._current().held.version

    def health(self) -> Health:
        """Whether it can answer."""
        try:
            return Health(True, self._current().held.version)
        except StoreError as error:
            return Health(False, detail=str(error))

    def close(self) -> None:
        """Let go of what is held; views that are open stay as they are."""
        self._is_closed, self._state = True, None

    # Writing

    @contextmanager
    def begin_writing(
        self,
        address: str | None = None,
        analyzer: Analyzer | None = None,
        *,
        rebuild: bool = False,
        memory_bytes: int | None = None,
    ) -> Iterator[MemoryWriter]:
        """A writer, which holds the lease of the collection; see `search.collection.BeginWriting`.

        Args:
            address, analyzer: the collection's own, if given.
            memory_bytes: ignored; all of it is memory.

        Raises:
            IndexLocked: another run holds the lease.
            StoreError: another collection's address or analyzer, or the collection was closed.
        """
        if address not in (None, self.address) or analyzer not in (None, self._analyzer):
            raise StoreError(says.COLLECTION_OTHER(address=self.address))
        if self._is_closed:
            raise StoreError(says.COLLECTION_CLOSED(address=self.address))
        if not self._lease.acquire(blocking=False):
            raise IndexLocked(says.COLLECTION_LOCKED(address=self.address), hint=says.WAIT_FOR_RUN())
        try:
            held = None if self._state is None else self._state.held
            writer = MemoryWriter(held, self._publish, rebuild=rebuild)
            yield writer
            writer.abort()
        finally:
            self._lease.release()

    def _publish(self, sources: Mapping[str, HeldSource], averages: Averages) -> Held:
        self._number += 1
        held = Held(Version(secrets.token_hex(8), self._number), sources, averages)
        self._state = State(held, Terms(held.rows, held.average_lengths, self._analyzer))
        return held
