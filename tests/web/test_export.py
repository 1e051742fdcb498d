"""What is taken away is all that was found: a row a hit, in order, harmless in a spreadsheet, in bounded memory."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from msgspec import structs

from search import Searcher
from search.embedded.segment import KINDS
from search.media import for_cell
from search.model import ConcordanceLine, Hit, Query, Report
from tests.cases import cases
from web.export import CELL_COLUMNS, HIT_COLUMNS, KIND_NAMES, LINE_COLUMNS

STREAMED = cases(20_000)
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def rows_of(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def sheets_of(data: bytes) -> dict[str, list[dict[str, str]]]:
    """Sheet name -> rows as cell reference -> value."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        names = [
            sheet.get("name", "")
            for sheet in ElementTree.fromstring(book.read("xl/workbook.xml")).iter(f"{SHEET}sheet")
        ]
        found = {}
        for number, name in enumerate(names, 1):
            root = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
            found[name] = [
                {cell.get("r", ""): "".join(cell.itertext()) for cell in row}
                for row in root.iter(f"{SHEET}row")
            ]
            assert not list(root.iter(f"{SHEET}f")), "a formula"
    return found


@pytest.mark.parametrize(
    "args", ["q=营商环境", "q=营商环境&city=绍兴市&sort=-year", "q=营商环境&group=report", "q=绝无此词", ""]
)
def test_csv_has_a_row_for_each_hit_in_order(client: FlaskClient, searcher: Searcher, args: str) -> None:
    response = client.get(f"/export.csv?{args}")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response.headers["Content-Disposition"]
    rows = rows_of(response.data)
    answer = client.get(f"/api/v1/search?{args}&per_page=100").json
    assert answer is not None
    assert len(rows) == answer["total"]
    hits = [hit for hit in answer["hits"] if hit["tier"] == 1]
    assert [row["段落编号"] for row in rows][:100] == [hit["id"] for hit in hits]
    assert [row["序号"] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]
    days = {report.id: report.date or "" for report in searcher.reports(others=True)}
    for row, hit in zip(rows, hits, strict=False):
        assert tuple(row) == HIT_COLUMNS
        assert row["日期"] == days[row["报告编号"]]
        assert row["全文"] == hit["text"]
        assert int(row["处数"]) == hit["occurrences"]
        assert row["层次"] == "原样写明"
        assert row["报告编号"] == hit["report"]["id"]
        assert row["段落地址"] == "http://localhost" + hit["url"]


def test_the_column_of_kinds_is_chinese_whatever_the_kind(client: FlaskClient) -> None:
    assert set(KIND_NAMES) == set(KINDS)
    hits = (client.get("/api/v1/search?q=委员&per_page=100").json or {})["hits"]
    rows = rows_of(client.get("/export.csv?q=委员").data)
    assert len({row["种类"] for row in rows}) > 2
    assert not [row["种类"] for row in rows if row["种类"].isascii()]
    assert len(hits) > 10


def test_csv_says_which_search_made_it(client: FlaskClient) -> None:
    row = rows_of(client.get("/export.csv?q=营商环境&city=绍兴市&page=3&per_page=7").data)[0]
    assert row["检索式"] == "营商环境"
    again = unquote(row["检索地址"].removeprefix("http://localhost"))
    assert again.startswith("/search?")
    assert "q=营商环境" in again
    assert "city=绍兴市" in again


def test_csv_rows_of_the_distribution_are_the_cells(client: FlaskClient, searcher: Searcher) -> None:
    rows = rows_of(client.get("/distribution.csv?q=营商环境").data)
    cells = searcher.distribution(Query("营商环境")).cells
    assert [tuple(row) for row in rows] == [CELL_COLUMNS] * len(cells)
    assert [(row["城市"], row["年份"], row["命中处数"], row["收录字数"]) for row in rows] == [
        (c.city or "", str(c.year or ""), str(c.occurrences), str(c.held_characters)) for c in cells
    ]


