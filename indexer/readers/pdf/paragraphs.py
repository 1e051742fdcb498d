"""Which lines end their paragraphs: by the room that a line leaves, the next one's indent, and the gaps.

A line that leaves room for what the next one begins with ends its paragraph; one before a long number is only
cut. A column's edges are those of its own lines, or of the same column on other pages.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from indexer.readers.pdf.columns import PageLine

_NEAR = 3.0
_SLACK_EMS = 0.12
_INDENT_EMS = 1.2
_STICKS_OUT_EMS = 2.0
_SHORT_SHARE = 0.75
"""Of the room between even margins: where all lines take less, none is full."""
_GAP = 1.35
_RESIZED = 0.12


@dataclass(frozen=True, slots=True)
class Column:
    """Left edge, right edge, and the usual distance of lines."""

    left: float
    right: float
    leading: float


def paragraph_ends(lines: Sequence[PageLine], widths: Mapping[int, float] | None = None) -> list[bool]:
    """For each line whether its paragraph ends with it.

    Over the end of a column there is no gap to go by; then only the room and the indent count.

    Args:
        widths: of the pages of columns that are alone on theirs: where all lines are short and no two end at one edge,
            the right margin is taken to be as wide as the left one.
    """
    columns = _columns(lines, widths or {})
    ends = []
    for at, line in enumerate(lines):
        own = columns[line.column]
        room = own.right - line.x1
        if at + 1 == len(lines):
            ends.append(room > 1.6 * line.size)
            continue
        following = lines[at + 1]
        if line.is_row or following.is_row or abs(following.size - line.size) > _RESIZED * line.size:
            ends.append(True)
            continue
        its = columns[following.column]
        short = room > max(following.first_width, 0.5 * line.size) + _SLACK_EMS * line.size
        indented = following.x0 > its.left + _INDENT_EMS * following.size
        apart = line.column == following.column and line.y1 - following.y1 > _GAP * own.leading
        ends.append(short or indented or apart)
    return ends


def _columns(lines: Sequence[PageLine], widths: Mapping[int, float]) -> dict[int, Column]:
    members: dict[int, list[PageLine]] = defaultdict(list)
    for line in lines:
        members[line.column].append(line)
    shared = _shared_edges(list(members.values()))
    leading = median([step for group in members.values() for step in _steps(group)] or [0.0])
    return {
        number: Column(*_edges(group, shared, widths.get(number, 0.0)), _leading(group, leading))
        for number, group in members.items()
    }


def _steps(lines: Sequence[PageLine]) -> list[float]:
    return [
        upper.y1 - lower.y1
        for upper, lower in pairwise(lines)
        if upper.y1 > lower.y1 and abs(upper.size - lower.size) <= _RESIZED * upper.size and not upper.is_row
    ]


def _leading(lines: Sequence[PageLine], usual: float) -> float:
    """The distance of most of a column's lines; gaps between paragraphs are more than that."""
    steps = sorted(_steps(lines))
    if len(steps) < 3:
        return usual
    counts = Counter(round(2 * step) for step in steps)
    often = [step for step, count in counts.items() if count >= 0.25 * len(steps)]
    return min(often) / 2 if often else median(steps)


def _shared_edges(groups: Sequence[Sequence[PageLine]]) -> Counter[tuple[int, int]]:
    """How many lines of the document begin and end where."""
    edges: Counter[tuple[int, int]] = Counter()
    for group in groups:
        for line in group:
            if not line.hangs:
                edges[round(line.x0), round(line.x1)] += 1
    return edges


def _edges(
    lines: Sequence[PageLine], shared: Counter[tuple[int, int]], page_width: float
) -> tuple[float, float]:
    """A column's edges; those that stick out alone, as a hung number does, don't count."""
    left = _left_edge(lines)
    right, is_sure = _right_edge(lines)
    its = Counter[int]()
    for (start, end), count in shared.items():
        if abs(start - left) <= _NEAR:
            its[end] += count
    often = [end for end, count in its.items() if sum(its[near] for near in range(end - 2, end + 3)) >= 3]
    if often and max(often) > right and len(lines) < 12:
        right = max(often)
    elif not often and not is_sure:
        margin, longest = page_width - left, max(line.x1 for line in lines)
        right = margin if longest - left < _SHORT_SHARE * (margin - left) else right
    return left, right


def _left_edge(lines: Sequence[PageLine]) -> float:
    starts = sorted(line.x0 for line in lines)
    for start in starts:
        if sum(abs(other - start) <= _NEAR for other in starts) >= max(2, 0.1 * len(starts)):
            return start
    return starts[0]


def _right_edge(lines: Sequence[PageLine]) -> tuple[float, bool]:
    """Where the column ends, and whether two lines at least end there and none goes far beyond."""
    inside = [line.x1 for line in lines if not line.hangs]
    ends = sorted(inside if len(inside) > 2 else (line.x1 for line in lines), reverse=True)
    for end in ends:
        if sum(abs(other - end) <= _NEAR for other in ends) >= 2:
            return end, ends[0] - end <= _STICKS_OUT_EMS * lines[0].size
    return ends[0], False
