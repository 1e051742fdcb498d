"""Posting lists of neighbouring terms, read at once: what merging reads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.embedded.arrays import ArrayFile
from search.embedded.postings import FieldPostings
from search.embedded.postings_layout import (
    CODES,
    I64,
    POSITIONS,
    RAW,
    SMALL,
    U8,
    U16,
    U32,
    U64,
    encode_weights,
    expand_runs,
    list_starts,
)


def read_range(field: FieldPostings, terms: range) -> tuple[U32, U8, U16]:
    """The posting lists of neighbouring terms, put together: documents, codes of weights, occurrences.

    What merging reads: all terms at once where their bytes allow it. Occurrences are empty without positions.
    """
    field.file.verify_all()
    span = slice(terms.start, terms.stop)
    df, encoding = field.df[span].astype(np.int64), field.info["encoding"][span]
    docs = np.empty(int(df.sum()), dtype=np.uint32)
    starts = list_starts(df)
    how = encoding & 3
    raw = how == RAW
    docs[np.repeat(raw, df)] = _gather(field.file, "<u4", field.info["docs_at"][span][raw], df[raw])
    for place in np.flatnonzero(~raw).tolist():
        docs[starts[place] : starts[place] + df[place]] = field.docs(terms.start + place)
    coded = (encoding >> 2) & 3 == CODES
    constant = encode_weights(np.rint(field.info["maxweight"][span] * 4).astype(np.int64))
    codes = np.repeat(constant, df)
    for place in np.flatnonzero(coded & (df >= SMALL)).tolist():
        of_term = field.codes(terms.start + place)
        if of_term is not None:
            codes[starts[place] : starts[place] + df[place]] = of_term
    few = coded & (df < SMALL)
    halves = 2 * field.info["weights_at"][span][few].astype(np.int64)
    place_of = np.arange(int(df[few].sum())) + np.repeat(halves - list_starts(df[few]), df[few])
    packed = field.file.bytes[place_of >> 1]
    codes[np.repeat(few, df)] = (packed >> ((place_of & 1) << 2).astype(np.uint8)) & np.uint8(15)
    positions = np.zeros(0, dtype=np.uint16)
    if len(encoding) and (encoding >> 4 == POSITIONS).all():
        positions = _gather(field.file, "<u2", field.info["values_at"][span], field.cf[span].astype(np.int64))
    return docs, codes, positions


def _gather(file: ArrayFile, dtype: str, at: U64, counts: I64) -> NDArray[Any]:
    """Items of several stretches of the file, one behind the other."""
    size = np.dtype(dtype).itemsize
    whole = file.bytes
    items = whole[: len(whole) // size * size].view(dtype)
    first = at.astype(np.int64) // size
    gathered: NDArray[Any] = items[expand_runs(first, counts)]
    return gathered
