"""Queries and views -> URLs: every address on a page is built here.

Equal queries have the same URL; how parameters are spelled: `web.spelling`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

from flask import request, url_for

from search.model import FACETS, REPORT_FACETS, YEAR_FIELDS, Query
from search.model import without_filters as drop_filters
from web.asked_views import PARAGRAPHS, ReportFilter, View, sample_args
from web.current_budget import charge_made
from web.link_room import ORDINARY_BYTES, has_room, listing, take_room
from web.params import LANGUAGES, read_arguments
from web.paths import SAFE_IN_PATH, absolute_path_of, page_path, path_of, path_of_report
from web.spelling import (
    PLACES,
    Value,
    encode,
    in_order,
    join_parts,
    quote_values,
    spell_query,
    spell_values,
    toggled,
)
from web.spelling import query_args as query_args
from web.spelling import year_runs as year_runs

CHARGED_CHARS = 200
"""An address that is shorter takes less than to note what it takes."""
_UNPAGED = dict.fromkeys(("page", "per_page", "group", "fold"))
_UNFILTERED = dict.fromkeys((*FACETS, "added", "ocr", "page"))
_OF_INSTRUMENTS = dict.fromkeys(("sort", "page", "per_page", "match", "group", "fold"))
"""What instruments don't take of a search: order, pages and groups."""
_EVERY_REPORT = ReportFilter()


def search_url(query: Query, view: View = PARAGRAPHS, **changes: Any) -> str:
    """The page of a search in a view.

    Args:
        changes: settings of the query that the address has otherwise: page, sort, axis, match, group, fold …
    """
    return _of_query("pages.search", query, view, changes)


def view_args(view: View) -> dict[str, str]:
    """The parameters of a view: those that it uses, without defaults."""
    args = {"view": view.name} if view.name != PARAGRAPHS.name else {}
    if view.name == "concordance" and view.order != PARAGRAPHS.order:
        args["order"] = view.order
    if view.name == "concordance" and view.sample is not None:
        args |= sample_args(view.sample)
    if view.name == "distribution" and view.measure != PARAGRAPHS.measure:
        args["measure"] = view.measure
    return args


def cite_url(report_id: str, *, n: int | None = None) -> str:
    """The citation of a report or of its paragraph n."""
    return _address(path_of_report("citations.cite_page", report_id), {"n": n})


def correct_url(report_id: str, *, n: int | None = None) -> str:
    """Where a report or its paragraph n is corrected."""
    return _address(path_of_report("corrections.correct", report_id), {"n": n})


def absolute_report_url(report_id: str, *, n: int | None = None) -> str:
    """A report's permanent absolute address, for citations: without language and highlights."""
    return url_for(
        "pages.report", report_id=report_id, lang=None, _anchor=None if n is None else f"p{n}", _external=True
    )


def absolute_search_url(query: Query, view: View = PARAGRAPHS, **changes: Any) -> str:
    """The permanent absolute address of a search in a view, without language; `changes` as in `search_url`."""
    said = join_parts([*spell_query(query, changes), _spell_view(view)])
    path = absolute_path_of("pages.search")
    return f"{path}?{said}" if said else path


def make_paragraph_urls() -> Callable[[str, int], str]:
    """(report id, n) -> permanent absolute address; usable after the request has ended, for streamed files."""
    root = absolute_report_url("0").removesuffix("0")
    return lambda report_id, n: f"{root}{quote(report_id)}#p{n}"


def api_page_url(endpoint: str, query: Query, **others: Any) -> str:
    """A page of a JSON operation."""
    return url_for(endpoint, **query_args(query), **others)


def absolute_feed_url(query: Query, feed: str = "feed") -> str:
    """The absolute address of a feed of a search: feed, spread_feed, or either with _json."""
    return url_for(f"feeds.{feed}", lang=None, _external=True, **_unpaged_args(query))


