"""Finds bridges in texts, and writes and merges their tables; `search.embedded.bridges` says what they are.

texts, normal forms -> pairs of marks -> runs of marks -> rows -> ordered by the characters around -> `.mrk`
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.embedded.bridges import (
    ANY_SIDE,
    CHAR_BITS,
    FIRST_PLACE,
    LAST_PLACE,
    LENGTH_SHIFT,
    LONG_RUN,
    TABLES,
    BridgeTable,
    side_bits,
)
from search.embedded.postings_layout import list_starts
from search.embedded.segment import SegmentData
from search.embedded.sorted_numbers import membership
from search.embedded.writing.segment_files import SegmentFiles
from search.embedded.writing.spool import Piece, Spool
from search.language.text.marks import QUOTES, SEPARATING, find_pairs, place_in_form
from search.language.text.normalize import keeps_places, normalize

I64 = NDArray[np.int64]
Mask = NDArray[np.bool_]
Codes = NDArray[np.uint32]

_LINE_FEED = 10
_GONE = 0xFFFFFFFF
_QUOTE, _SEPARATING, _BLANK = 1, 2, 4
_CLASSES = np.zeros(1 << 16, dtype=np.uint8)
for _chars, _class in ((QUOTES, _QUOTE), (SEPARATING, _SEPARATING), (" ", _BLANK)):
    _CLASSES[[ord(char) for char in _chars]] = _class


@dataclass(frozen=True, slots=True)
class BridgeRows:
    """Bridges by document and place; columns of equal length.

    Args:
        keys: of the characters around, uint64.
        docs: uint32.
        places: of the first mark, uint16, without the length of the run.
        sides: bits of the characters beyond those around, uint8.
        lengths: uint16.
        limits: uint16[n, 2], where an occurrence begins at the latest and ends at the earliest; None without limits.
    """

    keys: NDArray[np.uint64]
    docs: NDArray[np.uint32]
    places: NDArray[np.uint16]
    lengths: NDArray[np.uint16]
    sides: NDArray[np.uint8]
    limits: NDArray[np.uint16] | None


@dataclass(frozen=True, slots=True)
class _Runs:
    """Maximal runs of characters of some classes in texts put together.

    Args:
        starts, ends: half open.
        text_starts: where the text of each begins.
    """

    starts: I64
    ends: I64
    texts: I64
    text_starts: I64


def find_bridges(texts: Sequence[str], lengths: Sequence[int], codes: Codes) -> dict[str, BridgeRows]:
    """The bridges of each table in some texts.

    Args:
        lengths: of the texts' normal forms.
        codes: the normal forms put together, a line feed behind each.
    """
    sizes = np.array(lengths, dtype=np.int64) + 1
    begins = list_starts(sizes)
    classes = _CLASSES.take(np.where(codes < len(_CLASSES), codes, 0))
    return {
        "quotes": _quotes(classes, codes, begins, _pairs(texts, lengths, begins, classes == _QUOTE)),
        "marks": _marks(classes, codes, begins),
    }


def _pairs(texts: Sequence[str], lengths: Sequence[int], begins: I64, is_quote: Mask) -> I64:
    """All pairs of marks in the normal forms put together, int64[n, 2]."""
    found: list[tuple[int, int]] = []
    if not len(begins):
        return np.array(found, dtype=np.int64).reshape(-1, 2)
    for number in np.flatnonzero(np.add.reduceat(is_quote, begins, dtype=np.int64) > 1).tolist():
        text, begin = texts[number], int(begins[number])
        pairs = find_pairs(text)
        if pairs and not keeps_places(text, lengths[number]):
            pairs = place_in_form(pairs, normalize(text))
        found += [(begin + first, begin + last) for first, last in pairs]
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def _quotes(classes: NDArray[np.uint8], codes: Codes, begins: I64, pairs: I64) -> BridgeRows:
    """Runs of marks that all have a partner; an occurrence has to reach the marks that hold those of other runs."""
    runs = _find_runs(classes & (_QUOTE | _BLANK) != 0, begins)
    is_mark = classes == _QUOTE
    marks = _run_of(runs, np.flatnonzero(is_mark))
    count = len(runs.starts)
    opening, closing = _run_of(runs, pairs[:, 0]), _run_of(runs, pairs[:, 1])
    of_run = np.bincount(marks, minlength=count)
    paired = np.bincount(opening, minlength=count) + np.bincount(closing, minlength=count)
    latest = np.full(count, LAST_PLACE, dtype=np.int64)
    earliest = np.full(count, FIRST_PLACE, dtype=np.int64)
    apart = opening != closing
    opening, closing = opening[apart], closing[apart]
    np.minimum.at(latest, closing, runs.ends[opening] - runs.text_starts[closing])
    np.maximum.at(earliest, opening, runs.starts[closing] - runs.text_starts[opening])
    kept = np.flatnonzero((of_run > 0) & (paired == of_run) & _has_neighbours(runs, codes))
    return _rows(
        runs, classes, codes, kept, np.stack([latest[kept], earliest[kept]], axis=1).astype(np.uint16)
    )


def _marks(classes: NDArray[np.uint8], codes: Codes, begins: I64) -> BridgeRows:
    """Runs of any marks that a long phrase passes over."""
    runs = _find_runs(classes != 0, begins)
    has_mark = np.bincount(
        _run_of(runs, np.flatnonzero(classes & (_QUOTE | _SEPARATING))), minlength=len(runs.starts)
    )
    return _rows(runs, classes, codes, np.flatnonzero((has_mark > 0) & _has_neighbours(runs, codes)), None)


def _find_runs(mask: Mask, begins: I64) -> _Runs:
    edges = np.flatnonzero(np.diff(mask, prepend=False, append=False))
    starts, ends = edges[0::2], edges[1::2]
    texts = begins.searchsorted(starts, side="right") - 1
    return _Runs(starts, ends, texts, begins[texts])


def _run_of(runs: _Runs, places: I64) -> I64:
    """The run in which each place is."""
    of: I64 = runs.starts.searchsorted(places, side="right") - 1
    return of


def _has_neighbours(runs: _Runs, codes: Codes) -> Mask:
    """Whether characters of the text stand on both sides of each run."""
    has: Mask = (runs.starts > runs.text_starts) & (codes[runs.ends] != _LINE_FEED)
    return has


def _rows(
    runs: _Runs, classes: NDArray[np.uint8], codes: Codes, kept: I64, limits: NDArray[np.uint16] | None
) -> BridgeRows:
    starts, ends = runs.starts[kept], runs.ends[kept]
    before, after = codes[starts - 1].astype(np.uint64), codes[ends].astype(np.uint64)
    return BridgeRows(
        keys=before << np.uint64(CHAR_BITS) | after,
        docs=runs.texts[kept].astype(np.uint32),
        places=(starts - runs.text_starts[kept]).astype(np.uint16),
        lengths=(ends - starts).astype(np.uint16),
        sides=_beyond(classes, codes, np.maximum(starts - 2, 0))
        | _beyond(classes, codes, ends + 1) << np.uint8(4),
        limits=limits,
    )


def _beyond(classes: NDArray[np.uint8], codes: Codes, at: I64) -> NDArray[np.uint8]:
    """Bits of the characters at these places; none of marks, and none where a text ends."""
    there = codes.take(at, mode="clip")
    is_known = (classes.take(at, mode="clip") == 0) & (there != _LINE_FEED)
    bits: NDArray[np.uint8] = np.where(is_known, side_bits(there), ANY_SIDE).astype(np.uint8)
    return bits


# Files


class GatheredBridges:
    """The bridges of a new segment, put away until all are known."""

    ROW_BYTES = 28
    """What writing takes of memory for each."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._columns: dict[str, list[Piece]] = {}
        self.count = 0

    def add(self, rows: Mapping[str, BridgeRows], base: int) -> None:
        """Take each table's bridges in some documents, which are counted on from `base` and stand behind all others."""
        for name, of_table in rows.items():
            self.count += len(of_table.keys)
            columns: dict[str, NDArray[Any]] = {
                "keys": of_table.keys,
                "docs": of_table.docs + np.uint32(base),
                "places": of_table.places,
                "lengths": of_table.lengths,
                "sides": of_table.sides,
            }
            if of_table.limits is not None:
                columns["limits"] = of_table.limits.view(np.uint32).reshape(-1)
            for column, values in columns.items():
                self._columns.setdefault(f"{name}.{column}", []).append(self._spool.put(values))

    def write(self, files: SegmentFiles) -> None:
        """Write `.mrk`."""
        arrays: dict[str, NDArray[Any]] = {}
        for name in TABLES:
            keys = self._read(f"{name}.keys")
            order = np.argsort(keys, kind="stable")
            keys = keys[order]
            begins = np.flatnonzero(np.append(len(keys) > 0, keys[1:] != keys[:-1]))
            lengths = self._read(f"{name}.lengths")[order]
            long = np.flatnonzero(lengths >= LONG_RUN)
            arrays |= {
                f"{name}.keys": keys[begins],
                f"{name}.starts": np.append(begins, len(keys)).astype(np.uint32),
                f"{name}.docs": self._read(f"{name}.docs")[order],
                f"{name}.places": _with_lengths(self._read(f"{name}.places")[order], lengths),
                f"{name}.sides": self._read(f"{name}.sides")[order],
                f"{name}.long_at": long.astype(np.uint32),
                f"{name}.long_lengths": lengths[long],
            }
            if f"{name}.limits" in self._columns:
                arrays[f"{name}.limits"] = self._read(f"{name}.limits")[order].view(np.uint16)
        files.write_arrays(".mrk", arrays)

    def _read(self, column: str) -> NDArray[Any]:
        return np.concatenate([self._spool.read(piece) for piece in self._columns[column]])


