"""All reports of a snapshot as columns: what lists of them are filtered, sorted and counted by.

segments -> rows by source -> mask of a choice, an order -> the rows of one page -> reports

A row is a report that has not been deleted. Nothing is read before the first list is asked for; a report's record is
read only if it is on the page.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, reduce
from threading import RLock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.collection import Choice, ReportColumns, ReportSort, ReportValue, Value
from search.embedded.combinations import NO_YEAR, UNKNOWN, report_columns
from search.embedded.report_strings import NO_TITLE, Ranks, codes_of, rank_titles
from search.embedded.segment import NO_TIME
from search.embedded.snapshot import Snapshot
from search.embedded.sorted_numbers import inverse, sort_rows
from search.model import YEAR_FIELDS, Report

I64 = NDArray[np.int64]
Mask = NDArray[np.bool_]

_FEW = 2_000
"""So many reports are read one by one; of more, all are read once and kept."""
_DAY_SECONDS = 86_400
_MOST_VALUES = 1 << 20
"""Up to so many values a column can have, they are counted without being sorted."""


class ReportTable:
    """The reports of a snapshot, by row. Safe to use from several threads."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._segments = [part.data for part in snapshot.parts]
        self._bases = np.cumsum([0, *(data.report_count for data in self._segments)])
        live = _joined([data.live_reports() for data in self._segments], bool)
        by_source = inverse(snapshot.source_places)
        self._number = by_source[live[by_source]]
        self.names, columns = report_columns(self._segments)
        self.columns = {name: column.take(self._number) for name, column in columns.items()}
        self.is_report: Mask = self._column("is_report").astype(bool)
        self._orders: dict[ReportSort, I64] = {}
        self._lock = RLock()

    def __len__(self) -> int:
        return len(self._number)

    def _column(self, name: str) -> NDArray[Any]:
        of_all = _joined([data.catalogue[name] for data in self._segments], np.int64)
        of_rows: NDArray[Any] = of_all[self._number]
        return of_rows

    # Lists

    def page(
        self, chosen: Choice, *, others: bool, sort: ReportSort, skip: int = 0, count: int | None = None
    ) -> tuple[int, list[Report]]:
        """How many reports a choice leaves, and a slice of them in an order."""
        kept = self._mask(chosen, others=others)
        rows = np.flatnonzero(kept)
        total = len(rows)
        if sort != "source" and count != 0:
            order = self.order(sort)
            rows = order if total == len(order) else order[kept[order]]
        return total, self._read(rows[skip : None if count is None else skip + count].tolist())

    def _read(self, rows: list[int]) -> list[Report]:
        if len(rows) > _FEW or len(self) <= _FEW:
            return [self._every[row] for row in rows]
        return [self._report(row) for row in rows]

    @cached_property
    def _every(self) -> list[Report]:
        return [self._report(row) for row in range(len(self))]

    def _report(self, row: int) -> Report:
        part, number = self._place(row)
        return self._snapshot.parts[part].reports[number]

    def _place(self, row: int) -> tuple[int, int]:
        """The segment of a report, and its number there."""
        number = int(self._number[row])
        part = bisect_right(self._bases, number) - 1
        return part, number - int(self._bases[part])

    @cached_property
    def _days(self) -> NDArray[Any]:
        return self._column("day")

    def left_by(self, chosen: Choice) -> I64:
        """The rows that a choice leaves, texts that are no report left out."""
        return np.flatnonzero(self._mask(chosen, others=False))

    def numbers_of(self, rows: I64) -> I64:
        """The reports' numbers over all segments."""
        numbers: I64 = self._number.take(rows)
        return numbers

    def rows_of(self, numbers: I64) -> I64:
        """The rows of reports by their numbers over all segments."""
        return self._row_of.take(numbers)

    def select(self, rows: I64, refs: I64) -> ReportColumns:
        """Some reports as columns; `refs` is a paragraph of each."""
        columns = {name: self.columns[name].take(rows) for name in (*self.names, *YEAR_FIELDS)}
        codes = self._codes.take(rows)
        columns["code"] = np.where(codes == len(self._code_names), UNKNOWN, codes)
        columns["day"] = self._days.take(rows)
        wide = {name: column.astype(np.int64) for name, column in columns.items()}
        return ReportColumns(refs, wide, {**self.names, "code": self._code_names})

    # Choices

    def _mask(self, chosen: Choice, *, others: bool) -> Mask:
        kept = np.ones(len(self), dtype=bool) if others else self.is_report
        masks = [self._having(name, values) for name, values in chosen if values]
        return reduce(np.logical_and, masks, kept)

    def _having(self, name: str, values: Sequence[Value]) -> Mask:
        if name in ("source", "id"):
            return self._rows_mask(
                self._rows_of_sources(values) if name == "source" else self._rows_of_ids(values)
            )
        column = self.columns[name]
        if name in YEAR_FIELDS:
            wanted = [NO_YEAR if value is None else int(value) for value in values if value != NO_YEAR]
        else:
            place_of: dict[Value, int] = {known: place for place, known in enumerate(self.names[name])}
            place_of[None] = UNKNOWN
            wanted = [place_of[value] for value in values if value in place_of]
        return column == wanted[0] if len(wanted) == 1 else np.isin(column, wanted)

    def _rows_mask(self, rows: Iterable[int]) -> Mask:
        mask = np.zeros(len(self), dtype=bool)
        mask[list(rows)] = True
        return mask

    def _rows_of_sources(self, sources: Sequence[Value]) -> Iterator[int]:
        def key(row: int) -> bytes:
            part, number = self._place(row)
            return self._segments[part].source_key(number)[0]

        rows = range(len(self))
        for source in sources:
            wanted = str(source).encode("utf-8", "surrogatepass")
            yield from rows[bisect_left(rows, wanted, key=key) : bisect_right(rows, wanted, key=key)]

    def _rows_of_ids(self, ids: Sequence[Value]) -> Iterator[int]:
        parts = {data.id: part for part, data in enumerate(self._segments)}
        for report_id in ids:
            if (found := self._snapshot.find_report(str(report_id))) is not None:
                yield int(self._row_of[self._bases[parts[found[0].id]] + found[1]])

    @cached_property
    def _row_of(self) -> I64:
        """The row of each report, by its number over all segments."""
        rows = np.zeros(int(self._bases[-1]), dtype=np.int64)
        rows[self._number] = np.arange(len(self))
        return rows

    # Orders

    def order(self, sort: ReportSort) -> I64:
        """The rows in an order, kept."""
        with self._lock:
            if sort not in self._orders:
                self._orders[sort] = self._by_added() if sort == "-added" else self._sorted(sort)
            return self._orders[sort]

    def _sorted(self, sort: ReportSort) -> I64:
        city, years = self.columns["city"], self.columns["year"]
        keys: dict[ReportSort, Callable[[], list[NDArray[Any]]]] = {
            "year": lambda: [_unknown_last(years, NO_YEAR)],
            "-year": lambda: [-years],
            "type": lambda: [_unknown_last(self.columns["type"], UNKNOWN)],
            "city": lambda: [city == UNKNOWN, self._codes, self.columns["province"], city],
            "title": lambda: [_unknown_last(rank_titles(self._segments).take(self._number), NO_TITLE)],
        }
        return sort_rows([*keys[sort](), _unknown_last(city, UNKNOWN), -years, self.columns["type"]])

    @cached_property
    def _codes_held(self) -> list[tuple[list[str], Ranks]]:
        return [codes_of(data) for data in self._segments]

    @cached_property
    def _code_names(self) -> list[str]:
        return sorted({code for codes, _ in self._codes_held for code in codes})

    @cached_property
    def _codes(self) -> NDArray[np.int32]:
        """The place of each row's division code among those held, unknown last."""
        number = {code: place for place, code in enumerate(self._code_names)}
        of_segments = []
        for names, column in self._codes_held:
            places = np.array([*(number[name] for name in names), len(number)], dtype=np.int32)
            of_segments.append(places[column])
        of_rows: NDArray[np.int32] = _joined(of_segments, np.int32)[self._number]
        return of_rows

    def _by_added(self) -> I64:
        added, day, year = self._column("added"), self._days.astype(np.int64), self.columns["year"]
        delivered = np.where(day, day, np.where(year == NO_YEAR, 1970, year).astype(np.int64) * 10_000 + 101)
        when = np.where(added == NO_TIME, delivered * _DAY_SECONDS, _seconds_of(added))
        newest = self.order("-year")
        return newest[sort_rows([-when[newest]])]

    # Counts

    def values(self, field: str) -> list[ReportValue]:
        """The values of a facet that reports have, ascending, unknown last."""
        column, codes = self.columns[field][self.is_report], self._codes[self.is_report]
        found, counts, least = _count_values(column, codes)
        names = [*self._code_names, ""]
        values = [
            ReportValue(self._value(field, value), count, names[code])
            for value, count, code in zip(found.tolist(), counts.tolist(), least.tolist(), strict=True)
        ]
        return sorted(values, key=lambda of: of.value is None)

    def _value(self, field: str, value: int) -> Value:
        if field in YEAR_FIELDS:
            return None if value == NO_YEAR else value
        return None if value == UNKNOWN else self.names[field][value]


