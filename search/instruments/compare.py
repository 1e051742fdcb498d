"""Several searches over the same years: occurrences, paragraphs and reports, against what is held.

queries -> each as it is, or one for each place or level -> distribution by year -> a series each, on one axis
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import Any, Literal, get_args

from search.answer.searcher import Searcher
from search.collection import ReportColumns
from search.errors import QueryError
from search.instruments.answers import CompareAnswer, Counted, HeldInYear, Series, YearOfSeries
from search.instruments.held import held_columns
from search.instruments.matched import TIER
from search.limits import UNLIMITED, Budget
from search.messages import answers as says
from search.model import LEVELS, Cell, Query

MOST_QUERIES = 8
MOST_SERIES = 64
Split = Literal["city", "province", "level"]
SPLITS: tuple[Split, ...] = get_args(Split)
_NO_CODE = "9"
"""Behind all others."""


def compare_queries(
    searcher: Searcher, queries: Sequence[Query], *, split: Split | None = None, budget: Budget = UNLIMITED
) -> CompareAnswer:
    """A series for each query, on one axis of years: from the first to the last in which anything is held.

    Args:
        queries: one to eight, with the same filters.
        split: each query is divided into a series for each city, province or level: those that the filters choose,
            else all that are held.

    Raises:
        QueryError: there are none or too many, one can't be read, or they would be too many series.
        BudgetExceeded: it takes more than `budget`.
    """
    if not 1 <= len(queries) <= MOST_QUERIES:
        raise QueryError(says.QUERIES_AT_ONCE(most=MOST_QUERIES), field="q")
    parts = [None] if split is None else _parts(searcher, queries, split, budget)
    if len(queries) * len(parts) > MOST_SERIES:
        series_at_once = says.SERIES_AT_ONCE(n=len(queries) * len(parts), most=MOST_SERIES)
        raise QueryError(series_at_once, field="split")
    pairs = list(product(queries, parts))
    asked = [_part_of(query, split, part) for query, part in pairs]
    found = []
    for n, query in enumerate(asked):
        found.append(searcher.distribution(query, budget=budget).years)
        budget.reach((n + 1) / (len(asked) + 1))
    axis = _axis(found)
    counts = searcher.counts(asked, budget=budget)
    return CompareAnswer(
        [
            Series(
                query.text,
                None if split == "level" else part,
                part if split == "level" else None,
                Counted(TIER, count.paragraphs, count.occurrences, count.reports),
                _rows(axis, years),
            )
            for (query, part), years, count in zip(pairs, found, counts, strict=True)
        ]
    )


def query_of(series: Series, queries: Sequence[Query]) -> Query:
    """The search that a series counts: its query within its place or level.

    Args:
        queries: those that were compared.
    """
    query = next(one for one in queries if one.text == series.query)
    if series.level is not None:
        return replace(query, level=(series.level,))
    if series.place is None:
        return query
    is_city = series.place in query.city  # a city is a part only where it is chosen
    return _part_of(query, "city" if is_city else "province", series.place)


def _parts(searcher: Searcher, queries: Sequence[Query], split: Split, budget: Budget) -> list[str | None]:
    """The known values of a field: in the order chosen, else those held, levels by rank and places by division code."""
    chosen = [value for value in getattr(queries[0], split) if value is not None]
    if chosen:
        return list(chosen)
    if split == "city":
        raise QueryError(says.CITIES_TO_CHOOSE(), field="city")
    held: dict[str, str] = {}
    for query in queries:
        columns = held_columns(searcher.question(query, budget=budget))
        held |= _codes_of(columns, split)
    if split == "level":
        return [level for level in LEVELS if level in held]
    return [*sorted(held, key=lambda place: (held[place][:2], place))]


def _codes_of(columns: ReportColumns, split: Split) -> dict[str, str]:
    """The values of a field that reports have, each with the division code of the last that has it."""
    pairs = zip(columns.columns[split].tolist(), columns.columns["code"].tolist(), strict=True)
    names, codes = columns.names[split], [*columns.names["code"], _NO_CODE]
    return {names[value]: codes[code] for value, code in dict(pairs).items() if value >= 0}


def _part_of(query: Query, split: Split | None, part: str | None) -> Query:
    changes: dict[str, Any] = {} if split is None else {split: (part,)}
    return replace(query, **changes)


def _axis(found: Sequence[Sequence[Cell]]) -> list[int | None]:
    """Every year from the first to the last in which anything is held, then unknown if there is such."""
    years = {cell.year for cells in found for cell in cells}
    known = [year for year in years if year is not None]
    axis: list[int | None] = list(range(min(known), max(known) + 1)) if known else []
    return [*axis, None] if None in years else axis


def _rows(axis: Sequence[int | None], cells: Sequence[Cell]) -> list[YearOfSeries]:
    of_year = {cell.year: cell for cell in cells}
    return [_row(year, of_year.get(year)) for year in axis]


def _row(year: int | None, cell: Cell | None) -> YearOfSeries:
    """A year without a cell holds nothing: its rate is unknown, not zero."""
    if cell is None:
        return YearOfSeries(year, 0, 0, 0, HeldInYear(0, 0), None)
    rate = cell.per_10k_chars
    return YearOfSeries(
        year,
        cell.occurrences,
        cell.paragraphs,
        cell.reports,
        HeldInYear(cell.held_reports, cell.held_characters),
        None if rate is None else round(rate, 6),
    )
