"""Several searches over the same years: occurrences, paragraphs and reports, against what is held."""

from __future__ import annotations

from collections.abc import Sequence

from search.answer.searcher import Searcher
from search.errors import QueryError
from search.instruments.answers import CompareAnswer, Counted, HeldInYear, Series, YearOfSeries
from search.instruments.matched import TIER
from search.limits import UNLIMITED, Budget
from search.messages import answers as says
from search.model import Cell, Query

MOST_QUERIES = 8


def compare_queries(
    searcher: Searcher, queries: Sequence[Query], *, budget: Budget = UNLIMITED
) -> CompareAnswer:
    """A series for each query, on one axis of years: from the first to the last in which anything is held.

    Args:
        queries: one to eight.

    Raises:
        QueryError: there are none or too many, or one can't be read.
        BudgetExceeded: it takes more than `budget`.
    """
    if not 1 <= len(queries) <= MOST_QUERIES:
        raise QueryError(says.QUERIES_AT_ONCE(most=MOST_QUERIES), field="q")
    found = [searcher.distribution(query, budget=budget).years for query in queries]
    known = [cell.year for years in found for cell in years if cell.year is not None]
    axis = list(range(min(known), max(known) + 1)) if known else []
    has_unknown = any(cell.year is None for years in found for cell in years)
    counts = searcher.counts(queries, budget=budget)
    series = []
    for query, years, count in zip(queries, found, counts, strict=True):
        cells = {cell.year: cell for cell in years}
        rows = [_row(year, cells.get(year)) for year in (*axis, *([None] if has_unknown else []))]
        counted = Counted(TIER, count.paragraphs, count.occurrences, count.reports)
        series.append(Series(query.text, counted, rows))
    return CompareAnswer(series)


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
