"""What is counted and what isn't: the line of counts, its switch in every address, names of tiers, cards, readings."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from urllib.parse import parse_qsl, quote

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

import search
from search import Searcher
from search.model import Query
from xiesou import main

WRITTEN, OTHERWISE, PARTLY = "原样写明", "换了说法或分开写", "只有一部分"
WIDE = "优化营商环境"
"""Has more than ten paragraphs of tier 1, so that tier 2 is listed only where one asks for it."""


def get(client: FlaskClient, **asked: str) -> str:
    return client.get("/search", query_string=asked).get_data(as_text=True)


def text_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


def tiers_of(searcher: Searcher, text: str) -> tuple[int, int]:
    first, second = searcher.search(Query(text)).tiers[:2]
    return first.total or 0, second.total or 0


def labels(html: str) -> list[str]:
    return [unescape(label) for label in re.findall(r'<h2 class="tier">(.*?)</h2>', html)]


def test_the_line_of_counts_says_what_is_counted_and_what_the_switch_would_add(
    client: FlaskClient, searcher: Searcher
) -> None:
    written, more = tiers_of(searcher, WIDE)
    assert written >= 10
    assert more
    html = get(client, q=WIDE)
    said = text_of(html)
    assert f"{written} 段原样写明 · " in said
    assert f"另有 {more} 段换了说法或分开写 也算进来" in said
    (url,) = re.findall(r'data-match="phrase">.*?href="([^"]+)"', html)
    html = client.get(unescape(url)).get_data(as_text=True)
    assert f"<strong>{written + more} 段</strong>" in html
    assert f"其中 {more} 段换了说法或分开写 只算原样写明的" in text_of(html)
    (back,) = re.findall(r'data-match="all">.*?href="([^"]+)"', html)
    assert "match=" not in back


def test_where_nothing_else_says_it_there_is_nothing_to_switch(client: FlaskClient) -> None:
    html = get(client, q='"营商环境"')
    assert "data-match" not in html
    assert "段原样写明" not in text_of(html)


@pytest.mark.parametrize("view", ["paragraphs", "concordance", "distribution"])
def test_every_link_of_a_page_that_counts_both_tiers_keeps_that(client: FlaskClient, view: str) -> None:
    html = get(client, q=WIDE, match="all", view=view)
    links = [
        unescape(url)
        for url in re.findall(r'href="(/(?:search|export|distribution|feed|follow)[^"]*)"', html)
    ]
    kept = [url for url in links if "match=all" in url]
    dropped = [url for url in links if "match=all" not in url]
    assert len(kept) > 20
    (back,) = re.findall(r'data-match="all">.*?href="([^"]+)"', html)
    assert set(dropped) <= {unescape(back), f"/search?q={quote(WIDE)}"}
    assert '<input type="hidden" name="match" value="all">' in html


@pytest.mark.parametrize("sort", ["relevance", "-year", "year"])
def test_each_tier_has_its_name_where_it_begins_under_every_sort(client: FlaskClient, sort: str) -> None:
    asked = {"sort": sort} if sort != "relevance" else {}
    assert labels(get(client, q="提案办理", **asked)) == [WRITTEN, OTHERWISE]
    assert labels(get(client, q="产业转型", per_page="50", **asked)) == [WRITTEN, OTHERWISE, PARTLY]
    assert labels(get(client, q=WIDE, per_page="50", **asked)) == []
    assert labels(get(client, q=WIDE, per_page="50", match="all", **asked)) == [WRITTEN, OTHERWISE]
    assert labels(get(client, q=WIDE, match="all", page="2", **asked)) == [OTHERWISE]


def test_a_hit_of_the_second_tier_says_why_it_is_there(client: FlaskClient) -> None:
    assert '<p class="why"><span>在小标题里</span></p>' in get(client, q="提案办理")
    assert '<p class="why"><span>分开写</span></p>' in get(client, q="优化环境")
    assert "<span>换了说法：地区生产总值</span>" in get(client, q="GDP")
    assert "<span>“工作回顾”在小标题里</span>" in get(client, q="工作回顾 营商环境")


def test_the_heading_that_says_it_is_marked_on_the_page_and_in_the_report(client: FlaskClient) -> None:
    html = get(client, q="提案办理")
    second = html[html.index(OTHERWISE + "</h2>") :]
    assert '<span class="path"> › 一、<mark>提案办理</mark>情况</span>' in second
    (url,) = re.findall(r'<p class="line"><a href="([^"]+)"', second)[:1]
    address, _, anchor = unescape(url).partition("#")
    assert "match=all" in address
    report = client.get(address).get_data(as_text=True)
    assert re.search(rf'class="block [^"]* has-hit" id="{anchor}"', report)
    assert "一、<mark>提案办理</mark>情况" in report


def test_the_title_link_of_a_hit_of_any_tier_opens_its_paragraph_as_a_hit(client: FlaskClient) -> None:
    html = get(client, q="产业转型", per_page="50")
    found = re.findall(r'<p class="line"><a href="([^"]+)"', html)
    assert len(found) > 10
    for url in [*found[:4], *found[-3:]]:
        address, _, anchor = unescape(url).partition("#")
        report = client.get(address).get_data(as_text=True)
        assert re.search(rf'has-hit" id="{anchor}"', report), url


def test_no_single_character_is_marked_that_was_not_typed_alone(client: FlaskClient) -> None:
    for asked in ("夜经济", "社会主义民主", "产业转型"):
        marked = re.findall("<mark>(.*?)</mark>", get(client, q=asked, per_page="50", match="all"))
        assert marked, asked
        assert not [text for text in marked if len(text) == 1], asked
    assert "<mark>水</mark>" in get(client, q="水")


def test_a_place_leads_to_its_reports_and_a_place_with_a_type_shows_them(
    client: FlaskClient, searcher: Searcher
) -> None:
    of_city = [report for report in searcher.reports() if report.city == "通化市"]
    (card,) = re.findall(r'<p class="place-card"><a href="([^"]+)">(.*?)</a>', get(client, q="通化"))
    assert text_of(card[1]) == f"通化市 {len(of_city)} 份"
    assert text_of(client.get(unescape(card[0])).get_data(as_text=True)).count("通化市 吉林省") == len(
        of_city
    )
    html = get(client, q="通化 政协常委会工作报告")
    wanted = [report for report in of_city if report.type == "政协常委会工作报告"]
    cards = re.findall(r'<li><a href="/reports/([^"]+)"><span class="card-title"', html)
    assert set(cards) == {report.id for report in wanted}
    assert html.index("report-cards") < html.index('<ol class="hits"')
    assert "card" not in get(client, q="营商环境")


def test_a_question_has_the_number_of_its_best_piece_before_advice(
    client: FlaskClient, searcher: Searcher
) -> None:
    html = get(client, q="政协委员 履职尽责火星")
    (url, label, total, distribution) = re.findall(
        r'data-code="other_reading"><a href="([^"]+)">(.*?)</a> <span class="num">(\d+) 段</span> · <a href="([^"]+)"',
        html,
    )[0]
    assert label == "只找“政协委员”"
    assert int(total) == searcher.count(Query("政协委员")).paragraphs
    assert f"<strong>{total} 段" in client.get(unescape(url)).get_data(as_text=True)
    assert "view=distribution" in distribution
    assert html.index("other_reading") < html.index("没有找到" if "没有找到" in html else '<ol class="hits"')


def test_another_spelling_comes_before_everything_where_nothing_is_as_written(client: FlaskClient) -> None:
    html = get(client, q="数字经纪")
    assert 'class="help first" data-code="did_you_mean"' in html
    assert html.index("did_you_mean") < html.index('class="reading"') < html.index('<ol class="hits"')


@pytest.mark.parametrize("match", ["phrase", "all"])
def test_one_number_on_every_path(
    client: FlaskClient, searcher: Searcher, match: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"q": WIDE, "match": match}
    counts = searcher.count(Query(WIDE, match=match))  # type: ignore[arg-type]
    html = get(client, **asked)
    assert re.search(rf"<strong>{counts.paragraphs} 段\w*</strong> · {counts.occurrences} 处", html)
    api = client.get("/api/v1/search", query_string=asked).json or {}
    assert api["total"] == counts.paragraphs
    assert api["query"]["match"] == api["match"] == match
    told = api["tiers"] if match == "all" else api["tiers"][:1]
    assert sum(tier["total"] for tier in told) == counts.paragraphs
    count = client.get("/api/v1/count", query_string=asked).json or {}
    assert (count["paragraphs"], count["occurrences"]) == (counts.paragraphs, counts.occurrences)
    trends = client.get("/api/v1/trends", query_string=asked).json or {}
    assert sum(cell["paragraphs"] for cell in trends["matrix"]) == counts.paragraphs
    lines = client.get("/api/v1/concordance", query_string=asked).json or {}
    assert lines["total"] == counts.occurrences
    rows = list(
        csv.DictReader(io.StringIO(client.get("/export.csv", query_string=asked).data.decode("utf-8-sig")))
    )
    assert len(rows) == counts.paragraphs
    assert sum(int(row["处数"]) for row in rows) == counts.occurrences
    assert {row["层次"] for row in rows} == ({WRITTEN} if match == "phrase" else {WRITTEN, OTHERWISE})
    assert all(bool(row["缘由"]) == (row["层次"] == OTHERWISE) for row in rows)
    assert client.get("/feed.atom", query_string=asked).text.count("<entry>") == counts.paragraphs
    monkeypatch.setattr(search, "open_searcher", lambda *_, **__: searcher)
    printed = CliRunner().invoke(main, ["search", WIDE, "--match", match]).output
    assert printed.startswith(f"{counts.paragraphs} 段 · {counts.occurrences} 处 · ")


def test_a_number_can_be_cited(client: FlaskClient, searcher: Searcher) -> None:
    html = get(client, q="营商环境", city="通化市", year="2020..2022")
    counts = searcher.count(Query("营商环境", city=("通化市",), year=(2020, 2021, 2022)))
    (line,) = re.findall(r'<p class="citation" id="number-line">(.*?)</p>', html)
    assert line.startswith(
        f"协搜，营商环境：{counts.paragraphs} 段、{counts.occurrences} 处，见于 {counts.reports} 份报告"
    )
    assert "只算原样写明的；年份是工作年度；城市 通化市；年份 2020–2022" in line
    assert str(searcher.version) in line
    row = next(
        csv.DictReader(
            io.StringIO(
                client.get("/export.csv?q=营商环境&city=通化市&year=2020..2022").data.decode("utf-8-sig")
            )
        )
    )
    assert row["引用"] == unescape(line)
    english = get(client, q="营商环境", lang="en")
    assert "counted as written" in english


@pytest.mark.parametrize(
    ("view", "heads"),
    [
        ({"sort": "-year"}, r'<li class="hit.*?</p>'),
        (
            {"view": "distribution", "measure": "rate", "axis": "delivered"},
            r'<figure class="plot.*?</figure>',
        ),
        ({"view": "concordance", "order": "right2", "sample": "20", "seed": "7"}, r"<tr.*?</tr>"),
        ({"view": "spread", "match": "all"}, r'<p class="finding">.*?</p>'),
    ],
)
def test_a_cited_number_leads_to_the_page_that_shows_it(
    client: FlaskClient, view: dict[str, str], heads: str
) -> None:
    asked = {"q": "营商环境", "province": "浙江省", **view}
    html = get(client, **asked)
    for page in ("1", "2"):
        (line,) = re.findall(r'id="number-line">(.*?)</p>', get(client, **asked, page=page))
        address = unescape(line).rpartition("http://localhost")[2]
        assert dict(parse_qsl(address.partition("?")[2])) == asked
    shown = re.findall(heads, html, re.S)
    assert shown
    assert re.findall(heads, client.get(address).text, re.S) == shown


def test_files_and_charts_cite_the_view_they_are_of(client: FlaskClient) -> None:
    asked = {"q": "营商环境", "page": "2"}
    for path, view in (
        ("/export.csv", {"view": "concordance", "order": "right", "sample": "5", "seed": "3"}),
        ("/distribution.csv", {"view": "distribution"}),
        ("/embed/plot", {"view": "distribution", "measure": "share"}),
    ):
        text = unescape(client.get(path, query_string={**asked, **view}).data.decode("utf-8-sig"))
        addresses = re.findall(r"，(http://localhost/search\?[^\s<\"]+)", text)
        assert addresses
        for address in addresses:
            assert dict(parse_qsl(address.partition("?")[2])) == {"q": "营商环境", **view}


def test_a_report_is_listed_once_where_both_tiers_are_grouped(client: FlaskClient) -> None:
    asked = {"q": WIDE, "match": "all", "group": "report"}
    rows = list(
        csv.DictReader(io.StringIO(client.get("/export.csv", query_string=asked).data.decode("utf-8-sig")))
    )
    assert len({row["报告编号"] for row in rows}) == len(rows)
    assert len(rows) == (client.get("/api/v1/search", query_string=asked).json or {})["total"]


def test_what_was_typed_in_an_old_encoding_is_read(client: FlaskClient) -> None:
    typed = quote(WIDE.encode("gb18030"))
    assert f'value="{WIDE}"' in client.get(f"/search?q={typed}").get_data(as_text=True)
