"""Strings that are said again and again in two parts of a collection, in no dictionary or in one, each counted in both.

words of both sides -> their places by first word, first two, … -> groups -> counts by side and report

A string is a sequence of words that stand side by side. Counted are its places at borders of words: what `keywords`
chooses from; what it shows is counted again, exactly. A beginning that is said less often than what is listed already
is not followed: no longer string is said more often.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.compiled import load_compiled
from search.instruments.numpy_strings import LEAST, LONGEST, MOST_WORDS, SHORTEST, NumpyFinder
from search.limits import Budget

__all__ = [
    "FUNCTION_WORDS",
    "LONGEST",
    "MOST_WORDS",
    "NEVER",
    "SHORTEST",
    "Counted",
    "Finder",
    "Least",
    "Stream",
    "Strings",
    "iter_repeated",
    "make_finder",
]

_COMPILED = load_compiled("search.instruments._strings")
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

NEVER = (1 << 31) - 1
"""More than anything is said."""
_READ, _COUNTED = 0.1, 0.8
"""The parts of the work on keywords that are done before and after strings are found."""
_MOST_COMPILED = 1 << 31
_SPREAD = 0x9E3779B1
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

    words: I32
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


@dataclass(frozen=True, slots=True)
class Least:
    """What a string must reach, one of it at least, to be wanted; 1 or more each, NEVER where nothing is enough.

    Args:
        key: occurrences on the first side.
        new: reports of the first side.
        gone: reports of the second side.
    """

    key: int
    new: int
    gone: int


@dataclass(frozen=True, slots=True)
class Finder:
    """What looks for strings in a stream, compiled or not.

    Args:
        loop: as `NumpyFinder`.
        at_once: how many places of words it looks at at a time.
        bytes_a_place: about what it takes for each.
        uses: of each word in the stream.
    """

    stream: Stream
    loop: Any
    at_once: int
    bytes_a_place: int
    uses: I64
    closed: NDArray[np.bool_]


def make_finder(stream: Stream) -> Finder:
    """What looks for strings in a stream."""
    chars = np.fromiter(map(len, stream.texts), dtype=np.int32, count=len(stream.texts))
    closed = np.fromiter(map(FUNCTION_WORDS.__contains__, stream.texts), dtype=bool, count=len(stream.texts))
    args = (stream.words, stream.slots, stream.of_slots, chars, closed.astype(np.uint8))
    if _COMPILED is None or len(stream.words) >= _MOST_COMPILED:
        loop, at_once, bytes_a_place = NumpyFinder(*args), 1_000_000, 60
    else:
        loop, at_once, bytes_a_place = _COMPILED.Finder(*args), 4_000_000, 10
    return Finder(stream, loop, at_once, bytes_a_place, loop.uses_of_words, closed)


def iter_repeated(finder: Finder, least: Callable[[], Least], budget: Budget) -> Iterator[Strings]:
    """Strings of SHORTEST to LONGEST characters said LEAST times or more, that are maximal, some at a time.

    A string that always has the same word before or behind it is only a part of what is said and left out; marks,
    numbers and FUNCTION_WORDS beside it are its border.

    Args:
        least: asked before each part; those that reach it are found, and no others.

    Raises:
        BudgetExceeded: it takes more than `budget`.
    """
    for done, firsts, places in _parts(finder):
        budget.reach(_READ + done * (_COUNTED - _READ))
        with budget.borrowed():
            budget.charge(places * finder.bytes_a_place)
            wanted = least()
            yield _strings(finder.loop.find(firsts, wanted.key, wanted.new, wanted.gone))


def text_of(stream: Stream, at: int, words: int) -> str:
    """The string that stands somewhere."""
    return "".join(stream.texts[number] for number in stream.words[at : at + words].tolist())


def _parts(finder: Finder) -> Iterator[tuple[float, I32, int]]:
    """The words that strings may begin with, in parts: small samples first, to learn what is listed.

    With each comes how much of all was given before, and how many places it has.
    """
    firsts = np.flatnonzero((finder.uses >= LEAST) & ~finder.closed)
    firsts = firsts[firsts > 0]
    firsts = firsts[np.argsort(firsts * _SPREAD & 0xFFFFFFFF)]
    ends = np.cumsum(finder.uses[firsts])
    size, begin, done = finder.at_once // 16, 0, 0
    while begin < len(firsts):
        end = max(int(ends.searchsorted(done + size, side="right")), begin + 1)
        yield done / int(ends[-1]), firsts[begin:end].astype(np.int32), int(ends[end - 1]) - done
        begin, done = end, int(ends[end - 1])
        size = min(2 * size, finder.at_once)


def _strings(rows: I64) -> Strings:
    columns = tuple(rows.T)
    return Strings(columns[0], columns[1], Counted(*columns[2:5]), Counted(*columns[5:8]))