def count_coverage(table: ReportTable) -> dict[tuple[str, int], int]:
    """How many reports are held of each city (else its province) and work year, as far as both are known."""
    columns = table.columns
    known = table.is_report & (columns["plan_year"] != NO_YEAR)
    counts: Counter[tuple[str, int]] = Counter()
    is_city = columns["city"] != UNKNOWN
    for field, mask in (
        ("city", is_city),
        ("province", ~is_city & (columns["province"] != UNKNOWN)),
    ):
        places, years = (columns[name][known & mask] for name in (field, "plan_year"))
        pairs, held = np.unique(np.stack([places, years]), axis=1, return_counts=True)
        for place, year, count in zip(*pairs.tolist(), held.tolist(), strict=True):
            counts[table.names[field][place], year] += count
    return dict(counts)


def _count_values(column: NDArray[Any], codes: NDArray[np.int32]) -> tuple[I64, I64, I64]:
    """The distinct values of a column, ascending, how many rows have each, and the least code of these."""
    low, high = int(column.min(initial=0)), int(column.max(initial=0))
    if high - low < _MOST_VALUES:
        found, places = np.arange(low, high + 1), column.astype(np.int64) - low
    else:
        found, places = np.unique(column, return_inverse=True)
    counts = np.bincount(places, minlength=len(found))
    least = np.full(len(found), np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(least, places, codes.astype(np.int64))  # quick only where both are of one kind
    held = np.flatnonzero(counts)
    return found[held], counts[held], least[held]


def _joined(parts: Sequence[NDArray[Any]], dtype: Any) -> NDArray[Any]:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=dtype)


def _unknown_last(column: NDArray[Any], unknown: int) -> NDArray[Any]:
    return np.where(column == unknown, column.max(initial=unknown) + 1, column)


def _seconds_of(added: I64) -> I64:
    """Seconds since 1970 as a number that is ordered like day (20240131) times `_DAY_SECONDS` and second of the day."""
    days, seconds = np.divmod(added, _DAY_SECONDS)
    low, high = int(days.min(initial=0)), int(days.max(initial=0))
    is_dense = high - low < len(days)
    dates = _dates(np.arange(low, high + 1)).take(days - low) if is_dense else _dates(days)
    result: I64 = dates * _DAY_SECONDS + seconds
    return result


def _dates(days_since_1970: I64) -> I64:
    """Days as numbers such as 20240131."""
    days = days_since_1970.astype("datetime64[D]")
    months, years = days.astype("datetime64[M]"), days.astype("datetime64[Y]")
    day = (days - months).astype(np.int64) + 1
    month = (months - years).astype(np.int64) + 1
    numbers: I64 = (years.astype(np.int64) + 1970) * 10_000 + month * 100 + day
    return numbers
