"""`xiesou numbers`, `diff`, `reuse` …: the instruments at a terminal, or as JSON.

A terminal gets a table; `--json` prints what the API sends.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import click

from search.answer.searcher import Searcher
from search.cli import (
    explained_errors,
    index_option,
    json_option,
    lang_option,
    print_json,
    settings_with,
)
from search.filter_options import filter_options
from search.json_types import Value
from search.media import for_line
from search.model import Query
from search.settings import Address

if TYPE_CHECKING:
    from search.instruments.compare import Split

Command = Callable[..., Any]

_SHOWN_CHARS = 60


def answer_options(command: Command) -> Command:
    """--index, --lang and --json; the command is called with an open Searcher and returns its answer and a table."""

    @functools.wraps(command)
    def run(*args: Any, index: Address | None, lang: str, as_json: bool, **options: Any) -> None:
        from search import open_searcher

        with explained_errors(lang):
            searcher = open_searcher(settings=settings_with(index)).pinned()
            answer, rows = command(*args, searcher=searcher, **options)
        if as_json:
            print_json(answer)
        else:
            print_table(rows)

    return cast(Command, index_option(lang_option(json_option(run))))


def print_table(rows: Sequence[Sequence[object]]) -> None:
    """Rows of values, tabs between them, so that they can be cut and pasted."""
    for row in rows:
        click.echo("\t".join(_shown(value) for value in row))


def _shown(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    text = for_line(str(value))
    return text if len(text) <= _SHOWN_CHARS else text[: _SHOWN_CHARS - 1] + "…"


Answer = tuple[Value, list[Sequence[object]]]


@click.command(
    epilog="""\b
Examples:
  xiesou numbers 地区生产总值 --year 2024
  xiesou numbers '"新增就业"' --city 苏州市 --json"""
)
@click.argument("query")
@filter_options
@answer_options
def numbers(query: str, filters: Query, searcher: Searcher) -> Answer:
    """The numbers with a unit in the clauses that say QUERY: value, bounds, promised or done."""
    from search.instruments.numbers import find_numbers

    found = find_numbers(searcher, replace(filters, text=query))
    rows: list[Sequence[object]] = [
        (
            cell.place,
            cell.year,
            cell.kind,
            cell.bound,
            cell.low,
            cell.high,
            cell.unit,
            cell.text,
            cell.paragraph,
        )
        for cell in found.cells
    ]
    return found, rows


@click.command(
    epilog="""\b
Examples:
  xiesou diff 1f0c9a77de
  xiesou diff 1f0c9a77de 77b4d2e0aa --json"""
)
@click.argument("report")
@click.argument("other", required=False)
@answer_options
def diff(report: str, other: str | None, searcher: Searcher) -> Answer:
    """REPORT beside OTHER, or the last one of its place and type: kept, edited, moved, new, dropped sentences."""
    from search.instruments.diff import diff_reports

    found = diff_reports(searcher, report, other)
    rows: list[Sequence[object]] = [
        (row.kind, row.a and row.a.text, row.b and row.b.text) for row in found.rows if row.kind != "same"
    ]
    return found, rows


@click.command(epilog="\b\nExamples:\n  xiesou reuse 1f0c9a77de\n  xiesou reuse 1f0c9a77de --json")
@click.argument("report")
@answer_options
def reuse(report: str, searcher: Searcher) -> Answer:
    """Which sentences of REPORT others have said before it, word for word or nearly, and who first."""
    from search.instruments.reuse import find_reuse

    found = find_reuse(searcher, report)
    rows: list[Sequence[object]] = [
        (one.kind, one.reports, one.first.place, one.first.date, one.text)
        for one in found.sentences
        if one.first is not None and not one.formula
    ]
    return found, rows


@click.command(
    name="match-text",
    epilog="\b\nExamples:\n  xiesou match-text paragraph.txt\n  echo 优化营商环境 | xiesou match-text - --json",
)
@click.argument("file", type=click.File(encoding="utf-8"))
@filter_options
@answer_options
def match_text(file: Any, filters: Query, searcher: Searcher) -> Answer:
    """The paragraphs that share most with the text of FILE (- reads standard input)."""
    from search.instruments.match_text import match_text as find_sources

    found = find_sources(searcher, file.read(), filters)
    rows: list[Sequence[object]] = [
        (f"{one.share:.0%}", one.place, one.date, one.paragraph, one.text) for one in found.paragraphs
    ]
    return found, rows


@click.command(
    epilog="""\b
