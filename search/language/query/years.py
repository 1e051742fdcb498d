"""Years as people type them: 2023, ２０２０-2024, 2020年至2024年, 2020.., ..2024."""

from __future__ import annotations

import re
import unicodedata

_BETWEEN = r"(?:\.{2,6}|。{1,2}|[-–—―−~～〜]{1,2}|至|到)"
_RANGE = re.compile(rf"(?:(\d{{4}})年?)?{_BETWEEN}(?:(\d{{4}})年?)?", re.ASCII)
_YEAR = re.compile(r"(\d{4})年?", re.ASCII)
_TYPED = r"[0-9０-９]{4}年?"
_APART = r"(?:\s*(?:[.．]{2,6}|…+|。{1,2}|[–—―~～〜]{1,2}|至|到)\s*|\s+[-－−]\s+|[-－−]{1,2})"
_ENTRY = rf"{_TYPED}(?:{_APART}{_TYPED})?"
SPACED_YEARS = re.compile(rf"{_ENTRY}(?:\s*[,，、;；]\s*{_ENTRY})*")
"""Years, ranges and lists of them with blanks between; a minus that is glued to what follows denies it."""
_HAN_YEAR = re.compile("[一二][〇零○一二三四五六七八九]{3}")
HAN_DIGITS = {
    **dict.fromkeys("〇零○0", "0"),
    **{char: str(at) for at, char in enumerate("一二三四五六七八九", 1)},
}

FIRST_YEAR, LAST_YEAR = 1000, 2999


def read_years(text: str) -> tuple[int | None, int | None] | None:
    """The first and last year that `text` names, as typed; None where it names none.

    Example:
        >>> read_years("２０２０—2024年")
        (2020, 2024)
        >>> read_years("2020..")
        (2020, None)
    """
    # NFKC turns … into three full stops and ～ into ~, which the pattern knows.
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = _HAN_YEAR.sub(lambda year: "".join(HAN_DIGITS[char] for char in year[0]), plain)
    single = _YEAR.fullmatch(plain)
    if single is not None:
        first = last = int(single[1])
        return (first, last) if FIRST_YEAR <= first <= LAST_YEAR else None
    between = _RANGE.fullmatch(plain)
    if between is None or (between[1] is None and between[2] is None):
        return None
    ends = tuple(None if end is None else int(end) for end in between.groups())
    if any(end is not None and not FIRST_YEAR <= end <= LAST_YEAR for end in ends):
        return None
    return ends[0], ends[1]
