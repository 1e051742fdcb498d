"""Keywords: what marks one part of the collection against another, what only the one says, and only the other.

two sides by filters -> their words -> strings said again and again (`repeated_strings`) -> the best by log-likelihood
-> counted exactly, as a quoted search counts them -> lists

A string that one report alone says again and again marks that report and not its side: without the report that has
most of it, its log-likelihood must still be significant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import log, log2
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.answer.question import Question
from search.answer.searcher import Searcher
from search.collection import Ask, Found, Top
from search.errors import QueryError
from search.instruments.answers import Keyword, KeywordsAnswer, KeywordSide, KeywordSides
from search.instruments.matched import TIER
from search.instruments.repeated_strings import (
    MOST_WORDS,
    Counted,
    Stream,
    Strings,
    find_repeated,
    text_of,
)
from search.instruments.word_streams import CutParagraph, word_streams
from search.language.plan import Filter, every, string
from search.language.plan.conditions import is_condition
from search.language.text import Analyzer
from search.limits import UNLIMITED, Budget
from search.messages import answers as says
from search.model import LEVELS, Query

MOST = 100
SIGNIFICANT = 6.63
"""Log-likelihood that chance alone exceeds once in a hundred times (chi-squared with one degree of freedom)."""
NEARLY_ALWAYS = 0.9
_CANDIDATES = 300
_SCANNED_AT_ONCE = 20_000

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Side:
    """A part of the collection: its question, and what it holds."""

    question: Question
    counted: KeywordSide


class _Use(NamedTuple):
    """What a side has of a string."""

    occurrences: int
    reports: int
    places: int


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
    sides = [
        _side(searcher, replace(filters, text=text), name, budget)
        for name, text in (("of", of), ("against", against))
    ]
    stream = _read(searcher, sides, budget)
    strings = find_repeated(stream, budget)
    counted = KeywordSides(sides[0].counted, sides[1].counted)
    likelihood = _log_likelihoods(strings.of.occurrences, strings.against.occurrences, sides)
    key = _rows(searcher, stream, strings, sides, _best_keys(strings, likelihood, sides))
    new = _rows(
        searcher, stream, strings, sides, _only_in(strings.of, strings.against, sides[0], least_places)
    )
    gone = _rows(searcher, stream, strings, sides, _only_in(strings.against, strings.of, sides[1], 1))
    keywords = [row for row in key if row.log_likelihood > 0 and row.places >= least_places]
    keywords.sort(key=lambda row: (-row.log_likelihood, -row.of, row.term))
    only = [
        [row for row in new if not row.against and row.places >= least_places],
        [row for row in gone if not row.of],
    ]
    for rows in only:
        rows.sort(key=lambda row: (-row.reports, -_marked(row), row.term))
    return KeywordsAnswer(counted, *(_whole(rows)[:MOST] for rows in (keywords, *only)))


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


def _read(searcher: Searcher, sides: Sequence[Side], budget: Budget) -> Stream:
    """The words of both sides."""
    streams = word_streams(sides[0].question.view)
    words: list[NDArray[np.int32]] = [np.zeros(1, dtype=np.int32)]
    slots: list[NDArray[np.int32]] = [np.zeros(1, dtype=np.int32)]
    before = 0
    bounds = []
    for side in sides:
        numbers: dict[str, int] = {}
        for batch in _paragraphs(searcher.analyzer, side, budget):
            of_report = [before + numbers.setdefault(one.report.id, len(numbers)) for one in batch]
            words += [one.words for one in batch]
            slots.append(np.repeat(np.array(of_report, dtype=np.int32), [len(one.words) for one in batch]))
            budget.charge(8 * len(slots[-1]))
        before += len(numbers)
        bounds.append(before)
    ending = np.zeros(MOST_WORDS + 1, dtype=np.int32)
    return Stream(
        np.concatenate([*words, ending]), np.concatenate([*slots, ending]), bounds[0], tuple(streams.words)
    )


def _paragraphs(analyzer: Analyzer, side: Side, budget: Budget) -> Iterator[list[CutParagraph]]:
    view = side.question.view
    ask = Ask(side.question.plan, side.question.chosen, top=Top(0, sort="year"))
    for batch in view.scan(ask, batch=_SCANNED_AT_ONCE):
        yield word_streams(view).read(view, [ranked.ref for ranked in batch], analyzer, budget)


def _log_likelihoods(of: NDArray[np.int64], against: NDArray[np.int64], sides: Sequence[Side]) -> Floats:
    """`log_likelihood` of many strings, where the first side has more; 0 elsewhere."""
    of_chars, against_chars = (side.counted.characters for side in sides)
    if not of_chars or not against_chars:
        return np.zeros(len(of))
    expected = of_chars * (of + against) / (of_chars + against_chars)
    rest = against_chars * (of + against) / (of_chars + against_chars)
    with np.errstate(divide="ignore", invalid="ignore"):
        summed = np.where(of > 0, of * np.log(of / expected), 0)
        summed += np.where(against > 0, against * np.log(against / rest), 0)
    likelihood: Floats = np.where(of > expected, 2 * summed, 0.0)
    return likelihood


def _best_keys(strings: Strings, likelihood: Floats, sides: Sequence[Side]) -> NDArray[np.int64]:
    """Places of the strings with the highest log-likelihood that don't rest on one report."""
    is_key = likelihood >= SIGNIFICANT
    if sides[0].counted.reports > 1:
        elsewhere = strings.of.occurrences - strings.of.most
        is_key &= _log_likelihoods(elsewhere, strings.against.occurrences, sides) >= SIGNIFICANT
    places = np.flatnonzero(is_key)
    best: NDArray[np.int64] = places[np.argsort(-likelihood[places], kind="stable")]
    return best[:_CANDIDATES]


