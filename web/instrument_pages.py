"""Pages of the instruments that are no view of one search: rendered on the server, complete without JavaScript.

Parameters in, an answer of `search.instruments`, its view, a template. All that was asked is in the address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template

from search.instruments.collocates import find_collocates
from search.instruments.compare import MOST_QUERIES, compare_queries
from search.instruments.held import held_years
from search.instruments.keywords import choose_sides, find_keywords
from search.instruments.match_text import MOST_CHARS as MAX_PASTED
from search.instruments.match_text import match_text as find_sources
from search.instruments.matched import in_reports
from search.instruments.numbers import PREPARED, find_numbers
from search.model import LEVELS, OTHER_TYPES, REPORT_TYPES, Query
from web import collocates_page, compare_page, keywords_page, numbers_page, urls
from web import messages as says
from web.background_work import compute_for_page
from web.charts.lines import MAX_LINES
from web.chips import view_chips
from web.current_searcher import current_searcher
from web.i18n import translate
from web.instrument_parameters import (
    read_collocates,
    read_keyword_filters,
    read_keywords,
    read_split,
    read_unit,
)
from web.instrument_urls import (
    asked_args,
    compare_args,
    file_url,
    form_fields,
    json_url,
    page_url,
    paragraph_url,
)
from web.labels import name_of
from web.markup import highlight
from web.number_citation import cite_instrument, cite_reports
from web.params import (
    AXES,
    read_asked,
    read_choice,
    read_filters,
    read_pasted_if_any,
    read_queries_if_any,
)
from web.present import AXIS_NAMES, Choice

instrument_pages = Blueprint("instrument_pages", __name__)

MOST_IN_ADDRESS = 1_000
"""Characters of a text that a permanent address can hold."""


@instrument_pages.get("/compare")
def compare() -> str:
    """Up to eight searches over the same years."""
    queries = read_queries_if_any()
    filters = replace(read_asked(), text="")
    measure = read_choice("measure", compare_page.MEASURES)
    layout, split = read_choice("layout", compare_page.LAYOUTS), read_split()
    texts = [query.text for query in queries]
    shown = [*texts, *[""] * min(MOST_QUERIES - len(texts), max(1, 3 - len(texts)))]
    if not queries:
        return render_template("compare.html", texts=shown, view=None, heads=(), **_asking(filters, {}))
    answer = compute_for_page(compare_queries, queries, split=split)
    args = _given(measure=measure, layout=layout, split=split or "")
    view = compare_page.view_compare(queries, answer, measure, layout)
    where = page_url("compare", compare_args(queries, **args), is_external=True)

    def to(changed: Query = queries[0], **others: str) -> str:
        some = [replace(query, axis=changed.axis) for query in queries]
        return page_url("compare", compare_args(some, **{**args, **others}))

    def without(after: Query) -> str:
        return page_url("compare", compare_args([replace(after, text=text) for text in texts], **args))

    return render_template(
        "compare.html",
        texts=shown,
        view=view,
        heads=view.heads,
        measure_name=translate(compare_page.MEASURE_NAMES[measure]),
        measures=_choices(compare_page.MEASURE_NAMES, measure, lambda name: to(measure=name)),
        layouts=_choices(compare_page.LAYOUT_NAMES, layout, lambda name: to(layout=name))
        if view.together or (layout == "apart" and len(answer.series) <= MAX_LINES)
        else (),
        splits=[
            Choice(translate(label), to(split=one or ""), one == split)
            for one, label in compare_page.SPLIT_NAMES.items()
            if one != "city" or queries[0].city
        ],
        axes=_axes(queries[0], to),
        chips=view_chips(replace(queries[0], text=""), make_url=without),
        files=_files("compare", compare_args(queries, split=split)),
        wide_url=file_url("compare", "csv", compare_args(queries, form="wide", split=split)),
        json_url=json_url("compare", compare_args(queries, split=split)),
        cited=cite_instrument(says.COMPARE_NAME(), queries, current_searcher().counts(queries), where),
        **_asking(filters, args),
    )


@instrument_pages.get("/collocates")
def collocates() -> str:
    """What stands near a search."""
    query = read_asked()
    window, side, order = read_collocates()
    spelled = "sentence" if window is None else str(window)
    args = {
        name: value
        for name, value, usual in (
            ("window", spelled, "10"),
            ("side", side, "both"),
            ("by", order, "log_dice"),
        )
        if value != usual
    }
    if not query.text:
        return render_template("collocates.html", text="", rows=None, **_asking(query, args))
    answer = compute_for_page(find_collocates, query, window=window, side=side, order=order)

    def to(after: Query = query, **others: str) -> str:
        return page_url("collocates", asked_args(after, **{**args, **others}))

    asked = asked_args(query, **args)
    where = page_url("collocates", asked, is_external=True)
    return render_template(
        "collocates.html",
        text=query.text,
        rows=collocates_page.view_collocates(query, answer, window, order),
        counted=answer.counted,
        orders=_choices(collocates_page.ORDER_NAMES, order, lambda name: to(by=name)),
        sides=_choices(collocates_page.SIDE_NAMES, side, lambda name: to(side=name)),
        windows=[
            Choice(translate(collocates_page.WINDOW_NAMES.get(name, name)), to(window=name), name == spelled)
            for name in collocates_page.choose_windows(spelled)
        ],
        search_url=urls.search_url(query),
        chips=view_chips(replace(query, text=""), make_url=lambda q: to(replace(q, text=query.text))),
        files=_files("collocates", asked),
        json_url=json_url("collocates", asked),
        cited=cite_instrument(says.COLLOCATES_NAME(), [query], [answer.counted], where),
        **_asking(query, args),
    )


@instrument_pages.get("/keywords")
def keywords() -> str:
    """What marks one part of the collection against another, or a year against all before it."""
    filters, asked = read_keyword_filters(), read_keywords()
    if asked.is_empty:
        examples = [
            (label, page_url("keywords", args))
            for label, args in keywords_page.example_args(current_searcher())
        ]
        return render_template(
            "keywords.html", asked=asked, view=None, examples=examples, **_asking(filters, {})
        )
    sides = choose_sides(asked.of, asked.against, emerging=asked.emerging, filters=filters)
    answer = compute_for_page(find_keywords, *sides, filters, least_places=asked.least_places)
    args = asked_args(filters, **asked.args)
    swapped = asked_args(filters, of=sides[1], against=sides[0])
    queries = [replace(filters, text=side) for side in sides]
    where = page_url("keywords", args, is_external=True)
    return render_template(
        "keywords.html",
        asked=asked,
        view=keywords_page.view_keywords(filters, answer),
        swap_url=page_url("keywords", swapped),
        chips=view_chips(
            filters, make_url=lambda after: page_url("keywords", asked_args(after, **asked.args))
        ),
        files=_files("keywords", args),
        json_url=json_url("keywords", args),
        cited=cite_instrument(
            says.KEYWORDS_NAME(), queries, [answer.counted.of, answer.counted.against], where
        ),
        **_asking(filters, {}),
    )


@instrument_pages.get("/numbers")
def numbers() -> str:
    """The numbers of a search by place and year."""
    query = read_asked()
    chosen = numbers_page.ChosenNumbers(read_choice("kind", numbers_page.KINDS), read_unit())
    if not query.text:
        prepared = [(name, page_url("numbers", {"q": text})) for name, text in PREPARED.items()]
        return render_template("numbers.html", text="", view=None, prepared=prepared, **_asking(query, {}))
    answer = compute_for_page(find_numbers, query)
    asked = in_reports(query)
    held = held_years(current_searcher(), asked) if asked is not None else set()
    view = numbers_page.view_numbers(query, answer, held, chosen.kind, chosen.unit)
    shown = list(chosen.say(len(chosen.cells_of(answer))))
    args = chosen.args

    def to(after: Query = query, **others: str) -> str:
        changed = {**args, **others}
        return page_url("numbers", asked_args(after, **{k: v for k, v in changed.items() if v != "all"}))

    asked_chosen = asked_args(query, **args)
    where = page_url("numbers", asked_chosen, is_external=True)
    return render_template(
        "numbers.html",
        text=query.text,
        view=view,
        kind=chosen.kind,
        counted=answer.counted,
        kinds=_choices(numbers_page.KIND_NAMES, chosen.kind, lambda name: to(kind=name, unit="")),
        units=[
            (Choice(one or translate("no unit"), to(unit=one or numbers_page.NO_UNIT), one == view.unit), n)
            for one, n in view.units
        ],
        units_shown=numbers_page.UNITS_SHOWN,
        axes=_axes(query, to),
        search_url=urls.search_url(query),
        chips=view_chips(replace(query, text=""), make_url=lambda q: to(replace(q, text=query.text))),
        files=_files("numbers", asked_chosen),
        json_url=json_url("numbers", asked_args(query)),
        cited=cite_instrument(says.NUMBERS_NAME(), [query], [answer.counted], where, shown=shown),
        **_asking(query, args),
    )


@instrument_pages.route("/match-text", methods=["GET", "POST"])
def match_text() -> str:
    """Where a text comes from; a form that is posted, since a text may be too long for an address."""
    filters, text = read_filters(), read_pasted_if_any()
    args = asked_args(filters)
    context = {"most": MAX_PASTED, "text": text, "query": None, "form_url": page_url("match_text", args)}
    if not text.strip():
        return render_template("match_text.html", rows=None, **context)
    answer = compute_for_page(find_sources, text, filters)
    is_short = len(text) <= MOST_IN_ADDRESS
    where = page_url("match_text", {**args, "text": text} if is_short else args, is_external=True)
    return render_template(
        "match_text.html",
        rows=[
            {
                "share": f"{one.share:.0%}",
                "url": paragraph_url(one.report, one.paragraph),
                "place": name_of(one.place),
                "date": one.date or name_of(None),
                "html": highlight(one.text, _pairs(one.spans)),
                "text_html": highlight(text, _pairs(one.text_spans)),
            }
            for one in answer.paragraphs
        ],
        address=where if is_short else "",
        csv_url=file_url("match_text", "csv", args),
        xlsx_url=file_url("match_text", "xlsx", args),
        posted_json_url=json_url("match_text", args),
        chips=view_chips(filters, make_url=lambda q: page_url("match_text", _with_text(q, text, is_short))),
        cited=cite_reports(says.MATCH_TEXT_NAME(), [shorten_text(text)], where),
        **context,
    )


def _with_text(filters: Query, text: str, is_short: bool) -> dict[str, Any]:
    return {**asked_args(filters), **({"text": text} if is_short else {})}


def shorten_text(text: str) -> str:
    """The beginning of a text, to name it by."""
    flat = " ".join(text.split())
    return flat if len(flat) <= 40 else flat[:40] + "……"


def _pairs(spans: list[list[int]]) -> list[tuple[int, int]]:
    return [(start, end) for start, end in spans]


def _files(name: str, args: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one.upper(), file_url(name, one, args)) for one in ("csv", "xlsx")]


def _asking(filters: Query, others: dict[str, str]) -> dict[str, Any]:
    """What the form of an instrument keeps beside what it asks, and what it offers to narrow by."""
    return {
        "query": None,
        "kept": form_fields(asked_args(replace(filters, text=""), **others)),
        "levels": [(level, name_of(level)) for level in LEVELS],
        "types": [(one, name_of(one)) for one in REPORT_TYPES if one not in OTHER_TYPES],
    }


def _given(**args: str) -> dict[str, str]:
    """Parameters without those that are as they are when absent."""
    return {name: value for name, value in args.items() if value not in _DEFAULTS}


_DEFAULTS = (
    compare_page.MEASURES[0],
    compare_page.LAYOUTS[0],
)


def _choices(names: Mapping[Any, str], chosen: str, to: Callable[[str], str]) -> list[Choice]:
    return [Choice(translate(label), to(name), name == chosen) for name, label in names.items()]


def _axes(query: Query, to: Callable[[Query], str]) -> Iterable[Choice]:
    return [
        Choice(translate(AXIS_NAMES[axis]), to(replace(query, axis=axis)), axis == query.axis)
        for axis in AXES
    ]
