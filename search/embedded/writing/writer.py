"""The embedded `CollectionWriter`: publishes a new generation, or leaves the old one as it was.

lock -> clean leftovers -> segments -> deletions -> merges -> publish -> clean
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from search.collection import Committed, SourceRecord, Version
from search.embedded.codec import ArraySegment
from search.embedded.segment import SegmentData
from search.embedded.source_records import iter_sources
from search.embedded.store import (
    Generation,
    clean,
    index_version,
    latest_generation,
    mean_lengths,
    open_generation,
    publish,
    read_toc,
    write_lock,
)
from search.embedded.writing.analysis import ArrayPreparer, PreparedFile, Vocabulary
from search.embedded.writing.merge import merge_segments, plan_merges
from search.embedded.writing.segment_writer import SegmentBuilder
from search.errors import IndexMissing, IndexUnwritable, StoreError
from search.file_parts import join_records
from search.language.statistics import average_lengths
from search.language.text import Analyzer
from search.messages import stores as says
from search.settings import DEFAULT_WRITER_BYTES


@dataclass(slots=True)
class _Place:
    """Where a file's reports are: in a segment, or in the one being gathered (None)."""

    segment: ArraySegment | None
    reports: list[range]

    def delete(self) -> None:
        """Mark the documents as deleted in their segment."""
        assert self.segment is not None
        for docs in self.reports:
            for doc in docs:
                self.segment.delete_document(doc)


class EmbeddedWriter:
    """One run of writing. Made by `begin_writing`, which holds the lock."""

    def __init__(self, folder: Path, analyzer: Analyzer, *, rebuild: bool, memory_bytes: int) -> None:
        self._folder = folder
        self._analyzer = analyzer
        self._format = index_version(analyzer.fingerprint)
        self._memory_bytes = memory_bytes
        self._builder = SegmentBuilder(folder, Vocabulary(analyzer.words), self._format, memory_bytes)
        self._held = _open_held(folder, None if rebuild else analyzer.fingerprint, rebuild=rebuild)
        self._number = latest_generation(folder)
        self._new: list[ArraySegment] = []
        self._gathered: list[_Place] = []
        self._dropped: list[_Place] = []
        self._places: dict[str, list[_Place]] = {}
        self._parts: dict[str, list[_Place]] = {}
        held: list[SourceRecord] = []
        for data in () if self._held is None else self._held.segments:
            for source, reports in iter_sources(data):
                held.append(source)
                if not rebuild:
                    place = _Place(data.segment, [*map(data.report_docs, reports)])
                    self._places.setdefault(source.path, []).append(place)
        self._sources: dict[str, SourceRecord] = join_records(held)
        self._continued = [] if self._held is None or rebuild else list(self._held.segments)
        self._averages = None if self._held is None or not self._continued else self._held.average_lengths
        self._is_copy = False
        self._is_changed = rebuild or self._number < 0
        self._clean()

    def _clean(self) -> None:
        """Remove what the committed generation doesn't need; nothing where that can't be read."""
        try:
            segments = list(read_toc(self._folder).toc.segments)
        except IndexMissing:
            segments = []
        except StoreError:
            return
        clean(self._folder, segments, latest_generation(self._folder))

    @cached_property
    def preparer(self) -> ArrayPreparer:
        """What segments drafts and packs them, loaded."""
        return ArrayPreparer(self._analyzer)

    def sources(self) -> Mapping[str, SourceRecord]:
        """The files that the collection held when the run began, by path."""
        return self._sources

    def _added(self, report_id: str) -> str | None:
        """When a report came in that was held when the run began."""
        for data in () if self._held is None else self._held.segments:
            if (number := data.find_report(report_id)) is not None:
                added: str | None = data.record(number).get("added")
                return added
        return None

    def add(self, prepared: PreparedFile, *, goes_on: bool = False) -> None:
        """Add a file with at least one paragraph, or a part of one; see `search.collection.CollectionWriter`."""
        path = prepared.source.path
        if not prepared.texts:
            raise ValueError(f"{path} has no paragraph")
        for record in prepared.records:
            if added := self._added(record["id"]):
                record["added"] = added
        with _explained(self._folder):
            if not self._builder.has_room(prepared):
                self._flush()
            first = self._builder.doc_count
            self._builder.add(prepared)
        ends = (first + np.cumsum(prepared.sizes)).tolist()
        reports = [range(end - size, end) for end, size in zip(ends, prepared.sizes, strict=True)]
        place = _Place(None, reports)
        self._gathered.append(place)
        parts = self._parts.setdefault(path, [])
        parts.append(place)
        if not goes_on:
            self.remove(path)
            self._places[path] = self._parts.pop(path)
            self._is_changed = True

    def withdraw(self, path: str) -> None:
        """Drop the parts of a file whose last one will not come; what is held of it stays."""
        for place in self._parts.pop(path, ()):
            self._drop(place)

    def remove(self, path: str) -> int:
        """Remove a file's reports; gives how many there were."""
        places = self._places.pop(path, None)
        if places is None:
            return 0
        for place in places:
            self._drop(place)
        self._is_changed = True
        return sum(len(place.reports) for place in places)

    def _drop(self, place: _Place) -> None:
        if place.segment is None:
            self._dropped.append(place)
        else:
            place.delete()

    def keep_averages(self, averages: Mapping[str, float]) -> None:
        """Score by the average lengths of the collection that this one is a copy of."""
        if dict(averages) != self._averages:
            self._averages, self._is_changed = dict(averages), True
        self._is_copy = True

    def abort(self) -> None:
        """Drop what was not committed, and remove its files."""
        self._builder.close()
        if latest_generation(self._folder) != self._number:
            return  # published, but not confirmed by the disk: the old state is kept beside the new one
        with suppress(OSError):  # the next run cleans too
            self._clean()

    def _flush(self) -> None:
        """Write what was gathered as a segment."""
        segment = self._builder.write()
        if segment is None:
            return
        for place in self._gathered:
            place.segment = segment
        for place in self._dropped:
            place.delete()
        self._gathered, self._dropped = [], []
        self._new.append(segment)

    def commit(self) -> Committed:
        """Publish what was added and removed, in one rename."""
        for path in list(self._parts):
            self.withdraw(path)
        if not self._is_changed and self._held is not None:
            version = Version(self._held.id, self._held.number)
            return self._committed(self._held.segments, version, changed=False)
        with _explained(self._folder):
            self._flush()
            segments = [*(data.segment for data in self._continued), *self._new]
            segments = self._merge([segment for segment in segments if segment.doc_count() > 0])
            self._fix_averages(segments)
            number = self._number + 1
            version = Version(publish(self._folder, segments, number), number)
        self._number = number
        left = clean(self._folder, segments, number)
        opened = [SegmentData(self._folder, segment) for segment in segments]
        return self._committed(opened, version, changed=True, leftovers=tuple(left))

    def _fix_averages(self, segments: Sequence[ArraySegment]) -> None:
        """Write down by which average lengths the collection scores."""
        if not self._is_copy:
            self._averages = average_lengths(self._averages, mean_lengths(segments))
        for segment in segments:
            segment.averages = self._averages

    def _committed(
        self,
        segments: Sequence[SegmentData],
        version: Version,
        *,
        changed: bool,
        leftovers: tuple[str, ...] = (),
    ) -> Committed:
        reports = paragraphs = 0
        for data in segments:
            live = data.live_reports()
            reports += int(np.count_nonzero(data.catalogue["is_report"][live]))
            paragraphs += int(data.catalogue["paragraphs"][live].sum(dtype=np.int64))
        return Committed(changed, version, reports, paragraphs, leftovers)

    def _merge(self, segments: Sequence[ArraySegment]) -> list[ArraySegment]:
        result = list(segments)
        while group := plan_merges(result):
            data = [SegmentData(self._folder, segment) for segment in group]
            merged = merge_segments(self._folder, data, self._format, self._memory_bytes)
            place = result.index(group[0])
            result = [segment for segment in result if segment not in group]
            result.insert(place, merged)
        return result


