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
    pairs = pairwise(pieces)
    return np.array([pair_key(one[-1], other[0]) for one, other in pairs], dtype=np.uint64)


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

    def __len__(self) -> int:
        return len(self.docs)

    def take(self, at: NDArray[Any]) -> Bridges:
        """The bridges at these places."""
        return Bridges(self.docs[at], self.places[at], self.lengths[at], self.latest[at], self.earliest[at])


class BridgeTable:
    """One table of a segment."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self.keys: U64 = file[f"{name}.keys"]
        self.starts: NDArray[np.uint32] = file[f"{name}.starts"]
        self.docs: NDArray[np.uint32] = file[f"{name}.docs"]
        self.places: NDArray[np.uint16] = file[f"{name}.places"]
        self.long_at: NDArray[np.uint32] = file[f"{name}.long_at"]
        self.long_lengths: NDArray[np.uint16] = file[f"{name}.long_lengths"]
        self.limits: NDArray[np.uint16] | None = None
        if f"{name}.limits" in file:
            self.limits = file[f"{name}.limits"].reshape(-1, 2)

    def find(self, keys: U64) -> list[tuple[int, int]]:
        """For each key the range of its bridges; an empty one where there are none."""
        if not len(self.keys):
            return [(0, 0)] * len(keys)
        at = self.keys.searchsorted(keys)
        found = self.keys.take(at, mode="clip") == keys
        if not found.any():
            return [(0, 0)] * len(keys)
        begins, ends = self.starts.take(at, mode="clip"), self.starts.take(at + 1, mode="clip")
        return [
            (begin, end) if is_there else (0, 0)
            for begin, end, is_there in zip(begins.tolist(), ends.tolist(), found.tolist(), strict=True)
        ]

    def read(self, begin: int, end: int) -> Bridges:
        """The bridges of one key."""
        places = self.places[begin:end]
        lengths = (places >> LENGTH_SHIFT).astype(np.int64)
        if len(self.long_at):
            first, last = np.searchsorted(self.long_at, (begin, end)).tolist()
            lengths[self.long_at[first:last].astype(np.int64) - begin] = self.long_lengths[first:last]
        if self.limits is None:
            latest = np.full(end - begin, LAST_PLACE, dtype=np.int64)
            earliest = np.full(end - begin, FIRST_PLACE, dtype=np.int64)
        else:
            latest, earliest = self.limits[begin:end].T.astype(np.int64)
        return Bridges(
            docs=self.docs[begin:end].astype(np.int64),
            places=(places & np.uint16(MAX_POSITION)).astype(np.int64),
            lengths=lengths,
            latest=latest,
            earliest=earliest,
        )

    def __len__(self) -> int:
        return len(self.docs)
