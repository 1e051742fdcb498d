"""`xiesou inspect`: the promised JSON, and what a person sees."""

from __future__ import annotations

import io
import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from indexer.inspection import added_in, inspect_file, render
from indexer.pipeline import index_sources
from search.addresses import open_collection
from search.metadata_columns import STATED_FIELDS

TEXT = """\
四平市人民政府工作报告

——2029年1月8日在四平市第十届人民代表大会第九次会议上

四平市市长 江 南

各位代表：

一、2028年工作回顾

这一年，我们守住了粮食安全“压

舱石”，办成了许多大事，群众十分满意。

打印
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "报告.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_json_has_the_promised_shape(path: Path) -> None:
    result = inspect_file(path)
    json.dumps(result)
    (report,) = result["reports"]
    for name in STATED_FIELDS:
        assert set(report[name]) == {"value", "evidence", "evidence_code", "evidence_args"}
    assert report["year"]["value"] == 2029
    assert "2029年1月8日" in report["year"]["evidence"]
    assert [block["kind"] for block in report["blocks"]] == [
        "title",
        "session",
        "speaker",
        "salutation",
        "heading",
        "paragraph",
    ]
    last = report["blocks"][-1]
    assert last["text"].startswith("这一年，我们守住了粮食安全“压舱石”")
    assert (last["lines"], last["joined"], last["level"]) == ([11, 13], True, 0)
    assert result["set_aside"][0]["text"] == "打印"
    assert set(result["set_aside"][0]) == {"line", "text", "reason", "code", "args"}
    assert result["path"] == str(path)
    assert result["format"] == "text"
    assert "documents" not in result


def test_unknown_values_are_null_without_evidence(tmp_path: Path) -> None:
    path = tmp_path / "无名.txt"
    path.write_text("今天天气很好。大家都很高兴，一起去春游，直到傍晚才回家。", encoding="utf-8")
    result = inspect_file(path)
    texts: list[dict[str, Any]] = [*result["reports"], *result["others"]]
    (text,) = texts
    assert text["city"] == {"value": None, "evidence": "", "evidence_code": None, "evidence_args": {}}


def test_text_that_belongs_to_no_report_stands_apart_and_every_character_once(tmp_path: Path) -> None:
    news = (
        "低温雨雪即将来临\n\n本报讯（记者 赵某）市长昨日检查防范低温雨雪冰冻灾害的工作，要求提前部署队伍。\n"
    )
    path = tmp_path / "报告和新闻.txt"
    path.write_text(TEXT + "\n" + news, encoding="utf-8")
    result = inspect_file(path)
    assert len(result["reports"]) == 1
    (other,) = result["others"]
    assert (other["kind"], other["year"]["value"]) == ("新闻", None)
    apart = [entry for entry in result["set_aside"] if entry.get("other") == 1]
    assert "提前部署队伍" in apart[-1]["text"]
    assert apart[-1]["reason"] == "新闻：不属于任何报告，可以检索"
    texts = [block["text"] for block in result["reports"][0]["blocks"]]
    texts += [entry["text"] for entry in result["set_aside"]]
    assert Counter("".join("".join(texts).split())) == Counter("".join((TEXT + news).split()))
    console = Console(width=160, record=True, file=io.StringIO())
    console.print(render(result))
    shown = console.export_text()
    assert "新闻. 低温雨雪即将来临" in shown
    assert shown.count("提前部署队伍") == 1


def test_person_sees_values_evidence_joins_and_what_was_set_aside(path: Path) -> None:
    console = Console(width=160, record=True, file=io.StringIO())
    console.print(render(inspect_file(path)))
    shown = console.export_text()
    for expected in ("四平市人民政府工作报告", "2029", "江南", "接缝", "11–13", "搁置 1 处", "打印"):
        assert expected in shown


def test_very_long_paragraph_is_shown_short_and_by_its_parts(tmp_path: Path) -> None:
    path = tmp_path / "长.txt"
    path.write_text("这一项工作圆满完成。" * 500, encoding="utf-8")
    console = Console(width=160, record=True, file=io.StringIO())
    console.print(render(inspect_file(path)))
    shown = console.export_text()
    assert "第1段" in shown
    assert "（800 字）" in shown


@pytest.mark.corpus
def test_seed_is_inspected_in_less_than_half_a_second(shared: Path) -> None:
    path = sorted((shared / "corpus" / "seeds").iterdir())[0]
    inspect_file(path)
    started = time.perf_counter()
    inspect_file(path)
    assert time.perf_counter() - started < 0.5


def test_blocks_name_their_part_as_paragraphs_do(tmp_path: Path) -> None:
    path = tmp_path / "报告.txt"
    path.write_text(TEXT + "\n名词解释\n\n1.压舱石：比喻起稳定作用的事物。\n", encoding="utf-8")
    blocks = inspect_file(path)["reports"][0]["blocks"]
    assert [block["part"] for block in blocks][:6] == ["标题"] * 3 + ["正文", "标题", "正文"]
    assert blocks[-1]["part"] == "名词解释"
    assert {block["piece"] for block in blocks} == {0}


def test_added_is_told_of_a_file_that_an_index_holds(tmp_path: Path, path: Path) -> None:
    index = tmp_path / "index"
    index_sources([path], index, jobs=1)
    view = open_collection(index).at()
    (held,) = view.reports()[1]
    (report,) = inspect_file(path, added=added_in(view, path))["reports"]
    assert report["added"]["value"] == held.added
    assert held.added
    assert inspect_file(path)["reports"][0]["added"]["value"] is None
    other = tmp_path / "另一份.txt"
    other.write_text(TEXT, encoding="utf-8")
    assert inspect_file(other, added=added_in(view, other))["reports"][0]["added"]["value"] is None
