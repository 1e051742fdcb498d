"""Suggestions within the filters of a search: a page about one city offers nothing of another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from search.answer.searcher import Searcher
from search.errors import QueryError
from search.model import FACETS, Query, Report, Suggestion
from web.params import MAX_SUGGESTIONS

TRIED_PER_WANTED = 3
_LAST_CHUNK = re.compile(r"(?:.*[\s:：(（\"“])?(.*?)[\"”)）]*", re.DOTALL)


def suggest_within(engine: Searcher, prefix: str, *, limit: int, filters: Query) -> Sequence[Suggestion]:
    """What the engine suggests, kept only where the filters leave something of it; counts are those within them."""
    if filters == Query():
        return engine.suggest(prefix, limit=limit)
    offered = engine.suggest(prefix, limit=min(MAX_SUGGESTIONS, limit * TRIED_PER_WANTED))
    return tuple(islice(_iter_within(engine, offered, filters), limit))


def _iter_within(engine: Searcher, offered: Sequence[Suggestion], filters: Query) -> Iterator[Suggestion]:
    reports = [report for report in engine.reports() if _passes(report, filters)]
    ids = {report.id for report in reports}
    for suggestion in offered:
        if suggestion.kind == "report":
            if suggestion.report in ids:
                yield suggestion
        elif suggestion.kind == "place":
            if count := _count_of_place(suggestion.text, reports):
                yield replace(suggestion, count=count)
        elif count := _count(engine, replace(filters, text=suggestion.text, per_page=1)):
            yield replace(
                suggestion, count=count if suggestion.kind == "term" else min(count, suggestion.count)
            )


def _passes(report: Report, filters: Query) -> bool:
    if filters.report and report.id not in filters.report:
        return False
    return all(
        not getattr(filters, field) or getattr(report, field) in getattr(filters, field) for field in FACETS
    )


def _count_of_place(text: str, reports: Sequence[Report]) -> int:
    found = _LAST_CHUNK.fullmatch(text)
    name = found[1] if found else text
    return sum(name in (report.city, report.province) for report in reports)


def _count(engine: Searcher, query: Query) -> int:
    try:
        return engine.search(query).total
    except QueryError:  # what was typed before the last word can't be read yet
        return 0
