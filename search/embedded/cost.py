"""Upper bounds of what a plan matches, from document frequencies alone: conjunctions begin with their rarest part."""

from __future__ import annotations

from collections.abc import Iterable

from search.embedded.phrase_matching import PhraseMatcher
from search.embedded.string_matching import above_terms
from search.embedded.term_lookup import TermLookup
from search.language import plan as p


class Estimates:
    """Upper bounds of the documents that match in a segment of `size` documents; each plan's is worked out once."""

    def __init__(self, terms: TermLookup, phrases: PhraseMatcher, size: int) -> None:
        self._terms, self._phrases, self._size = terms, phrases, size
        self._known: dict[int, tuple[p.Plan, int]] = {}
        """By the identity of plans, whose hash would cost more than it saves."""
        self._of_terms: dict[tuple[str, str], int] = {}

    def of(self, plan: p.Plan) -> int:
        """At most so many documents match a plan."""
        if type(plan) is p.Term:  # isinstance asks these classes' metaclass, at ten times the cost
            return self._of_term(plan.field, plan.text)
        known = self._known.get(id(plan))
        if known is None:
            known = self._known[id(plan)] = plan, self._estimate(plan)
        return known[1]

    def of_word(self, word: p.Word) -> int:
        """At most so many documents have a word of a sentence, or have it above."""
        total = 0
        for string in word.strings:
            total += self._rarest("text", [token.term for token in string])
        for part in word.above:
            total += self.of(part)
        return total

    def in_turn(self, parts: Iterable[p.Plan]) -> list[p.Plan]:
        """Parts of a conjunction in the order in which they are asked: the rarest first, sentences behind all."""
        return sorted(parts, key=lambda part: (type(part) is p.SameSentence, self.of(part)))

    def _estimate(self, plan: p.Plan) -> int:
        if type(plan) is p.String:
            return self._rarest("text", [token.term for token in plan.tokens])
        if type(plan) is p.Starting:
            return self._rarest(plan.field, [token.term for token in plan.before])
        if type(plan) is p.Above:
            return self._rarest(plan.field, above_terms(plan))
        if type(plan) is p.SameSentence:
            return min(map(self.of_word, plan.words), default=self._size)
        if type(plan) is p.Phrase:
            strict = self._rarest("text", [token.term for token in plan.tokens])
            return min(strict + self._phrases.estimate(plan), self._size)
        if type(plan) is p.Tiered:
            return min(self.of(plan.first) + self.of(plan.second), self._size)
        if type(plan) is p.Every:
            return min(map(self.of, plan.parts))
        if type(plan) is p.Within:
            return min(map(self.of, plan.strings))
        if type(plan) is p.Either:
            return min(sum(map(self.of, plan.parts)), self._size)
        if type(plan) is p.Without or type(plan) is p.Favoured:
            return self.of(plan.wanted)
        return 0 if type(plan) is p.Nothing else self._size

    def _rarest(self, field: str, terms: Iterable[str]) -> int:
        """The least document frequency of some terms."""
        least = self._size
        for term in terms:
            least = min(least, self._of_term(field, term))
            if not least:
                break
        return least

    def _of_term(self, field: str, term: str) -> int:
        known = self._of_terms.get((field, term))
        if known is None:
            place = self._terms.find(field, term)
            known = 0 if place is None else min(int(place[0].df[place[1]]), self._size)
            self._of_terms[field, term] = known
        return known
