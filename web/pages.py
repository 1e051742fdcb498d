"""The pages, rendered on the server and complete without JavaScript."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from search.instruments.spread import find_spread
from search.model import Query, Report, ReportText, SearchResult
from web import messages as says
from web import urls
from web.asked_views import ReportFilter, View
from web.background_work import compute_for_page
from web.charts.coverage import draw_coverage
from web.charts.figures import compare_years, tabulate_cities, tabulate_years
from web.charts.heatmap import draw_heatmap
from web.charts.histogram import draw_histogram
from web.charts.measures import measure_of, order_cities, view_measures
from web.charts.year_bars import draw_city_bars, draw_year_bars
from web.chips import view_chips
from web.citations import MAX_REFERENCES, list_references
from web.current_searcher import current_searcher
from web.definition_card import view_definition
from web.downloads import CONTEXT_CHARS, view_downloads
from web.example_searches import current_examples
from web.feed import MAX_ENTRIES, list_feeds
from web.i18n import say, say_pieces, translate
from web.instrument_links import list_instruments
from web.instrument_urls import form_fields, page_url
from web.labels import FACET_NAMES, list_facts, name_of, name_place, name_report, name_value
from web.markup import highlight
from web.number_citation import cite_instrument, cite_number
from web.params import (
    MAX_HITS,
    asks_by_year_ends,
    read_paragraph_number,
    read_report_filter,
    read_search,
    read_view,
)
from web.present import (
    view_axes,
    view_facet,
    view_hits,
    view_orders,
    view_paging,
    view_reading,
    view_samples,
    view_sorts,
    view_views,
)
from web.question_notes import note_found
from web.report_cards import view_place_card, view_report_cards
from web.report_list import choice_of, describe_report, list_values
from web.report_page import (
    MarkedReport,
    list_contents,
    list_same_city,
    list_same_year,
    locate_hits,
    mark_report,
)
from web.search_hints import explain_no_hits, view_hints, view_longer_words, view_other_readings
from web.spread_page import view_spread
from web.tiers import TIER_NAMES, view_counts
from web.time_values import UNKNOWN

REPORTS_PER_PAGE = 100
LINES_PER_PAGE = 50

FACETS_SHOWN = ("province", "city", "plan_year", "year", "level", "type", "part")
"""The facets of a page, in their order."""

pages = Blueprint("pages", __name__)


@pages.get("/")
def home() -> str:
    """The search box, what the collection holds, and examples."""
    stats = current_searcher().stats()
    return render_template(
        "home.html",
        stats=stats,
        coverage=draw_coverage(stats),
        examples=current_examples(),
        query=Query(),
    )


@pages.get("/search")
def search() -> str | Response:
    """One of the views of a search; the form of years redirects to the canonical address."""
    query, view = read_search(), read_view()
    if asks_by_year_ends():
        return redirect(urls.search_url(query, view))
    return _SHOWS.get(view.name, _show_paragraphs)(query, view)


def _show_paragraphs(query: Query, view: View) -> str:
    searcher = current_searcher()
    result = note_found(searcher.search(query))
    paging = view_paging(query, result.paged)
    return render_template(
        "search.html",
        **_frame(query, view, result),
        hits=view_hits(result),
        sorts=view_sorts(query),
        paging=paging,
        no_hits=explain_no_hits(searcher, result),
        report_cards=view_report_cards(result),
        place_card=view_place_card(result),
        definition=view_definition(result),
        group_url=urls.search_url(query, group="" if query.group else "report", page=1),
        fold_url=urls.search_url(query, fold=not query.fold),
        last_page_url=urls.search_url(query, page=paging.pages),
    )


def _show_concordance(query: Query, view: View) -> str:
    searcher = current_searcher()
    found = searcher.concordance(
        query,
        sort=view.order,
        page=query.page,
        per_page=LINES_PER_PAGE,
        context=CONTEXT_CHARS,
        sample=view.sample,
    )
    paged = replace(query, per_page=LINES_PER_PAGE)
    result = _search_beside(query)
    return render_template(
        "concordance.html",
        **_frame(query, view, result),
        found=found,
        lines=[
            (
                line,
                name_place(line.report),
                name_of(getattr(line.report, query.year_field)),
                urls.report_url(
                    line.report.id, n=line.n, text=query.text, tier=2 if query.match == "all" else 1
                ),
            )
            for line in found.lines
        ],
        orders=view_orders(query, view),
        samples=view_samples(query, view, found),
        paging=view_paging(paged, found.total, view, base=query),
    )


def _show_distribution(query: Query, view: View) -> str:
    searcher = current_searcher()
    found = searcher.distribution(replace(query, page=1, group=""))
    result = _search_beside(query)
    measure = measure_of(found, view)
    cities = order_cities(found, measure)
    years, rows = tabulate_cities(found, measure, cities)
    return render_template(
        "distribution.html",
        **_frame(query, view, result),
        year_bars=draw_year_bars(found, measure),
        city_bars=draw_city_bars(found, measure),
        unequal_years=compare_years(found, measure),
        heatmap=draw_heatmap(found, measure, cities),
        measures=view_measures(query, view),
        year_tables=tabulate_years(found),
        table_years=years,
        table_rows=rows,
    )


def _show_spread(query: Query, view: View) -> str:
    asked = replace(query, match="phrase", page=1, group="")
    answer = compute_for_page(find_spread, asked)
    address = urls.absolute_search_url(query, view)
    return render_template(
        "spread.html",
        **_frame(query, view, _search_beside(query)),
        spread=view_spread(current_searcher(), asked, answer, beneath=query),
        spread_cited=cite_instrument(says.SPREAD_NAME(), [asked], [answer.counted], address),
    )


_SHOWS = {
    "concordance": _show_concordance,
    "distribution": _show_distribution,
    "spread": _show_spread,
}


def _search_beside(query: Query) -> SearchResult:
    """Totals and facets for a view without hits; its links keep the query's own page size."""
    result = note_found(current_searcher().search(replace(query, page=1, per_page=1, group="")))
    return replace(result, query=replace(query, page=1, group=""))


