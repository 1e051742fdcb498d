"""What the collection holds, whatever is searched: reports, their texts, source files, places, and their numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal

import numpy as np

from search.collection import Choice, PlaceCount, ReportSort
from search.embedded.combinations import NO_YEAR, UNKNOWN
from search.embedded.segment import JOINED, SegmentData
from search.embedded.snapshot import Snapshot, to_report
from search.errors import ReportNotFound
from search.messages import answers
from search.model import Paragraph, Report, ReportText, Stats

Listed = Sequence[tuple[Report, bool]]
"""Texts of the collection, each with whether it is a report."""


def read_report(snapshot: Snapshot, report_id: str) -> ReportText:
    """A whole report.

    Raises:
        ReportNotFound: no report has the id.
    """
    found = snapshot.find_report(report_id)
    if found is None:
        raise ReportNotFound(answers.REPORT_NOT_FOUND(id=report_id), hint=answers.LIST_REPORTS())
    data, number = found
    record = data.record(number)
    file = data.file_record(int(data.catalogue["file_of"][number]))
    return ReportText(
        report=to_report(record),
        paragraphs=tuple(_iter_paragraphs(data, record["id"], data.report_docs(number))),
        evidence=record.get("evidence", {}),
        set_aside=tuple((line, text, reason) for line, text, reason in file.get("set_aside", [])),
        problems=tuple(record.get("problems", ())),
    )


def _iter_paragraphs(data: SegmentData, report_id: str, docs: range) -> Iterator[Paragraph]:
    texts = data.texts(np.arange(docs.start, docs.stop))
    for number, (doc, text) in enumerate(zip(docs, texts, strict=True), 1):
        yield Paragraph(
            f"{report_id}-p{number}",
            number,
            data.kind(doc),
            tuple(texts[above - docs.start] for above in data.heading_docs(doc)),
            text,
            joined=bool(data.flags(doc) & JOINED),
            part=data.part(doc),
            ocr=data.confidence(doc),
        )


def list_reports(snapshot: Snapshot) -> Listed:
    """Every text of the collection, by source and order in it."""
    records = (data.record(number) for data, number in snapshot.live_reports)
    return [(to_report(record), record.get("kind", "report") == "report") for record in records]


def sort_reports(listed: Listed, sort: ReportSort) -> Listed:
    """The texts in an order; ties by city, year, type and source. Unknown values come last."""
    if sort == "source":
        return listed
    return sorted(listed, key=lambda of: (_ORDERS[sort](of[0]), _tie(of[0])))


def _tie(report: Report) -> tuple[object, ...]:
    return (
        report.city is None,
        report.city or "",
        -(report.year or 0),
        report.type or "",
        report.source,
        report.id,
    )


_ORDERS: dict[str, Callable[[Report], tuple[object, ...]]] = {
    "-year": lambda r: (r.year is None, -(r.year or 0)),
    "year": lambda r: (r.year is None, r.year or 0),
    "city": lambda r: (r.city is None, r.province or "", r.city or ""),
    "type": lambda r: (r.type is None, r.type or ""),
    "title": lambda r: (r.title is None, r.title or ""),
}


def choose_reports(listed: Listed, chosen: Choice, *, others: bool) -> Sequence[Report]:
    """The reports that the choice leaves, in their order; with `others`, also texts that are no report."""
    kept: Iterable[Report] = (report for report, is_report in listed if others or is_report)
    for field, values in chosen:
        kept = [report for report in kept if getattr(report, field) in values]
    return list(kept)


def count_places(snapshot: Snapshot, field: Literal["city", "province"]) -> Sequence[PlaceCount]:
    """Every place that reports are held of, by name."""
    counts: Counter[str] = Counter()
    for part in snapshot.parts:
        live = part.data.live_reports()
        column, names = part.data.catalogue[field], part.data.catalogue.meta["values"][field]
        of_place = np.bincount(column[live & (column >= 0)], minlength=len(names))
        counts.update({name: int(n) for name, n in zip(names, of_place, strict=True) if n})
    return [PlaceCount(name, count) for name, count in sorted(counts.items())]


def _place_of(data: SegmentData, number: int) -> str | None:
    """The city of a report, else its province."""
    for field in ("city", "province"):
        place = int(data.catalogue[field][number])
        if place != UNKNOWN:
            name: str = data.catalogue.meta["values"][field][place]
            return name
    return None


def count_stats(snapshot: Snapshot) -> Stats:
    """What the collection holds, in numbers."""
    table = snapshot.combinations
    held = snapshot.live_counts > 0
    coverage: dict[tuple[str, int], int] = {}
    reports = 0
    for data, number in snapshot.live_reports:
        if not data.catalogue["is_report"][number]:
            continue
        reports += 1
        place, year = _place_of(data, number), int(data.catalogue["plan_year"][number])
        if place is not None and year != NO_YEAR:
            coverage[place, year] = coverage.get((place, year), 0) + 1
    return Stats(
        reports=reports,
        paragraphs=int(snapshot.live_counts.sum()),
        cities=len(set(table.columns["city"][held].tolist()) - {UNKNOWN}),
        years=tuple(sorted(set(table.columns["year"][held].tolist()) - {NO_YEAR})),
        coverage=coverage,
        generation=snapshot.generation,
    )
