"""The texts of parameters -> years and days, or the error that names the parameter."""

from __future__ import annotations

import re
from datetime import date

from search.errors import QueryError
from search.messages import Message
from web import messages as says

UNKNOWN = "未知"
"""An unknown value of a filter in a URL."""
MAX_VALUES = 200
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


def is_day(raw: str) -> bool:
    """Whether a text is a day such as 2026-01-31."""
    try:
        return len(raw) == 10 and date.fromisoformat(raw).isoformat() == raw
    except ValueError:
        return False


def unreadable(name: str, raw: str, hint: Message) -> QueryError:
    """The error for a value that can't be read."""
    return QueryError(says.UNREADABLE_VALUE(name=name, value=shorten(raw)), field=name, hint=hint)


def shorten(raw: str) -> str:
    """A value as errors show it."""
    return raw if len(raw) <= 20 else raw[:20] + "…"
