"""Words matched with NumPy, where `search.embedded.kernel` were not built. Scores are added in the order in which
those do."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from search.embedded.matches import Matches, Scores, add_scores, narrow, no_matches, union
from search.embedded.postings_layout import WORD_BITS
from search.embedded.scoring import WordTerm
from search.embedded.term_lookup import I64, Docs, Mask
from search.embedded.words import Words
from search.language import plan as p

_Word = list[WordTerm]


class PlainWords(Words):
    """Words as NumPy matches them."""

    def match(
        self, words: Sequence[p.Plan], bonuses: Sequence[p.Plan] = (), *, counted: bool = False
    ) -> Matches:
        found = self._match(words)
        for bonus in filter(self.terms_of, bonuses):
            found = Matches(found.docs, add_scores(found.scores, *self.probe(bonus, found.docs)))
        return found

    def _match(self, words: Sequence[p.Plan]) -> Matches:
        first, *others = sorted((self.terms_of(word) for word in words), key=self._estimate)
        if not first:
            return no_matches()
        probes = [partial(self._probe_word, other) for other in others]
        if len(first) > 1:
            lists = [self._match_term(term) for term in first]
            return narrow(union(lists, self._data.doc_count), probes)[0]
        (term,) = first
        if not others:
            return self._match_term(term)
        docs = _common_bits(term, others)
        if docs is None:
            kept, at = narrow(Matches(self._terms.docs_of(*self._name(term)), None), probes)
        else:
            kept, _ = narrow(Matches(docs, None), probes)
            at = self._terms.lookup(*self._name(term), kept.docs)[1]
        more = self._score(term, kept.docs, at=at)
        return Matches(kept.docs, more if kept.scores is None else kept.scores + more)

    def probe(self, word: p.Plan, docs: Docs) -> tuple[Mask, Scores | None]:
        return self._probe_word(self.terms_of(word), docs)

    def common(self, field: str, terms: set[str]) -> Docs:
        rarest, *others = sorted(terms, key=partial(self._frequency_of, field))
        docs = self._terms.docs_of(field, rarest)
        for term in others:
            if not len(docs):
                break
            docs = docs[self._terms.lookup(field, term, docs)[0]]
        return docs

    def _estimate(self, word: _Word) -> int:
        """At most so many documents have a word."""
        return min(sum(term.frequency for term in word), self._data.doc_count)

    def _frequency_of(self, field: str, term: str) -> int:
        found = self._terms.find(field, term)
        return 0 if found is None else int(found[0].df[found[1]])

    def _name(self, term: WordTerm) -> tuple[str, str]:
        return term.field, term.postings.term(term.number).decode("utf-8", "surrogatepass")

    def _match_term(self, term: WordTerm) -> Matches:
        docs = self._terms.docs_of(*self._name(term))
        return Matches(docs, self._score(term, docs))

    def _probe_word(self, word: _Word, docs: Docs) -> tuple[Mask, Scores | None]:
        if len(word) == 1:
            return self._probe_term(word[0], docs)
        any_mask = np.zeros(len(docs), dtype=bool)
        sums = np.zeros(len(docs), dtype=np.float32)
        for term in word:
            mask, scores = self._probe_term(term, docs)
            any_mask |= mask
            sums[mask] += scores
        return any_mask, sums[any_mask]

    def _probe_term(self, term: WordTerm, docs: Docs) -> tuple[Mask, Scores]:
        name = self._name(term)
        coded = self._terms.codes_in(*name, docs)
        if coded is not None:
            mask, codes = coded
            return mask, self._score(term, docs[mask], codes=codes)
        mask, places = self._terms.lookup(*name, docs)
        return mask, self._score(term, docs if len(places) == len(docs) else docs[mask], at=places)

    def _score(
        self,
        term: WordTerm,
        docs: Docs,
        *,
        at: I64 | None = None,
        codes: NDArray[np.uint8] | None = None,
    ) -> Scores:
        lengths = self._data.lengths[term.field]
        found = (term.field, term.postings, term.number)
        return self._scorer.score(*found, docs, lengths, term.factor, at=at, codes=codes)


def _common_bits(first: WordTerm, others: Sequence[_Word]) -> Docs | None:
    """Documents that have all terms that are kept as bitmaps, the first among them; None for fewer than two."""
    bitmaps = []
    for term in (first, *(other[0] for other in others if len(other) == 1)):
        bitmap = term.postings.words(term.number)
        if bitmap is not None:
            bitmaps.append(bitmap)
        elif term is first:
            return None
    if len(bitmaps) < 2:
        return None
    start = max(at for at, _ in bitmaps)
    end = min(at + len(words) for at, words in bitmaps)
    if start >= end:
        return np.zeros(0, dtype=np.int64)
    common = np.bitwise_and.reduce([words[start - at : end - at] for at, words in bitmaps])
    flags = np.unpackbits(common.view(np.uint8), bitorder="little").view(bool)
    return np.flatnonzero(flags) + (start << WORD_BITS)
