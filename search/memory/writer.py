"""One run of writing to a collection in memory. Nothing shows before the commit, which is one assignment."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from search.collection import Committed, DraftSource, Prepared, SourceRecord, Version
from search.memory.held import HeldSource, prepare_source

Publish = Callable[[Mapping[str, HeldSource]], Version]
"""Makes some sources the next version."""


class MemoryPreparer:
    """Brings drafts into normal form. Picklable."""

    def __call__(self, draft: DraftSource) -> Prepared:
        return prepare_source(draft)


class MemoryWriter:
    """Implements `search.collection.CollectionWriter`.

    Args:
        before: the sources being continued; none if the collection is built again.
        version: the one being continued; None if anything that is committed is new.
        publish: called once, by the commit.
    """

    def __init__(self, before: Mapping[str, HeldSource], version: Version | None, publish: Publish) -> None:
        self._before, self._version, self._publish = dict(before), version, publish
        self._sources = dict(before)
        self._is_changed = version is None

    @property
    def preparer(self) -> MemoryPreparer:
        return MemoryPreparer()

    def sources(self) -> Mapping[str, SourceRecord]:
        """The files that the version being continued holds, by path."""
        return {path: source.record for path, source in self._before.items()}

    def add(self, prepared: Prepared) -> None:
        """Add a file, in place of what is held under its path."""
        assert isinstance(prepared, HeldSource), "made by another store's preparer"
        self._sources[prepared.record.path] = prepared
        self._is_changed = True

    def remove(self, path: str) -> int:
        """Remove a file's reports; gives how many there were."""
        source = self._sources.pop(path, None)
        if source is None:
            return 0
        self._is_changed = True
        return len(source.reports)

    def commit(self) -> Committed:
        """Publish what was added and removed."""
        is_changed = self._is_changed
        if is_changed or self._version is None:
            self._version = self._publish(self._sources)
            self._before, self._is_changed = dict(self._sources), False
        reports = [report for source in self._sources.values() for report in source.reports]
        return Committed(
            changed=is_changed,
            version=self._version,
            reports=sum(report.is_report for report in reports),
            paragraphs=sum(len(report.paragraphs) for report in reports),
        )

    def abort(self) -> None:
        """Drop what was not committed."""
        self._sources, self._is_changed = dict(self._before), False
