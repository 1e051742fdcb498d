"""Matches phrases across marks in one segment.

phrase -> pieces -> gaps that marks bridge somewhere -> strict strings between those gaps -> strung together -> places

Most phrases are bridged nowhere, or in few paragraphs: where marks don't come in, a phrase is the string or word that
its tokens make, and is found as such. What stands here is found beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from search.embedded.bridges import LAST_PLACE, Bridges, gap_keys
from search.embedded.places import NO_PLACES, KeptPlaces, Places, distinct
from search.embedded.segment import SegmentData
from search.embedded.term_lookup import POSITION_BITS, Docs, Mask, TermLookup, membership
from search.embedded.words import Words
from search.language import plan as p
from search.language.text import Token
from search.language.text.phrases import marked_form, phrase_spans, pieces_of
from search.limits import Budget

I64 = NDArray[np.int64]

_READ_AT_ONCE = 500
"""Texts that are held at the same time."""
_PLACE_MASK = (1 << POSITION_BITS) - 1


@dataclass(frozen=True, slots=True)
class _Bridged:
    """A phrase that marks cut in some paragraph of the segment.

    Args:
        strings: what stands between the gaps that are bridged somewhere.
        gaps: of each such gap where its bridges are in the table.
        has_blank: a piece of the phrase is a blank, which may stand among marks: it is looked for in the texts.
    """

    strings: tuple[p.String, ...]
    gaps: tuple[tuple[int, int], ...]
    has_blank: bool

    @property
    def estimate(self) -> int:
        """At most so many paragraphs have the phrase across marks."""
        return sum(end - begin for begin, end in self.gaps)


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
        self._known: dict[tuple[tuple[Token, ...], bool], _Bridged | None] = {}

    def is_bridged(self, plan: p.Phrase) -> bool:
        """Whether the phrase may stand across marks anywhere in the segment."""
        return self._bridged(plan) is not None

    def estimate(self, plan: p.Phrase) -> int:
        """At most so many paragraphs have the phrase across marks."""
        bridged = self._bridged(plan)
        return 0 if bridged is None else bridged.estimate

    def places(self, plan: p.Phrase) -> Places:
        """Where the phrase stands across marks."""
        key = (self._data.id, p.Phrase(plan.tokens, is_long=plan.is_long))
        kept = self._kept.get(key)
        return self._kept.put(key, self._find(plan)) if kept is None else kept

    def _bridged(self, plan: p.Phrase) -> _Bridged | None:
        key = (plan.tokens, plan.is_long)
        if key not in self._known:
            self._known[key] = self._look_up(plan)
        return self._known[key]

    def _look_up(self, plan: p.Phrase) -> _Bridged | None:
        pieces = pieces_of(tuple(token.term for token in plan.tokens))
        if " " in pieces:
            return _Bridged((), ((0, self._data.doc_count),), has_blank=True)
        table = self._data.bridges["marks" if plan.is_long else "quotes"]
        found = table.find(gap_keys(pieces))
        gaps = [number for number, (begin, end) in enumerate(found, 1) if begin < end]
        if not gaps:
            return None
        strings = _strings_between(plan.tokens, pieces, gaps)
        return _Bridged(strings, tuple(found[number - 1] for number in gaps), has_blank=False)

    def _find(self, plan: p.Phrase) -> Places:
        bridged = self._bridged(plan)
        if bridged is None:
            return NO_PLACES
        return self._read(plan) if bridged.has_blank else self._string_together(plan, bridged)

    def _read(self, plan: p.Phrase) -> Places:
        """The places across marks by reading texts."""
        pieces = pieces_of(tuple(token.term for token in plan.tokens))
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

    def _string_together(self, plan: p.Phrase, bridged: _Bridged) -> Places:
        table = self._data.bridges["marks" if plan.is_long else "quotes"]
        gaps = []
        for begin, end in bridged.gaps:
            self._budget.charge(end - begin)
            gaps.append(table.read(begin, end))
        docs = np.concatenate([gap.docs for gap in gaps])
        docs.sort()
        docs = distinct(docs)
        order = sorted(range(len(bridged.strings)), key=lambda at: self._frequency(bridged.strings[at]))
        found: dict[int, tuple[Docs, I64]] = {}
        for at in order:
            mask, spots = self._terms.string_places(bridged.strings[at], docs)
            found[at] = docs, spots
            docs = docs[mask]
            if not len(docs):
                return NO_PLACES
        places = []
        for at in range(len(order)):
            of, spots = found[at]
            places.append(of.take(spots >> POSITION_BITS) << POSITION_BITS | spots & _PLACE_MASK)
        return _string_together(bridged.strings, places, gaps)

    def _frequency(self, string: p.String) -> int:
        return min(self._terms.count(token.term) for token in string.tokens)


def _strings_between(
    tokens: Sequence[Token], pieces: Sequence[str], gaps: Sequence[int]
) -> tuple[p.String, ...]:
    """What stands between gaps, each as a string: of the tokens that no gap cuts, and of pieces."""
    borders = np.cumsum([0, *map(len, pieces)])
    cuts = [int(borders[number]) for number in (0, *gaps, len(pieces))]
    whole = {token.start - tokens[0].start: token for token in tokens}
    strings = []
    for begin, end in pairwise(cuts):
        parts: list[Token] = []
        at = begin
        while at < end:
            token = whole.get(at)
            if token is None or at + token.length > end:
                piece = pieces[int(np.searchsorted(borders, at))]
                token = Token(piece, at, len(piece))
            parts.append(Token(token.term, at, token.length))
            at += token.length
        strings.append(p.String(tuple(parts)))
    return tuple(strings)


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
        from_ = gap.docs << POSITION_BITS | gap.places
        at = np.minimum(from_.searchsorted(ends), len(from_) - 1)
        crosses = from_.take(at) == ends
        ends = ends + np.where(crosses, gap.lengths.take(at), 0)
        latest = np.where(crosses, np.minimum(latest, gap.latest.take(at)), latest)
        earliest = np.where(crosses, np.maximum(earliest, gap.earliest.take(at)), earliest)
        is_bridged = is_bridged | crosses
        goes_on: Mask = membership(ends, there)
        begins, ends = begins[goes_on], ends[goes_on] + string.length
        latest, earliest, is_bridged = latest[goes_on], earliest[goes_on], is_bridged[goes_on]
    kept = is_bridged & (begins & _PLACE_MASK <= latest) & (ends & _PLACE_MASK >= earliest)
    return Places(begins[kept], ends[kept])
