"""What belongs to one version of an embedded collection, shared by all views of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from search.collection import Choice
from search.embedded.catalogue import count_stats
from search.embedded.cells import Holdings, read_holdings
from search.embedded.evaluation import Evaluator, MatchCache, PlanKey, key_bytes
from search.embedded.occurrences import OccurrenceOrder
from search.embedded.report_table import ReportTable
from search.embedded.shared_words import SharedNumbers, share_numbers
from search.embedded.snapshot import Snapshot
from search.lru import LruCache
from search.model import Stats

I64 = NDArray[np.int64]
_T = TypeVar("_T")

_COUNTS_BYTES = 16 * 1024 * 1024
"""What occurrence counts and orders of recent questions may take."""


class State:
    """What belongs to one version, shared by all views of it. Safe to use from several threads."""

    def __init__(self, snapshot: Snapshot, matches: MatchCache) -> None:
        self.snapshot = snapshot
        self.evaluator = Evaluator(snapshot, matches)
        self.counts: LruCache[tuple[PlanKey, Choice], list[I64]] = LruCache(
            most=256,
            size_bytes=_COUNTS_BYTES,
            size_of=lambda counts: sum(of.nbytes for of in counts),
            size_of_key=lambda key: key_bytes(key[0]),
        )
        self.orders: LruCache[tuple[PlanKey, Choice], OccurrenceOrder] = LruCache(
            most=64,
            size_bytes=_COUNTS_BYTES,
            size_of=lambda order: order.size_bytes,
            size_of_key=lambda key: key_bytes(key[0]),
        )
        self._derived: dict[str, Any] = {}
        self._lock = threading.RLock()

    def derived(self, name: str, make: Callable[[], _T]) -> _T:
        """What is kept under `name`, made at first use; see `search.collection.View.derived`."""
        if name not in self._derived:
            with self._lock:
                if name not in self._derived:
                    self._derived[name] = make()
        kept: _T = self._derived[name]
        return kept

    @property
    def holdings(self) -> list[Holdings]:
        return self.derived("embedded.holdings", lambda: read_holdings(self.snapshot))

    @property
    def shared_numbers(self) -> SharedNumbers | None:
        """Numbers of the words of all segments; None where one has no words."""

        def make() -> SharedNumbers | None:
            runs = [part.data.word_runs for part in self.snapshot.parts]
            held = [one for one in runs if one is not None]
            return share_numbers(held) if len(held) == len(runs) else None

        return self.derived("embedded.shared_numbers", make)

    @property
    def reports(self) -> ReportTable:
        return self.derived("embedded.reports", lambda: ReportTable(self.snapshot))

    @property
    def stats(self) -> Stats:
        return self.derived("embedded.stats", lambda: count_stats(self.snapshot, self.reports))
