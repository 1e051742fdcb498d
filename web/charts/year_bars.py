"""A distribution -> bars by year: one row of bars for all cities together, or one band per chosen city."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from search.model import Cell, Distribution
from web import urls
from web.charts.layout import PLOT_WIDTH, TOTAL_WIDTH, label_width
from web.charts.measures import describe_cell, format_value, value_of
from web.labels import name_value

MIN_WIDTH = 330
BAR_AREA = 120
BAND_AREA = 56
"""Height of the bars in a band."""
MAX_BANDS = 6
"""Up to this many chosen cities have a band each; more are summed."""
TOP = 18
HEAD = 8
FOOT = 22
EDGE = 16
"""Space at both ends for the labels of the first and last bar."""
MIN_STEP = 14.0
MAX_BAR = 44.0
TICK_WIDTH = 40
LABEL_HEIGHT = 14
DIGIT_WIDTH = 7.0
SIGN_WIDTHS = {",": 3.6, ".": 3.6, "%": 11.5}
"""Upper bounds of the widths of characters at 12 px."""


@dataclass(frozen=True, slots=True)
class YearBar:
    """A year's bar; `held` is False if no report of the year is held."""

    year: int
    label: str
    tooltip: str
    held: bool
    x: float
    y: float
    width: float
    height: float
    show_year: bool
    url: str


@dataclass(frozen=True, slots=True)
class YearBars:
    """The bars of all cities together."""

    bars: tuple[YearBar, ...]
    width: float
    base: int = TOP + BAR_AREA


@dataclass(frozen=True, slots=True)
class CityBand:
    """One city's bars; `y` is the top of the band."""

    city: str
    url: str
    y: float
    bars: tuple[YearBar, ...]
    total: str
    """Over all years."""


@dataclass(frozen=True, slots=True)
class CityBars:
    """One band per chosen city, years aligned, all in one scale."""

    bands: tuple[CityBand, ...]
    width: float
    bars_width: float
    height: float
    label_width: float
    base: int


def draw_year_bars(distribution: Distribution, measure: str) -> YearBars | None:
    """One bar per year from the first year held to the last; None if no year is known."""
    cells = {cell.year: cell for cell in distribution.years if cell.year is not None}
    if not cells:
        return None
    years = range(min(cells), max(cells) + 1)
    width = min(PLOT_WIDTH, max(MIN_WIDTH, 60 * len(years)))
    highest = max(value_of(cell, measure) for cell in cells.values())
    scale = _Scale(years, width, BAR_AREA, highest, measure)
    return YearBars(
        scale.draw(cells, "", urls.make_value_urls(distribution.query, distribution.query.year_field)), width
    )


def separate_cities(distribution: Distribution) -> tuple[str | None, ...]:
    """The cities that have a band each: the chosen ones, if there are two to six; else none."""
    chosen = distribution.query.city
    return chosen if 1 < len(chosen) <= MAX_BANDS else ()


def narrow_to_city(distribution: Distribution, city: str | None) -> Distribution:
    """The same search with this city alone. Values of a filter are alternatives, so the cells stay the same."""
    cells = tuple(cell for cell in distribution.cells if cell.city == city)
    return Distribution(urls.with_values(distribution.query, "city", (city,)), cells)


def draw_city_bars(distribution: Distribution, measure: str) -> CityBars | None:
    """A band for each of `separate_cities`; None if there are none, or no year is known."""
    cities = [(city, narrow_to_city(distribution, city)) for city in separate_cities(distribution)]
    known = [cell for _, found in cities for cell in found.years if cell.year is not None]
    if not known:
        return None
    held = [cell.year for cell in known if cell.year is not None]
    years = range(min(held), max(held) + 1)
    names = [name_value("city", city) for city, _ in cities]
    names_width = label_width(names)
    width = min(PLOT_WIDTH - names_width - TOTAL_WIDTH, max(MIN_WIDTH - names_width, 60.0 * len(years)))
    width = max(width, MIN_STEP * len(years) + 2 * EDGE)
    scale = _Scale(years, width, BAND_AREA, max(value_of(cell, measure) for cell in known), measure)
    city_url = urls.make_value_urls(distribution.query, "city")
    bands = []
    for i, ((city, found), name) in enumerate(zip(cities, names, strict=True)):
        cells = {cell.year: cell for cell in found.years if cell.year is not None}
        bars = scale.draw(cells, f"{name} ", urls.make_value_urls(found.query, found.query.year_field))
        total = format_value(value_of(found.total, measure), measure)
        bands.append(CityBand(name, city_url(city), float(HEAD + i * (TOP + BAND_AREA)), bars, total))
    return CityBars(
        bands=tuple(bands),
        width=round(width + TOTAL_WIDTH, 1),
        bars_width=width,
        height=HEAD + len(bands) * (TOP + BAND_AREA) + FOOT,
        label_width=names_width,
        base=TOP + BAND_AREA,
    )


class _Scale:
    """Years along x and values along y; draws any number of rows of bars in the same scale."""

    def __init__(self, years: Sequence[int], width: float, height: int, highest: float, measure: str) -> None:
        self._years, self._height, self._highest, self._measure = years, height, highest or 1.0, measure
        self._step = (width - 2 * EDGE) / len(years)
        self._bar_width = min(MAX_BAR, self._step * 0.72)
        self._years_per_tick = max(1, -int(-len(years) * TICK_WIDTH // width))

    def draw(
        self, cells: Mapping[int, Cell], prefix: str, year_url: Callable[[int], str]
    ) -> tuple[YearBar, ...]:
        """One bar per year; `prefix` precedes the year in tooltips."""
        bars = []
        for i, year in enumerate(self._years):
            cell = cells.get(year)
            value = value_of(cell, self._measure) if cell else 0.0
            height = max(2.0, self._height * value / self._highest) if value else 0.0
            bars.append(
                YearBar(
                    year=year,
                    label=format_value(value, self._measure) if value else "",
                    tooltip=describe_cell(f"{prefix}{year}", cell, self._measure),
                    held=cell is not None,
                    x=round(EDGE + (i + 0.5) * self._step - self._bar_width / 2, 1),
                    y=round(TOP + self._height - height, 1),
                    width=round(self._bar_width, 1),
                    height=round(height, 1),
                    show_year=(len(self._years) - 1 - i) % self._years_per_tick == 0,
                    url=year_url(year),
                )
            )
        return drop_crowded_labels(bars)


def drop_crowded_labels(bars: Sequence[YearBar]) -> tuple[YearBar, ...]:
    """The bars without those labels that would overlap a bar or another label; higher bars keep theirs first.

    Tooltips and the table have every number.
    """
    drawn = [(bar.x, bar.x + bar.width, bar.y) for bar in bars if bar.height]
    labels: list[tuple[float, float, float]] = []
    kept = set()
    for bar in sorted((bar for bar in bars if bar.label), key=lambda bar: (bar.y, -bar.year)):
        middle = bar.x + bar.width / 2
        half = sum(DIGIT_WIDTH if c.isdigit() else SIGN_WIDTHS.get(c, DIGIT_WIDTH) for c in bar.label) / 2
        left, right, bottom = middle - half - 1, middle + half + 1, bar.y - 2
        others = [(x, end, top) for x, end, top in drawn if not x <= middle <= end]
        if any(x < right and left < end and top < bottom for x, end, top in others):
            continue
        if any(x < right and left < end and abs(y - bar.y) < LABEL_HEIGHT for x, end, y in labels):
            continue
        labels.append((left, right, bar.y))
        kept.add(bar.year)
    return tuple(bar if bar.year in kept else replace(bar, label="") for bar in bars)
