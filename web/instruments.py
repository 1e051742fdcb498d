"""The instruments in the API: what a search says beyond its hits. docs/instruments.md has the definitions."""

from __future__ import annotations

from flask import Blueprint

from search.instruments.answers import (
    CollocatesAnswer,
    CompareAnswer,
    DiffAnswer,
    KeywordsAnswer,
    MatchTextAnswer,
    NumbersAnswer,
    ReuseAnswer,
    SpreadAnswer,
)
from search.instruments.collocates import find_collocates
from search.instruments.compare import compare_queries
from search.instruments.diff import diff_reports
from search.instruments.keywords import choose_sides, find_keywords
from search.instruments.match_text import match_text as find_sources
from search.instruments.numbers import find_numbers
from search.instruments.reuse import find_reuse
from search.instruments.spread import find_spread
from web import api_parameters as takes
from web.i18n import phrase
from web.instrument_parameters import (
    read_collocates,
    read_keyword_filters,
    read_keywords,
    read_of,
    read_other,
    read_split,
)
from web.long_work import compute_once
from web.operations import json_operation
from web.params import (
    read_asked,
    read_filters,
    read_pasted,
    read_queries,
)

instruments = Blueprint("instruments", __name__, url_prefix="/api/v1")

_OF_SEARCH = (takes.Q, *takes.FILTERS, takes.REPORT, takes.SYNONYMS, takes.AXIS)


@instruments.get("/numbers")
@json_operation(phrase("The numbers with a unit in the clauses of a search, promised or done"), _OF_SEARCH)
def numbers() -> NumbersAnswer:
    """The numbers of a search."""
    return compute_once(find_numbers, read_asked())


@instruments.get("/diff")
@json_operation(
    phrase("A report beside another, sentence by sentence"), (takes.OF, takes.OTHER), can_miss=True
)
def diff() -> DiffAnswer:
    """What is kept, edited, moved, new and dropped."""
    return compute_once(diff_reports, read_of(), read_other())


@instruments.get("/reuse")
@json_operation(phrase("Which sentences of a report others have said before it"), (takes.OF,), can_miss=True)
def reuse() -> ReuseAnswer:
    """The sentences of a report, with who said them first."""
    return compute_once(find_reuse, read_of())


@instruments.route("/match-text", methods=["GET", "POST"])
@json_operation(
    phrase("The paragraphs that share most with a text"),
    (takes.PASTED, *takes.FILTERS, takes.REPORT),
    form=(takes.PASTED,),
)
def match_text() -> MatchTextAnswer:
    """Where a text comes from."""
    return compute_once(find_sources, read_pasted(), read_filters())


@instruments.get("/spread")
@json_operation(phrase("Who said it first, and how it spread"), _OF_SEARCH)
def spread() -> SpreadAnswer:
    """First mentions, place by place."""
    return compute_once(find_spread, read_asked())


@instruments.get("/compare")
@json_operation(
    phrase("Several searches over the same years"),
    (takes.QUERIES, *takes.FILTERS, takes.REPORT, takes.SYNONYMS, takes.AXIS, takes.SPLIT),
)
def compare() -> CompareAnswer:
    """A series for each query."""
    return compute_once(compare_queries, read_queries(), split=read_split())


@instruments.get("/collocates")
@json_operation(
    phrase("What stands near a search"), (*_OF_SEARCH, takes.WINDOW, takes.SIDE, takes.COLLOCATE_ORDER)
)
def collocates() -> CollocatesAnswer:
    """Words and strings near the occurrences."""
    window, side, order = read_collocates()
    return compute_once(find_collocates, read_asked(), window=window, side=side, order=order)


@instruments.get("/keywords")
@json_operation(
    phrase("What marks one part of the collection against another"),
    (
        takes.OF_SIDE,
        takes.AGAINST,
        takes.EMERGING,
        takes.LEAST_PLACES,
        *takes.FILTERS,
        takes.REPORT,
        takes.AXIS,
    ),
)
def keywords() -> KeywordsAnswer:
    """Keywords of a side, what only it says, what only the other says."""
    filters, asked = read_keyword_filters(), read_keywords()
    sides = choose_sides(asked.of, asked.against, emerging=asked.emerging, filters=filters)
    return compute_once(find_keywords, *sides, filters, least_places=asked.least_places)
