"""The stores that the contract holds, each as a place that is empty at first. A new store is added to `STORES`."""

from __future__ import annotations

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


STORES: dict[str, StoreFactory] = {"memory": memory_store, "embedded": embedded_store}
SHARED = [name for name in STORES if name != "memory"]
"""Those that other processes find under the same folder."""
