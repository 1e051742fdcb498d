"""What an instrument counts: the paragraphs of a search that say it in full, in reports alone.

The one place where instruments ask which paragraphs and occurrences match, so that their figures are those of the
search (law 9).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from search.answer.hits import read_hits
from search.answer.question import Question
from search.answer.searcher import Searcher
from search.collection import Choice, Ranked, Ref, ReportColumns
from search.instruments.answers import NATION, Counted
from search.instruments.held import columns_of_objects
from search.limits import UNLIMITED, Budget
from search.model import (
    LEVELS,
    OTHER_TYPES,
    REPORT_TYPES,
    Hit,
    Query,
    Report,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TIER = 1
OF_REPORTS: tuple[str | None, ...] = (*(name for name in REPORT_TYPES if name not in OTHER_TYPES), None)


def in_reports(query: Query) -> Query | None:
    """The same question of reports alone, without news and other texts; None where the filters leave no report."""
    types = tuple(name for name in query.type if name not in OTHER_TYPES) if query.type else OF_REPORTS
    if not types:
        return None
    return replace(query, type=types, page=1, per_page=10, group="", sort="year")


def count_matches(searcher: Searcher, query: Query | None, *, budget: Budget = UNLIMITED) -> Counted:
    """How much a search finds."""
    if query is None:
        return Counted(TIER, 0, 0, 0)
    counts = searcher.count(query, budget=budget)
    return Counted(TIER, counts.paragraphs, counts.occurrences, counts.reports)


def iter_matches(searcher: Searcher, query: Query | None, *, budget: Budget = UNLIMITED) -> Iterator[Hit]:
    """The paragraphs that match, oldest report first."""
    if query is None:
        return
    for hit in searcher.iter_hits(query, budget=budget):
        if hit.tier == TIER:
            yield hit


@dataclass(frozen=True, slots=True)
class Saying:
    """The reports that say it.

    Args:
        knows_first: whether `refs` of the columns are the first paragraphs that say it; else they are any.
    """

    question: Question
    columns: ReportColumns
    knows_first: bool

    def reports(self, rows: Sequence[int]) -> list[Report]:
        """The reports of some rows."""
        return self.question.view.reports_of(self._refs(rows))

    def rows_of(self, refs: Sequence[Ref]) -> NDArray[np.int64]:
        """The rows of the reports that paragraphs which say it are of."""
        import numpy as np  # which pages don't need

        if self.knows_first:
            return (
                np.asarray(self.columns.refs).searchsorted(np.array(refs, dtype=np.int64), side="right") - 1
            )
        rows = {report.id: row for row, report in enumerate(self.reports(range(len(self.columns.refs))))}
        of_refs = self.question.view.reports_of(refs)
        return np.array([rows[report.id] for report in of_refs], dtype=np.int64)

    def first_hits(self, rows: Sequence[int], searcher: Searcher) -> list[Hit]:
        """The first paragraph that says it in each of some reports."""
        if self.knows_first:
            return read_hits(self.question, [Ranked(ref, 0.0) for ref in self._refs(rows)])
        reports = self.reports(rows)
        hits = hits_of(searcher, self.question.query, reports, budget=self.question.view.budget)
        return [hits[report.id][0] for report in reports]

    def _refs(self, rows: Sequence[int]) -> list[Ref]:
        refs = self.columns.refs
        return [ref if isinstance(ref, str) else int(ref) for ref in map(refs.__getitem__, rows)]


def find_saying(question: Question) -> Saying:
    """The reports that say what is asked for, in full."""
    kept = question.view.report_columns(question.chosen, matching=question.plan)
    if kept is not None:
        return Saying(question, kept, knows_first=True)
    return Saying(
        question, columns_of_objects(question.view, question.plan, question.chosen), knows_first=False
    )


def hits_of(
    searcher: Searcher, query: Query, reports: Iterable[Report], *, budget: Budget
) -> Mapping[str, list[Hit]]:
    """The paragraphs of some reports that match, in the order of each report."""
    chosen = tuple(sorted({report.id for report in reports}))
    hits: defaultdict[str, list[Hit]] = defaultdict(list)
    if chosen:
        for hit in iter_matches(searcher, replace(query, report=chosen), budget=budget):
            hits[hit.report.id].append(hit)
    for of_report in hits.values():
        of_report.sort(key=lambda hit: hit.n)
    return hits


def same_kind(report: Report) -> Choice:
    """The choice that leaves a report's place, level and type."""
    fields = ["level", "type"]
    if report.level != LEVELS[0]:
        fields.append("province" if report.city is None else "city")
    return tuple((field, (getattr(report, field),)) for field in fields)


def place_of(report: Report) -> str | None:
    """The report's city, else its province, else the nation; None where it isn't known whose it is."""
    if report.level == LEVELS[0]:
        return NATION
    return report.city or report.province


def date_of(report: Report) -> str | None:
    """The day of delivery, or the year where only that is known."""
    return report.date or (None if report.year is None else str(report.year))


def time_of(report: Report) -> tuple[int, str]:
    """What orders reports by time: where only the year is known, behind those of its year; unknown ones last."""
    year = 9999 if report.year is None else report.year
    is_known = report.date is not None and report.date.startswith(str(year))
    return year, report.date or "" if is_known else "9999"
