"""Series over years -> lines on one scale, or small plots beside each other.

A year in which nothing is held breaks a line; one that rests on few reports, and a zero, are drawn hollow.
Lines differ by dash and mark as well as by colour, and are named at their ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import floor, log10

from web.charts.layout import PLOT_WIDTH

MAX_LINES = 4
"""More series are drawn apart."""
THIN = 3
"""A year with fewer reports is drawn hollow."""
MIN_STEP, MAX_STEP = 16.0, 60.0
TOP, FOOT, LEFT, RIGHT = 14, 24, 46, 16
HEIGHT, SMALL_HEIGHT = 220, 92
SMALL_WIDTH = 318
PHONE_WIDTH = 356
"""What a phone of 390 pixels shows without scrolling."""
MARK = 3.6
LABEL_STEP = 17
CHAR_WIDTH = 13.0
MAX_LABEL = 170
TICK_WIDTH = 44

Format = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Point:
    """A year of a series; `value` is None where nothing is held, `is_thin` where it rests on few reports."""

    year: int
    value: float | None
    tooltip: str
    url: str = ""
    is_thin: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """A series, by year."""

    name: str
    points: Sequence[Point]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """A mark on a line: an SVG path around (x, y)."""

    path: str
    x: float
    tooltip: str
    url: str
    is_hollow: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line: `number` from 1 says which dash, mark and colour it has; `label_y` is where its name stands."""

    number: int
    name: str
    label: str
    url: str
    path: str
    dots: tuple[Dot, ...]
    end_x: float
    end_y: float
    label_y: float


@dataclass(frozen=True, slots=True)
class LinePlot:
    """Lines in one plot; `gaps` are the years in which nothing is held: (x, width, year)."""

    lines: tuple[Drawn, ...]
    years: tuple[tuple[int, float], ...]
    """(year, x) of the labels beneath."""
    values: tuple[tuple[str, float], ...]
    """(label, y) of the grid."""
    gaps: tuple[tuple[float, float, int], ...]
    left: float
    right: float
    top: float
    base: float
    width: float
    height: float


def draw_lines(series: Sequence[Series], say: Format, *, highest: float | None = None) -> LinePlot | None:
    """All series in one plot, each named at its end; None where there is no year.

    Args:
        say: a value as text.
        highest: the end of the scale; the highest value if absent.
    """
    years = _years_of(series)
    if not years:
        return None
    labels = max(_label_width(one.name) for one in series)
    step = max(MIN_STEP, min(MAX_STEP, (PLOT_WIDTH - LEFT - labels) / len(years)))
    on_phone = (PHONE_WIDTH - LEFT - labels) / len(years)
    if on_phone >= TICK_WIDTH:  # few years: the scale stays in sight, nothing scrolls
        step = min(step, on_phone)
    frame = _Frame(years, step, LEFT, HEIGHT, _scale_end(series, highest), say)
    lines = [_draw(frame, one, number) for number, one in enumerate(series, 1)]
    return frame.plot(_spread_labels(lines), extra=labels)


def draw_multiples(series: Sequence[Series], say: Format) -> tuple[LinePlot, ...]:
    """A small plot for each series, all on one scale."""
    years = _years_of(series)
    if not years:
        return ()
    step = (SMALL_WIDTH - LEFT - RIGHT) / len(years)
    frame = _Frame(years, step, LEFT, SMALL_HEIGHT, _scale_end(series, None), say)
    return tuple(frame.plot((_draw(frame, one, 1),), extra=RIGHT) for one in series)


