"""Matches phrases across marks in one segment.

phrase -> pieces -> gaps that marks bridge somewhere -> strict strings between those gaps -> strung together -> places

Most phrases are bridged nowhere, or in few paragraphs: where marks don't come in, a phrase is the string or word that
its tokens make, and is found as such. What stands here is found beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from search.embedded import kernel
from search.embedded.bridges import LAST_PLACE, LENGTH_SHIFT, Bridges, BridgeTable, Cut
from search.embedded.places import NO_PLACES, KeptPlaces, Places
from search.embedded.segment import SegmentData
from search.embedded.sorted_numbers import distinct, find_in, membership, united
from search.embedded.term_lookup import POSITION_BITS, Docs, Mask, TermLookup
from search.embedded.words import Words
from search.language import plan as p
from search.language.text import Token
from search.language.text.phrases import marked_form, phrase_spans
from search.limits import Budget

I64 = NDArray[np.int64]

_READ_AT_ONCE = 500
"""Texts that are held at the same time."""
_FEWER = 2
"""Of documents, where there are so many times as many bridges, places are found among those alone."""
_FEW_GAPS = 2
_RAREST = 3
"""Where more gaps than a few are bridged, paragraphs must have so many of the rarest pieces to be looked into."""
_LONGEST_WORD = 5
_PLACE_MASK = (1 << POSITION_BITS) - 1


def strict(plan: p.Phrase) -> p.Term | p.String:
    """A phrase as the word or string that it is where no marks cut it."""
    if len(plan.tokens) == 1:
        return p.Term("text", plan.tokens[0].term, plan.boost)
    return p.String(plan.tokens, plan.boost)


class PhraseMatcher:
    """Where phrases stand across marks. Made anew for each query."""

    def __init__(
        self, data: SegmentData, terms: TermLookup, words: Words, budget: Budget, kept: KeptPlaces
    ) -> None:
        self._data, self._terms, self._words = data, terms, words
        self._budget, self._kept = budget, kept
        self._is_known: dict[str, bool] = {}
        self._cuts: dict[tuple[int, bool], tuple[tuple[Token, ...], Cut]] = {}
        """By the identity of tokens, whose hash would cost more than it saves."""

    def is_bridged(self, plan: p.Phrase) -> bool:
        """Whether the phrase may stand across marks anywhere in the segment."""
        return self._cut(plan).is_bridged

    def estimate(self, plan: p.Phrase) -> int:
        """At most so many paragraphs have the phrase across marks."""
        cut = self._cut(plan)
        return self._data.doc_count if cut.has_blank else cut.bridge_count

    def docs(self, plan: p.Phrase) -> Docs:
        """The documents that have the phrase across marks."""
        return self.places(plan).docs

    def possible(self, plan: p.Phrase) -> Docs:
        """Documents among which are all that have the phrase across marks; told by the marks alone."""
        cut = self._cut(plan)
        if cut.has_blank:
            return self.docs(plan)
        return united([self._table(plan).docs(*gap) for gap in cut.gaps.values()])

    def places(self, plan: p.Phrase, among: Docs | None = None) -> Places:
        """Where the phrase stands across marks.

        Args:
            among: the documents that are asked about, if not all; of others some places may be left out.
        """
        cut = self._cut(plan)
        if not cut.is_bridged:
            return NO_PLACES
        key = (self._data.id, plan.is_long, *cut.pieces)
        kept = self._kept.get(key)
        if kept is not None:
            return kept
        if among is not None and not cut.has_blank and _FEWER * len(among) < self.estimate(plan):
            return self._string_together(plan, cut, among)
        return self._kept.put(key, self._find(plan))

    def _cut(self, plan: p.Phrase) -> Cut:
        tokens = plan.tokens
        key = (id(tokens), plan.is_long)
        known = self._cuts.get(key)
        if known is None:
            table = self._data.bridges["marks" if plan.is_long else "quotes"]
            if len(tokens) == 1:
                cut = table.cut_of_word(tokens[0].term)
            else:
                cut = table.cut_of(tuple([token.term for token in tokens]))
            known = self._cuts[key] = tokens, cut
        return known[1]

    def _table(self, plan: p.Phrase) -> BridgeTable:
        return self._data.bridges["marks" if plan.is_long else "quotes"]

    def _find(self, plan: p.Phrase) -> Places:
        cut = self._cut(plan)
        return self._read(plan, cut.pieces) if cut.has_blank else self._string_together(plan, cut)

    def _read(self, plan: p.Phrase, pieces: tuple[str, ...]) -> Places:
        """The places across marks by reading texts."""
        docs = self._words.common("text", set(pieces) - {" "})
        length = sum(map(len, pieces))
        starts, ends = [], []
        for begin in range(0, len(docs), _READ_AT_ONCE):
            some = docs[begin : begin + _READ_AT_ONCE]
            texts = self._data.texts(some)
            self._budget.charge(sum(map(len, texts)))
            for doc, text in zip(some.tolist(), texts, strict=True):
                for start, end in phrase_spans(marked_form(text), plan.tokens, is_long=plan.is_long):
                    if end - start > length:
                        starts.append(doc << POSITION_BITS | start)
                        ends.append(doc << POSITION_BITS | end)
        return Places(np.array(starts, dtype=np.int64), np.array(ends, dtype=np.int64))

    def _string_together(self, plan: p.Phrase, cut: Cut, among: Docs | None = None) -> Places:
        """The places across marks, of all documents or of some."""
        table, pieces = self._table(plan), cut.pieces
        self._budget.charge(self.estimate(plan))
        if len(pieces) == 2 and all(len(piece) == 1 and not piece.isascii() for piece in pieces):
            return _of_two(table, *cut.gaps[1], among) if all(map(self._is_term, pieces)) else NO_PLACES
        read = ((number, table.read(*gap, among)) for number, gap in cut.gaps.items())
        bridges = {number: of_gap for number, of_gap in read if len(of_gap.docs)}
        if not bridges:
            return NO_PLACES
        if kernel.postings is not None:
            return self._pass_over(pieces, bridges)
        return self._pass_over_plainly(pieces, bridges)

    def _pass_over(self, pieces: tuple[str, ...], bridges: Mapping[int, Bridges]) -> Places:
        """The places that pass over at least one of the bridges, by the compiled loop."""
        strings = []
        for begin, end in pairwise([0, *bridges, len(pieces)]):
            string = self._spell(pieces[begin:end])
            found = [(self._terms.find("text", token.term), token.start) for token in string.tokens]
            terms = [(place[0].compiled, place[1], start) for place, start in found if place is not None]
            if len(terms) < len(found):
                return NO_PLACES
            strings.append((string.length, terms))
        gaps = [(of.docs, of.places, of.lengths, of.latest, of.earliest) for of in bridges.values()]
        docs = united([of_gap.docs for of_gap in bridges.values()])
        assert kernel.postings is not None, "asked before"
        return Places(*kernel.postings.bridged_places(strings, gaps, docs))

    def _pass_over_plainly(self, pieces: tuple[str, ...], bridges: Mapping[int, Bridges]) -> Places:
        """The same with NumPy: gap by gap in paragraphs where only that one is bridged, then in the others."""
        if len(bridges) == 1:
            return self._follow(pieces, bridges)
        if len(bridges) > _FEW_GAPS:
            bridges = self._with_rarest(pieces, bridges)
        if not bridges:
            return NO_PLACES
        several = _repeated([distinct(of_gap.docs) for of_gap in bridges.values()])
        found = [self._follow(pieces, {n: of_gap.outside(several)}) for n, of_gap in bridges.items()]
        if len(several):
            found.append(self._follow(pieces, _inside(bridges, several)))
        found = [places for places in found if len(places.first)]
        if len(found) < 2:
            return found[0] if found else NO_PLACES
        first = np.concatenate([places.first for places in found])
        last = np.concatenate([places.last for places in found])
        order = first.argsort()
        return Places(first[order], last[order])

    def _with_rarest(self, pieces: tuple[str, ...], bridges: Mapping[int, Bridges]) -> Mapping[int, Bridges]:
        """The bridges in paragraphs that have the rarest pieces."""
        docs = united([of_gap.docs for of_gap in bridges.values()])
        for piece in sorted(set(pieces), key=self._terms.count)[:_RAREST]:
            docs = docs[self._terms.string_places(_string((piece,)), docs)[0]]
        return _inside(bridges, docs)

    def _follow(self, pieces: tuple[str, ...], bridges: Mapping[int, Bridges]) -> Places:
        """The places that pass over at least one of the bridges; all other gaps are closed."""
        docs = united([of_gap.docs for of_gap in bridges.values()])
        if not len(docs):
            return NO_PLACES
        strings = [self._spell(pieces[begin:end]) for begin, end in pairwise([0, *bridges, len(pieces)])]
        spots: dict[int, tuple[Docs, I64]] = {}
        for at in sorted(range(len(strings)), key=lambda at: self._frequency(strings[at])):
            self._budget.charge()
            if not len(docs):
                return NO_PLACES
            mask, found = self._terms.string_places(strings[at], docs)
            spots[at] = docs, found
            docs = docs[mask]
        places = []
        for at in range(len(strings)):
            of, found = spots[at]
            places.append(of.take(found >> POSITION_BITS) << POSITION_BITS | found & _PLACE_MASK)
        return _string_together(strings, places, list(bridges.values()))

    def _frequency(self, string: p.String) -> int:
        return min(self._terms.count(token.term) for token in string.tokens)

    def _spell(self, pieces: Sequence[str]) -> p.String:
        """Pieces side by side as a string, of the longest words that the segment has.

        Whatever word of the dictionary stands in a text is among its terms, so a term that is there at all is there
        wherever it stands.
        """
        self._budget.charge()
        words: list[str] = []
        at = 0
        while at < len(pieces):
            end = at + 1
            for longer in range(min(at + _LONGEST_WORD, len(pieces)), at + 1, -1):
                word = "".join(pieces[at:longer])
                if not word.isascii() and self._is_term(word):
                    end = longer
                    break
            words.append("".join(pieces[at:end]))
            at = end
        return _string(words)

    def _is_term(self, word: str) -> bool:
        known = self._is_known.get(word)
        if known is None:
            known = self._is_known[word] = self._terms.find("text", word) is not None
        return known


def _of_two(table: BridgeTable, begin: int, end: int, which: I64, among: Docs | None) -> Places:
    """Where two characters stand that these bridges are kept by: they hold all there is to know of them."""
    if kernel.postings is not None:
        columns = table.columns(begin, end)
        found = kernel.postings.places_of_two(*columns, which, among, length_shift=LENGTH_SHIFT)
        if found is not None:
            return Places(*found)
    bridges = table.read(begin, end, which, among)
    begins, ends = bridges.places - 1, bridges.places + bridges.lengths + 1
    base = bridges.docs << POSITION_BITS
    first, last = base | begins, base | ends
    kept = (begins <= bridges.latest) & (ends >= bridges.earliest)
    return Places(first, last) if kept.all() else Places(first[kept], last[kept])


def _string(words: Sequence[str]) -> p.String:
    """Words side by side."""
    starts = accumulate(map(len, words), initial=0)
    return p.String(tuple(Token(word, start, len(word)) for word, start in zip(words, starts, strict=False)))


def _repeated(found: Sequence[I64]) -> I64:
    """What is in more than one of some sorted lists without repetitions."""
    numbers = np.concatenate(found)
    numbers.sort(kind="stable")
    return distinct(numbers[1:][numbers[1:] == numbers[:-1]])


def _inside(bridges: Mapping[int, Bridges], docs: Docs) -> Mapping[int, Bridges]:
    """The bridges in some documents, by their gaps; gaps without any are left out."""
    left = {number: of_gap.inside(docs) for number, of_gap in bridges.items()}
    return {number: of_gap for number, of_gap in left.items() if len(of_gap.docs)}


def _string_together(strings: Sequence[p.String], places: Sequence[I64], gaps: Sequence[Bridges]) -> Places:
    """Places of strings that follow one another, at least once across marks.

    Args:
        places: where each string begins, documents in the upper bits, in order.
        gaps: the bridges from each string to the next.
    """
    begins, ends = places[0], places[0] + strings[0].length
    latest = np.full(len(begins), LAST_PLACE, dtype=np.int64)
    earliest = np.zeros(len(begins), dtype=np.int64)
    is_bridged = np.zeros(len(begins), dtype=bool)
    for string, there, gap in zip(strings[1:], places[1:], gaps, strict=True):
        at = find_in(ends, gap.docs << POSITION_BITS | gap.places)
        crosses = at >= 0
        ends = ends + np.where(crosses, gap.lengths.take(at), 0)
        latest = np.where(crosses, np.minimum(latest, gap.latest.take(at)), latest)
        earliest = np.where(crosses, np.maximum(earliest, gap.earliest.take(at)), earliest)
        is_bridged = is_bridged | crosses
        goes_on: Mask = membership(ends, there)
        begins, ends = begins[goes_on], ends[goes_on] + string.length
        latest, earliest, is_bridged = latest[goes_on], earliest[goes_on], is_bridged[goes_on]
    kept = is_bridged & (begins & _PLACE_MASK <= latest) & (ends & _PLACE_MASK >= earliest)
    return Places(begins[kept], ends[kept])
