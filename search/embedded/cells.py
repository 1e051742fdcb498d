"""A search over cities and years, against what the collection holds there.

matches -> per report -> per combination of the collection -> per (city, year)

Nothing found where reports are held is a cell of zeros; nothing held is no cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.embedded.matches import Matches
from search.embedded.matching import Matcher
from search.embedded.snapshot import NO_YEAR, UNKNOWN, Combinations, Snapshot
from search.language.plan import Plan
from search.language.plan.conditions import conditions_of
from search.model import Cell

I64 = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Holdings:
    """What one segment holds, report by report; deleted reports hold nothing.

    Args:
        first: each report's first document.
        combination: the number of each report's combination.
        paragraphs, characters, reports: of each report; `reports` is 1 for each that is not deleted.
    """

    first: I64
    combination: I64
    paragraphs: I64
    characters: I64
    reports: I64


def read_holdings(snapshot: Snapshot) -> list[Holdings]:
    """What each part of the snapshot holds."""
    held = []
    for part in snapshot.parts:
        catalogue = part.data.catalogue
        live = part.data.live_reports()
        first = np.minimum(catalogue["first"], max(0, part.data.doc_count - 1)).astype(np.int64)
        held.append(
            Holdings(
                first=first,
                combination=part.combination[first].astype(np.int64),
                paragraphs=catalogue["paragraphs"] * live.astype(np.int64),
                characters=catalogue["characters"].astype(np.int64) * live,
                reports=((catalogue["paragraphs"] > 0) & live).astype(np.int64),
            )
        )
    return held


def count_cells(
    snapshot: Snapshot,
    holdings: Sequence[Holdings],
    matchers: Iterable[Matcher],
    plan: Plan,
    allowed: Mask | None,
    found: Sequence[Matches],
    occurrences: Sequence[I64],
) -> tuple[Cell, ...]:
    """The cells of a search.

    Args:
        matchers: of each part.
        allowed: which combinations are chosen; None for all.
        found, occurrences: the matches of each part that are allowed, and the occurrences in each.
    """
    table = snapshot.combinations
    conditions = conditions_of(plan)
    sums = np.zeros((6, len(table)), dtype=np.int64)
    parts = zip(snapshot.parts, holdings, matchers, found, occurrences, strict=True)
    for part, held, matcher, matches, counts in parts:
        of_match = part.data.report_of[matches.docs]
        size = len(held.reports)
        columns = (
            np.bincount(of_match, minlength=size),
            np.bincount(of_match, weights=counts, minlength=size).astype(np.int64),
            np.bincount(np.unique(of_match), minlength=size),
            held.paragraphs,
            held.characters,
            held.reports,
        )
        inside = matcher.probe(conditions, held.first)[0]
        if allowed is not None:
            inside = inside & allowed[held.combination]
        for row, column in zip(sums, columns, strict=True):
            row += np.bincount(held.combination[inside], weights=column[inside], minlength=len(table)).astype(
                np.int64
            )
    return _cells(table, sums)


def _cells(table: Combinations, sums: I64) -> tuple[Cell, ...]:
    keys = np.stack([table.city, table.year], axis=1)
    groups, which = np.unique(keys, axis=0, return_inverse=True)
    totals = np.zeros((len(sums), len(groups)), dtype=np.int64)
    for row, column in zip(totals, sums, strict=True):
        np.add.at(row, which.reshape(-1), column)
    names = table.values["city"]
    cells = [
        Cell(None if city == UNKNOWN else names[city], None if year == NO_YEAR else year, *numbers)
        for (city, year), numbers in zip(groups.tolist(), totals.T.tolist(), strict=True)
        if numbers[-1]
    ]
    cells.sort(key=lambda cell: (cell.city is None, cell.city or "", cell.year is None, cell.year or 0))
    return tuple(cells)
