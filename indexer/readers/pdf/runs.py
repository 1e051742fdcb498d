"""Glyphs to stretches: what was drawn one after the other along one line, in frames of one direction each.

glyphs -> frames (a turned frame is read as if the page had been turned) -> runs in the order of drawing ->
stretches: runs that touch on one baseline. Characters that are set one below the other make a frame of their
own, read downwards and from the right. In a frame x is to the right and y upwards, whatever it was on the page.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from indexer.readers.pdf.glyphs import Glyph

GAP_EMS = 0.6
"""A wider gap divides a line into stretches; the narrowest gutter between columns is wider."""
APART_EMS = 0.35
"""The same for what was not drawn one after the other: a line may reach into the gutter."""
_OVERLAP = 0.5
_STRAIGHT_DEGREES = 10.0
_SMALLEST_SHARE = 0.4
_STEP_EMS = (0.6, 1.45)
_FEWEST_BELOW = 3
_DOWNWARDS = 270
_MOSTLY = 0.6
_CLOSING = frozenset("，。、；：？！”’》）】」』〉")
_OPENING = frozenset("“‘《（【「『〈")
_LAPS_EMS = 0.7
"""How far characters may overlap: marks are often set half an em closer."""
_BLANK_EMS = 0.25
_HAN_BLANK_EMS = 0.7


@dataclass(slots=True)
class Box:
    """A glyph in its frame: the characters with the box of their em."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    order: int
    confidence: float | None = None


@dataclass(slots=True)
class Stretch:
    """Glyphs that touch on one baseline, from the left."""

    boxes: list[Box]
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    order: int

    @classmethod
    def of(cls, boxes: list[Box]) -> Stretch:
        """The stretch of some boxes; its height is that of its largest kind of type."""
        size = median(box.size for box in boxes)
        main = [box for box in boxes if box.size >= 0.75 * size]
        low, high = median(box.y0 for box in main), median(box.y1 for box in main)
        return cls(
            boxes,
            min(b.x0 for b in boxes),
            low,
            max(b.x1 for b in boxes),
            high,
            size,
            min(b.order for b in boxes),
        )

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2

    @property
    def ink_x0(self) -> float:
        """Where its ink begins: an opening mark fills the right half of its box."""
        return self.x0 + 0.5 * self.size if self.boxes[0].text in _OPENING else self.x0

    @property
    def ink_x1(self) -> float:
        """Where its ink ends: a closing mark fills the left half of its box."""
        return self.x1 - 0.5 * self.size if self.boxes[-1].text in _CLOSING else self.x1

    @property
    def text(self) -> str:
        return text_of(self.boxes)


def text_of(boxes: Sequence[Box]) -> str:
    """The characters of a line, with a blank where the gap is wide."""
    parts = [boxes[0].text]
    for before, box in pairwise(boxes):
        han = before.text[-1:] > "\u2e7f" or box.text[:1] > "\u2e7f"
        gap = box.x0 - before.x1
        if gap > (_HAN_BLANK_EMS if han else _BLANK_EMS) * max(min(box.size, before.size), 0.1):
            parts.append(" ")
        parts.append(box.text)
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class Frame:
    """The glyphs of one direction. `turn` is 0, 90, 180 or 270; the main frame of a page comes first."""

    turn: int
    boxes: tuple[Box, ...]
    width: float
    height: float


