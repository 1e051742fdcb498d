"""How many places have said it by each year, of how many that are held: the curve of first mentions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from search.instruments.answers import CurvePoint
from search.instruments.matched import place_of
from search.model import LEVELS, Report, YearField


@dataclass(slots=True)
class _Place:
    """The years of a place's reports, and that of the first one that says it."""

    level: str | None = None
    held: list[int] = field(default_factory=list)
    said: int | None = None

    @property
    def first_held(self) -> int | None:
        return min(self.held, default=None)


def count_places(held: Sequence[Report], first: Mapping[str, Report], axis: YearField) -> list[CurvePoint]:
    """For each level, from the year of the first mention to the last year held.

    Args:
        first: the first report of each place that says it.
        axis: the field of a report that years go by.
    """
    places = _places(held, first, axis)
    mentions = [place.said for place in places if place.said is not None]
    if not mentions:
        return []
    last = max(year for place in places for year in place.held)
    points = []
    for level in sorted({place.level for place in places}, key=_rank):
        of_level = [place for place in places if place.level == level]
        first_said = Counter(place.said for place in of_level)
        first_held = Counter(place.first_held for place in of_level)
        points += [
            CurvePoint(year, level, _count_by(first_said, year), _count_by(first_held, year))
            for year in range(min(mentions), last + 1)
        ]
    return points


def _places(held: Iterable[Report], first: Mapping[str, Report], axis: YearField) -> list[_Place]:
    places: dict[str, _Place] = {}
    for report in held:
        name, year = place_of(report), getattr(report, axis)
        if name is not None:
            place = places.setdefault(name, _Place())
            place.level = report.level
            if year is not None:
                place.held.append(year)
    for name, report in first.items():
        places[name].said = getattr(report, axis)
    return list(places.values())


def _count_by(firsts: Mapping[int | None, int], year: int) -> int:
    """How many have a first year, and it is this one or before."""
    return sum(count for first, count in firsts.items() if first is not None and first <= year)


def _rank(level: str | None) -> int:
    return LEVELS.index(level) if level in LEVELS else len(LEVELS)
