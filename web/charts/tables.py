"""Counts -> the geometry of what is drawn: the year histogram and the coverage matrix.

Numbers only; templates turn them into SVG and tables, and say the same in words beside them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search.model import FacetValue, Query, Stats
from web import urls
from web.params import PARAGRAPHS, ReportFilter, View

CHART_WIDTH = 208
CHART_HEIGHT = 56
MAX_BAR_WIDTH = 18.0
MAX_CITIES = 40
"""Rows of the matrix on the home page; more are one click away."""


@dataclass(frozen=True, slots=True)
class Bar:
    year: int
    count: int
    selected: bool
    x: float
    y: float
    width: float
    height: float
    url: str
    """"" where there is nothing to choose."""


@dataclass(frozen=True, slots=True)
class Histogram:
    """One bar for each year from the first to the last, those without hits included.

    `chosen_first` and `chosen_last` are the ends of the years that are chosen, of all where none is.
    """

    bars: tuple[Bar, ...]
    first: int
    last: int
    chosen_first: int
    chosen_last: int
    width: int = CHART_WIDTH
    height: int = CHART_HEIGHT


@dataclass(frozen=True, slots=True)
class Row:
    """A city's cells in the order of the columns; 0 is "no report held"."""

    city: str
    url: str
    cells: tuple[tuple[int, int, str], ...]
    """(year, reports, address of the list or "")"""


@dataclass(frozen=True, slots=True)
class Matrix:
    years: tuple[int, ...]
    rows: tuple[Row, ...]
    left_out: int
    """Cities beyond those shown."""
    unplaced: int
    """Reports without a known city or year, which the matrix can't show."""


def draw_histogram(query: Query, values: Sequence[FacetValue], view: View = PARAGRAPHS) -> Histogram | None:
    """Bars over the years of the facet; None with fewer than two years to compare."""
    counts = {int(value.value): value for value in values if value.value is not None}
    held = [year for year, value in counts.items() if value.count or value.selected]
    if len(held) < 2:
        return None
    first, last = min(held), max(held)
    step = CHART_WIDTH / (last - first + 1)
    wide = min(step * 0.8, MAX_BAR_WIDTH)
    toggled = urls.make_toggle_urls(query, "year", view)
    most = max(value.count for value in counts.values()) or 1
    bars = []
    for i, year in enumerate(range(first, last + 1)):
        value = counts.get(year)
        count = value.count if value else 0
        height = max(2.0, (CHART_HEIGHT - 2) * count / most) if count else 0.0
        bars.append(
            Bar(
                year=year,
                count=count,
                selected=bool(value and value.selected),
                x=round((i + 0.5) * step - wide / 2, 2),
                y=round(CHART_HEIGHT - height, 2),
                width=round(wide, 2),
                height=round(height, 2),
                url=toggled(year) if value else "",
            )
        )
    chosen = [year for year in query.year if year is not None] or [first, last]
    return Histogram(tuple(bars), first, last, min(chosen), max(chosen))


def draw_coverage(stats: Stats) -> Matrix | None:
    """Which city's reports of which year are held; None where no place and year is known."""
    if not stats.coverage:
        return None
    held = [year for _, year in stats.coverage]
    years = tuple(range(min(held), max(held) + 1))
    totals = _sum_by_city(stats.coverage)
    cities = sorted(totals, key=lambda city: (-totals[city], city))
    rows = tuple(
        Row(
            city,
            urls.reports_url(ReportFilter(city=(city,))),
            tuple(
                (
                    year,
                    stats.coverage.get((city, year), 0),
                    urls.reports_url(ReportFilter(city=(city,), year=(year,)))
                    if (city, year) in stats.coverage
                    else "",
                )
                for year in years
            ),
        )
        for city in cities[:MAX_CITIES]
    )
    unplaced = max(0, stats.reports - sum(stats.coverage.values()))
    return Matrix(years, rows, max(0, len(cities) - MAX_CITIES), unplaced)


def _sum_by_city(coverage: Mapping[tuple[str, int], int]) -> dict[str, int]:
    totals: dict[str, int] = {}
    for (city, _), reports in coverage.items():
        totals[city] = totals.get(city, 0) + reports
    return totals