def language_url(language: str) -> str:
    """The current page in another language of the interface."""
    args = [(name, value) for name, value in read_arguments() if name != "lang"]
    if language != LANGUAGES[0]:
        args.append(("lang", language))
    path = "/" + quote(request.path.lstrip("/\\"), safe=SAFE_IN_PATH)  # never //host
    return quote(request.script_root, safe=SAFE_IN_PATH) + path + ("?" + urlencode(args) if args else "")


def server_url() -> str:
    """The root of this server, prefix included, without a slash at the end."""
    return request.url_root.rstrip("/")


def api_search_url(query: Query) -> str:
    """A search as JSON."""
    return _of_query("api.search", query)


def report_url(report_id: str, *, n: int | None = None, text: str = "", tier: int = 1) -> str:
    """A report, at paragraph n if given, with the hits of `text` highlighted: of tier 1, or 1 and 2; of 3 n alone.

    Where a long text leaves no room for its addresses (`listed`), nothing is highlighted.
    """
    if text and not has_room():
        text = ""
    args: dict[str, Any] = {"q": text, "match": "all" if text and tier > 1 else ""}
    if text and tier > 2:
        args["n"] = n
    address = _address(path_of_report("pages.report", report_id), args)
    take_room(len(address))
    return address if n is None else f"{address}#p{n}"


def export_url(kind: str, query: Query, view: View = PARAGRAPHS, **others: Any) -> str:
    """The file of a search in a view; `kind` is export_csv, export_xlsx or distribution_csv."""
    return _of_query(f"exports.{kind}", query, view, _UNPAGED, others)


def feed_url(query: Query) -> str:
    """The Atom feed of a search."""
    return _of_query("feeds.feed", query, changes=_UNPAGED)


def follow_url(query: Query) -> str:
    """The page on subscribing to a search."""
    return _of_query("pages.follow", query, changes=_UNPAGED)


def instrument_url(endpoint: str, query: Query) -> str:
    """The page of an instrument that takes a search."""
    return _of_query(endpoint, query, changes=_OF_INSTRUMENTS)


def _unpaged_args(query: Query) -> dict[str, Any]:
    """The parameters of all hits of a query, for feeds: without page and grouping."""
    return {name: value for name, value in query_args(query).items() if name not in _UNPAGED}


def search_path() -> str:
    """Where the form of a search goes."""
    return path_of("pages.search")[0]


def oembed_url() -> str:
    """The absolute address of what other sites may show of this page."""
    return f"{absolute_path_of('oembed.oembed')}?{encode('url', request.url)}&format=json"


def suggest_url() -> str:
    """The address of suggestions."""
    return page_path("api.suggest")


def api_report_url(report_id: str) -> str:
    """A report as JSON."""
    return url_for("api.report", report_id=report_id)


def reports_url(chosen: ReportFilter) -> str:
    """The list of reports with these filters, this order and page."""
    args = report_filter_args(chosen)
    if chosen.sort != _EVERY_REPORT.sort:
        args["sort"] = chosen.sort
    if chosen.page != 1:
        args["page"] = chosen.page
    return _address(path_of("pages.reports"), args)


def report_filter_args(chosen: ReportFilter) -> dict[str, Any]:
    """The filters of a list of reports as parameters, without order and page."""
    args = {name: spell_values(name, getattr(chosen, name)) for name in REPORT_FACETS}
    return {name: value for name, value in args.items() if value}


def page_url(endpoint: str, args: dict[str, Any]) -> str:
    """The address of a page or answer whose path has no variables."""
    return _address(path_of(endpoint), args)


def endpoint_url(endpoint: str, *, is_external: bool = False, **args: Any) -> str:
    """The address of an endpoint; external ones are absolute."""
    return url_for(endpoint, _external=is_external, **args)


