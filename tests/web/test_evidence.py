"""Evidence and reasons in the language of the page: labels translated, what is quoted left as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer.pipeline import index_sources
from search import Searcher, open_searcher
from tests.web import sample
from web.app import WebConfig, create_app
from web.evidence import say_evidence, say_problem, say_reason

HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize(
    ("evidence", "said", "quoted"),
    [
        ("第2行：——2020年1月8日", "Line 2: ——2020年1月8日", ["——2020年1月8日"]),
        ("标题：政府工作报告", "Title: 政府工作报告", ["政府工作报告"]),
        ("文件名：四平市_2023.txt", "File name: 四平市_2023.txt", ["四平市_2023.txt"]),
        ("正文：“我市”12次，如“我市各级”", "Text: 我市, 12 times, as in “我市各级”", ["我市", "我市各级"]),
        ("正文：我国，而非我省或我市", "Text: says 我国, not 我省 or 我市", []),
        ("正文：多次提到所属的铁西、梨树", "Text: often names places that belong to it: 铁西、梨树", ["铁西、梨树"]),
        (
            "同一文件的另一篇报告（第5行：二〇二三年）",
            "Another report of the same file (Line 5: 二〇二三年)",
            ["二〇二三年"],
        ),
        ("仅有发布日期：字段 date：2024-01-02", "Only a date of publication: Field date: 2024-01-02", ["2024-01-02"]),
        ("第9行：2024-1-2（发布日期）", "Line 9: 2024-1-2 (date of publication)", ["2024-1-2"]),
        ("第9行：过去一年（会议在2023年1月）", "Line 9: 过去一年 (the session was in month 1 of 2023)", ["过去一年"]),
        (
            "第3行：2023年回顾；第9行：2024年安排",
            "Line 3: 2023年回顾; Line 9: 2024年安排",
            ["2023年回顾", "2024年安排"],
        ),
        ("按结构判断", "From its structure", []),
        ("metadata.csv 第3、5行：四平市", "metadata.csv line 3, 5: 四平市", ["四平市"]),
        (
            "metadata.csv 第3行、a/metadata.csv 第2行：四平市",
            "metadata.csv line 3, a/metadata.csv line 2: 四平市",
            ["四平市"],
        ),
        ("没有见过的写法", "没有见过的写法", ["没有见过的写法"]),
    ],
)  # fmt: skip
def test_evidence_is_labelled_in_english(app: Flask, evidence: str, said: str, quoted: list[str]) -> None:
    with app.test_request_context("/?lang=en"):
        pieces = say_evidence(evidence)
    assert "".join(piece.text for piece in pieces) == said
    assert [piece.text for piece in pieces if piece.is_source] == quoted


def test_evidence_is_as_it_stands_in_chinese(app: Flask) -> None:
    with app.test_request_context("/"):
        assert [piece.text for piece in say_evidence("第2行：四平市")] == ["第2行：四平市"]


def test_no_evidence_of_the_sample_keeps_a_chinese_label(app: Flask, engine: Searcher) -> None:
    found = [text for report in engine.reports() for text in engine.report(report.id).evidence.values()]
    assert len(found) > 300
    with app.test_request_context("/?lang=en"):
        for evidence in found:
            pieces = say_evidence(evidence)
            assert not pieces[0].is_source, evidence
            assert not HAN.search(pieces[0].text)
            assert all(piece.text in evidence for piece in pieces if piece.is_source)


def test_reasons_are_said_in_the_language_of_the_page(app: Flask, engine: Searcher) -> None:
    reasons = {reason for report in engine.reports() for _, _, reason in engine.report(report.id).set_aside}
    assert len(reasons) >= 5
    with app.test_request_context("/"):
        assert [reason for reason in reasons if not HAN.search(say_reason(reason))] == []
    with app.test_request_context("/?lang=en"):
        assert not [reason for reason in reasons if HAN.search(say_reason(reason))]
        assert say_reason("something new") == "something new"


AT_ODDS = """四平市政府工作报告

