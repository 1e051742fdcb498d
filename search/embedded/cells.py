"""A search over cities and years, against what the collection holds there.

matches -> per report -> per group of combinations -> per (city, year)

Nothing found where reports are held is a cell of zeros; nothing held is no cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.embedded.combinations import MOST_OF_GROUP, NO_YEAR, UNKNOWN, Combinations, Mask
from search.embedded.matches import Matches
from search.embedded.matching import Matcher
from search.embedded.snapshot import Part, Snapshot
from search.language.plan import Plan
from search.language.plan.conditions import conditions_of
from search.model import Cell, YearField

I64 = NDArray[np.int64]

_HELD_PARAGRAPHS = 3
"""Of a cell's numbers, behind paragraphs, occurrences and reports that match."""


@dataclass(frozen=True, slots=True)
class Holdings:
    """What one segment holds, by portion: the paragraphs of a report that have one combination.

    Deleted reports hold nothing.

    Args:
        first: each portion's first document, ascending: portions are in the order of these.
        report: the number of its report.
        combination: its combination.
        paragraphs, characters: of each portion.
        group: of each report, its group of combinations.
    """

    first: I64
    report: I64
    combination: I64
    paragraphs: I64
    characters: I64
    group: I64


def read_holdings(snapshot: Snapshot) -> list[Holdings]:
    """What each part of the snapshot holds."""
    return [_read_holdings(part, snapshot.combinations) for part in snapshot.parts]


def _read_holdings(part: Part, table: Combinations) -> Holdings:
    data = part.data
    columns: list[NDArray[Any]] = [part.combination, data.report_of, data.paragraphs["characters"]]
    docs = None if data.live is None else data.live.nonzero()[0]
    if docs is not None:
        columns = [column.take(docs) for column in columns]
    of_documents, reports, lengths = columns
    # Neighbours mostly are of one portion: runs of them are counted, not each document.
    differs = (reports[1:] != reports[:-1]) | (of_documents[1:] != of_documents[:-1])
    begins = np.flatnonzero(np.append(True, differs)[: len(reports)])
    combination, report = (column.take(begins).astype(np.int64) for column in (of_documents, reports))
    groups = table.group_of.take(combination)
    # The combinations of a report are of one group, and so few that a portion is a small number.
    code = report * MOST_OF_GROUP + combination - table.starts.take(groups)
    size = data.report_count * MOST_OF_GROUP
    paragraphs = np.bincount(code, np.diff(begins, append=len(reports)), size)
    characters = np.bincount(code, np.add.reduceat(lengths, begins, dtype=np.int64), size)
    opens = np.zeros(size, dtype=np.int64)
    opens[code[::-1]] = begins[::-1]
    portions = np.flatnonzero(paragraphs)
    portions = portions.take(opens.take(portions).argsort())
    first = opens.take(portions)
    group = np.zeros(data.report_count, dtype=np.int64)
    group[report] = groups
    return Holdings(
        first=first if docs is None else docs.take(first).astype(np.int64),
        report=portions // MOST_OF_GROUP,
        combination=of_documents.take(first).astype(np.int64),
        paragraphs=paragraphs.take(portions).astype(np.int64),
        characters=characters.take(portions).astype(np.int64),
        group=group,
    )


def count_cells(
    snapshot: Snapshot,
    holdings: Sequence[Holdings],
    matchers: Iterable[Matcher],
    plan: Plan,
    allowed: Mask | None,
    found: Sequence[Matches],
    occurrences: Sequence[I64],
    by: YearField = "year",
) -> tuple[Cell, ...]:
    """The cells of a search.

    Args:
        matchers: of each part.
        allowed: which combinations are chosen; None for all.
        found, occurrences: the matches of each part that are allowed, and the occurrences in each.
        by: the year that a cell's is.
    """
    table = snapshot.combinations
    conditions = conditions_of(plan)
    sums = np.zeros((6, len(table.starts)), dtype=np.int64)
    parts = zip(snapshot.parts, holdings, matchers, found, occurrences, strict=True)
    for part, held, matcher, matches, counts in parts:
        of_match = part.data.report_of[matches.docs]
        is_report = part.data.catalogue["is_report"].astype(bool)
        inside = matcher.probe(conditions, held.first)[0]
        if allowed is not None:
            inside = inside & allowed[held.combination]
        portions = held.report[inside]

        def by_report(reports: NDArray[Any], weights: I64 | None = None, size: int = len(held.group)) -> I64:
            return np.bincount(reports, weights, size).astype(np.int64)

        paragraphs, of_portions = by_report(of_match), by_report(portions)
        columns = (
            paragraphs,
            by_report(of_match, counts),
            (paragraphs > 0) & is_report,
            by_report(portions, held.paragraphs[inside]),
            by_report(portions, held.characters[inside]),
            (of_portions > 0) & is_report,
        )
        for row, column in zip(sums, columns, strict=True):
            row += np.bincount(held.group, column, len(row)).astype(np.int64)
    return _cells(table, sums, by)


def _cells(table: Combinations, sums: I64, by: YearField) -> tuple[Cell, ...]:
    cities, years = (table.columns[name].take(table.starts).astype(np.int64) for name in ("city", by))
    latest = int(years.max(initial=NO_YEAR)) + 1
    pairs, which = np.unique(cities * latest + years, return_inverse=True)
    totals = np.zeros((len(sums), len(pairs)), dtype=np.int64)
    for row, column in zip(totals, sums, strict=True):
        np.add.at(row, which, column)
    names = table.values["city"]
    cells = [
        Cell(None if city == UNKNOWN else names[city], None if year == NO_YEAR else year, *numbers)
        for city, year, numbers in zip(
            (pairs // latest).tolist(), (pairs % latest).tolist(), totals.T.tolist(), strict=True
        )
        if numbers[_HELD_PARAGRAPHS]
    ]
    cells.sort(key=lambda cell: (cell.city is None, cell.city or "", cell.year is None, cell.year or 0))
    return tuple(cells)
