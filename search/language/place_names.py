"""What kinds of place a name ends with, and a name without it."""

from __future__ import annotations

SUFFIXES = ("特别行政区", "自治州", "自治区", "自治县", "地区", "新区", "市", "省", "盟", "州", "县", "区")
"""The kinds of place, longer ones first."""


def short_name(place: str) -> str:
    """A place's name without what kind of place it is: 四平 of 四平市."""
    for suffix in SUFFIXES:
        if place.endswith(suffix) and len(place) - len(suffix) >= 2:
            return place[: -len(suffix)]
    return place
