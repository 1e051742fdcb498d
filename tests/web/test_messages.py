"""What is said is data up to the page: evidence, reasons, conflicts, notices and errors in both languages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from indexer.pipeline import index_sources
from search import open_searcher
from search.messages import from_json
from search.messages.words import render
from tests.web import sample
from web.app import WebConfig, create_app
from xiesou import main

HAN = re.compile(r"[\u4e00-\u9fff]")
TONGHUA = sample.id_of("tonghua-2020-cppcc.txt")
AT_ODDS = """四平市政府工作报告

——2023年1月8日在四平市第九届人民代表大会第二次会议上

各位代表：

现在，我代表市人民政府向大会报告工作，请予审议。

一、2022年工作回顾

全市上下优化营商环境，招商引资取得新成效，地区生产总值增长百分之六。

二、2023年工作安排

2023年，继续优化营商环境，推动高质量发展。
"""


def get(client: FlaskClient, path: str, language: str, status: int = 200) -> Any:
    answer = client.get(path + ("&" if "?" in path else "?") + f"lang={language}")
    assert answer.status_code == status
    return answer.get_json()


def test_a_notice_has_its_code_in_both_languages(client: FlaskClient) -> None:
    (english,) = get(client, '/api/v1/search?q="营商', "en")["notices"]
    (chinese,) = get(client, '/api/v1/search?q="营商', "zh")["notices"]
    assert english["message"] == "A quotation mark has no partner; it was read as text."
    assert chinese["message"] == "引号没有成对，已按普通文字查找。"
    assert {**english, "message": ""} == {**chinese, "message": ""}
    assert (english["code"], english["args"], english["position"]) == ("unbalanced_quote", {}, 0)


def test_a_notice_says_how_often(client: FlaskClient) -> None:
    notice = get(client, "/api/v1/search?q=a( b( c(", "en")["notices"][0]
    assert notice["times"] == 3
    assert notice["message"].endswith("(in 3 places)")


def test_how_a_query_was_read_has_its_code(client: FlaskClient) -> None:
    for path in ("search", "count", "trends", "concordance"):
        english = get(client, f"/api/v1/{path}?q=提案 -法院", "en")["query"]
        chinese = get(client, f"/api/v1/{path}?q=提案 -法院", "zh")["query"]
        assert (english["reading_code"], english["reading_args"]) == (
            chinese["reading_code"],
            chinese["reading_args"],
        )
    reading = from_json({"code": english["reading_code"], "args": english["reading_args"]})
    assert english["reading"] == render(reading, "en") == "提案 and not 法院"
    assert chinese["reading"] == render(reading, "zh") == "提案 且不含 法院"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/search?year=abc", 400, "unreadable_value"),
        ("/api/v1/search?q=year:20", 400, "unreadable_year"),
        (f"/api/v1/search?q={'(' * 40}a{')' * 40}", 400, "nested_too_deep"),
        ("/api/v1/search?page=9999", 400, "page_too_far"),
        ("/api/v1/reports/none", 404, "report_not_found"),
        ("/api/v1/none", 404, "page_not_found"),
    ],
)
def test_an_error_has_its_code_in_both_languages(
    client: FlaskClient, path: str, status: int, code: str
) -> None:
    english, chinese = (get(client, path, language, status)["error"] for language in ("en", "zh"))
    assert not HAN.search(english["message"])
    assert HAN.search(chinese["message"])
    assert {**english, "message": ""} == {**chinese, "message": ""}
    said = from_json({"code": english["message_code"], "args": english["args"]})
    assert render(said, "en") == english["message"]
    assert code in json.dumps(english)


def test_a_report_has_evidence_and_reasons_with_codes(client: FlaskClient) -> None:
    english, chinese = (get(client, f"/api/v1/reports/{TONGHUA}", language) for language in ("en", "zh"))
    assert english["evidence"]["session"].startswith("Line 2: ——2020年1月8日")
    assert chinese["evidence"]["session"].startswith("第2行：——2020年1月8日")
    assert english["evidence_code"]["session"] == "from_line"
    assert english["evidence_args"]["session"]["line"] == 2
    for field, said in english["evidence"].items():
        message = from_json(
            {"code": english["evidence_code"][field], "args": english["evidence_args"][field]}
        )
        assert (render(message, "en"), render(message, "zh")) == (said, chinese["evidence"][field])
    for one, other in zip(english["set_aside"], chinese["set_aside"], strict=True):
        assert (one["code"], one["args"]) == (other["code"], other["args"])


def test_no_evidence_or_reason_of_the_sample_is_bare_words(client: FlaskClient) -> None:
    evidence, reasons = 0, set()
    for report in client.get("/api/v1/reports").get_json()["reports"]:
        found = get(client, f"/api/v1/reports/{report['id']}", "en")
        evidence += len(found["evidence"])
        assert "quoted" not in found["evidence_code"].values()
        reasons |= {(entry["code"], entry["reason"]) for entry in found["set_aside"]}
    assert evidence > 300
    assert len(reasons) >= 5
    assert not [reason for code, reason in reasons if code == "quoted" or HAN.search(reason)]


def test_pages_quote_the_source_as_chinese(client: FlaskClient) -> None:
    page = client.get(f"/reports/{TONGHUA}?lang=en").text
    assert 'Line 2: <span lang="zh-Hans">——2020年1月8日' in page
    assert "第2行" not in page
    assert "第2行：——2020年1月8日" in client.get(f"/reports/{TONGHUA}").text


def test_pages_say_how_a_query_was_read_in_their_language(client: FlaskClient) -> None:
    asked = "/search?q=营商环境 -招商"
    assert "读作：营商环境 且不含 招商</p>" in client.get(asked).text
    said = '<span lang="zh-Hans">营商环境</span> and not <span lang="zh-Hans">招商</span></p>'
    assert f"Read as: {said}" in client.get(f"{asked}&lang=en").text
    assert f"Read as: {said}" in client.get("/embed?q=营商环境 -招商&lang=en").text


def test_an_unknown_language_is_chinese(client: FlaskClient) -> None:
    for path in ("/api/v1/search?q=-", "/api/v1/search?year=x"):
        assert client.get(f"{path}&lang=fr").data[:80] == client.get(path).data[:80]


def test_the_description_of_the_api_speaks_both(client: FlaskClient) -> None:
    english, chinese = (get(client, "/api/v1/openapi.json", language) for language in ("en", "zh"))
    assert HAN.search(chinese["info"]["description"])
    assert not HAN.search(english["info"]["description"])
    assert english["components"]["schemas"] == chinese["components"]["schemas"]


@pytest.fixture
def at_odds(tmp_path: Path) -> Iterator[tuple[FlaskClient, str, Path]]:
    """A report whose file's name gives another place and year than its text: client, id, folder."""
    (tmp_path / "四平").mkdir()
    (tmp_path / "四平" / "长春市政府工作报告2019.txt").write_text(AT_ODDS, "utf-8")
    reported = index_sources([tmp_path / "四平"], tmp_path / "index", jobs=1).problems
    searcher = open_searcher(tmp_path / "index")
    (report,) = searcher.reports()
    assert [problem.reason for problem in reported] == list(searcher.report(report.id).problems)
    yield create_app(WebConfig(searcher=searcher)).test_client(), report.id, tmp_path
    searcher.close()


