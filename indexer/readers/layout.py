"""Where the characters of a page stand: lines, columns, running heads, ends of paragraphs.

glyphs -> lines -> columns in bands (a line across the gutter divides the page) -> reading order. Coordinates
are a page's own: x to the right, y upwards, in points. Knows nothing of PDF.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

WIDEST_GAP_EMS = 1.4
BLANK_GAP_EMS = 0.25
HAN_BLANK_GAP_EMS = 0.7
MOST_CROSSING_SHARE = 0.35
FEWEST_COLUMN_LINES = 3
EDGE_SHARE = 0.13
COLUMNS_A_PAGE = 10_000

_PAGE_NUMBER = re.compile(
    r"[-—－–·.•~～第]*(?:\d{1,4}|[ivxlc]{1,7})(?:[-—－–·.•~～页版]|[/／]\d{1,4}|共\d{1,4}页|of\d{1,4})*",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?:第?[一二三四五六七八九十]{1,3}[、章节部]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.．、](?!\d))"
)


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character with its box, its size in points and when it was drawn."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    order: int


@dataclass(frozen=True, slots=True)
class PageLine:
    """Characters on one baseline in one column."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    column: int = 0


def lines_of_page(glyphs: Sequence[Glyph]) -> list[PageLine]:
    """The page's lines, top to bottom; a gap wider than a character and a half divides a line."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: (-(g.y0 + g.y1) / 2, g.x0, g.order)):
        middle = (glyph.y0 + glyph.y1) / 2
        for row in rows[-3:]:
            first = row[0]
            if abs((first.y0 + first.y1) / 2 - middle) <= 0.35 * min(first.size, glyph.size) + 0.1:
                row.append(glyph)
                break
        else:
            rows.append([glyph])
    return [line for row in rows for line in _divide_row(sorted(row, key=lambda g: (g.x0, g.order)))]


def _divide_row(row: Sequence[Glyph]) -> Iterator[PageLine]:
    stretch: list[Glyph] = []
    end = 0.0
    for glyph in row:
        if glyph.text.isspace():
            continue
        if stretch and glyph.x0 - end > WIDEST_GAP_EMS * glyph.size:
            yield _line(stretch)
            stretch = []
        end = glyph.x1 if not stretch else max(end, glyph.x1)
        stretch.append(glyph)
    if stretch:
        yield _line(stretch)


def _line(glyphs: Sequence[Glyph]) -> PageLine:
    text = glyphs[0].text
    for before, glyph in pairwise(glyphs):
        gap = (glyph.x0 - before.x1) / max(glyph.size, 0.1)
        han = before.text[-1:] > "\u2e7f" or glyph.text[:1] > "\u2e7f"
        text += (" " if gap > (HAN_BLANK_GAP_EMS if han else BLANK_GAP_EMS) else "") + glyph.text
    return PageLine(
        text,
        min(g.x0 for g in glyphs),
        min(g.y0 for g in glyphs),
        max(g.x1 for g in glyphs),
        max(g.y1 for g in glyphs),
        median(g.size for g in glyphs),
    )


def order_pages(pages: Sequence[Sequence[PageLine]]) -> list[list[PageLine]]:
    """The lines of each page in reading order, each with its column's number.

    A page that is nearly empty, as the last one is, may not show its columns; then those of the others hold.
    """
    gutters = [_gutters(lines) for lines in pages]
    known = Counter(round(gutter) for page in gutters for gutter in page)
    ordered = []
    for index, (lines, own) in enumerate(zip(pages, gutters, strict=True), 1):
        found = own or sorted(gutter for gutter in known if _parts(lines, gutter))
        ordered.append(
            [
                replace(line, column=line.column + COLUMNS_A_PAGE * index)
                for line in _order_lines(lines, found)
            ]
        )
    return ordered


def _parts(lines: Sequence[PageLine], gutter: float) -> bool:
    """Whether a gutter of another page parts the lines of this one."""
    left = [line for line in lines if line.x1 <= gutter + 0.3 * line.size]
    right = [line for line in lines if 0 <= line.x0 - gutter + 1 <= 3 * line.size]
    crossing = len(lines) - len(left) - len(right)
    return bool(right) and len(left) >= FEWEST_COLUMN_LINES and crossing <= MOST_CROSSING_SHARE * len(lines)


def _order_lines(lines: Sequence[PageLine], gutters: Sequence[float]) -> list[PageLine]:
    """Bands from the top, in each band its columns from the left."""
    if not gutters:
        return _merge_rows(sorted(lines, key=lambda line: (-line.y1, line.x0)), 0)
    across = [
        line for line in lines if any(line.x0 < gutter - 1 and line.x1 > gutter + 1 for gutter in gutters)
    ]
    edges = [line.y0 for line in across]
    bands: dict[int, list[PageLine]] = {}
    for line in lines:
        band = 2 * sum(edge > line.y1 - 0.1 for edge in edges) + (line not in across)
        bands.setdefault(band, []).append(line)
    ordered: list[PageLine] = []
    column = 0
    for key in sorted(bands):
        band_lines = bands[key]
        if key % 2 == 0:
            column += 1
            ordered += _merge_rows(sorted(band_lines, key=lambda line: (-line.y1, line.x0)), column)
            continue
        for place in range(len(gutters) + 1):
            column += 1
            mine = [line for line in band_lines if sum(line.x0 >= gutter - 1 for gutter in gutters) == place]
            ordered += _merge_rows(sorted(mine, key=lambda line: (-line.y1, line.x0)), column)
    return ordered


def _gutters(lines: Sequence[PageLine]) -> list[float]:
    """The x of the white strips between columns; empty where the page has one column."""
    if len(lines) < 2 * FEWEST_COLUMN_LINES:
        return []
    size = median(line.size for line in lines)
    starts = Counter(round(line.x0) for line in lines)
    found: list[float] = []
    for start in sorted(starts):
        count = sum(starts[near] for near in range(start - 2, start + 3))
        x = start - 0.4 * size
        left = [line for line in lines if line.x1 <= x + 0.2 * size]
        right = [line for line in lines if line.x0 >= x]
        crossing = len(lines) - len(left) - len(right)
        if (
            count >= FEWEST_COLUMN_LINES
            and len(left) >= FEWEST_COLUMN_LINES
            and len(right) >= FEWEST_COLUMN_LINES
            and crossing <= MOST_CROSSING_SHARE * len(lines)
            and _beside(left, right) >= max(FEWEST_COLUMN_LINES, 0.3 * min(len(left), len(right)))
            and (not found or start - found[-1] > 6 * size)
        ):
            found.append(x)
    return found


def _beside(left: Sequence[PageLine], right: Sequence[PageLine]) -> int:
    """How many lines on the right have a long line at their height on the left."""
    long = [line for line in left if line.x1 - line.x0 >= 5 * line.size]
    top, bottom = (max((line.y1 for line in long), default=0.0), min((line.y0 for line in long), default=0.0))
    return (
        sum(bottom - line.size <= (line.y0 + line.y1) / 2 <= top + line.size for line in right) if long else 0
    )


def _merge_rows(lines: Sequence[PageLine], column: int) -> list[PageLine]:
    """Stretches of one baseline in one column as one line, a blank between."""
    merged: list[PageLine] = []
    for line in lines:
        last = merged[-1] if merged else None
        if (
            last
            and abs(last.y0 + last.y1 - line.y0 - line.y1) <= 0.7 * min(last.size, line.size)
            and line.x0 >= last.x1
        ):
            merged[-1] = PageLine(
                f"{last.text} {line.text}",
                last.x0,
                min(last.y0, line.y0),
                line.x1,
                max(last.y1, line.y1),
                last.size,
                column,
            )
        else:
            merged.append(PageLine(line.text, line.x0, line.y0, line.x1, line.y1, line.size, column))
    return merged


def running_lines(
    pages: Sequence[Sequence[PageLine]], heights: Sequence[float]
) -> dict[tuple[int, PageLine], str]:
    """Heads, feet and page numbers: (page index, line) -> reason.

    A head or foot stands near the edge, apart from the text and, its digits apart, on two pages in five. A number
    near the edge, with nothing beyond it, is a page number.
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
    repeated = [
        (index, line, where)
        for index, line, where, shape in near
        if (index, line) not in found
        and counts[where, shape] >= max(2, 0.4 * len(pages))
        and len(shape) <= 60
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


def _stands_apart(line: PageLine, body: Sequence[PageLine], *, above: bool) -> bool:
    """Whether a head or foot is farther from the page's text than the lines of the text are from one another."""
    if not body:
        return True
    gap = line.y0 - max(other.y1 for other in body) if above else min(other.y0 for other in body) - line.y1
    tops = sorted({round(other.y1, 1) for other in body})
    steps = [upper - lower for lower, upper in pairwise(tops) if upper - lower > 2]
    usual = median(steps) - line.size if steps else 0.0
    return gap > max(1.2 * usual, 0.3 * line.size)


def paragraph_ends(lines: Sequence[PageLine]) -> list[bool]:
    """For each line whether its paragraph ends with it: by the next line's indent, its own length, the gap.

    Over a column or page break there is no gap to go by; then only the indent and the length count.
    """
    ends = []
    columns: dict[int, list[PageLine]] = {}
    for line in lines:
        columns.setdefault(line.column, []).append(line)
    edges = {column: _edges(members) for column, members in columns.items()}
    for at, line in enumerate(lines):
        following = lines[at + 1] if at + 1 < len(lines) else None
        _, right, leading = edges[line.column]
        short = line.x1 < right - 1.6 * line.size
        if following is None:
            ends.append(short)
            continue
        next_left = edges[following.column][0]
        indented = following.x0 > next_left + 1.2 * following.size
        resized = abs(following.size - line.size) > 0.15 * line.size
        below = (
            line.column != following.column and following.y1 <= line.y0 and _page(line) == _page(following)
        )
        gap = line.column == following.column and line.y1 - following.y1 > 1.5 * leading
        ends.append(short or indented or resized or gap or below)
    return ends


def _edges(lines: Sequence[PageLine]) -> tuple[float, float, float]:
    """A column's left edge, right edge and usual distance of lines."""
    starts = sorted(line.x0 for line in lines)
    steps = [upper.y1 - lower.y1 for upper, lower in pairwise(lines) if upper.y1 > lower.y1]
    ends = sorted((line.x1 for line in lines), reverse=True)
    shared = (upper for upper, lower in pairwise(ends) if upper - lower <= 2)
    return starts[0], next(shared, ends[0]), median(steps) if steps else 0.0


def _page(line: PageLine) -> int:
    return line.column // COLUMNS_A_PAGE
