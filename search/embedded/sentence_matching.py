"""Matches words within one sentence in one segment.

words -> places of each -> sentences of each, numbered by the sentence ends before -> paragraphs with one that has all
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.embedded import kernel
from search.embedded.matches import Matches, Scores, union
from search.embedded.term_lookup import POSITION_BITS, Docs, Mask, TermLookup
from search.embedded.words import Words
from search.language import plan as p
from search.language.text import Token
from search.language.text.phrases import SENTENCE_ENDS, is_ideograph

I64 = NDArray[np.int64]

_ENDS = tuple(Token(end, 0, 1) for end in sorted(SENTENCE_ENDS))
_SENTENCE_BITS = 32
"""Below the number of a document stands that of its sentence, counted on from document to document."""


class SentenceMatcher:
    """Which of some documents have all of some words within one sentence.

    Args:
        match, probe: carry out what stands above a document's text.
        estimate: at most so many documents match that.
    """

    def __init__(
        self,
        terms: TermLookup,
        words: Words,
        match: Callable[[p.Plan], Matches],
        probe: Callable[[p.Plan, Docs], tuple[Mask, Scores | None]],
        estimate: Callable[[p.Plan], int],
    ) -> None:
        self._terms, self._words, self._match, self._probe = terms, words, match, probe
        self._estimate = estimate

    def docs_with(self, word: p.Word, size: int) -> Docs:
        """The documents that have a word, or above which it stands; and some more.

        Args:
            size: how many documents the segment has.
        """
        found = [
            Matches(self._words.common("text", {token.term for token in string}), None)
            for string in word.strings
        ]
        return union([*found, *(Matches(self._match(part).docs, None) for part in word.above)], size).docs

    def probe(self, plan: p.SameSentence, docs: Docs) -> Mask:
        """Which of `docs` have a sentence with all words, but for those that stand above."""
        if kernel.postings is not None:
            return self._probe_compiled(plan, docs)
        left = np.arange(len(docs))
        above: list[Mask] = []
        places: list[I64] = []
        for word in plan.words:
            of_left = docs.take(left)
            is_above = self._is_above(word, of_left)
            spots = self._places(word, of_left)
            has = is_above.copy()
            has[spots >> POSITION_BITS] = True
            if not has.all():
                kept = np.flatnonzero(has)
                above = [mask.take(kept) for mask in above]
                places = [_renumbered(of_word, kept, len(left)) for of_word in places]
                is_above, spots = is_above.take(kept), _renumbered(spots, kept, len(left))
                left = left.take(kept)
            above.append(is_above)
            places.append(spots)
        if not plan.in_paragraph and len(left):
            left = left[self._share_sentence(docs.take(left), above, places)]
        mask = np.zeros(len(docs), dtype=bool)
        mask[left] = True
        return mask

    def _probe_compiled(self, plan: p.SameSentence, docs: Docs) -> Mask:
        """The same by the compiled loop."""
        words = []
        for word in plan.words:
            above = [part for part in word.above if self._estimate(part)]
            is_above = None if not above else self._is_above(word, docs).view(np.uint8)
            found = [(self._look_up(string), _is_character(string)) for string in word.strings]
            words.append(([each for each in found if each[0]], is_above))
        ends = [(terms[0][0], terms[0][1]) for end in _ENDS if (terms := self._look_up((end,)))]
        assert kernel.postings is not None, "asked by its caller"
        mask: Mask = kernel.postings.same_sentence(words, ends, docs, in_paragraph=plan.in_paragraph)
        return mask

    def _look_up(self, string: tuple[Token, ...]) -> list[tuple[Any, int, int]]:
        """A string's terms side by side, as the compiled loop takes them; none if the segment lacks one."""
        found, offset = [], 0
        for token in string:
            place = self._terms.find("text", token.term)
            if place is None:
                return []
            found.append((place[0].compiled, place[1], offset))
            offset += token.length
        return found

    def _is_above(self, word: p.Word, docs: Docs) -> Mask:
        found = np.zeros(len(docs), dtype=bool)
        for part in filter(self._estimate, word.above):
            found |= self._probe(part, docs)[0]
        return found

    def _places(self, word: p.Word, docs: Docs) -> I64:
        """Where a word stands in `docs`, as `TermLookup.string_places` gives it."""
        found = [self._string(string, docs) for string in word.strings]
        return found[0] if len(found) == 1 else np.unique(np.concatenate(found))

    def _string(self, string: tuple[Token, ...], docs: Docs) -> I64:
        if len(string) > 1:
            return self._terms.string_places(_side_by_side(string), docs)[1]
        term = string[0].term
        if _is_character(string):
            return self._terms.aligned_places(term, docs)
        return self._terms.places(p.Term("text", term), docs)

    def _share_sentence(self, docs: Docs, above: list[Mask], places: list[I64]) -> Mask:
        """Which of `docs` have a sentence in which all words stand that don't stand above."""
        ends = self._sentence_ends(docs)
        sentences = []
        wanted = np.zeros(len(docs), dtype=np.int64)
        for is_above, spots in zip(above, places, strict=True):
            in_text = ~is_above
            wanted += in_text
            numbers = spots >> POSITION_BITS
            counted = in_text.take(numbers)
            numbers, spots = numbers[counted], spots[counted]
            of_word = numbers << _SENTENCE_BITS | ends.searchsorted(spots)
            sentences.append(of_word[np.flatnonzero(np.diff(of_word, prepend=-1))])
        found, counts = np.unique(np.concatenate(sentences), return_counts=True)
        numbers = found >> _SENTENCE_BITS
        shared: Mask = wanted == 0
        shared[numbers[counts == wanted.take(numbers)]] = True
        return shared

    def _sentence_ends(self, docs: Docs) -> I64:
        found = [self._terms.places(p.Term("text", end.term), docs) for end in _ENDS]
        ends: I64 = np.concatenate(found)
        ends.sort()
        return ends


def _is_character(string: tuple[Token, ...]) -> bool:
    """Whether a string is one character, which has to be a word of the precise cut."""
    return len(string) == 1 and is_ideograph(string[0].term)


def _side_by_side(tokens: tuple[Token, ...]) -> p.String:
    """Tokens as a string, whatever stood between them in the query."""
    starts = accumulate((token.length for token in tokens), initial=0)
    return p.String(
        tuple(Token(token.term, start, token.length) for token, start in zip(tokens, starts, strict=False))
    )


def _renumbered(spots: I64, kept: I64, size: int) -> I64:
    """The places in documents that are `kept`, by their new numbers; there were `size`."""
    numbers = spots >> POSITION_BITS
    new = np.full(size, -1, dtype=np.int64)
    new[kept] = np.arange(len(kept))
    moved = new.take(numbers)
    inside = moved >= 0
    return spots[inside] + ((moved[inside] - numbers[inside]) << POSITION_BITS)
