"""Stretches to lines in reading order: the columns of a page, found by the white strips between them.

A gutter is a strip that no stretch crosses, with text on both sides in three rows at least. The page is cut
along gutters that go all through it, else across where the longest gutter begins and ends, and so on within
each part. The order of drawing tells columns from a table: columns were drawn one after the other, a table row by
row. Coordinates are those of a frame; nothing here knows pages or PDF.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from indexer.readers.pdf.runs import Box, Stretch, body_size, rows_of, text_of

FEWEST_ROWS = 3
CLEAR_EMS = 0.25
"""The blank above and below a headline."""
TIGHT_EMS = 0.1
STRIP_EMS = 0.5
"""How wide a gutter is; single lines may leave less of it."""
MOST_TIGHT_SHARE = 0.1
NARROWEST_COLUMN_EMS = 4.0
FULL_SHARE = 0.6
BY_ROWS = 1.5
_SAME_EDGE = 2.0
_DEEPEST = 40


@dataclass(frozen=True, slots=True, eq=False)
class PageLine:
    """A line of one column.

    Args:
        first_width: how much room its first character or number wants, with the marks that stick to it.
        column: the number of its column in the document.
        is_row: whether it is a row of a table.
        hangs: whether it ends with a mark, which may hang beyond the edge.
        confidence: the least of its characters that were recognised in a picture, or None.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    first_width: float = 0.0
    column: int = 0
    is_row: bool = False
    hangs: bool = False
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Gutter:
    """A white strip that ends on the right at `x`, from `top` down to `bottom`, with so many rows on both sides."""

    x: float
    top: float
    bottom: float
    rows: int


@dataclass(slots=True)
class Layout:
    """The columns of a page in reading order, and the gutters between them."""

    columns: list[list[PageLine]] = field(default_factory=list)
    gutters: list[float] = field(default_factory=list)


def lay_out(stretches: Sequence[Stretch], known: Sequence[float] = ()) -> Layout:
    """A page's lines by columns, in the order in which they are read.

    Args:
        known: gutters of other pages, for a page whose own lines are too few to show them.
    """
    layout = Layout()
    _cut(list(stretches), layout, known, 0)
    return layout


def _cut(stretches: list[Stretch], layout: Layout, known: Sequence[float], depth: int) -> None:
    if not stretches:
        return
    gutters, tables = find_gutters(stretches, known) if depth < _DEEPEST else ([], [])
    if not gutters:
        layout.columns.append(_lines(stretches, tables))
        return
    best = max(gutters, key=lambda gutter: (round(gutter.top - gutter.bottom), gutter.rows, -gutter.x))
    above = [stretch for stretch in stretches if stretch.middle > best.top]
    below = [stretch for stretch in stretches if stretch.middle < best.bottom]
    if above or below:
        within = [stretch for stretch in stretches if best.bottom <= stretch.middle <= best.top]
        for part in (above, within, below):
            _cut(part, layout, known, depth + 1)
        return
    layout.gutters.append(best.x)
    _cut([stretch for stretch in stretches if not _is_right(stretch, best.x)], layout, known, depth + 1)
    _cut([stretch for stretch in stretches if _is_right(stretch, best.x)], layout, known, depth + 1)


def _is_right(stretch: Stretch, x: float) -> bool:
    return stretch.ink_x0 >= x - _SAME_EDGE


def find_gutters(
    stretches: Sequence[Stretch], known: Sequence[float] = ()
) -> tuple[list[Gutter], list[tuple[float, float]]]:
    """The gutters of a part of a page, and from where to where it has tables."""
    em = body_size(stretches)
    starts = Counter(round(stretch.x0) for stretch in stretches)
    ordered = sorted(stretches, key=lambda stretch: (-stretch.middle, stretch.x0))
    by_itself = _by_themselves(stretches, em)
    alone = {id(stretch) for stretch in by_itself if _is_headline(stretch, stretches, em, starts)}
    gutters, tables = _gutters(stretches, ordered, starts, known, em, alone)
    crossing = {id(s) for s in by_itself if any(_crosses(s, gutter.x, em) for gutter in gutters)} - alone
    if crossing:
        # What crosses one gutter divides all columns, also those beside it.
        return _gutters(stretches, ordered, starts, known, em, alone | crossing)
    return gutters, tables


