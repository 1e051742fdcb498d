"""A citation says what is known and no more, in both spellings."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from search.model import Report
from tests.web import sample
from web.citation_formats import Reference, cite, organ_of, supplied_title, to_csl, to_ris

DAY = date(2026, 11, 20)
URL = "https://example.org/reports/r1#p9"
REPORT = Report(
    "r1", "a_b/四平 2023.txt", "政协四平市委员会常务委员会工作报告", "政协常委会工作报告", "四平市", "吉林省", "市",
    2023, 2022, "2023-01-05", "九届二次会议", "侯 川", 40,
)  # fmt: skip
TONGHUA = sample.id_of("tonghua-2020-cppcc.txt")


def test_paragraph_is_cited_with_its_number() -> None:
    assert cite(REPORT, URL, DAY, n=9).gbt7714 == (
        "政协四平市委员会常务委员会. 政协四平市委员会常务委员会工作报告[R/OL]. 2023: 第9段(2023-01-05)[2026-11-20]. "
        "https://example.org/reports/r1#p9."
    )


def test_unknown_is_left_out() -> None:
    bare = replace(
        REPORT, title=None, city=None, province=None, year=None, date=None, speaker=None, session=None
    )
    citation = cite(bare, URL, DAY)
    assert citation.gbt7714 == f"a_b/四平 2023.txt[R/OL]. [2026-11-20]. {URL}."
    assert "None" not in citation.bibtex
    assert not re.search(r"author|address|year =|  date", citation.bibtex)


def test_bibtex_is_well_formed_and_names_paragraph_and_file() -> None:
    entry = cite(replace(REPORT, title="增长 5% & {更多}_#$"), URL, DAY, n=9).bibtex
    assert entry.startswith("@techreport{xiesou-r1-p9,\n")
    assert r"title = {增长 5\% \& \{更多\}\_\#\$}" in entry
    assert "note = {第 9 段；九届二次会议；报告人：侯川；来源文件：a\\_b/四平 2023.txt}" in entry
    assert "author = {{政协四平市委员会常务委员会}}" in entry
    bare = re.sub(r"\\.", "", entry)
    assert bare.count("{") == bare.count("}")


@pytest.mark.parametrize("lang", ["", "&lang=en"])
def test_cite_page_has_both_and_the_evidence(client: FlaskClient, lang: str) -> None:
    html = client.get(f"/reports/{TONGHUA}/cite?n=9{lang}").text
    assert f"http://localhost/reports/{TONGHUA}#p9" in html
    assert "第9段" in html
    assert "@techreport{" in html
    label = 'Line 2: <span lang="zh-Hans">' if lang else "第2行："
    assert f"{label}——2020年1月8日" in html
    assert "sample/tonghua-2020-cppcc.txt" in html


def test_citations_are_not_kept_as_they_name_the_day(client: FlaskClient) -> None:
    response = client.get(f"/reports/{TONGHUA}/cite")
    assert response.headers["Cache-Control"] == "no-store"


def test_bibtex_file_is_offered(client: FlaskClient) -> None:
    response = client.get(f"/reports/{TONGHUA}/cite.bib?n=9")
    assert response.mimetype == "text/x-bibtex"
    assert f"xiesou-{TONGHUA}-p9.bib" in response.headers["Content-Disposition"]


@pytest.mark.parametrize(("path", "status"), [("?n=999", 404), ("?n=x", 400), ("?n=0", 400)])
def test_a_paragraph_that_is_not_there_is_told(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(f"/reports/{TONGHUA}/cite{path}").status_code == status


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ({"title": "关于工作的报告"}, "关于工作的报告"),
        ({"title": None}, "[四平市2023年政协常委会工作报告]"),
        ({"title": None, "year": None}, "[四平市政协常委会工作报告]"),
        ({"title": None, "city": None, "province": "吉林省"}, "[吉林省2023年政协常委会工作报告]"),
        ({"title": None, "city": None, "province": None}, "四平.txt"),
        ({"title": None, "type": "新闻"}, "四平.txt"),
        ({"title": None, "type": None}, "四平.txt"),
    ],
)
def test_a_report_without_a_title_is_called_what_it_is(given: dict[str, Any], title: str) -> None:
    report = replace(REPORT, **{"source": "四平.txt", **given})
    assert supplied_title(report) == title
    assert f"{title}[R/OL]" in cite(report, URL, DAY).gbt7714


@pytest.mark.parametrize(
    ("kind", "level", "place", "organ"),
    [
        ("政府工作报告", "市", "四平市", "四平市人民政府"),
        ("政府工作报告", "国家", None, "国务院"),
        ("政协提案工作报告", "市", "四平市", "政协四平市委员会常务委员会"),
        ("政协常委会工作报告", "国家", None, "政协全国委员会常务委员会"),
        ("人大常委会工作报告", "市", "资阳市", "资阳市人民代表大会常务委员会"),
        ("法院工作报告", "市", "四平市", "四平市中级人民法院"),
        ("法院工作报告", "省", "吉林省", "吉林省高级人民法院"),
        ("检察院工作报告", "国家", None, "最高人民检察院"),
        ("政府工作报告", "县", "平顺县", "平顺县人民政府"),
        ("政府工作报告", "县", "长治市", None),
        ("政府工作报告", "市", None, None),
        ("新闻", "市", "四平市", None),
        (None, "市", "四平市", None),
    ],
)
def test_author_is_the_organ_whose_report_it_is(
    kind: str | None, level: str, place: str | None, organ: str | None
) -> None:
    report = replace(REPORT, type=kind, level=level, city=place, province=None)
    assert organ_of(report) == organ
    assert cite(report, URL, DAY).gbt7714.startswith(f"{organ or '侯川'}. ")


def test_ris_has_a_line_for_each_field() -> None:
    lines = to_ris(Reference(replace(REPORT, title="多行\n题目"), URL, DAY, 9)).split("\r\n")
    assert lines[0] == "TY  - RPRT"
    assert lines[-2:] == ["ER  - ", ""]
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines[:-1])
    fields = dict(line.split("  - ", 1) for line in lines[:-1])
    assert (fields["AU"], fields["PY"], fields["DA"]) == ("政协四平市委员会常务委员会", "2023", "2023/01/05")
    assert (fields["TI"], fields["UR"], fields["CY"]) == ("多行 题目", URL, "四平市")


def test_csl_json_has_what_is_known() -> None:
    item = to_csl(Reference(REPORT, URL, DAY))
    assert item["author"] == [{"literal": "政协四平市委员会常务委员会"}]
    assert item["issued"] == {"date-parts": [[2023, 1, 5]]}
    assert item["accessed"] == {"date-parts": [[2026, 11, 20]]}
    assert (item["type"], item["URL"], item["publisher-place"]) == ("report", URL, "四平市")
    bare = to_csl(Reference(replace(REPORT, date="2023年春", type=None, speaker=None, city=None), URL, DAY))
    assert bare["issued"] == {"date-parts": [[2023]]}
    assert not {"author", "publisher", "genre"} & set(bare)


def test_references_of_chosen_reports_are_one_file(client: FlaskClient) -> None:
    reports = (client.get("/api/v1/reports?city=通化市").json or {})["reports"]
    ids = [report["id"] for report in reports]
    assert len(ids) > 1
    for asked in ("city=通化市", "&".join(f"report={one}" for one in ids)):
        text = client.get(f"/bibliography.txt?{asked}").text
        assert len(text.splitlines()) == len(ids)
        assert all("[R/OL]" in line for line in text.splitlines())
        assert client.get(f"/bibliography.bib?{asked}").text.count("@techreport{") == len(ids)
        assert client.get(f"/bibliography.ris?{asked}").text.count("TY  - RPRT") == len(ids)
        items = json.loads(client.get(f"/bibliography.json?{asked}").text)
        assert {item["id"] for item in items} == {f"xiesou-{one}" for one in ids}
    html = client.get("/reports?city=通化市").text
    for kind in ("txt", "bib", "ris", "json"):
        assert f"/bibliography.{kind}?city=" in html
    one = client.get(f"/bibliography.ris?report={ids[0]}&n=1").text
    assert f"/reports/{ids[0]}#p1" in one
    assert client.get("/bibliography.bib?report=none").status_code == 404
    assert f"/bibliography.ris?report={TONGHUA}" in client.get(f"/reports/{TONGHUA}/cite").text


def test_too_many_references_are_refused(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.citations.MAX_REFERENCES", 2)
    assert client.get("/bibliography.bib").status_code == 400
