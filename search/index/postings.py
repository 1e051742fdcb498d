"""How posting lists are laid out as bytes: chosen by size, decoded without Python loops over postings.

Documents of a term, whichever is smallest:
    RAW     uint32 each
    CHUNKED uint32 counts of each 65,536-document chunk, then the low uint16 of each document
    RUNS    (first, length) uint32 pairs: titles, cities and years stand on many paragraphs in a row
    BITMAP  one bit a document from the term's first byte to its last
Weights: one constant, or 4-bit codes of `STEPS` two to a byte, or float32.
Values:  none, or positions as uint16 whose top bit marks the first of a document, or Whoosh's own bytes.

A weight is the sum over occurrences, where one that only straddles words counts less than a word. Sixteen steps, fine
where BM25 rises and coarse where it is flat, keep it within 4 bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.index.arrays import ArrayFile, ArrayWriter

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
POSITION_MASK = 0x3FFF
MAX_POSITION = POSITION_MASK
CHUNK_BITS = 16
STEPS = np.array([0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 12, 20], dtype=np.float32)
"""What a weight's code stands for."""
_POPCOUNT = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1).sum(axis=1).astype(np.uint8)
_KNOWN_TERMS = 10_000
"""So many terms that were looked up are remembered with their numbers."""
_SMALL = 512
"""Below so many documents only RAW and RUNS are considered: they are written for all terms at once."""

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


def _starts(counts: I64) -> I64:
    """Where each stretch begins when stretches of these lengths stand one behind the other."""
    starts: I64 = np.subtract(np.cumsum(counts), counts)
    return starts


def write_chunk(out: ArrayWriter, chunk: TermChunk, lengths: U8) -> Info:
    """Write the posting lists of `chunk`; give back the per-term arrays of `PER_TERM`.

    Args:
        lengths: the field length behind each posting as Whoosh's byte code, uint8[sum df].
    """
    df, docs = chunk.df, chunk.docs
    n = len(df)
    starts = _starts(df)
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
            (last >> 3) - (first >> 3) + 1,
        ]
    )
    cost[(CHUNKED, BITMAP), :] = np.where(df < _SMALL, np.iinfo(np.int64).max, cost[(CHUNKED, BITMAP), :])
    chosen: U8 = cost.argmin(axis=0).astype(np.uint8)
    info["runs"][:] = runs

    raw = chosen == RAW
    if raw.any():
        at = out.append(docs[np.repeat(raw, df)].astype("<u4"))
        info["docs_at"][raw] = at + 4 * _starts(df[raw])
    in_runs = chosen == RUNS
    if in_runs.any():
        begin = np.flatnonzero(opens_run)
        length = np.diff(np.append(begin, len(docs)))
        wanted = np.repeat(in_runs, runs)
        pairs = np.stack([docs[begin[wanted]], length[wanted]], axis=1).astype("<u4")
        at = out.append(pairs)
        info["docs_at"][in_runs] = at + 8 * _starts(runs[in_runs])
    for term in np.flatnonzero(chosen == CHUNKED).tolist():
        of_term = docs[starts[term] : starts[term] + df[term]]
        counts = np.bincount(of_term >> CHUNK_BITS, minlength=int(chunks[term])).astype("<u4")
        info["docs_at"][term] = out.append(np.concatenate([counts.view("<u2"), of_term.astype("<u2")]))
    for term in np.flatnonzero(chosen == BITMAP).tolist():
        of_term = docs[starts[term] : starts[term] + df[term]]
        base = int(of_term[0]) & ~7
        bits = np.zeros(int(of_term[-1]) - base + 1, dtype=np.uint8)
        bits[of_term - np.uint32(base)] = 1
        info["docs_at"][term] = out.append(np.packbits(bits, bitorder="little"))
    return chosen


