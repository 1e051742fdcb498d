"""Several searches over the years -> what their page shows: lines or small plots, and a table in which zero and
not held differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from search.instruments.answers import CompareAnswer, YearOfSeries
from search.instruments.compare import Split, query_of
from search.model import Query
from web import urls
from web.charts.lines import MAX_LINES, THIN, LinePlot, Point, Series, draw_lines, draw_multiples
from web.charts.measures import format_value
from web.i18n import phrase, translate
from web.instrument_tables import parts_of
from web.labels import name_of
from web.link_room import listed

MEASURES = ("rate", "share", "count")
MEASURE_NAMES = {
    "rate": phrase("Per 10,000 characters"),
    "share": phrase("Share of reports"),
    "count": phrase("Occurrences"),
}
SPLIT_NAMES: dict[Split | None, str] = {
    None: phrase("All places"),
    "level": phrase("By level"),
    "province": phrase("By province"),
    "city": phrase("By city"),
}
"""The last where cities are chosen."""
LAYOUTS = ("lines", "apart")
LAYOUT_NAMES = {"lines": phrase("Together"), "apart": phrase("Apart")}


@dataclass(frozen=True, slots=True)
class CompareCell:
    """A search's year: its value as text, and the paragraphs that it counts; `url` is "" where there are none."""

    value: str
    kind: str
    """value, zero or missing."""
    url: str


@dataclass(frozen=True, slots=True)
class CompareRow:
    year: str
    held: str
    is_thin: bool
    cells: tuple[CompareCell, ...]


@dataclass(frozen=True, slots=True)
class CompareHead:
    """A search with what it finds in all."""

    text: str
    url: str
    paragraphs: str
    occurrences: str
    reports: str


@dataclass(frozen=True, slots=True)
class CompareView:
    heads: tuple[CompareHead, ...]
    together: LinePlot | None
    apart: tuple[LinePlot, ...]
    early: tuple[CompareRow, ...]
    """Years before the plot's first."""
    rows: tuple[CompareRow, ...]
    first_drawn: int | None
    """The first year of the plot where the table has earlier ones."""


def view_compare(queries: Sequence[Query], answer: CompareAnswer, measure: str, layout: str) -> CompareView:
    """The page of an answer; more than four searches are drawn apart in any layout."""
    first = first_year(answer)
    names = _name_series(answer)
    asked = [query_of(one, queries) for one in answer.series]
    series = [
        Series(name, _points(one.years, query, name, measure, first), urls.search_url(query))
        for name, query, one in zip(names, asked, answer.series, strict=True)
    ]
    say: Callable[[float], str] = lambda value: format_value(value, measure)  # noqa: E731 -- as an argument
    is_apart = layout == "apart" or len(series) > MAX_LINES
    years = answer.series[0].years
    numbers = _years_to_list(answer)
    start = sum(y is not None and first is not None and y < first for y in (years[at].year for at in numbers))
    known = [row.year for row in years if row.year is not None and row.held.reports]
    return CompareView(
        heads=tuple(
            CompareHead(
                name,
                urls.search_url(query),
                f"{one.counted.paragraphs:,}",
                f"{one.counted.occurrences:,}",
                f"{one.counted.reports:,}",
            )
            for name, query, one in zip(names, asked, answer.series, strict=True)
        ),
        together=None if is_apart else draw_lines(series, say),
        apart=draw_multiples(series, say) if is_apart else (),
        early=tuple(_row(asked, answer, at, measure) for at in numbers[:start]),
        rows=tuple(_row(asked, answer, at, measure) for at in numbers[start:]),
        first_drawn=first if known and first is not None and first > known[0] else None,
    )


def _name_series(answer: CompareAnswer) -> list[str]:
    """The query; of a part its place or level, behind the query where there are several."""
    is_one = len({one.query for one in answer.series}) == 1
    names = []
    for one in answer.series:
        part = one.place if one.level is None else name_of(one.level)
        names.append(one.query if part is None else part if is_one else f"{one.query} · {part}")
    return names


def first_year(answer: CompareAnswer) -> int | None:
    """The first year that matters: something is said, and enough reports are held; else the first that says it."""
    said = [
        (row.year, row.held.reports)
        for one in answer.series
        for row in one.years
        if row.occurrences and row.year is not None
    ]
    enough = [year for year, held in said if held >= THIN]
    return min(enough or [year for year, _ in said], default=None)


def value_of(row: YearOfSeries, measure: str) -> float | None:
    """A year's value; None where nothing is held."""
    if not row.held.reports:
        return None
    if measure == "count":
        return float(row.occurrences)
    return row.reports / row.held.reports if measure == "share" else row.per_10k_chars


def _points(
    rows: Sequence[YearOfSeries], query: Query, name: str, measure: str, first: int | None
) -> list[Point]:
    to_year = urls.make_value_urls(query, query.year_field)
    return [
        Point(
            row.year,
            value_of(row, measure),
            _say(name, row, measure),
            to_year(row.year) if row.paragraphs else "",
            is_thin=row.held.reports < THIN,
        )
        for row in rows
        if row.year is not None and first is not None and row.year >= first
    ]


def _say(text: str, row: YearOfSeries, measure: str) -> str:
    value = value_of(row, measure)
    if value is None:
        return translate("{name}: no report held", name=row.year)
    return translate(
        "{query}, {year}: {value} ({reports} of {held} reports)",
        query=text,
        year=row.year,
        value=format_value(value, measure),
        reports=row.reports,
        held=row.held.reports,
    )


def _years_to_list(answer: CompareAnswer) -> list[int]:
    """The numbers of the years to list: from the first in which anything is held or said."""
    years = answer.series[0].years
    return [at for at, row in enumerate(years) if row.year is not None or row.held.reports]


def _row(queries: Sequence[Query], answer: CompareAnswer, at: int, measure: str) -> CompareRow:
    held = sum(one.years[at].held.reports for one in answer.series[: parts_of(answer)])
    cells = []
    for query, one in zip(queries, answer.series, strict=True):
        row = one.years[at]
        value = value_of(row, measure)
        narrowed = urls.with_values(replace(query, page=1), query.year_field, (row.year,))
        url = listed(partial(urls.search_url, narrowed))
        if value is None:
            cells.append(CompareCell(translate("Not held"), "missing", ""))
        elif not row.occurrences and not row.paragraphs:
            cells.append(CompareCell("0", "zero", ""))
        else:
            cells.append(CompareCell(format_value(value, measure), "value", url))
    year = answer.series[0].years[at].year
    return CompareRow(name_of(year), f"{held:,}", 0 < held < THIN, tuple(cells))
