"""Who said it first, and how it spread: first mentions by place, those that never said it, and a curve by year.

query -> the reports that say it and those held, as rows -> first report of each place -> its first paragraph -> lags,
curve
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from search.answer.searcher import Searcher
from search.instruments.answers import (
    NATION,
    Beginning,
    Counted,
    LagDays,
    SpreadAnswer,
    SpreadPlace,
)
from search.instruments.held import held_columns
from search.instruments.matched import (
    Saying,
    count_matches,
    date_of,
    find_saying,
    hits_of,
    in_reports,
    place_of,
    time_of,
)
from search.instruments.sentences import split_sentences
from search.limits import UNLIMITED, Budget
from search.model import Hit, Query, Report

FIRST = 10


def find_spread(searcher: Searcher, query: Query, *, budget: Budget = UNLIMITED) -> SpreadAnswer:
    """First mentions of what is searched for, place by place.

    Raises:
        QueryError: the query can't be read.
        BudgetExceeded: it takes more than `budget`.
    """
    asked = in_reports(query)
    if asked is None:
        return SpreadAnswer(Counted(1, 0, 0, 0), [], [], [], [])
    from search.instruments import report_rows, spread_counts  # they need NumPy, which pages don't

    question = searcher.question(asked, budget=budget)
    saying, held_reports = find_saying(question), held_columns(question)
    names = report_rows.name_places([held_reports, saying.columns])
    held, rows = (
        report_rows.to_rows(columns, names, query.year_field) for columns in (held_reports, saying.columns)
    )
    oldest = _in_time(saying, report_rows.earliest(rows, FIRST))[:FIRST]
    first = _first_of_places(saying, report_rows.earliest_of_places(rows))
    row_of = {int(rows.place[mention.row]): mention.row for mention in first}
    before = spread_counts.count_before(held, {place: int(rows.time[row]) for place, row in row_of.items()})
    hits = saying.first_hits(list(row_of.values()), searcher)
    return SpreadAnswer(
        count_matches(searcher, asked, budget=budget),
        _beginnings([one.report for one in oldest], searcher, asked, budget),
        _places(first, hits, list(before.values())),
        spread_counts.find_silent(held, row_of),
        spread_counts.count_curve(held, {place: int(rows.year[row]) for place, row in row_of.items()}),
    )


class _Mention(NamedTuple):
    """A report that says it, and its row."""

    row: int
    report: Report


def _in_time(saying: Saying, rows: Sequence[int]) -> list[_Mention]:
    """The reports of some rows, oldest first."""
    mentions = map(_Mention, rows, saying.reports(rows))
    return sorted(mentions, key=lambda one: (time_of(one.report), one.report.id))


def _first_of_places(saying: Saying, rows: Sequence[int]) -> list[_Mention]:
    """The first report of each place, by time and place.

    Args:
        rows: among which they are.
    """
    first: dict[str | None, _Mention] = {}
    for one in _in_time(saying, rows):
        first.setdefault(place_of(one.report), one)
    return sorted(first.values(), key=lambda one: (time_of(one.report), place_of(one.report) or ""))


def _beginnings(
    reports: Sequence[Report], searcher: Searcher, query: Query, budget: Budget
) -> list[Beginning]:
    """The earliest paragraphs that say it."""
    hits = hits_of(searcher, query, reports, budget=budget)
    first = [(report, hit) for report in reports for hit in hits[report.id]][:FIRST]
    return [
        Beginning(report.id, hit.id, date_of(report), place_of(report), report.level, _sentence(hit))
        for report, hit in first
    ]


def _places(first: Sequence[_Mention], hits: Sequence[Hit], before: Sequence[int]) -> list[SpreadPlace]:
    """The first mention of each place.

    Args:
        before: how many of each place's reports are older.
    """
    reports = {place_of(one.report) or "": one.report for one in first}
    rows = []
    for (place, report), hit, silent in zip(reports.items(), hits, before, strict=True):
        lag = LagDays(
            None if place == NATION else _days(reports.get(NATION), report),
            None if report.province in (None, place) else _days(reports.get(report.province or ""), report),
        )
        rows.append(
            SpreadPlace(place, report.level, date_of(report), report.id, hit.id, _sentence(hit), silent, lag)
        )
    return rows


def _days(earlier: Report | None, later: Report) -> int | None:
    days = [None if report is None else _day(report) for report in (earlier, later)]
    if days[0] is None or days[1] is None:
        return None
    return (days[1] - days[0]).days


def _day(report: Report) -> date | None:
    try:
        return date.fromisoformat(report.date or "")
    except ValueError:
        return None


def _sentence(hit: Hit) -> str:
    """The sentence in which the paragraph first says it."""
    if not hit.spans:
        return hit.text
    at = hit.spans[0][0]
    for start, end in split_sentences(hit.text):
        if start <= at < end:
            return hit.text[start:end]
    return hit.text
