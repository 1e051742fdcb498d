"""The measures of a distribution: what is drawn, how a value is written, how a cell is described in words."""

from __future__ import annotations

from dataclasses import replace

from search.model import Cell, Distribution, Query
from web import urls
from web.asked_views import View
from web.i18n import phrase, translate, translate_n

MEASURE_NAMES = {
    "count": phrase("Occurrences"),
    "rate": phrase("Per 10,000 characters"),
    "share": phrase("Share of reports"),
}
PARAGRAPH_COUNT = "paragraphs"
"""Stands in for `count` if the query has no words and so no occurrences; it can't be asked for."""


def measure_of(distribution: Distribution, view: View) -> str:
    """The measure to draw: the one asked for, or paragraphs if there are no occurrences to count."""
    if view.measure == "count" and not any(cell.occurrences for cell in distribution.cells):
        return PARAGRAPH_COUNT
    return view.measure


def value_of(cell: Cell, measure: str) -> float:
    """A cell's value in a measure."""
    if measure == "rate":
        return cell.per_10k_chars or 0.0
    if measure == "share":
        return cell.report_share or 0.0
    return float(cell.paragraphs if measure == PARAGRAPH_COUNT else cell.occurrences)


def format_value(value: float, measure: str) -> str:
    """A value as text: rates with one or two decimals, shares in per cent, counts with thousands separators."""
    if measure == "rate":
        return f"{value:.2f}" if value < 10 else f"{value:.1f}"
    return f"{value:.0%}" if measure == "share" else f"{value:,.0f}"


def describe_cell(name: str, cell: Cell | None, measure: str) -> str:
    """A cell in words, for tooltips and screen readers; None is a cell without reports."""
    if cell is None:
        return translate("{name}: no report held", name=name)
    value = format_value(value_of(cell, measure), measure)
    if measure == "rate":
        return translate("{name}: {value} per 10,000 characters", name=name, value=value)
    if measure == "share":
        return translate("{name}: mentioned in {value} of reports", name=name, value=value)
    if measure == PARAGRAPH_COUNT:
        return translate_n("{name}: {n} paragraph", "{name}: {n} paragraphs", name=name, n=value)
    return translate_n("{name}: {n} occurrence", "{name}: {n} occurrences", name=name, n=value)


def order_cities(distribution: Distribution, measure: str) -> tuple[Cell, ...]:
    """The known cities, summed over all years, by value in descending order."""
    cells = [cell for cell in distribution.cities if cell.city is not None]
    return tuple(sorted(cells, key=lambda cell: (-value_of(cell, measure), cell.city or "")))


def view_measures(query: Query, view: View) -> list[tuple[str, str, bool]]:
    """(name, address, whether it is the current one) of each measure."""
    return [
        (translate(name), urls.search_url(query, replace(view, measure=measure)), measure == view.measure)
        for measure, name in MEASURE_NAMES.items()
    ]
