"""Reports + a filter -> the reports to list, in order. Unknown values stand last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from search.model import FACETS, Report
from web.params import ReportFilter


def select_reports(reports: Iterable[Report], chosen: ReportFilter) -> list[Report]:
    """The reports that every filter group lets through, sorted as asked; ties by city, year and source."""
    kept = list(reports)
    for field in FACETS:
        if values := getattr(chosen, field):
            kept = [report for report in kept if getattr(report, field) in values]
    kept.sort(key=lambda r: (r.city is None, r.city or "", -(r.year or 0), r.type or "", r.source, r.id))
    kept.sort(key=_ORDERS[chosen.sort])
    return kept


def values_of(reports: Sequence[Report], field: str) -> list[str | int | None]:
    """The different values of a field, unknown last; years newest first."""
    values = {getattr(report, field) for report in reports}
    known = sorted((value for value in values if value is not None), reverse=field == "year")
    return [*known, *([None] if None in values else [])]


_ORDERS: dict[str, Callable[[Report], tuple[object, ...]]] = {
    "-year": lambda r: (r.year is None, -(r.year or 0)),
    "year": lambda r: (r.year is None, r.year or 0),
    "city": lambda r: (r.city is None, r.province or "", r.city or ""),
    "type": lambda r: (r.type is None, r.type or ""),
    "title": lambda r: (r.title is None, r.title or ""),
}
