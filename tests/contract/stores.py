"""The stores that the contract holds, each as a place that is empty at first. A new store is added to `STORES`."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from search.collection import Collection, CollectionWriter, Committed, DraftSource
from search.embedded.collection import EmbeddedCollection
from search.embedded.writing import writer
from search.language.text import Analyzer
from search.memory import MemoryCollection
from search.opensearch import generations
from search.opensearch import writer as cluster_writer
from search.opensearch.address import ClusterAddress, read_address
from search.opensearch.client import ClusterClient
from search.opensearch.collection import ClusterCollection


@dataclass(frozen=True, slots=True)
class Store:
    """A place for one collection.

    Args:
        begin: begins a run of writing; `begin(rebuild=True)` begins from nothing.
        open: what is there, opened anew.
        in_pieces: while this lasts, a store that would tidy up between runs leaves its pieces as they are.
    """

    name: str
    begin: Callable[..., AbstractContextManager[CollectionWriter]]
    open: Callable[[], Collection]
    in_pieces: Callable[[], AbstractContextManager[None]] = nullcontext

    def write(
        self, drafts: Iterable[DraftSource] = (), *, remove: Iterable[str] = (), rebuild: bool = False
    ) -> Committed:
        """One run: add the drafts, remove the paths, commit."""
        with self.begin(rebuild=rebuild) as writer:
            for path in remove:
                writer.remove(path)
            for draft in drafts:
                writer.add(writer.preparer(draft))
            return writer.commit()


StoreFactory = Callable[[Path, Analyzer], Store]


def memory_store(folder: Path, analyzer: Analyzer) -> Store:
    """A collection in memory."""
    collection = MemoryCollection(analyzer)
    return Store("memory", collection.begin_writing, lambda: collection)


def embedded_store(folder: Path, analyzer: Analyzer) -> Store:
    """An index in a folder."""

    @contextmanager
    def in_pieces() -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(writer, "plan_merges", lambda segments: [])
            yield

    def begin(**options: Any) -> AbstractContextManager[CollectionWriter]:
        return writer.begin_writing(folder, analyzer, **options)

    return Store("embedded", begin, lambda: EmbeddedCollection(folder, analyzer.fingerprint), in_pieces)


def cluster_store(folder: Path, analyzer: Analyzer) -> Store:
    """Indexes on the cluster of XIESOU_CLUSTER_URL, named for the folder."""
    prefix = f"{CLUSTER_PREFIX}{hashlib.blake2b(str(folder).encode(), digest_size=8).hexdigest()}"
    _ON_CLUSTER[folder] = address = read_address(f"{os.environ['XIESOU_CLUSTER_URL'].rstrip('/')}/{prefix}")

    generations.SMALL = 500  # the larger collections of tests have several shards

    def begin(**options: Any) -> AbstractContextManager[CollectionWriter]:
        return cluster_writer.begin_writing(address, analyzer, **options)

    return Store("cluster", begin, lambda: ClusterCollection(address, analyzer))


def forget(folder: Path) -> None:
    """Delete what collections under a folder left on a cluster."""
    for made in [made for made in _ON_CLUSTER if folder in made.parents]:
        address = _ON_CLUSTER.pop(made)
        client = ClusterClient(address)
        for of in client.ask("GET", f"/_cat/indices/{address.prefix}-*", absent=[], format="json", h="index"):
            client.ask("DELETE", f"/{of['index']}", absent={})
        client.close()


CLUSTER_PREFIX = "contract-"
_ON_CLUSTER: dict[Path, ClusterAddress] = {}
STORES: dict[str, StoreFactory] = {
    "memory": memory_store,
    "embedded": embedded_store,
    "cluster": cluster_store,
}
NAMES = [pytest.param(name, marks=pytest.mark.cluster) if name == "cluster" else name for name in STORES]
"""The stores as parameters of a test; what needs a cluster is marked."""
OTHERS = [name for name in NAMES if name != "memory"]
"""Those but the one in memory; other processes find them under the same folder."""


def in_states(*states: str) -> list[Any]:
    """Each store in each state, as parameters of a test; the last state is that with changes.

    However it was written, a scan goes over the same paragraphs: in memory the last state is enough for `make test`.
    """
    return [
        pytest.param((name, state), id=f"{name}-{state}", marks=_marks_of(name, is_last=state == states[-1]))
        for name in STORES
        for state in states
    ]


def _marks_of(name: str, *, is_last: bool) -> list[pytest.MarkDecorator]:
    if name == "cluster":
        return [pytest.mark.cluster]
    return [pytest.mark.thorough] if name == "memory" and not is_last else []
