"""Which strings are counted exactly: the best keywords of two sides, by counts at borders of words.

paragraphs of both sides -> words -> strings said again and again -> log-likelihood -> the best
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.answer.searcher import Searcher
from search.collection import Ask
from search.instruments.free_strings import are_free, is_measure
from search.instruments.keywords import SIGNIFICANT, Side
from search.instruments.repeated_strings import (
    MOST_WORDS,
    Counted,
    Stream,
    Strings,
    find_repeated,
    text_of,
)
from search.instruments.word_streams import read_words
from search.limits import Budget

MOST = 300
_LOOKED_AT = 3 * MOST
"""Strings that are looked at, the best first, until so many of them are units."""

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Ranked = tuple[Places, NDArray[Any], NDArray[Any]]
"""Places of strings, and by what they are ordered."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Strings of each list, the best first."""

    key: list[str]
    new: list[str]
    gone: list[str]


def find_candidates(
    searcher: Searcher, sides: Sequence[Side], least_places: int, budget: Budget
) -> Candidates:
    """The best strings of two sides.

    Raises:
        BudgetExceeded: it takes more than `budget`.
    """
    stream = _read(searcher, sides, budget)
    strings = find_repeated(stream, budget)
    lists = (
        _best_keys(strings, sides),
        _only_in(strings.of, strings.against, sides[0], least_places),
        _only_in(strings.against, strings.of, sides[1], 1),
    )
    best = [_best(stream, strings, ranked) for ranked in lists]
    places = np.concatenate([places for places, _ in best])
    free = iter(are_free(stream, strings.at[places], strings.words[places], budget).tolist())
    units = ([text for text in texts if next(free) and not is_measure(text)][:MOST] for _, texts in best)
    return Candidates(*units)


def _best(stream: Stream, strings: Strings, ranked: Ranked) -> tuple[Places, list[str]]:
    """Places of the strings that are looked at, the best first and of equal ones the first by its characters."""
    places, first, second = ranked
    order = np.lexsort((second, first))
    if len(order) > _LOOKED_AT:
        last = order[_LOOKED_AT - 1]
        is_tied = (first[order] == first[last]) & (second[order] == second[last])
        order = order[: int(np.flatnonzero(is_tied)[-1]) + 1]
    texts = [_text(stream, strings, place) for place in places[order].tolist()]
    keys = zip(first[order].tolist(), second[order].tolist(), texts, range(len(texts)), strict=True)
    best = [n for *_, n in sorted(keys)[:_LOOKED_AT]]
    return places[order[best]], [texts[n] for n in best]


def _text(stream: Stream, strings: Strings, place: int) -> str:
    return text_of(stream, int(strings.at[place]), int(strings.words[place]))


def _read(searcher: Searcher, sides: Sequence[Side], budget: Budget) -> Stream:
    """The words of both sides."""
    words = [
        read_words(side.question.view, Ask(side.question.plan, side.question.chosen), searcher.analyzer)
        for side in sides
    ]
    sizes = np.concatenate([one.sizes for one in words])
    slots = np.arange(len(sizes), dtype=np.uint16 if len(sizes) < 1 << 16 else np.uint32)
    budget.charge(slots.itemsize * int(sizes.sum()))
    begin, end = np.zeros(1, dtype=np.int32), np.zeros(MOST_WORDS + 1, dtype=np.int32)
    return Stream(
        np.concatenate([begin, *(one.numbers for one in words), end]),
        np.concatenate([begin.astype(slots.dtype), np.repeat(slots, sizes), end.astype(slots.dtype)]),
        len(words[0].sizes),
        tuple(words[-1].texts),
    )


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


def _best_keys(strings: Strings, sides: Sequence[Side]) -> Ranked:
    """The strings that don't rest on one report, the highest log-likelihood first."""
    likelihood = _log_likelihoods(strings.of.occurrences, strings.against.occurrences, sides)
    is_key = likelihood >= SIGNIFICANT
    if sides[0].counted.reports > 1:
        elsewhere = strings.of.occurrences - strings.of.most
        is_key &= _log_likelihoods(elsewhere, strings.against.occurrences, sides) >= SIGNIFICANT
    places = np.flatnonzero(is_key)
    return places, -likelihood[places], -strings.of.occurrences[places]


def _only_in(one: Counted, other: Counted, side: Side, least_places: int) -> Ranked:
    """The strings that one side alone says, in several reports where it has several: the widest first."""
    least = max(min(2, side.counted.reports), least_places)
    places = np.flatnonzero((other.occurrences == 0) & (one.reports >= least))
    return places, -one.reports[places], -one.occurrences[places]
