"""A report's paragraphs -> its table of contents, and the way from hit to hit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from search.model import Paragraph, Report
from web import urls

MARKED_PAGES = 20
"""How many pages of hits are marked in one report, at most."""

MAX_DEPTH = 3
MAX_NEIGHBOURS = 60


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents: the heading's depth from 1, its text and its paragraph's number."""

    depth: int
    text: str
    n: int


def read_contents(paragraphs: Iterable[Paragraph]) -> tuple[Entry, ...]:
    """The headings in order; depth is the length of the path above each, and one more."""
    return tuple(
        Entry(min(len(p.heading) + 1, MAX_DEPTH), p.text, p.n) for p in paragraphs if p.kind == "heading"
    )


@dataclass(frozen=True, slots=True)
class HitPlace:
    """Where a paragraph stands among the hits of its report: its rank from 1 and its neighbours' numbers."""

    rank: int
    before: int | None
    after: int | None


def place_hits(numbers: Sequence[int]) -> dict[int, HitPlace]:
    """Paragraph number -> its place among the hits.

    Example:
        >>> place_hits([4, 9])[4]
        HitPlace(rank=1, before=None, after=9)
    """
    return {
        n: HitPlace(
            rank=i + 1,
            before=numbers[i - 1] if i else None,
            after=numbers[i + 1] if i + 1 < len(numbers) else None,
        )
        for i, n in enumerate(numbers)
    }


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A report beside the one that is read."""

    label: str
    url: str
    here: bool


def same_city(reports: Iterable[Report], report: Report) -> list[Neighbour]:
    """The city's reports of this type, by year; none where this is the only one."""
    if report.city is None or report.type is None:
        return []
    same = [r for r in reports if (r.city, r.type) == (report.city, report.type)]
    same.sort(key=lambda r: (r.year is None, r.year or 0, r.id))
    if len(same) < 2:
        return []
    return [Neighbour(str(r.year or "?"), urls.report_url(r.id), r.id == report.id) for r in same]


def same_year(reports: Iterable[Report], report: Report) -> list[Neighbour]:
    """Other cities' reports of this type and year; those of the same province first."""
    if report.year is None or report.type is None:
        return []
    same = [r for r in reports if (r.year, r.type) == (report.year, report.type) and r.city != report.city]
    same = [r for r in same if r.city is not None]
    same.sort(key=lambda r: (r.province != report.province, r.province or "", r.city or "", r.id))
    return [Neighbour(str(r.city), urls.report_url(r.id), False) for r in same[:MAX_NEIGHBOURS]]
