"""Suggestions within the filters of a search: a page about one city offers nothing of another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from search.answer.searcher import Searcher
from search.model import REPORT_FACETS, Query, Report, Suggestion
from web.params import MAX_SUGGESTIONS

TRIED_PER_WANTED = 3
_LAST_CHUNK = re.compile(r"(?:.*[\s:：(（\"“])?(.*?)[\"”)）]*", re.DOTALL)


def suggest_within(searcher: Searcher, prefix: str, *, limit: int, filters: Query) -> Sequence[Suggestion]:
    """What the searcher suggests, kept only where the filters leave something of it; counts are those within them."""
    if filters == Query():
        return searcher.suggest(prefix, limit=limit)
    offered = searcher.suggest(prefix, limit=min(MAX_SUGGESTIONS, limit * TRIED_PER_WANTED))
    return tuple(islice(_iter_within(searcher, offered, filters), limit))


def _iter_within(searcher: Searcher, offered: Sequence[Suggestion], filters: Query) -> Iterator[Suggestion]:
    reports = [report for report in searcher.reports() if _passes(report, filters)]
    ids = {report.id for report in reports}
    texts = [suggestion.alone for suggestion in offered if suggestion.kind not in ("report", "place")]
    counts = dict(zip(texts, searcher.count_texts(texts, filters), strict=True))
    for suggestion in offered:
        if suggestion.kind == "report":
            if suggestion.report in ids:
                yield suggestion
        elif suggestion.kind == "place":
            if count := _count_of_place(suggestion.text, reports):
                yield replace(suggestion, count=count)
        elif count := counts[suggestion.alone]:
            yield replace(suggestion, count=count)


def _passes(report: Report, filters: Query) -> bool:
    if filters.report and report.id not in filters.report:
        return False
    first, last = filters.added
    if (first or last) and not (first or "") <= (report.added or "")[:10] <= (last or "9999"):
        return False
    return all(
        not getattr(filters, field) or getattr(report, field) in getattr(filters, field)
        for field in REPORT_FACETS
    )


def _count_of_place(text: str, reports: Sequence[Report]) -> int:
    found = _LAST_CHUNK.fullmatch(text)
    name = found[1] if found else text
    return sum(name in (report.city, report.province) for report in reports)
