"""Dates in compact Chinese text: 2024年1月8日, 一九九三年六月十九日, 二0一六年, 20261月5日, 2024-01-08."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

FIRST_YEAR, LAST_YEAR = 1949, 2099

_DIGITS = {
    char: number
    for number, chars in enumerate(("〇零○ＯO0oо", "一", "二", "三", "四", "五", "六", "七", "八", "九"))
    for char in chars
}
_DIGITS |= {str(number): number for number in range(10)} | {"壹": 1, "贰": 2, "叁": 3, "两": 2, "元": 1}
_D = r"[0-9〇零○ＯOo一二三四五六七八九]"
YEAR = rf"(?:[12][0-9]{{3}}|[一二][九〇零○ＯOo0]{_D}{{2}})"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]|元)"
_ONES = "[一二三四五六七八九]"
_DAY = rf"(?:3[01]|[12][0-9]|0?[1-9]|三十一?|廿{_ONES}?|二?十{_ONES}?|{_ONES})"
_FULL = re.compile(rf"(?<![0-9])(?P<year>{YEAR})(?P<unit>年)?(?P<month>{_MONTH})月(?:(?P<day>{_DAY})[日号])?")
_SIGNS = re.compile(
    r"(?<![0-9])(?P<year>(?:19|20)[0-9]{2})[-/.](?P<month>0?[1-9]|1[0-2])[-/.](?P<day>3[01]|[12][0-9]|0?[1-9])(?![0-9])"
)
_ONLY_YEAR = re.compile(rf"(?<![0-9])(?P<year>{YEAR})年")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date with the span of compact text that states it; month and day are None where not stated."""

    year: int
    month: int | None
    day: int | None
    span: tuple[int, int]

    @property
    def iso(self) -> str | None:
        """yyyy-mm-dd where the day is stated and exists."""
        if self.month is None or self.day is None:
            return None
        return f"{self.year:04}-{self.month:02}-{self.day:02}"


def to_number(text: str) -> int | None:
    """十九 -> 19, 二十 -> 20, 12 -> 12; None where it is no number below 100."""
    if text.isascii() and text.isdigit():
        return int(text)
    text = text.replace("廿", "二十")
    if "十" in text:
        tens, _, ones = text.partition("十")
        high = _DIGITS.get(tens) if tens else 1
        low = _DIGITS.get(ones) if ones else 0
        return None if high is None or low is None else high * 10 + low
    return _DIGITS.get(text)


def to_year(text: str) -> int | None:
    """二0一六 -> 2016; None outside 1949 to 2099."""
    digits = [_DIGITS.get(char) for char in text]
    if len(digits) != 4 or None in digits:
        return None
    year = int("".join(map(str, digits)))
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def find_dates(text: str) -> tuple[FoundDate, ...]:
    """Every year-and-month, with its day where stated, in the order of the text."""
    found = []
    for match in (*_FULL.finditer(text), *_SIGNS.finditer(text)):
        year, month = to_year(match["year"]), to_number(match["month"])
        day = to_number(match["day"]) if match["day"] else None
        if year is None or month is None or not _exists(year, month, day):
            continue
        found.append(FoundDate(year, month, day, match.span()))
    return tuple(sorted(found, key=lambda each: each.span))


def find_years(text: str) -> tuple[FoundDate, ...]:
    """Every year that is followed by 年."""
    return tuple(
        FoundDate(year, None, None, match.span())
        for match in _ONLY_YEAR.finditer(text)
        if (year := to_year(match["year"])) is not None
    )


def parse_date(text: str) -> FoundDate | None:
    """The one date that a field holds."""
    found = find_dates(text)
    return found[0] if len(found) == 1 else None


def _exists(year: int, month: int, day: int | None) -> bool:
    try:
        date(year, month, day or 1)
    except ValueError:
        return False
    return True
