"""Reports as columns, without their records: those that a choice leaves, or that matches are of."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search.collection import Choice, ReportColumns
from search.embedded.matches import Matches
from search.embedded.ordering import PART_SHIFT
from search.embedded.report_table import ReportTable
from search.embedded.snapshot import Snapshot

_NONE: NDArray[np.int64] = np.zeros(0, dtype=np.int64)


def columns_left(snapshot: Snapshot, table: ReportTable, chosen: Choice) -> ReportColumns:
    """The reports that a choice leaves, by source, each with its first paragraph."""
    rows = table.left_by(chosen)
    numbers = table.numbers_of(rows)
    parts = _bases(snapshot).searchsorted(numbers, side="right") - 1
    first = np.concatenate([_NONE, *(part.data.first.astype(np.int64) for part in snapshot.parts)])
    return table.select(rows, parts << PART_SHIFT | first.take(numbers))


def columns_matched(snapshot: Snapshot, table: ReportTable, found: Sequence[Matches]) -> ReportColumns:
    """The reports that matches are of, each with the first of them.

    Args:
        found: the matches of each of the snapshot's parts.
    """
    numbers, refs = [_NONE], [_NONE]
    for number, (base, part, matches) in enumerate(zip(_bases(snapshot), snapshot.parts, found, strict=True)):
        of_match = part.data.report_of.take(matches.docs).astype(np.int64)
        begins = np.flatnonzero(np.diff(of_match, prepend=-1))
        numbers.append(of_match.take(begins) + base)
        refs.append(matches.docs.take(begins).astype(np.int64) | number << PART_SHIFT)
    return table.select(table.rows_of(np.concatenate(numbers)), np.concatenate(refs))


def _bases(snapshot: Snapshot) -> NDArray[np.int64]:
    """The number over all segments of each segment's first report."""
    counts = np.array([part.data.report_count for part in snapshot.parts], dtype=np.int64)
    return np.cumsum(counts) - counts