def _gutters(
    stretches: Sequence[Stretch],
    ordered: Sequence[Stretch],
    starts: Counter[int],
    known: Sequence[float],
    em: float,
    alone: set[int],
) -> tuple[list[Gutter], list[tuple[float, float]]]:
    gutters: list[Gutter] = []
    tables: list[tuple[float, float]] = []
    for x, is_known in _candidates(stretches, starts, known):
        for span in _spans(ordered, x, em, alone):
            left, right = _neighbours(span, x)
            rows = min(len(left), len(right))
            tight = sum(stretch.ink_x1 > x - STRIP_EMS * em for stretch in left)
            if tight > MOST_TIGHT_SHARE * len(left) + is_known:
                continue
            if rows < (1 if is_known else FEWEST_ROWS):
                continue
            top, bottom = max(s.middle for s in span), min(s.middle for s in span)
            if _are_columns(left, right, x, em, is_known=is_known):
                gutters.append(Gutter(x, top, bottom, rows))
            elif rows >= FEWEST_ROWS and _are_cells(left, right, em):
                both = [*left, *right]
                tables.append((max(s.middle for s in both), min(s.middle for s in both)))
    return gutters, tables


def _candidates(
    stretches: Sequence[Stretch], starts: Counter[int], known: Sequence[float]
) -> Iterator[tuple[float, bool]]:
    """Left edges that several lines share; a paragraph's indent is to the right of its column's edge."""
    leftmost = min(stretch.x0 for stretch in stretches)
    for start in sorted(starts):
        count = sum(starts[near] for near in (start - 1, start, start + 1))
        if (
            start > leftmost + 2
            and count >= FEWEST_ROWS
            and starts[start] >= max(starts[start - 1], starts[start + 1])
        ):
            yield start, False
    for x in known:
        if x > leftmost + 2:
            yield x, True


def _by_themselves(stretches: Sequence[Stretch], em: float) -> list[Stretch]:
    """Stretches that have their height to themselves."""
    found = []
    by_top = sorted(stretches, key=lambda stretch: -stretch.y1)
    for at, stretch in enumerate(by_top):
        near = by_top[max(0, at - 12) : at] + by_top[at + 1 : at + 13]
        low, high = stretch.y0 - CLEAR_EMS * em, stretch.y1 + CLEAR_EMS * em
        if not any(other.y0 < high and other.y1 > low for other in near):
            found.append(stretch)
    return found


def _is_headline(stretch: Stretch, stretches: Sequence[Stretch], em: float, starts: Counter[int]) -> bool:
    """Whether a stretch by itself is larger than the text, or only centred over it.

    A short headline over three columns crosses no gutter, and yet belongs to all of them.
    """
    left, right = min(s.x0 for s in stretches), max(s.x1 for s in stretches)
    centred = abs(stretch.x0 + stretch.x1 - left - right) <= 2 * em
    shared = sum(starts[near] for near in range(round(stretch.x0) - 3, round(stretch.x0) + 4)) > 2
    return centred and (stretch.size > 1.12 * em or not shared)


def _spans(ordered: Sequence[Stretch], x: float, em: float, alone: set[int]) -> Iterator[list[Stretch]]:
    """From top to bottom, what lies between two stretches that cross the strip before `x`."""
    span: list[Stretch] = []
    for stretch in ordered:
        if _crosses(stretch, x, em) or id(stretch) in alone:
            if span:
                yield span
            span = []
        else:
            span.append(stretch)
    if span:
        yield span


def _crosses(stretch: Stretch, x: float, em: float) -> bool:
    return not _is_right(stretch, x) and stretch.ink_x1 > x - TIGHT_EMS * em


def _neighbours(span: Sequence[Stretch], x: float) -> tuple[list[Stretch], list[Stretch]]:
    """The stretches on both sides of a strip that have another one across it, each the nearest in its row."""
    left: dict[int, Stretch] = {}
    right: dict[int, Stretch] = {}
    lefts = [stretch for stretch in span if not _is_right(stretch, x)]
    rights = [stretch for stretch in span if _is_right(stretch, x)]
    begin = 0
    for stretch in lefts:
        while begin < len(rights) and rights[begin].y0 > stretch.y1:
            begin += 1
        for other in rights[begin:]:
            if other.y1 < stretch.y0:
                break
            overlap = min(stretch.y1, other.y1) - max(stretch.y0, other.y0)
            if overlap >= 0.3 * min(stretch.size, other.size):
                row = round(stretch.middle)
                if row not in left or left[row].x1 < stretch.x1:
                    left[row] = stretch
                row = round(other.middle)
                if row not in right or right[row].x0 > other.x0:
                    right[row] = other
    return list(left.values()), list(right.values())


