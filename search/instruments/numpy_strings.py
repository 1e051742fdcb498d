"""Strings of words, counted on two sides, and what is beside them: the plain form of `search.instruments._strings`.

places of words -> sorted by the word behind them, by the next one … -> groups -> counts by side and report
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from search.collection import Words

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
Flags = NDArray[np.bool_]

SHORTEST, LONGEST = 2, 16
"""Characters of a string."""
MOST_WORDS = Words.BORDERS
LEAST = 2
COLUMNS = 8
_REPORT_BITS, _WORD_BITS = 20, 23
_SPREAD_PREFIX, _SPREAD_WORD = 0x9E3779B1, 0x85EBCA77
_MANY = 5_000
"""Of so many neighbours each word is counted in a table, of fewer they are sorted."""
_PIECE = 1_000_000


class NumpyFinder:
    """Words of two sides, as strings are looked for in them.

    Args:
        words, ends, of_reports: as in `Stream`.
        chars: of each word, int32.
        closed: which words no string begins or ends with, uint8; beside a string they are its border.
    """

    def __init__(
        self,
        words: I32,
        ends: I64,
        of_reports: int,
        chars: I32,
        closed: NDArray[np.uint8],
    ) -> None:
        self._words, self._ends, self._of_reports = words, ends, of_reports
        self._chars, self._closed = chars, closed.astype(bool)

    @property
    def uses_of_words(self) -> I64:
        """How often each word stands on both sides together."""
        counts = np.zeros(len(self._chars), dtype=np.int64)
        for _, words in self._pieces():
            counts += np.bincount(words, minlength=len(counts))
        return counts

    def gather(self, words: I32) -> None:
        """Nothing is looked up before it is wanted."""

    def find(self, firsts: I32, key: int, new: int, gone: int) -> I64:
        """The maximal strings that begin with some words and are said LEAST times or more.

        Args:
            key, new, gone: as in `Least`.

        Returns:
            a row each: the first place, the words, and of both sides occurrences, reports and the most in one report;
            the last two of the second side where it alone says the string, else 0.
        """
        is_first = np.zeros(len(self._chars), dtype=bool)
        is_first[firsts] = True
        return np.concatenate(
            [np.zeros((0, COLUMNS), dtype=np.int64), *self._find(self._places(is_first), key, new, gone)]
        )

    def count_beside(self, words: I32, lengths: I32) -> tuple[I64, I64, I64]:
        """How often each word stands before and behind some strings.

        Args:
            words: the strings in their order, one behind the other.
            lengths: how many words each has.

        Returns:
            counts, by string, side and number of the word; how many of them each string has on both sides, and borders.
        """
        ends = np.cumsum(lengths).tolist()
        strings = [(n, words[begin:end].tolist()) for n, (begin, end) in enumerate(pairwise([0, *ends]))]
        counts: list[I64] = []
        kinds, borders = (
            np.zeros((len(lengths), 2), dtype=np.int64),
            np.zeros((len(lengths), 2), dtype=np.int64),
        )
        for head, places in self._places_of(sorted({string[0] for _, string in strings})):
            own = [(n, string) for n, string in strings if string[0] == head]
            for n, at in self._narrow(places, own, 1):
                for side, beside in enumerate((-1, len(strings[n][1]))):
                    borders[n, side], found = _count_words(self._words.take(at + beside))
                    kinds[n, side] = len(found)
                    counts.append(found)
        return np.concatenate([*counts, np.zeros(0, dtype=np.int64)]), kinds, borders

    def _find(self, at: I64, key: int, new: int, gone: int) -> Iterator[I64]:
        """The strings that begin at these places; all places of a string are among them."""
        words, chars = self._words, self._chars
        border = np.where(self._closed, 0, np.arange(len(chars), dtype=np.int32))
        of_words = int(self._ends[self._of_reports - 1]) if self._of_reports else 1
        prefix, size = np.zeros(len(at), dtype=np.int64), np.zeros(1, dtype=np.int64)
        for n in range(1, MOST_WORDS + 1):
            last = words.take(at + (n - 1))
            stays = np.flatnonzero((last > 0) & (size.take(prefix) + chars.take(last) <= LONGEST))
            may_be = _may_be_followed(
                prefix.take(stays), last.take(stays), at.take(stays) < of_words, min(key, new), gone
            )
            stays = stays[may_be]
            if not len(stays):
                return
            at, prefix, last = at.take(stays), prefix.take(stays), last.take(stays)
            group = (prefix << (_REPORT_BITS + _WORD_BITS)) | (last.astype(np.int64) << _REPORT_BITS)
            group |= self._ends.searchsorted(at, side="right")
            order = _order_first(last) if n == 1 else np.argsort(group)
            at, group = at.take(order), group.take(order)
            starts, sizes, sides = _count_groups(group, self._of_reports)
            sides[sides[:, 0] > 0, 4:] = 0
            firsts = order.take(starts)
            size = size.take(prefix.take(firsts)) + chars.take(last.take(firsts))
            is_said = sizes >= LEAST
            shown = is_said & (size >= SHORTEST) & ~self._closed[last.take(firsts)]
            is_new, is_gone = (
                (sides[:, 3] == 0) & (sides[:, 1] >= new),
                (sides[:, 0] == 0) & (sides[:, 4] >= gone),
            )
            shown &= (sides[:, 0] >= key) | is_new | is_gone
            for beside in (at - 1, at + n):
                shown &= _is_maximal(border.take(words.take(beside)), starts)
            places = np.minimum.reduceat(at, starts)[shown]
            yield np.column_stack([places, np.full(len(places), n), sides[shown]])
            is_said &= (sides[:, 0] >= min(key, new)) | (sides[:, 3] >= gone)
            stays = np.flatnonzero(np.repeat(is_said, sizes))
            at, size = at.take(stays), size[is_said]
            prefix = np.repeat(np.arange(len(size)), sizes[is_said])

    def _pieces(self) -> Iterator[tuple[int, I32]]:
        """The words, some at a time, and where they begin."""
        begins = range(0, len(self._words), _PIECE)
        return ((begin, self._words[begin : begin + _PIECE]) for begin in begins)

    def _places(self, flags: Flags) -> I64:
        """Where flagged words stand."""
        return np.concatenate([np.flatnonzero(flags.take(words)) + begin for begin, words in self._pieces()])

    def _places_of(self, heads: list[int]) -> Iterator[tuple[int, I64]]:
        """Where each of some words stands."""
        is_head = np.zeros(len(self._chars), dtype=bool)
        is_head[heads] = True
        places = self._places(is_head)
        found = self._words.take(places)
        places = places.take(np.argsort(found, kind="stable"))
        ends = np.cumsum(np.bincount(found, minlength=len(is_head))[heads]).tolist()
        yield from (
            (head, places[begin:end]) for head, (begin, end) in zip(heads, pairwise([0, *ends]), strict=True)
        )

    def _narrow(
        self, places: I64, strings: list[tuple[int, list[int]]], depth: int
    ) -> Iterator[tuple[int, I64]]:
        """Where each string stands.

        Args:
            places: where their first `depth` words stand, which they share.
            strings: ordered by their words.
        """
        longer = [(n, words) for n, words in strings if len(words) > depth]
        yield from ((n, places) for n, words in strings if len(words) == depth)
        following = self._words.take(places + depth) if longer else None
        for word, group in groupby(longer, key=lambda string: string[1][depth]):
            yield from self._narrow(places[following == word], list(group), depth + 1)


def _order_first(words: I32) -> I64:
    """The order of places by their first word, then as they stand; sixteen bits are sorted fastest."""
    distinct = np.flatnonzero(np.bincount(words))
    place = np.zeros(int(distinct[-1]) + 1, dtype=np.uint16 if len(distinct) <= 1 << 16 else np.uint32)
    place[distinct] = np.arange(len(distinct))
    return np.argsort(place[words], kind="stable")


def _may_be_followed(prefix: I64, last: I32, is_of: Flags, of: int, against: int) -> Flags:
    """Which places may be of a string said so often on a side: all that are, and few others that share its counter."""
    bits = len(last).bit_length() + 1
    counter = (prefix * _SPREAD_PREFIX + last.astype(np.int64) * _SPREAD_WORD) >> 7 & ((1 << bits) - 1)
    both = np.bincount(counter, minlength=1 << bits)
    own = np.bincount(counter[is_of], minlength=1 << bits)
    flags: Flags = ((both >= LEAST) & ((own >= of) | (both - own >= against))).take(counter)
    return flags


def _count_groups(group: I64, of_reports: int) -> tuple[I64, I64, I64]:
    """Where equal strings begin in their sorted numbers, how many they are, and what both sides have of them.

    Of a side those are occurrences, reports and the most occurrences in one report.
    """
    runs = np.flatnonzero(np.diff(group, prepend=-1))
    run_sizes = np.diff(runs, append=len(group))
    run_groups = group[runs]
    firsts = np.flatnonzero(np.diff(run_groups >> _REPORT_BITS, prepend=-1))
    is_of = (run_groups & ((1 << _REPORT_BITS) - 1)) < of_reports
    sides = []
    for own in (is_of, ~is_of):
        own_sizes = np.where(own, run_sizes, 0)
        sides += [
            np.add.reduceat(own_sizes, firsts),
            np.add.reduceat(own.astype(np.int64), firsts),
            np.maximum.reduceat(own_sizes, firsts),
        ]
    return runs[firsts], np.add.reduceat(run_sizes, firsts), np.column_stack(sides)


def _is_maximal(beside: I32, starts: I64) -> Flags:
    """Whether each group has different words on this side, or the border of a run."""
    lowest, highest = np.minimum.reduceat(beside, starts), np.maximum.reduceat(beside, starts)
    flags: Flags = (lowest != highest) | (lowest == 0)
    return flags


def _count_words(words: I32) -> tuple[int, I64]:
    """How many borders there are, and how often each word stands, by its number."""
    borders = int((words == 0).sum())
    if len(words) < _MANY:
        return borders, np.unique(words[words > 0], return_counts=True)[1].astype(np.int64)
    counts = np.bincount(words)[1:]
    return borders, counts[counts > 0]