@pytest.mark.parametrize(
    "args",
    [
        "q=营商环境",
        "q=营商环境&order=right&city=绍兴市&city=通化市",
        "q=协商 OR 提案&order=order&year=2021..2023",
        "q=发展&group=report&per_page=3",
        "q=绝无此词",
        "",
    ],
)
def test_csv_of_a_concordance_has_a_row_for_each_line_in_its_order(client: FlaskClient, args: str) -> None:
    response = client.get(f"/export.csv?{args}&view=concordance&context=12&page=2")
    assert response.status_code == 200
    assert "xiesou-lines.csv" in response.headers["Content-Disposition"]
    rows = rows_of(response.data)
    answer = client.get(f"/api/v1/concordance?per_page=100&context=12&{args}").json
    counts = client.get(f"/api/v1/count?{args}").json
    assert answer is not None
    assert counts is not None
    assert len(rows) == answer["total"] == counts["occurrences"]
    assert [row["序号"] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]
    shown = [(x["left"], x["keyword"], x["right"], x["id"]) for x in answer["lines"]]
    assert [tuple(map(for_cell, line)) for line in shown] == [
        (row["左文"], row["命中文字"], row["右文"], row["段落编号"]) for row in rows[: len(shown)]
    ]
    for row, line in zip(rows, answer["lines"], strict=False):
        assert tuple(row) == LINE_COLUMNS
        report = line["report"]
        assert (row["城市"], row["年份"], row["类型"], row["报告标题"]) == tuple(
            "" if report[name] is None else str(report[name]) for name in ("city", "year", "type", "title")
        )
        assert row["段落地址"] == "http://localhost" + line["url"]


def test_lines_say_the_concordance_that_made_them(client: FlaskClient) -> None:
    row = rows_of(client.get("/export.csv?q=营商环境&city=绍兴市&view=concordance&order=right").data)[0]
    page = client.get(row["检索地址"].removeprefix("http://localhost"))
    assert page.status_code == 200
    assert f'</td><td class="node"><mark>{row["命中文字"]}</mark></td>' in page.text
    assert 'aria-current="true">按右文' in page.text
    assert "绍兴市" in unquote(row["检索地址"])


@pytest.mark.parametrize("file", ["CSV", "XLSX"])
def test_a_concordance_leads_to_the_file_of_its_lines(client: FlaskClient, file: str) -> None:
    asked = "/search?q=营商环境&city=通化市&view=concordance&order=right"
    page = client.get(asked).text
    found = re.search(rf'href="([^"]+)" download>逐处 {file}<', page)
    assert found is not None
    data = client.get(unescape(found[1])).data
    lines = re.findall(r"<bdi>(.*?)</bdi>.*?<mark>(.*?)</mark>.*?<span>(.*?)</span>", page)
    if file == "CSV":
        rows = [(row["左文"], row["命中文字"], row["右文"]) for row in rows_of(data)]
    else:
        sheets = sheets_of(data)
        assert list(sheets) == ["语境", "分布", "检索"]
        assert tuple(sheets["语境"][0].values()) == LINE_COLUMNS
        numbered = enumerate(sheets["语境"][1:], 2)
        rows = [(row.get(f"B{n}", ""), row[f"C{n}"], row.get(f"D{n}", "")) for n, row in numbered]
    assert rows == [tuple(map(unescape, line)) for line in lines]
    assert len(rows) > 2


