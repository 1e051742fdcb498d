"""Running heads and feet and page numbers: what stands at a page's edge and is no text of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from indexer.readers.pdf.columns import PageLine
from search.messages import Message, aside

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


@dataclass(frozen=True, slots=True, eq=False)
class _EdgeLine:
    """A line near the upper or the lower edge of its page."""

    page: int
    line: PageLine
    is_header: bool

    @property
    def text(self) -> str:
        return "".join(self.line.text.split())

    @property
    def shape(self) -> tuple[bool, str]:
        """What such lines of several pages have in common: the edge, and the text but for its digits."""
        return self.is_header, re.sub(r"\d+", "#", self.text)


def running_lines(
    pages: Sequence[Sequence[PageLine]], heights: Sequence[float]
) -> dict[tuple[int, PageLine], Message]:
    """Heads, feet and page numbers: (page index, line) -> reason.

    A head or foot stands near the edge, apart from the text and, its digits apart, on two pages in five; in large
    type on three in four, since the reports in one file may have the same title. A number near the edge, with
    nothing beyond it, is a page number.
    """
    near = list(_lines_near_edges(pages, heights))
    found = {
        (edge.page, edge.line): aside.PAGE_NUMBER
        for edge in near
        if _PAGE_NUMBER.fullmatch(edge.text) and _is_outermost(edge, pages[edge.page])
    }
    repeated = _repeated([edge for edge in near if (edge.page, edge.line) not in found], near, pages)
    heads = {(edge.page, edge.line) for edge in repeated} | set(found)
    # From the text outwards: a line that doesn't stand apart is text, and the next must stand apart from it.
    for edge in sorted(repeated, key=lambda edge: edge.line.y0 if edge.is_header else -edge.line.y1):
        key = edge.page, edge.line
        body = [other for other in pages[edge.page] if (edge.page, other) not in heads]
        if _stands_apart(edge.line, body, above=edge.is_header):
            found[key] = aside.RUNNING_HEADER if edge.is_header else aside.RUNNING_FOOTER
        else:
            heads.discard(key)
    return found


def _lines_near_edges(pages: Sequence[Sequence[PageLine]], heights: Sequence[float]) -> Iterator[_EdgeLine]:
    for index, (lines, height) in enumerate(zip(pages, heights, strict=True)):
        for line in lines:
            is_header = line.y0 > (1 - EDGE_SHARE) * height
            if is_header or line.y1 < EDGE_SHARE * height:
                yield _EdgeLine(index, line, is_header)


def _is_outermost(edge: _EdgeLine, lines: Sequence[PageLine]) -> bool:
    """Whether no line of the page is nearer to the edge."""
    line = edge.line
    if edge.is_header:
        return all(other is line or other.y1 < line.y1 + 1 for other in lines)
    return all(other is line or other.y0 > line.y0 - 1 for other in lines)


def _repeated(
    edges: Sequence[_EdgeLine], near: Sequence[_EdgeLine], pages: Sequence[Sequence[PageLine]]
) -> list[_EdgeLine]:
    """Those of `edges` whose shape is near the edge of enough pages, and that are no numbered headings."""
    counts = Counter(shape for _, shape in {(edge.page, edge.shape) for edge in near})
    body_size = median([line.size for lines in pages for line in lines for _ in line.text] or [0.0])
    return [
        edge
        for edge in edges
        if counts[edge.shape] >= max(2, _share(edge.line, body_size) * len(pages))
        and len(edge.shape[1]) <= _LONGEST_CHARS
        and not _NUMBERED.match(edge.shape[1])
    ]


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
