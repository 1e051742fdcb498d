"""Terms and strings of one segment: which documents have them, and at which places.

A string stands where each of its terms stands at its distance from the beginning. The rarest term's occurrences
are read, the others are looked up only there.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search.embedded import kernel
from search.embedded.postings import FieldPostings
from search.embedded.postings_layout import ALIGNED, POSITION_MASK
from search.embedded.segment import SegmentData
from search.embedded.sorted_numbers import membership
from search.language import plan as p

Docs = NDArray[np.int64]
Mask = NDArray[np.bool_]
I64 = NDArray[np.int64]

POSITION_BITS = 20
"""Of numbers that hold a document and a position in it: so wide that a place past a text's end stays its own."""
_FEW = 8
"""Documents are looked for one by one where the list has so many times as many; else one flag a document is set."""
_MANY = 1024
DENSE_SHARE = 16
"""From one document in so many, sets are worked on as one flag a document."""


def encode(term: str) -> bytes:
    """A term as the dictionary keeps it."""
    return term.encode("utf-8", "surrogatepass")


class TermLookup:
    """What a segment has of terms and strings. Made anew for each query; keeps what it has decoded."""

    def __init__(self, data: SegmentData) -> None:
        self._data = data
        self._found: dict[tuple[str, str], tuple[FieldPostings, int] | None] = {}
        self._docs: dict[tuple[str, str], Docs] = {}

    def find(self, field: str, term: str) -> tuple[FieldPostings, int] | None:
        """The field's posting lists and the term's number in them, or None."""
        key = (field, term)
        if key not in self._found:
            postings = self._data.field(field)
            number = None if postings is None else postings.find(encode(term))
            self._found[key] = None if postings is None or number is None else (postings, number)
        return self._found[key]

    def docs_of(self, field: str, term: str) -> Docs:
        """The documents that have the term."""
        key = (field, term)
        if key not in self._docs:
            found = self.find(field, term)
            self._docs[key] = np.zeros(0, dtype=np.int64) if found is None else found[0].docs(found[1])
        return self._docs[key]

    def lookup(self, field: str, term: str, docs: Docs) -> tuple[Mask, I64]:
        """Which of `docs` have the term, and for those the places of their postings."""
        found = self.find(field, term)
        if found is not None and (field, term) not in self._docs:
            placed = found[0].places(found[1], docs)
            if placed is not None:
                return placed
        of_term = self.docs_of(field, term)
        if docs is of_term:
            return np.ones(len(docs), dtype=bool), np.arange(len(docs))
        if not len(of_term):
            return np.zeros(len(docs), dtype=bool), np.zeros(0, dtype=np.int64)
        if len(docs) * _FEW < len(of_term):
            places = of_term.searchsorted(docs)
            places[places == len(of_term)] = 0
            mask = of_term.take(places) == docs
            return mask, places[mask]
        with self._data.scratch() as scratch:
            scratch[of_term] = 1
            mask = scratch.take(docs).view(bool)
            scratch[of_term] = 0
        return mask, of_term.searchsorted(docs[mask])

    def codes_in(self, field: str, term: str, docs: Docs) -> tuple[Mask, NDArray[np.uint8]] | None:
        """Which of `docs` have the term, and the codes of its weights there.

        Only where the list is so short beside `docs` that to read all of its codes costs less than to look for places;
        else None, and where the weights have no codes.
        """
        found = self.find(field, term)
        if found is None or len(docs) * _FEW < int(found[0].df[found[1]]) or len(docs) < _MANY:
            return None
        codes = found[0].codes(found[1])
        if codes is None:
            return None
        of_term = self.docs_of(field, term)
        with self._data.scratch() as scratch:
            scratch[of_term] = codes + np.uint8(1)
            there = scratch.take(docs)
            scratch[of_term] = 0
        mask = there != 0
        return mask, there[mask] - np.uint8(1)

    def string_places(self, plan: p.String, docs: Docs) -> tuple[Mask, I64]:
        """Which of `docs` have the string, and where: sorted numbers, (place in `docs`) << POSITION_BITS | position."""
        first = plan.tokens[0].start
        if kernel.postings is not None:
            found = [(self.find("text", token.term), token.start - first) for token in plan.tokens]
            tokens = [(place[0].compiled, place[1], start) for place, start in found if place is not None]
            if len(tokens) == len(found):
                mask, spots = kernel.postings.string_places(tokens, docs)
                return mask, spots
            return np.zeros(len(docs), dtype=bool), np.zeros(0, dtype=np.int64)
        rarest, *others = sorted(plan.tokens, key=lambda token: self.count(token.term))
        numbers, positions = self.occurrences_in(rarest.term, docs)
        before = rarest.start - first
        if before:
            begins = np.flatnonzero(positions >= before)
            numbers, positions = numbers.take(begins), positions.take(begins) - before
        for token in others:
            if not len(numbers):
                break
            stands = self._stands(token.term, docs, numbers, positions + (token.start - first))
            numbers, positions = numbers[stands], positions[stands]
        mask = np.zeros(len(docs), dtype=bool)
        mask[numbers] = True
        return mask, numbers << POSITION_BITS | positions

    def count(self, term: str) -> int:
        """How often a term stands in the texts."""
        found = self.find("text", term)
        return 0 if found is None else int(found[0].cf[found[1]])

    def count_in(self, term: str, docs: Docs) -> int:
        """How often a term stands in the texts of `docs`."""
        found = self.find("text", term)
        if found is None:
            return 0
        if kernel.postings is not None:
            return int(kernel.postings.count_occurrences(found[0].compiled, found[1], docs))
        if len(docs) >= int(found[0].df[found[1]]) and bool(
            membership(self.docs_of("text", term), docs).all()
        ):
            return int(found[0].cf[found[1]])
        return len(self.occurrences_in(term, docs)[0])

    def _occurrences(self, term: str, at: I64) -> tuple[NDArray[np.uint16], I64]:
        """A term's occurrences in the documents `at` these places of its list, and where each one's begin."""
        positions, starts = self._flagged(term, at)
        return positions & np.uint16(POSITION_MASK), starts

    def _flagged(self, term: str, at: I64) -> tuple[NDArray[np.uint16], I64]:
        """The same, occurrences with `ALIGNED`."""
        found = self.find("text", term)
        if found is None:
            return np.zeros(0, dtype=np.uint16), np.zeros(1, dtype=np.int64)
        return found[0].occurrences(found[1], at)

    def aligned_places(self, term: str, docs: Docs) -> I64:
        """Where a term is a word of the precise cut of `docs`, as `string_places` gives it."""
        found = self.find("text", term)
        if kernel.postings is not None and found is not None:
            spots: I64 = kernel.postings.string_places(
                [(found[0].compiled, found[1], 0)], docs, aligned=True
            )[1]
            return spots
        mask, at = self.lookup("text", term, docs)
        positions, starts = self._flagged(term, at)
        numbers = np.repeat(np.flatnonzero(mask), np.diff(starts))
        is_word = positions & np.uint16(ALIGNED) != 0
        spots = numbers[is_word] << POSITION_BITS
        spots |= positions[is_word] & np.uint16(POSITION_MASK)
        return spots

    def occurrences_in(self, term: str, docs: Docs) -> tuple[I64, I64]:
        """A term's occurrences in `docs`: the document's place in `docs`, and the position; in order."""
        mask, places = self.lookup("text", term, docs)
        positions, starts = self._occurrences(term, places)
        return np.repeat(np.flatnonzero(mask), np.diff(starts)), positions.astype(np.int64)

    def _stands(self, term: str, docs: Docs, numbers: I64, positions: I64) -> Mask:
        """Whether the term stands at each position, in the document at that place of `docs`.

        One ascending key for every occurrence, document and position together, so that one search finds all.
        """
        opens = np.ones(len(numbers), dtype=bool)
        np.not_equal(numbers[1:], numbers[:-1], out=opens[1:])
        of_docs = numbers[opens]
        mask, places = self.lookup("text", term, docs[of_docs])
        there, starts = self._occurrences(term, places)
        held = np.repeat(of_docs[mask], np.diff(starts)) << POSITION_BITS
        held |= there
        return membership(numbers << POSITION_BITS | positions, held)

    def starting_places(self, prefix: str, docs: Docs) -> tuple[I64, I64]:
        """Where the terms of the text that begin with `prefix` stand in `docs`, term by term.

        Returns:
            (place in `docs`) << POSITION_BITS | position, and the length of the term at each, in characters.
        """
        none = np.zeros(0, dtype=np.int64)
        postings = self._data.field("text")
        if postings is None:
            return none, none
        first, last = postings.starting(encode(prefix))
        if kernel.postings is not None:
            spots, lengths = kernel.postings.places_of_terms(postings.compiled, first, last, docs)
            return spots, lengths
        found = [(none, none)]
        for number in range(first, last):
            term = postings.term(number).decode("utf-8", "surrogatepass")
            numbers, positions = self.occurrences_in(term, docs)
            spots = numbers << POSITION_BITS | positions
            found.append((spots, np.full(len(spots), len(term), dtype=np.int64)))
        spots, lengths = (np.concatenate(column) for column in zip(*found, strict=True))
        return spots, lengths

    def places(self, plan: p.Term | p.String, docs: Docs) -> I64:
        """Where a word or string of the text stands in `docs`, as `string_places` gives it."""
        if isinstance(plan, p.String):
            return self.string_places(plan, docs)[1]
        found = self.find("text", plan.text)
        if kernel.postings is not None and found is not None:
            spots: I64 = kernel.postings.string_places([(found[0].compiled, found[1], 0)], docs)[1]
            return spots
        numbers, positions = self.occurrences_in(plan.text, docs)
        return numbers << POSITION_BITS | positions


