"""Words in one segment: any of a word's terms has to stand in a paragraph, and the scores of those that do add up.

A word is a term, or the same term in a text, its headings and its title. `CompiledWords` asks `search.embedded.kernel`;
`search.embedded.numpy_words` does the same with NumPy.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np

from search.embedded import kernel
from search.embedded.matches import Matches, Scores
from search.embedded.scoring import Scorer, WordTerm
from search.embedded.segment import SegmentData
from search.embedded.snapshot import Snapshot
from search.embedded.term_lookup import Docs, Mask, TermLookup, encode
from search.language import plan as p
from search.language.plan.once import once

KernelWord = list[tuple[Any, int, Any, float]]
"""A word as the kernels take it: of each term the postings, its number there, what scores are made of, its factor."""


class Words(ABC):
    """Matches words in one segment."""

    def __init__(self, data: SegmentData, terms: TermLookup, scorer: Scorer) -> None:
        self._data, self._terms, self._scorer = data, terms, scorer
        self._of_text: dict[str, WordTerm | None] = {}
        """Terms that strings of the text had so far."""

    @abstractmethod
    def match(
        self, words: Sequence[p.Plan], bonuses: Sequence[p.Plan] = (), *, counted: bool = False
    ) -> Matches:
        """The documents that have all words.

        The rarest word's scores are added last where it is one term, first where it is several; then those of words
        that are a bonus.

        Args:
            counted: whether it may be said how often several words stand there.
        """

    @abstractmethod
    def probe(self, word: p.Plan, docs: Docs) -> tuple[Mask, Scores | None]:
        """Which of `docs` have a word, and the scores of those that do."""

    @abstractmethod
    def common(self, field: str, terms: set[str]) -> Docs:
        """The documents that have every one of the terms, in any order."""

    def holds(self, term: p.Term) -> bool:
        """Whether any document has a term."""
        return self._scorer.term(self._data, term.field, term.text) is not None

    def terms_of(self, word: p.Plan) -> list[WordTerm]:
        """The terms of a word that the segment has, the commonest first."""
        known = self._scorer.term
        parts = word.parts if type(word) is p.Either else (word,)
        found = []
        for part in parts:
            assert type(part) is p.Term, "is_word"
            term = known(self._data, part.field, part.text)
            if term is not None:
                found.append(term if part.boost == 1.0 else term.boosted(part.boost))
        if len(found) > 1:
            found.sort(key=_frequency, reverse=True)
        return found

    def of_string(self, plan: p.String) -> list[tuple[Any, int, Any, float, int]] | None:
        """A string's terms as the kernel takes them, each with where it begins; None if the segment lacks one."""
        first = plan.tokens[0].start
        found = []
        for token in plan.tokens:
            if token.term not in self._of_text:
                self._of_text[token.term] = self._scorer.term(self._data, "text", token.term)
            term = self._of_text[token.term]
            if term is None:
                return None
            factor = plan.boost * term.factor
            found.append((term.postings.compiled, term.number, term.scoring, factor, token.start - first))
        return found


def _frequency(term: WordTerm) -> int:
    return term.frequency


class CompiledWords(Words):
    """Words as the kernels match them."""

    def match(
        self, words: Sequence[p.Plan], bonuses: Sequence[p.Plan] = (), *, counted: bool = False
    ) -> Matches:
        assert kernel.postings is not None, "chosen by the matcher"
        given = self._given
        more = list(filter(None, map(given, bonuses))) if bonuses else []
        match = kernel.postings.match_and_count if counted else kernel.postings.match_words
        return Matches(*match(list(map(given, words)), more))

    def probe(self, word: p.Plan, docs: Docs) -> tuple[Mask, Scores | None]:
        assert kernel.postings is not None, "chosen by the matcher"
        mask, scores = kernel.postings.probe_word(self._given(word), docs)
        return mask, scores

    def common(self, field: str, terms: set[str]) -> Docs:
        assert kernel.postings is not None, "chosen by the matcher"
        places = [self._terms.find(field, term) for term in terms]
        words = [[(place[0].compiled, place[1], None, 0.0)] for place in places if place is not None]
        if len(words) < len(places):
            return np.zeros(0, dtype=np.int64)
        docs: Docs = kernel.postings.match_words(words, scored=False)[0]
        return docs

    def _given(self, word: p.Plan) -> KernelWord:
        known, data = self._scorer.term, self._data
        if type(word) is p.Term:
            term = known(data, word.field, word.text)
            if term is None:
                return []
            return [(term.postings.compiled, term.number, term.scoring, word.boost * term.factor)]
        given = []
        for _, _, postings, number, factor, scoring, _ in self.terms_of(word):
            given.append((postings.compiled, number, scoring, factor))
        return given


def is_word(plan: p.Plan) -> bool:
    """Whether a plan is a word."""
    if type(plan) is not p.Either:
        return type(plan) is p.Term
    for part in plan.parts:  # noqa: SIM110 -- asked of every part of every plan; a generator takes twice as long
        if type(part) is not p.Term:
            return False
    return True


def least_matches(snapshot: Snapshot, plan: p.Plan) -> int:
    """At least so many paragraphs match a word; 0 where that isn't known: it is no word, or some are deleted."""
    plan = without_bonus(plan)
    if type(plan) is p.Phrase and len(plan.tokens) == 1:
        plan = p.Term("text", plan.tokens[0].term)
    if not is_word(plan) or not snapshot.is_all_live:
        return 0
    least = 0
    for part in plan.parts if type(plan) is p.Either else (plan,):
        assert type(part) is p.Term, "is_word"
        least = max(least, snapshot.document_frequency(part.field, encode(part.text)))
    return least


def is_without_bonus(plan: p.Plan) -> bool:
    """Whether `without_bonus` would give the plan back."""
    if type(plan) is p.Every:
        return all(map(is_without_bonus, plan.parts))
    if type(plan) is p.Without:
        return is_without_bonus(plan.wanted) and is_without_bonus(plan.unwanted)
    return type(plan) is not p.Favoured


@once
def without_bonus(plan: p.Plan) -> p.Plan:
    """A plan that matches the same paragraphs, scored without what is only a bonus: to count them."""
    if type(plan) is p.Favoured:
        return without_bonus(plan.wanted)
    if type(plan) is p.Every and not is_without_bonus(plan):
        plain = map(without_bonus, plan.parts)
        return p.every(
            [each for part in plain for each in (part.parts if type(part) is p.Every else (part,))]
        )
    if type(plan) is p.Without:
        return p.Without(without_bonus(plan.wanted), without_bonus(plan.unwanted))
    return plan
