"""The list of reports, sorted and filtered; unknown values come last."""

from __future__ import annotations

from collections.abc import Sequence

from search.answer.searcher import Searcher
from search.collection import Choice
from search.model import REPORT_FACETS, YEAR_FIELDS, Query, Report
from search.report_order import NO_CODE
from web import urls
from web.asked_views import ReportFilter
from web.labels import name_of, name_report


def choice_of(chosen: ReportFilter | Query) -> Choice:
    """What is chosen of the facets of reports."""
    return tuple((field, values) for field in REPORT_FACETS if (values := getattr(chosen, field)))


def select_reports(searcher: Searcher, chosen: ReportFilter) -> Sequence[Report]:
    """The reports that pass all filter groups, in the requested order."""
    return searcher.reports(choice_of(chosen), sort=chosen.sort)


def list_values(searcher: Searcher, field: str) -> Sequence[str | int | None]:
    """The distinct values of a field, unknown last; years in descending order, places by division code."""
    held = searcher.report_values(field)
    known = [of for of in held if of.value is not None]
    if field in YEAR_FIELDS:
        known.reverse()
    elif field in ("city", "province"):
        digits = 2 if field == "province" else 6  # a province has the digits that its cities share
        known.sort(key=lambda of: (of.code or NO_CODE)[:digits])
    return [*(of.value for of in known), *([None] if len(known) < len(held) else [])]


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
