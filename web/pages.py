"""The pages for people, server-rendered and complete without JavaScript."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, current_app, redirect, render_template
from werkzeug.wrappers import Response

from search.model import Query, Report, SearchResult, Span
from web import urls
from web.charts.plots import (
    draw_cities,
    draw_matrix,
    draw_years,
    list_cells,
    list_years_apart,
    measure_of,
    order_cities,
    view_measures,
)
from web.charts.tables import draw_coverage, draw_histogram
from web.current_searcher import current_engine
from web.example_searches import Examples
from web.feed import ENTRIES as FEED_ENTRIES
from web.i18n import say, say_pieces, translate
from web.markup import highlight
from web.params import (
    MAX_HITS,
    MAX_PER_PAGE,
    UNKNOWN,
    ReportFilter,
    View,
    asks_by_year_ends,
    read_report_filter,
    read_search,
    read_text,
    read_view,
)
from web.present import (
    CONTEXT_CHARS,
    FACET_NAMES,
    list_facts,
    name_of,
    name_place,
    name_report,
    name_value,
    view_chips,
    view_facet,
    view_hits,
    view_orders,
    view_paging,
    view_reading,
    view_sorts,
    view_takes,
    view_views,
)
from web.report_list import current_catalogue
from web.report_page import MARKED_PAGES, place_hits, read_contents, same_city, same_year
from web.search_hints import explain, view_helps

EXAMPLES = "xiesou-examples"
REPORTS_A_PAGE = 100
LINES_A_PAGE = 50

pages = Blueprint("pages", __name__)


@pages.get("/")
def home() -> str:
    """Name, box, what is held, and searches worth trying."""
    stats = current_engine().stats()
    examples = current_app.extensions[EXAMPLES]
    assert isinstance(examples, Examples)
    return render_template(
        "home.html",
        stats=stats,
        matrix=draw_coverage(stats),
        offers=[replace(offer, url=urls.search_url(Query(offer.label))) for offer in examples.offers()],
        query=Query(),
    )


@pages.get("/search")
def search() -> str | Response:
    """One search, looked at in one of three ways. A state written another way is sent to its one address."""
    query, view = read_search(), read_view()
    if asks_by_year_ends():
        return redirect(urls.search_url(query, view))
    show = {"concordance": _show_concordance, "distribution": _show_distribution}.get(
        view.name, _show_paragraphs
    )
    return show(query, view)


def _show_paragraphs(query: Query, view: View) -> str:
    engine = current_engine()
    result = engine.search(query)
    paging = view_paging(query, result.total + result.partial)
    return render_template(
        "search.html",
        **_frame(query, view, result),
        hits=view_hits(result),
        sorts=view_sorts(query),
        paging=paging,
        explained=explain(engine, result),
        group_url=urls.search_url(replace(query, group="" if query.group else "report", page=1)),
        last_page_url=urls.search_url(replace(query, page=paging.pages)),
    )


def _show_concordance(query: Query, view: View) -> str:
    engine = current_engine()
    found = engine.concordance(
        query, sort=view.order, page=query.page, per_page=LINES_A_PAGE, context=CONTEXT_CHARS
    )
    paged = replace(query, per_page=LINES_A_PAGE)
    result = _search_beside(query)
    return render_template(
        "concordance.html",
        **_frame(query, view, result),
        found=found,
        lines=[
            (
                line,
                name_place(line.report),
                name_of(line.report.year),
                urls.report_url(line.report.id, n=line.n, text=query.text),
            )
            for line in found.lines
        ],
        orders=view_orders(query, view),
        paging=view_paging(paged, found.total, view, base=query),
    )


def _show_distribution(query: Query, view: View) -> str:
    engine = current_engine()
    found = engine.distribution(replace(query, page=1, group=""))
    result = _search_beside(query)
    measure = measure_of(found, view)
    cities = order_cities(found, measure)
    years, rows = list_cells(found, measure, cities)
    return render_template(
        "distribution.html",
        **_frame(query, view, result),
        plot=draw_years(found, measure),
        by_city=draw_cities(found, measure),
        matrix=draw_matrix(found, measure, cities),
        measures=view_measures(query, view),
        year_tables=list_years_apart(found),
        table_years=years,
        table_rows=rows,
    )


def _search_beside(query: Query) -> SearchResult:
    """Totals and facets for a view that shows no hits; its links lead on with the query's own page size."""
    result = current_engine().search(replace(query, page=1, per_page=1, group=""))
    return replace(result, query=replace(query, page=1, group=""))


