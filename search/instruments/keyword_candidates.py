"""Which strings are counted exactly: the best keywords of two sides, by counts at borders of words.

paragraphs of both sides -> words -> strings said again and again -> log-likelihood -> the best
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.answer.searcher import Searcher
from search.collection import Ask, Top
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
from search.instruments.word_streams import CutParagraph, word_streams
from search.language.text import Analyzer
from search.limits import Budget

MOST = 300
_LOOKED_AT = 3 * MOST
"""Strings that are looked at, the best first, until so many of them are units."""
_SCANNED_AT_ONCE = 20_000

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


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
    return Candidates(*(_units(stream, strings, places, budget) for places in lists))


def _units(stream: Stream, strings: Strings, places: Places, budget: Budget) -> list[str]:
    """The strings at these places that are no fragments of longer ones."""
    free = are_free(stream, strings.at[places], strings.words[places], budget)
    units = (_text(stream, strings, int(place)) for place in places[free])
    return [text for text in units if not is_measure(text)][:MOST]


def _text(stream: Stream, strings: Strings, place: int) -> str:
    return text_of(stream, int(strings.at[place]), int(strings.words[place]))


def _read(searcher: Searcher, sides: Sequence[Side], budget: Budget) -> Stream:
    """The words of both sides."""
    streams = word_streams(sides[0].question.view)
    words: list[NDArray[np.int32]] = [np.zeros(1, dtype=np.int32)]
    texts = len(sides) * sides[0].question.view.reports(others=True, count=0)[0]
    dtype = np.uint16 if texts + 2 < 1 << 16 else np.uint32
    slots = [np.zeros(1, dtype=dtype)]
    before = 0
    bounds = []
    for side in sides:
        numbers: dict[str, int] = {}
        for batch in _paragraphs(searcher.analyzer, side, budget):
            of_report = [before + numbers.setdefault(one.report.id, len(numbers)) for one in batch]
            words += [one.words for one in batch]
            slots.append(np.repeat(np.array(of_report, dtype=dtype), [len(one.words) for one in batch]))
            budget.charge((4 + slots[0].itemsize) * len(slots[-1]))
        before += len(numbers)
        bounds.append(before)
    ending = np.zeros(MOST_WORDS + 1, dtype=np.int32)
    return Stream(
        np.concatenate([*words, ending]),
        np.concatenate([*slots, ending.astype(dtype)]),
        bounds[0],
        tuple(streams.words),
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


def _best_keys(strings: Strings, sides: Sequence[Side]) -> Places:
    """Places of the strings with the highest log-likelihood that don't rest on one report."""
    likelihood = _log_likelihoods(strings.of.occurrences, strings.against.occurrences, sides)
    is_key = likelihood >= SIGNIFICANT
    if sides[0].counted.reports > 1:
        elsewhere = strings.of.occurrences - strings.of.most
        is_key &= _log_likelihoods(elsewhere, strings.against.occurrences, sides) >= SIGNIFICANT
    places = np.flatnonzero(is_key)
    best: Places = places[np.argsort(-likelihood[places], kind="stable")]
    return best[:_LOOKED_AT]


def _only_in(one: Counted, other: Counted, side: Side, least_places: int) -> Places:
    """Places of the strings that one side alone says, in several reports where it has several: the widest first."""
    least = max(min(2, side.counted.reports), least_places)
    places = np.flatnonzero((other.occurrences == 0) & (one.reports >= least))
    widest: Places = places[np.lexsort((-one.occurrences[places], -one.reports[places]))]
    return widest[:_LOOKED_AT]
