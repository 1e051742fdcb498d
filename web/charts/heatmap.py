"""A distribution -> a heatmap: cities by years, shaded by value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search.model import Cell, Distribution
from web import urls
from web.charts.layout import PLOT_WIDTH, TOTAL_WIDTH, label_width
from web.charts.measures import PARAGRAPH_COUNT, describe_cell, format_value, order_cities, value_of

MAX_ROWS = 40
"""Cities in the heatmap; the table beneath has more."""
SHADES = 5
ROW_HEIGHT = 26
HEAD = 20.0


@dataclass(frozen=True, slots=True)
class HeatmapCell:
    """A city's year: `kind` is missing, zero or value; `shade` is 1 (lightest) to 5, or 0."""

    kind: str
    shade: int
    label: str
    tooltip: str
    x: float
    url: str


@dataclass(frozen=True, slots=True)
class HeatmapRow:
    city: str
    url: str
    y: float
    cells: tuple[HeatmapCell, ...]
    total: str
    """Over all years."""


@dataclass(frozen=True, slots=True)
class Heatmap:
    years: tuple[tuple[int, float], ...]
    """(year, middle of its column)"""
    rows: tuple[HeatmapRow, ...]
    left_out: int
    """Number of cities beyond those shown."""
    cell_width: float
    width: float
    height: float
    legend: tuple[tuple[int, str], ...]
    """(shade, its range of values), lightest first; shades that no value has are left out."""
    label_width: float
    row_height: int = ROW_HEIGHT


def draw_heatmap(
    distribution: Distribution, measure: str, cities: Sequence[Cell] | None = None
) -> Heatmap | None:
    """One row per city in the order of `cities` (default: `order_cities`); None if no city and year is known."""
    known = [cell for cell in distribution.cells if cell.city is not None and cell.year is not None]
    if not known:
        return None
    held = [cell.year for cell in known if cell.year is not None]
    years = range(min(held), max(held) + 1)
    order = cities or order_cities(distribution, measure)
    shown = order[:MAX_ROWS]
    names_width = label_width([str(cell.city) for cell in shown])
    step = max(26.0, min(52.0, (PLOT_WIDTH - names_width - TOTAL_WIDTH) / len(years)))
    highest = max(value_of(cell, measure) for cell in known)
    rows = _draw_rows(distribution, measure, shown, years, step, highest)
    return Heatmap(
        years=tuple((year, (j + 0.5) * step) for j, year in enumerate(years)),
        rows=rows,
        left_out=max(0, len(order) - MAX_ROWS),
        cell_width=round(step, 2),
        width=round(step * len(years) + TOTAL_WIDTH, 1),
        height=HEAD + len(rows) * ROW_HEIGHT,
        legend=name_shades(highest, measure),
        label_width=names_width,
    )


def _draw_rows(
    distribution: Distribution,
    measure: str,
    cities: Sequence[Cell],
    years: Sequence[int],
    step: float,
    highest: float,
) -> tuple[HeatmapRow, ...]:
    by_place: Mapping[tuple[str | None, int | None], Cell] = {
        (cell.city, cell.year): cell for cell in distribution.cells
    }
    city_url = urls.make_value_urls(distribution.query, "city")
    rows = []
    for i, in_all in enumerate(cities):
        city = str(in_all.city)
        year_url = urls.make_value_urls(
            urls.with_values(distribution.query, "city", (city,)), distribution.query.year_field
        )
        cells = tuple(
            _draw_cell(
                by_place.get((city, year)),
                f"{city} {year}",
                measure,
                highest,
                j * step,
                year_url(year),
            )
            for j, year in enumerate(years)
        )
        total = format_value(value_of(in_all, measure), measure)
        rows.append(HeatmapRow(city, city_url(city), HEAD + i * ROW_HEIGHT, cells, total))
    return tuple(rows)


def _draw_cell(cell: Cell | None, name: str, measure: str, highest: float, x: float, url: str) -> HeatmapCell:
    value = value_of(cell, measure) if cell else 0.0
    return HeatmapCell(
        kind="missing" if cell is None else "value" if value else "zero",
        shade=shade_of(value, highest),
        label=format_value(value, measure) if value else "",
        tooltip=describe_cell(name, cell, measure),
        x=round(x, 1),
        url=url if value else "",
    )


def shade_of(value: float, highest: float) -> int:
    """1 (lightest) to 5, in equal steps up to the highest value; 0 for zero."""
    return min(SHADES, max(1, -int(-value * SHADES // highest))) if value else 0


def name_shades(highest: float, measure: str) -> tuple[tuple[int, str], ...]:
    """The legend: counts as ranges of whole numbers, other measures by upper bound; no two entries are alike.

    Example:
        >>> name_shades(2, "count")
        ((3, '1'), (5, '2'))
        >>> name_shades(20, "count")[:2]
        ((1, '1–4'), (2, '5–8'))
    """
    if measure in ("count", PARAGRAPH_COUNT):
        ranges = []
        for shade in range(1, SHADES + 1):
            first, last = int(highest * (shade - 1) // SHADES) + 1, int(highest * shade // SHADES)
            if first <= last:
                ranges.append((shade, "–".join(f"{n:,}" for n in dict.fromkeys((first, last)))))
        return tuple(ranges)
    if not highest:
        return ()
    bounds = {format_value(highest * shade / SHADES, measure): shade for shade in range(1, SHADES + 1)}
    return tuple((shade, f"≤ {bound}") for bound, shade in bounds.items())