Examples:
  xiesou spread 新质生产力
  xiesou spread '"夜经济"' --province 浙江省 --json"""
)
@click.argument("query")
@filter_options
@answer_options
def spread(query: str, filters: Query, searcher: Searcher) -> Answer:
    """Who said QUERY first, and when each place first did."""
    from search.instruments.spread import find_spread

    found = find_spread(searcher, replace(filters, text=query))
    rows: list[Sequence[object]] = [
        (one.date, one.place, one.level, one.held_before, one.lag_days.nation, one.text)
        for one in found.places
    ]
    return found, rows


@click.command(
    epilog="""\b
Examples:
  xiesou compare 放管服 营商环境 新质生产力
  xiesou compare '"夜经济"' '"夜间经济"' --city 苏州市 --json
  xiesou compare 夜经济 --split city --city 苏州市 --city 无锡市"""
)
@click.argument("queries", nargs=-1, required=True, metavar="QUERY…")
@click.option(
    "--split",
    type=click.Choice(["level", "province", "city"]),
    help="A series for each level, province or city that is chosen; of levels and provinces else for all held.",
)
@filter_options
@answer_options
def compare(queries: tuple[str, ...], split: Split | None, filters: Query, searcher: Searcher) -> Answer:
    """Up to eight queries year by year: occurrences, reports, occurrences in 10,000 characters."""
    from search.instruments.compare import compare_queries

    found = compare_queries(searcher, [replace(filters, text=query) for query in queries], split=split)
    rows: list[Sequence[object]] = [
        (
            *(part for part in (one.query, one.place, one.level) if part),
            row.year,
            row.occurrences,
            row.reports,
            row.held.reports,
            row.per_10k_chars,
        )
        for one in found.series
        for row in one.years
    ]
    return found, rows


@click.command(
    epilog="""\b
Examples:
  xiesou collocates 营商环境
  xiesou collocates '"乡村振兴"' --window sentence --side left --json"""
)
@click.argument("query")
@click.option(
    "--window", default="10", show_default=True, help="Characters on each side, 1 to 50, or sentence."
)
@click.option("--side", type=click.Choice(["both", "left", "right"]), default="both", show_default=True)
@click.option(
    "--by",
    type=click.Choice(["log_dice", "log_likelihood", "occurrences"]),
    default="log_dice",
    show_default=True,
    help="The measure that the list is ordered by.",
)
@filter_options
@answer_options
def collocates(query: str, window: str, side: Any, by: Any, filters: Query, searcher: Searcher) -> Answer:
    """The words and strings that stand near QUERY."""
    from search.instruments.collocates import find_collocates

    if window != "sentence" and not window.isdecimal():
        raise click.BadParameter(window, param_hint="--window")
    chars = None if window == "sentence" else int(window)
    found = find_collocates(searcher, replace(filters, text=query), window=chars, side=side, order=by)
    rows: list[Sequence[object]] = [
        (one.term, one.occurrences, one.log_dice, one.log_likelihood, one.reports, one.places)
        for one in found.collocates
    ]
    return found, rows


@click.command(
    epilog="""\b
Examples:
  xiesou keywords --of plan_year:2024 --against plan_year:2014
  xiesou keywords --of 'city:苏州市 type:政府工作报告' --json
  xiesou keywords --emerging 2024 --least-places 5"""
)
@click.option("--of", default="", metavar="FILTERS", help="The part whose keywords are looked for.")
@click.option(
    "--against",
    default="",
    metavar="FILTERS",
    help="The part that it is compared with. [default: all the rest]",
)
@click.option(
    "--emerging", type=int, metavar="YEAR", help="What came up in that year, against all before it."
)
@click.option(
    "--least-places",
    type=click.IntRange(1),
    help="How many places at least must say it. [default: 1, of a year 2]",
)
@filter_options
@answer_options
def keywords(
    of: str,
    against: str,
    emerging: int | None,
    least_places: int | None,
    filters: Query,
    searcher: Searcher,
) -> Answer:
    """What marks one part of the collection against another. FILTERS are of the query language."""
    from search.instruments.keywords import choose_sides, find_keywords

    sides = choose_sides(of, against, emerging=emerging, filters=filters)
    least = least_places or (1 if emerging is None else 2)
    found = find_keywords(searcher, *sides, filters, least_places=least)
    rows: list[Sequence[object]] = [
        (kind, one.term, one.of, one.against, one.log_likelihood, one.log_ratio, one.reports, one.places)
        for kind, some in (("key", found.keywords), ("new", found.new), ("gone", found.gone))
        for one in some
    ]
    return found, rows
