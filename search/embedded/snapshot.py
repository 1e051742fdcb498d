"""A generation as one collection: global statistics, the combinations that facets count by, and the order of ties."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.util.numeric import byte_to_length

from search.collection import StoredParagraph, Version
from search.embedded import kernel
from search.embedded.combinations import combine
from search.embedded.mapped_files import cuts
from search.embedded.segment import CONFIDENCES, KINDS, SegmentData
from search.embedded.sorted_numbers import inverse, sort_rows
from search.embedded.store import Generation
from search.errors import IndexDamaged
from search.model import PARTS, Report

_KEPT_REPORTS = 5_000
LENGTHS = np.array([byte_to_length(code) for code in range(256)], dtype=np.float64)
"""What Whoosh's length codes stand for."""


@dataclass
class Part:
    """A segment within the snapshot.

    Args:
        base: number of its first document in the collection.
        combination: of each document, uint16 or uint32.
        place: each document's place in the total order that breaks ties, uint32.
        is_report: of each text whether it is a report, uint8.
    """

    data: SegmentData
    base: int
    combination: NDArray[Any]
    place: NDArray[np.uint32]
    is_report: NDArray[np.uint8]

    @cached_property
    def columns(self) -> Any:
        """What documents are counted and ordered by, as `search.embedded.kernel` takes it."""
        assert kernel.page is not None, "asked for where it was built"
        data = self.data
        of_texts = (data.report_of, data.first, self.is_report, data.repeated)
        return kernel.page.Columns(self.combination, self.place, *of_texts)

    @cached_property
    def paragraphs(self) -> Any:
        """What reads its paragraphs, as `search.embedded.kernel` has it."""
        assert kernel.page is not None, "asked for where it was built"
        data, shown = self.data, (StoredParagraph, KINDS, PARTS, CONFIDENCES)
        columns = (data.parents, data.report_of, data.first, data.kind_codes, data.parts_of, data.ocr)
        return kernel.page.Paragraphs(data.stored_texts.compiled, *columns, *shown)

    @cached_property
    def reports(self) -> KeptReports:
        """Its reports by their numbers."""
        return KeptReports(self.data)


class KeptReports(dict[int, Report]):
    """The reports of a segment by their numbers there, made of their records when they are first asked for.

    Many are kept of each segment; then those go that were made first.
    """

    def __init__(self, data: SegmentData) -> None:
        super().__init__()
        self._data, self._lock = data, Lock()

    def __missing__(self, number: int) -> Report:
        report = to_report(self._data.record(number))
        with self._lock:
            while len(self) >= _KEPT_REPORTS:
                del self[next(iter(self))]
            self[number] = report
        return report


class Snapshot:
    """One generation, ready to search. Never changes."""

    def __init__(self, generation: Generation) -> None:
        self.generation = generation.number
        self.version = Version(generation.id, generation.number)
        self._cuts = cuts()
        self.time_keys: dict[str, list[NDArray[np.int64] | None]] = {}
        """What reports are sorted by, as `search.embedded.ordering` has worked it out for some orders."""
        segments = generation.segments
        self.doc_count = sum(data.doc_count for data in segments)
        self.average_lengths = generation.average_lengths
        self.combinations, of_documents = combine(segments)
        self.source_places = source_places(segments)
        self.parts = _parts(segments, of_documents, _order(segments, self.source_places))

    def refuse_cut(self) -> None:
        """See that no file was cut short since it was opened, as far as reading has shown.

        Raises:
            IndexDamaged: one was; from then on always.
        """
        if (now := cuts()) != self._cuts:
            for part in self.parts:
                part.data.files.refuse_cut()
            self._cuts = now

    def is_cut(self) -> bool:
        """Whether a file was found cut short; then nothing is read of this snapshot any more."""
        try:
            self.refuse_cut()
        except IndexDamaged:
            return True
        return False

    @cached_property
    def is_all_live(self) -> bool:
        """Whether nothing that a segment holds is deleted."""
        return all(part.data.live is None for part in self.parts)

    def document_frequency(self, field: str, term: bytes) -> int:
        """How many documents have the term, deleted ones that are still held included, as Whoosh counts it."""
        total = 0
        for part in self.parts:
            postings = part.data.field(field)
            number = None if postings is None else postings.find(term)
            if postings is not None and number is not None:
                total += int(postings.df[number])
        return total

    def find_report(self, report_id: str) -> tuple[SegmentData, int] | None:
        """The segment and number of a report, or None."""
        for part in self.parts:
            report = part.data.find_report(report_id)
            if report is not None:
                return part.data, report
        return None

    @cached_property
    def live_reports(self) -> list[tuple[SegmentData, int]]:
        """Every report, by source and order in it."""
        found = [
            (data, report)
            for data in self._segments
            for report in range(data.report_count)
            if data.is_live(report)
        ]
        keys = {data.id: data.source_keys() for data in self._segments}
        return sorted(found, key=lambda place: keys[place[0].id][place[1]])

    @property
    def _segments(self) -> list[SegmentData]:
        return [part.data for part in self.parts]

    @cached_property
    def live_counts(self) -> NDArray[np.int64]:
        """Paragraphs of each combination."""
        counts = np.zeros(len(self.combinations), dtype=np.int64)
        for part in self.parts:
            of_live = part.combination if part.data.live is None else part.combination[part.data.live]
            counts += np.bincount(of_live, minlength=len(counts))
        return counts


