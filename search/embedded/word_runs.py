"""The words of a segment's paragraphs as they stand side by side: "here are documents, give me their runs".

bytes -> ranks of words, BORDER behind each run

A rank takes one byte or two: words are ranked by how often they are used. `search.embedded.writing.word_runs` writes
them. An index that was made before they were kept has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from search.embedded import kernel
from search.embedded.arrays import ArrayFile
from search.errors import IndexDamaged
from search.messages import stores as says

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

EXT = ".wrd"
BORDER = 0
_DOCS_AT_ONCE = 5_000


class WordRuns:
    """Runs by their documents' numbers.

    Args:
        file: as `search.embedded.writing.word_runs.RunWriter` writes it.
    """

    def __init__(self, file: ArrayFile) -> None:
        self._file = file

    @cached_property
    def words(self) -> list[str]:
        """The words by their ranks; "" for BORDER."""
        try:
            return ["", *self._file["words"].tobytes().decode("utf-8").split("\n")]
        except UnicodeDecodeError as error:
            raise self._damaged() from error

    @property
    def uses(self) -> NDArray[np.uint32]:
        """How often each word was used when the file was written, BORDER too."""
        uses: NDArray[np.uint32] = self._file["uses"]
        return uses

    @cached_property
    def _ends(self) -> I64:
        """Where the bytes of each document end, all of them one behind the other."""
        return np.cumsum(self._file["bytes"], dtype=np.int64)

    @cached_property
    def _block_first(self) -> I64:
        return self._file["first"].astype(np.int64)

    def most_words(self, docs: I64) -> int:
        """At most so many words and borders do documents have."""
        return int(self._file["bytes"].take(docs).sum(dtype=np.int64))

    def iter_runs(self, docs: I64) -> Iterator[tuple[I32, I64]]:
        """The ranks of documents, some at a time, and how many each has.

        Args:
            docs: ascending.
        """
        for begin in range(0, len(docs), _DOCS_AT_ONCE):
            ranks, counts = decode(*self._read(docs[begin : begin + _DOCS_AT_ONCE]))
            if int(counts.sum()) != len(ranks) or int(ranks.max(initial=0)) >= len(self.words):
                raise self._damaged()
            yield ranks, counts

    def iter_numbers(self, docs: I64, of_rank: I32, into: I32) -> Iterator[I64]:
        """Write the numbers of documents' words one behind the other, some at a time; yields how many each has.

        Args:
            docs: ascending.
            of_rank: of each rank its number.
            into: room for `most_words`.
        """
        if kernel.runs is None:
            done = 0
            for ranks, counts in self.iter_runs(docs):
                into[done : done + len(ranks)] = of_rank.take(ranks)
                done += len(ranks)
                yield counts
            return
        of_rank = of_rank[: len(self.words)]
        for begin in range(0, len(docs), _DOCS_AT_ONCE):
            found: I64 | None = kernel.runs.decode_runs(
                *self._read(docs[begin : begin + _DOCS_AT_ONCE]), of_rank, into
            )
            if found is None:
                raise self._damaged()
            into = into[int(found.sum()) :]
            yield found

    def _read(self, docs: I64) -> tuple[NDArray[np.uint8], I64]:
        """The bytes of documents, and how many each has."""
        ends = self._ends
        blocks = self._block_first.searchsorted(docs, side="right") - 1
        firsts = self._block_first.take(blocks)
        before = np.where(firsts > 0, ends.take(np.maximum(firsts - 1, 0)), 0)
        sizes = self._file["bytes"].take(docs).astype(np.int64)
        to = self._file["at"].take(blocks).astype(np.int64) + ends.take(docs) - before
        at = to - sizes
        joins = np.flatnonzero(at[1:] != to[:-1]) + 1
        pieces = [
            self._file.read(np.uint8, int(at[begin]), int(to[end - 1] - at[begin]))
            for begin, end in pairwise([0, *joins.tolist(), len(docs)])
        ]
        return np.concatenate(pieces), sizes

    def _damaged(self) -> IndexDamaged:
        return IndexDamaged.because(says.BLOCK_DAMAGED(name=self._file.name))


def encode(numbers: NDArray[np.uint32], ranks: NDArray[np.uint32]) -> tuple[NDArray[np.uint8], I64]:
    """The ranks of numbers as bytes, and how many each takes: seven bits in a byte, the lowest first.

    Args:
        ranks: of each number its rank, below 2**28.

    Example:
        >>> encode(np.array([2, 0], dtype=np.uint32), np.array([300, 1, 5], dtype=np.uint32))[0].tolist()
        [5, 172, 2]
    """
    if kernel.runs is not None:
        packed: tuple[NDArray[np.uint8], I64] = kernel.runs.encode_runs(numbers, ranks)
        return packed
    found = ranks.take(numbers)
    sizes = np.ones(len(found), dtype=np.int64)
    for bits in (7, 14, 21):
        sizes += found >= 1 << bits
    starts = np.cumsum(sizes) - sizes
    data = np.empty(int(sizes.sum()), dtype=np.uint8)
    for n in range(int(sizes.max(initial=0))):
        has = sizes > n
        goes_on = (sizes[has] > n + 1).astype(np.uint32) << 7
        data[starts[has] + n] = (found[has] >> (7 * n)) & 127 | goes_on
    return data, sizes


def decode(data: NDArray[np.uint8], sizes: I64) -> tuple[I32, I64]:
    """The numbers that some bytes are, and how many are in each piece of these sizes."""
    ends = np.flatnonzero(data < 128)
    lengths = np.diff(ends, prepend=-1)
    starts = ends - lengths + 1
    numbers = (data[starts] & 127).astype(np.int32)
    for n in (1, 2, 3):
        longer = np.flatnonzero(lengths > n)
        numbers[longer] |= (data[starts[longer] + n] & 127).astype(np.int32) << (7 * n)
    counts = np.diff(np.searchsorted(ends, np.cumsum(sizes), side="left"), prepend=0)
    return numbers, counts
