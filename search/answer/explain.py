"""A plan as a person can read it, and the parts that a hit's score is the sum of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from search.answer.question import Question
from search.answer.rerank.rerank import Reranker, ScorePart, largest_first
from search.collection import Ask, Ref, Top
from search.language import plan as p
from search.language.plan.needles import string_text
from search.model import Hit


@dataclass(frozen=True, slots=True)
class ExplainedHit:
    """A hit with the parts of its score, the largest first; they sum up to it.

    `reranked` are the parts of what a sentence's first full matches are ordered by; () for other hits.
    """

    hit: Hit
    parts: tuple[ScorePart, ...]
    reranked: tuple[ScorePart, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchExplanation:
    """How a query is carried out: its plan as an indented tree, each node with its paragraphs, and the hits
    explained."""

    plan: tuple[str, ...]
    hits: tuple[ExplainedHit, ...]

    def __str__(self) -> str:
        lines = list(self.plan)
        for rank, of_hit in enumerate(self.hits, start=1):
            hit = of_hit.hit
            lines.append(f"{rank}. {hit.id}  tier {hit.tier}  {hit.score:.3f}  {hit.text[:40]}")
            lines += [f"     {part.score:8.3f}  {part.name}" for part in of_hit.parts]
            if of_hit.reranked:
                total = sum(part.score for part in of_hit.reranked)
                lines.append(f"   ranked by {total:.3f}, its score by features:")
                lines += [f"     {part.score:8.3f}  {part.name}" for part in of_hit.reranked]
        return "\n".join(lines)


def explain(
    question: Question, hits: Sequence[tuple[Hit, Ref]], reordered: frozenset[Ref], reranker: Reranker
) -> SearchExplanation:
    """The plan with how much each node finds, and the hits with the parts of their scores.

    Args:
        reordered: those of the hits that are ordered by their features.
    """
    nodes = list(_walk(question.plan, 0))
    totals = question.view.find([Ask(node) for node, _ in nodes])
    lines = [
        f"{'  ' * depth}{name_of(node)}  {found.total:,}"
        for (node, depth), found in zip(nodes, totals, strict=True)
    ]
    scores = {
        ref: parts
        for tier in (1, 2)
        for ref, parts in _leaf_scores(
            question,
            question.tiers[tier - 1],
            [ref for hit, ref in hits if hit.tier == tier],
        ).items()
    }
    explained = []
    for hit, ref in hits:
        by_features = reranker.explain(question, ref) if hit.tier > 2 or ref in reordered else ()
        if hit.tier > 2:
            explained.append(ExplainedHit(hit, by_features))
        else:
            explained.append(ExplainedHit(hit, scores[ref], by_features))
    return SearchExplanation(tuple(lines), tuple(explained))


def outline(plan: p.Plan) -> tuple[str, ...]:
    """A plan's nodes in words, each deeper by two blanks; asks the collection nothing."""
    return tuple(f"{'  ' * depth}{name_of(node)}" for node, depth in _walk(plan, 0))


def _leaf_scores(question: Question, plan: p.Plan, refs: Sequence[Ref]) -> dict[Ref, tuple[ScorePart, ...]]:
    """What each leaf of the plan adds to each paragraph's score."""
    leaves = list(_scoring_leaves(plan))
    among = tuple(refs)
    asks = [Ask(asked, among=among, top=Top(len(among))) for asked, _ in leaves]
    parts: dict[Ref, list[ScorePart]] = {ref: [] for ref in refs}
    for (_, leaf), found in zip(leaves, question.view.find(asks), strict=True):
        for place in found.top:
            parts[place.ref].append(ScorePart(name_of(leaf), place.score))
    return {ref: largest_first(of) for ref, of in parts.items()}


def _scoring_leaves(plan: p.Plan) -> Iterator[tuple[p.Plan, p.Plan]]:
    """The leaves that add to scores: (what to ask, the leaf). A bonus counts where what it favours matches."""
    if isinstance(plan, p.Without):
        yield from _scoring_leaves(plan.wanted)
    elif isinstance(plan, p.Favoured):
        yield from _scoring_leaves(plan.wanted)
        yield from _scoring_leaves(plan.bonus)
    elif isinstance(plan, (p.Every, p.Either)):
        for part in plan.parts:
            yield from _scoring_leaves(part)
    else:
        yield plan, plan


def _walk(plan: p.Plan, depth: int) -> Iterator[tuple[p.Plan, int]]:
    yield plan, depth
    for child in _children(plan):
        yield from _walk(child, depth + 1)


def _children(plan: p.Plan) -> tuple[p.Plan, ...]:
    if isinstance(plan, (p.Every, p.Either)):
        return plan.parts
    if isinstance(plan, p.Within):
        return plan.strings
    if isinstance(plan, p.Without):
        return (plan.wanted, plan.unwanted)
    if isinstance(plan, p.Favoured):
        return (plan.wanted, plan.bonus)
    if isinstance(plan, p.Tiered):
        return (plan.first, plan.second)
    return ()


def name_of(plan: p.Plan) -> str:
    """A plan node in words, without its children."""
    if isinstance(plan, p.Term):
        return f"term {plan.field}:{plan.text} ×{plan.boost:g}"
    if isinstance(plan, p.String):
        words = " ".join(f"{token.term}@{token.start}" for token in plan.tokens)
        return f"string {words} ×{plan.boost:g}"
    if isinstance(plan, p.Phrase):
        words = " ".join(token.term for token in plan.tokens)
        return f"phrase {words} ×{plan.boost:g}"
    if isinstance(plan, p.SameSentence):
        words = ", ".join("".join(token.term for token in word.strings[0]) for word in plan.words)
        return f"same {'paragraph' if plan.in_paragraph else 'sentence'}: {words}"
    if isinstance(plan, p.ContextYears):
        return f"about {plan.first}..{plan.last}"
    if isinstance(plan, p.Above):
        within = f" within {plan.distance}" if plan.near else ""
        return f"above {plan.field}:{plan.text}{within} ×{plan.boost:g}"
    if isinstance(plan, p.Within):
        return f"within {plan.distance}"
    if isinstance(plan, p.Starting):
        return f"starting {plan.field}:{string_text(plan.before)}{plan.prefix}*"
    if isinstance(plan, p.Filter):
        return f"filter {plan.field}: {', '.join(str(value) for value in plan.values)}"
    if isinstance(plan, p.YearFilter):
        field = "years" if plan.field == "year" else "work years"
        return f"{field} {plan.first or ''}..{plan.last or ''}"
    if isinstance(plan, p.ContextYears):
        return f"years above {plan.first}..{plan.last}"
    if isinstance(plan, p.AddedFilter):
        return f"added {plan.first or ''}..{plan.last or ''}"
    return type(plan).__name__.lower()
