"""Reads paragraphs of a snapshot by their refs: texts that lie together are read together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

import numpy as np
import zstandard
from numpy.typing import NDArray

from search.collection import Ref, StoredParagraph
from search.embedded import kernel
from search.embedded.evaluation import DOC_MASK
from search.embedded.ordering import PART_SHIFT
from search.embedded.segment import CONFIDENCES, KINDS
from search.embedded.snapshot import Snapshot
from search.messages import stores as says
from search.model import PARTS, Report

I64 = NDArray[np.int64]


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


def read_paragraphs(snapshot: Snapshot, refs: Sequence[Ref]) -> list[StoredParagraph]:
    """Paragraphs with the headings above them, in the order of `refs`; all texts of a segment are read at once."""
    if (read := _read_compiled(snapshot, refs)) is not None:
        return read
    made: dict[Ref, StoredParagraph] = {}
    for number, docs in by_part(refs):
        of_part = (docs | number << PART_SHIFT).tolist()
        read = _read_compiled(snapshot, of_part)
        made.update(
            zip(of_part, _read_plainly(snapshot, number, docs) if read is None else read, strict=True)
        )
    return [made[ref] for ref in refs]


def _read_compiled(snapshot: Snapshot, refs: Sequence[Ref]) -> list[StoredParagraph] | None:
    """Paragraphs of one segment; None of several, or where something can't be what was written."""
    if kernel.page is None or not refs:
        return None
    number = _part_of(refs[0])
    part = snapshot.parts[number]
    texts = part.data.stored_texts
    given = refs, number << PART_SHIFT, part.reports
    try:
        read: list[StoredParagraph] | None = part.paragraphs.read(*given, texts.unpack, texts.verify)
    except (zstandard.ZstdError, ValueError):  # a text can't be what was written: the plain form tells of it
        return None
    return read


def _read_plainly(snapshot: Snapshot, number: int, docs: I64) -> list[StoredParagraph]:
    """Documents of one segment."""
    part = snapshot.parts[number]
    data, refs = part.data, (docs | number << PART_SHIFT).tolist()
    headings = [data.heading_docs(doc) for doc in docs.tolist()]
    kinds = data.kind_codes.take(docs).tolist()
    if max(kinds) >= len(KINDS) or max(data.parts_of.take(docs).tolist()) >= len(PARTS):
        raise data.damaged(".par", says.RECORD_DAMAGED)
    numbers = docs.tolist()
    listed = sorted({*numbers, *chain.from_iterable(headings)})
    texts = dict(zip(listed, data.texts(np.array(listed, dtype=np.int64)), strict=True))
    columns = (data.report_of.take(docs), data.numbers(docs), data.parts_of.take(docs), data.ocr.take(docs))
    rows = zip(refs, numbers, kinds, headings, *(column.tolist() for column in columns), strict=True)
    return [
        StoredParagraph(
            ref,
            n,
            part.reports[report],
            KINDS[kind],
            tuple([texts[above] for above in path]),
            texts[doc],
            PARTS[of_part],
            CONFIDENCES[percent],
        )
        for ref, doc, kind, path, report, n, of_part, percent in rows
    ]


def read_reports(snapshot: Snapshot, refs: Sequence[Ref]) -> list[Report]:
    """The reports that documents are of, in the order of `refs`."""
    found: dict[Ref, Report] = {}
    for number, docs in by_part(refs):
        part = snapshot.parts[number]
        numbers = part.data.report_of.take(docs).tolist()
        of_docs = (docs | number << PART_SHIFT).tolist()
        found.update((ref, part.reports[report]) for ref, report in zip(of_docs, numbers, strict=True))
    return [found[ref] for ref in refs]
