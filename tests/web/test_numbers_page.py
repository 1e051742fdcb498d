"""The table of numbers has each number of the instrument once, and tells no number from nothing held."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape

import pytest
from flask.testing import FlaskClient
from msgspec.structs import replace

from search import Query, Searcher
from search.instruments import find_numbers
from search.instruments.answers import Counted, NumberCell, NumbersAnswer
from search.model import Report
from tests.web.test_export import sheets_of
from tests.web.test_instrument_pages import csv_of
from tests.web.test_pages import get, text_of
from tests.web.test_spread_page import rows_of
from web.numbers_page import NO_UNIT, number_of, say_number, view_numbers

CELL = NumberCell(
    place="甲市", city="甲市", year=2022, plan_year=2022, value=5.5, unit="%", low=5.5, high=5.5, bound="exactly",
    change=None, kind="target", evidence="目标", doubtful=False, report="r", paragraph="r-p3", text="增长5.5%",
)  # fmt: skip


ASKED = "增长 | 新增 | 提案 | 完成 | 生产总值"
SHOWN = r'<a class="number is-(\w+)" href="[^"]*/([^/?"]+)\?[^"]*#p(\d+)" title="([^"]*)"'


def report_of(city: str, year: int) -> Report:
    return Report(
        f"{city}{year}", "x", None, None, city, None, "市", year, None, None, None, None, 1, plan_year=year
    )


@pytest.mark.parametrize("kind", ["all", "target", "done"])
def test_numbers_in_the_table_are_those_of_the_instrument(
    client: FlaskClient, searcher: Searcher, kind: str
) -> None:
    found = [one for one in find_numbers(searcher, Query(ASKED)).cells if kind in ("all", one.kind)]
    units = Counter(one.unit for one in found)
    assert units
    for unit in units:
        html = get(client, f"/numbers?q={ASKED}&kind={kind}&unit={unit or NO_UNIT}")
        shown = re.findall(SHOWN, html)
        cut = sum(int(n) for n in re.findall(r'<span class="faint">\+(\d+)</span>', html))
        wanted = [one for one in found if one.unit == unit]
        assert len(shown) + cut == len(wanted)
        given = {(one.kind, one.report, one.paragraph.rpartition("-p")[2], one.text) for one in wanted}
        assert {(k, r, n, unescape(text)) for k, r, n, text in shown} <= given


def test_a_year_without_a_number_is_not_one_without_a_report(client: FlaskClient) -> None:
    cells = [CELL, replace(CELL, place="乙市", year=2024, plan_year=2024)]
    held = [report_of("甲市", 2022), report_of("甲市", 2024), report_of("乙市", 2024)]
    with client.application.test_request_context("/"):
        view = view_numbers(Query("增长"), NumbersAnswer(Counted(1, 2, 2, 2), cells), held, "all", "")
    assert view.years == ("2022", "2024")
    assert {row.place: [cell.kind for cell in row.cells] for row in view.rows} == {
        "甲市": ["value", "none"],
        "乙市": ["missing", "value"],
    }
    assert view.plot is not None
    assert view.plot.lines[0].path.count("M") == 2, "a year without a number breaks the line"
    assert view.plot.gaps == ()


@pytest.mark.parametrize(
    ("change", "said", "number"),
    [
        ({}, "5.5", 5.5),
        ({"bound": "about"}, "≈5.5", 5.5),
        ({"bound": "at_least", "high": None}, "≥5.5", 5.5),
        ({"bound": "between", "value": None, "low": 5.0, "high": 6.0}, "5–6", 5.5),
        ({"change": "down"}, "−5.5", -5.5),
        ({"value": 1.2e12, "unit": "元"}, "1.2万亿", 1.2e12),
        ({"value": 35_000.0, "unit": "人"}, "3.5万", 35_000.0),
        ({"value": None, "low": None, "high": None, "doubtful": True}, "?", None),
    ],
)
def test_a_number_is_said_with_its_bound(change: dict[str, object], said: str, number: float | None) -> None:
    cell = replace(CELL, **change)
    assert say_number(cell) == said
    assert number_of(cell) == number


def test_files_have_every_number(client: FlaskClient, searcher: Searcher) -> None:
    found = find_numbers(searcher, Query("提案", city=("通化市",)))
    rows = csv_of(client, "/numbers.csv?q=提案&city=通化市")
    assert [(row["分句"], row["段落编号"]) for row in rows] == [
        (one.text, one.paragraph) for one in found.cells
    ]
    assert all(row["引用"].startswith("协搜·数字与指标，提案：") for row in rows)
    assert list(sheets_of(client.get("/numbers.xlsx?q=提案").data)) == ["数字", "检索"]


def test_without_a_search_figures_are_offered(client: FlaskClient) -> None:
    html = get(client, "/numbers")
    assert html.count('class="offer-q"') == 8
    assert (
        "没有数字" in text_of(get(client, '/numbers?q="绝无此词"')) or rows_of(html, "figures numbers") == []
    )
