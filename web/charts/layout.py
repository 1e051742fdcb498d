"""Sizes that the charts of a distribution share, in CSS pixels."""

from __future__ import annotations

from collections.abc import Iterable

PLOT_WIDTH = 660
"""Width of the column of text that charts stand in."""
TOTAL_WIDTH = 58
"""Column of totals on the right."""
LABEL_SIZE = 13
_MIN_LABEL_WIDTH = 92
_MAX_LABEL_WIDTH = 160


def label_width(names: Iterable[str]) -> float:
    """Width of the column of row labels, which stays in sight while the chart scrolls."""
    longest = max(len(name) for name in names)
    return float(min(_MAX_LABEL_WIDTH, max(_MIN_LABEL_WIDTH, longest * LABEL_SIZE + 12)))