def _are_columns(
    left: Sequence[Stretch], right: Sequence[Stretch], x: float, em: float, *, is_known: bool
) -> bool:
    """Whether two sides are columns of text and not cells of a table."""
    widest_left = max(s.x1 - s.x0 for s in left)
    widest_right = max(s.x1 for s in right) - x
    if is_known:
        return _switches(left, right) <= 1
    if min(widest_left, widest_right) < NARROWEST_COLUMN_EMS * em:
        return False
    rows = min(len(left), len(right))
    switches = _switches(left, right)
    if switches <= max(1, rows // 5):
        return True
    wide = min(widest_left, widest_right) >= 2 * NARROWEST_COLUMN_EMS * em
    full = min(_fullness(left), _fullness(right)) >= FULL_SHARE
    return switches >= BY_ROWS * rows and wide and full


def _are_cells(left: Sequence[Stretch], right: Sequence[Stretch], em: float) -> bool:
    """Whether two sides are cells of rows: drawn row by row, on the same baselines."""
    shared = sum(any(abs(s.middle - other.middle) < 0.3 * em for other in right) for s in left)
    return shared >= 0.8 * len(left) and _switches(left, right) >= BY_ROWS * min(len(left), len(right))


def _switches(left: Sequence[Stretch], right: Sequence[Stretch]) -> int:
    """How often the drawing changed from one side to the other."""
    sides = [side for _, side in sorted([(s.order, 0) for s in left] + [(s.order, 1) for s in right])]
    return sum(side != following for side, following in pairwise(sides))


def _fullness(stretches: Sequence[Stretch]) -> float:
    """The share of lines that reach the right edge of their column."""
    edge = max(stretch.x1 for stretch in stretches)
    return sum(stretch.x1 > edge - 1.5 * stretch.size for stretch in stretches) / len(stretches)


def _lines(stretches: Sequence[Stretch], tables: Sequence[tuple[float, float]]) -> list[PageLine]:
    """One column's lines from the top."""
    lines = []
    for row in rows_of(stretches):
        boxes = [box for stretch in row for box in stretch.boxes]
        middle = row[0].middle
        size = max(row, key=lambda stretch: len(stretch.boxes)).size
        is_row = any(bottom - 1 <= middle <= top + 1 for top, bottom in tables)
        lines.append(
            PageLine(
                text_of(boxes),
                min(s.ink_x0 for s in row),
                min(s.y0 for s in row),
                max(s.x1 for s in row),
                max(s.y1 for s in row),
                size,
                _first_width(boxes),
                0,
                is_row,
                boxes[-1].text in _STICKING,
                min((box.confidence for box in boxes if box.confidence is not None), default=None),
            )
        )
    return lines


_OPENING = frozenset("“‘《（【「『〈([")
_QUOTES = frozenset("“”‘’")
_STICKING = frozenset("，。、；：？！”’》）】」』〉)]%％‰…,.;:!?")


def _first_width(boxes: Sequence[Box]) -> float:
    """The room that a line's beginning wants: a character or a number with the marks that may not leave it.

    Quotation marks bind the characters on both sides, as most programs break lines (rule LB19 of UAX 14).
    """
    at = -1
    bound = True
    while bound and at + 1 < len(boxes):
        at += 1
        while at + 1 < len(boxes) and boxes[at].text in _OPENING:
            at += 1
        while at + 1 < len(boxes) and _is_number(boxes[at], boxes[at + 1]):
            at += 1
        while at + 1 < len(boxes) and boxes[at + 1].text in _STICKING:
            at += 1
        bound = boxes[at].text in _QUOTES or (at + 1 < len(boxes) and boxes[at + 1].text in _QUOTES)
    return boxes[at].x1 - boxes[0].x0


def _is_number(box: Box, following: Box) -> bool:
    """Whether two characters belong to one number or word."""
    close = following.x0 - box.x1 < 0.2 * box.size
    return box.text.isascii() and following.text.isascii() and close


def plain_rows(stretches: Sequence[Stretch]) -> list[tuple[PageLine, list[Stretch]]]:
    """A page's rows over all columns, each as one line with the stretches that it is made of."""
    rows = rows_of(stretches)
    return [(_lines(row, ())[0], row) for row in rows]
