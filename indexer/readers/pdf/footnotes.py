"""Footnotes come after the paragraph that runs over them, not into the middle of it.

A footnote is what stands at the foot of a page in smaller type than the text.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

from indexer.readers.pdf.columns import PageLine
from indexer.readers.pdf.paragraphs import paragraph_ends

SMALLER = 0.93
_MOST_OF_A_PAGE = 0.6

Placed = tuple[int, PageLine]


def notes_after_paragraphs(lines: Sequence[Placed]) -> list[Placed]:
    """The lines of all pages, with each page's footnotes after the end of the paragraph that goes on past them."""
    body = _body_size(lines)
    pages: dict[int, list[Placed]] = defaultdict(list)
    for page, line in lines:
        pages[page].append((page, line))
    ordered: list[Placed] = []
    waiting: list[Placed] = []
    for page in sorted(pages):
        text, notes = _without_notes(pages[page], body)
        if waiting:
            end = _end_of_first(ordered, text) if text else 0
            ordered += [*text[:end], *waiting, *text[end:]]
        else:
            ordered += text
        waiting = notes
    return ordered + waiting


def _body_size(lines: Sequence[Placed]) -> float:
    sizes: Counter[float] = Counter()
    for _, line in lines:
        sizes[round(2 * line.size) / 2] += len(line.text)
    return max(sizes, key=lambda size: (sizes[size], size), default=0.0)


def _without_notes(lines: list[Placed], body: float) -> tuple[list[Placed], list[Placed]]:
    """A page's text, and the small lines that it ends with, if there is text above them in their column."""
    first = len(lines)
    while first and lines[first - 1][1].size <= SMALLER * body and not lines[first - 1][1].is_row:
        first -= 1
    notes = lines[first:]
    if not first or not notes or len(notes) > _MOST_OF_A_PAGE * len(lines):
        return lines, []
    falling = all(upper[1].y1 > lower[1].y1 for upper, lower in pairwise(lines[first - 1 :]))
    return (lines[:first], notes) if falling else (lines, [])


def _end_of_first(before: Sequence[Placed], text: Sequence[Placed]) -> int:
    """How many lines of the next page belong to the paragraph that the last one began."""
    if not before:
        return 0
    ends = paragraph_ends([before[-1][1], *(line for _, line in text)])
    if ends[0]:
        return 0
    return next((at for at, end in enumerate(ends[1:], 1) if end), len(text))
