"""The list of reports, sorted and filtered; unknown values come last.

Each order is sorted once per version of the collection: sorting tens of thousands of reports would dominate a page.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from flask import current_app

from search.model import REPORT_FACETS, YEAR_FIELDS, Report
from web import urls
from web.asked_views import ReportFilter
from web.current_searcher import CurrentSearcher
from web.labels import name_of, name_report

EXTENSION = "xiesou-reports"
NO_CODE = "~"
"""Stands behind every division code."""


class ReportList:
    """All reports of the collection, in each order that has been requested."""

    def __init__(self, searcher: CurrentSearcher) -> None:
        self._searcher = searcher
        self._lock = threading.Lock()
        self._version = ""
        self._orders: dict[str, tuple[Report, ...]] = {}
        self._values: dict[str, tuple[str | int | None, ...]] = {}

    def reports(self, sort: str) -> Sequence[Report]:
        """Every report in an order of `REPORT_SORTS`; ties by city, year and source."""
        with self._lock:
            self._renew()
            if sort not in self._orders:
                self._orders[sort] = tuple(sort_reports(self._searcher.open().reports(), sort))
            return self._orders[sort]

    def select(self, chosen: ReportFilter) -> Sequence[Report]:
        """The reports that pass all filter groups, in the requested order."""
        kept = self.reports(chosen.sort)
        for field in REPORT_FACETS:
            if values := getattr(chosen, field):
                kept = [report for report in kept if getattr(report, field) in values]
        return kept

    def values(self, field: str) -> Sequence[str | int | None]:
        """The distinct values of a field, unknown last; years in descending order, places by division code."""
        with self._lock:
            self._renew()
            if field not in self._values:
                found = {getattr(report, field) for report in self._searcher.open().reports()}
                known = sorted((value for value in found if value is not None), reverse=field in YEAR_FIELDS)
                if field in ("city", "province"):
                    known.sort(key=_codes(self._searcher.open().reports(), field).__getitem__)
                self._values[field] = (*known, *([None] if None in found else []))
            return self._values[field]

    def _renew(self) -> None:
        version = self._searcher.version()
        if version != self._version:
            self._version = version
            self._orders.clear()
            self._values.clear()


def current_report_list() -> ReportList:
    """The list of the application that handles this request."""
    found = current_app.extensions[EXTENSION]
    assert isinstance(found, ReportList)
    return found


def _codes(reports: Sequence[Report], field: str) -> dict[str, str]:
    """The division code of each place; of a province those digits that its cities share."""
    codes: dict[str, str] = {}
    for report in reports:
        place = getattr(report, field)
        code = (report.code or NO_CODE)[: 2 if field == "province" else 6]
        codes[place] = min(codes.get(place, code), code)
    return codes


def sort_reports(reports: Sequence[Report], sort: str) -> list[Report]:
    """The reports in an order of `REPORT_SORTS`; ties by city, year and source."""
    ordered = sorted(
        reports, key=lambda r: (r.city is None, r.city or "", -(r.year or 0), r.type or "", r.source, r.id)
    )
    ordered.sort(key=_ORDERS[sort])
    return ordered


_ORDERS: dict[str, Callable[[Report], tuple[object, ...]]] = {
    "-year": lambda r: (r.year is None, -(r.year or 0)),
    "year": lambda r: (r.year is None, r.year or 0),
    "city": lambda r: (r.city is None, r.code or NO_CODE, r.province or "", r.city or ""),
    "type": lambda r: (r.type is None, r.type or ""),
    "title": lambda r: (r.title is None, r.title or ""),
}


def describe_report(report: Report) -> dict[str, str]:
    """A report as its row of the list shows it."""
    return {
        "url": urls.report_url(report.id),
        "title": name_report(report),
        "city": name_of(report.city),
        "province": name_of(report.province),
        "year": name_of(report.year),
        "type": name_of(report.type),
        "paragraphs": f"{report.paragraphs:,}",
    }
