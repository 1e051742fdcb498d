"""Which strings are counted exactly: the best keywords of two sides, by counts at borders of words.

paragraphs of both sides -> words -> strings said again and again -> log-likelihood -> the best
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.answer.searcher import Searcher
from search.collection import Ask
from search.instruments.answers import KeywordSide
from search.instruments.free_strings import are_free, is_measure
from search.instruments.keywords import SIGNIFICANT, Side
from search.instruments.repeated_strings import (
    NEVER,
    Counted,
    Finder,
    Least,
    Stream,
    Strings,
    iter_repeated,
    make_finder,
    text_of,
)
from search.instruments.word_streams import read_words
from search.limits import Budget

MOST = 300
LOOKED_AT = 3 * MOST
"""Strings that are looked at, the best first, until so many of them are units."""
_ROUNDING = 1 - 1e-9

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Ranked = tuple[Places, NDArray[Any], NDArray[Any]]
"""Places of strings, and by what they are ordered."""
Best = tuple[Places, Places, list[str]]
"""Where strings stand, how many words they have, and their texts, the best first."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Strings of each list, the best first."""

    key: list[str]
    new: list[str]
    gone: list[str]


def _nothing() -> NDArray[Any]:
    return np.zeros(0, dtype=np.int64)


@dataclass(slots=True)
class Ranking:
    """The best strings of a list so far: LOOKED_AT, and those that are as good as the last of them.

    Args:
        at, words: as in `Strings`.
        first, second: by what they are ordered, the lowest first.
    """

    at: Places = field(default_factory=_nothing)
    words: Places = field(default_factory=_nothing)
    first: NDArray[Any] = field(default_factory=_nothing)
    second: NDArray[Any] = field(default_factory=_nothing)

    def add(self, strings: Strings, ranked: Ranked) -> None:
        """More strings, of which some may be among the best."""
        places, first, second = ranked
        first, second = np.concatenate([self.first, first]), np.concatenate([self.second, second])
        order = np.lexsort((second, first))
        if len(order) > LOOKED_AT:
            last = order[LOOKED_AT - 1]
            is_tied = (first[order] == first[last]) & (second[order] == second[last])
            order = order[: int(np.flatnonzero(is_tied)[-1]) + 1]
        self.first, self.second = first[order], second[order]
        self.at = np.concatenate([self.at, strings.at[places]])[order]
        self.words = np.concatenate([self.words, strings.words[places]])[order]

    @property
    def worst(self) -> float | None:
        """By what the last of the best is ordered first; None while there is room for any."""
        return float(self.first[LOOKED_AT - 1]) if len(self.first) >= LOOKED_AT else None

    def best(self, stream: Stream) -> Best:
        """The best ones, of equal ones the first by their characters."""
        strings = zip(self.at.tolist(), self.words.tolist(), strict=True)
        texts = [text_of(stream, at, words) for at, words in strings]
        keys = zip(self.first.tolist(), self.second.tolist(), texts, range(len(texts)), strict=True)
        best = [n for *_, n in sorted(keys)[:LOOKED_AT]]
        return self.at[best], self.words[best], [texts[n] for n in best]


def find_candidates(
    searcher: Searcher, sides: Sequence[Side], least_places: int, budget: Budget
) -> Candidates:
    """The best strings of two sides.

    Raises:
        BudgetExceeded: it takes more than `budget`.
    """
    finder = make_finder(_read(searcher, sides))
    best = rank_strings(finder, [side.counted for side in sides], least_places, budget)
    at, words = (np.concatenate([one[column] for one in best]) for column in (0, 1))
    free = iter(are_free(finder, at, words, budget).tolist())
    units = ([text for text in texts if next(free) and not is_measure(text)][:MOST] for *_, texts in best)
    return Candidates(*units)


def rank_strings(
    finder: Finder, sides: Sequence[KeywordSide], least_places: int, budget: Budget
) -> list[Best]:
    """The strings that are looked at for each list of `Candidates`; others are counted no further than that is plain.

    Raises:
        BudgetExceeded: it takes more than `budget`.
    """
    key, new, gone = rankings = Ranking(), Ranking(), Ranking()
    least_new, least_gone = _least_reports(sides[0], least_places), _least_reports(sides[1], 1)

    def least() -> Least:
        return Least(
            _least_key(sides, -(key.worst or -SIGNIFICANT)),
            max(1, least_new, -int(new.worst or 0)),
            max(1, least_gone, -int(gone.worst or 0)),
        )

    for strings in iter_repeated(finder, least, budget):
        key.add(strings, _best_keys(strings, sides))
        new.add(strings, _only_in(strings.of, strings.against, least_new))
        gone.add(strings, _only_in(strings.against, strings.of, least_gone))
    return [ranking.best(finder.stream) for ranking in rankings]


def _read(searcher: Searcher, sides: Sequence[Side]) -> Stream:
    """The words of both sides."""
    asks = [Ask(side.question.plan, side.question.chosen) for side in sides]
    words = read_words(sides[0].question.view, asks, searcher.analyzer)
    ends = 1 + np.cumsum(words.sizes)
    return Stream(words.numbers, ends, words.of_asks[0], tuple(words.texts))


def _log_likelihoods(
    of: NDArray[np.int64], against: NDArray[np.int64], sides: Sequence[KeywordSide]
) -> Floats:
    """`log_likelihood` of many strings, where the first side has more; 0 elsewhere."""
    of_chars, against_chars = (side.characters for side in sides)
    if not of_chars or not against_chars:
        return np.zeros(len(of))
    expected = of_chars * (of + against) / (of_chars + against_chars)
    rest = against_chars * (of + against) / (of_chars + against_chars)
    with np.errstate(divide="ignore", invalid="ignore"):
        summed = np.where(of > 0, of * np.log(of / expected), 0)
        summed += np.where(against > 0, against * np.log(against / rest), 0)
    likelihood: Floats = np.where(of > expected, 2 * summed, 0.0)
    return likelihood


def _least_key(sides: Sequence[KeywordSide], likelihood: float) -> int:
    """How often the first side must say a string for so high a log-likelihood, the second never saying it."""
    of_chars, against_chars = (side.characters for side in sides)
    if not of_chars or not against_chars:
        return NEVER
    of_one = 2 * log((of_chars + against_chars) / of_chars)
    return int(min(max(1, ceil(likelihood / of_one * _ROUNDING)), NEVER))


def _least_reports(side: KeywordSide, least_places: int) -> int:
    """How many reports of a side at least have what it alone says: several, where it has several."""
    return max(min(2, side.reports), least_places)


def _best_keys(strings: Strings, sides: Sequence[KeywordSide]) -> Ranked:
    """The strings that don't rest on one report, the highest log-likelihood first."""
    likelihood = _log_likelihoods(strings.of.occurrences, strings.against.occurrences, sides)
    is_key = likelihood >= SIGNIFICANT
    if sides[0].reports > 1:
        elsewhere = strings.of.occurrences - strings.of.most
        is_key &= _log_likelihoods(elsewhere, strings.against.occurrences, sides) >= SIGNIFICANT
    places = np.flatnonzero(is_key)
    return places, -likelihood[places], -strings.of.occurrences[places]


def _only_in(one: Counted, other: Counted, least: int) -> Ranked:
    """The strings that one side alone says, in `least` reports or more: the widest first."""
    places = np.flatnonzero((other.occurrences == 0) & (one.reports >= least))
    return places, -one.reports[places], -one.occurrences[places]
