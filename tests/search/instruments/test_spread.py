"""First mentions against a scan of all paragraphs."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

import pytest

from search import Query, Searcher
from search.instruments import find_spread
from search.instruments.matched import date_of, place_of, time_of
from search.language.text import normalize_text
from search.model import LEVELS, OTHER_TYPES, Report
from tests.search.instruments.conftest import Row


def days_between(row: Row, earlier: tuple[Any, Row] | None) -> int | None:
    """From the first mention elsewhere to the one of a place; None where a day isn't known."""
    days = [row.report.date, earlier and earlier[1].report.date]
    if not all(day and len(day) == 10 for day in days):
        return None
    here, there = (date.fromisoformat(day or "") for day in days)
    return (here - there).days


@pytest.mark.parametrize("term", ["营商环境", "提案", "新质生产力", "夜经济", "乡村振兴"])
def test_spread_is_what_a_scan_finds(searcher: Searcher, rows: list[Row], term: str) -> None:
    found = find_spread(searcher, Query(f'"{term}"'))
    saying = [row for row in rows if term in row.form]
    held: dict[str, list[Report]] = defaultdict(list)
    for report in searcher.reports():
        if report.type not in OTHER_TYPES and (place := place_of(report)):
            held[place].append(report)
    first: dict[str, tuple[tuple[tuple[int, str], str, int], Row]] = {}
    for row in saying:
        place = place_of(row.report)
        key = (time_of(row.report), row.report.id, int(row.id.rpartition("-p")[2]))
        if place and (place not in first or key < first[place][0]):
            first[place] = (key, row)
    assert {p.place: (p.report, p.paragraph, p.date) for p in found.places} == {
        place: (row.report.id, row.id, date_of(row.report)) for place, (_, row) in first.items()
    }
    for one in found.places:
        row = first[one.place][1]
        assert term in normalize_text(one.text)
        assert one.text in row.text
        assert one.held_before == sum(time_of(r) < time_of(row.report) for r in held[one.place])
        nation, province = first.get("全国"), first.get(row.report.province or "")
        assert one.lag_days.nation == days_between(row, nation if one.place != "全国" else None)
        assert one.lag_days.province == days_between(
            row, province if one.place != row.report.province else None
        )
    assert {p.place: (p.reports, p.last_year) for p in found.never} == {
        place: (len(reports), max(r.plan_year or 0 for r in reports) or None)
        for place, reports in held.items()
        if place not in first
    }
    assert found.counted.paragraphs == len(saying)
    for point in found.curve:
        places = [p for p, reports in held.items() if reports[-1].level == point.level]
        assert point.held == sum(any((r.plan_year or 9999) <= point.year for r in held[p]) for p in places)
        assert point.said == sum(
            p in first and (first[p][1].report.plan_year or 9999) <= point.year for p in places
        )
    assert {point.level for point in found.curve} <= {*LEVELS, None}


def test_earliest_ten_paragraphs_are_in_order_of_time(searcher: Searcher, rows: list[Row]) -> None:
    found = find_spread(searcher, Query('"发展"'))
    saying = [row for row in rows if "发展" in row.form]
    saying.sort(key=lambda row: (time_of(row.report), row.report.id, int(row.id.rpartition("-p")[2])))
    assert [(one.paragraph, one.report, one.date, one.place, one.level) for one in found.first] == [
        (row.id, row.report.id, date_of(row.report), place_of(row.report), row.report.level)
        for row in saying[:10]
    ]
    for one, row in zip(found.first, saying, strict=False):
        assert "发展" in normalize_text(one.text)
        assert one.text in row.text


def test_conditions_of_the_text_narrow_what_is_held(sample_searcher: Searcher) -> None:
    by_text = find_spread(sample_searcher, Query('"协商" city:绵阳市'))
    by_filter = find_spread(sample_searcher, Query('"协商"', city=("绵阳市",)))
    assert by_text == by_filter
    assert [one.place for one in by_text.places] == ["绵阳市"]
