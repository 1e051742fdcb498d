"""Reads posting lists without Python loops over postings. `search.embedded.postings_layout` says how they lie."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.embedded import kernel
from search.embedded.arrays import ArrayFile
from search.embedded.postings_layout import (
    BITMAP,
    BLOBS,
    CHUNK_BITS,
    CHUNKED,
    CODES,
    CONSTANT,
    F32,
    FIRST_OF_DOC,
    I64,
    MARK_BITS,
    PER_TERM,
    POSITIONS,
    RAW,
    RUNS,
    SMALL,
    STEPS,
    U8,
    U16,
    U32,
    U64,
    WORD_BITS,
    document_starts,
    expand_runs,
    list_starts,
)
from search.lru import LruCache

_NO_TERM = -1
_KNOWN_TERMS = 10_000
"""So many terms that were looked up are remembered with their numbers."""


class FieldPostings:
    """The posting lists of one field in one segment, found by term or by its number in the dictionary.

    Every array handed out is a view of the mapped file or a fresh copy; none may be written to.
    """

    def __init__(self, terms: ArrayFile, postings: ArrayFile, number: int) -> None:
        prefix = f"{number}."
        self.file = postings
        self._text: memoryview = terms[prefix + "text"].data
        self._starts: U32 = terms[prefix + "starts"]
        self.info: dict[str, NDArray] = {name: terms[prefix + name] for name in PER_TERM}  # type: ignore[type-arg]
        self.df: U32 = self.info["df"]
        self.cf: U32 = self.info["cf"]
        self._encoding: U8 = self.info["encoding"]
        self._docs_at: U64 = self.info["docs_at"]
        self._known: LruCache[bytes, int] = LruCache(most=_KNOWN_TERMS)
        self.compiled: Any = None
        """The same lists as `search.embedded.kernel` reads them; None where that was not built, or for a file that
        does not lie in memory on a border of its numbers, as one within a compound file of Whoosh's may not."""
        if kernel.postings is not None and not postings.bytes.ctypes.data % np.dtype(np.uint64).itemsize:
            text = np.frombuffer(self._text, dtype=np.uint8)
            self.compiled = kernel.postings.Postings(self.info, postings.bytes, text, self._starts, postings)

    def __len__(self) -> int:
        return len(self.df)

    def term(self, number: int) -> bytes:
        """The term with that number, as UTF-8."""
        return bytes(self._text[int(self._starts[number]) : int(self._starts[number + 1])])

    def terms(self, numbers: I64) -> list[bytes]:
        """The terms with these numbers, as UTF-8; far faster than one by one."""
        begins, ends = self._starts.take(numbers).tolist(), self._starts.take(numbers + 1).tolist()
        return [bytes(self._text[begin:end]) for begin, end in zip(begins, ends, strict=True)]

    def term_bytes(self) -> I64:
        """How many bytes of UTF-8 each term has, int64[terms]."""
        sizes: I64 = self._starts[1:].astype(np.int64) - self._starts[:-1]
        return sizes

    def ceiling(self, term: bytes) -> int:
        """The number of the first term that is not below `term`; `len(self)` where there is none."""
        if self.compiled is not None:
            return int(self.compiled.ceiling(term))
        text, starts = self._text, self._starts
        low, high = 0, len(self.df)
        while low < high:
            middle = (low + high) >> 1
            if text[int(starts[middle]) : int(starts[middle + 1])].tobytes() < term:
                low = middle + 1
            else:
                high = middle
        return low

    def starting(self, prefix: bytes) -> tuple[int, int]:
        """The numbers of the terms that begin with `prefix`: the first, and the one behind the last."""
        return self.ceiling(prefix), self.ceiling(prefix + b"\xff")  # a byte that UTF-8 never has

    def find(self, term: bytes) -> int | None:
        """The number of `term`, or None where no document has it."""
        number = self._known.get(term)
        if number is None:
            at = self.ceiling(term)
            number = self._known.put(term, at if at < len(self.df) and self.term(at) == term else _NO_TERM)
        return None if number == _NO_TERM else number

    def docs(self, number: int) -> I64:
        """The documents of a term, ascending, int64[df]: what NumPy takes by without converting."""
        if self.compiled is not None:
            docs: I64 = self.compiled.docs(number)
            return docs
        count, at = int(self.df[number]), int(self._docs_at[number])
        how = int(self._encoding[number]) & 3
        read = self.file.read
        if how == RAW:
            return read("<u4", at, count).astype(np.int64)
        if how == RUNS:
            pairs = read("<u4", at, 2 * int(self.info["runs"][number])).reshape(-1, 2)
            return expand_runs(pairs[:, 0], pairs[:, 1])
        if how == CHUNKED:
            chunks = (int(self.info["last"][number]) >> CHUNK_BITS) + 1
            numbers = read("<u2", at + 4 * chunks, count).astype(np.int64)
            if chunks > 1:
                end = 0
                for chunk, size in enumerate(read("<u4", at, chunks).tolist()):
                    start, end = end, end + size
                    if chunk and size:
                        numbers[start:end] |= chunk << CHUNK_BITS
            return numbers
        first, words = self._words(number)
        flags = np.unpackbits(words.view(np.uint8), bitorder="little").view(bool)
        return np.flatnonzero(flags) + (first << WORD_BITS)

    def words(self, number: int) -> tuple[int, U64] | None:
        """A term's documents as a bitmap where it is kept so: the number of its first word, and the words."""
        return self._words(number) if int(self._encoding[number]) & 3 == BITMAP else None

    def _words(self, number: int) -> tuple[int, U64]:
        first = int(self.info["first"][number]) >> WORD_BITS
        last = int(self.info["last"][number]) >> WORD_BITS
        return first, self.file.read("<u8", int(self._docs_at[number]), last - first + 1)

    def places(self, number: int, docs: I64) -> tuple[NDArray[np.bool_], I64] | None:
        """Which of `docs` have a term, and for those the places of their postings, without reading all of the list.

        Only for lists that are kept as a bitmap or as runs; None for the others.
        """
        bitmap = self.words(number)
        if bitmap is not None:
            return _places_in_words(*bitmap, docs)
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
        return self.file.read("<u4", at, 2 * int(self.info["runs"][number])).reshape(-1, 2)

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
        packed = self.file.read(np.uint8, int(self.info["weights_at"][number]), (df + 1) // 2)
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
        return self.file.read("<f4", at, count)

    def has_positions(self, number: int) -> bool:
        return int(self._encoding[number]) >> 4 == POSITIONS

    def positions(self, number: int) -> U16:
        """The occurrences of a term, uint16[cf]: `& POSITION_MASK` is the place, `FIRST_OF_DOC` opens a document."""
        return self.file.read("<u2", int(self.info["values_at"][number]), int(self.cf[number]))

    def occurrences(self, number: int, at: I64) -> tuple[U16, I64]:
        """The occurrences in some of a term's documents, one behind the other, and where each one's begin in them.

        Reads no more of a long list than the stretches between marks that have one of the documents.

        Args:
            at: ascending places of documents in the term's list.

        Returns:
            Positions without the mark of a document's first but with `ALIGNED`, uint16; int64[len(at) + 1], the end
            behind the last.
        """
        positions = self.positions(number)
        if int(self.df[number]) >= SMALL and len(at) < int(self.df[number]) >> 3:
            positions, at = _between_marks(self, number, positions, at)
        starts = document_starts(positions)
        if len(at) < len(starts):
            begins = starts.take(at)
            counts = np.append(starts[1:], len(positions)).take(at) - begins
            positions = positions.take(expand_runs(begins, counts))
            starts = list_starts(counts)
        return positions & np.uint16(~FIRST_OF_DOC & 0xFFFF), np.append(starts, len(positions))

    def blobs(self, number: int) -> list[bytes] | None:
        """Whoosh's own value bytes of each posting, or None where there are none."""
        if int(self._encoding[number]) >> 4 != BLOBS:
            return None
        count, at = int(self.df[number]), int(self.info["values_at"][number])
        offsets = self.file.read("<u4", at, count + 1).tolist()
        base = at + 4 * (count + 1)
        data = self.file.read(np.uint8, base, offsets[-1]).tobytes()
        return [data[a:b] for a, b in pairwise(offsets)]


def sized_terms(postings: FieldPostings, numbers: I64, size: int) -> NDArray[Any]:
    """The terms with these numbers, each of `size` bytes of UTF-8, bytes[len(numbers)]: to sort and to look up."""
    octets = np.frombuffer(postings._text, dtype=np.uint8)
    starts = postings._starts.take(numbers).astype(np.int64)
    rows: NDArray[Any] = octets[starts[:, None] + np.arange(size)].view(f"S{size}").reshape(-1)
    return rows


def _between_marks(field: FieldPostings, number: int, positions: U16, at: I64) -> tuple[U16, I64]:
    """The stretches of `positions` that have the documents `at`, and the documents' places in those."""
    count = ((int(field.df[number]) - 1) >> MARK_BITS) + 2
    marks = field.file.read("<u4", int(field.info["values_at"][number]) - 4 * count, count)
    stretch = at >> MARK_BITS
    opens = np.ones(len(stretch), dtype=bool)
    np.not_equal(stretch[1:], stretch[:-1], out=opens[1:])
    wanted = stretch[opens]
    begins = marks.take(wanted).astype(np.int64)
    lengths = marks.take(wanted + 1).astype(np.int64) - begins
    which = np.cumsum(opens) - 1
    return positions.take(expand_runs(begins, lengths)), (which << MARK_BITS) + (at & ((1 << MARK_BITS) - 1))


def _places_in_words(first: int, words: U64, docs: I64) -> tuple[NDArray[np.bool_], I64]:
    """Which of the ascending `docs` have their bit set, and for those how many bits are set before it."""
    at = (docs >> WORD_BITS) - first
    inside: NDArray[np.bool_] | None = None
    if len(at) and (at[0] < 0 or at[-1] >= len(words)):
        inside = (at >= 0) & (at < len(words))
        at = np.where(inside, at, 0)
    bit = np.uint64(1) << (docs & ((1 << WORD_BITS) - 1)).astype(np.uint64)
    here = words.take(at)
    mask = (here & bit) != 0
    if inside is not None:
        mask &= inside
    if not mask.all():
        kept = np.flatnonzero(mask)
        at, bit, here = at.take(kept), bit.take(kept), here.take(kept)
    counts = np.bitwise_count(words)
    before = np.cumsum(counts, dtype=np.int64) - counts
    return mask, before.take(at) + np.bitwise_count(here & (bit - np.uint64(1)))
