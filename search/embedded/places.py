"""Where strings and phrases stand in all of a segment, kept for the next question about them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search.embedded.sorted_numbers import distinct, find_in
from search.embedded.term_lookup import POSITION_BITS, Docs
from search.lru import LruCache

I64 = NDArray[np.int64]

_NONE: I64 = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Places:
    """All places of a string or phrase.

    Args:
        first, last: document << POSITION_BITS | position of its beginning, and of its end; in order.
    """

    first: I64
    last: I64

    @cached_property
    def docs(self) -> Docs:
        """The documents that have a place."""
        return distinct(self.first >> POSITION_BITS)

    @property
    def size_bytes(self) -> int:
        return 3 * self.first.nbytes

    def within(self, docs: Docs) -> tuple[I64, I64]:
        """The places in `docs`: (place in `docs`) << POSITION_BITS | position, beginnings and ends in order."""
        if not len(self.first) or not len(docs):
            return _NONE, _NONE
        of_doc = self.first >> POSITION_BITS
        at = find_in(of_doc, docs)
        shift = (at - of_doc) << POSITION_BITS
        first, last = self.first + shift, self.last + shift
        inside = at >= 0
        return (first, last) if inside.all() else (first[inside], last[inside])

    def count_within(self, docs: Docs) -> int:
        """How many places there are in `docs`."""
        if len(docs) == len(self.docs) and np.array_equal(docs, self.docs):
            return len(self.first)
        return int(np.count_nonzero(find_in(self.first >> POSITION_BITS, docs) >= 0))


NO_PLACES = Places(_NONE, _NONE)
KeptPlaces = LruCache[tuple[object, ...], Places]
"""By the id of a segment and what a string or, across marks, a phrase consists of."""


def make_kept_places(size_bytes: int) -> KeptPlaces:
    """A cache of places that takes so many bytes."""
    return LruCache(most=1_024, size_bytes=size_bytes, size_of=lambda places: places.size_bytes)
