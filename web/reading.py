"""A report's paragraphs -> its table of contents, and the way from hit to hit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from search.model import Paragraph

MARKED_PAGES = 20
"""How many pages of hits are marked in one report, at most."""

MAX_DEPTH = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents: the heading's depth from 1, its text and its paragraph's number."""

    depth: int
    text: str
    n: int


def read_contents(paragraphs: Iterable[Paragraph]) -> tuple[Entry, ...]:
    """The headings in order; depth is the length of the path above each, and one more."""
    return tuple(
        Entry(min(len(p.heading) + 1, MAX_DEPTH), p.text, p.n) for p in paragraphs if p.kind == "heading"
    )


@dataclass(frozen=True, slots=True)
class HitPlace:
    """Where a paragraph stands among the hits of its report: its rank from 1 and its neighbours' numbers."""

    rank: int
    before: int | None
    after: int | None


def place_hits(numbers: Sequence[int]) -> dict[int, HitPlace]:
    """Paragraph number -> its place among the hits.

    Example:
        >>> place_hits([4, 9])[4]
        HitPlace(rank=1, before=None, after=9)
    """
    return {
        n: HitPlace(
            rank=i + 1,
            before=numbers[i - 1] if i else None,
            after=numbers[i + 1] if i + 1 < len(numbers) else None,
        )
        for i, n in enumerate(numbers)
    }
