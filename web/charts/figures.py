"""A distribution -> the tables beneath its charts."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from search.model import Cell, Distribution
from web.charts.measures import format_value, order_cities, value_of
from web.charts.year_bars import narrow_to_city, separate_cities
from web.i18n import translate
from web.labels import name_of, name_value

MAX_TABLE_ROWS = 120


@dataclass(frozen=True, slots=True)
class YearRow:
    """A year's numbers as text."""

    name: str
    paragraphs: str
    occurrences: str
    rate: str
    reports: str
    held: str
    share: str


@dataclass(frozen=True, slots=True)
class YearTable:
    """A city's rows, year by year; `city` is "" for all cities together."""

    city: str
    rows: tuple[YearRow, ...]


@dataclass(frozen=True, slots=True)
class CityRow:
    """A city's values by year (None: not held) and over all years."""

    city: str
    cells: tuple[str | None, ...]
    total: str
    held_years: int


@dataclass(frozen=True, slots=True)
class TotalOfYears:
    """A city's value over some years; `years` is how many."""

    city: str
    years: int
    value: str


@dataclass(frozen=True, slots=True)
class UnequalYears:
    """What cities held for different years have over all of their own, and over those that all of them have."""

    own: tuple[TotalOfYears, ...]
    common: tuple[TotalOfYears, ...]
    """Empty where no year is held of all."""


def tabulate_years(distribution: Distribution) -> tuple[YearTable, ...]:
    """One table for each city that has bars of its own, then one for all together."""
    cities = separate_cities(distribution)
    tables = [
        YearTable(name_value("city", city), list_years(narrow_to_city(distribution, city))) for city in cities
    ]
    together = translate("{n} cities together", n=len(cities)) if cities else ""
    return (*tables, YearTable(together, list_years(distribution)))


def list_years(distribution: Distribution) -> tuple[YearRow, ...]:
    """One row per year, then the total."""
    rows = [_year_row(name_of(cell.year), cell) for cell in distribution.years]
    return (*rows, _year_row(translate("Total"), distribution.total))


def _year_row(name: str, cell: Cell) -> YearRow:
    return YearRow(
        name=name,
        paragraphs=f"{cell.paragraphs:,}",
        occurrences=f"{cell.occurrences:,}",
        rate=format_value(cell.per_10k_chars or 0.0, "rate"),
        reports=f"{cell.reports:,}",
        held=f"{cell.held_reports:,}",
        share="—" if cell.report_share is None else format_value(cell.report_share, "share"),
    )


def tabulate_cities(
    distribution: Distribution, measure: str, cities: Sequence[Cell] | None = None
) -> tuple[tuple[int, ...], list[CityRow]]:
    """The heatmap as a table: its years, and one row per city."""
    cities = cities or order_cities(distribution, measure)
    by_place = {(cell.city, cell.year): cell for cell in distribution.cells}
    years = tuple(sorted({cell.year for cell in distribution.cells if cell.year is not None}))
    rows = []
    for in_all in cities[:MAX_TABLE_ROWS]:
        found = [by_place.get((in_all.city, year)) for year in years]
        cells = tuple(
            None if cell is None else format_value(value_of(cell, measure), measure) for cell in found
        )
        total = format_value(value_of(in_all, measure), measure)
        rows.append(CityRow(str(in_all.city), cells, total, sum(cell is not None for cell in found)))
    return years, rows


def compare_years(distribution: Distribution, measure: str) -> UnequalYears | None:
    """What the totals of the cities that have bars of their own are of; None where all are of the same years.

    Of cities held for different years one can have the higher total though the other is higher in each year.
    """
    cities = [narrow_to_city(distribution, city) for city in separate_cities(distribution)]
    held = [{cell.year for cell in found.cells if cell.year is not None} for found in cities]
    if all(years == held[0] for years in held):
        return None
    common = set.intersection(*held)
    return UnequalYears(
        own=tuple(_total_of(found, len(years), measure) for found, years in zip(cities, held, strict=True)),
        common=tuple(_total_of(_narrow_to_years(found, common), len(common), measure) for found in cities)
        if common
        else (),
    )


def _narrow_to_years(distribution: Distribution, years: Set[int]) -> Distribution:
    return replace(distribution, cells=tuple(cell for cell in distribution.cells if cell.year in years))


def _total_of(distribution: Distribution, years: int, measure: str) -> TotalOfYears:
    (city,) = distribution.query.city
    value = format_value(value_of(distribution.total, measure), measure)
    return TotalOfYears(name_value("city", city), years, value)
