"""Packed occurrences of any number in order of their terms: an external merge sort in bounded memory.

occurrences -> a buffer -> full: sorted, and put away as a run -> all runs side by side -> slices of whole terms

Knuth, The Art of Computer Programming 3, 5.4. Sorting is most of the work and is done once in memory; what is put away
is read back once, in order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from search.embedded.writing.analysis import TERM_SHIFT
from search.embedded.writing.spool import Piece, Spool

U64 = NDArray[np.uint64]

_SLICE = 1 << 17
"""Occurrences that are handed out at a time: so many that what is made of them stays near the processor."""
_LEAST_READ = 1 << 10
_BEYOND = 1 << (64 - TERM_SHIFT)
"""A number that no term has."""


class Occurrences:
    """Takes packed occurrences in any order and gives them back sorted.

    Args:
        capacity: how many are kept in memory.
    """

    def __init__(self, spool: Spool, capacity: int) -> None:
        self._spool = spool
        self._capacity = capacity
        self._clear()

    def _clear(self) -> None:
        self._buffer: U64 = np.empty(0, dtype=np.uint64)
        self._filled = 0
        self._runs: list[Piece] = []

    def take(self, count: int) -> U64:
        """Room for so many more, to be filled before anything else is asked."""
        if self._filled + count > len(self._buffer):
            self._put_away()
            if count > len(self._buffer):
                self._buffer = np.empty(max(count, self._capacity), dtype=np.uint64)
        begin = self._filled
        self._filled += count
        return self._buffer[begin : self._filled]

    def _put_away(self) -> None:
        if self._filled:
            self._runs.append(self._spool.put(self._sorted()))
            self._filled = 0

    def _sorted(self) -> U64:
        filled = self._buffer[: self._filled]
        filled.sort()
        return filled

    def iter_slices(self) -> Iterator[U64]:
        """All of them in slices of about `_SLICE`, each with all occurrences of its terms; none are left afterwards."""
        if self._runs:
            self._put_away()
            self._buffer = np.empty(0, dtype=np.uint64)
            yield from _merge([_Run(self._spool, piece) for piece in self._runs])
        else:
            yield from _iter_slices(self._sorted())
        self._clear()

    def clear(self) -> None:
        """Let go of all, and of the memory."""
        self._clear()


@dataclass(slots=True)
class _Run:
    """A run that is read from its beginning on; `ahead` was read and not yet taken."""

    spool: Spool
    piece: Piece
    ahead: U64 = field(default_factory=lambda: np.empty(0, dtype=np.uint64))
    read: int = 0

    def read_on(self, count: int) -> None:
        """Have at least so many ahead, as far as there are."""
        if (missing := count - len(self.ahead)) > 0 and self.read < self.piece.count:
            more = self.spool.read(self.piece, self.read, self.read + missing)
            self.read += len(more)
            self.ahead = np.concatenate([self.ahead, more])

    def sure(self) -> int:
        """Below this term's number, nothing of the run is still to be read."""
        return _BEYOND if self.read == self.piece.count else int(self.ahead[-1]) >> TERM_SHIFT

    def take(self, term: int) -> U64:
        """What is ahead of the terms below `term`."""
        end = _count_below(self.ahead, term)
        taken, self.ahead = self.ahead[:end], self.ahead[end:]
        return taken


def _merge(runs: list[_Run]) -> Iterator[U64]:
    """The runs as one, in slices of whole terms."""
    usual = max(_SLICE // len(runs), _LEAST_READ)
    while runs:
        for run in runs:
            run.read_on(usual)
        term = min(run.sure() for run in runs)
        parts = [part for run in runs if len(part := run.take(term))]
        if not parts:  # the whole of what is ahead in one run is of one term
            for run in runs:
                if run.sure() == term:
                    run.read_on(2 * len(run.ahead))
            continue
        merged = np.concatenate(parts)
        merged.sort()
        yield merged
        runs = [run for run in runs if len(run.ahead) or run.read < run.piece.count]


def _iter_slices(keys: U64) -> Iterator[U64]:
    start = 0
    while start < len(keys):
        end = min(start + _SLICE, len(keys))
        if end < len(keys):
            end += _count_below(keys[end:], (int(keys[end]) >> TERM_SHIFT) + 1)
        yield keys[start:end]
        start = end


def _count_below(keys: U64, term: int) -> int:
    """How many of some sorted occurrences are of terms below `term`."""
    return len(keys) if term >= _BEYOND else int(keys.searchsorted(np.uint64(term << TERM_SHIFT)))