def to_report(record: dict[str, Any]) -> Report:
    """A catalogue record as the report that it describes."""
    names = (
        "id",
        "source",
        "title",
        "type",
        "city",
        "province",
        "level",
        "year",
        "review_year",
        "date",
        "session",
        "plan_year",
        "added",
    )
    return Report(
        **{name: record.get(name) for name in names},  # type: ignore[arg-type]
        speaker=record.get("speaker"),
        paragraphs=record.get("paragraphs", 0),
        code=record.get("code"),
    )


def _order(segments: Sequence[SegmentData], places: NDArray[np.int64]) -> NDArray[np.int64]:
    """The place of each report in the order newest first, then by source: what breaks ties."""
    if not segments:
        return np.zeros(0, dtype=np.int64)
    years = np.concatenate([data.catalogue["year"] for data in segments])
    by_source = inverse(places)
    return inverse(by_source[sort_rows([-years.astype(np.int64)[by_source]])])


def source_places(segments: Sequence[SegmentData]) -> NDArray[np.int64]:
    """The place of each report in the order of sources over all segments.

    Each segment has its own order already. They are merged from the largest on by runs that lie together, of which only
    the borders are looked up: mostly a run of indexing brought them.
    """
    bases = np.cumsum([0, *(data.report_count for data in segments)])

    def key(report: int) -> tuple[bytes, int]:
        part = bisect_right(bases, report) - 1
        return segments[part].source_key(report - int(bases[part]))

    merged = np.zeros(0, dtype=np.int64)
    for part in sorted(range(len(segments)), key=lambda part: -segments[part].report_count):
        ordered = inverse(segments[part].catalogue["source_rank"].astype(np.int64)) + bases[part]
        merged = _merge(merged, ordered, key) if len(merged) else ordered
    return inverse(merged)


def _merge(
    those: NDArray[np.int64], others: NDArray[np.int64], key: Callable[[int], tuple[bytes, int]]
) -> NDArray[np.int64]:
    """All of both, which ascend by key."""
    before, at, done = np.zeros(len(others), dtype=np.int64), 0, 0
    while done < len(others):
        at, end = _first_not_less(those, key(int(others[done])), at, key), len(others)
        if at < len(those):
            end = _first_not_less(others, key(int(those[at])), done + 1, key)
        before[done:end] = at  # so many of those stand before this run
        done = end
    return np.insert(those, before, others)


def _first_not_less(
    ordered: NDArray[np.int64],
    wanted: tuple[bytes, int],
    at: int,
    key: Callable[[int], tuple[bytes, int]],
) -> int:
    """The first place from `at` on whose key isn't less than the wanted one, near ones first, in growing steps."""
    end, step = at, 1
    while end < len(ordered) and key(int(ordered[end])) < wanted:
        at, end, step = end + 1, end + step, 2 * step
    return bisect_left(ordered, wanted, at, min(end, len(ordered)), key=lambda report: key(int(report)))


def _parts(
    segments: Sequence[SegmentData], of_documents: Sequence[NDArray[Any]], order: NDArray[np.int64]
) -> list[Part]:
    sizes = [data.catalogue["paragraphs"].astype(np.int64) for data in segments]
    all_sizes = np.concatenate(sizes) if sizes else np.zeros(0, dtype=np.int64)
    ordered = np.zeros(len(all_sizes), dtype=np.int64)
    ordered[order] = all_sizes
    first_place = (np.cumsum(ordered) - ordered)[order]
    parts, base, report = [], 0, 0
    for data, of_segment, combination in zip(segments, sizes, of_documents, strict=True):
        reports = slice(report, report + len(of_segment))
        starts = np.cumsum(of_segment) - of_segment
        shift = first_place[reports] - starts
        place = np.arange(data.doc_count) + np.repeat(shift, of_segment)
        is_report = data.catalogue["is_report"]
        parts.append(Part(data, base, combination, place.astype(np.uint32), is_report))
        base += data.doc_count
        report += len(of_segment)
    return parts
