"""The collection's statistics -> the coverage table on the home page: reports held by place and work year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from search.model import Stats
from web import urls
from web.asked_views import ReportFilter

MAX_CITIES = 40
"""Rows on the home page; the list of reports has the rest."""


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """A city's cells in the order of the columns; 0 means that no report is held."""

    city: str
    url: str
    cells: tuple[tuple[int, int, str], ...]
    """(year, number of reports, address of their list or "")"""


@dataclass(frozen=True, slots=True)
class Coverage:
    years: tuple[int, ...]
    rows: tuple[CoverageRow, ...]
    cities: int
    """Number of cities, shown or not."""
    provinces: int
    """Number of provinces with reports of their own, shown or not."""
    left_out: int
    """Number of places beyond those shown."""
    most_held: str
    """The city with most reports; "" where there are only provinces."""
    unplaced: int
    """Number of reports that the table can't show: those without a place or a year."""


def draw_coverage(stats: Stats) -> Coverage | None:
    """Reports held by place and work year, places with most reports first; None if none is known."""
    if not stats.coverage:
        return None
    held = [year for _, year in stats.coverage]
    years = tuple(range(min(held), max(held) + 1))
    totals = _sum_by_city(stats.coverage)
    places = sorted(totals, key=lambda place: (-totals[place], place))
    provinces = sum(map(_is_province, places))
    rows = tuple(_draw_row(place, years, stats.coverage) for place in places[:MAX_CITIES])
    unplaced = max(0, stats.reports - sum(stats.coverage.values()))
    left_out = max(0, len(places) - MAX_CITIES)
    most_held = next((place for place in places if not _is_province(place)), "")
    return Coverage(years, rows, len(places) - provinces, provinces, left_out, most_held, unplaced)


def _draw_row(city: str, years: tuple[int, ...], coverage: Mapping[tuple[str, int], int]) -> CoverageRow:
    of_place = _reports_of(city)
    cells = []
    for year in years:
        reports = coverage.get((city, year), 0)
        url = urls.reports_url(replace(of_place, plan_year=(year,))) if reports else ""
        cells.append((year, reports, url))
    return CoverageRow(city, urls.reports_url(of_place), tuple(cells))


def _reports_of(place: str) -> ReportFilter:
    """The reports of a city; of a province, its own. A municipality is both, and its reports name it as their city."""
    if _is_province(place):
        return ReportFilter(province=(place,), city=(None,))
    return ReportFilter(city=(place,))


def _is_province(place: str) -> bool:
    return place.endswith(("省", "自治区", "特别行政区"))


def _sum_by_city(coverage: Mapping[tuple[str, int], int]) -> dict[str, int]:
    totals: dict[str, int] = {}
    for (city, _), reports in coverage.items():
        totals[city] = totals.get(city, 0) + reports
    return totals
