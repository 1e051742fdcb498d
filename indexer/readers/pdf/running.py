"""Running heads and feet and page numbers: what stands at a page's edge and is no text of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from indexer.readers.pdf.columns import PageLine

EDGE_SHARE = 0.13
REPEATED_SHARE = 0.4
LARGE_SHARE = 0.75
LARGE = 1.25
_LONGEST_CHARS = 60

_PAGE_NUMBER = re.compile(
    r"[-—－–·.•~～第]*(?:\d{1,4}|[ivxlc]{1,7})(?:[-—－–·.•~～页版]|[/／]\d{1,4}|共\d{1,4}页|of\d{1,4})*",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?:第?[一二三四五六七八九十]{1,3}[、章节部]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.．、](?!\d))"
)


def running_lines(
    pages: Sequence[Sequence[PageLine]], heights: Sequence[float]
) -> dict[tuple[int, PageLine], str]:
    """Heads, feet and page numbers: (page index, line) -> reason.

    A head or foot stands near the edge, apart from the text and, its digits apart, on two pages in five; in large
    type on three in four, since the reports in one file may have the same title. A number near the edge, with
    nothing beyond it, is a page number.
    """
    near: list[tuple[int, PageLine, str, str]] = []
    for index, (lines, height) in enumerate(zip(pages, heights, strict=True)):
        for line in lines:
            where = (
                "header"
                if line.y0 > (1 - EDGE_SHARE) * height
                else "footer"
                if line.y1 < EDGE_SHARE * height
                else ""
            )
            if where:
                near.append((index, line, where, re.sub(r"\d+", "#", "".join(line.text.split()))))
    counts: Counter[tuple[str, str]] = Counter()
    for _, _, where, shape in {(index, "", where, shape) for index, _, where, shape in near}:
        counts[where, shape] += 1
    found: dict[tuple[int, PageLine], str] = {}
    for index, line, where, _ in near:
        outermost = all(
            other is line or (other.y1 < line.y1 + 1 if where == "header" else other.y0 > line.y0 - 1)
            for other in pages[index]
        )
        if outermost and _PAGE_NUMBER.fullmatch("".join(line.text.split())):
            found[index, line] = "page number"
    body_size = median([line.size for lines in pages for line in lines for _ in line.text] or [0.0])
    repeated = [
        (index, line, where)
        for index, line, where, shape in near
        if (index, line) not in found
        and counts[where, shape] >= max(2, _share(line, body_size) * len(pages))
        and len(shape) <= _LONGEST_CHARS
        and not _NUMBERED.match(shape)
    ]
    heads = {(index, line) for index, line, _ in repeated} | set(found)
    # From the text outwards: a line that doesn't stand apart is text, and the next must stand apart from it.
    inwards = sorted(repeated, key=lambda entry: entry[1].y0 if entry[2] == "header" else -entry[1].y1)
    for index, line, where in inwards:
        body = [other for other in pages[index] if (index, other) not in heads]
        if _stands_apart(line, body, above=where == "header"):
            found[index, line] = f"running {where}"
        else:
            heads.discard((index, line))
    return found


def _share(line: PageLine, body_size: float) -> float:
    """On which share of the pages a line has to stand to be a running one."""
    return LARGE_SHARE if line.size >= LARGE * body_size else REPEATED_SHARE


def _stands_apart(line: PageLine, body: Sequence[PageLine], *, above: bool) -> bool:
    """Whether a head or foot is farther from the page's text than the lines of the text are from one another."""
    if not body:
        return True
    gap = line.y0 - max(other.y1 for other in body) if above else min(other.y0 for other in body) - line.y1
    tops = sorted({round(other.y1, 1) for other in body})
    steps = [upper - lower for lower, upper in pairwise(tops) if upper - lower > 2]
    usual = median(steps) - line.size if steps else 0.0
    return gap > max(1.2 * usual, 0.3 * line.size)
