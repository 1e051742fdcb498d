"""Occurrences with what stands around them, one a line, in an order that shows how a word is used.

matches -> highlights in each -> order: by context, or as they stand -> one page -> texts of that page

Sorting by context reads every text that matches; where they are too many, lines stay in the collection's order and a
notice says so.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from search.answer.highlight import highlight
from search.embedded.counting import find_spans
from search.embedded.matches import Matches
from search.embedded.matching import Matcher
from search.embedded.segment import SegmentData
from search.embedded.snapshot import Part, to_report
from search.errors import QueryError
from search.language.plan import Plan
from search.language.text import normalize_text
from search.model import ConcordanceLine, ContextSort, Notice

I64 = NDArray[np.int64]

MAX_SORTED = 20_000
"""From more paragraphs than this, lines are not sorted by context."""
MAX_PER_PAGE = 500
MAX_CONTEXT = 100
_KEY_CHARS = 40
_KEPT_ORDERS = 8
_LINES_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Lines:
    """Occurrences in some order: part, document and which of the document's highlights; columns of equal length."""

    parts: I64
    docs: I64
    nth: I64

    def page(self, page: int, per_page: int) -> Lines:
        """The lines of one page, from 1."""
        chosen = slice((page - 1) * per_page, page * per_page)
        return Lines(self.parts[chosen], self.docs[chosen], self.nth[chosen])


class KeptOrders:
    """The orders of recent concordances, so that the next page needs no sorting. Safe to use from several threads."""

    def __init__(self) -> None:
        self._held: OrderedDict[Hashable, Lines] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Lines]) -> Lines:
        """The order kept under `key`, made where there is none."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        lines = make()
        with self._lock:
            self._held[key] = lines
            if len(self._held) > _KEPT_ORDERS:
                self._held.popitem(last=False)
        return lines


def check_concordance(sort: ContextSort, page: int, per_page: int, context: int) -> None:
    """Raises QueryError where a parameter can't be used."""
    if sort not in ("left", "right", "order"):
        raise QueryError("sort must be left, right or order.", field="sort")
    if page < 1:
        raise QueryError("page counts from 1.", field="page")
    if not 1 <= per_page <= MAX_PER_PAGE:
        raise QueryError(f"per_page must be 1 to {MAX_PER_PAGE}.", field="per_page")
    if not 1 <= context <= MAX_CONTEXT:
        raise QueryError(f"context must be 1 to {MAX_CONTEXT}.", field="context")


def possible_sort(spans: Sequence[I64], sort: ContextSort) -> tuple[ContextSort, tuple[Notice, ...]]:
    """The order that can be given, with a notice where it is not the one asked for."""
    matching = sum(int(np.count_nonzero(counts)) for counts in spans)
    if sort == "order" or matching <= MAX_SORTED:
        return sort, ()
    message = f"有 {matching:,} 段，超过 {MAX_SORTED:,} 段时不按上下文排序，现按报告先后排列。"
    return "order", (Notice("context_unsorted", message),)


def order_lines(
    parts: Sequence[Part],
    matchers: Sequence[Matcher],
    plan: Plan,
    found: Sequence[Matches],
    spans: Sequence[I64],
    sort: ContextSort,
) -> Lines:
    """Every occurrence, in order.

    Args:
        spans: the number of highlights in each of `found`.
    """
    columns = [_no_rows()]
    for number, (part, matches, counts) in enumerate(zip(parts, found, spans, strict=True)):
        docs = np.repeat(matches.docs, counts).astype(np.int64)
        first = np.repeat(np.cumsum(counts) - counts, counts)
        nth = np.arange(len(docs)) - first
        columns.append((np.full(len(docs), number), docs, nth, part.place[docs].astype(np.int64)))
    of_part, docs, nth, place = (np.concatenate(column) for column in zip(*columns, strict=True))
    if sort == "order":
        order = np.lexsort((nth, place))
    else:
        keys: list[str] = []
        for part, matcher, matches, counts in zip(parts, matchers, found, spans, strict=True):
            kept = Matches(matches.docs[counts > 0], None)
            keys += _context_keys(part.data, matcher, plan, kept, sort)
        ranked = sorted(range(len(keys)), key=lambda at: (keys[at], place[at], nth[at]))
        order = np.array(ranked, dtype=np.int64)
    return Lines(of_part[order], docs[order], nth[order])


def _no_rows() -> tuple[I64, I64, I64, I64]:
    none = np.zeros(0, dtype=np.int64)
    return none, none, none, none


def _context_keys(
    data: SegmentData, matcher: Matcher, plan: Plan, matches: Matches, sort: ContextSort
) -> list[str]:
    """What to sort each occurrence by, in normal form, so that width and case make no difference."""
    spans = find_spans(matcher, data, plan, matches.docs)
    said, which = np.unique(spans.numbers, return_inverse=True)
    texts = [normalize_text(text) for text in data.texts(matches.docs[said])]
    keys = []
    for place, start, end in zip(which.tolist(), spans.starts.tolist(), spans.ends.tolist(), strict=True):
        text = texts[place]
        keys.append(
            text[max(0, start - _KEY_CHARS) : start][::-1] if sort == "left" else text[end : end + _KEY_CHARS]
        )
    return keys


def iter_lines(parts: Sequence[Part], lines: Lines, plan: Plan, context: int) -> Iterator[ConcordanceLine]:
    """The lines with their texts; of a paragraph whose lines follow each other the text is read once."""
    read: tuple[int, int] | None = None
    for first in range(0, len(lines.docs), _LINES_AT_ONCE):
        some = slice(first, first + _LINES_AT_ONCE)
        columns = (lines.parts[some].tolist(), lines.docs[some].tolist(), lines.nth[some].tolist())
        for of_part, doc, nth in zip(*columns, strict=True):
            if read != (of_part, doc):
                read = of_part, doc
                data = parts[of_part].data
                text, number = data.text(doc), data.number(doc)
                report = to_report(data.record(int(data.report_of[doc])))
                spans = highlight(text, plan)
            start, end = spans[nth]
            yield ConcordanceLine(
                id=f"{report.id}-p{number}",
                n=number,
                report=report,
                left=text[max(0, start - context) : start],
                keyword=text[start:end],
                right=text[end : end + context],
            )
