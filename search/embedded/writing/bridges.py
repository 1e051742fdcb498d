"""Finds bridges in texts; `search.embedded.bridges` says what they are, `bridge_tables` beside this writes them.

texts, normal forms -> pairs of marks -> runs of marks -> rows by document and place
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.embedded.bridges import (
    ANY_SIDE,
    CHAR_BITS,
    FIRST_PLACE,
    LAST_PLACE,
    side_bits,
)
from search.embedded.postings_layout import list_starts
from search.language.text.marks import QUOTES, SEPARATING, find_pairs, place_in_form
from search.language.text.normalize import keeps_places, normalize

I64 = NDArray[np.int64]
Mask = NDArray[np.bool_]
Codes = NDArray[np.uint32]

_LINE_FEED = 10
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
