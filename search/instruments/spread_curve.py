"""How many places have said it by each year, of how many that are held: the curve of first mentions."""

from __future__ import annotations

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

    def is_held_by(self, year: int) -> bool:
        return bool(self.held) and min(self.held) <= year

    def says_it_by(self, year: int) -> bool:
        return self.said is not None and self.said <= year


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
    return [
        _point(year, level, [place for place in places if place.level == level])
        for level in sorted({place.level for place in places}, key=_rank)
        for year in range(min(mentions), last + 1)
    ]


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


def _point(year: int, level: str | None, places: Sequence[_Place]) -> CurvePoint:
    said = sum(place.says_it_by(year) for place in places)
    return CurvePoint(year, level, said, sum(place.is_held_by(year) for place in places))


def _rank(level: str | None) -> int:
    return LEVELS.index(level) if level in LEVELS else len(LEVELS)