class _Toggles:
    """Addresses of the search with a value toggled in a filter; what they share is spelled once."""

    def __init__(self, query: Query, field: str, view: View) -> None:
        path, tail = path_of("pages.search")
        parts = [*spell_query(query, {"page": None}), _spell_view(view), tail]
        at = PLACES[field]
        self._path, self._field = path, field
        self._before, self._behind = join_parts(parts[:at]), join_parts(parts[at + 1 :])
        self.chosen: tuple[Value, ...] = getattr(query, field)
        shared = join_parts((self._before, parts[at], f"{field}="))
        self._head, self._end = f"{path}?{shared}", f"&{self._behind}" if self._behind else ""
        # The common case: one more value at the end. Of several years a range is made.
        self._is_common = not self.chosen or field not in YEAR_FIELDS

    def url(self, value: Value) -> str:
        if self._is_common and value not in self.chosen:
            return f"{self._head}{quote_values((value,))[0]}{self._end}"
        field = self._field
        part = encode(field, spell_values(field, in_order(field, toggled(self.chosen, value))))
        said = join_parts((self._before, part, self._behind))
        return f"{self._path}?{said}" if said else self._path

    def shared(self, quoted: Sequence[str]) -> tuple[str, str]:
        """What stands before and behind the value in the addresses that add one; ("", "") if they are not so made."""
        longest = max(map(len, quoted), default=0)
        is_ordinary = len(self._head) + longest + len(self._end) <= ORDINARY_BYTES
        return (self._head, self._end) if self._is_common and is_ordinary and has_room() else ("", "")


def make_toggle_urls(query: Query, field: str, view: View = PARAGRAPHS) -> Callable[[Value], str]:
    """value -> the search with the value toggled in a filter, `listed`."""
    return listing(_Toggles(query, field, view).url)


def spell_toggles(
    query: Query, field: str, values: Sequence[Value], view: View = PARAGRAPHS
) -> tuple[tuple[str, str], list[str]]:
    """What `make_toggle_urls` gives for each of many values: what the addresses share, and what is each one's own.

    An address that adds a value begins and ends with what is shared; one that drops it is whole.
    """
    toggles = _Toggles(query, field, view)
    own = quote_values(values)
    shared = toggles.shared(own)
    if not shared[0]:
        return shared, list(map(listing(toggles.url), values))
    for at in [at for at, value in enumerate(values) if value in toggles.chosen] if toggles.chosen else ():
        own[at] = toggles.url(values[at])
    return shared, own


def make_value_urls(query: Query, field: str) -> Callable[[Value], str]:
    """value -> the search with that one value in a filter, `listed`."""
    return make_toggle_urls(with_values(query, field, ()), field)


def _of_query(
    endpoint: str,
    query: Query,
    view: View = PARAGRAPHS,
    changes: Mapping[str, Any] | None = None,
    others: Mapping[str, Any] | None = None,
) -> str:
    path, tail = path_of(endpoint)
    parts = [*spell_query(query, changes), _spell_view(view)]
    parts += [encode(name, value) for name, value in (others or {}).items()]
    return _joined(path, [*parts, tail])


def _spell_view(view: View) -> str:
    return "" if view is PARAGRAPHS else join_parts([encode(*arg) for arg in view_args(view).items()])


def _address(page: tuple[str, str], args: Mapping[str, Any]) -> str:
    path, tail = page
    return _joined(path, [*[encode(name, value) for name, value in args.items()], tail])


def _joined(path: str, parts: Iterable[str]) -> str:
    said = join_parts(parts)
    address = f"{path}?{said}" if said else path
    if len(address) > CHARGED_CHARS:
        charge_made(2 * len(address))
    return address


def on_first_page(query: Query) -> Query:
    """The first page of a search."""
    return query if query.page == 1 else replace(query, page=1)


def toggle(query: Query, field: str, value: Value) -> Query:
    """The query with a value added to a filter, or removed if it was there; page 1."""
    return with_values(query, field, toggled(getattr(query, field), value))


def with_values(query: Query, field: str, values: tuple[Value, ...]) -> Query:
    """The query with these values in a filter; page 1."""
    changes: dict[str, Any] = {field: in_order(field, values)}
    return replace(query, page=1, **changes)


def unfiltered_url(query: Query, view: View = PARAGRAPHS) -> str:
    """The search `without_filters`."""
    return _of_query("pages.search", query, view, _UNFILTERED)


def without_filters(query: Query) -> Query:
    """The query without the filters of its facets and of the days; page 1."""
    return drop_filters(query, [*FACETS, "added", "ocr"])
