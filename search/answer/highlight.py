"""Where a paragraph says what was asked for: spans in its original text.

The paragraph is normalised again and the plan's needles are looked for in it; the normal form's map leads back to the
original. Nothing is ever found again in HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from search.language import plan as p
from search.language.plan.needles import (
    Finder,
    Needle,
    find_places,
    finder_of,
    make_marker,
    needles_of,
)
from search.language.text import normalize
from search.language.text.phrases import MarkedForm, compete
from search.model import Span

_new = tuple.__new__
"""Past the named tuple's own constructor: a page has ten of them, an export thousands."""


class Highlights(NamedTuple):
    """What is marked in a text, and how many occurrences it has (docs/counting.md)."""

    spans: tuple[Span, ...]
    occurrences: int


def highlight(text: str, plan: p.Plan) -> tuple[Span, ...]:
    """The spans of `text` that match, sorted and disjoint; touching ones are put together.

    Example:
        >>> from search.language.plan import Term
        >>> highlight("优化营商环境，提升营商环境", Term("text", "营商环境"))
        ((2, 6), (9, 13))
    """
    return find_highlights(text, needles_of(plan)).spans


def find_highlights(text: str, needles: Sequence[Needle]) -> Highlights:
    """What is marked, where what is looked for is known already."""
    return Highlighter(needles).find(text)


class Highlighter:
    """Marks any number of texts; compiled, but for needles and texts that are rare."""

    __slots__ = ("_finders", "_marker", "_needles")

    def __init__(self, needles: Sequence[Needle]) -> None:
        self._needles = needles
        self._marker = make_marker(needles)
        self._finders: list[Finder] | None = None

    def find(self, text: str) -> Highlights:
        """What is marked in a text."""
        if not self._needles:
            return Highlights((), 0)
        found = None if self._marker is None else self._marker.mark(text)
        return self.find_plainly(text) if found is None else _new(Highlights, found)

    def find_all(self, texts: list[str]) -> list[tuple[tuple[Span, ...], int]]:
        """What is marked in each of some texts."""
        if not self._needles or self._marker is None:
            return list(map(self.find, texts))
        found: list[tuple[tuple[Span, ...], int] | None] = self._marker.mark_all(texts)
        return [self.find_plainly(text) if of is None else of for text, of in zip(texts, found, strict=True)]

    def find_plainly(self, text: str) -> Highlights:
        """The same without what is compiled."""
        if self._finders is None:
            self._finders = list(map(finder_of, self._needles))
        normal = normalize(text)
        found = find_places(MarkedForm(text, normal), self._finders)
        merged: list[Span] = []
        is_apart = True
        for start, end in found:
            if merged and start <= merged[-1][1]:
                is_apart = is_apart and start == merged[-1][1]
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        if normal.origins is not None:
            merged = [normal.to_original(start, end) for start, end in merged]
        return Highlights(tuple(merged), len(found if is_apart else compete(found)))
