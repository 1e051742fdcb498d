"""An engine over reports in memory: the protocol kept honestly, by plain string search.

Words apart by blanks must all be in the paragraph, its headings or its report's title; `"…"` in the text
itself; `-word` must not be there. Facets are disjunctive. No index, no ranking beyond the number of places.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from search.errors import ReportNotFound
from search.model import (
    FACETS,
    Cell,
    ConcordanceLine,
    ConcordancePage,
    ContextSort,
    Counts,
    Distribution,
    FacetValue,
    Hit,
    Notice,
    Paragraph,
    Query,
    Report,
    ReportText,
    SearchResult,
    Span,
    Stats,
    Suggestion,
)

Match = tuple[Report, Paragraph, list[Span]]

_CHUNK = re.compile(r'-?(?:"[^"]*"|“[^”]*”|[^\s"“”]+)')


class MemoryEngine:
    """Implements `search.Searcher`."""

    def __init__(self, texts: Iterable[ReportText], *, generation: int = 1) -> None:
        self._texts = {text.report.id: text for text in texts}
        self.generation = generation
        self.searches = 0
        self.closed = False

    @property
    def version(self) -> str:
        return f"memory-{self.generation}"

    def search(self, query: Query) -> SearchResult:
        started = time.perf_counter()
        self.searches += 1
        every, kept = self._match(query)
        hits = list(self.iter_hits(query))
        start = (query.page - 1) * query.per_page
        facets = {field: _count(field, [match[0] for match in every], query) for field in FACETS}
        notices = (
            (Notice("unbalanced_quote", "引号没有成对，已按普通文字查找。", 0),)
            if query.text.count('"') % 2
            else ()
        )
        wanted, unwanted = _read(query.text)
        return SearchResult(
            query=query,
            reading=" 且 ".join(wanted) + "".join(f" 且不含 {word}" for word in unwanted) or "全部段落",
            total=len(hits),
            hits=tuple(hits[start : start + query.per_page]),
            facets=facets,
            notices=notices,
            took_ms=1000 * (time.perf_counter() - started),
            reports=len({match[0].id for match in kept}),
            paragraphs=len(kept),
        )

    def iter_hits(self, query: Query) -> Iterator[Hit]:
        kept = self._match(query)[1]
        of_report = Counter(report.id for report, _, _ in kept)
        seen: set[str] = set()
        for report, p, spans in kept:
            if query.group == "report":
                if report.id in seen:
                    continue
                seen.add(report.id)
            grouped = of_report[report.id] if query.group == "report" else None
            yield Hit(
                p.id, p.n, report, p.kind, p.heading, p.text, tuple(spans), float(len(spans)), 1, grouped
            )

    def _match(self, query: Query) -> tuple[list[Match], list[Match]]:
        """What matches, and what of it the filters keep, in order."""
        wanted, unwanted = _read(query.text)
        matches = []
        for text in self._texts.values():
            if query.report and text.report.id not in query.report:
                continue
            for paragraph in text.paragraphs:
                if paragraph.kind in ("paragraph", "list"):
                    spans = _find(text.report, paragraph, wanted, unwanted)
                    if spans is not None:
                        matches.append((text.report, paragraph, spans))
        kept = [match for match in matches if _passes(match[0], query, FACETS)]
        kept.sort(key=_order(query))
        return matches, kept

    def count(self, query: Query) -> Counts:
        kept = self._match(query)[1]
        return Counts(
            paragraphs=len(kept),
            occurrences=sum(len(spans) for _, _, spans in kept),
            reports=len({report.id for report, _, _ in kept}),
        )

    def concordance(
        self,
        query: Query,
        *,
        sort: ContextSort = "left",
        page: int = 1,
        per_page: int = 50,
        context: int = 20,
    ) -> ConcordancePage:
        rows = [
            (report, p, p.text[:start], p.text[start:end], p.text[end:])
            for report, p, spans in self._match(query)[1]
            for start, end in spans
        ]
        if sort != "order":
            rows.sort(key=lambda row: row[2][::-1] if sort == "left" else row[4])
        lines = [
            ConcordanceLine(p.id, p.n, report, left[-context:], keyword, right[:context])
            for report, p, left, keyword, right in rows
        ]
        chosen = tuple(lines[(page - 1) * per_page : page * per_page])
        return ConcordancePage(query, sort, page, per_page, len(lines), chosen)

    def iter_lines(
        self, query: Query, *, sort: ContextSort = "left", context: int = 20
    ) -> Iterator[ConcordanceLine]:
        return iter(self.concordance(query, sort=sort, per_page=1_000_000, context=context).lines)

    def distribution(self, query: Query) -> Distribution:
        kept = self._match(query)[1]
        cells = []
        texts = [text for text in self._texts.values() if _passes(text.report, query, FACETS)]
        for city, year in dict.fromkeys((text.report.city, text.report.year) for text in texts):
            here = [text for text in texts if (text.report.city, text.report.year) == (city, year)]
            found = [match for match in kept if (match[0].city, match[0].year) == (city, year)]
            cells.append(
                Cell(
                    city=city,
                    year=year,
                    paragraphs=len(found),
                    occurrences=sum(len(spans) for _, _, spans in found),
                    reports=len({report.id for report, _, _ in found}),
                    held_paragraphs=sum(len(text.paragraphs) for text in here),
                    held_characters=sum(len(p.text) for text in here for p in text.paragraphs),
                    held_reports=len(here),
                )
            )
        cells.sort(key=lambda cell: (cell.city is None, cell.city or "", cell.year is None, cell.year or 0))
        return Distribution(query, tuple(cells))

    def suggest(self, prefix: str, *, limit: int = 10) -> Sequence[Suggestion]:
        """Places and stretches of text that begin with what was typed last, and reports by title."""
        typed = prefix.rsplit(maxsplit=1)[-1] if prefix.split() else ""
        if not typed:
            return ()
        reports = [text.report for text in self._texts.values()]
        places = Counter(
            place for report in reports for place in {report.city, report.province} if place is not None
        )
        stretches = Counter(
            found[0]
            for text in self._texts.values()
            for p in text.paragraphs
            for found in re.finditer(re.escape(typed) + "[\u4e00-\u9fff]{0,3}", p.text)
        )
        found = [
            *(Suggestion(place, "place", n) for place, n in places.items() if place.startswith(typed)),
            *(
                Suggestion(report.title or "", "report", report.paragraphs, report.id)
                for report in reports
                if (report.title or "").startswith(typed)
            ),
            *(Suggestion(stretch, "term", n) for stretch, n in stretches.most_common()),
        ]
        return found[:limit]

    def report(self, report_id: str) -> ReportText:
        if report_id not in self._texts:
            raise ReportNotFound(f"没有编号为 {report_id} 的报告。")
        return self._texts[report_id]

    def reports(self, *, others: bool = False) -> Sequence[Report]:
        return [text.report for text in self._texts.values()]

    def stats(self) -> Stats:
        reports = self.reports()
        coverage = Counter((r.city, r.year) for r in reports if r.city is not None and r.year is not None)
        return Stats(
            reports=len(reports),
            paragraphs=sum(report.paragraphs for report in reports),
            cities=len({report.city for report in reports if report.city}),
            years=tuple(sorted({report.year for report in reports if report.year is not None})),
            coverage=dict(coverage),
            generation=self.generation,
        )

    def close(self) -> None:
        self.closed = True


def _read(text: str) -> tuple[list[str], list[str]]:
    wanted, unwanted = [], []
    for chunk in _CHUNK.findall(text):
        if chunk.startswith("-") and len(chunk) > 1:
            unwanted.append(chunk[1:].strip('"“”'))
        else:
            wanted.append(chunk)
    return wanted, unwanted


def _find(report: Report, p: Paragraph, wanted: list[str], unwanted: list[str]) -> list[Span] | None:
    around = " ".join((p.text, *p.heading, report.title or "")).lower()
    spans: list[Span] = []
    for word in wanted:
        bare = word.strip('"“”').lower()
        if not bare:
            continue
        found = [m.span() for m in re.finditer(re.escape(bare), p.text.lower())]
        if not found and (word[0] in '"“' or bare not in around):
            return None
        spans += found
    if any(word.lower() in around for word in unwanted):
        return None
    return _disjoint(spans)


def _disjoint(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _passes(report: Report, query: Query, fields: Iterable[str]) -> bool:
    return all(not getattr(query, f) or getattr(report, f) in getattr(query, f) for f in fields)


def _count(field: str, reports: list[Report], query: Query) -> tuple[FacetValue, ...]:
    others = [f for f in FACETS if f != field]
    alone = replace(query, **{field: ()})
    counts = Counter(getattr(report, field) for report in reports if _passes(report, alone, others))
    chosen = getattr(query, field)
    values = dict.fromkeys([*counts, *chosen])
    ordered = sorted(values, key=lambda value: (-counts[value], value is None, str(value)))
    return tuple(FacetValue(value, counts[value], value in chosen) for value in ordered)


def _order(query: Query):  # type: ignore[no-untyped-def]
    sign = {"year": 1, "-year": -1}.get(query.sort, 0)
    if sign:
        return lambda match: (match[0].year is None, sign * (match[0].year or 0), match[0].id, match[1].n)
    return lambda match: (-len(match[2]), match[0].id, match[1].n)
