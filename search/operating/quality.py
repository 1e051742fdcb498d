"""What an operator should look at in a collection: what is unknown, contradicts itself, was set aside, is held twice.

view -> reports, records of sources, shared texts -> Quality (numbers of all, the first of each kind);
unknown values -> lines for metadata.csv
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

from search.answer.searcher import Searcher
from search.collection import SourceRecord, View
from search.limits import UNLIMITED, Budget
from search.messages import Message, from_json
from search.model import LEVELS, Report
from search.operating.duplicates import Duplicate, find_duplicates
from search.report_ids import report_id
from search.rules import count_older

MOST_LISTED = 100
"""Of each kind; numbers count all."""
METADATA_COLUMNS = ("file", "report", "title", "city", "province", "year", "type")
_AT_ONCE = 500
_PATTERN_SIGNS = str.maketrans({sign: f"[{sign}]" for sign in "[*?"})


@dataclass(frozen=True, slots=True)
class Unknown:
    """Reports of which `field` is unknown: their number, and the first of them."""

    field: str
    count: int
    reports: tuple[Report, ...]


@dataclass(frozen=True, slots=True)
class Aside:
    """A source with text that is in no report: its longest passage's reason, and its first report, if it has any."""

    source: str
    report: str | None
    passages: int
    chars: int
    reason: Message


@dataclass(frozen=True, slots=True)
class Gap:
    """A place with years between its first and last report of which nothing is held."""

    place: str
    first: int
    last: int
    missing: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """What a collection holds, and what is doubtful in it.

    Args:
        others: texts that are no report.
        conflicts: (source, what contradicts what and what was taken).
        aside: sources with most text set aside, longest first.
        gaps: places that lack most years first.
        older: files that were read by older rules.
    """

    reports: int
    others: int
    sources: int
    unknown: tuple[Unknown, ...]
    conflict_count: int
    conflicts: tuple[tuple[str, Message], ...]
    aside_chars: int
    aside_count: int
    aside: tuple[Aside, ...]
    duplicate_count: int
    duplicates: tuple[Duplicate, ...]
    gap_count: int
    gaps: tuple[Gap, ...]
    older: int


_IS_UNKNOWN: Mapping[str, Callable[[Report], bool]] = {
    "place": lambda report: report.city is None and report.province is None and report.level != LEVELS[0],
    "year": lambda report: report.year is None,
    "plan_year": lambda report: report.plan_year is None,
    "type": lambda report: report.type is None,
}


def find_quality(searcher: Searcher, *, budget: Budget = UNLIMITED) -> Quality:
    """What an operator should look at in the newest version.

    Raises:
        BudgetExceeded: it takes more than `budget`.
    """
    view = searcher.view(budget)
    held, reports = view.reports()
    every, _ = view.reports(others=True, count=0)
    sources = list(_charged(view.sources(), budget))
    first = {
        report.source.partition("#row ")[0].partition("!/")[0]: report.id for report in reversed(reports)
    }
    conflicts = [(one.name, from_json(said)) for one in sources for said in one.problems]
    aside = [_aside(one, first.get(one.name)) for one in sources if one.record.get("set_aside")]
    duplicates = find_duplicates(view.shared_text([report.id for report in reports]))
    gaps = find_gaps(view)
    return Quality(
        reports=held,
        others=every - held,
        sources=len(sources),
        unknown=tuple(_find_unknown(reports)),
        conflict_count=len(conflicts),
        conflicts=tuple(conflicts[:MOST_LISTED]),
        aside_chars=sum(one.chars for one in aside),
        aside_count=len(aside),
        aside=tuple(nlargest(MOST_LISTED, aside, key=lambda one: one.chars)),
        duplicate_count=len(duplicates),
        duplicates=tuple(duplicates[:MOST_LISTED]),
        gap_count=len(gaps),
        gaps=tuple(gaps[:MOST_LISTED]),
        older=count_older(sources),
    )


def _charged(sources: Iterable[SourceRecord], budget: Budget) -> Iterator[SourceRecord]:
    for number, source in enumerate(sources):
        if number % _AT_ONCE == 0:
            budget.charge()
        yield source


def _find_unknown(reports: Sequence[Report]) -> Iterator[Unknown]:
    for field, is_unknown in _IS_UNKNOWN.items():
        found = [report for report in reports if is_unknown(report)]
        yield Unknown(field, len(found), tuple(found[:MOST_LISTED]))


def _aside(source: SourceRecord, report: str | None) -> Aside:
    passages = source.record["set_aside"]
    longest = max(passages, key=lambda passage: len(passage[1]))
    chars = sum(len(text) for _, text, _ in passages)
    return Aside(source.name, report, len(passages), chars, from_json(longest[2]))


def find_gaps(view: View) -> list[Gap]:
    """Places with work years of which no report is held though earlier and later ones are; the worst first."""
    years: dict[str, list[int]] = defaultdict(list)
    for place, year in view.stats().coverage:
        years[place].append(year)
    gaps = []
    for place, held in years.items():
        missing = tuple(sorted(set(range(min(held), max(held))) - set(held)))
        if missing:
            gaps.append(Gap(place, min(held), max(held), missing))
    return sorted(gaps, key=lambda gap: (-len(gap.missing), gap.place))


# Lines for metadata.csv


def metadata_lines(
    searcher: Searcher, *, budget: Budget = UNLIMITED
) -> Iterator[tuple[str | int | None, ...]]:
    """A line for each report of unknown place, year or type, in the columns of `METADATA_COLUMNS`.

    What is known is filled in, so that what isn't can be seen. `file` is as a table in the folder that was given to
    `xiesou index` names it.
    """
    view = searcher.view(budget)
    wanted = {
        report.id: report
        for report in view.reports()[1]
        if any(_IS_UNKNOWN[field](report) for field in ("place", "year", "type"))
    }
    for source in _charged(view.sources(), budget):
        for ordinal in range(1, source.reports + 1):
            report = wanted.get(report_id(source.name, ordinal))
            if report is not None:
                number = ordinal if source.reports > 1 else None
                values = (report.title, report.city, report.province, report.year, report.type)
                yield (_as_pattern(source.name), number, *values)


def _as_pattern(name: str) -> str:
    """A source as metadata.csv names it: below the folder that was given, without signs of a pattern."""
    folder, _, inside = name.partition("/")
    return (inside or folder).translate(_PATTERN_SIGNS)
