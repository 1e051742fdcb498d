"""The filters of a search as chips, each with the search without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from search.model import YEAR_FIELDS, Query, without_filters
from web import urls
from web.asked_views import PARAGRAPHS, View
from web.i18n import phrase, translate
from web.labels import FACET_NAMES, UNKNOWN_NAME, name_value
from web.link_room import listed

REPORT_SCOPE = phrase("report")
ADDED_NAME = phrase("Added on")
RECOGNISED_NAME = phrase("Recognised text")


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter; `url` is the search without it, "" where the page has no room for it."""

    name: str
    label: str
    url: str


def view_chips(
    query: Query, view: View = PARAGRAPHS, *, make_url: Callable[[Query], str] | None = None
) -> tuple[Chip, ...]:
    """The active filters; consecutive years make one chip.

    Args:
        make_url: the address of another query; that of its search in `view` if absent.
    """
    make = make_url or (lambda after: urls.search_url(after, view))

    def to(after: Query) -> str:
        return listed(lambda: make(after))

    def chip(field: str, label: str, after: Query) -> Chip:
        return Chip(translate(FACET_NAMES[field]), label, to(after))

    chips = []
    for field in ("city", "province", "type", "level", "part"):
        for value in getattr(query, field):
            chips.append(chip(field, name_value(field, value), urls.toggle(query, field, value)))
    for field in YEAR_FIELDS:
        years: tuple[int | None, ...] = getattr(query, field)
        for first, last in urls.year_runs(years):
            left = tuple(year for year in years if year is None or not first <= year <= last)
            label = str(first) if first == last else f"{first}–{last}"
            chips.append(chip(field, label, urls.with_values(query, field, left)))
        if None in years:
            chips.append(chip(field, translate(UNKNOWN_NAME), urls.toggle(query, field, None)))
    for report in query.report:
        left_reports = tuple(other for other in query.report if other != report)
        after = replace(query, page=1, report=left_reports)
        chips.append(Chip(translate(REPORT_SCOPE), report, to(after)))
    if any(query.added):
        days = "–".join(dict.fromkeys(day or "" for day in query.added))
        after = without_filters(query, ["added"])
        chips.append(Chip(translate(ADDED_NAME), days, to(after)))
    if not query.ocr:
        after = without_filters(query, ["ocr"])
        chips.append(Chip(translate(RECOGNISED_NAME), translate("left out"), to(after)))
    return tuple(chips)
