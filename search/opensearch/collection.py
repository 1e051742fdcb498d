"""A collection on a cluster: the generation that its alias names, and views of it."""

from __future__ import annotations

import threading
import time

from search.collection import Capabilities, Health, Version
from search.errors import IndexDamaged, StoreError, XiesouError
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
        self._checked = 0.0
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

    def _newest(self, *, patience_s: float | None = None) -> State:
        state = self._state
        if self._is_closed:
            raise StoreError(stores.COLLECTION_CLOSED(address=self.address))
        if state is not None and time.monotonic() - self._checked < _CHECK_SECONDS:
            return state
        with self._lock:
            generation = open_generation(self._client, self._analyzer.fingerprint, patience_s=patience_s)
            if self._state is None or self._state.generation.version != generation.version:
                self._state = State(self._client, generation, self._analyzer)
            self._checked = time.monotonic()
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
            return Health(True, self._newest(patience_s=_HEALTH_SECONDS).generation.version)
        except XiesouError as error:
            return Health(False, detail=str(error))

    def close(self) -> None:
        """Let go of all connections."""
        self._is_closed, self._state = True, None
        self._client.close()
