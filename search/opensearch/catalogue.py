"""What is known of a version's reports and sources, read once and kept: the lists, filters and counts by report."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from search.collection import Choice, ReportSort, SourceRecord, Version
from search.model import PARTS, Report, Stats
from search.report_order import has_chosen, sort_reports

_REPORT_FIELDS = tuple(of.name for of in dataclasses.fields(Report))


@dataclass(frozen=True, slots=True, eq=False)
class KeptReport:
    """A report with all that was kept of it."""

    report: Report
    record: Mapping[str, Any]
    digest: str
    path: str

    @property
    def is_report(self) -> bool:
        """False of news and the like."""
        return bool(self.record.get("kind", "report") == "report")

    @property
    def source_order(self) -> tuple[str, int, str]:
        """Reports are listed by this: source, place in it."""
        return self.report.source, int(self.record.get("ordinal", 0)), self.report.id


class Catalogue:
    """The reports and sources of a version.

    Args:
        records: of documents, as `documents` wrote them: (doc, record).
    """

    def __init__(self, version: Version, records: Iterable[tuple[str, str]]) -> None:
        self.version = version
        self.sources: dict[str, SourceRecord] = {}
        self.ids_of: dict[str, list[str]] = {}
        reports: list[KeptReport] = []
        for kind, said in records:
            kept = json.loads(said)
            if kind == "s":
                ids = kept.pop("ids")
                record = SourceRecord(**{**kept, "problems": tuple(kept["problems"])})
                self.sources[record.path], self.ids_of[record.path] = record, ids
            else:
                record = kept["record"]
                values = {name: record.get(name) for name in _REPORT_FIELDS}
                reports.append(KeptReport(Report(**values), record, kept["digest"], kept["path"]))
        self.reports = sorted(reports, key=lambda of: of.source_order)
        self.by_id = {of.report.id: of for of in self.reports}
        self._orders: dict[ReportSort, list[Report]] = {}

    def values(self, field: str) -> set[Any]:
        """The values that a facet may have."""
        return set(PARTS) if field == "part" else {getattr(of.report, field) for of in self.reports}

    def listed(self, chosen: Choice, *, others: bool, sort: ReportSort) -> list[Report]:
        """The reports that a choice leaves, in an order of `ReportSort`; unknown values come last."""
        if sort not in self._orders:
            self._orders[sort] = sort_reports((of.report for of in self.reports), sort)
        return [
            report
            for report in self._orders[sort]
            if (others or self.by_id[report.id].is_report) and has_chosen(report, chosen)
        ]

    def places(self, field: str) -> Counter[str]:
        """Texts by the place that they are of."""
        held = (getattr(of.report, field) for of in self.reports if of.report.paragraphs)
        return Counter(name for name in held if name is not None)

    @cached_property
    def stats(self) -> Stats:
        """What there is, in numbers."""
        reports = [of.report for of in self.reports if of.is_report]
        shown = [of.report for of in self.reports if of.report.paragraphs]
        places = [(report.city or report.province, report.plan_year) for report in reports]
        return Stats(
            reports=len(reports),
            paragraphs=sum(of.report.paragraphs for of in self.reports),
            cities=len({report.city for report in shown if report.city is not None}),
            years=tuple(sorted({report.year for report in shown if report.year is not None})),
            coverage=dict(
                Counter((place, year) for place, year in places if place is not None and year is not None)
            ),
            generation=self.version.number,
        )

    def count_reports(self, ids: Iterable[str]) -> int:
        """How many of these texts are reports."""
        return sum(self.by_id[name].is_report for name in ids)
