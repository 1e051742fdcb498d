"""Corrections: the row that a reader makes is the one that the table understands, of that report and no other."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from indexer.overrides import load_overrides
from search import Searcher
from search.metadata_columns import STATED_FIELDS
from search.model import Report
from search.report_ids import report_id
from tests.web import sample
from web.app import WebConfig, create_app
from web.correction import HEADER, read_correction
from web.site import Site, read_contact

TONGHUA = sample.id_of("tonghua-2020-cppcc.txt")
RIGHT = {
    "title": '“新”标题, 带逗号和"引号"',
    "type": "政府工作报告",
    "city": "四平市",
    "province": "吉林省",
    "year": "2019",
    "review_year": "2018",
    "plan_year": "2020",
    "date": "2019-01-31",
    "session": "第一次会议",
    "speaker": "郑某某",
}
WRONG = {
    "type": "报告书",
    "city": "无此市",
    "province": "四平市",
    "year": "19",
    "review_year": "二〇一九",
    "plan_year": "3019",
    "date": "2019-02-30",
}


def of_file(searcher: Searcher, report: Report) -> list[Report]:
    return [one for one in searcher.reports(others=True) if one.source == report.source]


def test_the_table_reads_each_row_for_its_report_alone(searcher: Searcher, tmp_path: Path) -> None:
    for report in searcher.reports(others=True):
        same = of_file(searcher, report)
        correction = read_correction(report, same, RIGHT)
        folder = tmp_path / report.id / correction.folder
        folder.mkdir(parents=True)
        (folder / "metadata.csv").write_text(f"{HEADER}\n{correction.line}\n", "utf-8")
        table = load_overrides(folder)
        assert table.problems == ()
        name = report.source.partition("/")[2]
        for number in range(1, len(same) + 2):
            values = {k: v for k, v in table.for_file(name, number).items() if k in STATED_FIELDS}
            is_this = report_id(report.source, number) == report.id
            differ = {k: v for k, v in RIGHT.items() if v != str(getattr(report, k))}
            assert values == (differ if is_this or len(same) == 1 else {}), (name, number)
        assert dict(table.for_file("another.txt", 1)) == {}


@pytest.mark.parametrize("field", WRONG)
def test_what_the_table_would_refuse_is_left_out_and_said(client: FlaskClient, field: str) -> None:
    html = client.get(
        f"/reports/{TONGHUA}/correct", query_string={field: WRONG[field], "speaker": "郑某某"}
    ).text
    (line,) = re.findall(r'id="correction-line"[^>]*>[^\n]*\n([^<]*)</pre>', html)
    assert unescape(line) == "tonghua-2020-cppcc.txt,,,,,,,,,,,郑某某"
    assert f'aria-describedby="bad-{field}"' in html
    assert f'value="{WRONG[field]}"' in html or field == "type"


def test_what_is_known_is_no_correction(searcher: Searcher, client: FlaskClient) -> None:
    report = searcher.report(TONGHUA).report
    known = {field: str(getattr(report, field) or "") for field in STATED_FIELDS}
    html = client.get(f"/reports/{TONGHUA}/correct", query_string=known).text
    assert "correction-line" not in html
    assert "correction-message" not in html
    for value in known.values():
        assert f'value="{value}"' in html or f"> {value}" in html or value in html


def test_a_paragraph_and_a_report_lead_there(client: FlaskClient) -> None:
    html = client.get(f"/reports/{TONGHUA}").text
    assert f'href="/reports/{TONGHUA}/correct"' in html
    for n in re.findall(r'<div class="block kind-[^"]*" id="p(\d+)">', html):
        assert f'href="/reports/{TONGHUA}/correct?n={n}"' in html
    assert f'href="/reports/{TONGHUA}/correct?n=9"' in client.get(f"/reports/{TONGHUA}/cite?n=9").text
    assert client.get(f"/reports/{TONGHUA}/correct?n=9999").status_code == 404
    assert client.get("/reports/none/correct").status_code == 404


def test_a_mail_is_made_ready_where_the_operator_names_an_address(
    searcher: Searcher, client: FlaskClient
) -> None:
    asked = {"n": 9, "note": "“助推”应为“推动” & 更多", "year": "2019"}
    assert "mailto:" not in client.get(f"/reports/{TONGHUA}/correct", query_string=asked).text
    app = create_app(WebConfig(searcher=searcher, site=Site(contact="desk+x@example.org")))
    html = app.test_client().get(f"/reports/{TONGHUA}/correct", query_string=asked).text
    (address,) = re.findall(r'href="(mailto:[^"]*)"', html)
    parts = urlsplit(unescape(address))
    assert parts.path == "desk%2Bx@example.org"
    body = parse_qs(parts.query)["body"][0]
    assert "\r\n" in body
    assert searcher.report(TONGHUA).paragraphs[8].text in body
    for said in (asked["note"], f"/reports/{TONGHUA}#p9", HEADER, "tonghua-2020-cppcc.txt,,,,,,2019"):
        assert str(said) in body


@pytest.mark.parametrize("value", ["desk", "a@b c", "a@b?bcc=c@d", "<a@b>", "a@b&x"])
def test_what_is_no_address_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="mail address"):
        read_contact(value)
    assert read_contact("desk@example.org") == "desk@example.org"
