"""What carries out the leaves of plans in one segment: terms, words, strings, phrases, conditions."""

from __future__ import annotations

from functools import cached_property
from operator import is_

from search.embedded import kernel
from search.embedded.combinations import Combinations
from search.embedded.conditions import Conditions
from search.embedded.cost import Estimates
from search.embedded.numpy_words import PlainWords
from search.embedded.phrase_matching import PhraseMatcher, strict
from search.embedded.places import KeptPlaces
from search.embedded.scoring import Scorer
from search.embedded.snapshot import Part
from search.embedded.string_matching import StringMatcher
from search.embedded.term_lookup import TermLookup
from search.embedded.text_places import TextPlaces
from search.embedded.words import CompiledWords, Words, is_word
from search.language import plan as p
from search.limits import Budget


class Leaves:
    """One for each kind of leaf, made anew for each query when it is first asked; they keep what they have decoded."""

    def __init__(
        self, part: Part, combinations: Combinations, scorer: Scorer, budget: Budget, kept: KeptPlaces
    ) -> None:
        self.part, self.scorer, self.budget = part, scorer, budget
        self._combinations, self._kept = combinations, kept
        self.size = part.data.doc_count
        self.terms = TermLookup(part.data)
        of_words = PlainWords if kernel.postings is None else CompiledWords
        self.words: Words = of_words(part.data, self.terms, scorer)
        self.phrases = PhraseMatcher(part.data, self.terms, self.words, budget, kept)

    @cached_property
    def strings(self) -> StringMatcher:
        return StringMatcher(self.part.data, self.terms, self.words, self.budget, self._kept)

    @cached_property
    def estimates(self) -> Estimates:
        return Estimates(self.terms, self.phrases, self.size)

    @cached_property
    def conditions(self) -> Conditions:
        return Conditions(self.part, self._combinations, self.terms)

    @cached_property
    def text(self) -> TextPlaces:
        return TextPlaces(self.terms, self.strings, self.phrases, self.estimates, self.budget)

    def plain(self, plan: p.Plan) -> p.Plan:
        """The plan with each phrase that marks cut nowhere in the segment as the word or string that it is then."""
        if type(plan) is p.Phrase:  # isinstance asks these classes' metaclass, at ten times the cost
            return plan if self.phrases.is_bridged(plan) else strict(plan)
        if type(plan) is p.Every or type(plan) is p.Either:
            if type(plan) is p.Either and is_word(plan):
                return plan
            parts = tuple(map(self.plain, plan.parts))
            is_same = all(map(is_, parts, plan.parts))
            return plan if is_same else type(plan)(parts)
        if type(plan) is p.Without:
            return p.Without(self.plain(plan.wanted), self.plain(plan.unwanted))
        if type(plan) is p.Favoured:
            wanted, bonus = self.plain(plan.wanted), self.plain(plan.bonus)
            is_same = wanted is plan.wanted and bonus is plan.bonus
            return plan if is_same else p.Favoured(wanted, bonus)
        if type(plan) is p.Tiered:
            return p.Tiered(self.plain(plan.first), self.plain(plan.second))
        return plan

    def live(self, plan: p.Plan) -> list[p.Plan]:
        """The parts of an alternative that can match anything here, the commonest first; of another plan itself."""
        if type(plan) is not p.Either:
            return [plan]
        return sorted(filter(self.estimates.of, plan.parts), key=self.estimates.of, reverse=True)
