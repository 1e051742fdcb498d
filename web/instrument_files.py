"""Files of the instruments: /spread.csv has the first table, /spread.xlsx all of them and what was asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from flask import Blueprint, Response

from search.instruments.answers import Counted
from search.instruments.collocates import find_collocates
from search.instruments.compare import compare_queries, query_of
from search.instruments.diff import diff_reports
from search.instruments.keywords import choose_sides, find_keywords
from search.instruments.match_text import match_text as find_sources
from search.instruments.numbers import find_numbers
from search.instruments.reuse import find_reuse
from search.instruments.spread import find_spread
from search.messages import Message
from search.model import Query
from web import instrument_tables as tables
from web import messages as says
from web import urls
from web.asked_views import View
from web.current_searcher import current_searcher
from web.export import AXIS_NAMES
from web.instrument_pages import shorten_text
from web.instrument_parameters import (
    read_collocates,
    read_keyword_filters,
    read_keywords,
    read_of,
    read_other,
    read_split,
    read_unit,
)
from web.instrument_urls import asked_args, compare_args, page_url
from web.labels import name_report
from web.long_work import compute_once
from web.number_citation import cite_instrument, cite_reports
from web.numbers_page import KINDS, ChosenNumbers
from web.params import (
    LANGUAGES,
    read_asked,
    read_choice,
    read_filters,
    read_pasted,
    read_queries,
)
from web.table_files import Table, send_csv, send_workbook

instrument_files = Blueprint("instrument_files", __name__)

_FILE_TYPE = "<any(csv, xlsx):file_type>"


@instrument_files.get(f"/spread.{_FILE_TYPE}")
def spread(file_type: str) -> Response:
    """First mentions: a row each place, said or not."""
    query = read_asked()

    def make() -> list[Table]:
        answer = compute_once(find_spread, query)
        where = urls.absolute_search_url(query, View("spread"))
        asked = _asked(says.SPREAD_NAME(), query, answer.counted, where)
        return tables.spread_tables(answer, asked, urls.make_paragraph_urls())

    return _send(file_type, make, "spread")


@instrument_files.get(f"/compare.{_FILE_TYPE}")
def compare(file_type: str) -> Response:
    """Searches over the years, a row each search and year; with form=wide a row each year."""
    queries = read_queries()
    form, split = read_choice("form", ("long", "wide")), read_split()

    def make() -> list[Table]:
        answer = compute_once(compare_queries, queries, split=split)
        where = page_url("compare", compare_args(queries, split=split), is_external=True)
        asked = [
            _asked(says.COMPARE_NAME(), query_of(one, queries), one.counted, where) for one in answer.series
        ]
        found = tables.compare_tables(answer, asked, AXIS_NAMES[queries[0].axis])
        return [found[1], found[0], *found[2:]] if form == "wide" else found

    return _send(file_type, make, "compare")


@instrument_files.get(f"/collocates.{_FILE_TYPE}")
def collocates(file_type: str) -> Response:
    """What stands near a search, a row each string."""
    query = read_asked()
    window, side, order = read_collocates()
    args = asked_args(query, window="sentence" if window is None else str(window), side=side, by=order)

    def make() -> list[Table]:
        answer = compute_once(find_collocates, query, window=window, side=side, order=order)
        where = page_url("collocates", args, is_external=True)
        return tables.collocate_tables(answer, _asked(says.COLLOCATES_NAME(), query, answer.counted, where))

    return _send(file_type, make, "collocates")


@instrument_files.get(f"/keywords.{_FILE_TYPE}")
def keywords(file_type: str) -> Response:
    """What marks one part of the collection against another, a row each string."""
    filters, asked = read_keyword_filters(), read_keywords()
    sides = choose_sides(asked.of, asked.against, emerging=asked.emerging, filters=filters)

    def make() -> list[Table]:
        answer = compute_once(find_keywords, *sides, filters, least_places=asked.least_places)
        where = page_url("keywords", asked_args(filters, **asked.args), is_external=True)
        queries = [replace(filters, text=side) for side in sides]
        counted = [answer.counted.of, answer.counted.against]
        cited = cite_instrument(says.KEYWORDS_NAME(), queries, counted, where, lang=LANGUAGES[0])
        return tables.keyword_tables(answer, ("；".join(sides), where, cited))

    return _send(file_type, make, "keywords")


@instrument_files.get(f"/numbers.{_FILE_TYPE}")
def numbers(file_type: str) -> Response:
    """The numbers of a search that its page shows, a row each."""
    query = read_asked()
    chosen = ChosenNumbers(read_choice("kind", KINDS), read_unit())

    def make() -> list[Table]:
        answer = compute_once(find_numbers, query)
        cells = chosen.cells_of(answer)
        where = page_url("numbers", asked_args(query, **chosen.args), is_external=True)
        shown = list(chosen.say(len(cells)))
        asked = _asked(says.NUMBERS_NAME(), query, answer.counted, where, shown)
        return tables.number_tables(cells, asked, urls.make_paragraph_urls())

    return _send(file_type, make, "numbers")


@instrument_files.route(f"/match-text.{_FILE_TYPE}", methods=["GET", "POST"])
def match_text(file_type: str) -> Response:
    """Where a text comes from, a row each paragraph."""
    filters, text = read_filters(), read_pasted()

    def make() -> list[Table]:
        answer = compute_once(find_sources, text, filters)
        where = page_url("match_text", asked_args(filters), is_external=True)
        cited = cite_reports(says.MATCH_TEXT_NAME(), [shorten_text(text)], where, lang=LANGUAGES[0])
        return tables.match_tables(answer, (text, where, cited), urls.make_paragraph_urls())

    return _send(file_type, make, "match-text")


@instrument_files.get(f"/reuse.{_FILE_TYPE}")
def reuse(file_type: str) -> Response:
    """Which sentences of a report were said before, a row each."""
    of = read_of()

    def make() -> list[Table]:
        asked = _of_reports(says.REUSE_NAME(), [of], page_url("reuse", {"of": of}, is_external=True))
        return tables.reuse_tables(compute_once(find_reuse, of), asked, urls.make_paragraph_urls())

    return _send(file_type, make, "reuse")


@instrument_files.get(f"/diff.{_FILE_TYPE}")
def diff(file_type: str) -> Response:
    """A report beside another, a row each sentence."""
    of, other = read_of(), read_other()

    def make() -> list[Table]:
        answer = compute_once(diff_reports, of, other)
        where = page_url("diff", {"of": of, "other": answer.other}, is_external=True)
        return tables.diff_tables(answer, _of_reports(says.DIFF_NAME(), [of, answer.other], where))

    return _send(file_type, make, "diff")


def _of_reports(name: Message, reports: Sequence[str], where: str) -> tables.Asked:
    titles = [name_report(current_searcher().report(one).report) for one in reports]
    return "；".join(titles), where, cite_reports(name, titles, where, lang=LANGUAGES[0])


def _asked(
    name: Message, query: Query, counted: Counted, where: str, shown: Sequence[Message] = ()
) -> tables.Asked:
    cited = cite_instrument(name, [query], [counted], where, shown=shown, lang=LANGUAGES[0])
    return query.text, where, cited


def _send(file_type: str, make: Callable[[], list[Table]], name: str) -> Response:
    """The tables as a workbook, or the first as CSV."""
    if file_type == "xlsx":
        return send_workbook(make, f"xiesou-{name}.xlsx")
    table = make()[0]
    return send_csv(table.columns, lambda: table.rows, f"xiesou-{name}.csv")
