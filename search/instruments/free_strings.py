"""Which strings are units, and not fragments of longer ones: those whose neighbours change on both sides.

A string beside which the same word or two always stand is a part of what is said (改增 in 营改增, 党的十八 before 大
and 届). Marks and numbers are borders, each counted as a neighbour of its own.

Source: boundary entropy, as in Huang and Powers (2003), Chinese word segmentation based on contextual entropy.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search.instruments.repeated_strings import Stream
from search.instruments.units import UNITS
from search.limits import Budget

LEAST_CHOICE = 2.5
"""Neighbours that a unit has on each side, as many as equally frequent ones would have the same entropy."""
LEAST_CHOICE_LOOSE = 4.0
"""The same for a string of single characters alone, which is what a wrong cut leaves."""

I64 = NDArray[np.int64]


def are_free(stream: Stream, at: I64, words: I64, budget: Budget) -> NDArray[np.bool_]:
    """Whether each string is a unit, by the words beside all its places.

    Args:
        at: a place of each string.
        words: how many words it has.

    Raises:
        BudgetExceeded: it takes more than `budget`.
    """
    heads = stream.words[at]
    is_head = np.zeros(len(stream.texts), dtype=bool)
    is_head[heads] = True
    places = np.flatnonzero(is_head[stream.words])
    with budget.borrowed():
        budget.charge(places.nbytes * 2)
        order = np.argsort(stream.words[places], kind="stable")
        places = places[order]
        begins = np.searchsorted(stream.words[places], heads, side="left")
        ends = np.searchsorted(stream.words[places], heads, side="right")
        free = np.zeros(len(at), dtype=bool)
        for number, (begin, end) in enumerate(zip(begins.tolist(), ends.tolist(), strict=True)):
            budget.charge()
            free[number] = _is_free(stream, places[begin:end], int(at[number]), int(words[number]))
    return free


def is_measure(text: str) -> bool:
    """Whether a string is what a number leaves: a scale with its unit (万个, 亿元)."""
    unit = text.lstrip("十百千万亿")
    return unit in UNITS and unit != text


def _is_free(stream: Stream, places: I64, at: int, count: int) -> bool:
    for n in range(1, count):
        places = places[stream.words[places + n] == stream.words[at + n]]
    is_loose = all(len(stream.texts[word]) == 1 for word in stream.words[at : at + count])
    least = LEAST_CHOICE_LOOSE if is_loose else LEAST_CHOICE
    return all(count_choices(stream.words[beside]) >= least for beside in (places - 1, places + count))


def count_choices(beside: NDArray[np.int32]) -> float:
    """The perplexity of the words beside a string's places; a border (0) is a word of its own each time.

    A string of fewer places than are asked for has at most as many; where all of them differ, it has no limit.

    Example:
        >>> round(count_choices(np.array([7, 7, 9, 9], dtype=np.int32)), 6)
        2.0
    """
    counts = np.unique(beside[beside > 0], return_counts=True)[1]
    total, borders = len(beside), int((beside == 0).sum())
    if len(counts) + borders == total:
        return np.inf
    shares = counts / total
    entropy = -(shares * np.log(shares)).sum() + borders / total * np.log(total)
    return float(np.exp(entropy))