def _with_lengths(places: NDArray[np.uint16], lengths: NDArray[np.uint16]) -> NDArray[np.uint16]:
    coded = np.where(lengths < LONG_RUN, lengths, 0).astype(np.uint16)
    return places | coded << np.uint16(LENGTH_SHIFT)


def merge_bridges(
    files: SegmentFiles, sources: Sequence[SegmentData], doc_maps: Sequence[NDArray[np.uint32]]
) -> None:
    """Write `.mrk` of the bridges of several segments.

    Where a key's bridges go is known from the numbers of each source, so nothing is sorted but the keys.

    Args:
        doc_maps: of each source, every document's new number, or that it is gone.
    """
    arrays: dict[str, NDArray[Any]] = {}
    for name in TABLES:
        tables = [data.bridges[name] for data in sources]
        held = [table.column("keys") for table in tables]
        keys = np.unique(np.concatenate(held))
        numbers = [keys.searchsorted(of_table) for of_table in held]
        kept = [
            doc_map[table.column("docs")] != _GONE for table, doc_map in zip(tables, doc_maps, strict=True)
        ]
        counts = np.zeros((len(tables), len(keys)), dtype=np.int64)
        for of_table, table, number, live in zip(counts, tables, numbers, kept, strict=True):
            of_table[number] = np.diff(np.concatenate([[0], np.cumsum(live)])[table.column("starts")])
        total = counts.sum(axis=0)
        first = list_starts(total) + np.cumsum(counts, axis=0) - counts
        merged = _Merged.empty(int(total.sum()), has_limits=any(table.has_limits for table in tables))
        for table, number, live, of_table, begins, doc_map in zip(
            tables, numbers, kept, counts, first, doc_maps, strict=True
        ):
            size = of_table[number]
            at = np.flatnonzero(live)
            to = np.arange(len(at)) + np.repeat(begins[number] - list_starts(size), size)
            merged.take(table, at, to, doc_map)
        has = total > 0
        arrays |= merged.arrays(name, keys[has], np.append(list_starts(total[has]), total.sum()))
    files.write_arrays(".mrk", arrays)
    for data in sources:
        data.files.forget_pages()


