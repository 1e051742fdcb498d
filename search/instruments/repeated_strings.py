"""Strings that are said again and again in two parts of a collection, in no dictionary or in one, each counted in both.

words of both sides -> their places by first word, first two, … -> groups -> counts by side and report

A string is a sequence of words that stand side by side. Counted are its places at borders of words: what `keywords`
chooses from; what it shows is counted again, exactly. A beginning that is said less often than what is listed already
is not followed: no longer string is said more often.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, NamedTuple

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
    "Part",
    "Stream",
    "Strings",
    "iter_gathered",
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
        ends: where each report ends; the first `of_reports` are of the first side.
        texts: each word by its number.
    """

    words: I32
    ends: I64
    of_reports: int
    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Counted:
    """Of each string of a list, its occurrences, reports and most occurrences in one report, for one side."""

    occurrences: I64
    reports: I64
    most: I64


@dataclass(frozen=True, slots=True)
class Strings:
    """Strings by where they first stand, and how many words they have.

    In how many reports of the second side a string stands is counted where that side alone says it, else 0.
    """

    at: I64
    words: I64
    of: Counted
    against: Counted


@dataclass(frozen=True, slots=True)
class Least:
    """What a string must reach, one of it at least, to be wanted; 1 or more each, NEVER where nothing is enough.

    Args:
        key: occurrences on the first side.
        new: reports of the first side, the second never saying it.
        gone: reports of the second side, the first never saying it.
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
        gathered: how many places it looks up at a time.
        bytes_a_place: about what it takes for each.
        uses: of each word in the stream.
    """

    stream: Stream
    loop: Any
    at_once: int
    gathered: int
    bytes_a_place: int
    uses: I64
    closed: NDArray[np.bool_]


class Part(NamedTuple):
    """Some words, and how many places they have."""

    words: I32
    places: int


def make_finder(stream: Stream) -> Finder:
    """What looks for strings in a stream."""
    chars = np.fromiter(map(len, stream.texts), dtype=np.int32, count=len(stream.texts))
    closed = np.fromiter(map(FUNCTION_WORDS.__contains__, stream.texts), dtype=bool, count=len(stream.texts))
    args = (stream.words, stream.ends, stream.of_reports, chars, closed.astype(np.uint8))
    if _COMPILED is None or len(stream.words) >= _MOST_COMPILED:
        loop, sizes = NumpyFinder(*args), (1_000_000, 1_000_000, 60)
    else:
        loop, sizes = _COMPILED.Finder(*args), (4_000_000, 16_000_000, 5)
    return Finder(stream, loop, *sizes, loop.uses_of_words, closed)


def iter_gathered(finder: Finder, parts: Sequence[Part], budget: Budget) -> Iterator[Part]:
    """The parts, each when its words are looked up: all that there is room for are looked up in one pass.

    Raises:
        BudgetExceeded: they take more than `budget`.
    """
    ends = list(accumulate(part.places for part in parts))
    begin = before = 0
    while begin < len(parts):
        end = max(bisect_right(ends, before + finder.gathered), begin + 1)
        with budget.borrowed():
            budget.charge((ends[end - 1] - before) * finder.bytes_a_place)
            finder.loop.gather(np.concatenate([part.words for part in parts[begin:end]]))
            for part in parts[begin:end]:
                budget.charge()
                yield part
        begin, before = end, ends[end - 1]


def iter_repeated(finder: Finder, least: Callable[[], Least], budget: Budget) -> Iterator[Strings]:
    """Strings of SHORTEST to LONGEST characters said LEAST times or more, that are maximal, some at a time.

    A string that always has the same word before or behind it is only a part of what is said and left out; marks,
    numbers and FUNCTION_WORDS beside it are its border.

    Args:
        least: asked before each part; those that reach it are found, and no others.

    Raises:
        BudgetExceeded: it takes more than `budget`.
    """
    parts = list(_parts(finder))
    done, every = 0, sum(part.places for part in parts)
    for firsts, places in iter_gathered(finder, parts, budget):
        budget.reach(_READ + done / every * (_COUNTED - _READ))
        wanted = least()
        yield _strings(finder.loop.find(firsts, wanted.key, wanted.new, wanted.gone))
        done += places


def text_of(stream: Stream, at: int, words: int) -> str:
    """The string that stands somewhere."""
    return "".join(stream.texts[number] for number in stream.words[at : at + words].tolist())


def _parts(finder: Finder) -> Iterator[Part]:
    """The words that strings may begin with: small samples first, to learn what is listed."""
    firsts = np.flatnonzero((finder.uses >= LEAST) & ~finder.closed)
    firsts = firsts[firsts > 0]
    firsts = firsts[np.argsort(firsts * _SPREAD & 0xFFFFFFFF)]
    ends = np.cumsum(finder.uses[firsts])
    size, begin, done = finder.at_once // 16, 0, 0
    while begin < len(firsts):
        end = max(int(ends.searchsorted(done + size, side="right")), begin + 1)
        yield Part(firsts[begin:end].astype(np.int32), int(ends[end - 1]) - done)
        begin, done = end, int(ends[end - 1])
        size = min(2 * size, finder.at_once)


def _strings(rows: I64) -> Strings:
    columns = tuple(rows.T)
    return Strings(columns[0], columns[1], Counted(*columns[2:5]), Counted(*columns[5:8]))
