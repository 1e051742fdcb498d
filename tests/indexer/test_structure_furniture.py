"""What stands around a report on a page: contents, links, navigation, buttons; and names that are nobody's."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.model import Block, Document, Line
from indexer.structure import patterns, structure
from indexer.understand import UnderstoodDocument, understand
from search.messages.words import render
from tests.indexer.test_structure import read_lines

HEAD = (
    "云川市人民政府工作报告",
    "——2024年1月10日在云川市第六届人民代表大会第四次会议上",
    "云川市市长 江南",
    "各位代表：",
)
BODY = (
    "现在，我代表市人民政府向大会报告工作，请予审议。",
    "一、2023年工作回顾",
    "过去一年，全市上下真抓实干，办成了许多大事，群众的日子一天比一天好。",
    "二、2024年工作安排",
    "今年要抓好十件民生实事，建设高标准农田二十万亩，改造老旧小区三十六个。",
)


def understood(path: Path, *lines: str) -> UnderstoodDocument:
    file = path / "0412.txt"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (document,) = understand(file)
    return document


def assert_whole(document: UnderstoodDocument) -> tuple[Block, ...]:
    """That the one report has its particulars, and nothing else in its text than its own; gives its blocks."""
    (report,) = [report for report in document.reports if report.draft.kind == "report"]
    values = report.metadata
    assert (values.title.value, values.date.value, values.speaker.value) == (HEAD[0], "2024-01-10", "江南")
    assert str(values.session.value).endswith("第六届人民代表大会第四次会议")
    return report.draft.blocks


@pytest.mark.parametrize(
    "contents",
    [
        ("目录", "一、2023年工作回顾", "二、2024年工作安排"),
        ("目 录", "一、2023年工作回顾……1", "二、2024年工作安排……12"),
        (HEAD[0], "目　　录", "一、2023年工作回顾 1", "二、2024年工作安排 15"),
    ],
)
def test_contents_above_the_head_are_set_aside(tmp_path: Path, contents: tuple[str, ...]) -> None:
    document = understood(tmp_path, *contents, *HEAD, *BODY)
    blocks = assert_whole(document)
    assert [block.text for block in blocks if block.kind == "heading"] == [BODY[1], BODY[3]]
    reasons = [render(entry.reason, "en") for entry in document.set_aside]
    assert reasons.count("table of contents") == 3


def test_heading_called_contents_without_entries_stays() -> None:
    (draft,) = read_lines((*HEAD, "目录", *BODY)).drafts
    assert "目录" in [block.text for block in draft.blocks]


@pytest.mark.parametrize(
    "links",
    [
        ("推荐阅读：2022年甘肃省人民政府工作报告", "2021年陕西省人民政府工作报告"),
        ("相关阅读", "2023年云川市人民政府工作报告", "云川市2022年政府工作报告"),
        ("往期推荐", "一图读懂政府工作报告", "市两会今日开幕"),
        ("往期推荐", "重磅！甘肃省政府工作报告全文来了", "快看！市两会日程"),
    ],
)
def test_links_below_are_set_aside(tmp_path: Path, links: tuple[str, ...]) -> None:
    document = understood(tmp_path, *HEAD, *BODY, *links)
    assert assert_whole(document)[-1].text == BODY[-1]
    assert {entry.text for entry in document.set_aside} >= set(links)


def test_report_behind_a_label_of_links_is_no_link(tmp_path: Path) -> None:
    document = understood(tmp_path, "推荐阅读", *HEAD, *BODY)
    assert [block.text for block in assert_whole(document)][-5:] == list(BODY)


@pytest.mark.parametrize(
    "line",
    [
        "在看 阅读 1.2万",
        "阅读 1万+",
        "阅读原文",
        "点赞 36 在看 12",
        "长按识别二维码关注我们",
        "首页 > 政务公开 > 政府工作报告",
        "网站首页 » 信息公开 » 报告",
        "购物车",
        "导航",
        "登录 / 注册",
        "喜欢此内容的人还喜欢",
        "索引号：001/2024-00012 主题分类：政府工作报告",
        "发文字号：云政发〔2024〕1号",
        "主办：市政府办公室 网站标识码：2206000001",
    ],
)
def test_furniture_of_a_page_is_set_aside(tmp_path: Path, line: str) -> None:
    for lines in ((line, *HEAD, *BODY), (*HEAD, *BODY, line), (HEAD[0], line, *HEAD[1:], *BODY)):
        document = understood(tmp_path, *lines)
        assert line not in [block.text for block in assert_whole(document)]


@pytest.mark.parametrize(
    "line", ["阅读经典，坚定信念。", "一、加强导航产业建设", "在看到成绩的同时", "点赞新时代", "增长>5%"]
)
def test_text_that_resembles_furniture_stays(line: str) -> None:
    assert not patterns.is_chrome("".join(line.split()))


@pytest.mark.parametrize("name", ["导航", "购物", "高新区", "专题", "江南"])
def test_bare_name_without_office_or_session_above_is_no_speaker(tmp_path: Path, name: str) -> None:
    document = understood(tmp_path, HEAD[0], name, HEAD[3], *BODY)
    ((report,),) = ([report for report in document.reports if report.draft.kind == "report"],)
    assert "speaker" not in [block.kind for block in report.draft.blocks]


def test_row_of_a_table_is_no_title(tmp_path: Path) -> None:
    infobox = "".join(
        f"<tr><td>{name}</td><td>{value}</td></tr>"
        for name, value in (("中文名", "2024年云川市政府工作报告"), ("报告时间", "2024年1月10日"))
    )
    page = f"<table>{infobox}</table>" + "".join(f"<p>{line}</p>" for line in (*HEAD, *BODY))
    file = tmp_path / "0412.html"
    file.write_text(f"<html><body>{page}</body></html>", encoding="utf-8")
    (document,) = understand(file)
    blocks = assert_whole(document)
    assert [block.kind for block in blocks if "\t" in block.text] == ["table", "table"]


@pytest.mark.parametrize("above", [HEAD[1], "（2024年1月10日）", "云川市市长"])
def test_bare_name_under_session_date_or_office_is_the_speaker(above: str) -> None:
    (draft,) = read_lines((HEAD[0], above, "江 南", HEAD[3], *BODY)).drafts
    assert ("speaker", "江 南") in [(block.kind, block.text) for block in draft.blocks]


def test_lead_and_infobox_of_an_encyclopedia_are_no_second_report(tmp_path: Path) -> None:
    lead = (
        "云川市政府工作报告",
        "《云川市政府工作报告》是2024年1月10日云川市市长江南在云川市第六届人民代表大会第四次会议上所作的报告。",
        "中文名 云川市政府工作报告",
        "报告人 江南",
        "发布时间 2024年1月10日",
    )
    document = understood(tmp_path, *lead, *HEAD, *BODY)
    assert [report.draft.kind for report in document.reports].count("report") == 1


def test_text_without_chinese_is_told() -> None:
    read = structure(read_document("This is the annual work report of a city that nobody knows."))
    assert [render(problem.reason, "en") for problem in read.problems] == ["there is no Chinese in the text"]
    assert [draft.kind for draft in read.drafts] == ["其他"]
    assert structure(read_document("12.5 %\n2024")).problems == ()


def test_resolution_behind_a_report_is_a_text_of_its_own() -> None:
    resolution = "云川市第六届人民代表大会第四次会议关于政府工作报告的决议"
    text = "会议听取和审议了市长所作的政府工作报告，决定批准这个报告，号召全市人民为之奋斗。"
    read = read_lines((*HEAD, *BODY, resolution, text))
    assert [draft.kind for draft in read.drafts] == ["report", "决议"]


def read_document(text: str) -> Document:
    lines = tuple(Line(line, number) for number, line in enumerate(text.splitlines(), 1))
    return Document("a.txt", "text", "utf-8", lines)
