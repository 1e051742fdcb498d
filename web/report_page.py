"""A report -> what its page shows beside the text: contents, steps from hit to hit, related reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from search.answer.searcher import Searcher
from search.model import Hit, Paragraph, Query, Report, ReportText, Span
from web import urls
from web.params import MAX_PER_PAGE

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


@dataclass(frozen=True, slots=True)
class MarkedReport:
    """Where a report says what was asked for.

    Args:
        hits: the numbers of the paragraphs that match, in order.
        spans: paragraph number -> highlights; headings above a hit may have some too.
    """

    hits: list[int]
    spans: dict[int, tuple[Span, ...]]


def mark_report(searcher: Searcher, found: ReportText, query: Query, n: int | None = None) -> MarkedReport:
    """The hits of a query's text in a report, of tier 1 or of 1 and 2 as its `match` says.

    Args:
        n: a paragraph that is marked though it meets the query only in part.
    """
    if not query.text:
        return MarkedReport([], {})
    hits = list(_iter_hits(searcher, replace(query, report=(found.report.id,))))
    spans = {hit.n: hit.spans for hit in hits}
    partly = next((p for p in found.paragraphs if p.n == n and p.n not in spans), None)
    if partly is not None:
        spans[partly.n] = searcher.mark(query, partly.text)
    numbers = sorted(spans)
    headings = [p for p in found.paragraphs if p.kind == "heading"]
    for hit in hits:
        for name, of_name in zip(hit.heading, hit.heading_spans, strict=False):
            above = [p.n for p in headings if p.n < hit.n and p.text == name]
            if above and of_name:
                spans.setdefault(above[-1], of_name)
    return MarkedReport(numbers, spans)


def _iter_hits(searcher: Searcher, query: Query) -> Iterator[Hit]:
    counted = 1 if query.match == "phrase" else 2
    query = replace(query, sort="year", per_page=MAX_PER_PAGE)
    for page in range(1, MAX_HIT_PAGES + 1):
        result = searcher.search(replace(query, page=page))
        yield from (hit for hit in result.hits if hit.tier <= counted)
        if page * MAX_PER_PAGE >= result.total:
            break


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
