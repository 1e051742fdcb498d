"""Names of fields, values and reports as the interface shows them, in the language of the page."""

from __future__ import annotations

from search.model import Report, ReportText
from web.citation_formats import supplied_title
from web.evidence import say_evidence
from web.i18n import Piece, phrase, translate
from web.params import UNKNOWN

FACET_NAMES = {
    "city": phrase("城市"),
    "province": phrase("省份"),
    "year": phrase("年份"),
    "type": phrase("类型"),
}
NONE_NAMES = {"city": phrase("未知或非市级"), "province": phrase("未知或全国")}
FACT_NAMES = {
    "title": phrase("标题"),
    "type": phrase("类型"),
    "city": phrase("城市"),
    "province": phrase("省份"),
    "level": phrase("级别"),
    "year": phrase("报告年份"),
    "review_year": phrase("回顾年份"),
    "date": phrase("日期"),
    "session": phrase("会议"),
    "speaker": phrase("报告人"),
}
_LEVELS = (phrase("国家"), phrase("省"), phrase("市"), phrase("县"))
_NATION = "国家"


def name_of(value: str | int | None) -> str:
    """A value as text; None is "unknown", and types of report are translated."""
    return translate(UNKNOWN if value is None else str(value))


def name_value(field: str, value: str | int | None) -> str:
    """A filter's value as text. A report without a city may be a province's or the nation's, so None says both."""
    return translate(NONE_NAMES.get(field, UNKNOWN)) if value is None else name_of(value)


def name_place(report: Report) -> str:
    """The report's city, else its province, else the nation."""
    if report.level == _NATION:
        return translate("全国")
    return name_of(report.city or report.province)


def name_day(report: Report, sort: str) -> str:
    """The year of delivery, or the day if it is known and the list is in order of time."""
    return report.date if report.date and sort != "relevance" else name_of(report.year)


def name_report(report: Report) -> str:
    """The title, or a supplied one if the report has none."""
    return supplied_title(report)


def list_facts(found: ReportText) -> list[tuple[str, str, tuple[Piece, ...]]]:
    """(name, value, evidence) of each metadata field."""
    return [
        (
            translate(label),
            name_of(getattr(found.report, name)),
            say_evidence(found.evidence[name]) if found.evidence.get(name) else (),
        )
        for name, label in FACT_NAMES.items()
    ]
