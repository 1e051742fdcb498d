"""How often matching paragraphs say what was asked for: exact, from positions, no text is read.

plan -> the words and strings that are highlighted -> their places -> put together where they touch -> counted

The same spans as `search.answer.highlight` finds in the text, in characters of its normal form; docs/counting.md has
the rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.collection import Occurrence
from search.embedded.matches import Matches
from search.embedded.matching import Matcher
from search.embedded.segment import REPEATED
from search.embedded.snapshot import Part
from search.embedded.term_lookup import Docs
from search.language import plan as p

I64 = NDArray[np.int64]

_AT_ONCE = 1 << 16
"""Paragraphs whose occurrences are held at the same time."""
_PLACE_BITS = 20


@dataclass(frozen=True, slots=True)
class Spans:
    """Highlights of some paragraphs, in order and apart from each other; columns of equal length.

    Args:
        numbers: which of the paragraphs, as a place among those asked about.
        starts, ends: half open, in characters of the normal form.
    """

    numbers: I64
    starts: I64
    ends: I64


def find_spans(matcher: Matcher, plan: p.Plan, docs: Docs) -> Spans:
    """What is highlighted in `docs`, where it stands in the text."""
    firsts, lasts = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    is_ordered = True
    for leaf in set(_iter_highlighted(plan)):
        if isinstance(leaf, p.Starting):
            first, lengths = matcher.starting_places(leaf, docs)
            is_ordered = False
            lasts.append(first + lengths)
        else:
            numbers, positions = matcher.places(leaf, docs)
            first = (numbers << _PLACE_BITS) + positions
            lasts.append(first + (len(leaf.text) if isinstance(leaf, p.Term) else leaf.length))
        firsts.append(first)
    first, last = np.concatenate(firsts), np.concatenate(lasts)
    if len(firsts) > 2 or not is_ordered:
        order = np.argsort(first, kind="stable")
        first, last = first[order], np.maximum.accumulate(last[order])
    opens = np.ones(len(first), dtype=bool)
    np.greater(first[1:], last[:-1], out=opens[1:])
    begins = np.flatnonzero(opens)
    ends = last[np.append(begins[1:], len(first)) - 1] if len(first) else last
    first = first[begins]
    mask = (1 << _PLACE_BITS) - 1
    return Spans(first >> _PLACE_BITS, first & mask, ends & mask)


def count_spans(matcher: Matcher, plan: p.Plan, docs: Docs) -> I64:
    """The number of highlights in each of `docs`."""
    counts = np.zeros(len(docs), dtype=np.int64)
    for begin in range(0, len(docs), _AT_ONCE):
        some = docs[begin : begin + _AT_ONCE]
        spans = find_spans(matcher, plan, some)
        counts[begin : begin + len(some)] = np.bincount(spans.numbers, minlength=len(some))
    return counts


def count_repeated(parts: Sequence[Part], found: Sequence[Matches]) -> int:
    """How many of the matches stand earlier in their own file already."""
    return sum(
        int(np.count_nonzero(part.data.paragraphs["flags"][matches.docs] & REPEATED))
        for part, matches in zip(parts, found, strict=True)
    )


@dataclass(frozen=True, slots=True)
class OccurrenceOrder:
    """The paragraphs that have occurrences, newest report first; columns of equal length.

    Args:
        parts, docs: which segment of the snapshot, which of its documents.
        ends: occurrences up to and with each.
    """

    parts: I64
    docs: I64
    ends: I64

    @property
    def size_bytes(self) -> int:
        return self.parts.nbytes + self.docs.nbytes + self.ends.nbytes

    @property
    def total(self) -> int:
        return int(self.ends[-1]) if len(self.ends) else 0


def order_occurrences(
    parts: Sequence[Part], found: Sequence[Matches], counts: Sequence[I64]
) -> OccurrenceOrder:
    """The order of all occurrences.

    Args:
        counts: occurrences in each of the matches `found`.
    """
    none: NDArray[Any] = np.zeros(0, dtype=np.int64)
    columns: list[tuple[NDArray[Any], ...]] = [(none, none, none, none)]
    for number, (part, matches, of_docs) in enumerate(zip(parts, found, counts, strict=True)):
        has = of_docs.nonzero()[0]
        docs = matches.docs.take(has)
        columns.append((np.full(len(has), number), docs, of_docs.take(has), part.place.take(docs)))
    of_part, docs, size, place = (np.concatenate(column) for column in zip(*columns, strict=True))
    order = place.argsort()
    return OccurrenceOrder(of_part[order], docs[order], np.cumsum(size[order]))


def read_occurrences(
    matchers: Sequence[Matcher],
    plan: p.Plan,
    order: OccurrenceOrder,
    skip: int,
    count: int | None,
) -> list[Occurrence]:
    """The occurrences `skip` to `skip + count` of an order; to its end where `count` is None."""
    end = order.total if count is None else min(skip + count, order.total)
    if skip >= end:
        return []
    first, last = order.ends.searchsorted([skip, end - 1], side="right").tolist()
    chosen = slice(first, last + 1)
    rank = np.arange(first, last + 1)
    rows = []
    for number, matcher in enumerate(matchers):
        mine = (order.parts[chosen] == number).nonzero()[0]
        docs = order.docs[chosen].take(mine)
        ascending = docs.argsort()
        spans = find_spans(matcher, plan, docs.take(ascending))
        of_doc = docs.take(ascending).take(spans.numbers)
        rows.append(
            (
                rank.take(mine.take(ascending)).take(spans.numbers),
                spans.starts,
                spans.ends,
                of_doc | number << 32,
            )
        )
    ranks, starts, ends, refs = (np.concatenate(column) for column in zip(*rows, strict=True))
    before = skip - (int(order.ends[first - 1]) if first else 0)
    inside = np.lexsort((starts, ranks))[before : before + end - skip]
    columns = (refs.take(inside).tolist(), starts.take(inside).tolist(), ends.take(inside).tolist())
    return list(map(Occurrence, *columns))


def _iter_highlighted(plan: p.Plan) -> Iterator[p.Term | p.String | p.Starting]:
    """The words, strings and prefixes of the text that `search.answer.highlight` marks."""
    if isinstance(plan, p.Term):
        if plan.field == "text":
            yield p.Term("text", plan.text)
    elif isinstance(plan, p.String):
        yield p.String(plan.tokens)
    elif isinstance(plan, p.Starting):
        if plan.field == "text":
            yield plan
    elif isinstance(plan, (p.Every, p.Either)):
        for part in plan.parts:
            yield from _iter_highlighted(part)
    elif isinstance(plan, p.Within):
        yield from (p.String(part.tokens) for part in plan.strings)
    elif isinstance(plan, (p.Without, p.Favoured)):
        yield from _iter_highlighted(plan.wanted)