def test_what_the_source_contradicts_is_told_in_both_languages(
    at_odds: tuple[FlaskClient, str, Path],
) -> None:
    client, report, _ = at_odds
    problems = get(client, f"/api/v1/reports/{report}", "zh")["problems"]
    assert [problem["code"] for problem in problems] == ["year_conflict", "place_conflict"]
    page = unescape(client.get(f"/reports/{report}").text)
    assert f'<span class="conflict">{len(problems)} 处不一致</span></summary>' in page
    for html in (page, unescape(client.get(f"/reports/{report}/cite").text)):
        assert re.findall(r'<li class="notice">(.*?)</li>', html) == [entry["reason"] for entry in problems]
    english = unescape(client.get(f"/reports/{report}?lang=en").text)
    said = re.findall(r'<li class="notice">(.*?)</li>', english)
    assert said[0].startswith("Conflicting years: taken is 2023 (Line 3: ")
    assert not HAN.search(re.sub(r"<span[^>]*>.*?</span>", "", "".join(said)))


def run(*arguments: object) -> Any:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_commands_speak_the_language_asked_for(at_odds: tuple[FlaskClient, str, Path]) -> None:
    _, report, folder = at_odds
    index = ("--index", folder / "index")
    for language, word in (("zh", "年份不一致"), ("en", "Conflicting years")):
        shown = json.loads(run("show", report, *index, "--lang", language, "--json").output)
        assert shown["problems"][0]["reason"].startswith(word)
        summary = json.loads(
            run("index", folder / "四平", *index, "--rebuild", "--lang", language, "--json").stdout
        )
        assert summary["problems"][0]["reason"].startswith(word)
        assert summary["problems"][0]["code"] == "year_conflict"
        found = json.loads(run("search", "营商环境 -龘", *index, "--lang", language, "--json").output)
        assert found["query"]["reading_code"] == "all_but"
        assert HAN.sub("", found["query"]["reading"]).strip() == ("and not" if language == "en" else "")


def test_inspect_speaks_the_language_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "长春市政府工作报告2019.txt"
    path.write_text(AT_ODDS, "utf-8")
    english, chinese = (
        json.loads(run("inspect", path, "--lang", language, "--json").output) for language in ("en", "zh")
    )
    year, annee = english["reports"][0]["year"], chinese["reports"][0]["year"]
    assert year["evidence"].startswith("Line 3: ")
    assert annee["evidence"].startswith("第3行：")
    assert (year["evidence_code"], year["evidence_args"]) == (annee["evidence_code"], annee["evidence_args"])
    assert "Conflicting years" in run("inspect", path, "--lang", "en").output
    assert "年份不一致" in run("inspect", path).output


def test_an_error_of_a_command_is_told_in_the_language_asked_for(tmp_path: Path) -> None:
    english = run("search", "year:20", "--index", tmp_path, "--lang", "en")
    assert (english.exit_code, HAN.search(english.output)) == (2, None)
