"""Packed occurrences in the order of their terms, however many there are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search.embedded.writing.analysis import TERM_LIMIT, TERM_SHIFT
from search.embedded.writing.external_sort import ExternalSort, Order
from search.embedded.writing.spool import Spool

U64 = NDArray[np.uint64]

_SLICE = 1 << 17
"""Occurrences that are handed out at a time: so many that what is made of them stays near the processor."""


def sort_occurrences(spool: Spool, capacity: int) -> ExternalSort:
    """Takes occurrences and gives them back sorted, in slices of whole terms; `capacity` of them stay in memory."""
    return ExternalSort(spool, _BY_TERM, np.dtype(np.uint64), capacity=capacity, slice_items=_SLICE)


def _sorted(keys: U64) -> U64:
    keys.sort()
    return keys


def _count_below(keys: U64, term: int) -> int:
    return len(keys) if term >= TERM_LIMIT else int(keys.searchsorted(np.uint64(term << TERM_SHIFT)))


_BY_TERM = Order(lambda key: int(key) >> TERM_SHIFT, _count_below, _sorted)
