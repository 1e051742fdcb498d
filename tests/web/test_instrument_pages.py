"""Pages and files of the instruments: every figure is the instrument's, zero and not held differ."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from itertools import pairwise
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient

from search import Query, Searcher
from search.instruments import compare_queries, find_collocates, find_keywords, match_text
from search.instruments.answers import HeldInYear, YearOfSeries
from tests.web.test_export import sheets_of
from tests.web.test_pages import get, text_of
from tests.web.test_spread_page import rows_of
from web.charts.lines import Point, Series, draw_lines, draw_multiples
from web.compare_page import value_of

TERMS = ["营商环境", "协商", "绝无此词"]
COMPARED = "/compare?" + "&".join(f"q={term}" for term in TERMS)


def csv_of(client: FlaskClient, path: str) -> list[dict[str, str]]:
    response = client.get(path)
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))


def links_to(html: str, start: str) -> list[str]:
    return [unescape(url) for url in re.findall(rf'href="({re.escape(start)}[^"]*)"', html)]


@pytest.mark.parametrize("measure", ["rate", "share", "count"])
def test_table_of_a_comparison_tells_zero_from_not_held(
    client: FlaskClient, searcher: Searcher, measure: str
) -> None:
    html = get(client, f"{COMPARED}&measure={measure}&city=宜昌市")
    found = compare_queries(searcher, [Query(term, city=("宜昌市",)) for term in TERMS])
    rows = {row[0]: row[1:] for row in rows_of(html, "figures") if row[0].isdigit()}
    assert len(rows) == len(found.series[0].years)
    for at, year in enumerate(found.series[0].years):
        cells = rows[str(year.year)]
        assert cells[-1] == str(year.held.reports)
        for one, cell in zip(found.series, cells, strict=False):
            row = one.years[at]
            if not row.held.reports:
                assert cell == "未收录"
            elif not row.occurrences:
                assert cell == "0"
            elif measure == "count":
                assert cell == f"{row.occurrences:,}"
            elif measure == "share":
                assert cell == f"{row.reports / row.held.reports:.0%}"
            else:
                assert abs(float(cell) - (row.per_10k_chars or 0)) < 0.051


def test_a_cell_of_a_comparison_leads_to_its_paragraphs(client: FlaskClient, searcher: Searcher) -> None:
    html = get(client, f"{COMPARED}&measure=count&province=吉林省")
    cells = re.findall(r'<td><a href="(/search[^"]*plan_year=(\d+)[^"]*)">([\d,]+)</a></td>', html)
    assert cells
    for url, year, count in cells[:6]:
        assert f"plan_year={year}" in url
        assert f"{count} 处" in text_of(get(client, unescape(url)))


def test_files_of_a_comparison_have_every_year_in_both_forms(client: FlaskClient, searcher: Searcher) -> None:
    found = compare_queries(searcher, [Query(term) for term in TERMS])
    long = csv_of(client, COMPARED.replace("/compare?", "/compare.csv?"))
    assert [
        (row["检索词"], row["年份"], row["命中处数"], row["收录报告数"], row["每万字处数"]) for row in long
    ] == [
        (
            one.query,
            "" if year.year is None else str(year.year),
            str(year.occurrences),
            str(year.held.reports),
            "" if year.per_10k_chars is None else str(year.per_10k_chars),
        )
        for one in found.series
        for year in one.years
    ]
    for row in long:
        assert row["引用"].startswith(f"协搜·几个词一起看，{row['检索词']}：")
    wide = csv_of(client, COMPARED.replace("/compare?", "/compare.csv?form=wide&"))
    assert len(wide) == len(found.series[0].years)
    assert [row["营商环境 处数"] for row in wide] == [
        str(year.occurrences) if year.held.reports else "" for year in found.series[0].years
    ]
    sheets = sheets_of(client.get(COMPARED.replace("/compare?", "/compare.xlsx?")).data)
    assert list(sheets) == ["逐年长表", "逐年宽表", "检索"]


CITIES = ("宜昌市", "通化市", "绍兴市")
SPLIT = f"{COMPARED}&split=city&" + "&".join(f"city={city}" for city in CITIES)


def test_a_comparison_by_places_has_a_plot_and_a_column_for_each(
    client: FlaskClient, searcher: Searcher
) -> None:
    html = get(client, f"{SPLIT}&measure=count")
    queries = [Query(term, city=CITIES) for term in TERMS]
    found = compare_queries(searcher, queries, split="city")
    names = [f"{term} · {city}" for term in TERMS for city in CITIES]
    plots = re.findall(r'<h3><a href="([^"]*)" lang="zh-Hans">([^<]*)</a></h3>', html)
    assert [name for _, name in plots] == names
    for (url, _), one in zip(plots, found.series, strict=True):
        page = text_of(get(client, unescape(url)))
        assert f"{one.counted.paragraphs} 段" in page or "没有找到" in page or "没有一段" in page
    (choices,) = re.findall(r'<nav class="sorts layouts" aria-label="分开看">(.*?)</nav>', html)
    assert re.findall(r">([^<]+)</a>", choices) == ["不分", "按层级", "按省", "按城市"]
    assert "按城市" not in text_of(get(client, COMPARED)), "cities are to be chosen first"
    provinces = {report.province for report in searcher.reports(others=True)} - {None}
    assert get(client, "/compare?q=协商&split=province").count('<svg class="lines"') == len(provinces)


def test_files_of_a_comparison_by_places_name_each_part(client: FlaskClient, searcher: Searcher) -> None:
    found = compare_queries(searcher, [Query(term, city=CITIES) for term in TERMS], split="city")
    long = csv_of(client, SPLIT.replace("/compare?", "/compare.csv?"))
    assert [(row["检索词"], row["地方"], row["年份"], row["命中处数"]) for row in long] == [
        (one.query, one.place, "" if year.year is None else str(year.year), str(year.occurrences))
        for one in found.series
        for year in one.years
    ]
    wide = csv_of(client, SPLIT.replace("/compare?", "/compare.csv?form=wide&"))
    of_parts = [f"营商环境 {city} 收录报告数" for city in CITIES]
    for row in wide:
        assert int(row["收录报告数"]) == sum(int(row[name]) for name in of_parts)
    for one in found.series:
        assert [row[f"{one.query} {one.place} 处数"] for row in wide] == [
            str(year.occurrences) if year.held.reports else "" for year in one.years
        ]
    answer = client.get(SPLIT.replace("/compare?", "/api/v1/compare?")).get_json()
    assert [(one["query"], one["place"], one["level"]) for one in answer["series"]] == [
        (one.query, one.place, None) for one in found.series
    ]


def test_years_without_reports_have_no_value_in_any_measure() -> None:
    empty = YearOfSeries(2020, 0, 0, 0, HeldInYear(0, 0), None)
    silent = YearOfSeries(2020, 0, 0, 0, HeldInYear(2, 9_000), 0.0)
    for measure in ("rate", "share", "count"):
        assert value_of(empty, measure) is None
        assert value_of(silent, measure) == 0


def test_lines_break_where_nothing_is_held_and_names_stand_apart() -> None:
    values = (0.0, 2.0, None, 4.0, 4.0)
    points = [Point(2000 + i, value, str(i), is_thin=i == 3) for i, value in enumerate(values)]
    plot = draw_lines([Series(name, points) for name in "甲乙丙丁"], str)
    assert plot is not None
    for line in plot.lines:
        assert line.path.count("M") == 2
        assert [dot.is_hollow for dot in line.dots] == [True, False, True, False]
        assert all(plot.left < dot.x < plot.right for dot in line.dots)
    labels = sorted(line.label_y for line in plot.lines)
    assert all(b - a >= 15 for a, b in pairwise(labels))
    assert [year for _, _, year in plot.gaps] == [2002]
    apart = draw_multiples([Series("甲", points), Series("乙", points[:2])], str)
    assert len({one.values for one in apart}) == 1
    assert draw_lines([Series("甲", ())], str) is None


@pytest.mark.parametrize("name", ["市", "营商环境"])
def test_few_years_fit_a_phone_and_keep_their_scale_in_sight(name: str) -> None:
    for years, fits in ((1, True), (5, True), (12, False)):
        points = [Point(2000 + i, 1.0, "1") for i in range(years)]
        plot = draw_lines([Series(name, points)], str)
        assert plot is not None
        assert (plot.width <= 356) == fits


def test_more_than_four_searches_are_drawn_apart(client: FlaskClient) -> None:
    five = "&".join(f"q={term}" for term in ("营商环境", "协商", "提案", "发展", "民生"))
    assert get(client, f"/compare?{five}").count('<svg class="lines"') == 5
    assert get(client, "/compare?q=协商&q=提案").count('<svg class="lines"') == 1
    assert get(client, "/compare?q=协商&q=提案&layout=apart").count('<svg class="lines"') == 2
    assert "最多八个" in text_of(get(client, "/compare"))
    nine = "&".join(f"q=词{n}" for n in range(9))
    get(client, f"/compare?{nine}", 400)


@pytest.mark.parametrize(
    "asked", ["", "&window=sentence&side=left&by=log_likelihood", "&window=5&city=通化市"]
)
def test_collocates_are_the_instruments_and_lead_to_lines(
    client: FlaskClient, searcher: Searcher, asked: str
) -> None:
    html = get(client, f"/collocates?q=协商{asked}")
    query = Query("协商", city=("通化市",) if "city" in asked else ())
    window = None if "sentence" in asked else 5 if "=5" in asked else 10
    found = find_collocates(
        searcher,
        query,
        window=window,
        side="left" if "left" in asked else "both",
        order="log_likelihood" if "log_l" in asked else "log_dice",
    )
    rows = [row for row in rows_of(html, "figures words") if len(row) == 7][1:]
    assert [(row[0], row[4], row[5], row[6]) for row in rows] == [
        (one.term, f"{one.occurrences:,}", f"{one.reports:,}", f"{one.places:,}") for one in found.collocates
    ]
    for url, one in list(zip(links_to(html, "/search?q=%22"), found.collocates, strict=False))[:3]:
        assert "view=concordance" in url
        assert one.term in text_of(get(client, url))
    files = csv_of(client, f"/collocates.csv?q=协商{asked}")
    assert [(row["词语"], row["处数"]) for row in files] == [
        (one.term, str(one.occurrences)) for one in found.collocates
    ]


@pytest.mark.parametrize(
    ("asked", "sides"),
    [
        ("of=type:政府工作报告", ("type:政府工作报告", "-(type:政府工作报告)")),
        ("of=city:通化市&against=city:绵阳市", ("city:通化市", "city:绵阳市")),
        ("emerging=2024&least_places=1", ("plan_year:2024", "plan_year:..2023")),
    ],
)
def test_keywords_are_the_instruments_and_lead_to_what_they_count(
    client: FlaskClient, searcher: Searcher, asked: str, sides: tuple[str, str]
) -> None:
    html = get(client, f"/keywords?{asked}")
    found = find_keywords(searcher, *sides)
    lists = (found.keywords, found.new, found.gone)
    assert any(lists)
    rows = [
        row for row in rows_of(html, "figures words") if row[2][:1].lstrip("-").isdigit() or "-" in row[2]
    ]
    shown = [(row[0], *row[-4:]) for row in rows]
    assert shown == [
        (one.term, f"{one.of:,}", f"{one.against:,}", f"{one.reports:,}", f"{one.places:,}")
        for some in lists
        for one in some
    ]
    first = next(one for some in (found.keywords, found.new) for one in some)
    link = next(url for url in links_to(html, "/search?q=%22") if first.term in unquote(url))
    assert f"{first.of:,} 处" in text_of(get(client, link))
    files = csv_of(client, f"/keywords.csv?{asked}")
    assert [(row["清单"], row["词语"], row["本组处数"], row["对照组处数"]) for row in files] == [
        (name, one.term, str(one.of), str(one.against))
        for name, some in zip(("主题词", "本组独有", "对照组独有"), lists, strict=True)
        for one in some
    ]
    assert list(sheets_of(client.get(f"/keywords.xlsx?{asked}").data)) == ["主题词", "两组", "检索"]


def test_keywords_begin_with_examples_and_refuse_words(client: FlaskClient) -> None:
    examples = links_to(get(client, "/keywords"), "/keywords?")
    assert any("emerging=" in url for url in examples)
    assert "分组只能用筛选" in text_of(get(client, "/keywords?of=营商环境", 400))
    refused = client.get("/api/v1/keywords?of=year:2024&against=营商环境")
    assert refused.status_code == 400
    assert (refused.get_json() or {})["error"]["field"] == "against"
    assert (client.get("/api/v1/keywords").json or {})["error"]["field"] == "of"


def test_a_pasted_text_is_found_by_post_and_by_address(client: FlaskClient, searcher: Searcher) -> None:
    hit = next(hit for hit in searcher.iter_hits(Query("营商环境")) if len(hit.text) > 60)
    text = hit.text[:60]
    (first, *_) = match_text(searcher, text).paragraphs
    posted = client.post("/match-text", data={"text": text}, content_type="multipart/form-data")
    assert posted.status_code == 200
    for html in (posted.text, get(client, f"/match-text?text={text}")):
        rows = re.findall(r'<li class="match">(.*?)</li>', html, re.S)
        assert f'<strong class="num">{first.share:.0%}</strong>' in rows[0]
        assert f"{first.report}#p" in rows[0]
        assert "<mark>" in rows[0]
    (address,) = links_to(posted.text, "http://localhost/match-text?")
    assert get(client, address.removeprefix("http://localhost"))
    table = client.post("/match-text.csv", data={"text": text})
    rows = list(csv.DictReader(io.StringIO(table.data.decode("utf-8-sig"))))
    assert rows[0]["段落编号"] == first.paragraph
    assert rows[0]["所查文字"] == text


def test_a_text_of_ten_thousand_characters_can_be_posted(client: FlaskClient) -> None:
    text = "持续优化营商环境，" * 1_112
    data = {"text": text[:10_000]}
    assert client.post("/match-text", data=data, content_type="multipart/form-data").status_code == 200
    data["text"] += "多" * 9
    refused = client.post("/match-text", data=data, content_type="multipart/form-data")
    assert refused.status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        COMPARED,
        "/keywords?of=city:通化市",
        "/collocates?q=协商",
        "/match-text?text=持续优化营商环境",
        "/compare",
    ],
)
def test_pages_are_in_both_languages(client: FlaskClient, path: str) -> None:
    mark = "&" if "?" in path else "?"
    html = get(client, f"{path}{mark}lang=en")
    assert '<html lang="en">' in html
    assert "How it is counted" in html
    leading = links_to(html, "/compare?") + links_to(html, "/collocates?")
    assert sum("lang=en" not in url for url in leading) <= 1, "the switch to Chinese alone"
