"""What is stated of a report outside its text: the operator's metadata.csv and the file's own fields.

Each value names its source. One that can't be used becomes a Problem, and the text decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from indexer.metadata.dates import find_dates, parse_date, to_year
from indexer.metadata.lines import compact
from indexer.metadata.where import PlaceClaim, place_of_title
from indexer.model import UNKNOWN, Overridden, Value
from search.language.places import places
from search.messages import Message, as_message, quoted
from search.messages import metadata as says
from search.model import REPORT_TYPES

_UNSTATED = ("", quoted(""))


class Stated:
    """The stated values by field, the operator's before the file's own.

    Args:
        overrides: the operator's, with their place under "evidence" (see `indexer.overrides`).
        fields: the file's own, from named columns or front matter.
        report: takes the reason where a value can't be used.
    """

    def __init__(
        self, overrides: Overridden, fields: Mapping[str, str], report: Callable[[Message], None]
    ) -> None:
        self._report = report
        self._values = {
            key.lower(): (value.strip(), says.STATED_FIELD(name=key))
            for key, value in fields.items()
            if value.strip()
        }
        source = as_message(overrides.get("evidence", "metadata.csv"))
        if overrides.get("city"):
            # The operator's city must not be looked for in the province that the file claims.
            self._values.pop("place", None)
            self._values.pop("province", None)
        for key, value in overrides.items():
            if key != "evidence" and isinstance(value, str) and value.strip():
                self._values[key.lower()] = (value.strip(), source)

    def has(self, field: str) -> bool:
        """Whether the field is stated, usable or not."""
        return field in self._values

    def text(self, field: str) -> Value | None:
        """A field that is taken as it is."""
        if found := self._values.get(field):
            value, source = found
            return Value(value, _from(source, value))
        return None

    def type(self) -> Value:
        """A known type, or unknown."""
        value, source = self._values.get("type", _UNSTATED)
        if value in REPORT_TYPES:
            return Value(value, _from(source, value))
        if value:
            self._report(says.UNKNOWN_TYPE(source=source, value=value))
        return UNKNOWN

    def year(self, field: str) -> Value:
        """A year of four digits, in either kind of numerals, or unknown."""
        value, source = self._values.get(field, _UNSTATED)
        year = to_year(re.sub(r"(?:\.0|年度?)$", "", compact(value)))
        if year is not None:
            return Value(year, _from(source, value))
        if value:
            self._report(says.UNREADABLE_STATED_YEAR(source=source, value=value))
        return UNKNOWN

    def date(self) -> Value:
        """A whole date as yyyy-mm-dd, or unknown."""
        value, source = self._values.get("date", _UNSTATED)
        found = parse_date(compact(value))
        if found is not None and found.iso:
            return Value(found.iso, _from(source, value))
        if value:
            self._report(says.UNREADABLE_STATED_DATE(source=source, value=value))
        return UNKNOWN

    def year_of_publication(self) -> Value:
        """The year of the publication date, labelled as no more than that."""
        value, source = self._values.get("published", _UNSTATED)
        found = find_dates(compact(value))
        if len(found) != 1:
            return UNKNOWN
        return Value(found[0].year, says.ONLY_PUBLISHED(evidence=_from(source, value)))

    def place(self, year: int | None) -> PlaceClaim | None:
        """The place that city names, within the province where that is stated too; else the province's."""
        table = places()
        province = self._values.get("province")
        city = self._values.get("city") or self._values.get("place")
        outer = table.resolve(compact(province[0]), level="省") if province else None
        for found in (city, province):
            if not found:
                continue
            value, source = found
            within = outer.code[:2] if outer and found is city else ""
            # 吉林 and 海南 are cities and prefectures, too, but not in a column of provinces.
            place = outer if found is province else None
            if place := place or table.resolve(compact(value), within=within, year=year):
                return PlaceClaim(place, "字段", _from(source, value))
            self._report(says.UNKNOWN_PLACE(source=source, value=value))
        return None

    def titled(self, year: int | None) -> PlaceClaim | None:
        """The place that the stated title begins with."""
        value, source = self._values.get("title", _UNSTATED)
        place = place_of_title(compact(value), year=year) if value else None
        return PlaceClaim(place, "标题", _from(source, value)) if place else None


def _from(source: Message, value: str) -> Message:
    return says.FROM_STATED(source=source, text=value)
