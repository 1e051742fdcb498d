"""The only writer: takes analysed files in, publishes a new generation, or leaves the old one as it was.

lock -> clean leftovers -> segments -> deletions -> merges -> publish -> clean
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from search.embedded.codec import ArraySegment
from search.embedded.segment import SegmentData
from search.embedded.store import (
    clean,
    index_version,
    latest_generation,
    open_generation,
    publish,
    read_toc,
    write_lock,
)
from search.embedded.writing.analysis import AnalysedFile, Vocabulary
from search.embedded.writing.merge import merge_segments, plan_merges
from search.embedded.writing.segment_writer import SegmentBuilder
from search.errors import IndexMissing, StoreError
from search.language.text import Analyzer

DEFAULT_BUDGET_BYTES = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class IndexedFile:
    """A source file as the index knows it; (`segment`, `file`) is where its record stands."""

    record: Mapping[str, Any]
    segment: str
    file: int


class IndexWriter:
    """One run of writing. Made by `open_writer`, which holds the lock.

    Nothing is visible to readers before `commit`.
    """

    def __init__(
        self, folder: Path, analyzer: Analyzer, *, rebuild: bool, budget_bytes: int = DEFAULT_BUDGET_BYTES
    ) -> None:
        self._folder = folder
        self._version = index_version(analyzer.fingerprint)
        self._vocabulary = Vocabulary(analyzer.words)
        self._budget_bytes = budget_bytes
        self._builder = SegmentBuilder(folder, self._vocabulary, self._version, budget_bytes)
        self._new: list[ArraySegment] = []
        self._segments: list[ArraySegment] = []
        self._old: dict[str, SegmentData] = {}
        self._generation = latest_generation(folder)
        if not rebuild:
            try:
                opened = open_generation(folder, analyzer.fingerprint)
                self._old = {data.id: data for data in opened.segments}
            except IndexMissing:
                pass
        self._changed = rebuild or self._generation < 0
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

    def files(self) -> dict[str, IndexedFile]:
        """Every live source file by its path."""
        found: dict[str, IndexedFile] = {}
        for data in self._old.values():
            found.update(self.files_of(data))
        return found

    @staticmethod
    def files_of(data: SegmentData) -> dict[str, IndexedFile]:
        """A segment's live source files by their paths."""
        live = {
            file for report, file in enumerate(data.catalogue["file_of"].tolist()) if data.is_live(report)
        }
        records = {file: data.file_record(file) for file in sorted(live)}
        return {record["path"]: IndexedFile(record, data.id, file) for file, record in records.items()}

    def open_segments(self) -> list[SegmentData]:
        """The segments of the committed collection."""
        return [SegmentData(self._folder, segment) for segment in self._segments]

    def counts(self) -> tuple[int, int]:
        """Reports and paragraphs of the committed collection; texts that belong to no report are no reports."""
        reports = paragraphs = 0
        for data in self.open_segments():
            live = data.live_reports()
            reports += int(np.count_nonzero(data.catalogue["is_report"][live]))
            paragraphs += int(data.catalogue["paragraphs"][live].sum(dtype=np.int64))
        return reports, paragraphs

    def add(self, file: AnalysedFile) -> None:
        """Add a file with at least one report."""
        if not file.texts:
            raise ValueError(f"{file.record.get('path')} has no paragraph")
        if not self._builder.has_room(file):
            self._flush()
        self._builder.add(file)
        self._changed = True

    def remove(self, file: IndexedFile) -> int:
        """Delete the file's reports; give back how many there were."""
        data = self._old[file.segment]
        removed = 0
        for report, of_file in enumerate(data.catalogue["file_of"].tolist()):
            if of_file == file.file and data.is_live(report):
                for doc in data.report_docs(report):
                    data.segment.delete_document(doc)
                removed += 1
        self._changed = True
        return removed

    def close(self) -> None:
        """Let go of what was not committed, and remove its files."""
        self._builder.close()
        self._clean()

    def _flush(self) -> None:
        segment = self._builder.write()
        if segment is not None:
            self._new.append(segment)

    def commit(self) -> bool:
        """Publish what was added and removed; give back whether there was anything to publish."""
        if not self._changed:
            self._segments = [data.segment for data in self._old.values()]
            return False
        self._flush()
        self._builder.release()
        segments = [*(data.segment for data in self._old.values()), *self._new]
        segments = [segment for segment in segments if segment.doc_count() > 0]
        segments = self._merge(segments)
        self._generation += 1
        publish(self._folder, segments, self._generation)
        clean(self._folder, segments, self._generation)
        self._segments = segments
        return True

    def _merge(self, segments: Sequence[ArraySegment]) -> list[ArraySegment]:
        result = list(segments)
        while group := plan_merges(result):
            data = [SegmentData(self._folder, segment) for segment in group]
            merged = merge_segments(self._folder, data, self._version, self._budget_bytes)
            place = result.index(group[0])
            result = [segment for segment in result if segment not in group]
            result.insert(place, merged)
        return result


@contextmanager
def open_writer(
    folder: Path, analyzer: Analyzer, *, rebuild: bool = False, budget_bytes: int = DEFAULT_BUDGET_BYTES
) -> Iterator[IndexWriter]:
    """A writer on `folder` with its lock held; leave without `commit` and nothing has changed.

    Args:
        rebuild: begin from nothing; the old index stays until `commit`.
        budget_bytes: the memory that gathering and merging may use.

    Raises:
        StoreError: the folder is locked or can't be written, or holds an index that can't be continued.
    """
    with write_lock(folder):
        writer = IndexWriter(folder, analyzer, rebuild=rebuild, budget_bytes=budget_bytes)
        try:
            yield writer
        finally:
            writer.close()
