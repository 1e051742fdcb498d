"""The view of first mentions: every figure is the instrument's, every row leads to what it counts."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from search import Query, Searcher
from search.instruments import find_spread
from search.instruments.answers import Beginning, Counted, CurvePoint, SilentPlace, SpreadAnswer, SpreadPlace
from search.model.query import Match
from tests.web.memory_searcher import searcher_of
from tests.web.test_export import sheets_of
from tests.web.test_pages import get, text_of
from web.app import WebConfig, create_app
from web.charts.tiles import PLACES, draw_tiles
from web.spread_page import _silent

ASKED = "营商环境"


def rows_of(html: str, css_class: str) -> list[list[str]]:
    """The cells of each row of a class of tables."""
    return [
        [text_of(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]
        for table in re.findall(rf'<table class="{css_class}">.*?</table>', html, re.S)
        for row in re.findall(r"<tr>(.*?)</tr>", table, re.S)
    ]


def test_first_mentions_are_those_of_the_instrument(client: FlaskClient, searcher: Searcher) -> None:
    html = get(client, f"/search?q={ASKED}&view=spread")
    found = find_spread(searcher, Query(ASKED))
    assert found.places
    assert found.places[0].place in text_of(html).split("最早见于")[1][:20]
    rows = [row for row in rows_of(html, "mentions") if len(row) == 6][1:]
    assert [(row[0].split()[0], row[1], row[2]) for row in rows] == [
        (one.place, one.date, one.text) for one in found.places
    ]
    for one, row in zip(found.places, rows, strict=True):
        assert row[3] == (f"{one.held_before} 份" if one.held_before else "没有")
    earliest = [row for row in rows_of(html, "mentions short") if len(row) == 3][1:]
    assert [row[2] for row in earliest] == [one.text for one in found.first]


def test_each_mention_leads_to_its_paragraph_with_its_marks(client: FlaskClient, searcher: Searcher) -> None:
    html = get(client, f"/search?q={ASKED}&view=spread")
    links = [unescape(url) for url in re.findall(r'class="cell-sentence"[^>]*><a href="([^"]+)"', html)]
    found = find_spread(searcher, Query(ASKED))
    expected: list[Beginning | SpreadPlace] = [*found.first, *found.places]
    assert len(links) == len(expected)
    for url, one in zip(links, expected, strict=True):
        assert one.report in url
        number = one.paragraph.rpartition("-p")[2]
        assert url.endswith(f"#p{number}")
        block = re.search(rf'id="p{number}">(.*?)</div>', get(client, url), re.S)
        assert block is not None
        assert "<mark>" in block[1]


def test_a_place_leads_to_all_that_it_says(client: FlaskClient) -> None:
    html = get(client, f"/search?q={ASKED}&view=spread&city=通化市")
    (url,) = re.findall(r'class="cell-place"><a href="([^"]+)"', html)
    count = re.search(r"<strong>(.*?)</strong>", get(client, unescape(url)))
    whole = re.search(
        r"<strong>(.*?)</strong>", get(client, f"/search?q={ASKED}&city=通化市&type=政协常委会工作报告")
    )
    assert count is not None
    assert whole is not None
    assert count[1] == whole[1]


def test_table_of_the_curve_has_its_points(client: FlaskClient, searcher: Searcher) -> None:
    html = get(client, f"/search?q={ASKED}&view=spread&axis=delivered")
    found = find_spread(searcher, Query(ASKED, axis="delivered"))
    years = sorted({point.year for point in found.curve})
    rows = {row[0]: row[1:] for row in rows_of(html, "figures") if row[0].isdigit()}
    assert list(rows) == [str(year) for year in years]
    for year in years:
        cells = [(p.said, p.held) for p in found.curve if p.year == year]
        assert [
            (int(a), int(b)) for a, b in zip(rows[str(year)][::3], rows[str(year)][1::3], strict=True)
        ] == cells


def test_provinces_that_are_not_held_and_that_never_said_it_differ(client: FlaskClient) -> None:
    html = get(client, f'/search?q="{ASKED}"&view=spread')
    table = {row[0]: row[1] for row in rows_of(html, "figures") if row[0] in PLACES}
    assert len(table) == len(PLACES)
    assert table["西藏自治区"] == "未收录"
    assert re.fullmatch("20[0-9]{2}", table["吉林省"])
    rare = get(client, '/search?q="不止于口号"&view=spread')
    assert "没有报告说过" in text_of(rare)


def test_places_held_only_before_the_first_mention_are_listed_apart(client: FlaskClient) -> None:
    point = CurvePoint(2020, "市", 1, 2)
    silent = [
        SilentPlace("甲市", "市", 2, 2020),
        SilentPlace("乙市", "市", 3, 2019),
        SilentPlace("丙省", "省", 1, None),
    ]
    answer = SpreadAnswer(Counted(1, 1, 1, 1), [], [], silent, [point])
    with client.application.test_request_context("/"):
        groups = {group.level: (group.places, group.earlier) for group in _silent(answer)}
    assert groups == {"省": ((), (("丙省", 1),)), "市": ((("甲市", 2),), (("乙市", 3),))}
    with client.application.test_request_context("/"):
        (group, *_) = _silent(
            SpreadAnswer(answer.counted, [], [], silent, [])
        )  # no year is known: nothing is said of any
    assert group.earlier == ()


def test_tiles_are_apart_and_shaded_by_year(client: FlaskClient) -> None:
    with client.application.test_request_context("/"):
        years = {"浙江省": 2012, "江苏省": 2020, "广东省": 2021}
        found = draw_tiles(years, [*years, "福建省"], str)
    tiles = {tile.province: tile for tile in found.tiles}
    assert len({(tile.x, tile.y) for tile in found.tiles}) == len(found.tiles) == 34
    assert [tiles[name].shade for name in ("浙江省", "江苏省", "广东省", "福建省", "海南省")] == [
        5,
        1,
        1,
        0,
        0,
    ]
    assert [tiles[name].kind for name in ("浙江省", "福建省", "海南省")] == ["said", "never", "missing"]
    assert found.legend == ((5, "2012"), (1, "2020–2021"))


@pytest.fixture(scope="module")
def with_news(searcher: Searcher) -> Searcher:
    """The sample, with every third of its reports as news."""
    texts = [searcher.report(report.id) for report in searcher.reports()]
    return searcher_of(
        replace(text, report=replace(text.report, type="新闻")) if i % 3 == 0 else text
        for i, text in enumerate(texts)
    )


@pytest.mark.parametrize("match", ["phrase", "all"])
@pytest.mark.parametrize("asked", ["优化营商环境", ASKED])
@pytest.mark.parametrize("has_news", [False, True])
def test_what_is_counted_and_what_is_not_add_up_to_the_heading(
    searcher: Searcher, with_news: Searcher, has_news: bool, asked: str, match: Match
) -> None:
    searcher = with_news if has_news else searcher
    client = create_app(WebConfig(searcher=searcher)).test_client()
    html = text_of(get(client, f"/search?q={asked}&view=spread&match={match}"))
    heading = searcher.count(Query(asked, match=match)).paragraphs
    found = find_spread(searcher, Query(asked)).counted
    tier_2 = heading - searcher.count(Query(asked)).paragraphs
    others = heading - tier_2 - found.paragraphs
    said = re.search(
        r"这里只数报告里原样写明的：([\d,]+) 份报告的 ([\d,]+) 段(?:；上面的 ([\d,]+) 段里，(.*?)不数)?。",
        html,
    )
    assert said is not None
    assert (said[1], said[2]) == (str(found.reports), str(found.paragraphs))
    left = []
    if tier_2:
        left.append(f"换了说法或分开写的 {tier_2} 段")
    if others:
        left.append(f"新闻等其他文字里的 {others} 段")
    assert said[4] == ("、".join(left) or None)
    assert said[3] == (str(heading) if left else None)
    assert bool(others) == has_news
    assert bool(tier_2) == (match == "all" and asked != ASKED)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_files_have_every_place_and_say_how_to_cite_them(
    client: FlaskClient, searcher: Searcher, lang: str
) -> None:
    html = get(client, f"/search?q={ASKED}&view=spread&lang={lang}")
    urls = [unescape(url) for url in re.findall(r'<a rel="nofollow" href="([^"]+)" download>', html)]
    by_kind: dict[str, Any] = {url.split("?")[0]: url for url in urls}
    found = find_spread(searcher, Query(ASKED))
    rows = list(csv.DictReader(io.StringIO(client.get(by_kind["/spread.csv"]).data.decode("utf-8-sig"))))
    assert [(row["地方"], row["说过"]) for row in rows] == [
        *((one.place, "是") for one in found.places),
        *((one.place, "否") for one in found.never),
    ]
    cited = {row["引用"] for row in rows}
    assert len(cited) == 1
    assert f"{found.counted.paragraphs} 段" in cited.pop()
    sheets = sheets_of(client.get(by_kind["/spread.xlsx"]).data)
    assert list(sheets) == ["各地首次", "最早段落", "逐年", "检索"]
    assert len(sheets["各地首次"]) == len(rows) + 1
    assert len(sheets["逐年"]) == len(found.curve) + 1
    answer = client.get(by_kind["/api/v1/spread"]).json
    assert answer is not None
    assert answer["counted"]["paragraphs"] == found.counted.paragraphs