def close_together(numbers: I64, spots: Sequence[I64], lengths: Sequence[int], distance: int) -> Mask:
    """For each document number, whether one occurrence of every string can be chosen with gaps within `distance`.

    The distance is the number of characters of the window that lie between its first and its last string's ends,
    strings themselves left out: the whole window is at most `distance` plus the strings' lengths.

    Each step narrows the rarest string's occurrences: all other strings must stand near one. With two strings that
    is the answer; with more, the windows are tried that begin at any string and hold one of these occurrences.
    """
    limit = distance + sum(lengths)
    rarest, *others = sorted(zip(spots, lengths, strict=True), key=lambda part: len(part[0]))
    anchors = rarest[0]
    for other in others:
        anchors = anchors[_is_beside(anchors, rarest[1], *other, limit)]
    if len(others) < 2:
        return membership(numbers, anchors >> POSITION_BITS)
    result = np.zeros(len(numbers), dtype=bool)
    for begins, _ in (rarest, *others):
        starts = begins[_is_followed(begins, anchors, rarest[1], limit)]
        for other in others:
            starts = starts[_is_followed(starts, *other, limit)]
        result |= membership(numbers, starts >> POSITION_BITS)
    return result


def _is_followed(starts: I64, others: I64, length: int, limit: int) -> Mask:
    """Whether a string of `length` that stands at `others` ends within `limit` behind each start, or begins at it."""
    if not len(others):
        return np.zeros(len(starts), dtype=bool)
    following = others[np.minimum(np.searchsorted(others, starts), len(others) - 1)]
    gaps = following - starts
    result: Mask = (gaps >= 0) & (gaps + length <= limit)
    result &= following >> POSITION_BITS == starts >> POSITION_BITS
    return result


def _is_beside(anchors: I64, own: int, others: I64, length: int, limit: int) -> Mask:
    """Whether a window of `limit` can hold the string of `own` characters at each anchor and another."""
    if not len(others):
        return np.zeros(len(anchors), dtype=bool)
    at = np.searchsorted(others, anchors)
    following = others[np.minimum(at, len(others) - 1)]
    before = others[np.maximum(at - 1, 0)]
    documents = anchors >> POSITION_BITS
    gaps = following - anchors
    result: Mask = (gaps >= 0) & (gaps + length <= limit) & (following >> POSITION_BITS == documents)
    gaps = anchors - before
    result |= (gaps >= 0) & (gaps + own <= limit) & (before >> POSITION_BITS == documents)
    return result
