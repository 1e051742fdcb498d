"""Chinese numerals to numbers."""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = {"〇": 0, "零": 0, **{digit: value for value, digit in enumerate("一二三四五六七八九", 1)}, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_BELOW_TEN_THOUSAND = re.compile(
    "(?:[一二两三四五六七八九]?千)?零?(?:[一二两三四五六七八九]?百)?零?(?:[一二两三四五六七八九]?十)?零?[一二两三四五六七八九]?"
)


def parse_numeral(text: str) -> Decimal | None:
    """The number that a Chinese numeral says; None of what is none: 万 without a digit, a row of digits (九五).

    Example:
        >>> parse_numeral("一万五千亿"), parse_numeral("十五点八万"), parse_numeral("万"), parse_numeral("二三")
        (Decimal('1500000000000'), Decimal('158000.0'), None, None)
    """
    whole, point, fraction = text.partition("点")
    if point:
        digits = fraction.rstrip("十百千万亿")
        if not digits or any(digit not in _DIGITS for digit in digits):
            return None
        number = _parse_whole(whole)
        scale = _parse_whole("一" + fraction[len(digits) :]) if len(fraction) > len(digits) else Decimal(1)
        if number is None or scale is None:
            return None
        decimals = "".join(str(_DIGITS[digit]) for digit in digits)
        return (number + Decimal(f"0.{decimals}")) * scale
    return _parse_whole(text)


def _parse_whole(text: str) -> Decimal | None:
    if not text or text[0] in "百千万亿":
        return None
    for sign, scale in (("亿", 10**8), ("万", 10**4)):
        before, found, behind = text.rpartition(sign)
        if not found:
            continue
        high = _parse_whole(before)
        low = Decimal(0) if not behind else _parse_whole(behind.lstrip("零") or "x")
        if high is None or low is None or low >= scale:
            return None
        return high * scale + low
    return _below_ten_thousand(text)


def _below_ten_thousand(text: str) -> Decimal | None:
    if not _BELOW_TEN_THOUSAND.fullmatch(text) and text not in ("零", "〇"):
        return None
    total, digit = 0, 0
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        else:
            total += (digit or 1) * _TENS[sign]
            digit = 0
    return Decimal(total + digit)