——2023年1月8日在四平市第九届人民代表大会第二次会议上

各位代表：

现在，我代表市人民政府向大会报告工作，请予审议。

一、2022年工作回顾

全市上下优化营商环境，招商引资取得新成效，地区生产总值增长百分之六。

二、2023年工作安排

2023年，继续优化营商环境，推动高质量发展。
"""


@pytest.fixture
def at_odds(tmp_path: Path) -> Iterator[tuple[FlaskClient, str, tuple[str, ...]]]:
    """A report whose file's name gives another place and year than its text: client, id, what the index says."""
    (tmp_path / "四平").mkdir()
    (tmp_path / "四平" / "长春市政府工作报告2019.txt").write_text(AT_ODDS, "utf-8")
    reported = index_sources([tmp_path / "四平"], tmp_path / "index", jobs=1).problems
    engine = open_searcher(tmp_path / "index")
    (report,) = engine.reports()
    found = engine.report(report.id)
    assert [problem.reason for problem in reported] == list(found.problems)
    assert len(found.problems) >= 1
    yield create_app(WebConfig(engine=engine)).test_client(), report.id, found.problems
    engine.close()


def test_what_the_source_contradicts_is_on_its_report_and_where_it_is_cited(
    at_odds: tuple[FlaskClient, str, tuple[str, ...]],
) -> None:
    client, report, problems = at_odds
    page = unescape(client.get(f"/reports/{report}").text)
    assert f'<span class="conflict">{len(problems)} 处不一致</span></summary>' in page
    for html in (page, unescape(client.get(f"/reports/{report}/cite").text)):
        assert re.findall(r'<li class="notice">(.*?)</li>', html) == list(problems)
    english = unescape(client.get(f"/reports/{report}?lang=en").text)
    said = re.findall(r'<li class="notice">(.*?)</li>', english)
    assert said[0].startswith("Conflicting years: taken is 2023 (Line 3: ")
    assert not HAN.search(re.sub(r"<span[^>]*>.*?</span>", "", "".join(said)))


@pytest.mark.parametrize(
    ("problem", "said", "quoted"),
    [
        (
            "地点不一致：采用四平市（第2行：四平市第九届），不采用长春市（文件名：长春市.txt）",
            "Conflicting places: taken is 四平市 (Line 2: 四平市第九届), not 长春市 (File name: 长春市.txt)",
            ["四平市", "四平市第九届", "长春市", "长春市.txt"],
        ),
        (
            "年份不一致：采用2023（第2行：2023年），不采用2019（文件名：甲（2019）.txt）",
            "Conflicting years: taken is 2023 (Line 2: 2023年), not 2019 (File name: 甲（2019）.txt)",
            ["2023年", "甲（2019）.txt"],
        ),
        (
            "日期与内容不一致：2023年1月（第2行：2023年1月），而内容像2021年（2020年回顾）",
            "Date and text conflict: 2023年1月 (Line 2: 2023年1月), while the text is like that of 2021 (2020年回顾)",
            ["2023年1月", "2023年1月", "2020年回顾"],
        ),
        ("没有见过的写法", "没有见过的写法", ["没有见过的写法"]),
    ],
)
def test_contradictions_are_told_in_english(app: Flask, problem: str, said: str, quoted: list[str]) -> None:
    with app.test_request_context("/?lang=en"):
        pieces = say_problem(problem)
    assert "".join(piece.text for piece in pieces) == said
    assert [piece.text for piece in pieces if piece.is_source] == quoted


def test_pages_quote_the_source_as_chinese(client: FlaskClient) -> None:
    report = sample.id_of("tonghua-2020-cppcc.txt")
    page = client.get(f"/reports/{report}?lang=en").text
    assert 'Line 2: <span lang="zh-Hans">——2020年1月8日' in page
    assert "第2行" not in page
    assert "第2行：——2020年1月8日" in client.get(f"/reports/{report}").text
