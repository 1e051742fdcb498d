"""A report's paragraphs -> its table of contents."""

from __future__ import annotations

from collections.abc import Iterable
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
