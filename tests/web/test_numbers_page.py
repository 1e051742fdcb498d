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
from search.instruments.basis import Basis
from search.messages.words import render
from tests.web.test_export import sheets_of
from tests.web.test_instrument_pages import csv_of
from tests.web.test_pages import get, text_of
from tests.web.test_spread_page import rows_of
from web.instrument_tables import BASES, PROMISES
from web.numbers_page import KIND_NAMES, KINDS_SAID, NO_UNIT, number_of, say_number, view_numbers

CELL = NumberCell(
    place="甲市", city="甲市", year=2022, plan_year=2022, value=5.5, unit="%", low=5.5, high=5.5, bound="exactly",
    change=None, kind="target", evidence="目标", basis="plain", doubtful=False, report="r", paragraph="r-p3",
    text="增长5.5%",
)  # fmt: skip


ASKED = "增长 | 新增 | 提案 | 完成 | 生产总值"
SHOWN = r'<a class="number is-(\w+)" href="[^"]*/([^/?"]+)\?[^"]*#p(\d+)" title="([^"]*)"'


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
    held = {("甲市", 2022), ("甲市", 2024), ("乙市", 2024)}
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


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ("", ""),
        ("&kind=target", "；目标"),
        ("&kind=done", "；完成"),
        ("&kind=unknown", "；未说明"),
        ("&unit=%25", "；单位 %"),
        ("&kind=target&unit=%25", "；目标；单位 %"),
        ("&unit=-", "；无单位"),
    ],
)
def test_files_have_what_the_page_shows(
    client: FlaskClient, searcher: Searcher, chosen: str, said: str
) -> None:
    kind, unit = (re.search(rf"&{name}=([^&]*)", chosen) for name in ("kind", "unit"))
    wanted = [
        one
        for one in find_numbers(searcher, Query(ASKED)).cells
        if (kind is None or one.kind == kind[1])
        and (unit is None or one.unit == {"%25": "%", NO_UNIT: ""}[unit[1]])
    ]
    assert wanted or unit is not None or kind is not None
    html = get(client, f"/numbers?q={ASKED}{chosen}")
    cited = re.search(r'id="number-line">(.*?)</p>', html)
    assert cited is not None
    assert f"；{len(wanted):,} 个数字{said}）" in unescape(cited[1])
    for file in ("csv", "xlsx"):
        link = re.search(rf'href="([^"]*/numbers\.{file}\?[^"]*)"', html)
        assert link is not None
        address = unescape(link[1])
        if file == "xlsx":
            rows = len(sheets_of(client.get(address).data)["数字"]) - 1
            assert rows == len(wanted)
            continue
        found = csv_of(client, address)
        assert [(row["分句"], row["段落编号"]) for row in found] == [
            (one.text, one.paragraph) for one in wanted
        ]
        assert all(f"；{len(wanted):,} 个数字{said}）" in row["引用"] for row in found)
        assert all(get(client, row["检索地址"]).count(cited[1]) for row in found[:1])


@pytest.mark.parametrize("kind", ["all", "target", "done", "unknown"])
def test_units_add_to_the_number_that_the_page_says(
    client: FlaskClient, searcher: Searcher, kind: str
) -> None:
    asked = "提案 | 增长 | 建设 | 项目 | 委员 | 完成 | 组织 | 会议 | 开展"
    found = [one for one in find_numbers(searcher, Query(asked)).cells if kind in ("all", one.kind)]
    html = get(client, f"/numbers?q={asked}&kind={kind}")
    assert f"分句里有 {len(found):,} 个数字" in text_of(html)
    units = re.search(r'<nav class="sorts units".*?</nav>', html, re.DOTALL)
    assert units is not None
    given = [int(n.replace(",", "")) for n in re.findall(r'class="faint num">([\d,]+)<', units[0])]
    assert sum(given) == len(found)
    assert kind != "all" or len(given) > 10, "more units than stand beside each other"


@pytest.mark.parametrize(("basis", "said"), [("average", "年均"), ("share", "占比"), ("part_year", "非全年")])
def test_what_is_no_year_s_figure_is_said_and_left_out_of_the_medians(
    client: FlaskClient, basis: Basis, said: str
) -> None:
    cells = [CELL, replace(CELL, value=30.0, basis=basis), replace(CELL, year=2024, plan_year=2024)]
    with client.application.test_request_context("/"):
        view = view_numbers(Query("增长"), NumbersAnswer(Counted(1, 2, 2, 2), cells), [], "all", "")
    assert [number.basis for number in view.rows[0].cells[0].numbers] == ["", said]
    assert view.plot is not None
    assert "30" not in str(view.plot.lines)
    assert BASES[basis] == said


def test_kinds_have_one_word() -> None:
    for kind, message in KINDS_SAID.items():
        assert render(message(), "zh") == PROMISES[kind]
        assert render(message(), "en") == KIND_NAMES[kind]


def test_without_a_search_figures_are_offered(client: FlaskClient) -> None:
    html = get(client, "/numbers")
    assert html.count('class="offer-q"') == 8
    assert (
        "没有数字" in text_of(get(client, '/numbers?q="绝无此词"')) or rows_of(html, "figures numbers") == []
    )
