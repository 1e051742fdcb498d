"""Which strings are units, and not fragments of longer ones: those whose neighbours change on both sides.

A string beside which the same word or two always stand is a part of what is said (改增 in 营改增, 党的十八 before 大
and 届). Marks and numbers are borders, each counted as a neighbour of its own.

Source: boundary entropy, as in Huang and Powers (2003), Chinese word segmentation based on contextual entropy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from search.instruments.repeated_strings import Finder
from search.instruments.units import UNITS
from search.limits import Budget

LEAST_CHOICE = 2.5
"""Neighbours that a unit has on each side, as many as equally frequent ones would have the same entropy."""
LEAST_CHOICE_LOOSE = 4.0
"""The same for a string of single characters alone, which is what a wrong cut leaves."""

I64 = NDArray[np.int64]


def are_free(finder: Finder, at: I64, words: I64, budget: Budget) -> NDArray[np.bool_]:
    """Whether each string is a unit, by the words beside all its places.

    Args:
        at: a place of each string.
        words: how many words it has.

    Raises:
        BudgetExceeded: it takes more than `budget`.
    """
    stream = finder.stream
    strings = [stream.words[begin : begin + count].tolist() for begin, count in zip(at, words, strict=True)]
    free = np.zeros(len(at), dtype=bool)
    ordered = sorted(range(len(strings)), key=strings.__getitem__)
    for some, places in _parts(finder, ordered, strings):
        with budget.borrowed():
            budget.charge(places * finder.bytes_a_place)
            for n, sides in zip(some, _count_beside(finder, [strings[n] for n in some]), strict=True):
                is_loose = all(len(stream.texts[word]) == 1 for word in strings[n])
                least = LEAST_CHOICE_LOOSE if is_loose else LEAST_CHOICE
                free[n] = all(count_choices(counts, borders) >= least for counts, borders in sides)
    return free


def is_measure(text: str) -> bool:
    """Whether a string is what a number leaves: a scale with its unit (万个, 亿元)."""
    unit = text.lstrip("十百千万亿")
    return unit in UNITS and unit != text


def count_choices(counts: I64, borders: int) -> float:
    """The perplexity of the words beside a string's places; a border is a word of its own each time.

    A string of fewer places than are asked for has at most as many; where all of them differ, it has no limit.

    Args:
        counts: of each word there.

    Example:
        >>> round(count_choices(np.array([2, 2]), 0), 6)
        2.0
    """
    total = int(counts.sum()) + borders
    if len(counts) + borders == total:
        return np.inf
    shares = counts / total
    entropy = -(shares * np.log(shares)).sum() + borders / total * np.log(total)
    return float(np.exp(entropy))


def _parts(
    finder: Finder, ordered: Sequence[int], strings: Sequence[Sequence[int]]
) -> Iterator[tuple[Sequence[int], int]]:
    """Strings in order, so many at once as begin with words of not too many places; and how many those have."""
    heads = np.array([strings[n][0] for n in ordered], dtype=np.int64)
    begins = np.flatnonzero(np.diff(heads, prepend=-1))
    uses = np.cumsum(finder.uses[heads[begins]])
    cuts = np.flatnonzero(np.diff(uses // finder.at_once, prepend=-1)).tolist()
    for first, last in pairwise([*cuts, len(begins)]):
        places = int(uses[last - 1] - (uses[first - 1] if first else 0))
        end = len(ordered) if last == len(begins) else int(begins[last])
        yield ordered[int(begins[first]) : end], places


def _count_beside(
    finder: Finder, strings: Sequence[Sequence[int]]
) -> Iterator[tuple[tuple[I64, int], tuple[I64, int]]]:
    """For both sides of each string, how often each word stands there, and how many borders."""
    words = np.fromiter((word for string in strings for word in string), dtype=np.int32)
    lengths = np.fromiter(map(len, strings), dtype=np.int32)
    counts, kinds, borders = finder.loop.count_beside(words, lengths)
    ends = iter(np.cumsum(kinds).tolist())
    begin = 0
    for before, behind in borders.tolist():
        middle, end = next(ends), next(ends)
        yield (counts[begin:middle], before), (counts[middle:end], behind)
        begin = end