def _frame(query: Query, view: View, result: SearchResult) -> dict[str, Any]:
    """What stands around every view of a search: totals, facets, chips, the way that the query was read."""
    first = replace(query, page=1)
    fields = [*_fields(first), *urls.view_args(view).items()]
    return {
        "query": query,
        "view": view,
        "views": view_views(query, view),
        "result": result,
        "reading": view_reading(result),
        "counts": current_engine().count(replace(first, group="")),
        "facets": [view_facet(result, field, view) for field in ("province", "city", "year", "type")],
        "histogram": draw_histogram(query, result.facets.get("year", ()), view),
        "chips": view_chips(query, view),
        "hidden": [(name, value) for name, value in fields if name != "q"],
        "hidden_but_year": [(name, value) for name, value in fields if name != "year"],
        "clear_url": urls.search_url(urls.without_filters(query), view),
        "json_url": urls.api_search_url(query),
        "helps": view_helps(current_engine(), result, view),
        "takes": view_takes(query, view),
        "feed_url": urls.feed_url(query),
        "max_hits": MAX_HITS,
    }


@pages.get("/follow")
def follow() -> str:
    """How to follow a search: the address of its feed, to copy, for those whose browser shows feeds as code."""
    query = replace(read_search(), page=1)
    return render_template(
        "follow.html",
        query=query,
        chips=view_chips(query),
        total=current_engine().count(replace(query, group="")).paragraphs,
        entries=FEED_ENTRIES,
        address=urls.absolute_feed_url(query),
        feed_url=urls.feed_url(query),
        search_url=urls.search_url(query),
    )


@pages.get("/reports")
def reports() -> str:
    """The list of what is held."""
    chosen = read_report_filter()
    catalogue = current_catalogue()
    listed = catalogue.select(chosen)
    last = max(1, -(-len(listed) // REPORTS_A_PAGE))
    page = min(chosen.page, last)
    start = (page - 1) * REPORTS_A_PAGE
    return render_template(
        "reports.html",
        chosen=chosen,
        groups=[
            (field, translate(FACET_NAMES[field]), catalogue.values(field))
            for field in ("city", "year", "type")
        ],
        rows=[(report, _describe(report)) for report in listed[start : start + REPORTS_A_PAGE]],
        every=len(catalogue.reports(chosen.sort)),
        total=len(listed),
        page=page,
        pages=last,
        sorts={
            sort: urls.reports_url(replace(chosen, sort=sort, page=1))
            for sort in ("-year", "year", "city", "type")
        },
        previous=urls.reports_url(replace(chosen, page=page - 1)) if page > 1 else "",
        following=urls.reports_url(replace(chosen, page=page + 1)) if page < last else "",
        name_value=name_value,
        unknown=UNKNOWN,
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
        (p, highlight(p.text, marked.get(p.n, ())), places.get(p.n), urls.cite_url(report_id, n=p.n))
        for p in found.paragraphs
        if p is not lead
    ]
    return render_template(
        "report.html",
        found=found,
        report=found.report,
        title=title,
        title_html=highlight(title, marked.get(lead.n, ()) if lead else ()),
        lead=lead,
        lead_hit=places.get(lead.n) if lead else None,
        facts=list_facts(found),
        conflicts=[say_pieces(problem) for problem in found.problems],
        blocks=blocks,
        set_aside=[(line, text, say(reason)) for line, text, reason in found.set_aside],
        joined=[p.n for p in found.paragraphs if p.joined],
        neighbours=same_city(engine.reports(), found.report),
        others=same_year(engine.reports(), found.report),
        contents=read_contents(found.paragraphs),
        hit_numbers=list(marked),
        query=Query(text),
        plain_url=urls.report_url(report_id),
        search_url=urls.search_url(Query(text)),
        json_url=urls.api_report_url(report_id),
        cite_url=urls.cite_url(report_id),
        place=name_place(found.report),
        year=name_of(found.report.year),
        type=name_of(found.report.type),
        city_url=urls.reports_url(ReportFilter(city=(found.report.city,))),
        year_url=urls.reports_url(ReportFilter(year=(found.report.year,), type=(found.report.type,))),
    )


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
