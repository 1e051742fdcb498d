"""The words of a whole version: runs of its segments, in numbers that all of them share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.collection import Words
from search.embedded.matches import Matches
from search.embedded.snapshot import Snapshot
from search.embedded.word_runs import WordRuns
from search.limits import Budget

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

_BYTES_A_WORD = 40
"""About what a word takes while it is decoded."""


@dataclass(frozen=True, slots=True)
class SharedNumbers:
    """The words of all segments, "" first, and for each segment the numbers of its own by rank."""

    texts: Sequence[str]
    of_part: Sequence[I32]


def share_numbers(runs: Sequence[WordRuns]) -> SharedNumbers:
    """Numbers for the words of several segments; the largest one's are its ranks."""
    known: dict[str, int] = {}
    for one in sorted(runs, key=lambda one: -len(one.words)):
        for word in one.words:
            known.setdefault(word, len(known))
    of_part = [np.fromiter(map(known.__getitem__, one.words), dtype=np.int32) for one in runs]
    return SharedNumbers(tuple(known), of_part)


def read_words(
    snapshot: Snapshot, shared: SharedNumbers, matches: Sequence[Matches], budget: Budget
) -> Words:
    """The words of the paragraphs that match, report by report.

    Raises:
        BudgetExceeded: they are more than `budget` allows.
    """
    numbers: list[I32] = []
    of_report: list[I64] = []
    for part, found, of_part in zip(snapshot.parts, matches, shared.of_part, strict=True):
        assert part.data.word_runs is not None
        docs = found.docs.astype(np.int64)
        counts: list[I64] = []
        for ranks, sizes in part.data.word_runs.iter_runs(docs):
            budget.charge(ranks.nbytes)
            with budget.borrowed():
                budget.charge(len(ranks) * _BYTES_A_WORD)
                numbers.append(of_part.take(ranks))
            counts.append(sizes)
        if len(docs):
            begins = np.flatnonzero(np.diff(part.data.report_of.take(docs).astype(np.int64), prepend=-1))
            of_report.append(np.add.reduceat(np.concatenate(counts), begins))
    return Words(
        np.concatenate([*numbers, np.zeros(0, dtype=np.int32)]),
        np.concatenate([*of_report, np.zeros(0, dtype=np.int64)]),
        shared.texts,
    )
