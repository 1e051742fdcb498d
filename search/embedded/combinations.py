"""The small numbers that facets count by: what distinguishes paragraphs, whatever their words are.

A combination is a distinct (city, province, type, level, year, plan year, part, recognised or not). Each paragraph
carries the number of its combination, so one count of matching paragraphs gives every facet under every choice of
filters. Combinations of one kind of report are neighbours, a group: what is of a report is counted by group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.embedded import kernel
from search.embedded.segment import NAMED_FIELDS, NOT_RECOGNISED, SegmentData
from search.embedded.sorted_numbers import sort_rows
from search.model import PARTS, REPORT_FACETS, YEAR_FIELDS, FacetValue

UNKNOWN = -1
NO_YEAR = 0
MOST_OF_GROUP = 2 * len(PARTS)
"""How many combinations of part and recognised-or-not there may be in a group."""
_MOST_PACKED = 1 << 62

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Axis:
    """One of the things that combinations combine.

    Args:
        values: in the order in which they are listed, unknown (None) last.
        places: of each combination, its value's place among them.
        place_of: of each value.
    """

    values: tuple[str | int | None, ...]
    places: NDArray[np.int64]
    place_of: Mapping[str | int | None, int]

    def mask(self, values: Sequence[Any]) -> Mask:
        """Which combinations have one of the values."""
        wanted = np.zeros(len(self.values), dtype=bool)
        wanted[[self.place_of[value] for value in values if value in self.place_of]] = True
        return wanted.take(self.places)


def _axis(values: Sequence[str | int | None], places: NDArray[np.int64]) -> Axis:
    return Axis(tuple(values), places, {value: place for place, value in enumerate(values)})


@dataclass(frozen=True, slots=True)
class Combinations:
    """The distinct combinations of a collection.

    Args:
        columns: of each combination, what is of its reports: names as places in `values`, UNKNOWN where not known;
            years, NO_YEAR where not known.
        part: of each combination, its place in PARTS.
        recognised: whether its paragraphs were recognised in a picture.
        values: the names that the collection has.
        has_recognised: whether any were.
        starts: the first combination of each group.
        group_of: of each combination, its group.
        axes: by facet, of combinations; `group_axes` of groups.
        compiled_axes: by facet, as the compiled loop counts it; of groups, but for the part. {} without it.
    """

    columns: Mapping[str, NDArray[np.int32]]
    part: NDArray[np.int64]
    recognised: Mask
    values: Mapping[str, list[str]]
    has_recognised: bool = field(init=False)
    starts: NDArray[np.int64] = field(init=False)
    group_of: NDArray[np.int64] = field(init=False)
    axes: dict[str, Axis] = field(init=False)
    _part_masks: dict[tuple[Any, ...], Mask | None] = field(init=False, default_factory=dict)
    group_axes: dict[str, Axis] = field(init=False)
    compiled_axes: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        table = np.stack([self.columns[name] for name in REPORT_FACETS])
        opens = np.ones(len(self.part), dtype=bool)
        opens[1:] = (table[:, 1:] != table[:, :-1]).any(axis=0)
        starts = np.flatnonzero(opens)
        axes = {name: self._report_axis(name) for name in REPORT_FACETS}
        groups = {
            name: Axis(axis.values, axis.places.take(starts), axis.place_of) for name, axis in axes.items()
        }
        object.__setattr__(self, "has_recognised", bool(self.recognised.any()))
        object.__setattr__(self, "starts", starts)
        object.__setattr__(self, "group_of", np.cumsum(opens) - 1)
        object.__setattr__(self, "axes", {**axes, "part": _axis(PARTS, self.part)})
        object.__setattr__(self, "group_axes", groups)
        object.__setattr__(self, "compiled_axes", self._compile_axes())

    def _compile_axes(self) -> dict[str, Any]:
        if kernel.page is None:
            return {}
        make = kernel.page.FacetAxis
        return {
            name: make(FacetValue, axis.values, axis.places, name not in YEAR_FIELDS)
            for name, axis in (*self.group_axes.items(), ("part", self.axes["part"]))
        }

    def _report_axis(self, name: str) -> Axis:
        column = self.columns[name]
        if name in YEAR_FIELDS:
            years = sorted(set(column.tolist()) - {NO_YEAR}, reverse=True)
            places = np.searchsorted(-np.array(years, dtype=np.int64), -column.astype(np.int64))
            return _axis([*years, None], places.astype(np.int64))
        known = self.values[name]
        return _axis([*known, None], np.where(column == UNKNOWN, len(known), column).astype(np.int64))

    def parts_allowed(self, chosen: tuple[Any, ...]) -> Mask | None:
        """Which combinations have one of the parts; None where all have. Kept: most searches choose the same."""
        if chosen not in self._part_masks:
            mask = self.axes["part"].mask(chosen)
            self._part_masks[chosen] = None if mask.all() else mask
        return self._part_masks[chosen]

    def __len__(self) -> int:
        return len(self.part)


def combine(segments: Sequence[SegmentData]) -> tuple[Combinations, list[NDArray[Any]]]:
    """The combinations of some segments, and the number of its combination for each document of each segment."""
    values, columns = report_columns(segments)
    table, of_report = _distinct(columns)
    codes, report = [], 0
    for data in segments:
        groups = of_report[report : report + data.report_count]
        report += data.report_count
        own = 2 * data.parts_of.astype(np.int64) + (data.ocr != NOT_RECOGNISED)
        codes.append(MOST_OF_GROUP * groups.take(data.report_of) + own)
    held = np.zeros(MOST_OF_GROUP * len(table[0]), dtype=bool)
    for of_segment in codes:
        held[of_segment] = True
    found = np.flatnonzero(held)
    numbers = (np.cumsum(held) - 1).astype(np.uint16 if len(found) <= 1 << 16 else np.uint32)
    group, own = np.divmod(found, MOST_OF_GROUP)
    combinations = Combinations(
        columns={name: column.take(group) for name, column in zip(REPORT_FACETS, table, strict=True)},
        part=own // 2,
        recognised=own % 2 == 1,
        values=values,
    )
    return combinations, [numbers.take(of_segment) for of_segment in codes]


def report_columns(
    segments: Sequence[SegmentData],
) -> tuple[dict[str, list[str]], dict[str, NDArray[np.int32]]]:
    """The names that reports have, and what each report has, as `Combinations.columns` says."""
    values: dict[str, list[str]] = {}
    columns: dict[str, NDArray[np.int32]] = {}
    for name in NAMED_FIELDS:
        known = sorted({value for data in segments for value in data.catalogue.meta["values"][name]})
        values[name] = known
        number = {value: place for place, value in enumerate(known)}
        parts = []
        for data in segments:
            of_segment = [number[value] for value in data.catalogue.meta["values"][name]]
            parts.append(np.array([*of_segment, UNKNOWN], dtype=np.int32)[data.catalogue[name]])
        columns[name] = _joined(parts)
    for name in YEAR_FIELDS:
        columns[name] = _joined([data.catalogue[name] for data in segments])
    return values, columns


def _joined(parts: Sequence[NDArray[np.int32]]) -> NDArray[np.int32]:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int32)


def _distinct(
    columns: Mapping[str, NDArray[np.int32]],
) -> tuple[list[NDArray[np.int32]], NDArray[np.int64]]:
    """The distinct rows of some columns, in the order of REPORT_FACETS, and for each row which of them it is."""
    packed, count = np.zeros(len(columns["year"]), dtype=np.int64), 1
    for name in REPORT_FACETS:
        column = columns[name].astype(np.int64)
        low = int(column.min(initial=0))
        size = int(column.max(initial=0)) - low + 1
        if count * size > _MOST_PACKED:  # more than a number can hold: what there is so far is renumbered
            known, packed = np.unique(packed, return_inverse=True)
            packed, count = packed.reshape(-1), len(known)
        packed, count = packed * size + (column - low), count * size
    rows = sort_rows([packed])
    ordered = packed[rows]
    opens = np.ones(len(rows), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=opens[1:])
    of_row = np.empty(len(rows), dtype=np.int64)
    of_row[rows] = np.cumsum(opens) - 1
    return [columns[name][rows[opens]] for name in REPORT_FACETS], of_row
