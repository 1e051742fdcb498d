"""Totals and facets from one count of combinations: exact, disjunctive, no second pass over paragraphs.

A facet's counts leave out its own group's choice and keep every other (law 5): the count of a value is the total that
choosing it would give.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from search.embedded import kernel
from search.embedded.combinations import Axis, Combinations, Mask
from search.embedded.tally import Counts
from search.model import FACETS, REPORT_FACETS, YEAR_FIELDS, FacetValue


class _Facet(Struct, frozen=True):
    """A facet under a query's choices, as the compiled loop lists its values.

    Args:
        compiled: the axis as the compiled loop counts it; None without it.
        allowed: which combinations the choices in other facets allow; None where all are.
        chosen: places of the chosen values.
        missing: values that were chosen and that the collection doesn't have.
    """

    axis: Axis
    compiled: Any
    allowed: Mask | None
    chosen: frozenset[int]
    missing: tuple[FacetValue, ...]


class Selection:
    """The choices of a query, as masks over combinations.

    What is of a report is counted by group, of which there are fewer than combinations.
    """

    def __init__(self, combinations: Combinations, chosen: Mapping[str, Sequence[Any]]) -> None:
        self._combinations = combinations
        self.chosen = {name: tuple(chosen.get(name, ())) for name in FACETS}
        self._group_masks: dict[str, Mask] = {
            name: combinations.group_axes[name].mask(self.chosen[name])
            for name in REPORT_FACETS
            if self.chosen[name]
        }
        self._parts = combinations.parts_allowed(self.chosen["part"]) if self.chosen["part"] else None
        self._allowed = self._find_allowed()
        facets = {
            name: self._to_list(combinations.group_axes[name], name, self._allowed_groups(leaving_out=name))
            for name in REPORT_FACETS
        }
        groups = self._allowed_groups()
        of_reports = None if groups is None else groups.take(combinations.group_of)
        self._part_list = self._to_list(combinations.axes["part"], "part", of_reports)
        self._listed = [_as_listed(name, of) for name, of in facets.items()]
        """Facets by groups, as the compiled loop takes them; parts too, if groups are combinations, none chosen."""
        self._listed_alone = [_as_listed("part", self._part_list)]
        if self._parts is None and len(combinations.starts) == len(combinations):
            self._listed += self._listed_alone
            self._listed_alone = []

    @property
    def is_narrow(self) -> bool:
        """Whether something is left out."""
        return bool(self._group_masks) or self._parts is not None

    def allowed(self) -> Mask | None:
        """Which combinations every choice allows; None where all are."""
        return self._allowed

    def _find_allowed(self) -> Mask | None:
        groups = self._allowed_groups()
        if groups is None:
            return self._parts
        allowed = groups.take(self._combinations.group_of)
        return allowed if self._parts is None else allowed & self._parts

    def _allowed_groups(self, *, leaving_out: str | None = None) -> Mask | None:
        """Which groups of combinations the choices among reports allow, one left out; None where all are."""
        masks = [mask for name, mask in self._group_masks.items() if name != leaving_out]
        if len(masks) < 2:
            return masks[0] if masks else None
        allowed: Mask = np.logical_and.reduce(masks)
        return allowed

    def total(self, counts: Counts) -> int:
        """Paragraphs that all choices allow, from the count of each combination."""
        allowed = self.allowed()
        return int(counts.sum() if allowed is None else counts[allowed].sum())

    def recognised(self, counts: Counts) -> int:
        """How many of them were recognised in a picture."""
        combinations = self._combinations
        return self.total(counts * combinations.recognised) if combinations.has_recognised else 0

    def facets(self, counts: Counts, names: Sequence[str]) -> dict[str, tuple[FacetValue, ...]]:
        """The facets' values: years newest first, the others by count; chosen values are there even with none."""
        of_groups = self._by_group(counts if self._parts is None else counts * self._parts)
        if kernel.page is not None:
            found: dict[str, tuple[FacetValue, ...]] = kernel.page.list_facets(of_groups, self._listed)
            if self._listed_alone:
                found |= kernel.page.list_facets(counts, self._listed_alone)
            return found if names == FACETS else {name: found[name] for name in names}
        weights = of_groups.astype(np.float64)  # What bincount would make of them again for every facet.
        return {
            name: self._part_facet(counts) if name == "part" else self._report_facet(name, weights)
            for name in names
        }

    def _by_group(self, counts: Counts) -> Counts:
        starts = self._combinations.starts
        if len(starts) == len(counts):
            return counts
        of_groups: Counts = np.add.reduceat(counts, starts)
        return of_groups

    def _to_list(self, axis: Axis, name: str, allowed: Mask | None) -> _Facet:
        chosen = self.chosen[name]
        places = frozenset(axis.place_of[value] for value in chosen if value in axis.place_of)
        compiled = self._combinations.compiled_axes.get(name)
        return _Facet(axis, compiled, allowed, places, tuple(_missing(axis, chosen)))

    def _report_facet(self, name: str, weights: NDArray[np.float64]) -> tuple[FacetValue, ...]:
        axis = self._combinations.group_axes[name]
        allowed = self._allowed_groups(leaving_out=name)
        return self._facet(name, axis, weights if allowed is None else weights * allowed)

    def _part_facet(self, counts: Counts) -> tuple[FacetValue, ...]:
        facet = self._part_list
        weights = counts if facet.allowed is None else counts * facet.allowed
        return self._facet("part", facet.axis, weights.astype(np.float64))

    def _facet(self, name: str, axis: Axis, weights: NDArray[np.float64]) -> tuple[FacetValue, ...]:
        chosen = self.chosen[name]
        if len(axis.values) == 1 and not chosen:
            total = int(weights.sum())
            return (FacetValue(axis.values[0], total, False),) if total else ()
        counted = np.bincount(axis.places, weights=weights, minlength=len(axis.values))
        wanted = counted > 0
        if chosen:
            wanted[[axis.place_of[value] for value in chosen if value in axis.place_of]] = True
        shown = wanted.nonzero()[0]
        if name not in YEAR_FIELDS and len(shown) > 1:
            shown = shown.take((-counted.take(shown)).argsort(kind="stable"))
        values = list(map(axis.values.__getitem__, shown.tolist()))
        totals = counted.take(shown).astype(np.int64).tolist()
        selected = [value in chosen for value in values] if chosen else [False] * len(values)
        # A page makes hundreds of these; past FacetValue's own constructor one takes a tenth of a microsecond.
        rows = zip(values, totals, selected, strict=True)
        listed: tuple[FacetValue, ...] = tuple(map(tuple.__new__, repeat(FacetValue), rows))
        return (*listed, *_missing(axis, chosen))


def _as_listed(
    name: str, facet: _Facet
) -> tuple[str, Any, Mask | None, frozenset[int], tuple[FacetValue, ...]]:
    return name, facet.compiled, facet.allowed, facet.chosen, facet.missing


def _missing(axis: Axis, chosen: Sequence[Any]) -> list[FacetValue]:
    """What was chosen and the collection doesn't have."""
    missing = {value for value in chosen if value not in axis.place_of}
    return [FacetValue(value, 0, True) for value in sorted(missing, key=str)]
