"""Many reports at once as arrays: whose each is and of which time, and the earliest of them.

columns of the store -> places numbered over all of them, times as numbers in the order of `time_of`

Of thousands of reports only those that are shown are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.collection import ReportColumns
from search.instruments.answers import NATION
from search.model import LEVELS, YearField

I64 = NDArray[np.int64]

UNKNOWN = -1
_NO_YEAR, _LATEST = 0, 9_999


@dataclass(frozen=True, slots=True)
class ReportRows:
    """Reports, a row each.

    Args:
        names: of all places.
        place: of each report, a place in `names`; UNKNOWN where it isn't known whose it is.
        level: a place in `level_names`, or UNKNOWN.
        level_names: None behind them, for UNKNOWN.
        time: larger is later, unknown ones last.
        year: on the axis asked for; 0 where unknown.
    """

    names: Sequence[str]
    place: I64
    level: I64
    level_names: Sequence[str | None]
    time: I64
    year: I64

    def level_name(self, row: int) -> str | None:
        """The level of a report."""
        return self.level_names[int(self.level[row])]


def to_rows(columns: ReportColumns, names: Sequence[str], axis: YearField) -> ReportRows:
    """Reports as rows; of one report `place_of` and `time_of` say the same.

    Args:
        names: `name_places` of these columns and any others.
        axis: which year is theirs.
    """
    number = {name: at for at, name in enumerate(names)}

    def numbered(field: str) -> I64:
        of_values = [*(number[value] for value in columns.names[field]), UNKNOWN]
        return np.array(of_values, dtype=np.int64)[columns.columns[field]]

    level, level_names = columns.columns["level"], columns.names["level"]
    place, province = numbered("city"), numbered("province")
    place = np.where(place == UNKNOWN, province, place)
    if LEVELS[0] in level_names:
        place = np.where(level == level_names.index(LEVELS[0]), number[NATION], place)
    return ReportRows(names, place, level, [*level_names, None], _time(columns), columns.columns[axis])


def name_places(of_columns: Iterable[ReportColumns]) -> list[str]:
    """The names of places in some columns, and of the nation."""
    names = (
        name for columns in of_columns for field in ("city", "province") for name in columns.names[field]
    )
    return list(dict.fromkeys([NATION, *names]))


def _time(columns: ReportColumns) -> I64:
    year, day = columns.columns["year"], columns.columns["day"]
    within = np.where(day // 10_000 == year, day % 10_000, _LATEST)
    time: I64 = np.where(year == _NO_YEAR, _LATEST, year) * 10_000 + within
    return time


def earliest(rows: ReportRows, count: int) -> list[int]:
    """The rows that come first by time, `count` and those that tie with the last of them."""
    if len(rows.time) <= count:
        return list(range(len(rows.time)))
    found: list[int] = np.flatnonzero(rows.time <= np.partition(rows.time, count - 1)[count - 1]).tolist()
    return found


def earliest_of_places(rows: ReportRows) -> list[int]:
    """The first row of every place, and those that tie with it."""
    known = np.flatnonzero(rows.place != UNKNOWN)
    place, time = rows.place.take(known), rows.time.take(known)
    least = np.full(len(rows.names), np.iinfo(np.int64).max)
    np.minimum.at(least, place, time)
    found: list[int] = known[time == least.take(place)].tolist()
    return found
