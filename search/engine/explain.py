"""A plan as a person can read it: what is looked up, in how many paragraphs it stands, and at what worth."""

from __future__ import annotations

from collections.abc import Iterator

from search.engine.base import Engine
from search.model import Query
from search.query import plan as p


def explain_plan(engine: Engine, query: Query) -> str:
    """The plan of `query` as an indented tree, each node with the most paragraphs it can match."""
    return "\n".join(_lines(engine, engine.plan(query), 0))


def _lines(engine: Engine, plan: p.Plan, depth: int) -> Iterator[str]:
    yield f"{'  ' * depth}{_name(plan)}  ≤ {engine.estimate(plan):,}"
    for child in _children(plan):
        yield from _lines(engine, child, depth + 1)


def _children(plan: p.Plan) -> tuple[p.Plan, ...]:
    if isinstance(plan, (p.Every, p.Either)):
        return plan.parts
    if isinstance(plan, p.Within):
        return plan.strings
    if isinstance(plan, p.Without):
        return (plan.wanted, plan.unwanted)
    if isinstance(plan, p.Favoured):
        return (plan.wanted, plan.bonus)
    return ()


def _name(plan: p.Plan) -> str:
    if isinstance(plan, p.Term):
        return f"term {plan.field}:{plan.text} ×{plan.boost:g}"
    if isinstance(plan, p.String):
        words = " ".join(f"{token.term}@{token.start}" for token in plan.tokens)
        return f"string {words} ×{plan.boost:g}"
    if isinstance(plan, p.Above):
        return f"above {plan.field}:{plan.text} ×{plan.boost:g}"
    if isinstance(plan, p.Within):
        return f"within {plan.distance}"
    if isinstance(plan, p.Starting):
        return f"starting {plan.field}:{plan.prefix}*"
    if isinstance(plan, p.Filter):
        return f"filter {plan.field}: {', '.join(str(value) for value in plan.values)}"
    if isinstance(plan, p.YearFilter):
        return f"years {plan.first or ''}..{plan.last or ''}"
    return type(plan).__name__.lower()
