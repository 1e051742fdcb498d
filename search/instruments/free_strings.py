"""Which strings are units, and not fragments of longer ones: those whose neighbours change on both sides.

A string beside which the same word or two always stand is a part of what is said (改增 in 营改增, 党的十八 before 大
and 届). Marks and numbers are borders, each counted as a neighbour of its own.

Source: boundary entropy, as in Huang and Powers (2003), Chinese word segmentation based on contextual entropy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.instruments.repeated_strings import Finder, Part, iter_gathered
from search.instruments.units import UNITS
from search.limits import Budget

LEAST_CHOICE = 2.5
"""Neighbours that a unit has on each side, as many as equally frequent ones would have the same entropy."""
LEAST_CHOICE_LOOSE = 4.0
"""The same for a string of single characters alone, which is what a wrong cut leaves."""

_CLOSE = 1e-4

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
    parts = list(_parts(finder, ordered, strings))
    for (some, _), _ in zip(parts, iter_gathered(finder, [part for _, part in parts], budget), strict=True):
        beside = _count_beside(finder, [strings[n] for n in some])
        about = beside.about_choices().tolist()
        for row, n in enumerate(some):
            is_loose = all(len(stream.texts[word]) == 1 for word in strings[n])
            least = LEAST_CHOICE_LOOSE if is_loose else LEAST_CHOICE
            free[n] = all(_reaches(least, about[row][side], beside, row, side) for side in (0, 1))
    return free


def _reaches(least: float, about: float, beside: _Beside, row: int, side: int) -> bool:
    """Whether a string has so many neighbours on a side; where that is close, by the exact number."""
    if abs(about - least) > _CLOSE:
        return about > least
    return count_choices(*beside.of(row, side)) >= least


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
) -> Iterator[tuple[Sequence[int], Part]]:
    """Strings in order, so many at once as begin with words of not too many places; and those words."""
    heads = np.array([strings[n][0] for n in ordered], dtype=np.int64)
    begins = np.flatnonzero(np.diff(heads, prepend=-1))
    uses = np.cumsum(finder.uses[heads[begins]])
    cuts = np.flatnonzero(np.diff(uses // finder.at_once, prepend=-1)).tolist()
    for first, last in pairwise([*cuts, len(begins)]):
        places = int(uses[last - 1] - (uses[first - 1] if first else 0))
        end = len(ordered) if last == len(begins) else int(begins[last])
        yield ordered[int(begins[first]) : end], Part(heads[begins[first:last]].astype(np.int32), places)


class _Beside(NamedTuple):
    """The words beside strings.

    Args:
        counts: how often each stands there, by string, side and word.
        ends: by string and side, where its counts end.
        borders: by string and side, how many borders there are.
    """

    counts: I64
    ends: I64
    borders: I64

    def of(self, row: int, side: int) -> tuple[I64, int]:
        """The counts of a string's side, and its borders."""
        at = 2 * row + side
        begin = int(self.ends[at - 1]) if at else 0
        return self.counts[begin : int(self.ends[at])], int(self.borders[row, side])

    def about_choices(self) -> NDArray[np.float64]:
        """`count_choices` of each string's sides, but for rounding."""
        sums = np.concatenate([[0.0], np.cumsum(self.counts * np.log(self.counts))])
        counted = np.concatenate([[0], np.cumsum(self.counts)])
        begins = np.concatenate([[0], self.ends[:-1]])
        borders = self.borders.ravel()
        total = counted[self.ends] - counted[begins] + borders
        choices: NDArray[np.float64] = np.exp(np.log(total) - (sums[self.ends] - sums[begins]) / total)
        choices[self.ends - begins + borders == total] = np.inf
        return choices.reshape(-1, 2)


def _count_beside(finder: Finder, strings: Sequence[Sequence[int]]) -> _Beside:
    words = np.fromiter((word for string in strings for word in string), dtype=np.int32)
    lengths = np.fromiter(map(len, strings), dtype=np.int32)
    counts, kinds, borders = finder.loop.count_beside(words, lengths)
    return _Beside(counts, np.cumsum(kinds.ravel()), borders)