def _open_held(folder: Path, fingerprint: str | None, *, rebuild: bool) -> Generation | None:
    """The generation that the run continues or replaces; None where there is none, or none that a rebuild can read."""
    try:
        held = open_generation(folder, fingerprint)
        for data in held.segments:
            data.catalogue.check()  # the records say what is removed
    except IndexMissing:
        return None
    except StoreError:
        if rebuild:
            return None
        raise
    return held


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Turn the system's errors into what a person can be told."""
    try:
        yield
    except OSError as error:
        raise IndexUnwritable(
            says.INDEX_UNWRITABLE(folder=str(folder), error=error.strerror or str(error)),
            hint=says.MAKE_ROOM(),
        ) from error


@contextmanager
def begin_writing(
    folder: Path, analyzer: Analyzer, *, rebuild: bool = False, memory_bytes: int | None = None
) -> Iterator[EmbeddedWriter]:
    """A writer on `folder` with its lock held; leave without `commit` and nothing has changed.

    Args:
        rebuild: begin from nothing; the old index stays until `commit`.
        memory_bytes: what gathering and merging may use.

    Raises:
        StoreError: the folder is locked or can't be written, or holds an index that can't be continued.
    """
    with write_lock(folder):
        with _explained(folder):
            writer = EmbeddedWriter(
                folder, analyzer, rebuild=rebuild, memory_bytes=memory_bytes or DEFAULT_WRITER_BYTES
            )
        try:
            yield writer
        finally:
            writer.abort()
