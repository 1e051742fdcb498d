"""Upper bounds of what a plan matches, from document frequencies alone: conjunctions begin with their rarest part."""

from __future__ import annotations

from search.embedded.term_lookup import TermLookup
from search.language import plan as p


def estimate(plan: p.Plan, terms: TermLookup, size: int) -> int:
    """An upper bound of the documents that match in a segment of `size` documents."""
    if isinstance(plan, p.Term):
        found = terms.find(plan.field, plan.text)
        return 0 if found is None else int(found[0].df[found[1]])
    if isinstance(plan, (p.String, p.Above)):
        field = plan.field if isinstance(plan, p.Above) else "text"
        return min(estimate(p.Term(field, token.term), terms, size) for token in plan.tokens)
    if isinstance(plan, p.Within):
        return min(estimate(part, terms, size) for part in plan.strings)
    if isinstance(plan, p.Every):
        return min(estimate(part, terms, size) for part in plan.parts)
    if isinstance(plan, p.Either):
        return min(sum(estimate(part, terms, size) for part in plan.parts), size)
    if isinstance(plan, (p.Without, p.Favoured)):
        return estimate(plan.wanted, terms, size)
    return 0 if isinstance(plan, p.Nothing) else size
