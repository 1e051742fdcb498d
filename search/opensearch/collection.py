"""A collection on a cluster: the generation that its alias names, and views of it."""

from __future__ import annotations

import threading
import time

from search.collection import Capabilities, Health, Version
from search.errors import CollectionUnavailable, IndexDamaged, StoreError, XiesouError
from search.language.text import Analyzer
from search.limits import UNLIMITED, Budget
from search.messages import stores
from search.opensearch.address import ClusterAddress
from search.opensearch.client import ClusterClient
from search.opensearch.documents import check_of
from search.opensearch.generations import open_generation
from search.opensearch.reading import BY_PLACE, check_words, iter_hits
from search.opensearch.view import ClusterView, State

_CHECK_SECONDS = 0.25
"""How often a running collection asks whether there is a newer version."""
_LOOK_SECONDS, _LATER_SECONDS = 1.0, 2.0
"""How long that is tried where a version is known, and when it is tried again if it fails."""
_HEALTH_SECONDS = 2.0


class ClusterCollection:
    """Implements `search.collection.Collection`.

    Args:
        analyzer: reads queries; the collection must have been built with the same.

    Raises:
        StoreError: there is no collection, or it is from another version.
        CollectionUnavailable: the cluster can't be reached.
    """

    capabilities = Capabilities(is_writable=True)

    def __init__(self, address: ClusterAddress, analyzer: Analyzer) -> None:
        self._address, self._analyzer = address, analyzer
        self._client = ClusterClient(address)
        self._lock = threading.Lock()
        self._state: State | None = None
        self._is_closed = False
        self._next_look = 0.0
        try:
            self._newest()
        except XiesouError:
            self._client.close()
            raise

    @property
    def address(self) -> str:
        return self._address.text

    def at(self, budget: Budget = UNLIMITED) -> ClusterView:
        """The newest version, pinned; see `search.collection.Collection`."""
        return ClusterView(self._newest(), budget)

    def _newest(self) -> State:
        """The newest version; the known one while nobody can say whether there is a newer.

        Without a managing node nothing is published, and copies of what was can be searched all the same.
        """
        if self._is_closed:
            raise StoreError(stores.COLLECTION_CLOSED(address=self.address))
        if (known := self._recent()) is not None:
            return known
        with self._lock:
            if (known := self._recent()) is not None:
                return known
            try:
                return self._look(None if self._state is None else _LOOK_SECONDS)
            except CollectionUnavailable:
                if self._state is None:
                    raise
                self._next_look = time.monotonic() + _LATER_SECONDS
                return self._state

    def _recent(self) -> State | None:
        """The known version while it is too soon to look for another."""
        return self._state if time.monotonic() < self._next_look else None

    def _look(self, patience_s: float | None) -> State:
        generation = open_generation(self._client, self._analyzer.fingerprint, patience_s=patience_s)
        if self._state is None or self._state.generation.version != generation.version:
            self._state = State(self._client, generation, self._analyzer)
        self._next_look = time.monotonic() + _CHECK_SECONDS
        return self._state

    def verify(self) -> Version:
        """Read everything back and compare it with what was written.

        Raises:
            IndexDamaged: the first document that was altered, sums that don't agree, or words that were lost.
        """
        generation = self._newest().generation
        documents, low, high = 0, 0, 0
        body = {"query": {"match_all": {}}, "sort": BY_PLACE}
        for some in iter_hits(self._client, {"index": generation.name}, body, page=1_000):
            for hit in some:
                said = hit["_source"]
                if check_of(said) != (said["check_low"], said["check_high"]):
                    raise IndexDamaged.because(stores.CLUSTER_DOCUMENT(name=hit["_id"]))
                documents, low, high = documents + 1, low + said["check_low"], high + said["check_high"]
        if (documents, (low, high)) != (generation.documents, generation.checks):
            raise IndexDamaged.because(
                stores.CLUSTER_COUNT(name=generation.name, found=documents, expected=generation.documents)
            )
        check_words(self._client, generation.name)
        return generation.version

    def health(self) -> Health:
        """Whether it can answer; waits two seconds at most."""
        try:
            if self._is_closed:
                raise StoreError(stores.COLLECTION_CLOSED(address=self.address))
            with self._lock:
                return Health(True, self._look(_HEALTH_SECONDS).generation.version)
        except XiesouError as error:
            return Health(False, detail=str(error))

    def close(self) -> None:
        """Let go of all connections."""
        self._is_closed, self._state = True, None
        self._client.close()
