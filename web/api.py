"""The JSON interface under /api/v1, as docs/api.md promises it."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from search.json_form import report_text_to_json, report_to_json, search_to_json, suggestions_to_json
from web import urls
from web.api_views import paging_links
from web.collection import current_engine
from web.params import read_filters, read_report_filter, read_search, read_suggest
from web.selection import current_catalogue
from web.suggesting import suggest_within

api = Blueprint("api", __name__, url_prefix="/api/v1")


@api.get("/search")
def search() -> Response:
    """One page of hits with totals and facets."""
    query = read_search()
    result = current_engine().search(query)
    links = paging_links("api.search", query, result.total + result.partial)
    return jsonify({**search_to_json(result, _report_url), "links": links})


@api.get("/suggest")
def suggest() -> Response:
    """What a query that is being typed may become."""
    prefix, limit = read_suggest()
    found = suggest_within(current_engine(), prefix, limit=limit, filters=read_filters())
    return jsonify(suggestions_to_json(found, _report_url))


@api.get("/reports")
def reports() -> Response:
    """Every report that the filters leave, in the order asked for."""
    chosen = current_catalogue().select(read_report_filter())
    return jsonify({"total": len(chosen), "reports": [report_to_json(report) for report in chosen]})


@api.get("/reports/<path:report_id>")
def report(report_id: str) -> Response:
    """A whole report."""
    return jsonify(report_text_to_json(current_engine().report(report_id)))


def _report_url(report_id: str, n: int | None) -> str:
    return urls.report_url(report_id, n=n)
