"""The JSON of the views of a search: counts, the distribution over cities and years, the concordance."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from flask import Blueprint, Response, jsonify

from search.json_form import query_to_json
from search.model import Cell, ConcordanceLine, ConcordancePage, Query
from search.query import describe_in_chinese, parse_query
from web import urls
from web.collection import current_engine
from web.openapi import describe_api
from web.params import MAX_HITS, read_context, read_search, read_view

views = Blueprint("views", __name__, url_prefix="/api/v1")


@views.get("/count")
def count() -> Response:
    """How much a search finds."""
    query = read_search()
    return jsonify({"query": _query_json(query), **asdict(current_engine().count(query))})


@views.get("/trends")
def trends() -> Response:
    """A search year by year, city by city, and in each city and year of which something is held."""
    query = read_search()
    found = current_engine().distribution(query)
    return jsonify(
        {
            "query": _query_json(query),
            "total": _cell_json(found.total),
            "years": [_cell_json(cell) for cell in found.years],
            "cities": [_cell_json(cell) for cell in found.cities],
            "matrix": [_cell_json(cell) for cell in found.cells],
        }
    )


@views.get("/concordance")
def concordance() -> Response:
    """Occurrences with what stands around them."""
    query = read_search()
    page = current_engine().concordance(
        query, sort=read_view().order, page=query.page, per_page=query.per_page, context=read_context()
    )
    return jsonify(_concordance_json(page))


@views.get("/openapi.json")
def openapi() -> Response:
    """What this interface is, for programs."""
    return jsonify(describe_api(server=urls.endpoint_url("pages.home", is_external=True, lang=None)))


def paging_links(endpoint: str, query: Query, total: int, **others: Any) -> dict[str, str | None]:
    """The addresses of the pages before and after this one that can be reached; None where there is none."""
    last = max(1, min(-(-total // query.per_page), MAX_HITS // query.per_page))

    def link(page: int) -> str | None:
        if not 1 <= page <= last:
            return None
        return urls.api_page_url(endpoint, replace(query, page=page), **others)

    return {"prev": link(min(query.page - 1, last)), "next": link(query.page + 1)}


def _query_json(query: Query) -> dict[str, Any]:
    return query_to_json(query, describe_in_chinese(parse_query(query.text).tree))


def _cell_json(cell: Cell) -> dict[str, Any]:
    return {
        "city": cell.city,
        "year": cell.year,
        "paragraphs": cell.paragraphs,
        "occurrences": cell.occurrences,
        "reports": cell.reports,
        "held": {
            "paragraphs": cell.held_paragraphs,
            "characters": cell.held_characters,
            "reports": cell.held_reports,
        },
        "per_10k_chars": _rounded(cell.per_10k_chars),
        "report_share": _rounded(cell.report_share),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def _concordance_json(page: ConcordancePage) -> dict[str, Any]:
    view = read_view()
    others = {"order": view.order, "context": read_context()}
    return {
        "query": _query_json(page.query),
        "order": page.sort,
        "total": page.total,
        "lines": [_line_json(line) for line in page.lines],
        "notices": [asdict(notice) for notice in page.notices],
        "links": paging_links("views.concordance", page.query, page.total, **others),
    }


def _line_json(line: ConcordanceLine) -> dict[str, Any]:
    report = line.report
    return {
        "id": line.id,
        "n": line.n,
        "report": {
            "id": report.id,
            "title": report.title,
            "city": report.city,
            "province": report.province,
            "year": report.year,
            "type": report.type,
            "url": urls.report_url(report.id),
        },
        "left": line.left,
        "keyword": line.keyword,
        "right": line.right,
        "url": urls.report_url(report.id, n=line.n),
    }
