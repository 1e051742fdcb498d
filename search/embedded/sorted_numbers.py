"""Sorted numbers met with one another: documents, and places in documents."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.embedded import kernel

I64 = NDArray[np.int64]
Mask = NDArray[np.bool_]


def membership(wanted: NDArray[Any], among: NDArray[Any]) -> Mask:
    """Which of the sorted numbers `wanted` are in the sorted numbers `among`."""
    return find_in(wanted, among) >= 0


def find_in(wanted: NDArray[Any], among: NDArray[Any]) -> I64:
    """Where the sorted numbers `wanted` stand in the sorted numbers `among`; -1 for those that don't."""
    if kernel.postings is not None and wanted.dtype == among.dtype == np.int64:
        places: I64 = kernel.postings.find_in(np.ascontiguousarray(wanted), np.ascontiguousarray(among))
        return places
    if not len(among):
        return np.full(len(wanted), -1, dtype=np.int64)
    places = np.searchsorted(among, wanted)
    places[places == len(among)] = 0
    places[among[places] != wanted] = -1
    return places


def distinct(numbers: I64) -> I64:
    """Sorted numbers without repetitions."""
    if len(numbers) < 2:
        return numbers
    is_new = np.empty(len(numbers), dtype=bool)
    is_new[0] = True
    np.not_equal(numbers[1:], numbers[:-1], out=is_new[1:])
    return numbers[is_new]


def united(found: list[I64]) -> I64:
    """Sorted numbers that are in any of several sorted lists."""
    if len(found) == 1:
        return distinct(found[0])
    numbers = np.concatenate(found)
    numbers.sort(kind="stable")
    return distinct(numbers)
