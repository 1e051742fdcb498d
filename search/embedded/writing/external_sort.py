"""An external merge sort (Knuth, The Art of Computer Programming 3, 5.4): any number of items in bounded memory.

items -> a buffer -> full: sorted, and put away as a run -> all runs side by side -> slices of whole groups
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from search.embedded.writing.spool import Piece, Spool

Items = NDArray[Any]
_LEAST_READ = 1 << 10
_BEYOND = 1 << 62
"""A group behind all others."""


@dataclass(frozen=True, slots=True)
class Order:
    """How items are sorted. Items of a group come out together.

    Args:
        group: of an item, a number that does not fall from one item to the next; below `_BEYOND`.
        count_below: how many of some sorted items are of groups below this one.
        sort: the items sorted, perhaps in place; equal ones keep their order where that matters.
    """

    group: Callable[[Any], int]
    count_below: Callable[[Items, int], int]
    sort: Callable[[Items], Items]


class Run(Protocol):
    """Sorted items that are read a stretch at a time."""

    @property
    def count(self) -> int: ...

    def read(self, begin: int, end: int) -> Items:
        """The items from `begin` to `end`, or those of them that are wanted."""


class ExternalSort:
    """Takes items in any order and gives them back sorted.

    Args:
        capacity: how many are kept in memory.
        slice_items: about how many are handed out at a time.
    """

    def __init__(
        self, spool: Spool, order: Order, dtype: np.dtype[Any], *, capacity: int, slice_items: int
    ) -> None:
        self._spool, self._order, self._dtype = spool, order, dtype
        self._capacity, self._slice_items = capacity, slice_items
        self._clear()

    def _clear(self) -> None:
        self._buffer: Items = np.empty(0, dtype=self._dtype)
        self._filled = 0
        self._runs: list[Run] = []

    def take(self, count: int) -> Items:
        """Room for so many more, to be filled before anything else is asked."""
        if self._filled + count > len(self._buffer):
            self._put_away()
            if count > len(self._buffer):
                self._buffer = np.empty(max(count, self._capacity), dtype=self._dtype)
        begin = self._filled
        self._filled += count
        return self._buffer[begin : self._filled]

    def _put_away(self) -> None:
        if self._filled:
            self._runs.append(_SpooledRun(self._spool, self._spool.put(self._sorted())))
            self._filled = 0

    def _sorted(self) -> Items:
        return self._order.sort(self._buffer[: self._filled])

    def iter_slices(self) -> Iterator[Items]:
        """All of them in slices, each with all items of its groups; none are left afterwards."""
        runs: Sequence[Run] = [_RunInMemory(self._sorted())] if self._filled else []
        if self._runs:
            self._put_away()
            runs = self._runs
            self._buffer = np.empty(0, dtype=self._dtype)
        yield from iter_merged(runs, self._order, slice_items=self._slice_items)
        self._clear()


@dataclass(frozen=True, slots=True)
class _SpooledRun:
    spool: Spool
    piece: Piece

    @property
    def count(self) -> int:
        return self.piece.count

    def read(self, begin: int, end: int) -> Items:
        return self.spool.read(self.piece, begin, end)


@dataclass(frozen=True, slots=True)
class _RunInMemory:
    items: Items

    @property
    def count(self) -> int:
        return len(self.items)

    def read(self, begin: int, end: int) -> Items:
        return self.items[begin:end]


@dataclass(slots=True)
class _Reading:
    """A run of which some was read; `ahead` was not yet taken."""

    run: Run
    order: Order
    read: int = 0
    ahead: Items = field(init=False)

    def __post_init__(self) -> None:
        self.ahead = self.run.read(0, 0)

    def read_on(self, count: int) -> None:
        """Have at least so many ahead, as far as there are."""
        while (missing := count - len(self.ahead)) > 0 and not self.is_read:
            end = min(self.read + missing, self.run.count)
            more = self.run.read(self.read, end)
            self.read = end
            self.ahead = np.concatenate([self.ahead, more]) if len(self.ahead) else more

    @property
    def is_read(self) -> bool:
        return self.read >= self.run.count

    def sure(self) -> int:
        """Of groups below this one, nothing is still to be read."""
        return _BEYOND if self.is_read else self.order.group(self.ahead[-1])

    def take(self, group: int) -> Items:
        """What is ahead of the groups below this one."""
        end = len(self.ahead) if group == _BEYOND else self.order.count_below(self.ahead, group)
        taken, self.ahead = self.ahead[:end], self.ahead[end:]
        return taken


def iter_merged(runs: Sequence[Run], order: Order, *, slice_items: int) -> Iterator[Items]:
    """Runs as one, in slices of whole groups; where items are equal, those of an earlier run come first."""
    reading = [_Reading(run, order) for run in runs]
    usual = max(slice_items // max(len(runs), 1), min(_LEAST_READ, slice_items))
    while reading:
        for one in reading:
            one.read_on(usual)
        group = min(one.sure() for one in reading)
        parts = [part for one in reading if len(part := one.take(group))]
        if parts:
            yield parts[0] if len(parts) == 1 else order.sort(np.concatenate(parts))
        else:  # all that is ahead in one of them is of one group
            for one in reading:
                if one.sure() == group:
                    one.read_on(2 * len(one.ahead))
        reading = [one for one in reading if len(one.ahead) or not one.is_read]