def frames_of(glyphs: Sequence[Glyph], width: float, height: float) -> tuple[list[Frame], list[Glyph]]:
    """A page's frames, and the glyphs that run aslant."""
    glyphs = _with_ligatures([glyph for glyph in glyphs if not glyph.text.isspace()])
    aslant = [glyph for glyph in glyphs if _slant(glyph.angle) > _STRAIGHT_DEGREES]
    turned: dict[int, list[Box]] = defaultdict(list)
    below = _set_below(glyphs)
    tilts: dict[int, list[float]] = defaultdict(list)
    for glyph in glyphs:
        if _slant(glyph.angle) <= _STRAIGHT_DEGREES:
            tilts[_turn(glyph)].append((glyph.angle + 180 - _turn(glyph)) % 360 - 180)
    tilt = {turn: median(values) for turn, values in tilts.items()}
    for glyph in glyphs:
        if _slant(glyph.angle) > _STRAIGHT_DEGREES:
            continue
        if glyph.order in below:
            turned[_DOWNWARDS].append(_box_downwards(glyph))
        else:
            turn = _turn(glyph)
            turned[turn].append(_box(glyph, turn, tilt[turn] if abs(tilt[turn]) > 0.1 else 0.0))
    main = max(turned, key=lambda turn: (len(turned[turn]), turn == 0), default=0)
    frames = []
    for turn in sorted(turned, key=lambda turn: (turn != main, turn)):
        wide, high = (height, width) if turn % 180 else (width, height)
        frames.append(Frame(turn, tuple(turned[turn]), wide, high))
    return frames, aslant


