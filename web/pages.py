"""The pages for people, server-rendered and complete without JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, current_app, redirect, render_template
from werkzeug.wrappers import Response

from search.engine.base import Engine
from search.model import Query, Report, Span
from web import urls
from web.advice import Examples, advise
from web.charts import draw_coverage, draw_histogram
from web.collection import current_engine
from web.markup import highlight
from web.params import (
    MAX_HITS,
    MAX_PER_PAGE,
    ReportFilter,
    asks_by_year_ends,
    read_report_filter,
    read_search,
    read_text,
)
from web.present import (
    FACET_NAMES,
    name_of,
    name_place,
    name_report,
    view_chips,
    view_facet,
    view_hits,
    view_paging,
    view_sorts,
)
from web.reading import MARKED_PAGES, place_hits, read_contents
from web.selection import select_reports, values_of

EXAMPLES = "xiesou-examples"
REPORTS_A_PAGE = 100

pages = Blueprint("pages", __name__)


@pages.get("/")
def home() -> str:
    """Name, box, what is held, and searches worth trying."""
    stats = current_engine().stats()
    examples = current_app.extensions[EXAMPLES]
    assert isinstance(examples, Examples)
    return render_template(
        "home.html", stats=stats, matrix=draw_coverage(stats), offers=examples.offers(), query=Query()
    )


@pages.get("/search")
def search() -> str | Response:
    """Ranked paragraphs with facets. A state written another way is sent to its one address."""
    query = read_search()
    if asks_by_year_ends():
        return redirect(urls.search_url(query))
    engine = current_engine()
    result = engine.search(query)
    return render_template(
        "search.html",
        query=query,
        result=result,
        hits=view_hits(result),
        facets=[view_facet(result, field) for field in ("city", "year", "type", "province")],
        histogram=draw_histogram(query, result.facets.get("year", ())),
        chips=view_chips(query),
        sorts=view_sorts(query),
        paging=view_paging(query, result.total),
        offers=() if result.total else advise(engine, query),
        hidden=[(name, value) for name, value in _fields(query) if name not in ("q", "page")],
        hidden_but_year=[(name, value) for name, value in _fields(query) if name not in ("year", "page")],
        clear_url=urls.search_url(urls.without_filters(query)),
        last_page_url=urls.search_url(replace(query, page=max(1, view_paging(query, result.total).pages))),
        json_url=urls.api_search_url(query),
        max_hits=MAX_HITS,
    )


@pages.get("/reports")
def reports() -> str:
    """The list of what is held."""
    chosen = read_report_filter()
    every = current_engine().reports()
    listed = select_reports(every, chosen)
    last = max(1, -(-len(listed) // REPORTS_A_PAGE))
    page = min(chosen.page, last)
    start = (page - 1) * REPORTS_A_PAGE
    return render_template(
        "reports.html",
        chosen=chosen,
        groups=[(field, FACET_NAMES[field], values_of(every, field)) for field in ("city", "year", "type")],
        rows=[(report, _describe(report)) for report in listed[start : start + REPORTS_A_PAGE]],
        every=len(every),
        total=len(listed),
        page=page,
        pages=last,
        sorts={
            sort: urls.reports_url(replace(chosen, sort=sort, page=1))
            for sort in ("-year", "year", "city", "type")
        },
        previous=urls.reports_url(replace(chosen, page=page - 1)) if page > 1 else "",
        following=urls.reports_url(replace(chosen, page=page + 1)) if page < last else "",
        name_of=name_of,
        query=Query(),
    )


@pages.get("/reports/<path:report_id>")
def report(report_id: str) -> str:
    """One report set for reading, with the hits of q marked."""
    text = read_text()
    engine = current_engine()
    found = engine.report(report_id)
    marked = _find_spans(report_id, text) if text else {}
    places = place_hits(list(marked))
    title = name_report(found.report)
    lead = next((p for p in found.paragraphs[:1] if p.text == title), None)
    blocks = [
        (p, highlight(p.text, marked.get(p.n, ())), places.get(p.n))
        for p in found.paragraphs
        if p is not lead
    ]
    return render_template(
        "report.html",
        found=found,
        report=found.report,
        title=title,
        lead=lead,
        facts=_facts(found.report, found.evidence),
        blocks=blocks,
        neighbours=_neighbours(engine, found.report),
        contents=read_contents(found.paragraphs),
        hit_numbers=list(marked),
        query=Query(text),
        plain_url=urls.report_url(report_id),
        search_url=urls.search_url(Query(text)),
        json_url=urls.api_report_url(report_id),
        place=name_place(found.report),
        year=name_of(found.report.year),
        type=name_of(found.report.type),
        city_url=urls.reports_url(ReportFilter(city=(found.report.city,))),
    )


def _neighbours(engine: Engine, report: Report) -> list[tuple[str, str, bool]]:
    """(year, address, whether it is this one) of the city's reports of this type, by year."""
    if report.city is None or report.type is None:
        return []
    same = [r for r in engine.reports() if (r.city, r.type) == (report.city, report.type)]
    same.sort(key=lambda r: (r.year is None, r.year or 0, r.id))
    return [(name_of(r.year), urls.report_url(r.id), r.id == report.id) for r in same]


def _find_spans(report_id: str, text: str) -> dict[int, tuple[Span, ...]]:
    """Paragraph number -> highlights, for the hits of `text` in one report."""
    marked: dict[int, tuple[Span, ...]] = {}
    for page in range(1, MARKED_PAGES + 1):
        result = current_engine().search(
            Query(text, report=(report_id,), sort="year", page=page, per_page=MAX_PER_PAGE)
        )
        marked |= {hit.n: hit.spans for hit in result.hits if hit.tier == 1}
        if page * MAX_PER_PAGE >= result.total:
            break
    return dict(sorted(marked.items()))


def _fields(query: Query) -> list[tuple[str, str]]:
    """A state as form fields."""
    fields = []
    for name, value in urls.query_args(query).items():
        fields += [(name, str(v)) for v in (value if isinstance(value, list) else [value])]
    return fields


def _describe(report: Report) -> dict[str, str]:
    return {
        "url": urls.report_url(report.id),
        "title": name_report(report),
        "city": name_of(report.city),
        "province": name_of(report.province),
        "year": name_of(report.year),
        "type": name_of(report.type),
        "paragraphs": f"{report.paragraphs:,}",
    }


def _facts(report: Report, evidence: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(name, value, what it was read from) for every field that a reader may doubt."""
    return [(label, name_of(getattr(report, name)), evidence.get(name, "")) for name, label in _FACTS.items()]


_FACTS = {
    "title": "标题",
    "type": "类型",
    "city": "城市",
    "province": "省份",
    "level": "级别",
    "year": "报告年份",
    "review_year": "回顾年份",
    "date": "日期",
    "session": "会议",
    "speaker": "报告人",
}
