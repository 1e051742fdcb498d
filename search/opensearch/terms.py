"""Terms of a generation: how many paragraphs have them, and which are used most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import starmap

from search.collection import TermUse
from search.language.statistics import WeighedTerm, idf, share_out
from search.limits import Budget
from search.lru import LruCache
from search.opensearch.client import ClusterClient, Json
from search.opensearch.dsl import Query, term_query
from search.opensearch.mapping import FIELDS
from search.opensearch.reading import PARAGRAPHS, iter_buckets

_TOGETHER = 1_000
_BYTES_A_TERM = 120
_MOST_COUNTED = 30_000
"""Up to so many of the most used terms are counted by the shards; for more, all terms are read."""


class TermReader:
    """Reads what scores and suggestions know of terms. What was looked up once is kept with the version."""

    def __init__(
        self,
        client: ClusterClient,
        index: Json,
        kept: LruCache[tuple[str, str], int],
        paragraphs: int,
        budget: Budget,
    ) -> None:
        self._client, self._index, self._kept = client, index, kept
        self._paragraphs, self._budget = paragraphs, budget

    def frequencies(self, terms: Sequence[tuple[str, str]]) -> list[int]:
        """Document frequencies of (field, term)."""
        self._budget.charge()
        known = {of: self._kept.get(of) for of in terms}
        missing = self.missing([of for of, count in known.items() if count is None])
        searches = [(self._index, body) for body in self.searches(missing)]
        known |= self.keep(missing, self._client.search(searches, budget=self._budget))
        return [known[of] or 0 for of in terms]

    def missing(self, terms: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """What has to be looked up where some terms are wanted.

        Who asks for a word in one field asks for it in the others next, and they cost little beside the request.
        """
        unknown = [term for field, term in terms if self._kept.get((field, term)) is None]
        every = dict.fromkeys((field, term) for term in unknown for field in FIELDS)
        return [of for of in every if self._kept.get(of) is None]

    def searches(self, missing: Sequence[tuple[str, str]]) -> list[Json]:
        """The searches that `keep` needs the answers of."""
        return [_count_body(missing[at : at + _TOGETHER]) for at in range(0, len(missing), _TOGETHER)]

    def keep(self, missing: Sequence[tuple[str, str]], answers: Iterable[Json]) -> dict[tuple[str, str], int]:
        """The document frequencies of terms, which are kept."""
        counts: list[int] = []
        for answer in answers:
            buckets = answer["aggregations"]["terms"]["buckets"]
            counts += [buckets[str(number)]["doc_count"] for number in range(len(buckets))]
        return {of: self._kept.put(of, count) for of, count in zip(missing, counts, strict=True)}

    def weighed(self, terms: Sequence[WeighedTerm]) -> tuple[list[Query], list[Query]]:
        """A query for each term, which scores its weight times what it is worth there.

        Returns:
            Those that bring candidates, and the others; see `search.language.statistics.share_out`.
        """
        frequencies = self.frequencies([(field, term) for field, term, _ in terms])
        known = {(field, term): of for (field, term, _), of in zip(terms, frequencies, strict=True)}
        bringing, common = share_out(terms, frequencies)

        def query(field: str, term: str, weight: float) -> Query:
            return term_query(field, term, weight / idf(max(self._paragraphs, 1), known[field, term]))

        return list(starmap(query, bringing)), list(starmap(query, common))

    def vocabulary(self, most: int) -> list[TermUse]:
        """The most used words of two Han characters and more, with the paragraphs in which they stand anyhow."""
        self._budget.charge()
        uses = self._most_used(most) if most <= _MOST_COUNTED else self._all_used("cut")
        if len(uses) > most:
            uses = Counter(dict(uses.most_common(most)))
        words = list(uses)
        self._budget.charge(_BYTES_A_TERM * len(words))
        having: dict[str, int] = {}
        if most > _MOST_COUNTED:
            everything = self._all_used("terms")
            having = {word: everything[word] for word in words}
        else:
            for at in range(0, len(words), 10_000):
                having |= self._having(words[at : at + 10_000])
        return [TermUse(word, having[word], uses[word]) for word in words]

    def _most_used(self, most: int) -> Counter[str]:
        return self._counted({"field": "cut", "size": most, "shard_size": 2 * most + 100})

    def _having(self, words: Sequence[str]) -> Counter[str]:
        return self._counted({"field": "terms", "size": len(words), "include": list(words)})

    def _counted(self, terms: Json) -> Counter[str]:
        body = {
            "size": 0,
            "track_total_hits": False,
            "query": PARAGRAPHS,
            "aggs": {"words": {"terms": terms}},
        }
        (answer,) = self._client.search([(self._index, body)], budget=self._budget)
        buckets = answer["aggregations"]["words"]["buckets"]
        return Counter({of["key"]: of["doc_count"] for of in buckets})

    def _all_used(self, field: str) -> Counter[str]:
        sources = [{"word": {"terms": {"field": field}}}]
        buckets = iter_buckets(self._client, self._index, PARAGRAPHS, sources, {}, self._budget)
        return Counter({of["key"]["word"]: of["doc_count"] for of in buckets})


def _count_body(terms: Sequence[tuple[str, str]]) -> Json:
    filters = {str(number): term_query(field, term) for number, (field, term) in enumerate(terms)}
    counted = {"terms": {"filters": {"filters": filters}}}
    return {"size": 0, "track_total_hits": False, "query": {"match_all": {}}, "aggs": counted}
