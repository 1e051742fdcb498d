"""Upper bounds of what a plan matches, from document frequencies alone: conjunctions begin with their rarest part."""

from __future__ import annotations

from search.embedded.term_lookup import TermLookup
from search.language import plan as p


def estimate(plan: p.Plan, terms: TermLookup, size: int) -> int:
    """An upper bound of the documents that match in a segment of `size` documents."""

    def of(part: p.Plan) -> int:
        return estimate(part, terms, size)

    if isinstance(plan, p.Term):
        found = terms.find(plan.field, plan.text)
        return 0 if found is None else int(found[0].df[found[1]])
    if isinstance(plan, (p.String, p.Above)):
        field = plan.field if isinstance(plan, p.Above) else "text"
        return min(of(p.Term(field, token.term)) for token in plan.tokens)
    if isinstance(plan, (p.Within, p.Every)):
        return min(map(of, plan.strings if isinstance(plan, p.Within) else plan.parts))
    if isinstance(plan, p.Either):
        return min(sum(map(of, plan.parts)), size)
    if isinstance(plan, (p.Without, p.Favoured)):
        return of(plan.wanted)
    return 0 if isinstance(plan, p.Nothing) else size
