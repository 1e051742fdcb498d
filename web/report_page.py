"""A report -> what its page shows beside the text: contents, steps from hit to hit, related reports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from search.model import Paragraph, Report
from web import urls

MAX_HIT_PAGES = 20
"""Pages of hits that are highlighted in one report, at most."""
MAX_DEPTH = 3
MAX_RELATED = 60


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """A line of the table of contents: the heading's depth from 1, its text, its paragraph number."""

    depth: int
    text: str
    n: int


def list_contents(paragraphs: Iterable[Paragraph]) -> tuple[ContentsEntry, ...]:
    """The headings in order."""
    return tuple(
        ContentsEntry(min(len(p.heading) + 1, MAX_DEPTH), p.text, p.n)
        for p in paragraphs
        if p.kind == "heading"
    )


@dataclass(frozen=True, slots=True)
class HitPosition:
    """A paragraph's rank among the hits of its report, from 1, and the numbers of the hits around it."""

    rank: int
    before: int | None
    after: int | None


def locate_hits(numbers: Sequence[int]) -> dict[int, HitPosition]:
    """Paragraph number -> its position among the hits.

    Example:
        >>> locate_hits([4, 9])[4]
        HitPosition(rank=1, before=None, after=9)
    """
    return {
        n: HitPosition(
            rank=i + 1,
            before=numbers[i - 1] if i else None,
            after=numbers[i + 1] if i + 1 < len(numbers) else None,
        )
        for i, n in enumerate(numbers)
    }


@dataclass(frozen=True, slots=True)
class RelatedReport:
    """A link to a report of the same city or year; `is_current` is the report itself."""

    label: str
    url: str
    is_current: bool


def list_same_city(reports: Iterable[Report], report: Report) -> list[RelatedReport]:
    """The city's reports of the same type by year, this one included; empty if it is the only one."""
    if report.city is None or report.type is None:
        return []
    same = [r for r in reports if (r.city, r.type) == (report.city, report.type)]
    same.sort(key=lambda r: (r.year is None, r.year or 0, r.id))
    if len(same) < 2:
        return []
    return [RelatedReport(str(r.year or "?"), urls.report_url(r.id), r.id == report.id) for r in same]


def list_same_year(reports: Iterable[Report], report: Report) -> list[RelatedReport]:
    """Other cities' reports of the same type and year; those of the same province first."""
    if report.year is None or report.type is None:
        return []
    same = [r for r in reports if (r.year, r.type) == (report.year, report.type) and r.city != report.city]
    same = [r for r in same if r.city is not None]
    same.sort(key=lambda r: (r.province != report.province, r.province or "", r.city or "", r.id))
    return [RelatedReport(str(r.city), urls.report_url(r.id), False) for r in same[:MAX_RELATED]]
