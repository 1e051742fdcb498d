"""Where marks alone stand between two characters of one segment: what a phrase passes over there.

two characters of a phrase -> bridges between them: document, place, how many characters, which occurrences may pass

Two tables lie in a segment's `.mrk`, each ordered by the two characters:
    quotes  runs of quotation and book marks that all have their partner, for phrases that pass over those alone
    marks   runs of these, with and without partner, and of marks that separate, for long phrases

Of the characters beyond those two, a few bits are kept: most bridges that a phrase doesn't pass over are seen by them.

`search.embedded.writing.bridges` makes them, by the rules of `search.language.text.phrases`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from search.embedded import kernel
from search.embedded.arrays import ArrayFile
from search.embedded.postings_layout import MAX_POSITION
from search.embedded.sorted_numbers import membership
from search.language.text.phrases import pieces_of
from search.lru import LruCache

I64 = NDArray[np.int64]

TABLES = ("quotes", "marks")
_KEPT_WORDS, _KEPT_BYTES = 10_000, 8 * 1024 * 1024
"""Of so many words each table keeps where marks may cut them."""
_CUT_BYTES = 400
"""What is kept takes about so much beside the numbers of its bridges."""
CHAR_BITS = 32
LENGTH_SHIFT = 14
"""Above a place stands the length of its run, 0 where that is no less than `LONG_RUN`."""
LONG_RUN = 4
FIRST_PLACE, LAST_PLACE = 0, MAX_POSITION + 1
"""What every occurrence ends behind, and begins before."""


def pair_key(before: str, after: str) -> int:
    """Two characters as a key of the tables."""
    return ord(before) << CHAR_BITS | ord(after)


_NO_LIMITS = np.zeros(0, dtype=np.uint16)

ANY_SIDE = 0
"""Of a mark, or where a text begins or ends: whatever a phrase has there."""
_SIDES = 15


def side_bits(codes: NDArray[Any]) -> NDArray[np.uint8]:
    """What is kept of a character beyond a bridge, by its code point: 1 to 15."""
    return (codes % _SIDES + 1).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class Gaps:
    """The gaps between the pieces of a phrase.

    Args:
        keys: of each the two characters around.
        fits: of each whether a bridge with so many bits of what is beyond can be one of the phrase's, bool[256].
    """

    keys: tuple[int, ...]
    fits: tuple[NDArray[np.bool_], ...]


@lru_cache(maxsize=1024)
def gaps_of(pieces: tuple[str, ...]) -> Gaps:
    """The gaps between pieces that follow one another."""
    keys = [pair_key(one[-1], other[0]) for one, other in pairwise(pieces)]
    text, ends = "".join(pieces), np.cumsum(list(map(len, pieces[:-1]))).tolist()
    fits = (_fits(text[end - 2] if end > 1 else "", text[end + 1 : end + 2]) for end in ends)
    return Gaps(tuple(keys), tuple(fits))


@lru_cache(maxsize=1024)
def _fits(before: str, after: str) -> NDArray[np.bool_]:
    sides = np.arange(256)
    fits = np.ones(256, dtype=bool)
    for bits, char in ((sides & 15, before), (sides >> 4, after)):
        if char:
            fits &= (bits == ANY_SIDE) | (bits == side_bits(np.array([ord(char)]))[0])
    return fits


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
        return self.take(np.flatnonzero(membership(self.docs, docs)))

    def outside(self, docs: I64) -> Bridges:
        """Those in all other documents."""
        return self.take(np.flatnonzero(~membership(self.docs, docs))) if len(docs) else self

    def take(self, at: I64) -> Bridges:
        """Those at these places."""
        columns = (self.docs, self.places, self.lengths, self.latest, self.earliest)
        return self if len(at) == len(self.docs) else Bridges(*(column.take(at) for column in columns))


class Cut(Struct, frozen=True):
    """A phrase with the gaps where marks may cut it in some paragraph of the segment.

    Args:
        gaps: by how many pieces stand before each, where its bridges are in the table: from, to, and which of those.
        has_blank: a piece is a blank, which may stand among marks anywhere.
        is_bridged: whether the phrase may stand across marks anywhere in the segment.
    """

    pieces: tuple[str, ...]
    gaps: dict[int, tuple[int, int, I64]]
    has_blank: bool = False
    is_bridged: bool = False

    @property
    def bridge_count(self) -> int:
        """How many bridges may be the phrase's."""
        return sum([len(which) for _, _, which in self.gaps.values()])


