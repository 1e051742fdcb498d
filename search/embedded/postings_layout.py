"""How posting lists are laid out as bytes.

Documents of a term, whichever is smallest:
    RAW     uint32 each
    CHUNKED uint32 counts of each 65,536-document chunk, then the low uint16 of each document
    RUNS    (first, length) uint32 pairs: titles, cities and years stand on many paragraphs in a row
    BITMAP  one bit a document in words of 64, from the word of the first to that of the last; only where one document
            in ten has the term, for below that a bitmap is far slower to read than a list and saves little
Weights: one constant, or 4-bit codes of `STEPS` two to a byte, or float32.
Values:  none, or positions as uint16, or Whoosh's own bytes. Of a position the top bit marks the first of a document,
         the next one a word of the paragraph's precise cut (Whoosh's own writer never sets it). Before the positions of
         a long list stand its marks, uint32: where the occurrences of every 64th document begin, and the end of all.

`search.embedded.writing.postings_writer` writes them, `search.embedded.postings` reads them.

A weight is the sum over occurrences, where one that only straddles words counts less than a word. Sixteen steps, fine
where BM25 rises and coarse where it is flat, keep it within 4 bits.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
F32 = NDArray[np.float32]
Info = dict[str, NDArray[Any]]

RAW, CHUNKED, RUNS, BITMAP = 0, 1, 2, 3
CONSTANT, CODES, FLOATS = 0, 1, 2
NO_VALUES, POSITIONS, BLOBS = 0, 1, 2

FIRST_OF_DOC = 0x8000
ALIGNED = 0x4000
POSITION_MASK = 0x3FFF
MAX_POSITION = POSITION_MASK
CHUNK_BITS = 16
STEPS = np.array([0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 12, 20], dtype=np.float32)
"""What a weight's code stands for."""
SMALL = 512
"""Lists of fewer documents are RAW or RUNS and have no marks: they are written for all terms at once."""
MARK_BITS = 6
"""Marks stand for every 2**6 documents."""
WORD_BITS = 6
"""Of a bitmap's words."""

PER_TERM = {
    "df": "<u4",
    "cf": "<u4",
    "encoding": "u1",
    "runs": "<u4",
    "first": "<u4",
    "last": "<u4",
    "minlen": "u1",
    "maxlen": "u1",
    "weight": "<f8",
    "maxweight": "<f4",
    "docs_at": "<u8",
    "weights_at": "<u8",
    "values_at": "<u8",
}
"""What is known of each term: name -> dtype. `minlen` and `maxlen` are Whoosh's byte codes of field lengths."""


def list_starts(counts: I64) -> I64:
    """Where each stretch begins when stretches of these lengths stand one behind the other."""
    starts: I64 = np.subtract(np.cumsum(counts), counts)
    return starts


def encode_weights(quarters: NDArray[Any]) -> U8:
    """Weights, given in quarters, as the codes of the nearest steps below."""
    below = np.searchsorted(STEPS * 4, np.arange(int(STEPS[-1]) * 4 + 1), side="right") - 1
    table: U8 = below.astype(np.uint8)
    coded: U8 = table[np.minimum(quarters, len(table) - 1)]
    return coded


def expand_runs(first: NDArray[Any], length: NDArray[Any]) -> I64:
    """The numbers of runs one after another: (3, 2), (9, 1) -> 3 4 9."""
    if len(first) == 1:
        return np.arange(int(first[0]), int(first[0]) + int(length[0]), dtype=np.int64)
    ends = np.cumsum(length, dtype=np.int64)
    shift = first.astype(np.int64) - (ends - length)
    numbers: I64 = np.arange(int(ends[-1]) if len(ends) else 0, dtype=np.int64)
    numbers += np.repeat(shift, length)
    return numbers


def document_starts(positions: U16) -> I64:
    """Where each document's occurrences begin in `positions`, int64[df]."""
    return np.flatnonzero(positions >= FIRST_OF_DOC)
