"""Reports that a query names: 苏州 2023 shows those reports, 苏州 a card that leads to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from search.language.text import normalize_text
from search.model import Query, Report, SearchResult
from web import urls
from web.asked_views import ReportFilter
from web.current_searcher import current_searcher
from web.labels import name_of, name_place, name_report
from web.report_list import choice_of

MAX_CARDS = 6
_LISTED = frozenset(field.name for field in fields(ReportFilter))

Value = str | int | None
Filters = Sequence[tuple[str, tuple[Value, ...]]]


@dataclass(frozen=True, slots=True)
class ReportCard:
    """One report: what it is called, whose and of which year it is, and its page."""

    title: str
    place: str
    year: str
    type: str
    date: str
    url: str


@dataclass(frozen=True, slots=True)
class ReportCards:
    """The reports that a query names.

    Args:
        name: the filters as words.
        cards: the newest of them; () on the card of a single place, year or type.
        url: the list of all of them; "" where the list of reports has no such filter.
    """

    name: str
    total: int
    cards: tuple[ReportCard, ...] = ()
    url: str = ""


def view_report_cards(result: SearchResult) -> ReportCards | None:
    """The reports of a query that asks for nothing but places, years and types; None for any other."""
    if not result.filters:
        return None
    total, found = _select(result.filters, result.query)
    return ReportCards(
        _name(result.filters),
        total,
        tuple(map(_to_card, found)),
        _list_url(result.filters) if total > MAX_CARDS else "",
    )


def view_place_card(result: SearchResult) -> ReportCards | None:
    """What leads to the reports of the place, year or type that a query is; None where none is held."""
    if result.card is None:
        return None
    total, found = _select((result.card,), result.query)
    url = urls.report_url(found[0].id) if total == 1 else _list_url((result.card,))
    return ReportCards(_name((result.card,)), total, (), url) if found and url else None


def _select(filters: Filters, query: Query) -> tuple[int, Sequence[Report]]:
    """How many reports satisfy the filters of a query's words and the query's own, and the newest of them."""
    wanted: dict[str, set[Value]] = {}
    for field, values in filters:
        wanted.setdefault(field, set()).update(values)
    titles = {normalize_text(str(title)) for title in wanted.pop("title", ())}
    chosen = {field: tuple(of) for field, of in wanted.items()}
    for field, values in (*choice_of(query), *([("id", query.report)] if query.report else [])):
        chosen[field] = tuple(value for value in values if value in chosen.get(field, values))
        if not chosen[field]:
            return 0, ()
    searcher, choice = current_searcher(), tuple(chosen.items())
    if not titles:
        return searcher.list_reports(choice, sort="-year", count=MAX_CARDS)
    found = [
        report
        for report in searcher.reports(choice, sort="-year")
        if report.title is not None and normalize_text(report.title) in titles
    ]
    return len(found), found[:MAX_CARDS]


def _to_card(report: Report) -> ReportCard:
    return ReportCard(
        name_report(report),
        name_place(report),
        name_of(report.year),
        name_of(report.type),
        report.date or "",
        urls.report_url(report.id),
    )


def _name(filters: Filters) -> str:
    return " · ".join(
        "、".join(_runs(values) if isinstance(values[0], int) else map(name_of, values))
        for _, values in filters
    )


def _runs(values: Sequence[Value]) -> list[str]:
    years = tuple(value for value in values if isinstance(value, int))
    return [str(first) if first == last else f"{first}–{last}" for first, last in urls.year_runs(years)]


def _list_url(filters: Filters) -> str:
    """The list of the reports; "" where it can't be narrowed so."""
    chosen: dict[str, tuple[Value, ...]] = {}
    for field, values in filters:
        if field not in _LISTED:
            return ""
        chosen[field] = (*chosen.get(field, ()), *values)
    return urls.reports_url(ReportFilter(**chosen))  # type: ignore[arg-type]
