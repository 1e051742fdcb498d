"""States -> URLs: every address on a page is built here.

A search state is a `Query`; two equal states have one URL, defaults left out, runs of years as 2021..2024.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import url_for

from search.model import FACETS, Query
from web.params import UNKNOWN, ReportFilter

Value = str | int | None

_DEFAULT = Query()
_EVERY_REPORT = ReportFilter()


def search_url(query: Query) -> str:
    """The page of this search."""
    return url_for("pages.search", **query_args(query))


def api_search_url(query: Query) -> str:
    """The JSON twin of this search."""
    return url_for("api.search", **query_args(query))


def report_url(report_id: str, *, n: int | None = None, text: str = "") -> str:
    """A report, at paragraph n where one is given, with the hits of `text` marked."""
    return url_for(
        "pages.report", report_id=report_id, q=text or None, _anchor=None if n is None else f"p{n}"
    )


def api_report_url(report_id: str) -> str:
    return url_for("api.report", report_id=report_id)


def reports_url(chosen: ReportFilter) -> str:
    """The list of reports in this state."""
    args: dict[str, Any] = {name: _spell(name, getattr(chosen, name)) for name in FACETS}
    if chosen.sort != _EVERY_REPORT.sort:
        args["sort"] = chosen.sort
    if chosen.page != 1:
        args["page"] = chosen.page
    return url_for("pages.reports", **{name: value for name, value in args.items() if value})


def query_args(query: Query) -> dict[str, Any]:
    """The parameters that make this state, defaults left out."""
    args: dict[str, Any] = {"q": query.text}
    for name in FACETS:
        args[name] = _spell(name, getattr(query, name))
    for name in ("sort", "page", "per_page"):
        if getattr(query, name) != getattr(_DEFAULT, name):
            args[name] = getattr(query, name)
    return {name: value for name, value in args.items() if value}


def toggle(query: Query, field: str, value: Value) -> Query:
    """The state in which this value of a group is chosen, or no longer; back on page 1."""
    chosen: tuple[Value, ...] = getattr(query, field)
    after = tuple(v for v in chosen if v != value) if value in chosen else (*chosen, value)
    return with_values(query, field, after)


def with_values(query: Query, field: str, values: tuple[Value, ...]) -> Query:
    """The state with these values in a group; back on page 1."""
    ordered = sorted(values, key=lambda v: (v is None, v)) if field == "year" else values
    changes: dict[str, Any] = {field: tuple(ordered)}
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
