"""The best partial matches of a query of plain words: paragraphs that have only a part of it.

query features -> candidates (by the store) -> read and scored -> the best

Only plain chunks may be missing. Quoted strings, minus, fields and filters hold, and what matches fully is left out.
See docs/ranking.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from search.answer.question import Question
from search.answer.rerank.feature_scoring import score_all
from search.answer.rerank.paragraph_reader import ParagraphReader
from search.answer.rerank.query_features import WORDS, QueryFeatures
from search.collection import Ranked
from search.language.plan import FIELD_BOOSTS, Plan
from search.messages import answers as says
from search.model import Notice, Sort

FEW = 10
"""With fewer full matches, the best partial ones follow."""
FEW_FOR_SENTENCE = 50
"""The same for a sentence or a question: who types one seldom wants each of its words."""
LIMIT = 25
"""At most so many partial matches are listed."""
CANDIDATES = 28
"""So many are read and scored."""
LEAST_SHARE = 0.1
"""A partial match has at least this share of what the query's features weigh together."""


def partial_notice(count: int, total: int) -> Notice:
    """Says how many partial matches follow, and that totals and facets leave them out."""
    full = says.FEW_FULL_MATCHES(n=total) if total else says.NO_FULL_MATCH()
    return Notice(says.PARTIAL_MATCHES(full=full, n=count))


def best_partial(
    question: Question, reader: ParagraphReader, features: QueryFeatures, strict: Plan, *, full: Plan
) -> list[Ranked]:
    """The best partial matches, best first; at most `LIMIT`.

    Args:
        strict: what has to hold of them.
        full: what they may not match.
    """
    seeds = [
        ((field, term), share)
        for term, share in features.seeds
        for field in (("text", "title", "heading") if len(term) > 1 else ("text",))
    ]
    weights = question.data.weights.look_up(seed for seed, _ in seeds)
    refs = question.view.candidates(
        [(*seed, share * FIELD_BOOSTS[seed[0]] * weights[seed]) for seed, share in seeds],
        places=_place_weights(question, features),
        strict=strict,
        without=full,
        chosen=question.chosen,
        count=CANDIDATES,
    )
    paragraphs = reader.read(refs)
    least = LEAST_SHARE * sum(feature.weight for feature in features.features)
    average = question.view.statistics.average_lengths["text"]
    rows = [
        (-score, paragraph.order, ref)
        for ref, paragraph, (score, there) in zip(
            refs, paragraphs, score_all(features, paragraphs, average), strict=True
        )
        if there >= least
    ]
    rows.sort()
    return [Ranked(ref, -score) for score, _, ref in rows[:LIMIT]]


def _place_weights(question: Question, features: QueryFeatures) -> list[tuple[str, float]]:
    """The words that a held city's or province's name begins with, and what they add."""
    names = question.data.place_lines
    weight = features.parameters.place
    return [
        (feature.term, weight * feature.weight)
        for feature in features.features
        if feature.kind in WORDS and f"\n{feature.term}" in names
    ]


def in_order(question: Question, best: Sequence[Ranked], sort: Sort) -> Sequence[Ranked]:
    """Partial matches in the order asked for; by time, those of a day stay best first and unknown years come last."""
    if sort == "relevance" or not best:
        return best
    reports = {p.ref: p.report for p in question.view.paragraphs([place.ref for place in best])}

    def key(place: Ranked) -> tuple[bool, int]:
        report = reports[place.ref]
        if report.year is None:
            return True, 0
        behind = 9_999 if sort == "year" else 0
        day = int((report.date or "").replace("-", "") or 0)
        time = 10_000 * report.year + (day % 10_000 if day // 10_000 == report.year else behind)
        return False, time if sort == "year" else -time

    return sorted(best, key=key)