class BridgeTable:
    """One table of a segment. What is read of the file is verified first, and no more."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._file, self._name = file, name
        self.has_limits = f"{name}.limits" in file
        self._of_words: LruCache[str, Cut] = LruCache(
            most=_KEPT_WORDS, size_bytes=_KEPT_BYTES, size_of=lambda cut: _CUT_BYTES + 8 * cut.bridge_count
        )
        """Where marks may cut a word, as it stands in the file."""

    @cached_property
    def _span_of(self) -> Callable[[int], tuple[int, int] | None]:
        """Gives where a key's bridges begin and end, None where it has none."""
        column, starts = self.column("keys"), self.column("starts")
        if kernel.page is not None:
            spans: Callable[[int], tuple[int, int] | None] = kernel.page.SortedKeys(column, starts).span
            return spans
        keys = column.data

        def span(key: int) -> tuple[int, int] | None:
            at = bisect_left(keys, key)
            has_any = at < len(keys) and keys[at] == key
            return (int(starts[at]), int(starts[at + 1])) if has_any else None

        return span

    def column(self, name: str) -> NDArray[Any]:
        """All of a column: keys, starts, docs, places, sides, long_at, long_lengths, and in `quotes` limits."""
        return self._file[f"{self._name}.{name}"]

    def _part(self, name: str, begin: int, end: int) -> NDArray[Any]:
        return self._file.part(f"{self._name}.{name}", begin, end)

    def cut_of_word(self, word: str) -> Cut:
        """Where marks may cut a phrase that is one word."""
        known = self._of_words.get(word)
        return self._of_words.put(word, self.cut_of((word,))) if known is None else known

    def cut_of(self, words: tuple[str, ...]) -> Cut:
        """Where marks may cut a phrase."""
        pieces = pieces_of(words)
        if " " in pieces:
            return Cut(pieces, {}, has_blank=True, is_bridged=True)
        gaps = self.find(gaps_of(pieces))
        return Cut(pieces, gaps, is_bridged=bool(gaps))

    def find(self, gaps: Gaps) -> dict[int, tuple[int, int, I64]]:
        """By the number of each gap that has any (from 1) where its bridges are: from, to, and which of those.

        None is left out that the phrase passes over; some may be there that it doesn't.
        """
        found: dict[int, tuple[int, int, I64]] = {}
        span_of = self._span_of
        for number, key in enumerate(gaps.keys):
            if (span := span_of(key)) is None:
                continue
            begin, end = span
            which = gaps.fits[number].take(self._part("sides", begin, end)).nonzero()[0]
            if len(which):
                found[number + 1] = (begin, end, which)
        return found

    def docs(self, begin: int, end: int, which: I64) -> I64:
        """The documents of some of the bridges of one key."""
        return self._part("docs", begin, end).take(which).astype(np.int64)

    def columns(self, begin: int, end: int) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """Documents, places with lengths, and limits (two of each, or none at all) of all bridges of one key."""
        limits = self._part("limits", 2 * begin, 2 * end) if self.has_limits else _NO_LIMITS
        return self._part("docs", begin, end), self._part("places", begin, end), limits

    def read(self, begin: int, end: int, which: I64, among: I64 | None = None) -> Bridges:
        """Some of the bridges of one key; of those the ones in the documents `among`, if given."""
        docs = self.docs(begin, end, which)
        if among is not None:
            inside = membership(docs, among).nonzero()[0]
            docs, which = docs.take(inside), which.take(inside)
        places = self._part("places", begin, end).take(which)
        lengths = (places >> LENGTH_SHIFT).astype(np.int64)
        is_long = (lengths == 0).nonzero()[0]
        if len(is_long):
            at = self.column("long_at").searchsorted(begin + which.take(is_long))
            lengths[is_long] = self.column("long_lengths").take(at)
        if self.has_limits:
            limits = self._part("limits", 2 * begin, 2 * end).reshape(-1, 2).take(which, axis=0)
            latest, earliest = limits.T.astype(np.int64, order="C")
        else:
            latest = np.full(len(docs), LAST_PLACE, dtype=np.int64)
            earliest = np.full(len(docs), FIRST_PLACE, dtype=np.int64)
        return Bridges(docs, (places & np.uint16(MAX_POSITION)).astype(np.int64), lengths, latest, earliest)
