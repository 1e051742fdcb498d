"""Evidence and reasons in the language of the page: labels translated, what is quoted left as it stands."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from search.engine.base import Engine
from tests.web import sample
from web.evidence import say_evidence, say_reason

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


def test_no_evidence_of_the_sample_keeps_a_chinese_label(app: Flask, engine: Engine) -> None:
    found = [text for report in engine.reports() for text in engine.report(report.id).evidence.values()]
    assert len(found) > 300
    with app.test_request_context("/?lang=en"):
        for evidence in found:
            pieces = say_evidence(evidence)
            assert not pieces[0].is_source, evidence
            assert not HAN.search(pieces[0].text)
            assert all(piece.text in evidence for piece in pieces if piece.is_source)


def test_reasons_are_said_in_the_language_of_the_page(app: Flask, engine: Engine) -> None:
    reasons = {reason for report in engine.reports() for _, _, reason in engine.report(report.id).set_aside}
    assert len(reasons) >= 5
    with app.test_request_context("/"):
        assert [reason for reason in reasons if not HAN.search(say_reason(reason))] == []
    with app.test_request_context("/?lang=en"):
        assert not [reason for reason in reasons if HAN.search(say_reason(reason))]
        assert say_reason("something new") == "something new"


def test_pages_quote_the_source_as_chinese(client: FlaskClient) -> None:
    report = sample.id_of("tonghua-2020-cppcc.txt")
    page = client.get(f"/reports/{report}?lang=en").text
    assert 'Line 2: <span lang="zh-Hans">——2020年1月8日' in page
    assert "第2行" not in page
    assert "第2行：——2020年1月8日" in client.get(f"/reports/{report}").text
