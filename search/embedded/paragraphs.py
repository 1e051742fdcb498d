"""Reads paragraphs of a snapshot by their refs: texts that lie together are read together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from search.collection import Ref, StoredParagraph
from search.embedded.evaluation import DOC_MASK
from search.embedded.ordering import PART_SHIFT
from search.embedded.segment import KINDS, SegmentData, to_confidence
from search.embedded.snapshot import Snapshot
from search.model import PARTS

I64 = NDArray[np.int64]


def by_part(refs: Sequence[Ref]) -> Iterator[tuple[int, I64]]:
    """The segments that paragraphs are of, each with the document numbers, ascending."""
    if not refs:
        return
    ascending = sorted(set(refs))
    numbers = np.array(ascending, dtype=np.int64)
    first, last = (_part_of(ref) for ref in (ascending[0], ascending[-1]))
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


def read_paragraphs(
    snapshot: Snapshot, number: int, docs: I64, *, headings: bool = True
) -> list[StoredParagraph]:
    """Documents of one segment, with the headings above them; all texts are read at once."""
    data: SegmentData = snapshot.parts[number].data
    numbers = docs.tolist()
    described = data.describe(docs, headings=headings)
    wanted, listed = docs, numbers
    if any(row[5] for row in described):
        listed = sorted({*numbers, *chain.from_iterable(row[5] or () for row in described)})
        wanted = np.array(listed, dtype=np.int64)
    texts = dict(zip(listed, data.texts(wanted), strict=True))
    base, report_at, new = number << PART_SHIFT, snapshot.report_at, tuple.__new__
    # Past the named tuple's own constructor: a page has ten of them, a list of contexts thousands.
    return [
        new(
            StoredParagraph,
            (
                base | doc,
                n,
                report_at(data, report),
                KINDS[kind],
                tuple([texts[heading] for heading in above]) if above else (),
                texts[doc],
                PARTS[part],
                to_confidence(percent),
            ),
        )
        for doc, (report, n, kind, part, percent, above) in zip(numbers, described, strict=True)
    ]
