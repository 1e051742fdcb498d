"""Growth as a picture: lines over the number of paragraphs, both axes logarithmic. Plain SVG, no library."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence

Line = Sequence[tuple[float, float]]
"""(paragraphs, value), both above zero."""

_WIDTH, _HEIGHT = 370, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 112, 30, 36
_LINE = 12.0
_INKS = ("#b3261e", "#1f5fa8", "#2e7d32", "#8a6d00", "#6a3d9a", "#444")


def draw_growth(panels: Mapping[str, Mapping[str, Line]]) -> str:
    """An SVG with the panels side by side.

    Args:
        panels: title -> name of a line -> its points.
    """
    drawn = [_draw_panel(title, lines, at * _WIDTH) for at, (title, lines) in enumerate(panels.items())]
    width = _WIDTH * len(panels)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {_HEIGHT}" width="{width}" height="{_HEIGHT}"'
        ' font-family="sans-serif" font-size="11" role="img">\n'
        f"<title>{'; '.join(panels)}</title>\n"
        f'<rect width="{width}" height="{_HEIGHT}" fill="#fff"/>\n' + "\n".join(drawn) + "\n</svg>\n"
    )


def _draw_panel(title: str, lines: Mapping[str, Line], shift: int) -> str:
    points = [point for line in lines.values() for point in line]
    if not points:
        return ""
    across = _Axis([x for x, _ in points], _LEFT, _WIDTH - _RIGHT)
    upward = _Axis([y for _, y in points], _HEIGHT - _BOTTOM, _TOP)
    parts = [
        f'<g transform="translate({shift} 0)">',
        f'<text x="{_LEFT}" y="16" font-weight="bold">{title}</text>',
    ]
    for power in across.powers():
        x = across.place(10.0**power)
        parts.append(f'<path d="M{x:.1f} {_TOP}V{_HEIGHT - _BOTTOM}" stroke="#ddd"/>')
        parts.append(
            f'<text x="{x:.1f}" y="{_HEIGHT - _BOTTOM + 16}" text-anchor="middle">{_label(power)}</text>'
        )
    for power in upward.powers():
        y = upward.place(10.0**power)
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{_label(power)}</text>')
    ends: list[tuple[float, float, str, str]] = []
    for ink, (name, line) in zip(itertools.cycle(_INKS), lines.items(), strict=False):
        if not line:
            continue
        places = [(across.place(x), upward.place(y)) for x, y in sorted(line)]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
        parts.append(f'<path d="M{path}" fill="none" stroke="{ink}" stroke-width="2"/>')
        parts.extend(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{ink}"/>' for x, y in places)
        ends.append((places[-1][1], places[-1][0], name, ink))
    free = 0.0
    for y, x, name, ink in sorted(ends):
        at = max(y, free)
        free = at + _LINE
        parts.append(f'<text x="{x + 7:.1f}" y="{at + 4:.1f}" fill="{ink}">{name}</text>')
    return "\n".join([*parts, "</g>"])


class _Axis:
    """From values to places, by powers of ten."""

    def __init__(self, values: Sequence[float], begin: float, end: float) -> None:
        self._low = math.floor(math.log10(min(values)))
        self._high = max(math.ceil(math.log10(max(values))), self._low + 1)
        self._begin, self._end = begin, end

    def place(self, value: float) -> float:
        share = (math.log10(value) - self._low) / (self._high - self._low)
        return self._begin + (self._end - self._begin) * share

    def powers(self) -> range:
        return range(self._low, self._high + 1)


def _label(power: int) -> str:
    return f"{10**power:,}" if power >= 0 else f"{10.0**power:.{-power}f}"
