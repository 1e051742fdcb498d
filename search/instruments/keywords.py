"""Keywords: what marks one part of the collection against another, what only the one says, and only the other.

two sides by filters -> their words -> strings said again and again (`repeated_strings`) -> the best by log-likelihood
-> counted exactly, as a quoted search counts them -> lists

A string that one report alone says again and again marks that report and not its side: without the report that has
most of it, its log-likelihood must still be significant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress
from math import log, log2
from typing import NamedTuple

from msgspec import structs

from search.answer.question import Question
from search.answer.searcher import Searcher
from search.collection import Ask, Found
from search.errors import QueryError
from search.instruments.answers import Keyword, KeywordsAnswer, KeywordSide, KeywordSides
from search.instruments.matched import TIER
from search.language.plan import Filter, Plan, every, string
from search.language.plan.conditions import is_condition
from search.language.text import Analyzer
from search.limits import UNLIMITED, Budget
from search.messages import answers as says
from search.model import LEVELS, Query

MOST = 100
SIGNIFICANT = 6.63
"""Log-likelihood that chance alone exceeds once in a hundred times (chi-squared with one degree of freedom)."""
NEARLY_ALWAYS = 0.9


@dataclass(frozen=True, slots=True)
class Side:
    """A part of the collection: its question, and what it holds."""

    question: Question
    counted: KeywordSide


class _Use(NamedTuple):
    """What a side has of a string."""

    occurrences: int
    reports: int


def find_keywords(
    searcher: Searcher,
    of: str,
    against: str,
    filters: Query = Query(),  # noqa: B008 -- frozen
    *,
    least_places: int = 1,
    budget: Budget = UNLIMITED,
) -> KeywordsAnswer:
    """What marks the part that the filters `of` choose against the part that `against` chooses.

    Args:
        of, against: filters of the query language, such as "plan_year:2024 city:苏州市"; "" is everything.
        filters: hold on both sides; its text is not read.
        least_places: how many places at least must say a keyword or what is new.

    Raises:
        QueryError: a side can't be read, or has words.
        BudgetExceeded: it takes more than `budget`.
    """
    from search.instruments.keyword_candidates import find_candidates  # needs NumPy, which pages don't

    sides = [
        _side(searcher, replace(filters, text=text), name, budget)
        for name, text in (("of", of), ("against", against))
    ]
    candidates = find_candidates(searcher, sides, least_places, budget)
    key, new, gone = (
        _rows(searcher, sides, terms) for terms in (candidates.key, candidates.new, candidates.gone)
    )
    keywords = [row for row in key if row.log_likelihood > 0]
    keywords.sort(key=lambda row: (-row.log_likelihood, -row.of, row.term))
    only = [[row for row in new if not row.against], [row for row in gone if not row.of]]
    for rows in only:
        rows.sort(key=lambda row: (-row.reports, -_marked(row), row.term))
    shown = [
        _shown(searcher.analyzer, side, rows, least)
        for side, rows, least in (
            (sides[0], keywords, least_places),
            (sides[0], only[0], least_places),
            (sides[1], only[1], 0),
        )
    ]
    return KeywordsAnswer(KeywordSides(sides[0].counted, sides[1].counted), *shown)


def choose_sides(
    of: str,
    against: str,
    *,
    emerging: int | None = None,
    filters: Query = Query(),  # noqa: B008 -- frozen
) -> tuple[str, str]:
    """The filters of both sides: against nothing is against all the rest; a year is set against all years before it.

    Args:
        emerging: a year, by the axis of `filters`; then `of` holds on both sides.

    Raises:
        QueryError: there is no first side, or a second one beside a year.

    Example:
        >>> choose_sides("city:苏州市", "")
        ('city:苏州市', '-(city:苏州市)')
        >>> choose_sides("province:江苏省", "", emerging=2024)
        ('(province:江苏省) plan_year:2024', '(province:江苏省) plan_year:..2023')
    """
    of, against = of.strip(), against.strip()
    if emerging is not None:
        if against:
            raise QueryError(says.YEAR_OR_SIDE(), field="against")
        both = f"({of}) " if of else ""
        return f"{both}{filters.year_field}:{emerging}", f"{both}{filters.year_field}:..{emerging - 1}"
    if not of:
        raise QueryError(says.SIDE_MISSING(), field="of")
    return of, against or f"-({of})"


def log_likelihood(of: int, against: int, of_chars: int, against_chars: int) -> float:
    """G² of a string on two sides of these sizes; negative where it is rarer in the first. An empty cell adds nothing.

    Source: Dunning (1993); in the form for comparing corpora, Rayson and Garside (2000), Comparing corpora using
    frequency profiling.
    """
    total, chars = of + against, of_chars + against_chars
    if not total or not of_chars or not against_chars:
        return 0.0
    expected = (of_chars * total / chars, against_chars * total / chars)
    summed = 2 * sum(said * log(said / e) for said, e in zip((of, against), expected, strict=True) if said)
    return summed if of * against_chars >= against * of_chars else -summed


def log_ratio(of: int, against: int, of_chars: int, against_chars: int) -> float | None:
    """How many times more often the first side says it, as a power of 2; None where one never does.

    Source: Hardie (2014), Log Ratio: an informal introduction; without the half occurrence that it puts for none.
    """
    if not of or not against:
        return None
    return log2(of / of_chars) - log2(against / against_chars)


def _side(searcher: Searcher, query: Query, name: str, budget: Budget) -> Side:
    query = replace(query, page=1, per_page=10, group="", sort="year", match="phrase")
    question = searcher.question(query, budget=budget)
    if not is_condition(question.plan):
        raise QueryError(says.FILTERS_ONLY(text=query.text), field=name)
    counts = searcher.count(query, budget=budget)
    chars = searcher.distribution(query, budget=budget).total.held_characters
    counted = KeywordSide(TIER, counts.paragraphs, counts.occurrences, counts.reports, query.text, chars)
    return Side(question, counted)


def _rows(searcher: Searcher, sides: Sequence[Side], terms: Sequence[str]) -> list[Keyword]:
    """Strings with their exact counts, in the same order; places are counted for those that are shown."""
    of, against = (_uses(searcher.analyzer, side, terms) for side in sides)
    sizes = sides[0].counted.characters, sides[1].counted.characters
    rows = []
    for term, mine, theirs in zip(terms, of, against, strict=True):
        said = mine.occurrences, theirs.occurrences
        likelihood, ratio = log_likelihood(*said, *sizes), log_ratio(*said, *sizes)
        reports = theirs.reports if likelihood < 0 or not mine.occurrences else mine.reports
        rounded = None if ratio is None else round(ratio, 6)
        rows.append(Keyword(term, *said, round(likelihood, 6), rounded, reports, 0))
    return rows


def _shown(analyzer: Analyzer, side: Side, rows: Sequence[Keyword], least: int) -> list[Keyword]:
    """The rows of a list that are shown, with the places of its side, of which each has `least` or more."""
    if least <= 1:
        return _with_places(analyzer, side, _whole(rows)[:MOST])
    return _whole([row for row in _with_places(analyzer, side, rows) if row.places >= least])[:MOST]


def _uses(analyzer: Analyzer, side: Side, terms: Sequence[str]) -> list[_Use]:
    """What a quoted search for each finds on a side."""
    asks = [
        Ask(_said(analyzer, side, term), side.question.chosen, reports=True, occurrences=True)
        for term in terms
    ]
    found = side.question.view.find(asks)
    return [_Use(one.occurrences or 0, one.reports or 0) for one in found]


def _said(analyzer: Analyzer, side: Side, term: str) -> Plan:
    """The paragraphs of a side that have a string."""
    return every([string(analyzer.query_tokens(term)), side.question.plan])


def _with_places(analyzer: Analyzer, side: Side, rows: Sequence[Keyword]) -> list[Keyword]:
    """The rows, each with how many places of a side say it: cities, provinces of reports without one, the nation."""
    plans = [_said(analyzer, side, row.term) for row in rows]
    cities = _find_facets(side, plans, ("city",))
    has_others = [any(one.value is None and one.count for one in found.facets["city"]) for found in cities]
    without_city = [every([plan, Filter("city", (None,))]) for plan in compress(plans, has_others)]
    others = iter(_find_facets(side, without_city, ("province", "level")))
    return [
        structs.replace(
            row, places=_chosen_values(found, "city") + (_count_others(next(others)) if has else 0)
        )
        for row, found, has in zip(rows, cities, has_others, strict=True)
    ]


def _find_facets(side: Side, plans: Sequence[Plan], facets: tuple[str, ...]) -> list[Found]:
    return side.question.view.find([Ask(plan, side.question.chosen, facets=facets) for plan in plans])


def _count_others(found: Found) -> int:
    """Places that are no city: provinces, and the nation."""
    nation = sum(one.count > 0 for one in found.facets["level"] if one.value == LEVELS[0])
    return _chosen_values(found, "province") + nation


def _chosen_values(found: Found, field: str) -> int:
    """How many known values match; where some are chosen, those."""
    values = [one for one in found.facets[field] if one.count and one.value is not None]
    chosen = [one for one in values if one.selected]
    return len(chosen or values)


def _whole(rows: Sequence[Keyword]) -> list[Keyword]:
    """The rows without those that stand nearly always inside a longer one of them."""
    marked = [(row.term, _marked(row)) for row in rows]

    def is_part(row: Keyword) -> bool:
        term, least = row.term, NEARLY_ALWAYS * _marked(row)
        longer = [times for other, times in marked if term in other and other != term]
        return any(times >= least for times in longer)

    return [row for row in rows if not is_part(row)]


def _marked(row: Keyword) -> int:
    """The occurrences on the side that a string marks."""
    return row.against if row.log_likelihood < 0 or not row.of else row.of
