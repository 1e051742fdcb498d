"""Suggestions within the filters of a search: a page about one city offers nothing of another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from search.answer.searcher import Searcher
from search.model import Query, Report, Suggestion
from web.params import MAX_SUGGESTIONS
from web.report_list import choice_of

TRIED_PER_WANTED = 3
_LAST_CHUNK = re.compile(r"(?:.*[\s:：(（\"“])?(.*?)[\"”)）]*", re.DOTALL)


def suggest_within(searcher: Searcher, prefix: str, *, limit: int, filters: Query) -> Sequence[Suggestion]:
    """What the searcher suggests, kept only where the filters leave something of it; counts are those within them."""
    if filters == Query():
        return searcher.suggest(prefix, limit=limit)
    offered = searcher.suggest(prefix, limit=min(MAX_SUGGESTIONS, limit * TRIED_PER_WANTED))
    return tuple(islice(_iter_within(searcher, offered, filters), limit))


def _iter_within(searcher: Searcher, offered: Sequence[Suggestion], filters: Query) -> Iterator[Suggestion]:
    left = _Left(searcher, filters)
    ids = left.of(suggestion.report for suggestion in offered if suggestion.report)
    texts = [suggestion.alone for suggestion in offered if suggestion.kind not in ("report", "place")]
    counts = dict(zip(texts, searcher.count_texts(texts, filters), strict=True))
    for suggestion in offered:
        if suggestion.kind == "report":
            if suggestion.report in ids:
                yield suggestion
        elif suggestion.kind == "place":
            if count := left.count_place(suggestion.text):
                yield replace(suggestion, count=count)
        elif count := counts[suggestion.alone]:
            yield replace(suggestion, count=count)


class _Left:
    """The reports that the filters of a search leave."""

    def __init__(self, searcher: Searcher, filters: Query) -> None:
        self._searcher, self._filters = searcher, filters
        self._choice = choice_of(filters) + ((("id", filters.report),) if filters.report else ())

    def of(self, ids: Iterable[str]) -> set[str]:
        """Those of some reports that are left."""
        wanted = tuple(ids)
        found = self._searcher.reports((*self._choice, ("id", wanted))) if wanted else ()
        return {report.id for report in found if self._came_in_then(report)}

    def count_place(self, text: str) -> int:
        """How many are of the place that a suggestion ends with, as city or as province."""
        found = _LAST_CHUNK.fullmatch(text)
        name = found[1] if found else text
        city, province = ("city", (name,)), ("province", (name,))
        return self._count(city) + self._count(province) - self._count(city, province)

    def _count(self, *of_place: tuple[str, tuple[str, ...]]) -> int:
        choice = (*self._choice, *of_place)
        if any(self._filters.added):
            return sum(map(self._came_in_then, self._searcher.reports(choice)))
        return self._searcher.list_reports(choice, count=0)[0]

    def _came_in_then(self, report: Report) -> bool:
        first, last = self._filters.added
        return not (first or last) or (first or "") <= (report.added or "")[:10] <= (last or "9999")
