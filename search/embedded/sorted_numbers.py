"""Sorted numbers met with one another: documents, and places in documents."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.embedded import kernel

I64 = NDArray[np.int64]
Mask = NDArray[np.bool_]
_LARGEST = 1 << 62


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


def inverse(order: NDArray[Any]) -> I64:
    """Where each number from 0 on stands in an order of all of them."""
    places = np.empty(len(order), dtype=np.int64)
    places[order] = np.arange(len(order))
    return places


def sort_rows(keys: Sequence[NDArray[Any]]) -> I64:
    """The rows by these keys of whole numbers, the first one first; what ties keeps its order.

    Where all keys of a row and its number fit into one number, these are sorted, as NumPy does best.
    """
    count = len(keys[0])
    lows = [int(key.min(initial=0)) for key in keys]
    sizes = [int(key.max(initial=0)) - low + 1 for key, low in zip(keys, lows, strict=True)]
    if prod(sizes) << count.bit_length() > _LARGEST:
        return np.lexsort(keys[::-1])
    packed = np.zeros(count, dtype=np.int64)
    for key, low, size in zip(keys, lows, sizes, strict=True):
        packed = packed * size + (key.astype(np.int64) - low)
    bits = count.bit_length()
    packed = packed << bits | np.arange(count)
    packed.sort()
    rows: I64 = packed & ((1 << bits) - 1)
    return rows
