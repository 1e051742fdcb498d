"""What carries out the leaves of plans in one segment: terms, words, strings, phrases, conditions."""

from __future__ import annotations

from dataclasses import dataclass, field
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


@dataclass(slots=True)
class Leaves:
    """One for each kind of leaf, made anew for each query; they keep what they have decoded."""

    part: Part
    combinations: Combinations
    scorer: Scorer
    budget: Budget
    kept: KeptPlaces
    size: int = field(init=False)
    terms: TermLookup = field(init=False)
    words: Words = field(init=False)
    strings: StringMatcher = field(init=False)
    phrases: PhraseMatcher = field(init=False)
    estimates: Estimates = field(init=False)
    conditions: Conditions = field(init=False)
    text: TextPlaces = field(init=False)

    def __post_init__(self) -> None:
        data, budget = self.part.data, self.budget
        self.size = data.doc_count
        self.terms = TermLookup(data)
        of_words = PlainWords if kernel.postings is None else CompiledWords
        self.words = of_words(data, self.terms, self.scorer)
        self.strings = StringMatcher(data, self.terms, self.words, budget, self.kept)
        self.phrases = PhraseMatcher(data, self.terms, self.words, budget, self.kept)
        self.estimates = Estimates(self.terms, self.phrases, self.size)
        self.conditions = Conditions(self.part, self.combinations, self.terms)
        self.text = TextPlaces(self.terms, self.strings, self.phrases, self.estimates, budget)

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
