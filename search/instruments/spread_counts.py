"""What is counted around first mentions: reports held before, places that never say it, a curve by year.

All of it goes by rows of reports (`report_rows`), of which there may be a hundred thousand.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from search.instruments.answers import CurvePoint, SilentPlace
from search.instruments.report_rows import I64, UNKNOWN, ReportRows
from search.model import LEVELS

_NO_YEAR, _NEVER = 0, 1 << 31


def count_before(held: ReportRows, first: Mapping[int, int]) -> dict[int, int]:
    """How many reports of each place are older than its first mention.

    Args:
        first: by place, the time of the first report that says it.
    """
    limits = np.full(len(held.names), -1, dtype=np.int64)
    limits[list(first)] = list(first.values())
    place = held.place.take(np.flatnonzero((held.place != UNKNOWN) & (held.time < limits.take(held.place))))
    counts = np.bincount(place, minlength=len(limits))
    return {number: int(counts[number]) for number in first}


def find_silent(held: ReportRows, saying: Mapping[int, int]) -> list[SilentPlace]:
    """The places that reports are held of, none of which says it."""
    counts = np.bincount(held.place[held.place != UNKNOWN], minlength=len(held.names))
    last, year = _last_of_places(held), _last_years(held)
    silent = sorted(
        (held.names[number], number) for number in set(np.flatnonzero(counts).tolist()) - {*saying}
    )
    return [
        SilentPlace(name, held.level_name(int(last[number])), int(counts[number]), int(year[number]) or None)
        for name, number in silent
    ]


def count_curve(held: ReportRows, said: Mapping[int, int]) -> list[CurvePoint]:
    """Places that have said it by each year, of those held: from the year of the first mention to the last one held.

    Args:
        said: by place, the year of its first mention; 0 where it isn't known.
    """
    mentions = [year for year in said.values() if year != _NO_YEAR]
    if not mentions:
        return []
    dated = np.flatnonzero((held.place != UNKNOWN) & (held.year != _NO_YEAR))
    years = np.arange(min(mentions), int(held.year.take(dated).max(initial=_NO_YEAR)) + 1)
    first_held = np.full(len(held.names), _NEVER, dtype=np.int64)
    np.minimum.at(first_held, held.place.take(dated), held.year.take(dated))
    first_said = np.full(len(held.names), _NEVER, dtype=np.int64)
    first_said[list(said)] = [year or _NEVER for year in said.values()]
    last = _last_of_places(held)
    is_held = last != UNKNOWN
    level = np.where(is_held, held.level.take(last), -2)
    points: list[CurvePoint] = []
    for number in sorted(set(level[is_held].tolist()), key=lambda number: _rank(held.level_names[number])):
        counts = [_count_by(first[level == number], years) for first in (first_said, first_held)]
        points += map(
            CurvePoint,
            years.tolist(),
            [held.level_names[number]] * len(years),
            *(count.tolist() for count in counts),
        )
    return points


def _last_of_places(held: ReportRows) -> I64:
    """The last row of each place, UNKNOWN where it has none."""
    last = np.full(len(held.names), UNKNOWN, dtype=np.int64)
    known = np.flatnonzero(held.place != UNKNOWN)
    np.maximum.at(last, held.place.take(known), known)
    return last


def _last_years(held: ReportRows) -> I64:
    """The last year of each place, 0 where none is known."""
    last = np.full(len(held.names), _NO_YEAR, dtype=np.int64)
    known = np.flatnonzero(held.place != UNKNOWN)
    np.maximum.at(last, held.place.take(known), held.year.take(known))
    return last


def _count_by(first: I64, years: I64) -> I64:
    """How many have a first year, and it is this one or before."""
    return np.sort(first).searchsorted(years, side="right")


def _rank(level: str | None) -> int:
    return LEVELS.index(level) if level in LEVELS else len(LEVELS)
