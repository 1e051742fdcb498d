"""What lies over the text and is no part of it: watermarks, stamps, and type drawn twice to look bold.

A watermark covers the characters of the text below it. One that runs aslant is known by that alone; a level one
by its size, or by being repeated.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from indexer.readers.pdf.runs import Box, Stretch

LARGER = 1.25
FEWEST_COVERED = 2
REPEATED = 3
COVERED_SHARE = 0.3
_CELL_POINTS = 40.0


def find_watermarks(pages: Sequence[Sequence[Stretch]]) -> dict[tuple[int, int], str]:
    """(page index, order of the first glyph) -> text, for the level runs that lie over others."""
    counts: Counter[str] = Counter()
    for runs in pages:
        texts = [_text_of(run) for run in runs]
        counts.update((*texts, *set(texts)))
    found: dict[tuple[int, int], str] = {}
    known: set[tuple[str, int]] = set()
    for index, runs in enumerate(pages):
        grid = _grid(runs)
        for run in runs:
            text = _text_of(run)
            if _covers(run, grid, often=counts[text] > REPEATED):
                found[index, run.order] = text
                known.add((text, round(run.size)))
    for index, runs in enumerate(pages):
        for run in runs:
            text = _text_of(run)
            if (text, round(run.size)) in known:
                found[index, run.order] = text
    return found


def _text_of(run: Stretch) -> str:
    return "".join(box.text for box in run.boxes)


def _grid(runs: Sequence[Stretch]) -> dict[tuple[int, int], list[tuple[Box, Stretch]]]:
    cells: dict[tuple[int, int], list[tuple[Box, Stretch]]] = defaultdict(list)
    for run in runs:
        for box in run.boxes:
            x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
            cells[int(x // _CELL_POINTS), int(y // _CELL_POINTS)].append((box, run))
    return cells


def _covers(run: Stretch, grid: dict[tuple[int, int], list[tuple[Box, Stretch]]], *, often: bool) -> bool:
    smaller, covering = 0, 0
    for box in run.boxes:
        inset = 0.1 * box.size
        x0, x1, y0, y1 = box.x0 + inset, box.x1 - inset, box.y0 + inset, box.y1 - inset
        covered = 0
        for column in range(int(x0 // _CELL_POINTS), int(x1 // _CELL_POINTS) + 1):
            for row in range(int(y0 // _CELL_POINTS), int(y1 // _CELL_POINTS) + 1):
                for other, owner in grid.get((column, row), ()):
                    if owner is run or not x0 <= (other.x0 + other.x1) / 2 <= x1:
                        continue
                    if y0 <= (other.y0 + other.y1) / 2 <= y1:
                        smaller += other.size * LARGER <= box.size
                        covered += len(owner.boxes) > len(run.boxes)
        covering += covered > 0
    if smaller >= FEWEST_COVERED:
        return True
    return often and covering >= COVERED_SHARE * len(run.boxes)


def drawn_again(boxes: Sequence[Box]) -> set[int]:
    """The order numbers of characters that stand where the same one was drawn before."""
    seen: dict[tuple[str, int, int], Box] = {}
    again: set[int] = set()
    for box in boxes:
        cell = max(0.4 * box.size, 0.5)
        column, row = int(box.x0 // cell), int(box.y0 // cell)
        near = (seen.get((box.text, column + dx, row + dy)) for dx in (-1, 0, 1) for dy in (-1, 0, 1))
        if any(_same_place(box, other) for other in near if other is not None):
            again.add(box.order)
        else:
            seen[box.text, column, row] = box
    return again


def _same_place(box: Box, other: Box) -> bool:
    slack = 0.2 * box.size
    return (
        abs(box.x0 - other.x0) <= slack
        and abs(box.y0 - other.y0) <= slack
        and abs(box.size - other.size) < slack
    )