def _only_in(one: Counted, other: Counted, side: Side, least_places: int) -> NDArray[np.int64]:
    """Places of the strings that one side alone says, in several reports where it has several: the widest first."""
    least = max(min(2, side.counted.reports), least_places)
    places = np.flatnonzero((other.occurrences == 0) & (one.reports >= least))
    widest: NDArray[np.int64] = places[np.lexsort((-one.occurrences[places], -one.reports[places]))]
    return widest[:_CANDIDATES]


def _rows(
    searcher: Searcher, stream: Stream, strings: Strings, sides: Sequence[Side], chosen: NDArray[np.int64]
) -> list[Keyword]:
    """Strings with their exact counts, in the same order."""
    terms = [text_of(stream, int(strings.at[place]), int(strings.words[place])) for place in chosen]
    of, against = (_uses(searcher.analyzer, side, terms) for side in sides)
    sizes = sides[0].counted.characters, sides[1].counted.characters
    rows = []
    for term, mine, theirs in zip(terms, of, against, strict=True):
        said = mine.occurrences, theirs.occurrences
        likelihood, ratio = log_likelihood(*said, *sizes), log_ratio(*said, *sizes)
        marked = mine if likelihood >= 0 else theirs
        rounded = None if ratio is None else round(ratio, 6)
        rows.append(Keyword(term, *said, round(likelihood, 6), rounded, marked.reports, marked.places))
    return rows


def _uses(analyzer: Analyzer, side: Side, terms: Sequence[str]) -> list[_Use]:
    """What a quoted search for each finds on a side."""
    question = side.question
    asks = []
    for term in terms:
        plan = every([string(analyzer.query_tokens(term)), question.plan])
        asks.append(Ask(plan, question.chosen, reports=True, occurrences=True, facets=("city",)))
        without_city = every([plan, Filter("city", (None,))])
        asks.append(Ask(without_city, question.chosen, facets=("province", "level")))
    found = question.view.find(asks)
    return [_use(*pair) for pair in zip(found[::2], found[1::2], strict=True)]


def _use(found: Found, without_city: Found) -> _Use:
    """Places are cities, the provinces of reports without one, and the nation."""
    places = _chosen_values(found, "city") + _chosen_values(without_city, "province")
    nation = sum(one.count > 0 for one in without_city.facets["level"] if one.value == LEVELS[0])
    return _Use(found.occurrences or 0, found.reports or 0, places + nation)


def _chosen_values(found: Found, field: str) -> int:
    """How many known values match; where some are chosen, those."""
    values = [one for one in found.facets[field] if one.count and one.value is not None]
    chosen = [one for one in values if one.selected]
    return len(chosen or values)


def _whole(rows: Sequence[Keyword]) -> list[Keyword]:
    """The rows without those that stand nearly always inside a longer one of them."""
    return [
        row
        for row in rows
        if not any(
            len(other.term) > len(row.term)
            and row.term in other.term
            and _marked(other) >= NEARLY_ALWAYS * _marked(row)
            for other in rows
        )
    ]


def _marked(row: Keyword) -> int:
    """The occurrences on the side that a string marks."""
    return row.of if row.log_likelihood >= 0 else row.against
