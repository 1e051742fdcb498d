"""Reading a generation from end to end: catalogue, sums, documents in an order. A sealed index never changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from search.errors import IndexDamaged
from search.limits import UNLIMITED, Budget
from search.messages import stores
from search.opensearch.catalogue import Catalogue
from search.opensearch.client import ClusterClient, Json
from search.opensearch.documents import document_id
from search.opensearch.encoding import escape
from search.opensearch.generations import Generation
from search.opensearch.mapping import EVERY_DOCUMENT, FIELDS, MOST_CLAUSES, WORDS

PAGE = 5_000
_BYTES_A_HIT = 96
BY_KEY = [{"doc": "asc"}, {"key": {"order": "asc", "missing": "_last"}}]
_LAST = {"order": "asc", "missing": "_last"}
BY_PLACE: list[Json] = [{"doc": "asc"}, {"report": _LAST}, {"n": _LAST}, {"key": _LAST}]
"""A total order of all documents."""
PARAGRAPHS: Json = {"term": {"doc": "p"}}
_LENGTHS = {"text": "form_length", "heading": "heading_length", "title": "title_length"}


def read_catalogue(client: ClusterClient, generation: Generation, budget: Budget = UNLIMITED) -> Catalogue:
    """The reports and sources of a generation."""
    body = {"query": {"terms": {"doc": ["r", "s"]}}, "sort": BY_KEY, "_source": ["doc", "record"]}
    hits = iter_hits(client, {"index": generation.name}, body, budget=budget, page=2_000)
    records = ((hit["_source"]["doc"], hit["_source"]["record"]) for some in hits for hit in some)
    return Catalogue(generation.version, records)


def iter_hits(
    client: ClusterClient,
    of: Json,
    body: Json,
    *,
    budget: Budget = UNLIMITED,
    page: int = PAGE,
    first: Json | None = None,
) -> Iterator[list[Json]]:
    """The hits of a search in pages, in its order, which has to be total.

    Args:
        first: the answer for the first page, if it was asked for together with others.
    """
    after: list[Any] | None = None
    while True:
        more = {} if after is None else {"search_after": after}
        asked = {"track_total_hits": False, **body, **more, "size": page}
        if first is None:
            (first,) = client.search([(of, asked)], budget=budget)
        hits: list[Json] = first["hits"]["hits"]
        first = None
        if hits:
            with budget.borrowed():
                budget.charge(_BYTES_A_HIT * len(hits))
                yield hits
        if len(hits) < page:
            return
        after = hits[-1]["sort"]


def iter_buckets(
    client: ClusterClient, of: Json, query: Json, sources: Sequence[Json], aggs: Json, budget: Budget
) -> Iterator[Json]:
    """The buckets of a composite aggregation over what a query matches, all of them."""
    after: Json = {}
    while True:
        composite = {"size": 10_000, "sources": list(sources), **after}
        body = {
            "size": 0,
            "track_total_hits": False,
            "query": query,
            "aggs": {"all": {"composite": composite, **({"aggs": aggs} if aggs else {})}},
        }
        found = client.search([(of, body)], budget=budget)[0]["aggregations"]["all"]
        yield from found["buckets"]
        if "after_key" not in found or len(found["buckets"]) < 10_000:
            return
        after = {"after": found["after_key"]}


def rows_of(catalogue: Catalogue, paths: Sequence[str]) -> Json:
    """A query for all documents of some sources."""
    reports = [name for path in paths for name in catalogue.ids_of[path]]
    names = [document_id("r", name) for name in reports] + [document_id("s", path) for path in paths]
    known = [escape(name) for name in reports]
    parts: list[Json] = [{"ids": {"values": names}}]
    for at in range(0, len(known), MOST_CLAUSES):
        parts.append({"terms": {"report": known[at : at + MOST_CLAUSES]}})
    return {"bool": {"should": parts, "minimum_should_match": 1}}


def sums_of(
    client: ClusterClient, index: str, but: Json | None = None, *, left: bool = False
) -> tuple[int, int, int]:
    """How many documents an index has, and the sums of their checks; those that `but` matches left out."""
    query: Json = {"bool": {"must_not": [but]}} if left and but is not None else {"match_all": {}}
    sums = {name: {"sum": {"field": name}} for name in ("check_low", "check_high")}
    body = {"size": 0, "track_total_hits": True, "query": query, "aggs": sums}
    found = client.search([({"index": index}, body)])[0]
    low, high = (round(found["aggregations"][name]["value"]) for name in ("check_low", "check_high"))
    return found["hits"]["total"]["value"], low, high


def check_words(client: ClusterClient, index: str) -> None:
    """Make sure that every paragraph can be found.

    Words are in no `_source`, so a shard that moves to another node while it is written leaves those behind that it had
    before; neither counts nor checksums tell.

    Raises:
        IndexDamaged: some can't.
    """
    without = {"bool": {"must_not": [{"term": {WORDS["text"]: EVERY_DOCUMENT}}]}}
    body = {"size": 0, "track_total_hits": True, "query": {"bool": {"filter": [PARAGRAPHS, without]}}}
    lost = client.search([({"index": index}, body)])[0]["hits"]["total"]["value"]
    if lost:
        raise IndexDamaged.because(stores.CLUSTER_LOST(name=index, n=lost))


def held_lengths(client: ClusterClient, generation: Generation) -> dict[str, float]:
    """The mean length of each scored field; 1 where it is empty everywhere."""
    aggs = {name: {"sum": {"field": _LENGTHS[name]}} for name in FIELDS}
    body = {"size": 0, "track_total_hits": True, "query": PARAGRAPHS, "aggs": aggs}
    found = client.search([({"index": generation.name}, body)])[0]
    count = found["hits"]["total"]["value"]
    sums = {name: found["aggregations"][name]["value"] for name in FIELDS}
    return {name: total / count if count and total else 1.0 for name, total in sums.items()}
