"""The sources of a version as they were added, read back from its segments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator

import numpy as np

from search.collection import DraftParagraph, DraftReport, DraftSource, SourceRecord
from search.embedded.segment import JOINED, REPEATED, SegmentData
from search.embedded.snapshot import Snapshot
from search.embedded.source_records import iter_sources
from search.file_parts import join_records


def iter_drafts(snapshot: Snapshot, but: Container[str]) -> Iterator[DraftSource]:
    """Every source whose path is not in `but`, by path; only one is in memory at a time."""
    records: dict[str, list[SourceRecord]] = defaultdict(list)
    places: dict[str, list[tuple[SegmentData, int]]] = defaultdict(list)
    for part in snapshot.parts:
        for record, reports in iter_sources(part.data):
            records[record.path].append(record)
            places[record.path] += [(part.data, report) for report in reports]
    for path in sorted(path for path in records if path not in but):
        (record,) = join_records(records[path]).values()
        yield DraftSource(record, [_report(data, number) for data, number in places[path]])


def _report(data: SegmentData, number: int) -> DraftReport:
    docs = data.report_docs(number)
    texts = data.texts(np.arange(docs.start, docs.stop))
    record = {name: value for name, value in data.record(number).items() if name != "characters"}
    return DraftReport(record, [_paragraph(data, doc, text) for doc, text in zip(docs, texts, strict=True)])


def _paragraph(data: SegmentData, doc: int, text: str) -> DraftParagraph:
    kind, flags = data.kind(doc), data.flags(doc)
    return DraftParagraph(
        kind=kind,
        level=len(data.heading_docs(doc)) + 1 if kind == "heading" else 0,
        text=text,
        lines=data.lines(doc),
        joined=bool(flags & JOINED),
        repeated=bool(flags & REPEATED),
        digest=int(data.paragraphs["digest"][doc]),
        part=data.part(doc),
        ocr=data.confidence(doc),
        context_years=data.context_years(doc),
    )
