"""Recognised lines to glyphs, so that a scanned page is laid out by the same rules as one with text.

lines -> cut where a column begins -> sizes -> glyphs. A character's place within its line is reckoned from the
characters before it. Coordinates of the outcome are those of `glyphs`.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from indexer.readers.ocr import Point, RecognisedLine, RecognisedPage
from indexer.readers.pdf.glyphs import Glyph, Page

_TALL = 1.5
"""A line this much higher than wide is written downwards."""
_SURE_EMS = 8
"""A line of so many characters tells their size by its width."""
_SAME_SIZE = 0.08
_GAP_EMS = 1.5
"""From the middle of one character to that of the next over a gutter; within a line it is one."""
_FEWEST_STARTS = 3
_NEAR_EMS = 0.6
_MARGIN_EMS = 0.2
"""By which a recognised line's box is wider than its text, on each side."""
_LINES_APART = 10
_BESIDE_EMS = 0.5
_BASELINE_EMS = 0.38
"""Below the middle of a line."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A line on the page when that is put straight: `x0` to `x1` along `y`, its middle, in points, y upwards."""

    text: str
    confidence: float
    x0: float
    x1: float
    y: float
    height: float
    em: float
    centres: tuple[float, ...] = ()


def page_of(found: RecognisedPage, width: float, height: float) -> Page:
    """A page of `width` and `height` points with the recognised text as its glyphs, row by row."""
    lines = [line for line in found.lines if line.text.strip()]
    paper = _Paper.of(lines, width / max(found.width, 1), height)
    rows = _with_sizes([paper.row(line) for line in lines if not _is_downwards(line)])
    starts = _starts(rows)
    rows = [part for row in rows for part in _cut(row, starts)]
    starts = _starts(rows)
    glyphs: list[Glyph] = []
    order = 0
    for row in _in_order([_aligned(row, starts) for row in rows]):
        glyphs += _glyphs(row, order)
        order += len(row.text) + _LINES_APART
    for line in lines:
        if _is_downwards(line):
            glyphs += _glyphs_below(paper.row(line), order)
            order += len(line.text) + _LINES_APART
    return Page(tuple(glyphs), (), width, height)


def _is_downwards(line: RecognisedLine) -> bool:
    first, second, _, fourth = line.corners
    return math.dist(first, fourth) > _TALL * math.dist(first, second) and len(line.text) > 1


@dataclass(frozen=True, slots=True)
class _Paper:
    """From pixels to points on a page that is put straight."""

    scale: float
    height: float
    tilt: float

    @classmethod
    def of(cls, lines: Sequence[RecognisedLine], scale: float, height: float) -> _Paper:
        """Its long lines tell how far a page is turned."""
        found = []
        for line in lines:
            (x0, y0), (x1, y1) = line.corners[:2]
            if len(line.text) >= _SURE_EMS and not _is_downwards(line):
                found.append(math.atan2(y1 - y0, x1 - x0))
        return cls(scale, height, median(found) if found else 0.0)

    def row(self, line: RecognisedLine) -> _Row:
        """A line as a row."""
        first, second, third, fourth = (self._point(corner) for corner in line.corners)
        x0, x1 = (first[0] + fourth[0]) / 2, (second[0] + third[0]) / 2
        y = (first[1] + second[1] + third[1] + fourth[1]) / 4
        height = (math.dist(first, fourth) + math.dist(second, third)) / 2
        em = (x1 - x0) / (max(_ems(line.text), 0.5) + 2 * _MARGIN_EMS)
        return _Row(line.text, line.confidence, x0, x1, y, height, em, line.centres)

    def _point(self, corner: Point) -> Point:
        x, y = corner
        sine, cosine = math.sin(self.tilt), math.cos(self.tilt)
        return (x * cosine + y * sine) * self.scale, self.height - (y * cosine - x * sine) * self.scale


def _in_order(rows: Sequence[_Row]) -> list[_Row]:
    """From the top, what is side by side from the left."""
    waiting = sorted(rows, key=lambda row: -row.y)
    ordered: list[_Row] = []
    while waiting:
        first = waiting[0]
        beside = [row for row in waiting if first.y - row.y <= _BESIDE_EMS * min(first.em, row.em)]
        waiting = [row for row in waiting if row not in beside]
        beside.sort(key=lambda row: row.x0)
        for row, following in zip(beside, [*beside[1:], None], strict=True):
            ordered.append(row if following is None else _before(row, following))
    return ordered


