"""Reads paragraphs of a snapshot by their refs: texts that lie together are read together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from search.collection import Ref, StoredParagraph
from search.embedded import kernel
from search.embedded.evaluation import DOC_MASK
from search.embedded.ordering import PART_SHIFT
from search.embedded.segment import KINDS, SegmentData, to_confidence
from search.embedded.snapshot import Part, Snapshot
from search.messages import stores as says
from search.model import PARTS, Report

I64 = NDArray[np.int64]

_CONFIDENCES = tuple(map(to_confidence, range(256)))


def by_part(refs: Sequence[Ref]) -> Iterator[tuple[int, I64]]:
    """The segments that paragraphs are of, each with the document numbers, ascending."""
    if not refs:
        return
    ascending = sorted(set(refs))
    numbers = np.array(ascending, dtype=np.int64)
    first, last = _part_of(ascending[0]), _part_of(ascending[-1])
    if first == last:
        yield first, numbers & DOC_MASK
        return
    parts = numbers >> PART_SHIFT
    opens = [0, *(np.flatnonzero(np.diff(parts)) + 1).tolist(), len(parts)]
    for begin, end in pairwise(opens):
        yield int(parts[begin]), numbers[begin:end] & DOC_MASK


def _part_of(ref: Ref) -> int:
    assert isinstance(ref, int), "a ref of this store"
    return ref >> PART_SHIFT


def read_paragraphs(snapshot: Snapshot, number: int, docs: I64) -> list[StoredParagraph]:
    """Documents of one segment, with the headings above them; all texts are read at once."""
    part = snapshot.parts[number]
    described = _describe(part, docs)
    texts, above = _read_texts(part.data, docs, [row[5] or () for row in described])
    reports = snapshot.reports_at(part.data, [row[0] for row in described])
    columns = (described, reports, above, texts, KINDS, PARTS, _CONFIDENCES)
    if kernel.page is not None:
        made: list[StoredParagraph] = kernel.page.make_paragraphs(
            StoredParagraph, docs, number << PART_SHIFT, *columns
        )
        return made
    return _make_paragraphs((docs | number << PART_SHIFT).tolist(), *columns)


def _read_texts(
    data: SegmentData, docs: I64, headings: list[tuple[int, ...]]
) -> tuple[list[str], list[tuple[str, ...]] | None]:
    """The texts of documents, and those of the headings above each; None where there are none."""
    if not any(headings):
        return data.texts(docs), None
    numbers = docs.tolist()
    listed = sorted({*numbers, *chain.from_iterable(headings)})
    texts = dict(zip(listed, data.texts(np.array(listed, dtype=np.int64)), strict=True))
    read = texts.__getitem__
    return list(map(read, numbers)), [tuple(map(read, path)) for path in headings]


def _make_paragraphs(
    refs: list[int],
    described: list[Described],
    reports: list[Report],
    above: list[tuple[str, ...]] | None,
    texts: list[str],
    kinds: Sequence[str],
    parts: Sequence[str],
    confidences: Sequence[float | None],
) -> list[StoredParagraph]:
    """Of what is known of each; a page has ten of them, a list of contexts thousands."""
    return [
        StoredParagraph(ref, n, report, kinds[kind], path, text, parts[part], confidences[percent])
        for ref, (_, n, kind, part, percent, _), report, path, text in zip(
            refs, described, reports, above or [()] * len(refs), texts, strict=True
        )
    ]


Described: TypeAlias = tuple[int, int, int, int, int, "tuple[int, ...] | None"]
"""Of a paragraph: its report, its number in that from 1, kind, part, how sure in percent, the headings above it."""


def _describe(part: Part, docs: I64) -> list[Described]:
    """What is kept of some paragraphs besides their texts."""
    described: list[Described]
    data = part.data
    if kernel.page is None:
        above = [tuple(data.heading_docs(doc)) for doc in docs.tolist()]
        rows = (data.report_of.take(docs), data.numbers(docs), data.kind_codes.take(docs))
        more = (data.parts_of.take(docs), data.ocr.take(docs))
        described = list(zip(*(column.tolist() for column in (*rows, *more)), above, strict=True))
    else:
        described = part.descriptions.describe(docs)
    for row in described:
        if row[5] is None:  # what stood behind what it is above could lead back to itself, for ever
            raise data.damaged(".par", says.HEADING_DAMAGED)
        if row[2] >= len(KINDS):
            raise data.damaged(".par", says.RECORD_DAMAGED)
    return described


def read_reports(snapshot: Snapshot, refs: Sequence[Ref]) -> list[Report]:
    """The reports that documents are of, in the order of `refs`."""
    found: dict[Ref, Report] = {}
    for number, docs in by_part(refs):
        data = snapshot.parts[number].data
        numbers = data.report_of.take(docs).tolist()
        reports = {report: snapshot.report_at(data, report) for report in dict.fromkeys(numbers)}
        of_docs = (docs | number << PART_SHIFT).tolist()
        found.update((ref, reports[report]) for ref, report in zip(of_docs, numbers, strict=True))
    return [found[ref] for ref in refs]
