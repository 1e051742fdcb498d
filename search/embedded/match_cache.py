"""The matches of recent plans, so that page 2 and a change of filters need no matching. One cache a generation."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from search.embedded.matches import Matches
from search.language.plan import Plan

Kept = tuple[list[Matches], NDArray[np.int64]]
"""The matches of each segment, and how many there are of each combination."""


class PlanKey:
    """A plan as a key: its hash, which takes a walk through all of it, is reckoned once."""

    __slots__ = ("_hash", "plan")

    def __init__(self, plan: Plan) -> None:
        self.plan, self._hash = plan, hash(plan)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PlanKey) and self._hash == other._hash and self.plan == other.plan


class MatchCache:
    """Keeps the most recently used matches within a number of bytes. Safe to use from several threads.

    Args:
        limit_bytes: what all of them may take; one that takes more than a quarter is not kept.
    """

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._held: OrderedDict[PlanKey, tuple[Kept, int]] = OrderedDict()
        self._held_bytes = 0
        self._lock = Lock()

    def get(self, plan: PlanKey) -> Kept | None:
        """The matches of a plan, or None."""
        with self._lock:
            if plan not in self._held:
                return None
            self._held.move_to_end(plan)
            return self._held[plan][0]

    def clear(self) -> None:
        """Drop everything."""
        with self._lock:
            self._held.clear()
            self._held_bytes = 0

    def put(self, plan: PlanKey, found: Kept) -> Kept:
        """Keep the matches of a plan, dropping those unused for longest; give them back."""
        size = sum(m.docs.nbytes + (0 if m.scores is None else m.scores.nbytes) for m in found[0])
        if size * 4 <= self._limit_bytes:
            with self._lock:
                if plan not in self._held:
                    self._held[plan] = found, size
                    self._held_bytes += size
                while self._held_bytes > self._limit_bytes:
                    self._held_bytes -= self._held.popitem(last=False)[1][1]
        return found
