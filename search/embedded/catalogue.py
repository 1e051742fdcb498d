"""What the collection holds, whatever is searched: its reports, their texts, and how many there are."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from search.embedded.segment import JOINED, SegmentData
from search.embedded.snapshot import NO_YEAR, UNKNOWN, Snapshot, to_report
from search.errors import ReportNotFound
from search.model import Paragraph, Report, ReportText, Stats


def read_report(snapshot: Snapshot, report_id: str) -> ReportText:
    """A whole report.

    Raises:
        ReportNotFound: no report has the id.
    """
    found = snapshot.find_report(report_id)
    if found is None:
        raise ReportNotFound(
            f"There is no report with the id {report_id!r}.", hint="List them: xiesou reports"
        )
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
        )


def iter_reports(snapshot: Snapshot) -> Iterator[tuple[Report, bool]]:
    """Every text of the collection by source and order in it, each with whether it is a report."""
    for data, number in snapshot.live_reports:
        record = data.record(number)
        yield to_report(record), record.get("kind", "report") == "report"


def count_stats(snapshot: Snapshot) -> Stats:
    table = snapshot.combinations
    held = snapshot.live_counts > 0
    coverage: dict[tuple[str, int], int] = {}
    reports = 0
    for data, number in snapshot.live_reports:
        if not data.catalogue["is_report"][number]:
            continue
        reports += 1
        city, year = int(data.catalogue["city"][number]), int(data.catalogue["year"][number])
        if city != UNKNOWN and year != NO_YEAR:
            key = (data.catalogue.meta["values"]["city"][city], year)
            coverage[key] = coverage.get(key, 0) + 1
    return Stats(
        reports=reports,
        paragraphs=int(snapshot.live_counts.sum()),
        cities=len(set(table.city[held].tolist()) - {UNKNOWN}),
        years=tuple(sorted(set(table.year[held].tolist()) - {NO_YEAR})),
        coverage=coverage,
        generation=snapshot.generation,
    )
