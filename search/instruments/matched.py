"""What an instrument counts: the paragraphs of a search that say it in full, in reports alone.

The one place where instruments ask which paragraphs and occurrences match, so that their figures are those of the
search (law 9).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from search.answer.searcher import Searcher
from search.collection import Ask, Choice, Top
from search.instruments.answers import Counted
from search.language.plan import All
from search.language.plan.conditions import conditions_of
from search.limits import UNLIMITED, Budget
from search.model import LEVELS, OTHER_TYPES, REPORT_FACETS, REPORT_TYPES, Hit, Query, Report

TIER = 1
OF_REPORTS: tuple[str | None, ...] = (*(name for name in REPORT_TYPES if name not in OTHER_TYPES), None)


def in_reports(query: Query) -> Query | None:
    """The same question of reports alone, without news and other texts; None where the filters leave no report."""
    types = tuple(name for name in query.type if name not in OTHER_TYPES) if query.type else OF_REPORTS
    if not types:
        return None
    return replace(query, type=types, page=1, per_page=10, group="", sort="year")


def count_matches(searcher: Searcher, query: Query | None, *, budget: Budget = UNLIMITED) -> Counted:
    """How much a search finds."""
    if query is None:
        return Counted(TIER, 0, 0, 0)
    counts = searcher.count(query, budget=budget)
    return Counted(TIER, counts.paragraphs, counts.occurrences, counts.reports)


def iter_matches(searcher: Searcher, query: Query | None, *, budget: Budget = UNLIMITED) -> Iterator[Hit]:
    """The paragraphs that match, oldest report first."""
    if query is None:
        return
    for hit in searcher.iter_hits(query, budget=budget):
        if hit.tier == TIER:
            yield hit


def held_reports(searcher: Searcher, query: Query, *, budget: Budget = UNLIMITED) -> list[Report]:
    """The reports that the filters of a search leave, those in its text (city:四平) too, whether they say it or not."""
    question = searcher.question(query, budget=budget)
    conditions = conditions_of(question.plan)
    if conditions == All():
        chosen = tuple((name, values) for name, values in question.chosen if name in REPORT_FACETS)
        return list(question.view.reports(chosen)[1])
    asked = Ask(conditions, question.chosen, top=Top(1 << 30, sort="year", group="report"))
    (found,) = question.view.find([asked])
    return question.view.reports_of([one.ref for one in found.top])


def same_kind(report: Report) -> Choice:
    """The choice that leaves a report's place, level and type."""
    fields = ["level", "type"]
    if report.level != LEVELS[0]:
        fields.append("province" if report.city is None else "city")
    return tuple((field, (getattr(report, field),)) for field in fields)


def place_of(report: Report) -> str | None:
    """The report's city, else its province, else the nation; None where it isn't known whose it is."""
    if report.level == LEVELS[0]:
        return NATION
    return report.city or report.province


def date_of(report: Report) -> str | None:
    """The day of delivery, or the year where only that is known."""
    return report.date or (None if report.year is None else str(report.year))


def time_of(report: Report) -> tuple[int, str]:
    """What orders reports by time: where only the year is known, behind those of its year; unknown ones last."""
    year = 9999 if report.year is None else report.year
    is_known = report.date is not None and report.date.startswith(str(year))
    return year, report.date or "" if is_known else "9999"


NATION = "全国"
