"""What changes, as feeds by intake: the paragraphs of a search, the reports held, the places that say something.

Each is Atom and JSON Feed, in pages. Entry ids are derived from ids of paragraphs and reports, so they survive a change
of the server's address.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response

from search.errors import QueryError
from search.instruments.answers import SpreadPlace
from search.instruments.spread import find_spread
from search.messages import Message
from search.model import Hit, Query, Report
from search.report_order import came_in_at
from web import api_parameters as takes
from web import messages as says
from web import urls
from web.asked_views import ReportFilter, View
from web.current_searcher import current_searcher
from web.feed_formats import ATOM_TYPE, JSON_TYPE, Entry, FeedPage, identify, send_atom, send_json
from web.i18n import phrase, say, translate
from web.labels import name_report
from web.long_work import compute_once
from web.number_citation import COUNTED, name_filters
from web.operations import file_operation
from web.params import MAX_HITS, read_asked, read_number, read_report_filter, read_search
from web.report_list import choice_of

feeds = Blueprint("feeds", __name__)

MAX_ENTRIES = 50
TITLE_CHARS = 60
JSON_FEED = dict[str, Any]
_OF_SEARCH = (*takes.SEARCH, takes.PAGE)
_OF_REPORTS = (*takes.REPORT_FILTERS, takes.PAGE)
_OF_SPREAD = (takes.Q, *takes.FILTERS, takes.REPORT, takes.SYNONYMS, takes.AXIS, takes.PAGE)
_OF_A_SEARCH = {"feed": phrase("New paragraphs"), "spread_feed": phrase("First mentions of places")}


@dataclass(frozen=True, slots=True)
class _Address:
    """Where a feed is: its view, what it asks, and the page to show."""

    endpoint: str
    args: dict[str, Any]
    page: int

    def identify(self, kind: str) -> str:
        """The id of the feed; the same of each form and page."""
        return identify(kind, repr(sorted((name, str(value)) for name, value in self.args.items())))

    def links(self, total: int) -> list[tuple[str, str]]:
        """The address of this page and of those around it, as far as one can page."""
        last = max(1, min(-(-total // MAX_ENTRIES), MAX_HITS // MAX_ENTRIES))
        pages = {
            "self": self.page,
            "first": 1,
            "previous": self.page - 1,
            "next": self.page + 1,
            "last": last,
        }
        return [(rel, self._url(page)) for rel, page in pages.items() if 1 <= page <= last or rel == "self"]

    def _url(self, page: int) -> str:
        return urls.endpoint_url(
            self.endpoint, is_external=True, lang=None, **self.args, page=page if page > 1 else None
        )


@feeds.get("/feed.atom")
@file_operation(phrase("The paragraphs found that came in last"), _OF_SEARCH, ATOM_TYPE)
def feed() -> Response:
    """The paragraphs of a search, what came in last first."""
    return send_atom(_paragraphs("feeds.feed"))


@feeds.get("/feed.json")
@file_operation(
    phrase("The paragraphs found that came in last, as JSON Feed"), _OF_SEARCH, JSON_TYPE, answer=JSON_FEED
)
def feed_json() -> Response:
    """The same as JSON Feed."""
    return send_json(_paragraphs("feeds.feed_json"))


@feeds.get("/reports.atom")
@file_operation(phrase("The reports that came in last"), _OF_REPORTS, ATOM_TYPE)
def reports_feed() -> Response:
    """The reports held, what came in last first."""
    return send_atom(_reports("feeds.reports_feed"))


@feeds.get("/reports.json")
@file_operation(
    phrase("The reports that came in last, as JSON Feed"), _OF_REPORTS, JSON_TYPE, answer=JSON_FEED
)
def reports_feed_json() -> Response:
    """The same as JSON Feed."""
    return send_json(_reports("feeds.reports_feed_json"))


@feeds.get("/spread.atom")
@file_operation(phrase("First mentions of places, what came in last first"), _OF_SPREAD, ATOM_TYPE)
def spread_feed() -> Response:
    """First mentions of places, what came in last first."""
    return send_atom(_spread("feeds.spread_feed"))


@feeds.get("/spread.json")
@file_operation(phrase("First mentions of places as JSON Feed"), _OF_SPREAD, JSON_TYPE, answer=JSON_FEED)
def spread_feed_json() -> Response:
    """The same as JSON Feed."""
    return send_json(_spread("feeds.spread_feed_json"))


def list_feeds(query: Query) -> list[tuple[str, ...]]:
    """What changes in a search: the name of each feed, what it has, and its addresses as Atom and as JSON Feed."""
    return [
        (name, translate(label), *(urls.absolute_feed_url(query, f"{name}{form}") for form in ("", "_json")))
        for name, label in _OF_A_SEARCH.items()
    ]


def _paragraphs(endpoint: str) -> FeedPage:
    asked = read_search()
    page = _checked(asked.page)
    query = replace(asked, sort="-added", per_page=MAX_ENTRIES, fold=False)
    result = current_searcher().search(query)
    counted = 2 if query.match == "all" else 1
    hits = [hit for hit in result.hits if hit.tier <= counted]
    plain = replace(query, sort="relevance", page=1, per_page=10, group="")
    address = _Address(endpoint, urls.query_args(plain), page)
    return FeedPage(
        address.identify("feed"),
        _title(query.text or says.ALL_PARAGRAPHS(), query),
        translate("Xiesou"),
        urls.absolute_search_url(plain),
        address.links(result.total),
        [_paragraph(hit) for hit in hits],
    )


def _reports(endpoint: str) -> FeedPage:
    chosen = read_report_filter()
    page = _checked(chosen.page)
    total, held = current_searcher().list_reports(
        choice_of(chosen), sort="-added", skip=(page - 1) * MAX_ENTRIES, count=MAX_ENTRIES
    )
    address = _Address(endpoint, urls.report_filter_args(chosen), page)
    return FeedPage(
        address.identify("feed of reports"),
        _title(translate("Reports"), chosen),
        translate("Xiesou"),
        urls.endpoint_url("pages.reports", is_external=True, lang=None, **address.args),
        address.links(total),
        [
            Entry(
                identify("report", report.id),
                name_report(report),
                came_in_at(report),
                urls.absolute_report_url(report.id),
                _place_of(report),
            )
            for report in held
        ],
    )


def _spread(endpoint: str) -> FeedPage:
    query = read_asked()
    page = _checked(read_number("page", default=1, highest=MAX_HITS))
    searcher = current_searcher()
    found = compute_once(find_spread, query).places
    ids = tuple(one.report for one in found)
    reports = {report.id: report for report in searcher.reports((("id", ids),))} if ids else {}
    places = sorted(found, key=lambda one: came_in_at(reports[one.report]), reverse=True)
    address = _Address(endpoint, urls.query_args(query), page)
    return FeedPage(
        address.identify("feed of first mentions"),
        _title(says.SPREAD_OF(query=query.text or says.ALL_PARAGRAPHS()), query),
        translate("Xiesou"),
        urls.absolute_search_url(query, View("spread")),
        address.links(len(places)),
        [_first_mention(one, reports[one.report]) for one in _slice(places, page)],
    )


def _title(asked: str | Message, chosen: Query | ReportFilter) -> str:
    """What is followed, and with which filters."""
    conditions = list(name_filters(chosen))
    if isinstance(chosen, Query) and chosen.match == "all":
        conditions.insert(0, COUNTED["all"]())
    if not conditions:
        return say(says.FEED_TITLE(query=asked))
    return say(says.FEED_TITLE_OF(query=asked, conditions=conditions))


def _checked(page: int) -> int:
    if page * MAX_ENTRIES > MAX_HITS:
        raise QueryError(says.PAGE_TOO_FAR(page=page, most=MAX_HITS), field="page", hint=says.NARROW_SEARCH())
    return page


def _slice(entries: Sequence[Any], page: int) -> Sequence[Any]:
    return entries[(page - 1) * MAX_ENTRIES : page * MAX_ENTRIES]


def _paragraph(hit: Hit) -> Entry:
    report, place = hit.report, _place_of(hit.report)
    return Entry(
        identify("paragraph", hit.id),
        f"{place} · {_shorten(hit.text)}" if place else _shorten(hit.text),
        came_in_at(report),
        urls.absolute_report_url(report.id, n=hit.n),
        hit.text,
        report.title or "",
    )


def _first_mention(one: SpreadPlace, report: Report) -> Entry:
    number = one.paragraph.rpartition("-p")[2]
    return Entry(
        identify("place", f"{one.place} {one.level} {one.paragraph}"),
        f"{one.place} · {_shorten(one.text)}",
        came_in_at(report),
        urls.absolute_report_url(one.report, n=int(number) if number.isdigit() else None),
        one.text,
        report.title or "",
    )


def _place_of(report: Report) -> str:
    return " ".join(str(value) for value in (report.city, report.year, report.type) if value)


def _shorten(text: str) -> str:
    return text if len(text) <= TITLE_CHARS else text[:TITLE_CHARS] + "…"
