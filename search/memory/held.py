"""What one version holds: sources, their reports, and every paragraph in one order. Never changes.

A paragraph's `Ref` is its place in that order: newest year first, then source, place in it, and place in the report.
"""

from __future__ import annotations

import copy
import dataclasses
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from search.collection import DraftParagraph, DraftReport, DraftSource, SourceRecord, Version
from search.language.text import normalize_text
from search.language.text.phrases import MarkedForm, marked_form
from search.model import PARTS, Paragraph, Report, ReportText, Stats

_REPORT_FIELDS = tuple(field.name for field in dataclasses.fields(Report) if field.name != "paragraphs")
_TITLE_LINES = ("title", "city", "province")


@dataclass(frozen=True, slots=True)
class HeldParagraph:
    """A paragraph with what it is compared by: the normal forms of its text and of the headings above it."""

    draft: DraftParagraph
    n: int
    marked: MarkedForm
    heading: tuple[str, ...]
    heading_forms: tuple[str, ...]

    @property
    def form(self) -> str:
        """The normal form of its text."""
        return self.marked.text

    @property
    def ocr(self) -> float | None:
        """How sure the recognition of a picture was, to the percent."""
        confidence = self.draft.ocr
        return None if confidence is None else round(100 * min(max(confidence, 0.0), 1.0)) / 100


@dataclass(frozen=True, slots=True, eq=False)
class HeldReport:
    """A report, or another text of a source.

    Args:
        title_forms: normal forms of its title, city and province.
    """

    report: Report
    record: Mapping[str, Any]
    paragraphs: tuple[HeldParagraph, ...]
    title_forms: tuple[str, ...]

    @property
    def is_report(self) -> bool:
        """False of news and the like."""
        return bool(self.record.get("kind", "report") == "report")

    @property
    def place_forms(self) -> tuple[str, ...]:
        """Normal forms of its city and province."""
        return tuple(normalize_text(name) for name in (self.report.city, self.report.province) if name)

    @property
    def source_order(self) -> tuple[str, int, str]:
        """Reports are listed by this: source, place in it."""
        return self.report.source, int(self.record.get("ordinal", 0)), self.report.id

    @property
    def characters(self) -> int:
        """Characters of all paragraphs as they were written."""
        return sum(len(paragraph.draft.text) for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True, eq=False)
class HeldSource:
    """A source file with its reports; what `MemoryPreparer` makes of a draft."""

    record: SourceRecord
    reports: tuple[HeldReport, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A paragraph within its report."""

    held: HeldReport
    paragraph: HeldParagraph

    def lines(self, field: str) -> tuple[str, ...]:
        """What a field says of the paragraph, line by line, in normal form; a term never crosses lines."""
        if field == "text":
            return (self.paragraph.form,)
        return self.paragraph.heading_forms if field == "heading" else self.held.title_forms

    def value(self, field: str) -> Any:
        """Its value of a facet."""
        return self.paragraph.draft.part if field == "part" else getattr(self.held.report, field)

    def length(self, field: str) -> int:
        """Characters of a field."""
        return sum(map(len, self.lines(field)))


def prepare_source(draft: DraftSource) -> HeldSource:
    """A draft with everything in it in normal form."""
    record = dataclasses.replace(draft.source, record=copy.deepcopy(dict(draft.source.record)))
    return HeldSource(record, tuple(map(_hold_report, draft.reports)))


def _hold_report(draft: DraftReport) -> HeldReport:
    record = copy.deepcopy(dict(draft.record))
    values = {name: record.get(name) for name in _REPORT_FIELDS}
    report = Report(**values, paragraphs=record.get("paragraphs", len(draft.paragraphs)))  # type: ignore[arg-type]
    titles = [str(record[name]) for name in _TITLE_LINES if record.get(name)]
    return HeldReport(
        report=report,
        record=record,
        paragraphs=_outline(draft),
        title_forms=tuple(map(normalize_text, titles)),
    )


def _outline(draft: DraftReport) -> tuple[HeldParagraph, ...]:
    """The paragraphs under their headings: a heading ends those of its own level and below."""
    held: list[HeldParagraph] = []
    above: list[HeldParagraph] = []
    for n, paragraph in enumerate(draft.paragraphs, 1):
        while paragraph.level and above and above[-1].draft.level >= paragraph.level:
            above.pop()
        held.append(
            HeldParagraph(
                draft=paragraph,
                n=n,
                marked=marked_form(paragraph.text),
                heading=tuple(heading.draft.text for heading in above),
                heading_forms=tuple(heading.form for heading in above),
            )
        )
        if paragraph.level:
            above.append(held[-1])
    return tuple(held)


Averages = Callable[[Mapping[str, float]], dict[str, float]]
"""Gives the average lengths that a version scores by, of the mean lengths of what it holds."""


class Held:
    """All that one version holds."""

    def __init__(self, version: Version, sources: Mapping[str, HeldSource], averages: Averages) -> None:
        self.version = version
        self._averages = averages
        self.sources = dict(sources)
        every = [report for source in self.sources.values() for report in source.reports]
        self.reports = sorted(every, key=lambda held: held.source_order)
        self.by_id = {held.report.id: held for held in self.reports}
        newest_first = sorted(self.reports, key=lambda held: -(held.report.year or 0))
        self.rows = [Row(held, paragraph) for held in newest_first for paragraph in held.paragraphs]

    @cached_property
    def average_lengths(self) -> dict[str, float]:
        """The average length of each field that is scored; see `search.language.statistics.average_lengths`."""
        totals = {name: sum(row.length(name) for row in self.rows) for name in ("text", "heading", "title")}
        means = {name: total / len(self.rows) if total else 1.0 for name, total in totals.items()}
        return self._averages(means)

    def values(self, field: str) -> set[Any]:
        """The values that a facet may have."""
        return set(PARTS) if field == "part" else {getattr(held.report, field) for held in self.reports}

    @cached_property
    def stats(self) -> Stats:
        """What there is, in numbers."""
        reports = [held.report for held in self.reports if held.is_report]
        places = [(report.city or report.province, report.plan_year) for report in reports]
        shown = [held.report for held in self.reports if held.paragraphs]
        return Stats(
            reports=len(reports),
            paragraphs=len(self.rows),
            cities=len({report.city for report in shown if report.city is not None}),
            years=tuple(sorted({report.year for report in shown if report.year is not None})),
            coverage=dict(
                Counter((place, year) for place, year in places if place is not None and year is not None)
            ),
            generation=self.version.number,
        )

    def report_text(self, held: HeldReport) -> ReportText:
        """A report as it is shown whole."""
        source = next(source for source in self.sources.values() if held in source.reports)
        return ReportText(
            report=held.report,
            paragraphs=tuple(
                Paragraph(
                    id=f"{held.report.id}-p{paragraph.n}",
                    n=paragraph.n,
                    kind=paragraph.draft.kind,
                    heading=paragraph.heading,
                    text=paragraph.draft.text,
                    joined=paragraph.draft.joined,
                    part=paragraph.draft.part,
                    ocr=paragraph.ocr,
                )
                for paragraph in held.paragraphs
            ),
            evidence=held.record.get("evidence", {}),
            set_aside=tuple(
                (line, text, reason) for line, text, reason in source.record.record.get("set_aside", ())
            ),
            problems=tuple(held.record.get("problems", ())),
        )
