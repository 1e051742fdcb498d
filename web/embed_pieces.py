"""One paragraph or one chart inside another site, with its source: pages for iframes that ask for nothing else.

A newspaper quotes a sentence or shows a chart; it wants no search box. `web.oembed` hands these out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from flask import Blueprint, Response, render_template
from markupsafe import Markup

from search.errors import ReportNotFound
from search.messages import answers
from search.model import Paragraph, Query, Report, Span
from web import urls
from web.asked_views import View
from web.charts.measures import measure_of
from web.charts.year_bars import draw_year_bars
from web.current_searcher import current_searcher
from web.embed_options import read_frame_options
from web.embed_words import words_of
from web.frames import deliver_frame, refuse_frame
from web.item_parameters import read_piece
from web.labels import name_of, name_place, name_report
from web.markup import highlight
from web.number_citation import cite_number
from web.params import MAX_PER_PAGE, read_search, read_view
from web.present import view_reading

pieces = Blueprint("pieces", __name__)

_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]?[”’」』）]?")


@dataclass(frozen=True, slots=True)
class Quote:
    """What is quoted and where it stands.

    Args:
        pieces: the paragraph, or those stretches of it that a search finds, marked.
        source: place, year and title, for people.
        address: the paragraph's lasting address with its host.
    """

    pieces: tuple[Markup, ...]
    source: str
    address: str
    chars: int


@pieces.get("/embed/quote")
def quote() -> Response:
    """A paragraph of a report; with q, only the sentences in which it is found, marked."""
    refused = refuse_frame()
    if refused is not None:
        return refused
    report_id, n = read_piece()
    options = read_frame_options()
    found = make_quote(report_id, n, read_search().text)
    page = render_template("embed_quote.html", options=options, words=words_of(options.lang), quote=found)
    return deliver_frame(page)


@pieces.get("/embed/plot")
def plot() -> Response:
    """The years of a search as one chart."""
    refused = refuse_frame()
    if refused is not None:
        return refused
    options = read_frame_options()
    query, view = replace(read_search(), page=1, group=""), read_view()
    searcher = current_searcher()
    found = searcher.distribution(query)
    measure = measure_of(found, view)
    charted = View("distribution", measure=measure)
    page = render_template(
        "embed_plot.html",
        options=options,
        words=words_of(options.lang),
        query=query,
        reading=view_reading(searcher.search(replace(query, per_page=1))),
        measure=measure,
        plot=draw_year_bars(found, measure),
        total=found.total,
        cited=cite_number(query, searcher.count(query), charted, lang=options.lang),
        filters=[name_of(value) for field in ("province", "city", "type") for value in getattr(query, field)],
        address=urls.absolute_search_url(query, charted),
    )
    return deliver_frame(page)


def make_quote(report_id: str, n: int, text: str = "") -> Quote:
    """Paragraph `n` of a report; with `text`, the sentences that a search for it marks, where it marks any.

    Raises:
        ReportNotFound: there is no such report, or no such paragraph in it.
    """
    found = current_searcher().report(report_id)
    paragraph = next((p for p in found.paragraphs if p.n == n), None)
    if paragraph is None:
        raise ReportNotFound(answers.NO_SUCH_PARAGRAPH(id=report_id, n=n))
    spans = _find_spans(report_id, paragraph, text) if text else ()
    stretches = _sentences(paragraph.text, spans) if spans else [(0, len(paragraph.text))]
    return Quote(
        pieces=tuple(
            highlight(paragraph.text[start:end], _within(spans, start, end)) for start, end in stretches
        ),
        source=_name_source(found.report),
        address=urls.absolute_report_url(report_id, n=n),
        chars=sum(end - start for start, end in stretches),
    )


def _name_source(report: Report) -> str:
    return f"{name_place(report)} · {name_of(report.year)} · {name_report(report)}"


def _find_spans(report_id: str, paragraph: Paragraph, text: str) -> tuple[Span, ...]:
    result = current_searcher().search(Query(text, report=(report_id,), per_page=MAX_PER_PAGE))
    return next((hit.spans for hit in result.hits if hit.id == paragraph.id), ())


def _sentences(text: str, spans: tuple[Span, ...]) -> list[Span]:
    """The sentences that hold a span, neighbours as one stretch."""
    kept: list[Span] = []
    for found in _SENTENCE.finditer(text):
        start, end = found.span()
        if not any(start < to and since < end for since, to in spans):
            continue
        if kept and kept[-1][1] == start:
            kept[-1] = (kept[-1][0], end)
        else:
            kept.append((start, end))
    return kept


def _within(spans: tuple[Span, ...], start: int, end: int) -> list[Span]:
    return [
        (max(since, start) - start, min(to, end) - start) for since, to in spans if since < end and to > start
    ]