def _with_ligatures(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Characters that one glyph stands for, such as a long dash, put together again."""
    found: list[Glyph] = []
    for glyph in glyphs:
        last = found[-1] if found else None
        if (
            last
            and (last.x, last.y, last.size) == (glyph.x, glyph.y, glyph.size)
            and glyph.order - last.order < 4
        ):
            found[-1] = last._replace(text=last.text + glyph.text)
        else:
            found.append(glyph)
    return found


def _slant(angle: float) -> float:
    return abs(angle - 90 * round(angle / 90))


def _turn(glyph: Glyph) -> int:
    return round(glyph.angle / 90) % 4 * 90


def _box(glyph: Glyph, turn: int, tilt: float) -> Box:
    radians = math.radians(turn + tilt)
    sine, cosine = round(math.sin(radians), 9), round(math.cos(radians), 9)
    x = glyph.x * cosine + glyph.y * sine
    y = -glyph.x * sine + glyph.y * cosine
    return Box(
        glyph.text,
        x,
        y - 0.12 * glyph.size,
        x + glyph.advance,
        y + 0.88 * glyph.size,
        glyph.size,
        glyph.order,
        glyph.confidence,
    )


def _box_downwards(glyph: Glyph) -> Box:
    """The box of a character that stands above the next one, in the frame that is read downwards."""
    size = glyph.size
    if glyph.upright:
        middle, top = glyph.x, glyph.y
    else:
        middle, top = _middle(glyph), glyph.y + 0.88 * size
    return Box(
        glyph.text,
        -top,
        middle - 0.5 * size,
        size - top,
        middle + 0.5 * size,
        size,
        glyph.order,
        glyph.confidence,
    )


def _set_below(glyphs: Sequence[Glyph]) -> frozenset[int]:
    """The order numbers of characters that are set one below the other: three at least, of one size."""
    found: set[int] = set()
    chain: list[Glyph] = []

    def close() -> None:
        han = sum(glyph.text > "\u2e7f" for glyph in chain)
        if len(chain) >= _FEWEST_BELOW and han >= 0.8 * len(chain):
            found.update(glyph.order for glyph in chain)

    for glyph in glyphs:
        if glyph.upright:
            found.add(glyph.order)
        if chain and not _is_below(chain[-1], glyph):
            close()
            chain = []
        chain.append(glyph)
    close()
    if len(found) >= _MOSTLY * sum(glyph.angle == 0 for glyph in glyphs):
        found |= _rest_of_columns(glyphs, found)
    return frozenset(found)


def _rest_of_columns(glyphs: Sequence[Glyph], below: set[int]) -> set[int]:
    """On a page that is read downwards, the single characters between two numbers that lie on their side."""
    columns = {(round(_middle(g)), round(g.size)) for g in glyphs if g.order in below}
    found = set()
    for before, glyph, after in zip([None, *glyphs], glyphs, [*glyphs[1:], None], strict=False):
        if glyph.angle != 0 or glyph.order in below:
            continue
        beside = any(
            other is not None and other.angle == 0 and abs(other.y - glyph.y) < 0.1 * glyph.size
            for other in (before, after)
        )
        middle = round(_middle(glyph))
        if not beside and any((x, round(glyph.size)) in columns for x in range(middle - 2, middle + 3)):
            found.add(glyph.order)
    return found


def _middle(glyph: Glyph) -> float:
    """The middle of its em from left to right; a mark's own width may be that of its ink."""
    return glyph.x + (glyph.size if glyph.text[0] > "\u2e7f" else glyph.advance) / 2


def _is_below(above: Glyph, glyph: Glyph) -> bool:
    if glyph.angle != 0 or above.angle != 0 or abs(glyph.size - above.size) > 0.1 * above.size:
        return False
    aside = abs(_middle(glyph) - _middle(above))
    step = (above.y - glyph.y) / glyph.size
    return aside <= 0.25 * glyph.size and _STEP_EMS[0] <= step <= _STEP_EMS[1]


def runs_of(boxes: Sequence[Box]) -> list[Stretch]:
    """What was drawn one after the other along one line; a raised mark stays in the line that it stands in."""
    runs: list[list[Box]] = []
    for box in boxes:
        if runs and _goes_on(runs[-1][-1], box):
            runs[-1].append(box)
        else:
            runs.append([box])
    return [Stretch.of(run) for run in runs]


def _goes_on(before: Box, box: Box) -> bool:
    small, large = sorted((before.size, box.size))
    if small < _SMALLEST_SHARE * large:
        return False
    overlap = min(before.y1, box.y1) - max(before.y0, box.y0)
    if overlap < _OVERLAP * small:
        return False
    return -_LAPS_EMS * small <= box.x0 - before.x1 <= GAP_EMS * small


def join_runs(runs: Sequence[Stretch]) -> list[Stretch]:
    """Runs that touch on one baseline as one stretch."""
    joined: list[Stretch] = []
    for row in rows_of(runs):
        stretch: list[Stretch] = []
        for run in row:
            if stretch and not _touches(stretch[-1], run):
                joined.append(_one(stretch))
                stretch = []
            stretch.append(run)
        joined.append(_one(stretch))
    return joined


def rows_of(runs: Sequence[Stretch]) -> list[list[Stretch]]:
    """Runs by their baselines, from the top, each row from the left."""
    rows: list[list[Stretch]] = []
    for run in sorted(runs, key=lambda run: (-run.middle, run.x0)):
        for row in rows[-4:]:
            small = min(row[0].size, run.size)
            if abs(row[0].middle - run.middle) <= 0.35 * small + 0.1:
                row.append(run)
                break
            if small < 0.75 * max(row[0].size, run.size) and any(_is_raised(other, run) for other in row):
                row.append(run)
                break
        else:
            rows.append([run])
    return [sorted(row, key=lambda run: (run.x0, run.order)) for row in rows]


def _is_raised(line: Stretch, mark: Stretch) -> bool:
    """Whether a small run is a mark in a line of larger type, or the line of a small mark that came first."""
    small, large = sorted((line, mark), key=lambda run: run.size)
    overlap = min(small.y1, large.y1) - max(small.y0, large.y0)
    beside = large.x0 - 0.6 * large.size <= small.x0 and small.x1 <= large.x1 + 2 * large.size
    return len(small.boxes) <= 4 and overlap >= 0.4 * small.size and beside


def _touches(before: Stretch, run: Stretch) -> bool:
    """Whether two runs are one line; marks at a gutter reach into it with the blank half of their boxes."""
    small = min(before.size, run.size)
    drawn_next = 0 < run.order - max(box.order for box in before.boxes[-4:]) <= 4
    most = GAP_EMS if drawn_next else APART_EMS
    return -_LAPS_EMS * small <= run.x0 - before.x1 and run.ink_x0 - before.ink_x1 <= most * small


def _one(runs: Sequence[Stretch]) -> Stretch:
    if len(runs) == 1:
        return runs[0]
    return Stretch.of([box for run in runs for box in run.boxes])


def body_size(stretches: Sequence[Stretch]) -> float:
    """The size of most characters."""
    sizes: Counter[float] = Counter()
    for stretch in stretches:
        sizes[round(2 * stretch.size) / 2] += len(stretch.boxes)
    return max(sizes, key=lambda size: (sizes[size], size), default=10.0) or 0.5
