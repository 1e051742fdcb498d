"""Questions as the bodies of searches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from search.collection import Ask, Top
from search.language.statistics import LOOKED_UP
from search.model import Sort
from search.opensearch.client import Json
from search.opensearch.dsl import Query, any_of, chosen_query
from search.opensearch.encoding import escape
from search.opensearch.reading import PARAGRAPHS

WINDOW = 10_000
"""As deep as a search may look; what lies deeper is read in order."""
SHOWN = ("n", "kind", "heading", "text", "part", "ocr", "joined_halves")
"""What is shown of a paragraph."""
MOST_SHOWN = 1_000
"""Up to so many matches come with what is shown of them: who asks for few reads them next."""
_PLACE: list[Json] = [
    {"by_year": "asc"},
    {"source": "asc"},
    {"ordinal": "asc"},
    {"report": "asc"},
    {"n": "asc"},
]
_TIMES: dict[Sort, list[Json]] = {
    "relevance": [],
    "-year": [{"newest": {"order": "asc", "missing": "_last"}}],
    "year": [{"oldest": {"order": "asc", "missing": "_last"}}],
    "-added": [{"arrived": {"order": "desc", "missing": "_last"}}],
    "added": [{"arrived": {"order": "asc", "missing": "_last"}}],
}
BY_REPORT_PLACE = _PLACE
_TEXTS = {
    "scripted_metric": {
        "init_script": "state.of = new HashSet(); state.other = new HashSet();",
        "map_script": (
            "if (doc['is_report'].value) { state.of.add(doc['report'].value); }"
            " else { state.other.add(doc['report'].value); }"
        ),
        "combine_script": "return [state.of.size(), state.other.size()];",
        "reduce_script": "long a = 0; long b = 0; for (s in states) { a += s[0]; b += s[1]; } return [a, b];",
    }
}
"""Reports and other texts, counted exactly: all of a report is on one shard."""


def sort_of(sort: Sort) -> list[Json]:
    """A total order of matches."""
    return [*_TIMES[sort], {"_score": "desc"}, *_PLACE]


def matching(query: Query, ask: Ask) -> Query:
    """What a question's plan matches of the paragraphs that it asks about, whatever is chosen."""
    filters: list[Json] = [PARAGRAPHS]
    if ask.among is not None:
        filters.append({"ids": {"values": [str(ref) for ref in ask.among]}})
    return {"bool": {"must": [query], "filter": filters}}


def restricted(query: Query, filters: Sequence[Query], without: Sequence[Query] = ()) -> Query:
    """A query of which some must hold too, and some must not."""
    return {"bool": {"must": [query], "filter": list(filters), "must_not": list(without)}}


def candidates_query(
    bringing: Sequence[Query], places: Sequence[tuple[str, float]], holds: Sequence[Query], without: Query
) -> Query:
    """The paragraphs that any of some words brings, scored by all of them and by their place."""
    worth = [
        {"constant_score": {"filter": {"prefix": {"places": escape(name)}}, "boost": weight}}
        for name, weight in places
    ]
    filters = [PARAGRAPHS, *holds]
    return {"bool": {"must": [any_of(bringing)], "should": worth, "filter": filters, "must_not": [without]}}


def rescoring(common: Sequence[Query], count: int) -> Json:
    """What has the best of a search scored by more words, and ordered by that; see `search.language.statistics`."""
    added = {"rescore_query": any_of(common), "query_weight": 1.0, "rescore_query_weight": 1.0}
    return {"window_size": min(LOOKED_UP * count, WINDOW), "query": {**added, "score_mode": "total"}}


def body_of(query: Query, ask: Ask, sizes: dict[str, int]) -> Json:
    """All of a question that one search can tell.

    Args:
        query: see `matching`.
        sizes: how many values each facet may have.
    """
    chosen = chosen_query(ask.chosen)
    aggs: dict[str, Any] = {}
    for name in ask.facets:
        others = chosen_query(ask.chosen, but=name)
        terms = {"terms": {"field": name, "size": sizes[name] + 1}}
        parts = {"values": terms, "unknown": {"missing": {"field": name}}}
        aggs[f"facet_{name}"] = {"filter": others, "aggs": parts}
    counts: dict[str, Any] = {}
    if ask.reports:
        counts["texts"] = _TEXTS
    if ask.occurrences:
        counts["repeated"] = {"filter": {"term": {"repeated": True}}}
        counts["recognised"] = {"filter": {"term": {"recognised": True}}}
    if counts:
        aggs["counts"] = {"filter": chosen, "aggs": counts}
    body: Json = {
        "query": query if ask.facets else restricted(query, [chosen]),
        "track_total_hits": True if ask.enough is None else min(ask.enough + 1, (1 << 31) - 1),
        "size": 0,
        "_source": False,
    }
    if ask.facets:
        body["post_filter"] = chosen
    if aggs:
        body["aggs"] = aggs
    if ask.top is not None and is_within(ask.top):
        body |= _top(ask.top)
    return body


def is_within(top: Top) -> bool:
    """Whether one search can name these matches."""
    return top.skip + top.count <= WINDOW


def _top(top: Top) -> Json:
    found: Json = {"from": top.skip, "size": top.count, "sort": sort_of(top.sort), "track_scores": True}
    if top.count <= MOST_SHOWN:
        found["_source"] = list(SHOWN)
    if top.group:
        found |= {"collapse": {"field": "report"}}
    return found
