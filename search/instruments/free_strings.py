"""Which strings are units, and not fragments of longer ones: those whose neighbours change on both sides.

A string beside which the same word or two always stand is a part of what is said (改增 in 营改增, 党的十八 before 大
and 届). Marks and numbers are borders, each counted as a neighbour of its own.

Source: boundary entropy, as in Huang and Powers (2003), Chinese word segmentation based on contextual entropy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from search.instruments.repeated_strings import Stream
from search.instruments.units import UNITS
from search.limits import Budget

LEAST_CHOICE = 2.5
"""Neighbours that a unit has on each side, as many as equally frequent ones would have the same entropy."""
LEAST_CHOICE_LOOSE = 4.0
"""The same for a string of single characters alone, which is what a wrong cut leaves."""

_MANY = 5_000
"""Of so many neighbours each word is counted in a table, of fewer they are sorted."""

_PLACES_AT_ONCE = 1_000_000

I64 = NDArray[np.int64]


def are_free(stream: Stream, at: I64, words: I64, budget: Budget) -> NDArray[np.bool_]:
    """Whether each string is a unit, by the words beside all its places.

    Args:
        at: a place of each string.
        words: how many words it has.

    Raises:
        BudgetExceeded: it takes more than `budget`.
    """
    strings = [stream.words[begin : begin + count].tolist() for begin, count in zip(at, words, strict=True)]
    free = np.zeros(len(at), dtype=bool)
    ordered = sorted(range(len(strings)), key=strings.__getitem__)
    of_head = {head: list(group) for head, group in groupby(ordered, key=lambda n: strings[n][0])}
    for heads in _some_heads(stream, list(of_head)):
        with budget.borrowed():
            for head, places in _places_of(stream, heads, budget):
                budget.charge()
                for n, own in _narrow(stream, places, [(n, strings[n]) for n in of_head[head]], 1):
                    free[n] = _is_free(stream, own, strings[n])
    return free


def _some_heads(stream: Stream, heads: Sequence[int]) -> Iterator[Sequence[int]]:
    """The heads, so many at once as have not too many places."""
    counts = np.zeros(len(stream.texts), dtype=np.int64)
    for _, words in _pieces(stream):
        counts += np.bincount(words, minlength=len(counts))
    piece = np.cumsum(counts[heads]) // _PLACES_AT_ONCE
    for begin, end in pairwise([0, *(np.flatnonzero(np.diff(piece)) + 1).tolist(), len(heads)]):
        if begin < end:
            yield heads[begin:end]


def _places_of(stream: Stream, heads: Sequence[int], budget: Budget) -> Iterator[tuple[int, I64]]:
    """Where each of some words stands."""
    number = np.zeros(len(stream.texts), dtype=np.uint16)
    number[heads] = np.arange(1, len(heads) + 1)
    places = np.concatenate([np.flatnonzero(number.take(words)) + begin for begin, words in _pieces(stream)])
    budget.charge(places.nbytes * 4)
    numbers = number.take(stream.words.take(places))
    places = places.take(np.argsort(numbers, kind="stable"))
    ends = np.cumsum(np.bincount(numbers, minlength=len(heads) + 1)).tolist()
    yield from ((head, places[begin:end]) for head, (begin, end) in zip(heads, pairwise(ends), strict=True))


def _pieces(stream: Stream) -> Iterator[tuple[int, NDArray[np.int32]]]:
    """The words, some at a time, and where they begin."""
    begins = range(0, len(stream.words), _PLACES_AT_ONCE)
    return ((begin, stream.words[begin : begin + _PLACES_AT_ONCE]) for begin in begins)


def _narrow(
    stream: Stream, places: I64, strings: Sequence[tuple[int, list[int]]], depth: int
) -> Iterator[tuple[int, I64]]:
    """Where each string stands.

    Args:
        places: where their first `depth` words stand, which they share.
        strings: ordered by their words.
    """
    longer = [(n, words) for n, words in strings if len(words) > depth]
    yield from ((n, places) for n, words in strings if len(words) == depth)
    following = stream.words.take(places + depth) if longer else None
    for word, group in groupby(longer, key=lambda string: string[1][depth]):
        yield from _narrow(stream, places[following == word], list(group), depth + 1)


def is_measure(text: str) -> bool:
    """Whether a string is what a number leaves: a scale with its unit (万个, 亿元)."""
    unit = text.lstrip("十百千万亿")
    return unit in UNITS and unit != text


def _is_free(stream: Stream, places: I64, words: Sequence[int]) -> bool:
    is_loose = all(len(stream.texts[word]) == 1 for word in words)
    least = LEAST_CHOICE_LOOSE if is_loose else LEAST_CHOICE
    sides = (places - 1, places + len(words))
    return all(count_choices(stream.words.take(beside)) >= least for beside in sides)


def count_choices(beside: NDArray[np.int32]) -> float:
    """The perplexity of the words beside a string's places; a border (0) is a word of its own each time.

    A string of fewer places than are asked for has at most as many; where all of them differ, it has no limit.

    Example:
        >>> round(count_choices(np.array([7, 7, 9, 9], dtype=np.int32)), 6)
        2.0
    """
    total, borders = len(beside), int((beside == 0).sum())
    if total < _MANY:
        counts = np.unique(beside[beside > 0], return_counts=True)[1]
    else:
        counts = np.bincount(beside)[1:]
        counts = counts[counts > 0]
    if len(counts) + borders == total:
        return np.inf
    shares = counts / total
    entropy = -(shares * np.log(shares)).sum() + borders / total * np.log(total)
    return float(np.exp(entropy))