def encode_weights(quarters: NDArray[Any]) -> U8:
    """Weights, given in quarters, as the codes of the nearest steps below."""
    below = np.searchsorted(STEPS * 4, np.arange(int(STEPS[-1]) * 4 + 1), side="right") - 1
    table: U8 = below.astype(np.uint8)
    coded: U8 = table[np.minimum(quarters, len(table) - 1)]
    return coded


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
        info["weights_at"][varies] = at + weights.dtype.itemsize * _starts(sizes)
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
        at = out.append(chunk.positions.astype("<u2"))
        info["values_at"][:] = at + 2 * _starts(chunk.cf)
        info["cf"][:] = chunk.cf
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


class FieldPostings:
    """The posting lists of one field in one segment, found by term or by its number in the dictionary.

    Every array handed out is a view of the mapped file or a fresh copy; none may be written to.
    """

    def __init__(self, terms: ArrayFile, postings: ArrayFile, number: int) -> None:
        prefix = f"{number}."
        self._postings = postings
        self._text: memoryview = terms[prefix + "text"].data
        self._starts: U32 = terms[prefix + "starts"]
        self.info: dict[str, NDArray] = {name: terms[prefix + name] for name in PER_TERM}  # type: ignore[type-arg]
        self.df: U32 = self.info["df"]
        self.cf: U32 = self.info["cf"]
        self._encoding: U8 = self.info["encoding"]
        self._docs_at: U64 = self.info["docs_at"]
        self._known: dict[bytes, int | None] = {}

    def __len__(self) -> int:
        return len(self.df)

    def term(self, number: int) -> bytes:
        """The term with that number, as UTF-8."""
        return bytes(self._text[int(self._starts[number]) : int(self._starts[number + 1])])

    def term_bytes(self) -> I64:
        """How many bytes of UTF-8 each term has, int64[terms]."""
        sizes: I64 = self._starts[1:].astype(np.int64) - self._starts[:-1]
        return sizes

    def ceiling(self, term: bytes) -> int:
        """The number of the first term that is not below `term`; `len(self)` where there is none."""
        text, starts = self._text, self._starts
        low, high = 0, len(self.df)
        while low < high:
            middle = (low + high) >> 1
            if text[int(starts[middle]) : int(starts[middle + 1])].tobytes() < term:
                low = middle + 1
            else:
                high = middle
        return low

    def find(self, term: bytes) -> int | None:
        """The number of `term`, or None where no document has it."""
        if term not in self._known:
            if len(self._known) >= _KNOWN_TERMS:
                self._known.clear()
            number = self.ceiling(term)
            self._known[term] = number if number < len(self.df) and self.term(number) == term else None
        return self._known[term]

    def docs(self, number: int) -> I64:
        """The documents of a term, ascending, int64[df]: what NumPy takes by without converting."""
        count, at = int(self.df[number]), int(self._docs_at[number])
        how = int(self._encoding[number]) & 3
        read = self._postings.read
        if how == RAW:
            return read("<u4", at, count).astype(np.int64)
        if how == RUNS:
            pairs = read("<u4", at, 2 * int(self.info["runs"][number])).reshape(-1, 2)
            return expand_runs(pairs[:, 0], pairs[:, 1])
        if how == CHUNKED:
            chunks = (int(self.info["last"][number]) >> CHUNK_BITS) + 1
            docs = read("<u2", at + 4 * chunks, count).astype(np.int64)
            if chunks > 1:
                end = 0
                for chunk, size in enumerate(read("<u4", at, chunks).tolist()):
                    start, end = end, end + size
                    if chunk and size:
                        docs[start:end] |= chunk << CHUNK_BITS
            return docs
        first, last = int(self.info["first"][number]), int(self.info["last"][number])
        bits = np.unpackbits(read(np.uint8, at, (last >> 3) - (first >> 3) + 1), bitorder="little")
        return np.flatnonzero(bits.view(bool)) + (first & ~7)

    def bits(self, number: int) -> tuple[int, U8] | None:
        """A term's documents as a bitmap where it is kept so: the byte it begins with, and the bytes; else None."""
        if int(self._encoding[number]) & 3 != BITMAP:
            return None
        first, last = int(self.info["first"][number]) >> 3, int(self.info["last"][number]) >> 3
        return first, self._postings.read(np.uint8, int(self._docs_at[number]), last - first + 1)

    def places(self, number: int, docs: I64) -> tuple[NDArray[np.bool_], I64] | None:
        """Which of `docs` have a term, and for those the places of their postings, without reading all of the list.

        Only for lists that are kept as a bitmap or as runs; None for the others.
        """
        bitmap = self.bits(number)
        if bitmap is not None:
            return _places_in_bits(*bitmap, docs)
        pairs = self.runs(number)
        if pairs is None:
            return None
        starts, lengths = pairs[:, 0].astype(np.int64), pairs[:, 1].astype(np.int64)
        run = np.maximum(np.searchsorted(starts, docs, side="right") - 1, 0)
        into = docs - starts[run]
        mask = (into >= 0) & (into < lengths[run])
        run, into = run[mask], into[mask]
        return mask, (np.cumsum(lengths) - lengths)[run] + into

    def runs(self, number: int) -> U32 | None:
        """The (first, length) pairs of a term that is kept as runs, uint32[runs, 2]; else None."""
        if int(self._encoding[number]) & 3 != RUNS:
            return None
        at = int(self._docs_at[number])
        return self._postings.read("<u4", at, 2 * int(self.info["runs"][number])).reshape(-1, 2)

    def constant_weight(self, number: int) -> float | None:
        """The weight that every posting of a term has, or None where they differ."""
        if (int(self._encoding[number]) >> 2) & 3 == CONSTANT:
            return float(self.info["maxweight"][number])
        return None

    def codes(self, number: int, at: I64 | None = None) -> U8 | None:
        """The codes of the weights where they are kept so: of all postings, or of those `at` these places."""
        if (int(self._encoding[number]) >> 2) & 3 != CODES:
            return None
        df = int(self.df[number])
        packed = self._postings.read(np.uint8, int(self.info["weights_at"][number]), (df + 1) // 2)
        if at is not None:
            chosen: U8 = (packed[at >> 1] >> ((at & 1) << 2).astype(np.uint8)) & np.uint8(15)
            return chosen
        halves = np.empty(2 * len(packed), dtype=np.uint8)
        np.bitwise_and(packed, 15, out=halves[0::2])
        np.right_shift(packed, 4, out=halves[1::2])
        return halves[:df]

    def weights(self, number: int) -> F32:
        """The weight of each posting, float32[df]."""
        how = (int(self._encoding[number]) >> 2) & 3
        count, at = int(self.df[number]), int(self.info["weights_at"][number])
        codes = self.codes(number)
        if codes is not None:
            return STEPS[codes]
        if how == CONSTANT:
            return np.full(count, self.info["maxweight"][number], dtype=np.float32)
        return self._postings.read("<f4", at, count)

    def read_range(self, terms: range) -> tuple[U32, U8, U16]:
        """The posting lists of neighbouring terms, put together: documents, codes of weights, occurrences.

        What merging reads: all terms at once where their bytes allow it. Occurrences are empty without positions.
        """
        span = slice(terms.start, terms.stop)
        df, encoding = self.df[span].astype(np.int64), self._encoding[span]
        docs = np.empty(int(df.sum()), dtype=np.uint32)
        starts = _starts(df)
        how = encoding & 3
        raw = how == RAW
        docs[np.repeat(raw, df)] = self._gather("<u4", self._docs_at[span][raw], df[raw])
        for place in np.flatnonzero(~raw).tolist():
            docs[starts[place] : starts[place] + df[place]] = self.docs(terms.start + place)
        coded = (encoding >> 2) & 3 == CODES
        constant = encode_weights(np.rint(self.info["maxweight"][span] * 4).astype(np.int64))
        codes = np.repeat(constant, df)
        for place in np.flatnonzero(coded & (df >= _SMALL)).tolist():
            of_term = self.codes(terms.start + place)
            if of_term is not None:
                codes[starts[place] : starts[place] + df[place]] = of_term
        few = coded & (df < _SMALL)
        halves = 2 * self.info["weights_at"][span][few].astype(np.int64)
        place_of = np.arange(int(df[few].sum())) + np.repeat(halves - _starts(df[few]), df[few])
        packed = self._postings.bytes[place_of >> 1]
        codes[np.repeat(few, df)] = (packed >> ((place_of & 1) << 2).astype(np.uint8)) & np.uint8(15)
        positions = np.zeros(0, dtype=np.uint16)
        if len(encoding) and (encoding >> 4 == POSITIONS).all():
            positions = self._gather("<u2", self.info["values_at"][span], self.cf[span].astype(np.int64))
        return docs, codes, positions

    def _gather(self, dtype: str, at: U64, counts: I64) -> NDArray[Any]:
        """Items of several stretches of the file, one behind the other."""
        size = np.dtype(dtype).itemsize
        whole = self._postings.bytes
        items = whole[: len(whole) // size * size].view(dtype)
        first = at.astype(np.int64) // size
        places = np.arange(int(counts.sum())) + np.repeat(first - _starts(counts), counts)
        gathered: NDArray[Any] = items[places]
        return gathered

    def has_positions(self, number: int) -> bool:
        return int(self._encoding[number]) >> 4 == POSITIONS

    def positions(self, number: int) -> U16:
        """The occurrences of a term, uint16[cf]: `& POSITION_MASK` is the place, `FIRST_OF_DOC` opens a document."""
        return self._postings.read("<u2", int(self.info["values_at"][number]), int(self.cf[number]))

    def blobs(self, number: int) -> list[bytes] | None:
        """Whoosh's own value bytes of each posting, or None where there are none."""
        if int(self._encoding[number]) >> 4 != BLOBS:
            return None
        count, at = int(self.df[number]), int(self.info["values_at"][number])
        offsets = self._postings.read("<u4", at, count + 1).tolist()
        base = at + 4 * (count + 1)
        data = self._postings.read(np.uint8, base, offsets[-1]).tobytes()
        return [data[a:b] for a, b in pairwise(offsets)]


def _places_in_bits(first: int, packed: U8, docs: I64) -> tuple[NDArray[np.bool_], I64]:
    """Which of the ascending `docs` have their bit set, and for those how many bits are set before it."""
    at = (docs >> 3) - first
    inside: NDArray[np.bool_] | None = None
    if len(at) and (at[0] < 0 or at[-1] >= len(packed)):
        inside = (at >= 0) & (at < len(packed))
        at = np.where(inside, at, 0)
    rest = packed.take(at) >> (docs & 7).astype(np.uint8)
    mask = (rest & np.uint8(1)).astype(bool)
    if inside is not None:
        mask &= inside
    if not mask.all():
        kept = np.flatnonzero(mask)
        at, rest = at.take(kept), rest.take(kept)
    up_to = np.cumsum(_POPCOUNT.take(packed), dtype=np.int32)
    return mask, (up_to.take(at) - _POPCOUNT.take(rest)).astype(np.int64)


def expand_runs(first: U32, length: U32) -> I64:
    """The numbers of runs one after another: (3, 2), (9, 1) -> 3 4 9."""
    if len(first) == 1:
        return np.arange(int(first[0]), int(first[0]) + int(length[0]), dtype=np.int64)
    ends = np.cumsum(length, dtype=np.int64)
    shift = first.astype(np.int64) - (ends - length)
    numbers: I64 = np.arange(ends[-1], dtype=np.int64) + np.repeat(shift, length)
    return numbers


def document_starts(positions: U16) -> I64:
    """Where each document's occurrences begin in `positions`, int64[df]."""
    return np.flatnonzero(positions & FIRST_OF_DOC)
