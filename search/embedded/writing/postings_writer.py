"""Writes posting lists in the layout of `search.embedded.postings_layout`, many terms at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from search.embedded.arrays import ArrayWriter
from search.embedded.postings_layout import (
    BITMAP,
    BLOBS,
    CHUNK_BITS,
    CHUNKED,
    CODES,
    CONSTANT,
    F32,
    FIRST_OF_DOC,
    FLOATS,
    I64,
    MARK_BITS,
    NO_VALUES,
    PER_TERM,
    POSITIONS,
    RAW,
    RUNS,
    SMALL,
    STEPS,
    U8,
    U16,
    U32,
    WORD_BITS,
    Info,
    list_starts,
)

_LEAST_BITMAP_SHARE = 10
"""A bitmap is considered where one document in so many has the term, of those from its first to its last."""


@dataclass(slots=True)
class TermChunk:
    """Posting lists of some terms one behind the other, in term order.

    Args:
        df: documents of each term, int64[n terms], all > 0.
        docs: uint32[sum df], ascending within a term.
        weights: codes of `STEPS` as uint8, or float32, [sum df].
        positions: uint16[occurrences], the first of each document marked, or None.
        cf: occurrences of each term where there are positions.
        blobs: Whoosh's value bytes of each posting where they can't be positions.
    """

    df: I64
    docs: U32
    weights: U8 | F32
    positions: U16 | None = None
    cf: I64 | None = None
    blobs: list[bytes] | None = None


def write_chunk(out: ArrayWriter, chunk: TermChunk, lengths: U8) -> Info:
    """Write the posting lists of `chunk`; give back the per-term arrays of `PER_TERM`.

    Args:
        lengths: the field length behind each posting as Whoosh's byte code, uint8[sum df].
    """
    df, docs = chunk.df, chunk.docs
    n = len(df)
    starts = list_starts(df)
    info = {name: np.zeros(n, dtype=dtype) for name, dtype in PER_TERM.items()}
    if not n:
        return info
    ends = starts + df - 1
    info["df"][:] = df
    info["first"][:] = docs[starts]
    info["last"][:] = docs[ends]
    info["minlen"][:] = np.minimum.reduceat(lengths, starts)
    info["maxlen"][:] = np.maximum.reduceat(lengths, starts)
    encoding = _write_docs(out, info, docs, df, starts)
    encoding |= _write_weights(out, info, chunk.weights, df, starts) << 2
    encoding |= _write_values(out, info, chunk, starts) << 4
    info["encoding"][:] = encoding
    return info


def _write_docs(out: ArrayWriter, info: Info, docs: U32, df: I64, starts: I64) -> U8:
    opens_run = np.ones(len(docs), dtype=bool)
    np.not_equal(docs[1:], docs[:-1] + np.uint32(1), out=opens_run[1:])
    opens_run[starts] = True
    runs = np.add.reduceat(opens_run, starts, dtype=np.int64)
    first, last = info["first"].astype(np.int64), info["last"].astype(np.int64)
    chunks = (last >> CHUNK_BITS) + 1
    cost = np.stack(
        [
            4 * df,
            2 * df + 4 * chunks,
            8 * runs,
            8 * ((last >> WORD_BITS) - (first >> WORD_BITS) + 1),
        ]
    )
    never = np.iinfo(np.int64).max
    cost[CHUNKED, df < SMALL] = never
    cost[BITMAP, (df < SMALL) | (_LEAST_BITMAP_SHARE * df < last - first)] = never
    chosen: U8 = cost.argmin(axis=0).astype(np.uint8)
    info["runs"][:] = runs

    raw = chosen == RAW
    if raw.any():
        at = out.append(docs[np.repeat(raw, df)].astype("<u4"))
        info["docs_at"][raw] = at + 4 * list_starts(df[raw])
    in_runs = chosen == RUNS
    if in_runs.any():
        begin = np.flatnonzero(opens_run)
        length = np.diff(np.append(begin, len(docs)))
        wanted = np.repeat(in_runs, runs)
        pairs = np.stack([docs[begin[wanted]], length[wanted]], axis=1).astype("<u4")
        at = out.append(pairs)
        info["docs_at"][in_runs] = at + 8 * list_starts(runs[in_runs])
    for term in np.flatnonzero(chosen == CHUNKED).tolist():
        of_term = docs[starts[term] : starts[term] + df[term]]
        counts = np.bincount(of_term >> CHUNK_BITS, minlength=int(chunks[term])).astype("<u4")
        info["docs_at"][term] = out.append(np.concatenate([counts.view("<u2"), of_term.astype("<u2")]))
    for term in np.flatnonzero(chosen == BITMAP).tolist():
        of_term = docs[starts[term] : starts[term] + df[term]]
        base = int(of_term[0]) >> WORD_BITS << WORD_BITS
        words = (int(of_term[-1]) >> WORD_BITS) - (base >> WORD_BITS) + 1
        bits = np.zeros(words << WORD_BITS, dtype=np.uint8)
        bits[of_term - np.uint32(base)] = 1
        info["docs_at"][term] = out.append(np.packbits(bits, bitorder="little"))
    return chosen


def _write_weights(out: ArrayWriter, info: Info, weights: U8 | F32, df: I64, starts: I64) -> U8:
    largest = np.maximum.reduceat(weights, starts)
    varies = np.minimum.reduceat(weights, starts) != largest
    coded = weights.dtype == np.uint8
    values = STEPS[weights] if coded else weights
    info["maxweight"][:] = STEPS[largest] if coded else largest
    info["weight"][:] = np.add.reduceat(values, starts, dtype=np.float64)
    if varies.any():
        kept, sizes = weights[np.repeat(varies, df)], df[varies]
        if coded:
            sizes = (sizes + 1) // 2
            kept = _pack_codes(kept, df[varies])
        at = out.append(kept)
        info["weights_at"][varies] = at + weights.dtype.itemsize * list_starts(sizes)
    return np.where(varies, CODES if coded else FLOATS, CONSTANT).astype(np.uint8)


def _pack_codes(codes: U8, df: I64) -> U8:
    """Two codes to a byte, the first in the low half; each term begins a byte."""
    sizes = (df + 1) // 2
    odd = df & 1
    place = np.arange(len(codes)) + np.repeat(np.cumsum(odd) - odd, df)
    halves = np.zeros(2 * int(sizes.sum()), dtype=np.uint8)
    halves[place] = codes
    packed = halves[0::2]
    packed |= halves[1::2] << np.uint8(4)
    return packed


def _write_values(out: ArrayWriter, info: Info, chunk: TermChunk, starts: I64) -> U8:
    n = len(chunk.df)
    if chunk.positions is not None and chunk.cf is not None:
        _write_positions(out, info, chunk.positions.astype("<u2"), chunk.df, chunk.cf)
        return np.full(n, POSITIONS, dtype=np.uint8)
    if chunk.blobs is not None and any(chunk.blobs):
        for term, (start, count) in enumerate(zip(starts.tolist(), chunk.df.tolist(), strict=True)):
            blobs = chunk.blobs[start : start + count]
            offsets = np.zeros(count + 1, dtype="<u4")
            np.cumsum([len(blob) for blob in blobs], out=offsets[1:])
            body = np.frombuffer(offsets.tobytes() + b"".join(blobs), dtype=np.uint8)
            info["values_at"][term] = out.append(body)
        return np.full(n, BLOBS, dtype=np.uint8)
    return np.full(n, NO_VALUES, dtype=np.uint8)


def _write_positions(out: ArrayWriter, info: Info, positions: U16, df: I64, cf: I64) -> None:
    starts = list_starts(cf)
    few = df < SMALL
    at = out.append(positions[np.repeat(few, cf)])
    info["values_at"][few] = at + 2 * list_starts(cf[few])
    for term in np.flatnonzero(~few).tolist():
        of_term = positions[starts[term] : starts[term] + cf[term]]
        marks = np.append(np.flatnonzero(of_term >= FIRST_OF_DOC)[:: 1 << MARK_BITS], len(of_term))
        at = out.append(np.concatenate([marks.astype("<u4").view("<u2"), of_term]))
        info["values_at"][term] = at + 4 * len(marks)
    info["cf"][:] = cf
