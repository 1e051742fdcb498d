"""States -> URLs: every address on a page is built here.

A search state is a `Query`; two equal states have one URL, defaults left out, runs of years as 2021..2024.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

from flask import g, request, url_for

from search.model import FACETS, Query
from web.params import LANGUAGES, PARAGRAPHS, UNKNOWN, ReportFilter, View, read_arguments

Value = str | int | None

_SAFE = "!$'()*,/:;?@"
"""What stays as it is in an address, as in Werkzeug's own."""
_SAFE_IN_PATH = "!$&'()*+,/:;=@"
_DEFAULT = Query()
_EVERY_REPORT = ReportFilter()


def search_url(query: Query, view: View = PARAGRAPHS) -> str:
    """The page of this search, looked at in this way."""
    return _address(_page("pages.search"), query_args(query) | view_args(view))


def view_args(view: View) -> dict[str, str]:
    """The parameters of a way to look at a search: only those that it uses, defaults left out."""
    args = {"view": view.name} if view.name != PARAGRAPHS.name else {}
    if view.name == "concordance" and view.order != PARAGRAPHS.order:
        args["order"] = view.order
    if view.name == "distribution" and view.measure != PARAGRAPHS.measure:
        args["measure"] = view.measure
    return args


def cite_url(report_id: str, *, n: int | None = None) -> str:
    """The page with the citation of a report or of its paragraph n."""
    return _address(_report_page("citations.cite_page", report_id), {"n": n})


def bibtex_url(report_id: str, *, n: int | None = None) -> str:
    return url_for("citations.bibtex", report_id=report_id, n=n)


def absolute_report_url(report_id: str, *, n: int | None = None) -> str:
    """A report's lasting address with its host, for citations: in no language of the interface, nothing marked."""
    return url_for(
        "pages.report", report_id=report_id, lang=None, _anchor=None if n is None else f"p{n}", _external=True
    )


def absolute_search_url(query: Query, view: View = PARAGRAPHS) -> str:
    """A search's lasting address with its host, looked at in this way, in no language of the interface."""
    args: dict[str, Any] = query_args(query) | view_args(view)
    return url_for("pages.search", lang=None, _external=True, **args)


def make_paragraph_urls() -> Callable[[str, int], str]:
    """(report id, n) -> its lasting address with its host, without a request: for files written after it has ended."""
    root = absolute_report_url("0").removesuffix("0")
    return lambda report_id, n: f"{root}{quote(report_id)}#p{n}"


def api_page_url(endpoint: str, query: Query, **others: Any) -> str:
    """A page of `search` or `concordance` as JSON."""
    return url_for(endpoint, **query_args(query), **others)


def absolute_feed_url(query: Query) -> str:
    """The Atom feed of a search with its host."""
    return url_for("feeds.feed", lang=None, _external=True, **_whole(query))


def language_url(language: str) -> str:
    """This same page in a language of the interface."""
    args = [(name, value) for name, value in read_arguments() if name != "lang"]
    if language != LANGUAGES[0]:
        args.append(("lang", language))
    return request.script_root + request.path + ("?" + urlencode(args) if args else "")


def server_url() -> str:
    """The root of this server, prefix included, without a slash at the end."""
    return request.url_root.rstrip("/")


def api_search_url(query: Query) -> str:
    """The JSON twin of this search."""
    return url_for("api.search", **query_args(query))


def report_url(report_id: str, *, n: int | None = None, text: str = "") -> str:
    """A report, at paragraph n where one is given, with the hits of `text` marked."""
    address = _address(_report_page("pages.report", report_id), {"q": text})
    return address if n is None else f"{address}#p{n}"


def export_url(kind: str, query: Query, view: View = PARAGRAPHS, **others: Any) -> str:
    """The file of a search in a view; `kind` is export_csv, export_xlsx or distribution_csv."""
    args: dict[str, Any] = _whole(query) | view_args(view)
    return url_for(f"exports.{kind}", **args, **others)


def feed_url(query: Query) -> str:
    """The Atom feed of a search."""
    return url_for("feeds.feed", **_whole(query))


def follow_url(query: Query) -> str:
    """The page that says how to follow a search."""
    return _address(_page("pages.follow"), _whole(query))


def _whole(query: Query) -> dict[str, Any]:
    return query_args(replace(query, page=_DEFAULT.page, per_page=_DEFAULT.per_page, group=_DEFAULT.group))


def suggest_url() -> str:
    """Where the box asks for suggestions."""
    return url_for("api.suggest")


def api_report_url(report_id: str) -> str:
    return url_for("api.report", report_id=report_id)


def reports_url(chosen: ReportFilter) -> str:
    """The list of reports in this state."""
    args: dict[str, Any] = {name: _spell(name, getattr(chosen, name)) for name in FACETS}
    if chosen.sort != _EVERY_REPORT.sort:
        args["sort"] = chosen.sort
    if chosen.page != 1:
        args["page"] = chosen.page
    return _address(_page("pages.reports"), {name: value for name, value in args.items() if value})


