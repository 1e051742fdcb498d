"""Names of fields, values and reports as the interface shows them, in the language of the page."""

from __future__ import annotations

from search.messages.names import LEVEL_NAMES, PART_NAMES, TYPE_NAMES
from search.messages.words import Piece
from search.model import LEVELS, Query, Report, ReportText
from web.citation_formats import supplied_title
from web.i18n import phrase, say, say_pieces, translate

FACET_NAMES = {
    "city": phrase("City"),
    "province": phrase("Province"),
    "year": phrase("Year"),
    "type": phrase("Type"),
    "plan_year": phrase("Work year"),
    "level": phrase("Level"),
    "part": phrase("Part of the report"),
}
NONE_NAMES = {"city": phrase("Unknown, or no city's"), "province": phrase("Unknown, or the nation's")}
FACT_NAMES = {
    "title": phrase("Title"),
    "type": phrase("Type"),
    "city": phrase("City"),
    "province": phrase("Province"),
    "level": phrase("Level"),
    "year": phrase("Year of delivery"),
    "review_year": phrase("Year looked back on"),
    "plan_year": phrase("Work year"),
    "date": phrase("Date"),
    "session": phrase("Session"),
    "speaker": phrase("Speaker"),
}
UNKNOWN_NAME = phrase("Unknown")
NAMES = {**TYPE_NAMES, **LEVEL_NAMES, **PART_NAMES}
"""What a value is called; values without a name here are names themselves."""


def name_of(value: str | int | None) -> str:
    """A value as text; None is "unknown", and types of report are translated."""
    if value is None:
        return translate(UNKNOWN_NAME)
    known = NAMES.get(str(value))
    return str(value) if known is None else say(known)


def name_value(field: str, value: str | int | None) -> str:
    """A filter's value as text. A report without a city may be a province's or the nation's, so None says both."""
    return translate(NONE_NAMES.get(field, UNKNOWN_NAME)) if value is None else name_of(value)


def name_recognition(ocr: float | None) -> str:
    """That a paragraph was recognised in a picture and how surely; "" where its source has text."""
    if ocr is None:
        return ""
    return translate("Recognised in a picture (OCR), {percent}% sure", percent=round(100 * ocr))


def name_place(report: Report) -> str:
    """The report's city, else its province, else the nation."""
    if report.level == LEVELS[0]:
        return translate("Nation")
    return name_of(report.city or report.province)


def name_day(report: Report, query: Query) -> str:
    """The year that the search goes by; the day of delivery if it is known and the list is in order of time."""
    if query.sort in ("year", "-year"):
        return report.date or name_of(report.year)
    return name_of(getattr(report, query.year_field))


def name_report(report: Report) -> str:
    """The title, or a supplied one if the report has none."""
    return supplied_title(report)


def list_facts(found: ReportText) -> list[tuple[str, str, tuple[Piece, ...]]]:
    """(name, value, evidence) of each metadata field."""
    return [
        (
            translate(label),
            name_of(getattr(found.report, name)),
            say_pieces(found.evidence[name]) if name in found.evidence else (),
        )
        for name, label in FACT_NAMES.items()
    ]
