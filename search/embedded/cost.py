"""Upper bounds of what a plan matches, from document frequencies alone: conjunctions begin with their rarest part."""

from __future__ import annotations

from collections.abc import Callable

from search.embedded.phrase_matching import PhraseMatcher, strict
from search.embedded.string_matching import above_terms
from search.embedded.term_lookup import TermLookup
from search.language import plan as p


def estimate(plan: p.Plan, terms: TermLookup, phrases: PhraseMatcher, size: int) -> int:
    """An upper bound of the documents that match in a segment of `size` documents."""

    def of(part: p.Plan) -> int:
        return estimate(part, terms, phrases, size)

    if isinstance(plan, p.Term):
        found = terms.find(plan.field, plan.text)
        return 0 if found is None else int(found[0].df[found[1]])
    if isinstance(plan, p.String):
        return min(of(p.Term("text", token.term)) for token in plan.tokens)
    if isinstance(plan, p.Above):
        return min((of(p.Term(plan.field, term)) for term in above_terms(plan)), default=size)
    if isinstance(plan, p.SameSentence):
        return min((_word(word, of) for word in plan.words), default=size)
    if isinstance(plan, p.Phrase):
        return min(of(strict(plan)) + phrases.estimate(plan), size)
    if isinstance(plan, p.Tiered):
        return min(of(plan.first) + of(plan.second), size)
    if isinstance(plan, (p.Within, p.Every)):
        return min(map(of, plan.strings if isinstance(plan, p.Within) else plan.parts))
    if isinstance(plan, p.Either):
        return min(sum(map(of, plan.parts)), size)
    if isinstance(plan, (p.Without, p.Favoured)):
        return of(plan.wanted)
    return 0 if isinstance(plan, p.Nothing) else size


def _word(word: p.Word, of: Callable[[p.Plan], int]) -> int:
    return sum(of(p.String(string)) for string in word.strings) + sum(map(of, word.above))
