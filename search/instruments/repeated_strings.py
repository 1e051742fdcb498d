"""Strings that are said again and again in two parts of a collection, in no dictionary or in one, each counted in both.

words of both sides -> sorted by their first word, first two, … -> groups -> counts by side and report

A string is a sequence of words that stand side by side. Counted are its places at borders of words: what `keywords`
chooses from; what it shows is counted again, exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.limits import Budget

I64 = NDArray[np.int64]
Flags = NDArray[np.bool_]

SHORTEST, LONGEST = 2, 16
"""Characters of a string."""
MOST_WORDS = 8
LEAST = 2
_PART_WORDS = 400_000
_MOST_PARTS = 255
_READ, _COUNTED = 0.1, 0.8
"""The parts of the work on keywords that are done before and after strings are found."""
_SLOT_BITS, _WORD_BITS = 20, 23
_SPREAD_PREFIX, _SPREAD_WORD = 0x9E3779B1, 0x85EBCA77
_BYTES_A_WORD = 60
"""About what sorting takes for each place of a part."""
FUNCTION_WORDS = frozenset(
    "的了和与及或在是为以于对等把将被从向到使让由而并也都就还又更最很其之所着过我们这那个地得第"
)
"""Single characters that no string begins or ends with."""


@dataclass(frozen=True, slots=True)
class Stream:
    """Words of two sides, one behind the other.

    Args:
        words: numbers, 0 between runs, at least MOST_WORDS zeros at the end and one at the begin.
        slots: for each word the report that it is of: those of the first side below `of_slots`, the others above.
        texts: each word by its number.
    """

    words: NDArray[np.int32]
    slots: NDArray[np.unsignedinteger[Any]]
    of_slots: int
    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Counted:
    """Of each string of a list, its occurrences, reports and most occurrences in one report, for one side."""

    occurrences: I64
    reports: I64
    most: I64


@dataclass(frozen=True, slots=True)
class Strings:
    """Strings by where they first stand, and how many words they have."""

    at: I64
    words: I64
    of: Counted
    against: Counted


def find_repeated(stream: Stream, budget: Budget) -> Strings:
    """Strings of SHORTEST to LONGEST characters said LEAST times or more, that are maximal.

    A string that always has the same word before or behind it is only a part of what is said and left out; marks,
    numbers and FUNCTION_WORDS beside it are its border.

    Raises:
        BudgetExceeded: it takes more than `budget`.
    """
    found: list[Strings] = []
    chars = np.fromiter(map(len, stream.texts), dtype=np.int64, count=len(stream.texts))
    closed = np.fromiter(
        (text in FUNCTION_WORDS for text in stream.texts), dtype=bool, count=len(stream.texts)
    )
    for done, begins in _parts(stream.words, closed, budget):
        budget.reach(_READ + done * (_COUNTED - _READ))
        budget.charge(len(begins) * _BYTES_A_WORD)
        found += _of_part(stream, begins, chars, closed, budget)
        budget.release(len(begins) * _BYTES_A_WORD)
    return _joined(found)


def _parts(words: NDArray[np.int32], closed: Flags, budget: Budget) -> Iterator[tuple[float, I64]]:
    """Where strings may begin, in parts that are small enough to sort; a word's places are all in one part.

    With each comes how much of all was given before.
    """
    parts = min(1 + len(words) // _PART_WORDS, _MOST_PARTS)
    with budget.borrowed():
        budget.charge(len(words))
        of_word = (np.arange(len(closed)) % parts).astype(np.uint8)
        of_word[closed] = parts
        of_word[0] = parts
        of_part = of_word[words]
        for part in range(parts):
            yield part / parts, np.flatnonzero(of_part == part)


def text_of(stream: Stream, at: int, words: int) -> str:
    """The string that stands somewhere."""
    return "".join(stream.texts[number] for number in stream.words[at : at + words].tolist())


def _of_part(stream: Stream, at: I64, chars: I64, closed: Flags, budget: Budget) -> Iterator[Strings]:
    """The strings that begin at these places; all places of a string are among them."""
    words, slots = stream.words, stream.slots
    border = np.where(closed, 0, np.arange(len(closed), dtype=np.int32))
    prefix, size = np.zeros(len(at), dtype=np.int64), np.zeros(1, dtype=np.int64)
    for n in range(1, MOST_WORDS + 1):
        budget.charge()
        last = words.take(at + (n - 1))
        stays = np.flatnonzero((last > 0) & (size.take(prefix) + chars.take(last) <= LONGEST))
        if n > 1:
            stays = stays[_may_repeat(prefix.take(stays), last.take(stays))]
        if not len(stays):
            return
        at, prefix, last = at.take(stays), prefix.take(stays), last.take(stays)
        key = (prefix << (_SLOT_BITS + _WORD_BITS)) | (last.astype(np.int64) << _SLOT_BITS) | slots.take(at)
        order = _order_first(last) if n == 1 else np.argsort(key)
        at, key = at.take(order), key.take(order)
        starts, sizes, of, against = _count_groups(key, stream.of_slots)
        firsts = order.take(starts)
        size = size.take(prefix.take(firsts)) + chars.take(last.take(firsts))
        is_said = sizes >= LEAST
        shown = is_said & (size >= SHORTEST) & ~closed[last.take(firsts)]
        for beside in (at - 1, at + n):
            shown &= _is_maximal(border.take(words.take(beside)), starts)
        yield Strings(
            np.minimum.reduceat(at, starts)[shown],
            np.full(int(shown.sum()), n),
            _only(of, shown),
            _only(against, shown),
        )
        stays = np.flatnonzero(np.repeat(is_said, sizes))
        at, size = at.take(stays), size[is_said]
        prefix = np.repeat(np.arange(len(size)), sizes[is_said])


def _order_first(words: NDArray[np.int32]) -> I64:
    """The order of places by their first word, then as they stand; sixteen bits are sorted fastest."""
    distinct = np.flatnonzero(np.bincount(words))
    place = np.zeros(int(distinct[-1]) + 1, dtype=np.uint16 if len(distinct) <= 1 << 16 else np.uint32)
    place[distinct] = np.arange(len(distinct))
    return np.argsort(place[words], kind="stable")


def _may_repeat(prefix: I64, last: NDArray[np.int32]) -> Flags:
    """Which places may be of a string that is said again: all that are, and few others, which share its counter."""
    bits = len(last).bit_length() + 1
    counter = (prefix * _SPREAD_PREFIX + last.astype(np.int64) * _SPREAD_WORD) >> 7 & ((1 << bits) - 1)
    flags: Flags = np.bincount(counter, minlength=1 << bits).take(counter) >= LEAST
    return flags


def _count_groups(key: I64, of_slots: int) -> tuple[I64, I64, Counted, Counted]:
    """Where the groups of equal strings begin in sorted keys, their sizes, and what each side has of them."""
    runs = np.flatnonzero(np.diff(key, prepend=-1))
    run_sizes = np.diff(runs, append=len(key))
    run_keys = key[runs]
    firsts = np.flatnonzero(np.diff(run_keys >> _SLOT_BITS, prepend=-1))
    is_of = (run_keys & ((1 << _SLOT_BITS) - 1)) < of_slots
    sides = [
        Counted(
            np.add.reduceat(np.where(own, run_sizes, 0), firsts),
            np.add.reduceat(own.astype(np.int64), firsts),
            np.maximum.reduceat(np.where(own, run_sizes, 0), firsts),
        )
        for own in (is_of, ~is_of)
    ]
    return runs[firsts], np.add.reduceat(run_sizes, firsts), sides[0], sides[1]


def _is_maximal(beside: NDArray[np.int32], starts: I64) -> Flags:
    """Whether each group has different words on this side, or the border of a run."""
    lowest, highest = np.minimum.reduceat(beside, starts), np.maximum.reduceat(beside, starts)
    flags: Flags = (lowest != highest) | (lowest == 0)
    return flags


def _only(counted: Counted, kept: Flags) -> Counted:
    return Counted(counted.occurrences[kept], counted.reports[kept], counted.most[kept])


def _joined(found: Sequence[Strings]) -> Strings:
    def join(parts: Sequence[I64]) -> I64:
        return np.concatenate([*parts, np.zeros(0, dtype=np.int64)])

    def join_counted(parts: Sequence[Counted]) -> Counted:
        return Counted(
            join([one.occurrences for one in parts]),
            join([one.reports for one in parts]),
            join([one.most for one in parts]),
        )

    return Strings(
        join([one.at for one in found]),
        join([one.words for one in found]),
        join_counted([one.of for one in found]),
        join_counted([one.against for one in found]),
    )
