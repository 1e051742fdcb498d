"""The orders in which a store that holds its reports as objects lists them; unknown values come last.

What ties in all of this keeps the order of sources.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from search.collection import Choice, ReportSort, ReportValue
from search.model import Report

NO_CODE = "~"
"""Sorts behind every division code."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def came_in_at(report: Report) -> str:
    """When a report came in as a time stamp; where that is unknown, when it was delivered."""
    return report.added or delivered_at(report)


def delivered_at(report: Report) -> str:
    """The day of delivery as a time stamp; 1 January of the year, or of 1970, if unknown."""
    if report.date and _DAY.fullmatch(report.date):
        return f"{report.date}T00:00:00Z"
    return f"{report.year or 1970:04d}-01-01T00:00:00Z"


def sort_reports(by_source: Iterable[Report], sort: ReportSort) -> list[Report]:
    """Reports in an order; see `ReportSort`.

    Args:
        by_source: in the order "source".
    """
    ordered = list(by_source)
    if sort == "source":
        return ordered
    ordered.sort(key=_tie)
    ordered.sort(key=_KEYS["-year" if sort == "-added" else sort])
    if sort == "-added":
        ordered.sort(key=came_in_at, reverse=True)
    return ordered


def has_chosen(report: Report, chosen: Choice) -> bool:
    """Whether a report has one of the values of every group."""
    return all(getattr(report, name) in values for name, values in chosen if values)


def count_values(reports: Iterable[Report], field: str) -> list[ReportValue]:
    """The values that reports have in a facet, ascending, unknown last."""
    counts: Counter[str | int | None] = Counter()
    codes: dict[str | int | None, str] = {}
    for report in reports:
        value, code = getattr(report, field), report.code or NO_CODE
        counts[value] += 1
        codes[value] = min(codes.get(value, code), code)
    ordered = sorted(counts, key=lambda value: (value is None, value if value is not None else ""))
    return [ReportValue(value, counts[value], codes[value].removesuffix(NO_CODE)) for value in ordered]


def _tie(report: Report) -> tuple[Any, ...]:
    return report.city is None, report.city or "", -(report.year or 0), report.type or ""


_KEYS: dict[str, Callable[[Report], tuple[Any, ...]]] = {
    "-year": lambda r: (r.year is None, -(r.year or 0)),
    "year": lambda r: (r.year is None, r.year or 0),
    "city": lambda r: (r.city is None, r.code or NO_CODE, r.province or "", r.city or ""),
    "type": lambda r: (r.type is None, r.type or ""),
    "title": lambda r: (r.title is None, r.title or ""),
}
