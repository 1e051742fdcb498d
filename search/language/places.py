"""Places of China with their codes, names and dates; nothing here reads a report.

`places()` loads the table once. Names are matched whole by dictionary; `Places.at_end` and `Places.at_start`
find a name at the border of other words, longest first, which is how reports state theirs (在四平市|第九届…).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import resources

LONGEST_NAME_CHARS = 16
NATION = "全国"


@dataclass(frozen=True, slots=True)
class Place:
    """A unit of the state.

    Args:
        code: GB/T 2260, six digits; "" for the nation.
        name: full official name.
        level: 国家, 省, 市 (prefecture) or 县.
        shorts: names in use beside the official one, the usual one first.
        first: year of the first edition that has it, None where before 1980.
        last: year of the last edition that has it, None where it still holds.
        successor: code of the unit that it became; "" where it still holds or became nothing certain.
    """

    code: str
    name: str
    level: str
    shorts: tuple[str, ...]
    first: int | None = None
    last: int | None = None
    successor: str = ""

    def held_in(self, year: int | None) -> bool:
        """Whether it held in a year, give or take one; of an unknown year, whether it still holds."""
        if year is None:
            return self.last is None
        return (self.first or 0) <= year + 1 and year - 1 <= (self.last or 9999)


_NATION = Place("", NATION, "国家", ("国务院", "中华人民共和国"))


class Places:
    """The table with its look-ups."""

    def __init__(self, rows: Iterable[Place]) -> None:
        self._by_name: dict[str, list[Place]] = {}
        self._alive: dict[str, Place] = {}
        self._rows: list[Place] = []
        self._at_border: set[str] = set()
        for place in rows:
            self._rows.append(place)
            if place.last is None:
                self._alive[place.code] = place
            for name in dict.fromkeys((place.name, *place.shorts)):
                self._by_name.setdefault(name, []).append(place)
                # 和平 and 东方 are also counties: their short names are no evidence amid other words.
                if name == place.name or place.level != "县":
                    self._at_border.add(name)

    def __len__(self) -> int:
        return len(self._rows)

    def named(self, name: str) -> tuple[Place, ...]:
        """Every unit, past or present, with that official or short name."""
        found = self._by_name.get(name)
        return tuple(found) if found else ()

    def coded(self, code: str) -> Place | None:
        """The present unit with that code."""
        return self._alive.get(code)

    def at_level(self, level: str) -> tuple[Place, ...]:
        """The units of a level, past ones included, in the order of their codes."""
        return tuple(place for place in self._rows if place.level == level)

    def province_of(self, place: Place) -> Place | None:
        """The province that a unit lies in: itself for a province, None for the nation."""
        return self._alive.get(place.code[:2] + "0000") if place.code else None

    def present(self, place: Place) -> Place:
        """What a unit is today: 襄樊市 -> 襄阳市; itself where nothing certain followed."""
        return self._alive.get(place.successor, place) if place.successor else place

    def resolve(
        self, name: str, *, within: str = "", level: str | None = None, year: int | None = None
    ) -> Place | None:
        """The one unit that a name means; None where it is unknown or could be several.

        Args:
            name: official or short, also with its province or city before it (吉林省四平市).
            within: the beginning of a code that the unit must lie in ("22"), "" for anywhere.
            level: a level that it must have, None for any.
            year: prefer units that held then.
        """
        found = self._choose(self._by_name.get(name, []), name, within, level, year)
        if found is None and not self._by_name.get(name):
            for cut in range(min(len(name) - 2, 11), 1, -1):
                if outer := self._choose(self._by_name.get(name[:cut], []), name[:cut], within, None, year):
                    scope = outer.code.rstrip("0") if outer.level != "国家" else within
                    scope = scope.ljust(2, "0")
                    if inner := self._choose(
                        self._by_name.get(name[cut:], []), name[cut:], scope, level, year
                    ):
                        return inner
        return found

    def at_end(self, text: str, *, level: str | None = None, year: int | None = None) -> Place | None:
        """The unit whose name ends the text, the longest that means one; a province before it narrows."""
        for start in range(max(0, len(text) - LONGEST_NAME_CHARS), len(text) - 1):
            if text[start:] in self._at_border:
                before = text[:start]
                outer = self.at_end(before, level="省") or self.at_end(before, level="市") if before else None
                scope = outer.code.rstrip("0").ljust(2, "0") if outer is not None else ""
                found = self.resolve(text[start:], within=scope, level=level, year=year)
                found = found or self.resolve(text[start:], level=level, year=year)
                if found is not None:
                    return found
        return None

    def at_start(self, text: str, *, year: int | None = None) -> Place | None:
        """The unit whose name begins the text; of 吉林省四平市 the inner one."""
        for end in range(min(len(text), LONGEST_NAME_CHARS), 1, -1):
            if text[:end] in self._at_border:
                found = self.resolve(text[:end], year=year)
                if found is None:
                    continue
                if found.level in ("省", "市"):
                    scope = found.code.rstrip("0").ljust(2, "0")
                    inner = self._start_inside(text[end:], scope, year)
                    return inner or found
                return found
        return None

    def _start_inside(self, text: str, scope: str, year: int | None) -> Place | None:
        for end in range(min(len(text), LONGEST_NAME_CHARS), 2, -1):
            named = [place for place in self._by_name.get(text[:end], ()) if place.name == text[:end]]
            if found := self._choose(named, text[:end], scope, None, year):
                return found
        return None

    def _choose(
        self, candidates: list[Place], name: str, within: str, level: str | None, year: int | None
    ) -> Place | None:
        left = [
            place
            for place in candidates
            if place.code.startswith(within) and (level is None or place.level == level)
        ]
        rules: tuple[Callable[[Place], bool], ...] = (
            lambda place: place.name == name,
            lambda place: place.held_in(year),
            lambda place: place.last is None,
            lambda place: place.level != "县",
        )
        for rule in rules:
            if len({self.present(place).code for place in left}) <= 1:
                break
            left = [place for place in left if rule(place)] or left
        if len({self.present(place).code for place in left}) != 1:
            return None
        return next((place for place in left if place.last is None), left[0])


@functools.cache
def places() -> Places:
    """The table, read once (some milliseconds)."""
    text = resources.files("search.language.data").joinpath("places.tsv").read_text(encoding="utf-8")
    return Places(
        [_NATION, *map(_to_place, (line for line in text.splitlines() if not line.startswith("#")))]
    )


def _to_place(line: str) -> Place:
    code, name, level, shorts, first, last, successor = line.split("\t")
    return Place(
        code,
        name,
        level,
        tuple(shorts.split()),
        int(first) if first else None,
        int(last) if last else None,
        successor,
    )
