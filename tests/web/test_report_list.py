"""The list of reports: every order, every filter, and a renewed collection."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from search.answer.searcher import Searcher
from search.collection import ReportSort
from search.model import Report
from tests.web.memory_searcher import commit_again
from web.asked_views import ReportFilter
from web.params import REPORT_SORTS
from web.report_list import list_values, select_reports


def key_of(report: Report, sort: str) -> tuple[Any, ...]:
    value = getattr(report, sort.removeprefix("-"))
    return (value is None, -(value or 0) if sort == "-year" else value or (0 if sort == "year" else ""))


@pytest.mark.parametrize("sort", REPORT_SORTS)
def test_every_order_has_every_report_and_unknown_ones_last(searcher: Searcher, sort: ReportSort) -> None:
    listed = select_reports(searcher, ReportFilter(sort=sort))
    assert sorted(r.id for r in listed) == sorted(r.id for r in searcher.reports())
    if sort != "city":
        keys = [key_of(report, sort) for report in listed]
        assert keys == sorted(keys)
    else:
        known = [(r.code or "~", r.province or "", r.city) for r in listed if r.city]
        assert known == sorted(known)
        assert len({code for code, *_ in known}) > 3


def test_a_filter_keeps_the_order(searcher: Searcher) -> None:
    chosen = ReportFilter(city=("通化市", None), year=(2020, 2024, None), sort="year")
    kept = select_reports(searcher, chosen)
    assert kept == [
        report
        for report in searcher.reports(sort="year")
        if report.city in ("通化市", None) and report.year in (2020, 2024, None)
    ]
    assert 0 < len(kept) < len(searcher.reports())


def test_values_are_those_held(searcher: Searcher) -> None:
    years = list_values(searcher, "year")
    assert set(years) == {report.year for report in searcher.reports()}
    known = [year for year in years if year is not None]
    assert known == sorted(known, reverse=True)


def test_a_new_version_is_listed(memory_client: FlaskClient, memory: Searcher) -> None:
    before = (memory_client.get("/api/v1/reports").json or {})["total"]
    assert before > 1
    gone = memory.reports()[0].id
    commit_again(memory, without=gone)
    after = memory_client.get("/api/v1/reports").json or {}
    assert after["total"] == before - 1
    assert gone not in {report["id"] for report in after["reports"]}


def test_places_are_listed_by_division_code(searcher: Searcher) -> None:
    """Shanxi (14) before Jilin (22) before Zhejiang (33), whatever their names begin with."""
    codes = {report.city: report.code for report in searcher.reports() if report.city}
    cities = [city for city in list_values(searcher, "city") if city is not None]
    assert cities == sorted(codes, key=lambda city: str(codes[city]))
    assert cities != sorted(cities)
    provinces = [province for province in list_values(searcher, "province") if province is not None]
    firsts = [min(str(r.code) for r in searcher.reports() if r.province == of) for of in provinces]
    assert firsts == sorted(firsts)
    for field in ("city", "province"):
        found = {getattr(report, field) for report in searcher.reports()}
        assert set(list_values(searcher, field)) == found
