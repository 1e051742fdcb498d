"""The JSON interface under /api/v1, as docs/api.md promises it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, jsonify

from search.model import FACETS, Hit, Paragraph, Query, Report, SearchResult
from web import urls
from web.collection import current_engine
from web.params import read_report_filter, read_search
from web.selection import select_reports

api = Blueprint("api", __name__, url_prefix="/api/v1")


@api.get("/search")
def search() -> Response:
    """One page of hits with totals and facets."""
    return jsonify(search_to_json(current_engine().search(read_search())))


@api.get("/reports")
def reports() -> Response:
    """Every report that the filters leave, in the order asked for."""
    chosen = select_reports(current_engine().reports(), read_report_filter())
    return jsonify({"total": len(chosen), "reports": [report_to_json(report) for report in chosen]})


@api.get("/reports/<path:report_id>")
def report(report_id: str) -> Response:
    """A whole report."""
    found = current_engine().report(report_id)
    return jsonify(
        {
            "report": report_to_json(found.report),
            "paragraphs": [paragraph_to_json(paragraph) for paragraph in found.paragraphs],
            "evidence": dict(found.evidence),
            "set_aside": [{"line": line, "text": text, "reason": why} for line, text, why in found.set_aside],
        }
    )


def search_to_json(result: SearchResult) -> dict[str, Any]:
    """The promised shape of a search's answer."""
    return {
        "query": query_to_json(result.query, result.reading),
        "total": result.total,
        "hits": [hit_to_json(hit) for hit in result.hits],
        "facets": {
            field: [
                {"value": value.value, "count": value.count, "selected": value.selected}
                for value in result.facets.get(field, ())
            ]
            for field in FACETS
        },
        "notices": [asdict(notice) for notice in result.notices],
        "took_ms": round(result.took_ms, 3),
    }


def query_to_json(query: Query, reading: str) -> dict[str, Any]:
    return {
        "q": query.text,
        "reading": reading,
        **{field: list(getattr(query, field)) for field in FACETS},
        "sort": query.sort,
        "page": query.page,
        "per_page": query.per_page,
    }


def hit_to_json(hit: Hit) -> dict[str, Any]:
    report = hit.report
    return {
        "id": hit.id,
        "report": {
            "id": report.id,
            "title": report.title,
            "city": report.city,
            "province": report.province,
            "year": report.year,
            "type": report.type,
            "url": urls.report_url(report.id),
        },
        "heading": list(hit.heading),
        "text": hit.text,
        "spans": [list(span) for span in hit.spans],
        "score": hit.score,
        "tier": hit.tier,
        "url": urls.report_url(report.id, n=hit.n),
    }


def report_to_json(report: Report) -> dict[str, Any]:
    """A catalogue record, as `xiesou reports --json` prints it."""
    return asdict(report)


def paragraph_to_json(paragraph: Paragraph) -> dict[str, Any]:
    return {
        "id": paragraph.id,
        "n": paragraph.n,
        "kind": paragraph.kind,
        "heading": list(paragraph.heading),
        "text": paragraph.text,
    }
