"""Where marks alone stand between two characters of one segment: what a phrase passes over there.

two characters of a phrase -> bridges between them: document, place, how many characters, which occurrences may pass

Two tables lie in a segment's `.mrk`, each ordered by the two characters:
    quotes  runs of quotation and book marks that all have their partner, for phrases that pass over those alone
    marks   runs of these, with and without partner, and of marks that separate, for long phrases

`search.embedded.writing.bridges` makes them, by the rules of `search.language.text.phrases`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.embedded.arrays import ArrayFile
from search.embedded.postings import MAX_POSITION
from search.embedded.sorted_numbers import membership

I64 = NDArray[np.int64]
U64 = NDArray[np.uint64]

TABLES = ("quotes", "marks")
CHAR_BITS = 32
LENGTH_SHIFT = 14
"""Above a place stands the length of its run, 0 where that is no less than `LONG_RUN`."""
LONG_RUN = 4
FIRST_PLACE, LAST_PLACE = 0, MAX_POSITION + 1
"""What every occurrence ends behind, and begins before."""


def pair_key(before: str, after: str) -> int:
    """Two characters as a key of the tables."""
    return ord(before) << CHAR_BITS | ord(after)


@lru_cache(maxsize=1024)
def gap_keys(pieces: tuple[str, ...]) -> U64:
    """The keys of the gaps between pieces of a phrase that follow one another."""
    return np.array([pair_key(one[-1], other[0]) for one, other in pairwise(pieces)], dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class Bridges:
    """Runs of marks, by document and place; columns of equal length.

    Args:
        docs: documents.
        places: of the first mark.
        lengths: how many characters, blanks beside the marks included.
        latest: an occurrence that passes may begin no later, or it lacks the partner of a mark.
        earliest: and end no earlier.
    """

    docs: I64
    places: I64
    lengths: I64
    latest: I64
    earliest: I64

    def inside(self, docs: I64) -> Bridges:
        """Those in some documents."""
        return self._take(np.flatnonzero(membership(self.docs, docs)))

    def outside(self, docs: I64) -> Bridges:
        """Those in all other documents."""
        return self._take(np.flatnonzero(~membership(self.docs, docs))) if len(docs) else self

    def _take(self, at: I64) -> Bridges:
        columns = (self.docs, self.places, self.lengths, self.latest, self.earliest)
        return self if len(at) == len(self.docs) else Bridges(*(column.take(at) for column in columns))


class BridgeTable:
    """One table of a segment. What is read of the file is verified first, and no more."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._file, self._name = file, name
        self.has_limits = f"{name}.limits" in file

    def column(self, name: str) -> NDArray[Any]:
        """All of a column: keys, starts, docs, places, long_at, long_lengths; limits where the table has them."""
        return self._file[f"{self._name}.{name}"]

    def _part(self, name: str, begin: int, end: int) -> NDArray[Any]:
        return self._file.part(f"{self._name}.{name}", begin, end)

    def find(self, keys: U64) -> list[tuple[int, int]]:
        """For each key the range of its bridges; an empty one where there are none."""
        held = self.column("keys")
        found = [(0, 0)] * len(keys)
        if len(held):
            at = held.searchsorted(keys)
            for number in np.flatnonzero(held.take(at, mode="clip") == keys).tolist():
                begin, end = self._part("starts", int(at[number]), int(at[number]) + 2).tolist()
                found[number] = (begin, end)
        return found

    def read(self, begin: int, end: int) -> Bridges:
        """The bridges of one key."""
        places = self._part("places", begin, end)
        lengths = (places >> LENGTH_SHIFT).astype(np.int64)
        long_at = self.column("long_at")
        first, last = np.searchsorted(long_at, (begin, end)).tolist()
        if first < last:
            lengths[long_at[first:last].astype(np.int64) - begin] = self._part("long_lengths", first, last)
        if self.has_limits:
            latest, earliest = self._part("limits", 2 * begin, 2 * end).reshape(-1, 2).T.astype(np.int64)
        else:
            latest = np.full(end - begin, LAST_PLACE, dtype=np.int64)
            earliest = np.full(end - begin, FIRST_PLACE, dtype=np.int64)
        return Bridges(
            docs=self._part("docs", begin, end).astype(np.int64),
            places=(places & np.uint16(MAX_POSITION)).astype(np.int64),
            lengths=lengths,
            latest=latest,
            earliest=earliest,
        )
