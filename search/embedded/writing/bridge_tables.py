"""The tables of bridges of a segment, written and merged: `search.embedded.bridges` says what they are.

bridges by document -> rows sorted by the characters around, on disk where they are many -> columns -> `.mrk`
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.embedded.arrays import ArrayWriter
from search.embedded.bridges import LENGTH_SHIFT, LONG_RUN, TABLES, BridgeTable
from search.embedded.segment import GONE, SegmentData
from search.embedded.writing.bridges import BridgeRows
from search.embedded.writing.external_sort import ExternalSort, Order, iter_merged
from search.embedded.writing.segment_files import SegmentFiles
from search.embedded.writing.spool import Spool

Rows = NDArray[np.void]
U32 = NDArray[np.uint32]

_SLICE_ROWS = 1 << 17
_LEAST_CAPACITY = 1 << 8
_ROW = np.dtype(
    [
        ("key", np.uint64),
        ("limits", np.uint32),  # both of them, 0 in tables without limits
        ("doc", np.uint32),
        ("place", np.uint16),  # with the length, unless that is long
        ("long", np.uint16),  # the length if it is long, or 0
        ("side", np.uint8),
    ],
    align=True,
)
_COLUMNS = (("docs", "doc"), ("places", "place"), ("sides", "side"))
"""What a row's fields are called in a table."""


def _sorted(rows: Rows) -> Rows:
    return rows[np.argsort(rows["key"], kind="stable")]


_BY_KEY = Order(
    lambda row: int(row["key"]), lambda rows, key: int(rows["key"].searchsorted(np.uint64(key))), _sorted
)


class GatheredBridges:
    """The bridges of a new segment.

    Args:
        spool: where they are put away beyond what memory may hold.
    """

    def __init__(self, spool: Spool, memory_bytes: int) -> None:
        capacity = max(memory_bytes // len(TABLES) // _ROW.itemsize, _LEAST_CAPACITY)
        self._spool = spool
        self._sorts = {
            name: ExternalSort(spool, _BY_KEY, _ROW, capacity=capacity, slice_items=_SLICE_ROWS)
            for name in TABLES
        }
        self._with_limits: set[str] = set()

    def add(self, bridges: Mapping[str, BridgeRows], base: int) -> None:
        """Take each table's bridges in some documents, which are counted on from `base` and stand behind all others."""
        for name, found in bridges.items():
            if found.limits is not None:
                self._with_limits.add(name)
            rows = self._sorts[name].take(len(found.keys))
            is_long = found.lengths >= LONG_RUN
            rows["key"], rows["side"] = found.keys, found.sides
            rows["doc"] = found.docs + np.uint32(base)
            rows["place"] = found.places | np.where(is_long, 0, found.lengths) << np.uint16(LENGTH_SHIFT)
            rows["long"] = np.where(is_long, found.lengths, 0)
            rows["limits"] = 0 if found.limits is None else _packed(found.limits)

    def write(self, files: SegmentFiles) -> None:
        """Write `.mrk`."""
        slices = {name: rows.iter_slices() for name, rows in self._sorts.items()}
        _write(files, self._spool, slices, self._with_limits)


def merge_bridges(files: SegmentFiles, sources: Sequence[SegmentData], doc_maps: Sequence[U32]) -> None:
    """Write `.mrk` of the bridges of several segments.

    Args:
        doc_maps: of each source, every document's new number, or that it is gone.
    """
    slices = {}
    for name in TABLES:
        runs = [
            _TableRun(data.bridges[name], doc_map) for data, doc_map in zip(sources, doc_maps, strict=True)
        ]
        slices[name] = iter_merged(runs, _BY_KEY, slice_items=_SLICE_ROWS)
    with_limits = {name for name in TABLES if any(data.bridges[name].has_limits for data in sources)}
    spool = Spool(files.folder)
    try:
        _write(files, spool, slices, with_limits)
    finally:
        spool.close()
    for data in sources:
        data.files.forget_pages()


@dataclass(frozen=True, slots=True)
class _TableRun:
    """The rows of a segment's table whose documents are not gone."""

    table: BridgeTable
    doc_map: U32

    @property
    def count(self) -> int:
        return len(self.table.column("docs"))

    def read(self, begin: int, end: int) -> Rows:
        column = self.table.column
        rows: Rows = np.zeros(end - begin, dtype=_ROW)
        starts = column("starts")
        first, last = starts.searchsorted(begin, side="right") - 1, starts.searchsorted(end, side="left")
        edges: NDArray[np.int64] = np.clip(starts[max(first, 0) : last + 1].astype(np.int64), begin, end)
        sizes = edges[1:] - edges[:-1]
        rows["key"] = np.repeat(column("keys")[max(first, 0) : last], sizes)
        rows["doc"] = self.doc_map[column("docs")[begin:end]]
        rows["place"], rows["side"] = column("places")[begin:end], column("sides")[begin:end]
        if self.table.has_limits:
            rows["limits"] = _packed(column("limits")[2 * begin : 2 * end].reshape(-1, 2))
        long_at = column("long_at")
        some = slice(*long_at.searchsorted([begin, end]).tolist())
        rows["long"][long_at[some].astype(np.int64) - begin] = column("long_lengths")[some]
        kept: Rows = rows[rows["doc"] != GONE]
        return kept


def _packed(limits: NDArray[np.uint16]) -> U32:
    return limits[:, 0] | limits[:, 1].astype(np.uint32) << np.uint32(16)


def _write(
    files: SegmentFiles, spool: Spool, slices: Mapping[str, Iterable[Rows]], with_limits: set[str]
) -> None:
    with files.create(".mrk") as file:
        out = ArrayWriter(file)
        for name in TABLES:
            _write_table(out, name, spool, slices[name], has_limits=name in with_limits)
        out.finish()


def _write_table(
    out: ArrayWriter, name: str, spool: Spool, slices: Iterable[Rows], *, has_limits: bool
) -> None:
    keys, starts = [np.empty(0, dtype=np.uint64)], [np.empty(0, dtype=np.uint32)]
    long_at, long_lengths = [np.empty(0, dtype=np.uint32)], [np.empty(0, dtype=np.uint16)]
    fields = [*_COLUMNS, *([("limits", "limits")] if has_limits else [])]
    columns = {column: spool.column() for column, _ in fields}
    count = 0
    for rows in slices:
        of_rows = rows["key"]
        begins = np.flatnonzero(np.append(True, of_rows[1:] != of_rows[:-1]))
        keys.append(of_rows[begins])
        starts.append((begins + count).astype(np.uint32))
        long = np.flatnonzero(rows["long"])
        long_at.append((long + count).astype(np.uint32))
        long_lengths.append(rows["long"][long])
        for column, field in fields:
            columns[column].add(rows[field])
        count += len(rows)
    starts.append(np.array([count], dtype=np.uint32))
    out.add(f"{name}.keys", np.concatenate(keys))
    out.add(f"{name}.starts", np.concatenate(starts))
    for column, field in _COLUMNS:
        out.add_parts(f"{name}.{column}", _ROW[field], columns[column].iter_parts())
    out.add(f"{name}.long_at", np.concatenate(long_at))
    out.add(f"{name}.long_lengths", np.concatenate(long_lengths))
    if has_limits:
        limits = (np.ascontiguousarray(part).view(np.uint16) for part in columns["limits"].iter_parts())
        out.add_parts(f"{name}.limits", np.uint16, limits)