@dataclass(frozen=True, slots=True)
class _Merged:
    docs: NDArray[np.uint32]
    places: NDArray[np.uint16]
    sides: NDArray[np.uint8]
    limits: NDArray[np.uint16] | None
    long_at: list[I64]
    long_lengths: list[NDArray[np.uint16]]

    @classmethod
    def empty(cls, count: int, *, has_limits: bool) -> _Merged:
        limits = np.empty((count, 2), dtype=np.uint16) if has_limits else None
        docs, places = np.empty(count, dtype=np.uint32), np.empty(count, dtype=np.uint16)
        return cls(docs, places, np.empty(count, dtype=np.uint8), limits, [], [])

    def take(self, table: BridgeTable, at: I64, to: I64, doc_map: NDArray[np.uint32]) -> None:
        """Put the rows `at` these places of a table where they go."""
        self.docs[to] = doc_map[table.column("docs")[at]]
        self.places[to] = table.column("places")[at]
        self.sides[to] = table.column("sides")[at]
        if self.limits is not None:
            self.limits[to] = table.column("limits").reshape(-1, 2)[at]
        long_at = table.column("long_at").astype(np.int64)
        is_kept = membership(long_at, at)
        self.long_at.append(to[at.searchsorted(long_at[is_kept])])
        self.long_lengths.append(table.column("long_lengths")[is_kept])

    def arrays(self, name: str, keys: NDArray[np.uint64], starts: I64) -> dict[str, NDArray[Any]]:
        long_at = np.concatenate(self.long_at)
        order = np.argsort(long_at)
        arrays: dict[str, NDArray[Any]] = {
            f"{name}.keys": keys,
            f"{name}.starts": starts.astype(np.uint32),
            f"{name}.docs": self.docs,
            f"{name}.places": self.places,
            f"{name}.sides": self.sides,
            f"{name}.long_at": long_at[order].astype(np.uint32),
            f"{name}.long_lengths": np.concatenate(self.long_lengths)[order],
        }
        if self.limits is not None:
            arrays[f"{name}.limits"] = self.limits.reshape(-1)
        return arrays
