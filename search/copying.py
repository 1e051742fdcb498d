"""Copying a collection from one place to another, whatever stores they are on: same reports, texts and ids."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from search.addresses import begin_writing, open_collection
from search.collection import Committed, Version
from search.language.text import Analyzer


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied.

    Args:
        source: the version that was read.
        committed: what is there now.
        sources: how many were copied; those that are there already with the same digest and rules are left.
        unchanged, removed: how many were there already; how many were there that are not copied.
    """

    source: Version
    committed: Committed
    sources: int
    unchanged: int
    removed: int


def copy_collection(
    source: str,
    target: str,
    analyzer: Analyzer,
    *,
    memory_bytes: int | None = None,
    on_progress: Callable[[int, int, str], None] = lambda done, total, name: None,
) -> Copied:
    """Make the collection at `target` hold what that at `source` holds; what it held else is removed.

    Raises:
        StoreError: one of them can't be used, or another run writes the target.
        CollectionUnavailable: a cluster can't be reached.
    """
    with closing(open_collection(source, analyzer=analyzer)) as collection:
        view = collection.at()
        with begin_writing(target, analyzer, memory_bytes=memory_bytes) as writer:
            held = writer.sources()
            records = {of.path: of for of in view.sources()}
            same = {path for path, of in records.items() if held.get(path) == of}
            gone = [path for path in held if path not in records]
            for path in gone:
                writer.remove(path)
            for number, draft in enumerate(view.drafts(but=same), 1):
                on_progress(number, len(records) - len(same), draft.source.name)
                writer.add(writer.preparer(draft))
            writer.keep_averages(view.statistics.average_lengths)
            committed = writer.commit()
            return Copied(view.version, committed, len(records) - len(same), len(same), len(gone))
