"""The JSON API under /api/v1; docs/api.md is its manual, /api/v1/openapi.json its description."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, current_app
from msgspec.structs import asdict

from search.json_form import (
    concordance_to_json,
    counts_to_json,
    distribution_to_json,
    query_to_json,
    report_text_to_json,
    report_to_json,
    search_to_json,
    suggestions_to_json,
)
from search.json_types import (
    ConcordanceAnswer,
    CountAnswer,
    Links,
    ReportAnswer,
    ReportsAnswer,
    SearchAnswer,
    SuggestAnswer,
    TrendsAnswer,
)
from search.json_types import Query as QueryJson
from search.language.query import describe
from search.model import Query
from web import api_parameters as takes
from web import urls
from web.asked_views import sample_args
from web.current_searcher import current_searcher
from web.i18n import current_language, phrase
from web.openapi import describe_api, in_words
from web.operations import json_operation
from web.params import (
    MAX_HITS,
    read_context,
    read_filters,
    read_report_filter,
    read_search,
    read_suggest,
    read_view,
)
from web.question_notes import note_found
from web.report_list import select_reports
from web.suggesting import suggest_within

api = Blueprint("api", __name__, url_prefix="/api/v1")


@api.get("/search")
@json_operation(
    phrase("One page of the paragraphs found, with exact totals and facets"),
    (*takes.SEARCH, takes.GROUP, takes.FOLD, *takes.PAGED),
)
def search() -> SearchAnswer:
    """One page of hits with totals and facets."""
    query = read_search()
    result = note_found(current_searcher().search(query))
    page = search_to_json(result, _report_url, lang=current_language())
    links = _paging_links("api.search", query, result.paged)
    return SearchAnswer(**asdict(page), links=links)


@api.get("/suggest")
@json_operation(
    phrase("What a query that is being typed may become"),
    (takes.PREFIX, *takes.FILTERS, takes.REPORT, takes.LIMIT),
)
def suggest() -> SuggestAnswer:
    """Completions of a query that is being typed."""
    prefix, limit = read_suggest()
    found = suggest_within(current_searcher(), prefix, limit=limit, filters=read_filters())
    return suggestions_to_json(found, _report_url)


@api.get("/count")
@json_operation(phrase("How many paragraphs, occurrences and reports"), takes.SEARCH)
def count() -> CountAnswer:
    """How much a search finds."""
    query = read_search()
    searcher = current_searcher()
    return counts_to_json(_query_json(query), searcher.count(query), searcher.longer_words(query))


@api.get("/trends")
@json_operation(phrase("The distribution by year, by city, and by city and year"), takes.SEARCH)
def trends() -> TrendsAnswer:
    """A search by year, by city, and by city and year."""
    query = read_search()
    return distribution_to_json(_query_json(query), current_searcher().distribution(query))


@api.get("/concordance")
@json_operation(
    phrase("Every occurrence with what stands around it"),
    (*takes.SEARCH, *takes.PAGED, takes.ORDER, takes.CONTEXT, takes.SAMPLE, takes.SEED),
)
def concordance() -> ConcordanceAnswer:
    """Occurrences with their context."""
    query, view, context = read_search(), read_view(), read_context()
    page = current_searcher().concordance(
        query,
        sort=view.order,
        page=query.page,
        per_page=query.per_page,
        context=context,
        sample=view.sample,
    )
    others = sample_args(view.sample)
    links = _paging_links("api.concordance", query, page.total, order=view.order, context=context, **others)
    return concordance_to_json(_query_json(page.query), page, links, _report_url, lang=current_language())


@api.get("/reports")
@json_operation(phrase("Reports held"), (*takes.REPORT_FILTERS, takes.REPORT_SORT))
def reports() -> ReportsAnswer:
    """The reports that pass the filters, in the order asked for."""
    chosen = select_reports(current_searcher(), read_report_filter())
    return ReportsAnswer(len(chosen), [report_to_json(report) for report in chosen])


@api.get("/reports/<path:report_id>")
@json_operation(phrase("One report, whole"), (takes.REPORT_ID,), can_miss=True)
def report(report_id: str) -> ReportAnswer:
    """A whole report."""
    return report_text_to_json(current_searcher().report(report_id), lang=current_language())


@api.get("/openapi.json")
@json_operation(phrase("This description"))
def openapi() -> dict[str, Any]:
    """The description of this API."""
    return in_words(describe_api(current_app, urls.server_url()))


def _paging_links(endpoint: str, query: Query, total: int, **others: Any) -> Links:
    """The previous and the next page, as far as one can page."""
    last = max(1, min(-(-total // query.per_page), MAX_HITS // query.per_page))

    def link(page: int) -> str | None:
        if not 1 <= page <= last:
            return None
        return urls.api_page_url(endpoint, replace(query, page=page), **others)

    return Links(prev=link(min(query.page - 1, last)), next=link(query.page + 1))


def _query_json(query: Query) -> QueryJson:
    return query_to_json(query, describe(current_searcher().interpret(query).tree), current_language())


def _report_url(report_id: str, n: int | None) -> str:
    return urls.report_url(report_id, n=n)