def _frame(query: Query, view: View, result: SearchResult) -> dict[str, Any]:
    """What all views of a search share: totals, facets, chips, hints, downloads."""
    first = urls.on_first_page(query)
    counts = current_searcher().count(replace(first, group="") if first.group else first)
    fields = [*form_fields(urls.query_args(first)), *urls.view_args(view).items()]
    return {
        "query": query,
        "view": view,
        "views": view_views(query, view),
        "axes": view_axes(query, view),
        "result": result,
        "reading": view_reading(result),
        "counted": view_counts(result, counts, view),
        "cited": cite_number(first, counts, view),
        "facets": [view_facet(result, field, view) for field in FACETS_SHOWN],
        "histogram": draw_histogram(query, result.facets.get(query.year_field, ()), view),
        "chips": view_chips(query, view),
        "hidden": [(name, value) for name, value in fields if name != "q"],
        "hidden_but_year": [(name, value) for name, value in fields if name != query.year_field],
        "without_recognised_url": urls.search_url(query, view, page=1, ocr=False),
        "clear_url": urls.unfiltered_url(query, view),
        "json_url": urls.api_search_url(query),
        "other_readings": view_other_readings(result, view),
        "longer_words": view_longer_words(current_searcher(), query, view),
        "hints": view_hints(current_searcher(), result, view),
        "downloads": view_downloads(query, view),
        "feed_url": urls.feed_url(query),
        "max_hits": MAX_HITS,
        "instruments": list_instruments(query),
    }


@pages.get("/follow")
def follow() -> str:
    """How to subscribe to a search: the address of its feed, to copy into a feed reader."""
    query = replace(read_search(), page=1)
    return render_template(
        "follow.html",
        query=query,
        chips=view_chips(query),
        total=current_searcher().count(replace(query, group="")).paragraphs,
        entries=MAX_ENTRIES,
        feed_url=urls.feed_url(query),
        feeds=list_feeds(query),
        search_url=urls.search_url(query),
    )


