"""Reads paragraphs of a snapshot by their refs: texts that lie together are read together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from search.collection import Ref, StoredParagraph
from search.embedded.evaluation import DOC_MASK
from search.embedded.ordering import PART_SHIFT
from search.embedded.segment import NO_HEADING, SegmentData, to_confidence
from search.embedded.snapshot import Snapshot
from search.model import PARTS, Report

I64 = NDArray[np.int64]


def by_part(refs: Sequence[Ref]) -> Iterator[tuple[int, I64]]:
    """The segments that paragraphs are of, each with the document numbers, ascending."""
    if not refs:
        return
    numbers = np.array(sorted(set(refs)), dtype=np.int64)
    parts = numbers >> PART_SHIFT
    opens = (
        [0, *(np.flatnonzero(np.diff(parts)) + 1).tolist(), len(parts)]
        if parts[0] != parts[-1]
        else [0, len(parts)]
    )
    for begin, end in pairwise(opens):
        yield int(parts[begin]), numbers[begin:end] & DOC_MASK


def read_paragraphs(snapshot: Snapshot, number: int, docs: I64) -> Iterator[StoredParagraph]:
    """Documents of one segment with the headings above them; all texts are read at once."""
    data: SegmentData = snapshot.parts[number].data
    numbers = docs.tolist()
    above = _headings_above(data, docs)
    wanted, listed = docs, numbers
    if any(above):
        listed = sorted({*numbers, *chain.from_iterable(above)})
        wanted = np.array(listed, dtype=np.int64)
    texts = dict(zip(listed, data.texts(wanted), strict=True))
    columns = (
        numbers,
        _reports(snapshot, data, docs),
        data.numbers(docs).tolist(),
        above,
        data.kinds(docs),
        data.parts_of.take(docs).tolist(),
        data.ocr.take(docs).tolist(),
    )
    for doc, report, n, path, kind, part, percent in zip(*columns, strict=True):
        yield StoredParagraph(
            ref=number << PART_SHIFT | doc,
            n=n,
            report=report,
            kind=kind,
            heading=tuple([texts[heading] for heading in path]) if path else (),
            text=texts[doc],
            part=PARTS[part],
            ocr=to_confidence(percent),
        )


def read_reports(snapshot: Snapshot, refs: Sequence[Ref]) -> list[Report]:
    """The reports that documents are of, in the order of `refs`."""
    found: dict[Ref, Report] = {}
    for number, docs in by_part(refs):
        own = _reports(snapshot, snapshot.parts[number].data, docs)
        found.update(zip((docs | number << PART_SHIFT).tolist(), own, strict=True))
    return [found[ref] for ref in refs]


def _reports(snapshot: Snapshot, data: SegmentData, docs: I64) -> list[Report]:
    numbers = data.report_of.take(docs).tolist()
    reports = {number: snapshot.report_at(data, number) for number in dict.fromkeys(numbers)}
    return [reports[number] for number in numbers]


def _headings_above(data: SegmentData, docs: I64) -> list[Sequence[int]]:
    """The documents that are the headings above each, outermost first."""
    parents = data.paragraphs["parent"].take(docs).tolist()
    return [
        () if parent == NO_HEADING else data.heading_docs(doc)
        for doc, parent in zip(docs.tolist(), parents, strict=True)
    ]
