"""What may match in part, by the scores of words; see `search.language.statistics.share_out`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from search.collection import Choice
from search.language.plan import Plan
from search.language.statistics import WeighedTerm
from search.limits import Budget
from search.opensearch.asking import Asking
from search.opensearch.bodies import MOST_SHOWN, SHOWN, candidates_query, rescoring, sort_of
from search.opensearch.client import ClusterClient, Json
from search.opensearch.dsl import chosen_query, query_of
from search.opensearch.reading import iter_hits
from search.opensearch.rows import KeptRows, keep_shown
from search.opensearch.terms import TermReader
from search.opensearch.verified import Verifier

_PAGE = 5_000


class CandidateReader:
    """Reads candidates of one version under one budget."""

    def __init__(
        self,
        client: ClusterClient,
        index: Json,
        asking: Asking,
        verifier: Verifier,
        terms: TermReader,
        rows: KeptRows,
        budget: Budget,
    ) -> None:
        self._client, self._index, self._asking, self._verifier = client, index, asking, verifier
        self._terms, self._rows, self._budget = terms, rows, budget

    def candidates(
        self,
        terms: Sequence[WeighedTerm],
        places: Sequence[tuple[str, float]],
        strict: Plan,
        without: Plan,
        chosen: Choice,
        count: int,
    ) -> list[str]:
        """The best by the sums of the terms' scores; see `search.collection.View.candidates`."""
        self._budget.charge()
        bringing, common = self._terms.weighed(terms)
        if not bringing or count < 1:
            return []
        ids = self._verifier.ids_of([strict, without])
        holds = [query_of(strict, ids), chosen_query(chosen)]
        query = candidates_query(bringing, places, holds, query_of(without, ids))
        body: Json = {"query": query, "_source": list(SHOWN) if count <= MOST_SHOWN else False}
        size = min(count, _PAGE)
        if common:
            body |= {"rescore": rescoring(common, count)}
        else:
            body |= {"sort": sort_of("relevance"), "track_scores": True}
        (first,) = self._asking.together((), [{**body, "size": size, "track_total_hits": False}])[1]
        hits = first["hits"]["hits"]
        if not common:
            pages = iter_hits(self._client, self._index, body, budget=self._budget, page=size, first=first)
            hits = list(islice((hit for some in pages for hit in some), count))
        keep_shown(self._rows, hits)
        return [hit["_id"] for hit in hits]
