"""Totals and facets from one count of combinations: exact, disjunctive, no second pass over paragraphs.

A facet's counts leave out its own group's choice and keep every other (law 5): the count of a value is the total that
choosing it would give.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.engine.matching import allowed_values
from search.index.snapshot import Combinations
from search.model import FACETS, FacetValue

Mask = NDArray[np.bool_]
Counts = NDArray[np.int64]


class Selection:
    """The choices of a query, as masks over combinations."""

    def __init__(self, combinations: Combinations, chosen: Mapping[str, Sequence[Any]]) -> None:
        self._combinations = combinations
        self.chosen = {name: tuple(chosen.get(name, ())) for name in FACETS}
        self._masks: dict[str, Mask] = {
            name: allowed_values(combinations, name, values) for name, values in self.chosen.items() if values
        }

    def allowed(self, *, leaving_out: str | None = None) -> Mask | None:
        """Which combinations every group allows, one group left out; None where nothing is chosen."""
        masks = [mask for name, mask in self._masks.items() if name != leaving_out]
        return None if not masks else np.logical_and.reduce(masks)

    def total(self, counts: Counts) -> int:
        """Paragraphs that all choices allow, from the count of each combination."""
        allowed = self.allowed()
        return int(counts.sum() if allowed is None else counts[allowed].sum())

    def facets(self, counts: Counts) -> dict[str, tuple[FacetValue, ...]]:
        """Each facet's values: years newest first, the others by count; chosen values are there even with none."""
        return {name: self._facet(name, counts) for name in FACETS}

    def _facet(self, name: str, counts: Counts) -> tuple[FacetValue, ...]:
        allowed = self.allowed(leaving_out=name)
        kept = counts if allowed is None else np.where(allowed, counts, 0)
        values, places = self._combinations.axes[name]
        counted = np.bincount(places, weights=kept, minlength=len(values)).astype(np.int64)
        order = range(len(values)) if name == "year" else np.argsort(-counted, kind="stable").tolist()
        totals = counted.tolist()
        chosen = set(self.chosen[name])
        found = [
            FacetValue(values[place], totals[place], values[place] in chosen)
            for place in order
            if totals[place] or values[place] in chosen
        ]
        missing = chosen.difference(values)
        return (*found, *(FacetValue(value, 0, True) for value in sorted(missing, key=str)))
