"""A plan as a person can read it, and the parts that a hit's score is the sum of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from search.answer.base import Engine
from search.answer.rerank.feature_scoring import Judged
from search.embedded.matching import Matcher
from search.language import plan as p
from search.model import Hit, Query


@dataclass(frozen=True, slots=True)
class ScorePart:
    """What one thing found in a paragraph adds to its score."""

    name: str
    score: float


@dataclass(frozen=True, slots=True)
class ExplainedHit:
    """A hit with the parts of its score, the largest first; they sum up to it.

    `judged` are the parts of what a sentence's first full matches stand in the order of; () for other hits.
    """

    hit: Hit
    parts: tuple[ScorePart, ...]
    judged: tuple[ScorePart, ...] = ()


def explain_plan(engine: Engine, query: Query) -> str:
    """The plan of `query` as an indented tree, each node with the most paragraphs it can match."""
    return "\n".join(_lines(engine, engine.plan(query), 0))


def full_parts(matcher: Matcher, plan: p.Plan, doc: int) -> tuple[ScorePart, ...]:
    """The parts of a full match's score: one for each leaf of the plan that the paragraph has."""
    return _largest_first(_leaf_parts(matcher, plan, np.array([doc], dtype=np.int64)))


def judged_parts(judged: Judged) -> tuple[ScorePart, ...]:
    """The parts of what a paragraph is judged to be worth; docs/ranking.md says what they are."""
    names = (field.name for field in fields(judged) if field.name != "there")
    return _largest_first(ScorePart(name, getattr(judged, name)) for name in names)


def describe_hits(explained: tuple[ExplainedHit, ...]) -> str:
    """Hits with the parts of their scores, for a terminal."""
    lines = []
    for rank, of_hit in enumerate(explained, start=1):
        hit = of_hit.hit
        lines.append(f"{rank}. {hit.id}  tier {hit.tier}  {hit.score:.3f}  {hit.text[:40]}")
        lines += [f"     {part.score:8.3f}  {part.name}" for part in of_hit.parts]
        if of_hit.judged:
            lines.append(
                f"   stands here for {sum(part.score for part in of_hit.judged):.3f}, being judged by reading"
            )
            lines += [f"     {part.score:8.3f}  {part.name}" for part in of_hit.judged]
    return "\n".join(lines)


def _largest_first(parts: Iterable[ScorePart]) -> tuple[ScorePart, ...]:
    return tuple(sorted((part for part in parts if part.score), key=lambda part: -part.score))


def _leaf_parts(matcher: Matcher, plan: p.Plan, doc: NDArray[np.int64]) -> Iterator[ScorePart]:
    mask, scores = matcher.probe(plan, doc)
    if not mask[0]:
        return
    if isinstance(plan, p.Without):
        yield from _leaf_parts(matcher, plan.wanted, doc)
    elif isinstance(plan, (p.Every, p.Either, p.Favoured)):
        for child in _children(plan):
            yield from _leaf_parts(matcher, child, doc)
    elif scores is not None and len(scores):
        yield ScorePart(_name(plan), float(scores[0]))


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
        within = f" within {plan.distance}" if plan.near else ""
        return f"above {plan.field}:{plan.text}{within} ×{plan.boost:g}"
    if isinstance(plan, p.Within):
        return f"within {plan.distance}"
    if isinstance(plan, p.Starting):
        return f"starting {plan.field}:{plan.prefix}*"
    if isinstance(plan, p.Filter):
        return f"filter {plan.field}: {', '.join(str(value) for value in plan.values)}"
    if isinstance(plan, p.YearFilter):
        return f"years {plan.first or ''}..{plan.last or ''}"
    return type(plan).__name__.lower()