class _Frame:
    """Years along x and values along y."""

    def __init__(
        self, years: Sequence[int], step: float, left: float, height: float, end: float, say: Format
    ) -> None:
        self.years, self.step, self.left, self.height, self.say = years, step, left, height, say
        self.ticks = _ticks(end)
        self.base = TOP + height

    def x(self, year: int) -> float:
        return round(self.left + (year - self.years[0] + 0.5) * self.step, 1)

    def y(self, value: float) -> float:
        return round(self.base - self.height * value / self.ticks[-1], 1)

    def plot(self, lines: Sequence[Drawn], *, extra: float) -> LinePlot:
        every = max(1, -int(-TICK_WIDTH // self.step))
        last = self.years[-1]
        right = self.left + self.step * len(self.years)
        held = {round(dot.x, 1) for line in lines for dot in line.dots}
        gaps = [(self.x(y) - self.step / 2, self.step, y) for y in self.years if self.x(y) not in held]
        return LinePlot(
            lines=tuple(lines),
            years=tuple((year, self.x(year)) for year in self.years if (last - year) % every == 0),
            values=tuple((self.say(value), self.y(value)) for value in self.ticks),
            gaps=tuple((round(x, 1), round(width, 1), year) for x, width, year in gaps),
            left=self.left,
            right=round(right, 1),
            top=TOP,
            base=self.base,
            width=round(right + extra, 1),
            height=self.base + FOOT,
        )


def _draw(frame: _Frame, series: Series, number: int) -> Drawn:
    parts: list[str] = []
    dots = []
    is_on = False
    end = (frame.left, frame.base)
    for point in series.points:
        if point.value is None:
            is_on = False
            continue
        end = (frame.x(point.year), frame.y(point.value))
        parts.append(f"{'L' if is_on else 'M'}{end[0]:g} {end[1]:g}")
        is_on = True
        hollow = point.is_thin or point.value == 0
        dots.append(Dot(_mark(number, *end), end[0], point.tooltip, point.url, hollow))
    return Drawn(
        number,
        series.name,
        _shortened(series.name),
        series.url,
        "".join(parts),
        tuple(dots),
        *end,
        label_y=end[1] + 4,
    )


def _mark(number: int, x: float, y: float) -> str:
    """A circle, square, triangle or diamond."""
    r = MARK
    if number % 4 == 1:
        return f"M{x - r:.1f} {y:g}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0z"
    if number % 4 == 2:
        return f"M{x - r:.1f} {y - r:.1f}h{2 * r}v{2 * r}h{-2 * r}z"
    if number % 4 == 3:
        return f"M{x:g} {y - r - 0.8:.1f}l{r + 0.6} {2 * r}h{-2 * r - 1.2}z"
    return f"M{x:g} {y - r - 1:.1f}l{r + 1} {r + 1}l{-r - 1} {r + 1}l{-r - 1} {-r - 1}z"


def _spread_labels(lines: Sequence[Drawn]) -> tuple[Drawn, ...]:
    """The lines with their names apart, each as near to its end as the others let it."""
    order = sorted(lines, key=lambda line: (line.label_y, line.number))
    places: list[float] = []
    for line in order:
        places.append(max(line.label_y, places[-1] + LABEL_STEP if places else TOP))
    lowest: float = TOP + HEIGHT + 6
    for i in range(len(places) - 1, -1, -1):
        places[i] = min(places[i], lowest)
        lowest = places[i] - LABEL_STEP
    at = {line.number: place for line, place in zip(order, places, strict=True)}
    return tuple(replace(line, label_y=round(at[line.number], 1)) for line in lines)


def _years_of(series: Iterable[Series]) -> range:
    years = [point.year for one in series for point in one.points]
    return range(min(years), max(years) + 1) if years else range(0)


def _scale_end(series: Iterable[Series], highest: float | None) -> float:
    if highest is not None:
        return highest
    return max((point.value or 0.0 for one in series for point in one.points), default=0.0)


def _ticks(end: float) -> tuple[float, ...]:
    """Round values from 0 to the end or just above it.

    Example:
        >>> _ticks(7.3), _ticks(1.0), _ticks(0)
        ((0.0, 2.0, 4.0, 6.0, 8.0), (0.0, 0.25, 0.5, 0.75, 1.0), (0.0, 1.0))
    """
    if end <= 0:
        return (0.0, 1.0)
    power = 10.0 ** floor(log10(end / 4))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor * 4 >= end * 0.999999)
    count = -int(-end * 0.999999 // step)
    return tuple(round(step * i, 10) for i in range(count + 1))


def _label_width(name: str) -> float:
    chars = sum(1.0 if ord(char) > 0x2E7F else 0.6 for char in _shortened(name))
    return min(MAX_LABEL, chars * CHAR_WIDTH + 22)


def _shortened(name: str) -> str:
    return name if len(name) <= 11 else name[:10] + "…"
