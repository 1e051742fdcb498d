"""What reading paragraphs decides: the order of a sentence's first full matches, and the partial matches that follow.

question -> query features -> paragraphs read and scored -> kept for the next page
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields

from search.answer.left_out import left_out_beyond_budget
from search.answer.question import Question
from search.answer.rerank.feature_scoring import FeatureScores, observe, score, score_all
from search.answer.rerank.paragraph_reader import KEPT, Kept, ParagraphReader
from search.answer.rerank.partial_matches import FEW, FEW_FOR_SENTENCE, best_partial, in_order
from search.answer.rerank.query_features import (
    QueryFeatures,
    extract_features,
    reads_like_sentence,
    split_tree,
    terms_of,
)
from search.collection import Choice, Ranked, Ref, Version
from search.language.plan import Plan
from search.language.plan.size import plan_bytes
from search.language.query import And, Chunk, Exact
from search.language.text import normalize_text
from search.lru import LruCache
from search.messages import answers as says
from search.sizes import deep_bytes

_PARAGRAPHS_BYTES, _LISTS_BYTES = 12 * 1024 * 1024, 8 * 1024 * 1024
RERANKED = 20
"""So many full matches of a sentence are read and reordered."""


@dataclass(frozen=True, slots=True)
class ScorePart:
    """What one thing found in a paragraph adds to its score."""

    name: str
    score: float


Key = tuple[Version, str, Plan, Plan, Choice]


@dataclass(slots=True)
class Reranker:
    """Reads where the index alone says too little. Safe to use from several threads."""

    paragraphs: Kept = field(
        default_factory=lambda: LruCache(most=KEPT, size_bytes=_PARAGRAPHS_BYTES, size_of=deep_bytes)
    )
    lists: LruCache[Key, list[Ranked]] = field(
        default_factory=lambda: LruCache(most=64, size_bytes=_LISTS_BYTES, size_of_key=_key_bytes)
    )

    def reorders(self, question: Question) -> bool:
        """Whether the first full matches are reordered: the query is nothing but text, and a sentence or a question."""
        query, tree = question.query, question.typed
        if query.sort != "relevance" or query.group:
            return False
        chunks: Sequence[Chunk] = question.interpretation.parsed.chunks
        if not chunks:
            leaves = tree.children if isinstance(tree, And) else (tree,)
            if not all(isinstance(leaf, (Chunk, Exact)) for leaf in leaves):
                return False
            chunks = [leaf for leaf in leaves if isinstance(leaf, Chunk)]
        texts = [chunk.text for chunk in chunks]
        return reads_like_sentence(texts, question.data.language.analyzer)

    def reorder(self, question: Question, plan: Plan, first: Sequence[Ranked]) -> Sequence[Ranked]:
        """The first `RERANKED` matches of a tier's plan by BM25, with those scores, in the order of their features."""

        def make() -> list[Ranked]:
            features = self._features(question)
            paragraphs = self._reader(question).read([place.ref for place in first])
            average = question.view.statistics.average_lengths["text"]
            scores = score_all(features, paragraphs, average)
            order = sorted(range(len(first)), key=lambda at: -scores[at][0])
            return [first[at] for at in order]

        return self.lists.get_or_make(_key(question, "full", plan), make)

    @left_out_beyond_budget(says.PARTIAL_LEFT_OUT, ())
    def partial(self, question: Question, in_first: int, in_second: int) -> Sequence[Ranked]:
        """The best partial matches, in the order asked for; none within a report, where all can be read.

        Args:
            in_first, in_second: how many full matches tier 1 has, and tier 2 besides.
        """
        total = in_first + in_second
        chunks, _, rest = split_tree(question.typed)
        if not chunks or question.query.report or question.query.group or total >= FEW_FOR_SENTENCE:
            return ()
        strict = question.plan_of(rest)

        def make() -> list[Ranked]:
            features = self._features(question)
            few = FEW_FOR_SENTENCE if features.is_sentence else FEW
            if total >= few or not features.is_divisible:
                return []
            return best_partial(
                question,
                self._reader(question),
                features,
                strict,
                full=question.in_full if in_second else question.tiers[0],
            )

        best = self.lists.get_or_make(_key(question, "partial", strict), make)
        return in_order(question, best, question.query.sort)

    def likely_terms(self, question: Question) -> list[tuple[str, str]]:
        """The terms whose document frequencies partial matches may need."""
        chunks, quoted, _ = split_tree(question.typed)
        if not chunks or question.query.report or question.query.group:
            return []
        return list(terms_of(map(normalize_text, (*chunks, *quoted)), question.data.language.analyzer))

    def explain(self, question: Question, ref: Ref) -> tuple[ScorePart, ...]:
        """The parts of a paragraph's score by features, the largest first; docs/ranking.md says what they are."""
        features = self._features(question)
        (paragraph,) = self._reader(question).read([ref])
        average = question.view.statistics.average_lengths["text"]
        scores: FeatureScores = score(features, observe(features, paragraph), average)
        names = (of.name for of in fields(scores) if of.name != "there")
        return largest_first([ScorePart(name, getattr(scores, name)) for name in names])

    def _reader(self, question: Question) -> ParagraphReader:
        return ParagraphReader(question.view, self.paragraphs)

    @staticmethod
    def _features(question: Question) -> QueryFeatures:
        chunks, quoted, _ = split_tree(question.typed)
        synonyms = question.data.language.synonyms if question.query.synonyms else None
        return extract_features(chunks, quoted, question.data, synonyms)


def _key(question: Question, kind: str, strict: Plan) -> Key:
    return question.view.version, f"{kind} {question.query.text}", question.plan, strict, question.chosen


def _key_bytes(key: Key) -> int:
    _, said, plan, strict, chosen = key
    return 2 * len(said) + plan_bytes(plan) + plan_bytes(strict) + deep_bytes(chosen)


def largest_first(parts: Sequence[ScorePart]) -> tuple[ScorePart, ...]:
    """The parts that are not 0, the largest first."""
    return tuple(sorted((part for part in parts if part.score), key=lambda part: -part.score))
