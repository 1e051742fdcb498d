"""The words of a whole version: runs of its segments, in numbers that all of them share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from search.collection import Words
from search.embedded.matches import Matches
from search.embedded.snapshot import Snapshot
from search.embedded.word_runs import BORDER, WordRuns
from search.limits import Budget

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

_NONE: I64 = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class SharedNumbers:
    """The words of all segments, "" first, and for each segment the numbers of its own by rank."""

    texts: Sequence[str]
    of_part: Sequence[I32]


def share_numbers(runs: Sequence[WordRuns]) -> SharedNumbers:
    """Numbers for the words of several segments; the largest one's are its ranks."""
    largest = max(runs, key=lambda one: len(one.words), default=None)
    known = {} if largest is None else dict(zip(largest.words, count()))
    for one in runs:
        if one is not largest:
            new = [word for word in one.words if word not in known]
            known.update(zip(new, count(len(known))))
    of_part = [
        np.arange(len(one.words), dtype=np.int32)
        if one is largest
        else np.fromiter(map(known.__getitem__, one.words), dtype=np.int32, count=len(one.words))
        for one in runs
    ]
    return SharedNumbers(tuple(known), of_part)


def read_words(
    snapshot: Snapshot, shared: SharedNumbers, matches: Sequence[Sequence[Matches]], budget: Budget
) -> Words:
    """The words of the paragraphs that match, report by report.

    Args:
        matches: of each ask, by segment.

    Raises:
        BudgetExceeded: they are more than `budget` allows.
    """
    runs = [part.data.word_runs for part in snapshot.parts]
    held = [one for one in runs if one is not None]
    docs = [[found.docs.astype(np.int64) for found in of_ask] for of_ask in matches]
    most = sum(one.most_words(some) for of_ask in docs for one, some in zip(held, of_ask, strict=True))
    numbers = np.empty(1 + most + Words.BORDERS, dtype=np.int32)
    numbers[0], done = BORDER, 1
    of_asks, of_report = [], [_NONE]
    for of_ask in docs:
        before = len(of_report)
        for part, one, some, shares in zip(snapshot.parts, held, of_ask, shared.of_part, strict=True):
            counts = [_NONE]
            for sizes in one.iter_numbers(some, shares, numbers[done:]):
                budget.charge(numbers.itemsize * int(sizes.sum()))
                done += int(sizes.sum())
                counts.append(sizes)
            begins = np.flatnonzero(np.diff(part.data.report_of.take(some).astype(np.int64), prepend=-1))
            of_report.append(np.add.reduceat(np.concatenate(counts), begins) if len(begins) else _NONE)
        of_asks.append(sum(map(len, of_report[before:])))
    numbers[done : done + Words.BORDERS] = BORDER
    return Words(numbers[: done + Words.BORDERS], np.concatenate(of_report), tuple(of_asks), shared.texts)
