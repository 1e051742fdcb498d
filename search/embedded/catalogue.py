"""What the collection holds, whatever is searched: reports, their texts, source files, places, and their numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np

from search.collection import PlaceCount
from search.embedded.combinations import NO_YEAR, UNKNOWN
from search.embedded.report_table import ReportTable, count_coverage
from search.embedded.segment import JOINED, SegmentData
from search.embedded.snapshot import Snapshot, to_report
from search.errors import ReportNotFound
from search.messages import answers
from search.model import Paragraph, ReportText, Stats


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


def count_places(snapshot: Snapshot, field: Literal["city", "province"]) -> Sequence[PlaceCount]:
    """Every place that reports are held of, by name."""
    counts: Counter[str] = Counter()
    for part in snapshot.parts:
        live = part.data.live_reports()
        column, names = part.data.catalogue[field], part.data.catalogue.meta["values"][field]
        of_place = np.bincount(column[live & (column >= 0)], minlength=len(names))
        counts.update({name: int(n) for name, n in zip(names, of_place, strict=True) if n})
    return [PlaceCount(name, count) for name, count in sorted(counts.items())]


def count_stats(snapshot: Snapshot, table: ReportTable) -> Stats:
    """What the collection holds, in numbers."""
    columns, held = snapshot.combinations.columns, snapshot.live_counts > 0
    return Stats(
        reports=int(np.count_nonzero(table.is_report)),
        paragraphs=int(snapshot.live_counts.sum()),
        cities=len(set(columns["city"][held].tolist()) - {UNKNOWN}),
        years=tuple(sorted(set(columns["year"][held].tolist()) - {NO_YEAR})),
        coverage=count_coverage(table),
        generation=snapshot.generation,
    )
