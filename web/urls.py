"""Queries and views -> URLs: every address on a page is built here.

Equal queries have the same URL: defaults are left out, consecutive years are written 2021..2024.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

from flask import request, url_for

from search.lru import LruCache
from search.model import FACETS, REPORT_FACETS, YEAR_FIELDS, Query
from search.model import without_filters as drop_filters
from search.sizes import deep_bytes
from web.asked_views import PARAGRAPHS, ReportFilter, View, sample_args
from web.current_budget import charge_made
from web.link_room import has_room, listing, take_room
from web.params import LANGUAGES, read_arguments
from web.paths import SAFE_IN_PATH, page_path, path_of, path_of_report
from web.time_values import UNKNOWN

Value = str | int | None

_SAFE = "!$'()*,/:;?@"
"""Characters that are not percent-encoded, as in Werkzeug."""
_DEFAULT = Query()
_DEFAULTS = tuple((name, getattr(_DEFAULT, name)) for name in ("axis", "sort", "page", "per_page", "match"))
_EVERY_REPORT = ReportFilter()


def search_url(query: Query, view: View = PARAGRAPHS) -> str:
    """The page of a search in a view."""
    return _address(path_of("pages.search"), query_args(query) | view_args(view))


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


def absolute_search_url(query: Query, view: View = PARAGRAPHS) -> str:
    """The permanent absolute address of a search in a view, without language."""
    args: dict[str, Any] = query_args(query) | view_args(view)
    return url_for("pages.search", lang=None, _external=True, **args)


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
    return _address(path_of("api.search"), query_args(query))


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
    return _address(path_of(f"exports.{kind}"), _unpaged_args(query) | view_args(view) | others)


def feed_url(query: Query) -> str:
    """The Atom feed of a search."""
    return _address(path_of("feeds.feed"), _unpaged_args(query))


def follow_url(query: Query) -> str:
    """The page on subscribing to a search."""
    return _address(path_of("pages.follow"), _unpaged_args(query))


def _unpaged_args(query: Query) -> dict[str, Any]:
    """The parameters of all hits of a query, for files and feeds: without page and grouping."""
    return query_args(
        replace(query, page=_DEFAULT.page, per_page=_DEFAULT.per_page, group=_DEFAULT.group, fold=False)
    )


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
    args = {name: _spell(name, getattr(chosen, name)) for name in REPORT_FACETS}
    return {name: value for name, value in args.items() if value}


def page_url(endpoint: str, args: dict[str, Any]) -> str:
    """The address of a page or answer whose path has no variables."""
    return _address(path_of(endpoint), args)


def endpoint_url(endpoint: str, *, is_external: bool = False, **args: Any) -> str:
    """The address of an endpoint; external ones are absolute."""
    return url_for(endpoint, _external=is_external, **args)


def make_toggle_urls(query: Query, field: str, view: View = PARAGRAPHS) -> Callable[[Value], str]:
    """value -> the search with the value toggled in a filter, `listed`; encodes what all of these URLs share once."""
    path, tail = path_of("pages.search")
    shared = query_args(on_first_page(query), also=field) | view_args(view)
    names = list(shared)
    spelled = [_encode(name, value) for name, value in shared.items()]
    at = names.index(field)
    before, behind = spelled[:at], [*spelled[at + 1 :], tail]
    chosen: tuple[Value, ...] = getattr(query, field)
    head = "&".join(part for part in (*before, spelled[at], f"{field}=") if part)
    end = "".join(f"&{part}" for part in behind if part)
    # The common case: one more value at the end. Of several years a range is made.
    is_common = not chosen or field not in YEAR_FIELDS

    def url(value: Value) -> str:
        if is_common and value not in chosen:
            return f"{path}?{head}{_quoted(UNKNOWN if value is None else str(value))}{end}"
        part = _encode(field, _spell(field, _in_order(field, _toggled(chosen, value))))
        return f"{path}?{'&'.join(one for one in (*before, part, *behind) if one)}".rstrip("?")

    return listing(url)


def make_value_urls(query: Query, field: str) -> Callable[[Value], str]:
    """value -> the search with that one value in a filter, `listed`."""
    return make_toggle_urls(with_values(query, field, ()), field)


def _address(page: tuple[str, str], args: dict[str, Any]) -> str:
    path, tail = page
    parts = [part for part in (*(_encode(name, value) for name, value in args.items()), tail) if part]
    address = f"{path}?{'&'.join(parts)}" if parts else path
    charge_made(2 * len(address))
    return address


def _encode(name: str, value: Any) -> str:
    """A parameter, percent-encoded, repeated for each of its values; "" if it has none."""
    values = value if isinstance(value, (list, tuple)) else [value] if value else []
    return "&".join(f"{name}={_quoted(str(one))}" for one in values)


def _quoted(value: str) -> str:
    return _KNOWN.get(value) or _KNOWN.put(value, quote_plus(value, safe=_SAFE))


_KNOWN: LruCache[str, str] = LruCache(most=4_096, size_bytes=4 << 20, size_of=deep_bytes)


def query_args(query: Query, *, also: str = "") -> dict[str, Any]:
    """The parameters of a query, without defaults; a facet named by `also` has its place even without a value."""
    args: dict[str, Any] = {"q": query.text} if query.text else {}
    for name in FACETS:
        values = getattr(query, name)
        if values or name == also:
            args[name] = _spell(name, values)
    if query.report:
        args["report"] = list(query.report)
    if any(query.added):
        first, last = query.added
        args["added"] = first if first == last else f"{first or ''}..{last or ''}"
    if not query.ocr:
        args["ocr"] = "off"
    for name, default in _DEFAULTS:
        value = getattr(query, name)
        if value != default:
            args[name] = value
    if not query.synonyms:
        args["synonyms"] = "off"
    if query.group:
        args["group"] = query.group
    if query.fold:
        args["fold"] = "on"
    return args


def on_first_page(query: Query) -> Query:
    """The first page of a search."""
    return query if query.page == 1 else replace(query, page=1)


def toggle(query: Query, field: str, value: Value) -> Query:
    """The query with a value added to a filter, or removed if it was there; page 1."""
    return with_values(query, field, _toggled(getattr(query, field), value))


def _toggled(chosen: tuple[Value, ...], value: Value) -> tuple[Value, ...]:
    return tuple(v for v in chosen if v != value) if value in chosen else (*chosen, value)


def _in_order(field: str, values: tuple[Value, ...]) -> tuple[Value, ...]:
    return tuple(sorted(values, key=lambda v: (v is None, v))) if field in YEAR_FIELDS else values


def with_values(query: Query, field: str, values: tuple[Value, ...]) -> Query:
    """The query with these values in a filter; page 1."""
    changes: dict[str, Any] = {field: _in_order(field, values)}
    return replace(query, page=1, **changes)


def without_filters(query: Query) -> Query:
    """The query without the filters of its facets and of the days; page 1."""
    return drop_filters(query, [*FACETS, "added", "ocr"])


def year_runs(years: tuple[int | None, ...]) -> list[tuple[int, int]]:
    """The known years as runs of consecutive years.

    Example:
        >>> year_runs((2019, 2021, 2022, 2023, None))
        [(2019, 2019), (2021, 2023)]
    """
    runs: list[tuple[int, int]] = []
    for year in sorted(year for year in years if year is not None):
        if runs and year == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], year)
        else:
            runs.append((year, year))
    return runs


def _spell(field: str, values: tuple[Value, ...]) -> list[str]:
    if field not in YEAR_FIELDS:
        return [UNKNOWN if value is None else str(value) for value in values]
    known = [str(a) if a == b else f"{a}..{b}" for a, b in year_runs(values)]  # type: ignore[arg-type]
    return known + ([UNKNOWN] if None in values else [])
