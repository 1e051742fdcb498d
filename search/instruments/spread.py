"""Who said it first, and how it spread: first mentions by place, those that never said it, and a curve by year.

query -> its reports, oldest first -> first report of each place -> its first paragraph -> lags, curve
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from search.answer.searcher import Searcher
from search.collection import Top
from search.instruments.answers import (
    Beginning,
    Counted,
    LagDays,
    SilentPlace,
    SpreadAnswer,
    SpreadPlace,
)
from search.instruments.matched import (
    NATION,
    count_matches,
    date_of,
    held_reports,
    in_reports,
    iter_matches,
    place_of,
    time_of,
)
from search.instruments.sentences import split_sentences
from search.instruments.spread_curve import count_places
from search.limits import UNLIMITED, Budget
from search.model import Hit, Query, Report

FIRST = 10
_EVERY = 1 << 30


def find_spread(searcher: Searcher, query: Query, *, budget: Budget = UNLIMITED) -> SpreadAnswer:
    """First mentions of what is searched for, place by place.

    Raises:
        QueryError: the query can't be read.
        BudgetExceeded: it takes more than `budget`.
    """
    asked = in_reports(query)
    if asked is None:
        return SpreadAnswer(Counted(1, 0, 0, 0), [], [], [], [])
    held = held_reports(searcher, asked, budget=budget)
    saying = _reports_that_say_it(searcher, asked, budget)
    first_of_place: dict[str, Report] = {}
    for report in saying:
        place = place_of(report)
        if place is not None:
            first_of_place.setdefault(place, report)
    wanted = {report.id for report in (*saying[:FIRST], *first_of_place.values())}
    hits = _first_hits(searcher, asked, wanted, budget)
    return SpreadAnswer(
        count_matches(searcher, asked, budget=budget),
        _beginnings(saying[:FIRST], hits),
        _places(first_of_place, hits, held),
        _silent(held, first_of_place),
        count_places(held, first_of_place, query.year_field),
    )


def _reports_that_say_it(searcher: Searcher, query: Query, budget: Budget) -> list[Report]:
    """Oldest first."""
    question = searcher.question(query, budget=budget)
    (found,) = question.view.find([question.ask(top=Top(_EVERY, sort="year", group="report"))])
    reports = question.view.reports_of([one.ref for one in found.top])
    return sorted(reports, key=lambda report: (time_of(report), report.id))


def _first_hits(
    searcher: Searcher, query: Query, reports: Iterable[str], budget: Budget
) -> Mapping[str, list[Hit]]:
    """The paragraphs of some reports that match, in the order of each report."""
    chosen = tuple(sorted(reports))
    hits: defaultdict[str, list[Hit]] = defaultdict(list)
    if chosen:
        for hit in iter_matches(searcher, replace(query, report=chosen), budget=budget):
            hits[hit.report.id].append(hit)
    for of_report in hits.values():
        of_report.sort(key=lambda hit: hit.n)
    return hits


def _beginnings(reports: Sequence[Report], hits: Mapping[str, list[Hit]]) -> list[Beginning]:
    first = [(report, hit) for report in reports for hit in hits[report.id]][:FIRST]
    return [
        Beginning(report.id, hit.id, date_of(report), place_of(report), report.level, _sentence(hit))
        for report, hit in first
    ]


def _places(
    first: Mapping[str, Report], hits: Mapping[str, list[Hit]], held: Sequence[Report]
) -> list[SpreadPlace]:
    before: defaultdict[str, list[Report]] = defaultdict(list)
    for report in held:
        before[place_of(report) or ""].append(report)
    rows = []
    for place, report in sorted(first.items(), key=lambda item: (time_of(item[1]), item[0])):
        hit = hits[report.id][0]
        silent = sum(time_of(other) < time_of(report) for other in before[place])
        lag = LagDays(
            None if place == NATION else _days(first.get(NATION), report),
            None if report.province in (None, place) else _days(first.get(report.province or ""), report),
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


def _silent(held: Sequence[Report], saying: Mapping[str, Report]) -> list[SilentPlace]:
    reports: defaultdict[str, list[Report]] = defaultdict(list)
    for report in held:
        place = place_of(report)
        if place is not None and place not in saying:
            reports[place].append(report)
    return [SilentPlace(place, some[-1].level, len(some)) for place, some in sorted(reports.items())]


def _sentence(hit: Hit) -> str:
    """The sentence in which the paragraph first says it."""
    if not hit.spans:
        return hit.text
    at = hit.spans[0][0]
    for start, end in split_sentences(hit.text):
        if start <= at < end:
            return hit.text[start:end]
    return hit.text
