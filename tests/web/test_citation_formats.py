"""A citation says what is known and no more, in both spellings."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from search.model import Report
from tests.web import sample
from web.citation_formats import cite, supplied_title

DAY = date(2026, 11, 20)
URL = "https://example.org/reports/r1#p9"
REPORT = Report(
    "r1", "a_b/四平 2023.txt", "政协四平市委员会常务委员会工作报告", "政协常委会工作报告", "四平市", "吉林省", "市",
    2023, 2022, "2023-01-05", "九届二次会议", "侯 川", 40,
)  # fmt: skip
TONGHUA = sample.id_of("tonghua-2020-cppcc.txt")


def test_paragraph_is_cited_with_its_number() -> None:
    assert cite(REPORT, URL, DAY, n=9).gbt7714 == (
        "侯川. 政协四平市委员会常务委员会工作报告[R/OL]. 四平市，2023: 第9段(2023-01-05)[2026-11-20]. "
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
    assert "note = {第 9 段；来源文件：a\\_b/四平 2023.txt}" in entry
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