@pages.get("/reports")
def reports() -> str:
    """The list of reports."""
    chosen = read_report_filter()
    searcher, choice = current_searcher(), choice_of(chosen)
    total, _ = searcher.list_reports(choice, count=0)
    last = max(1, -(-total // REPORTS_PER_PAGE))
    page = min(chosen.page, last)
    start = (page - 1) * REPORTS_PER_PAGE
    _, listed = searcher.list_reports(choice, sort=chosen.sort, skip=start, count=REPORTS_PER_PAGE)
    return render_template(
        "reports.html",
        chosen=chosen,
        groups=[
            (field, translate(FACET_NAMES[field]), list_values(searcher, field))
            for field in ("city", "plan_year", "year", "type")
        ],
        rows=[(report, describe_report(report)) for report in listed],
        every=searcher.list_reports(count=0)[0],
        total=total,
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
        references=list_references(chosen) if total <= MAX_REFERENCES else (),
        feed_url=urls.endpoint_url("feeds.reports_feed", lang=None, **urls.report_filter_args(chosen)),
        query=Query(),
    )


@pages.get("/reports/<path:report_id>")
def report(report_id: str) -> str:
    """A whole report, with the hits of `q` highlighted."""
    asked = read_search()
    text = asked.text
    found = current_searcher().report(report_id)
    marked = mark_report(current_searcher(), found, Query(text, match=asked.match), read_paragraph_number())
    return render_template(
        "report.html",
        **_report_text(found, marked),
        **_report_links(found.report, text),
        report=found.report,
        facts=list_facts(found),
        conflicts=[say_pieces(problem) for problem in found.problems],
        set_aside=[(line, text, say(reason)) for line, text, reason in found.set_aside],
        joined=[p.n for p in found.paragraphs if p.joined],
        contents=list_contents(found.paragraphs),
        place=name_place(found.report),
        beyond=translate(TIER_NAMES[2]) if asked.match == "all" else "",
        year=name_of(found.report.year),
        type=name_of(found.report.type),
        query=Query(text),
    )


def _report_text(found: ReportText, marked: MarkedReport) -> dict[str, Any]:
    """The title and the blocks with highlights; a first block that repeats the title becomes the heading."""
    title = name_report(found.report)
    spans = marked.spans
    positions = locate_hits(marked.hits)
    lead = next((p for p in found.paragraphs[:1] if p.text == title), None)
    return {
        "title": title,
        "title_html": highlight(title, spans.get(lead.n, ()) if lead else ()),
        "lead": lead,
        "lead_hit": positions.get(lead.n) if lead else None,
        "blocks": [
            (
                p,
                highlight(p.text, spans.get(p.n, ())),
                positions.get(p.n),
                urls.cite_url(found.report.id, n=p.n),
                urls.correct_url(found.report.id, n=p.n),
            )
            for p in found.paragraphs
            if p is not lead
        ],
        "hit_numbers": marked.hits,
    }


def _report_links(report: Report, text: str) -> dict[str, Any]:
    searcher, of_type = current_searcher(), ("type", (report.type,))
    return {
        "same_city": list_same_city(searcher.reports((("city", (report.city,)), of_type)), report),
        "same_year": list_same_year(searcher.reports((("year", (report.year,)), of_type)), report),
        "plain_url": urls.report_url(report.id),
        "search_url": urls.search_url(Query(text)),
        "json_url": urls.api_report_url(report.id),
        "cite_url": urls.cite_url(report.id),
        "correct_url": urls.correct_url(report.id),
        "reuse_url": page_url("reuse", {"of": report.id}),
        "diff_url": page_url("diff", {"of": report.id}),
        "city_url": urls.reports_url(ReportFilter(city=(report.city,))),
        "year_url": urls.reports_url(ReportFilter(year=(report.year,), type=(report.type,))),
    }
