"""The texts of parameters -> years, days and values of filters, or the error that names the parameter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from search.answer.question import is_day
from search.errors import QueryError
from search.messages import Message
from web import messages as says

UNKNOWN = "未知"
"""An unknown value of a filter in a URL."""
MAX_VALUES = 200
T = TypeVar("T")
_YEAR = re.compile(r"[0-9]{4}")
_YEARS = re.compile(r"([0-9]{4})(?:\.\.|-|–)([0-9]{4})")


def is_year(raw: str) -> bool:
    """Whether a text is a year of four digits."""
    return _YEAR.fullmatch(raw) is not None


def parse_years(raw: str, name: str) -> list[int | None]:
    """The years of one value of the parameter `name`: a year, `未知`, or a range such as 2021..2024.

    Raises:
        QueryError: it is none of these.
    """
    if not raw:
        return []
    if raw == UNKNOWN:
        return [None]
    if raw.isascii() and is_year(raw):
        return [int(raw)]
    ends = _YEARS.fullmatch(raw) if raw.isascii() or "–" in raw else None
    if ends is None:
        raise unreadable(name, raw, says.YEARS_FORM())
    first, last = sorted(int(end) for end in ends.groups())
    if last - first >= MAX_VALUES:
        raise QueryError(says.RANGE_TOO_LONG(value=raw, most=MAX_VALUES), field=name)
    return list(range(first, last + 1))


def years_of(values: Sequence[str], first: str, last: str, name: str) -> tuple[int | None, ...]:
    """Single years, `未知`, ranges such as 2021..2024, and the range from `first` to `last`, which may be empty.

    Raises:
        QueryError: one of them is no year; of the ends of the range the error names the field.
    """
    years = [year for raw in values for year in parse_years(raw.strip(), name)]
    for of_end, end in ((f"{name}_from", first), (f"{name}_to", last)):
        if end and not is_year(end):
            raise unreadable(of_end, end, says.YEAR_FORM())
    if first or last:
        years += parse_years(f"{first or last}..{last or first}", name)
    known = sorted({year for year in years if year is not None})
    return distinct([*known, *([None] if None in years else [])], name)


def only_known(values: Sequence[T], among: Sequence[str], name: str) -> tuple[T, ...]:
    """Values of a filter that has no others than these, and unknown (None).

    Raises:
        QueryError: another value; it would find nothing, and nobody would know why.
    """
    for value in values:
        if value is not None and value not in among:
            raise unreadable(name, str(value), says.CHOICES(choices=list(among)))
    return tuple(values)


def distinct(values: Sequence[T], name: str) -> tuple[T, ...]:
    """The values, none of them twice.

    Raises:
        QueryError: they are too many.
    """
    found = tuple(dict.fromkeys(values))
    if len(found) > MAX_VALUES:
        raise QueryError(says.TOO_MANY_VALUES(name=name, most=MAX_VALUES), field=name)
    return found


def parse_days(raw: str, name: str) -> tuple[str | None, str | None]:
    """A day such as 2026-01-31, or a range of days, of which one end may be open: 2026-01-01.., ..2026-01-31.

    Raises:
        QueryError: it is neither.
    """
    if not raw:
        return None, None
    first, dots, last = raw.partition("..")
    ends = (first.strip(), last.strip() if dots else first.strip())
    if not any(ends) or not all(is_day(end) for end in ends if end):
        raise unreadable(name, raw, says.DAYS_FORM())
    return ends[0] or None, ends[1] or None


def unreadable(name: str, raw: str, hint: Message) -> QueryError:
    """The error for a value that can't be read."""
    return QueryError(says.UNREADABLE_VALUE(name=name, value=shorten(raw)), field=name, hint=hint)


def shorten(raw: str) -> str:
    """A value as errors show it."""
    return raw if len(raw) <= 20 else raw[:20] + "…"
