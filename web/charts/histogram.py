"""The facet of years -> the bars beside the hits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search.model import FacetValue, Query
from web import urls
from web.asked_views import PARAGRAPHS, View
from web.i18n import translate_n

CHART_WIDTH = 208
CHART_HEIGHT = 56
MAX_BAR_WIDTH = 18.0


@dataclass(frozen=True, slots=True)
class Bar:
    year: int
    count: int
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
    step = CHART_WIDTH / (last - first + 1)
    width = min(step * 0.8, MAX_BAR_WIDTH)
    toggle_url = urls.make_toggle_urls(query, query.year_field, view)
    highest = max(value.count for value in by_year.values()) or 1
    bars = []
    for i, year in enumerate(range(first, last + 1)):
        value = by_year.get(year)
        count = value.count if value else 0
        selected = bool(value and value.selected)
        said = ""
        if count or selected:
            said = translate_n("{year}: {n} paragraph", "{year}: {n} paragraphs", year=year, n=count)
        height = max(2.0, (CHART_HEIGHT - 2) * count / highest) if count else 0.0
        bars.append(
            Bar(
                year=year,
                count=count,
                selected=selected,
                x=round((i + 0.5) * step - width / 2, 2),
                y=round(CHART_HEIGHT - height, 2),
                width=round(width, 2),
                height=round(height, 2),
                url=toggle_url(year) if value else "",
                said=said,
            )
        )
    chosen = [year for year in getattr(query, query.year_field) if year is not None] or [first, last]
    return Histogram(tuple(bars), first, last, min(chosen), max(chosen))
