"""One run of writing to a collection in memory. Nothing shows before the commit, which is one assignment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from search.collection import Committed, DraftSource, Prepared, SourceRecord
from search.file_parts import join_records
from search.language.statistics import average_lengths
from search.memory.held import Averages, Held, HeldSource, prepare_source

Publish = Callable[[Mapping[str, HeldSource], Averages], Held]
"""Makes some sources the next version; see `Held`."""


class MemoryPreparer:
    """Brings drafts into normal form. Picklable."""

    def __call__(self, draft: DraftSource) -> Prepared:
        return prepare_source(draft)


class MemoryWriter:
    """Implements `search.collection.CollectionWriter`.

    Args:
        held: what the collection holds; None before its first version.
        rebuild: begin from nothing.
        publish: called once, by the commit.
    """

    def __init__(self, held: Held | None, publish: Publish, *, rebuild: bool) -> None:
        self._held, self._publish = held, publish
        self._sources = {} if held is None or rebuild else dict(held.sources)
        self._parts: dict[str, HeldSource] = {}
        self._averages: Averages = partial(
            average_lengths, None if held is None or rebuild else held.average_lengths
        )
        self._is_changed = held is None or rebuild

    @property
    def preparer(self) -> MemoryPreparer:
        return MemoryPreparer()

    def sources(self) -> Mapping[str, SourceRecord]:
        """The files that the collection held when the run began, by path."""
        return {} if self._held is None else {p: source.record for p, source in self._held.sources.items()}

    def add(self, prepared: Prepared, *, goes_on: bool = False) -> None:
        """Add a file with at least one paragraph, or a part of one; see `search.collection.CollectionWriter`.

        Raises:
            ValueError: it has none.
        """
        assert isinstance(prepared, HeldSource), "made by this store's preparer"
        if not any(report.paragraphs for report in prepared.reports):
            raise ValueError(f"{prepared.record.path} has no paragraph")
        path = prepared.record.path
        before = self._parts.pop(path, None)
        if before is not None:
            (record,) = join_records([before.record, prepared.record]).values()
            prepared = HeldSource(record, (*before.reports, *prepared.reports))
        if goes_on:
            self._parts[path] = prepared
            return
        self._sources[path] = self._with_added(prepared)
        self._is_changed = True

    def withdraw(self, path: str) -> None:
        """Drop the parts of a file whose last one will not come."""
        self._parts.pop(path, None)

    def _with_added(self, source: HeldSource) -> HeldSource:
        """The source, with its reports as old as those that are held under their ids."""
        held = {} if self._held is None else self._held.by_id
        reports = []
        for of in source.reports:
            before = held.get(of.report.id)
            if before is not None and before.report.added is not None:
                of = replace(of, report=replace(of.report, added=before.report.added))
            reports.append(of)
        return replace(source, reports=tuple(reports))

    def remove(self, path: str) -> int:
        """Remove a file's reports; gives how many there were."""
        source = self._sources.pop(path, None)
        if source is None:
            return 0
        self._is_changed = True
        return len(source.reports)

    def keep_averages(self, averages: Mapping[str, float]) -> None:
        """Score by the average lengths of the collection that this one is a copy of."""
        if self._held is None or self._held.average_lengths != averages:
            self._is_changed = True
        self._averages = lambda _: dict(averages)

    def commit(self) -> Committed:
        """Publish what was added and removed."""
        if self._is_changed or self._held is None:
            self._held = self._publish(self._sources, self._averages)
            return self._committed(self._held, changed=True)
        return self._committed(self._held, changed=False)

    @staticmethod
    def _committed(held: Held, *, changed: bool) -> Committed:
        return Committed(
            changed=changed,
            version=held.version,
            reports=sum(report.is_report for report in held.reports),
            paragraphs=len(held.rows),
        )

    def abort(self) -> None:
        """Drop what was not committed."""
        self._sources.clear()
        self._is_changed = False