def endpoint_url(endpoint: str, *, is_external: bool = False, **args: Any) -> str:
    """An address for other sites by its endpoint; external ones begin with scheme and host."""
    return url_for(endpoint, _external=is_external, **args)


def make_toggle_urls(query: Query, field: str, view: View = PARAGRAPHS) -> Callable[[Value], str]:
    """The page on which a value of this group is toggled, for many values: what they share is spelled once."""
    path, tail = _page("pages.search")
    shared = _all_args(replace(query, page=1)) | view_args(view)
    names = list(shared)
    spelled = [_encode(name, value) for name, value in shared.items()]
    at = names.index(field)
    before, behind = spelled[:at], [*spelled[at + 1 :], tail]
    chosen: tuple[Value, ...] = getattr(query, field)
    head = "&".join(part for part in (*before, spelled[at], f"{field}=") if part)
    end = "".join(f"&{part}" for part in behind if part)

    def url(value: Value) -> str:
        if value not in chosen and field != "year":  # nearly all of them: one more stands behind the others
            return f"{path}?{head}{_quoted(UNKNOWN if value is None else str(value))}{end}"
        part = _encode(field, _spell(field, _in_order(field, _toggled(chosen, value))))
        return f"{path}?{'&'.join(one for one in (*before, part, *behind) if one)}".rstrip("?")

    return url


def make_value_urls(query: Query, field: str) -> Callable[[Value], str]:
    """The page of paragraphs with this one value of a group, for many values."""
    return make_toggle_urls(with_values(query, field, ()), field)


def _page(endpoint: str) -> tuple[str, str]:
    """The path of a page without parameters of its own, and what every address of this request carries.

    Worked out once a request: a page of results has hundreds of addresses, and routing each takes most of its time.
    """
    known: dict[str, tuple[str, str]] = g.setdefault("page_paths", {})
    if endpoint not in known:
        path, _, tail = url_for(endpoint).partition("?")
        known[endpoint] = path, tail
    return known[endpoint]


_ANY_REPORT = "any-report"


def _report_page(endpoint: str, report_id: str) -> tuple[str, str]:
    """As `_page`, for a page of one report."""
    known: dict[str, tuple[str, str, str]] = g.setdefault("report_paths", {})
    if endpoint not in known:
        path, _, tail = url_for(endpoint, report_id=_ANY_REPORT).partition("?")
        before, _, after = path.rpartition(_ANY_REPORT)
        known[endpoint] = before, after, tail
    before, after, tail = known[endpoint]
    return f"{before}{quote(report_id, safe=_SAFE_IN_PATH)}{after}", tail


def _address(page: tuple[str, str], args: dict[str, Any]) -> str:
    path, tail = page
    parts = [part for part in (*(_encode(name, value) for name, value in args.items()), tail) if part]
    return f"{path}?{'&'.join(parts)}" if parts else path


def _encode(name: str, value: Any) -> str:
    """A parameter as it stands in an address, several values one behind the other; "" where there is none."""
    values = value if isinstance(value, list) else [value] if value else []
    return "&".join(f"{name}={_quoted(str(one))}" for one in values)


@lru_cache(maxsize=4096)
def _quoted(value: str) -> str:
    return quote_plus(value, safe=_SAFE)


def query_args(query: Query) -> dict[str, Any]:
    """The parameters that make this state, defaults left out."""
    return {name: value for name, value in _all_args(query).items() if value}


def _all_args(query: Query) -> dict[str, Any]:
    args: dict[str, Any] = {"q": query.text}
    for name in FACETS:
        args[name] = _spell(name, getattr(query, name))
    args["report"] = list(query.report)
    for name in ("sort", "page", "per_page"):
        if getattr(query, name) != getattr(_DEFAULT, name):
            args[name] = getattr(query, name)
    if not query.synonyms:
        args["synonyms"] = "off"
    if query.group:
        args["group"] = query.group
    return args


def toggle(query: Query, field: str, value: Value) -> Query:
    """The state in which this value of a group is chosen, or no longer; back on page 1."""
    return with_values(query, field, _toggled(getattr(query, field), value))


def _toggled(chosen: tuple[Value, ...], value: Value) -> tuple[Value, ...]:
    return tuple(v for v in chosen if v != value) if value in chosen else (*chosen, value)


def _in_order(field: str, values: tuple[Value, ...]) -> tuple[Value, ...]:
    return tuple(sorted(values, key=lambda v: (v is None, v))) if field == "year" else values


def with_values(query: Query, field: str, values: tuple[Value, ...]) -> Query:
    """The state with these values in a group; back on page 1."""
    changes: dict[str, Any] = {field: _in_order(field, values)}
    return replace(query, page=1, **changes)


def without_filters(query: Query) -> Query:
    """The same question of the whole collection."""
    return replace(query, city=(), province=(), year=(), type=(), page=1)


def year_runs(years: tuple[int | None, ...]) -> list[tuple[int, int]]:
    """Known years as runs without gaps.

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
    if field != "year":
        return [UNKNOWN if value is None else str(value) for value in values]
    known = [str(a) if a == b else f"{a}..{b}" for a, b in year_runs(values)]  # type: ignore[arg-type]
    return known + ([UNKNOWN] if None in values else [])