def test_lines_stream_in_bounded_memory(
    app: Flask, searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = searcher.concordance(Query("营商环境")).lines[0]
    given = 0

    def many(query: Query, **options: object) -> Iterator[ConcordanceLine]:
        nonlocal given
        for _ in range(STREAMED):
            given += 1
            yield line

    monkeypatch.setattr(searcher, "iter_lines", many)
    response = app.test_client().get("/export.csv?q=营商环境&view=concordance", buffered=False)
    blocks = iter(response.response)
    next(blocks)
    assert 0 < given < 2_000, "the first block waits for few lines"
    assert max(len(block) for block in blocks) < 200_000
    assert given == STREAMED
    response.close()


def test_more_lines_than_a_sheet_holds_are_refused(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.export.MAX_SHEET_ROWS", 3)
    response = client.get("/export.xlsx?q=营商环境&view=concordance")
    assert response.status_code == 400
    assert re.search("命中 [0-9]+ 处，超过", response.text)


@pytest.mark.parametrize("view", ["paragraphs", "distribution", ""])
def test_other_views_export_hits_as_ever(client: FlaskClient, view: str) -> None:
    assert client.get(f"/export.csv?q=营商环境&view={view}").data == client.get("/export.csv?q=营商环境").data


@pytest.mark.parametrize("wrong", ["view=x", "view=concordance&order=up", "view=concordance&context=101"])
@pytest.mark.parametrize("path", ["/export.csv", "/export.xlsx"])
def test_a_view_that_cannot_be_read_is_refused(client: FlaskClient, path: str, wrong: str) -> None:
    assert client.get(f"{path}?q=营商环境&{wrong}").status_code == 400


@pytest.mark.parametrize(
    "text", ["=1+1", "+8613", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1", "－1", "＋1", "＠A"]
)
def test_no_cell_is_a_formula(text: str) -> None:
    assert for_cell(text) == "'" + text


def test_formulas_of_texts_and_queries_are_harmless(
    client: FlaskClient, searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    (hit, *_) = searcher.iter_hits(Query("营商环境"))
    evil = structs.replace(hit, text='=HYPERLINK("http://x","y")', heading=("+1",), spans=((0, 1),))
    monkeypatch.setattr(searcher, "iter_hits", lambda query: iter([evil]))
    (row,) = rows_of(client.get("/export.csv?q=-1%2B1").data)
    assert not [value for value in row.values() if value[:1] in "=+-@" and value[:1]]
    assert row["全文"] == "'" + evil.text
    sheet = sheets_of(client.get("/export.xlsx?q=营商环境").data)["命中段落"]
    assert evil.text in sheet[1].values(), "a workbook keeps texts as texts"


def test_csv_streams_in_bounded_memory(
    app: Flask, searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    (hit, *_) = searcher.iter_hits(Query("营商环境"))
    given = 0

    def many(query: Query) -> Iterator[Hit]:
        nonlocal given
        for number in range(STREAMED):
            given += 1
            yield structs.replace(hit, id=f"r-p{number}", text="优化营商环境。\n" * 40)

    monkeypatch.setattr(searcher, "iter_hits", many)
    response = app.test_client().get("/export.csv?q=营商环境", buffered=False)
    blocks = iter(response.response)
    sizes, before = [len(next(blocks))], given
    assert 0 < before < 1_000, "the first block waits for few hits"
    sizes += [len(block) for block in blocks]
    assert given == STREAMED
    assert max(sizes) < 200_000
    response.close()


def test_rows_with_line_ends_stay_one_row(
    client: FlaskClient, searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    (hit, *_) = searcher.iter_hits(Query("营商环境"))
    texts = ["一\n二", '说"三"，四', "五\r\n六", "七\ud800八"]
    hits = [structs.replace(hit, text=text, spans=()) for text in texts]
    monkeypatch.setattr(searcher, "iter_hits", lambda query: iter(hits))
    rows = rows_of(client.get("/export.csv?q=营商环境").data)
    assert [row["全文"] for row in rows] == [text.replace("\ud800", "\ufffd") for text in texts]


def test_codes_stand_beside_cities(
    client: FlaskClient, searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    (hit, *_) = searcher.iter_hits(Query("营商环境"))
    report: Report = replace(hit.report, code="220300")
    monkeypatch.setattr(searcher, "iter_hits", lambda query: iter([structs.replace(hit, report=report)]))
    assert rows_of(client.get("/export.csv?q=x").data)[0]["行政区划代码"] == "220300"


def test_workbook_has_hits_distribution_and_the_search(client: FlaskClient, searcher: Searcher) -> None:
    response = client.get("/export.xlsx?q=营商环境&year=2021..2023")
    assert response.status_code == 200
    assert int(response.headers["Content-Length"]) == len(response.data)
    sheets = sheets_of(response.data)
    query = Query("营商环境", year=(2021, 2022, 2023))
    hits = list(searcher.iter_hits(query))
    assert list(sheets) == ["命中段落", "分布", "检索"]
    assert tuple(sheets["命中段落"][0].values()) == HIT_COLUMNS
    assert len(sheets["命中段落"]) == 1 + len(hits)
    assert [row[f"B{number}"] for number, row in enumerate(sheets["命中段落"][1:], 2)] == [
        hit.id for hit in hits
    ]
    assert len(sheets["分布"]) == 1 + len(searcher.distribution(query).cells)
    facts = {row[f"A{number}"]: row.get(f"B{number}") for number, row in enumerate(sheets["检索"], 1)}
    assert facts["检索式"] == "营商环境"
    assert facts["命中段数"] == str(len(hits))


def test_a_search_too_large_for_a_sheet_is_refused_with_a_way_out(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.export.MAX_SHEET_ROWS", 3)
    response = client.get("/export.xlsx?q=营商环境")
    assert response.status_code == 400
    assert "CSV" in response.text


@pytest.mark.parametrize("path", ["/export.csv", "/export.xlsx", "/distribution.csv", "/feed.atom"])
def test_bad_parameters_are_400_before_anything_is_sent(client: FlaskClient, path: str) -> None:
    response: Any = client.get(f"{path}?year=abc")
    assert response.status_code == 400
    assert "Content-Disposition" not in response.headers


def test_a_paragraph_that_no_cell_holds_is_refused_and_not_left_out(
    client: FlaskClient, searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    (hit, *_) = searcher.iter_hits(Query("营商环境"))
    for length, status in ((32_767, 200), (32_768, 400)):
        long = structs.replace(hit, text="长" * length, spans=())
        monkeypatch.setattr(searcher, "iter_hits", lambda query, long=long, **options: iter([long]))
        answer = client.get("/export.xlsx?q=营商环境")
        assert answer.status_code == status
    assert "32,768" in answer.text
    assert "CSV" in answer.text
