"""Where the words, strings and phrases of a plan stand in the texts of one segment."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search.embedded.cost import Estimates
from search.embedded.matches import Matches
from search.embedded.phrase_matching import PhraseMatcher, strict
from search.embedded.sorted_numbers import membership
from search.embedded.string_matching import StringMatcher
from search.embedded.term_lookup import Docs, TermLookup
from search.language import plan as p
from search.limits import Budget

I64 = NDArray[np.int64]


class TextPlaces:
    """Places in given documents: what is counted, listed and marked.

    A place is (number among the documents) << POSITION_BITS | position, as `TermLookup.string_places` gives it.
    """

    def __init__(
        self,
        terms: TermLookup,
        strings: StringMatcher,
        phrases: PhraseMatcher,
        estimates: Estimates,
        budget: Budget,
    ) -> None:
        self._terms, self._strings, self._phrases = terms, strings, phrases
        self._estimates, self._budget = estimates, budget

    def of(self, plan: p.Term | p.String, docs: Docs) -> I64:
        """Where a word or string of the text stands in `docs`, in order."""
        self._budget.charge(len(docs))
        kept = self._strings.kept(plan) if isinstance(plan, p.String) else None
        return self._terms.places(plan, docs) if kept is None else kept.within(docs)[0]

    def docs_with(self, plan: p.Term | p.String) -> Docs:
        """The documents of the segment that have a word or string in the text, ascending."""
        if isinstance(plan, p.Term):
            return self._terms.docs_of("text", plan.text)
        return self._strings.docs(plan)

    def number_with(self, plan: p.String) -> int:
        """How many documents of the segment have a string in the text."""
        return self._strings.number(plan)

    def match_once(self, plan: p.String) -> Matches:
        """All documents of the segment that have a string in the text, scored; nothing is kept for another time."""
        return self._strings.match_once(plan)

    def of_word(self, term: str, docs: Docs) -> I64:
        """Where a term is a word of the precise cut of `docs`; as `of`."""
        self._budget.charge(len(docs))
        return self._terms.aligned_places(term, docs)

    def of_phrase(self, plan: p.Phrase, docs: Docs) -> tuple[I64, I64]:
        """Where a phrase of the text begins and ends in `docs`, across marks or not; as `of`."""
        first = self.of(strict(plan), docs)
        last = first + sum(token.length for token in plan.tokens)
        if not self._phrases.is_bridged(plan):
            return first, last
        more, more_last = self._phrases.places(plan, docs).within(docs)
        at = first.searchsorted(more)
        return np.insert(first, at, more), np.insert(last, at, more_last)

    def count(self, plan: p.Term | p.String | p.Phrase, docs: Docs, *, all_have: bool = False) -> int:
        """How often a word, string or phrase of the text stands in `docs`.

        Args:
            all_have: it is known to stand in each of them.
        """
        if type(plan) is p.Phrase:  # isinstance asks these classes' metaclass, at ten times the cost
            if not self._phrases.is_bridged(plan):
                return self.count(strict(plan), docs, all_have=all_have)
            return self.count(strict(plan), docs) + self._phrases.places(plan, docs).count_within(docs)
        if type(plan) is p.String:
            kept = self._strings.kept(plan)
            return len(self.of(plan, docs)) if kept is None else kept.count_within(docs)
        assert type(plan) is p.Term, "no more kinds"
        if all_have and len(docs) == self._estimates.of(plan):
            return self._terms.count(plan.text)
        self._budget.charge(len(docs))
        return self._terms.count_in(plan.text, docs)

    def count_everywhere(self, plan: p.Term | p.String | p.Phrase) -> int:
        """How often a word, string or phrase of the text stands in the segment, in what is deleted too."""
        if isinstance(plan, p.Phrase):
            return self.count_everywhere(strict(plan)) + len(self._phrases.places(plan).first)
        return self._terms.count(plan.text) if isinstance(plan, p.Term) else self._strings.count(plan)

    def of_prefix(self, plan: p.Starting, docs: Docs) -> tuple[I64, I64]:
        """Where words of the text that begin with a prefix begin and end, in order; as `of`.

        What stands before the word belongs to it.
        """
        self._budget.charge(len(docs))
        first, lengths = self._terms.starting_places(plan.prefix, docs)
        order = np.argsort(first)
        first, lengths = first[order], lengths[order]
        if not plan.before:
            return first, first + lengths
        before = p.String(plan.before)
        last, first = first + lengths, first - before.length
        stands = membership(first, self._terms.string_places(before, docs)[1])
        return first[stands], last[stands]