def _before(row: _Row, following: _Row) -> _Row:
    """A line that ends before the next one begins: boxes of lines side by side may overlap."""
    end = max(row.x0 + 0.5 * row.em, following.x0 - 2 * _MARGIN_EMS * row.em)
    return replace(row, x1=min(row.x1, end))


def _ems(text: str) -> float:
    return sum(map(_width, text))


def _width(character: str) -> float:
    return 1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.5


def _with_sizes(rows: Sequence[_Row]) -> list[_Row]:
    """The rows with the size of their type: that of most text where they differ little from it."""
    long = [row for row in rows if _ems(row.text) >= _SURE_EMS]
    share = median([row.em / row.height for row in long if row.height] or [0.85])
    sized = [row if row in long else replace(row, em=row.height * share) for row in rows]
    body = median([row.em for row in sized for _ in row.text] or [10.0])
    return [
        replace(row, em=body)
        if min(abs(row.em - body), abs(row.height * share - body)) <= _SAME_SIZE * body
        else row
        for row in sized
    ]


def _starts(rows: Sequence[_Row]) -> list[float]:
    """Where several lines begin: the left edges of columns, and those of their indents."""
    left = sorted(row.x0 for row in rows)
    near = _NEAR_EMS * median([row.em for row in rows] or [10.0])
    groups = [[other for other in left if abs(other - x) <= near] for x in left]
    found: list[float] = []
    for group in sorted(groups, key=len, reverse=True):
        middle = median(group)
        if len(group) >= _FEWEST_STARTS and all(abs(middle - x) > 2 * near for x in found):
            found.append(middle)
    return sorted(found)


def _aligned(row: _Row, starts: Sequence[float]) -> _Row:
    """A line that begins where others do, exactly there."""
    start = min(starts, key=lambda x: abs(x - row.x0), default=row.x0)
    return replace(row, x0=start) if abs(start - row.x0) <= _NEAR_EMS * row.em else row


def _cut(row: _Row, starts: Sequence[float]) -> Iterator[_Row]:
    """A line that was recognised over a gutter as its parts: cut in a gap before the left edge of a column."""
    letters = [(at, letter) for at, letter in enumerate(row.text) if letter.strip()]
    if len(letters) != len(row.centres):
        yield row
        return
    middles = [row.x0 + centre * (row.x1 - row.x0) for centre in row.centres]
    begun = 0
    left = row.x0
    for n in range(1, len(letters)):
        before, after = middles[n - 1], middles[n]
        if after - before < _GAP_EMS * row.em:
            continue
        edge = next((x for x in starts if before < x < after and after - x < 1.2 * row.em), None)
        if edge is not None:
            yield replace(
                row,
                text=row.text[begun : letters[n][0]].strip(),
                x0=left,
                x1=min(before + (0.5 + _MARGIN_EMS) * row.em, edge),
                centres=(),
            )
            begun, left = letters[n][0], edge
    yield replace(row, text=row.text[begun:].strip(), x0=left, centres=())


def _glyphs(row: _Row, order: int) -> Iterator[Glyph]:
    """The characters of a line, spread over its box; `y` of a glyph is its baseline."""
    margin = _MARGIN_EMS * row.em
    step = (row.x1 - row.x0 - 2 * margin) / max(_ems(row.text), 0.5)
    x, y = row.x0 + margin, row.y - _BASELINE_EMS * row.em
    for character in row.text:
        advance = _width(character) * step
        if character.strip():
            yield Glyph(character, x, y, advance, row.em, 0.0, order, confidence=row.confidence)
            order += 1
        x += advance


def _glyphs_below(row: _Row, order: int) -> Iterator[Glyph]:
    """The characters of a line that is written downwards; `x` of a glyph is its middle, `y` its top."""
    letters = [character for character in row.text if character.strip()]
    step = row.height / len(letters)
    middle, top = (row.x0 + row.x1) / 2, row.y + row.height / 2
    for at, character in enumerate(letters):
        y = top - at * step
        yield Glyph(character, middle, y, step, step, 0.0, order + at, True, row.confidence)
