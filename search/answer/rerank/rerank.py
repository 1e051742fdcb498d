"""What reading paragraphs decides of a search: the order of a sentence's first full matches, and what follows them.

found -> what the query wants -> paragraphs read and judged (search.answer.rerank.partial_matches) -> kept for the
next page
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from search.answer.explain import ScorePart, judged_parts
from search.answer.found import Found
from search.answer.rerank.partial_matches import (
    FEW,
    FEW_FOR_SENTENCE,
    best_full,
    best_partial,
    in_order,
    is_judged,
    judge_one,
)
from search.answer.rerank.query_features import Wanted, divide, weigh
from search.embedded.ordering import Ordered
from search.language.plan import Plan
from search.language.query import Node
from search.language.synonyms import Synonyms
from search.language.text import Analyzer
from search.model import FACETS, Query


class ReadingOrder:
    """Reads where the index alone says too little. Keeps nothing itself: what was judged is the generation's."""

    def __init__(self, analyzer: Analyzer, synonyms: Synonyms) -> None:
        self._analyzer, self._synonyms = analyzer, synonyms

    def first_full(self, found: Found, query: Query) -> list[Ordered]:
        """The first full matches of a sentence in the order in which they are judged; none of other queries.

        They are those that BM25 puts first, with its scores: all others follow as they would anyway.
        """
        tree = found.reading.parsed.tree
        if query.sort != "relevance" or query.group or not any(len(part.docs) for part in found.matches):
            return []
        if not is_judged(tree, self._analyzer):
            return []
        state = found.state

        def make() -> list[Ordered]:
            return best_full(state.snapshot, state.reader, self._wanted(found, query), found.matches)

        return state.partial.get(("full", tree, found.plan, _filters(query)), make)

    def partial(
        self, found: Found, query: Query, total: int, plan_of: Callable[[Node], Plan]
    ) -> Sequence[Ordered]:
        """The best partial matches, in the order asked for; none within a report, where all can be read.

        Args:
            total: how many full matches there are.
            plan_of: the plan of a part of the query, under its settings.
        """
        chunks, _, rest = divide(found.reading.parsed.tree)
        if not chunks or query.report or total >= FEW_FOR_SENTENCE:
            return ()
        wanted = self._wanted(found, query)
        if total >= (FEW_FOR_SENTENCE if wanted.is_sentence else FEW) or not wanted.is_divisible:
            return ()
        state, strict = found.state, plan_of(rest)

        def make() -> list[Ordered]:
            full = [matches.docs for matches in found.matches]
            allowed = found.selection.allowed()
            return best_partial(state.snapshot, state.scorer, state.reader, wanted, strict, allowed, full)

        key = (found.reading.parsed.tree, found.plan, strict, _filters(query))
        return in_order(state.snapshot, state.partial.get(key, make), query.sort)

    def explain(self, found: Found, query: Query, part: int, doc: int) -> tuple[ScorePart, ...]:
        """The parts of what a document of one of the snapshot's parts is judged to be worth."""
        state = found.state
        return judged_parts(judge_one(state.snapshot, state.reader, self._wanted(found, query), part, doc))

    def _wanted(self, found: Found, query: Query) -> Wanted:
        chunks, quoted, _ = divide(found.reading.parsed.tree)
        synonyms = self._synonyms if query.synonyms else None
        return weigh(chunks, quoted, self._analyzer, found.state.scorer, synonyms)


def _filters(query: Query) -> tuple[object, ...]:
    return tuple(getattr(query, name) for name in FACETS)
