"""How much of one report stands in another: for many reports together, since each request costs more than its answer.

reports -> digests of their paragraphs -> for each the other reports that have any of them, by characters -> the first
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from search.collection import SharedText
from search.limits import Budget
from search.opensearch.catalogue import Catalogue, KeptReport
from search.opensearch.client import ClusterClient, Json
from search.opensearch.documents import LEAST_SHARED_CHARS
from search.opensearch.encoding import escape, unescape
from search.opensearch.reading import iter_hits

_TOGETHER = 64
"""Reports that are asked about in one request."""
_PAGE = 1_000
_MOST_OTHERS = 10_000


def iter_shared(
    client: ClusterClient, index: Json, reports: Sequence[KeptReport], catalogue: Catalogue, budget: Budget
) -> Iterator[SharedText]:
    """For each of these reports, the other one that has most of its text; nothing where none has any."""
    for at in range(0, len(reports), _TOGETHER):
        some = reports[at : at + _TOGETHER]
        lengths = dict(zip(some, _lengths_of(client, index, some, budget), strict=True))
        with_text = [held for held in some if lengths[held]]
        bodies = [(index, _others_body(held, lengths[held])) for held in with_text]
        for held, answer in zip(with_text, client.search(bodies, budget=budget), strict=True):
            buckets = answer["aggregations"]["others"]["buckets"]
            shares = {unescape(of["key"]): round(of["chars"]["value"]) for of in buckets}
            if shares:
                yield _shared(held, shares, sum(lengths[held].values()), catalogue)


def _lengths_of(
    client: ClusterClient, index: Json, reports: Sequence[KeptReport], budget: Budget
) -> Iterator[dict[str, int]]:
    """The characters of each paragraph that is long enough to tell, by its digest; of each report."""
    searches = [({**index, "routing": escape(held.report.id)}, _own_body(held)) for held in reports]
    answers = client.search(
        [(of, {**body, "size": _PAGE, "track_total_hits": False}) for of, body in searches], budget=budget
    )
    for (of, body), first in zip(searches, answers, strict=True):
        pages = iter_hits(client, of, body, budget=budget, page=_PAGE, first=first)
        rows = (hit["_source"] for some in pages for hit in some)
        yield {row["digest"]: row["form_length"] for row in rows if row["form_length"] >= LEAST_SHARED_CHARS}


def _own_body(held: KeptReport) -> Json:
    query = {"term": {"report": escape(held.report.id)}}
    return {"query": query, "sort": [{"n": "asc"}], "_source": ["digest", "form_length"]}


def _others_body(held: KeptReport, lengths: Mapping[str, int]) -> Json:
    """The other reports that have any of these paragraphs, by the characters of those that they have."""
    query = {
        "bool": {
            "filter": [{"terms": {"shared": list(lengths)}}],
            "must_not": [{"term": {"report": escape(held.report.id)}}],
        }
    }
    chars = {"chars": {"sum": {"field": "form_length"}}}
    terms = {"field": "report", "size": _MOST_OTHERS, "order": {"chars": "desc"}}
    return {
        "size": 0,
        "track_total_hits": False,
        "query": query,
        "aggs": {"others": {"terms": terms, "aggs": chars}},
    }


def _shared(held: KeptReport, shares: Mapping[str, int], own: int, catalogue: Catalogue) -> SharedText:
    most = max(shares.values())
    best = (catalogue.by_id[name] for name, chars in shares.items() if chars == most)
    other = min(best, key=lambda of: of.source_order)
    return SharedText(
        held.report.id,
        other.report.id,
        held.report.source,
        other.report.source,
        most,
        own,
        held.digest == other.digest,
    )
