"""The facet of years -> the bars beside the hits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from search.model import FacetValue, Query
from web import urls
from web.asked_views import PARAGRAPHS, View
from web.i18n import translate_n

CHART_WIDTH = 208
CHART_HEIGHT = 56
MAX_BAR_WIDTH = 18.0
_KEPT = 128


class Bar(NamedTuple):
    year: int
    count: int  # type: ignore[assignment]  # hides tuple.count
    selected: bool
    x: float
    y: float
    width: float
    height: float
    url: str
    """Toggles the year; "" if it has no hits and isn't selected."""
    said: str
    """The year and its count in words; "" where nothing is shown."""


@dataclass(frozen=True, slots=True)
class Histogram:
    """One bar per year from the first to the last, including years without hits.

    `chosen_first` and `chosen_last` are the ends of the selected years, or of all years if none is selected.
    """

    bars: tuple[Bar, ...]
    first: int
    last: int
    chosen_first: int
    chosen_last: int
    width: int = CHART_WIDTH
    height: int = CHART_HEIGHT


def draw_histogram(query: Query, values: Sequence[FacetValue], view: View = PARAGRAPHS) -> Histogram | None:
    """Bars over the years of the axis's facet; None if there are fewer than two years to compare."""
    by_year = {int(value.value): value for value in values if value.value is not None}
    shown = [year for year, value in by_year.items() if value.count or value.selected]
    if len(shown) < 2:
        return None
    first, last = min(shown), max(shown)
    xs, width = _places(last - first + 1)
    years = sorted(by_year)
    toggle_url = urls.make_toggle_urls(query, query.year_field, view)
    addresses = {year: toggle_url(year) for year in years}
    highest = max(value.count for value in by_year.values()) or 1
    bars = []
    for year, x in zip(range(first, last + 1), xs, strict=True):
        value = by_year.get(year)
        if value is None or not (value.count or value.selected):
            url = addresses.get(year, "")
            bars.append(Bar(year, 0, False, x, float(CHART_HEIGHT), width, 0.0, url, ""))
            continue
        count = value.count
        height = max(2.0, (CHART_HEIGHT - 2) * count / highest) if count else 0.0
        bars.append(
            Bar(
                year=year,
                count=count,
                selected=value.selected,
                x=x,
                y=round(CHART_HEIGHT - height, 2),
                width=width,
                height=round(height, 2),
                url=addresses[year],
                said=translate_n("{year}: {n} paragraph", "{year}: {n} paragraphs", year=year, n=count),
            )
        )
    chosen = [year for year in getattr(query, query.year_field) if year is not None] or [first, last]
    return Histogram(tuple(bars), first, last, min(chosen), max(chosen))


@lru_cache(maxsize=_KEPT)
def _places(years: int) -> tuple[tuple[float, ...], float]:
    """Where the bars of so many years begin, and how wide they are."""
    step = CHART_WIDTH / years
    width = min(step * 0.8, MAX_BAR_WIDTH)
    return tuple(round((i + 0.5) * step - width / 2, 2) for i in range(years)), round(width, 2)
