"""Every number on a page, against reading all texts: what docs/counting.md says is what is shown.

The searcher's own counts are tested in tests/search; here it is what stands in the HTML, the files and the feed.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from search import Searcher
from search.language.text import normalize_text
from search.model import OTHER_TYPES, Paragraph, Report

STRINGS = ["营商环境", "协商", "乡村振兴", "新质生产力", "老旧小区", "提案"]
ATOM = "{http://www.w3.org/2005/Atom}"


@dataclass(frozen=True, slots=True)
class Said:
    """A paragraph that says a string, and how often."""

    report: Report
    paragraph: Paragraph
    times: int


@pytest.fixture(scope="module")
def texts(searcher: Searcher) -> list[tuple[Report, Paragraph]]:
    return [
        (report, paragraph)
        for report in searcher.reports(others=True)
        for paragraph in searcher.report(report.id).paragraphs
    ]


def scan(texts: list[tuple[Report, Paragraph]], string: str) -> list[Said]:
    """All paragraphs that say the string, found by reading every one; touching occurrences are one."""
    touching = re.compile(f"(?:{re.escape(string)})+")
    found = ((report, p, len(touching.findall(normalize_text(p.text)))) for report, p in texts)
    return [Said(report, paragraph, times) for report, paragraph, times in found if times]


def number(text: str) -> int:
    return int(text.replace(",", ""))


def page(client: FlaskClient, string: str, more: str = "") -> str:
    response = client.get(f'/search?q="{string}"{more}')
    assert response.status_code == 200
    return unescape(response.text)


def facet(html: str, field: str) -> dict[str, int]:
    section = re.search(rf'data-facet="{field}".*?</section>', html, re.S)
    assert section is not None
    pairs = re.findall(r'data-value="([^"]*)".*?class="num">([\d,]+)<', section[0])
    return {value: number(count) for value, count in pairs}


def kwic_rows(html: str) -> list[str]:
    return re.findall(r'<td class="node"><mark>(.*?)</mark>', html)


@pytest.mark.parametrize("string", STRINGS)
def test_the_line_above_the_hits_is_that_of_a_scan(
    client: FlaskClient, texts: list[tuple[Report, Paragraph]], string: str
) -> None:
    said = scan(texts, string)
    assert len(said) > 5
    for view in ("", "&view=concordance", "&view=distribution", "&group=report"):
        html = page(client, string, view)
        counts = re.search(r'class="count">.*?</h1>', html, re.S)
        assert counts is not None
        plain = re.sub(r"<[^>]*>", "", counts[0].partition(">")[2])
        assert [number(found) for found in re.findall(r"([\d,]+)", plain)] == [
            len(said),
            sum(one.times for one in said),
            len({one.report.id for one in said}),
        ]


@pytest.mark.parametrize("string", STRINGS)
def test_facets_and_the_bars_of_years_are_those_of_a_scan(
    client: FlaskClient, texts: list[tuple[Report, Paragraph]], string: str
) -> None:
    said = scan(texts, string)
    html = page(client, string)
    for field in ("city", "province", "type", "year", "plan_year", "level"):
        assert facet(html, field) == Counter(str(getattr(one.report, field) or "未知") for one in said)
    bars = re.findall(r'class="year-bar[^>]*aria-label="(\d{4}) 年：([\d,]+) 段"', html)
    years = Counter(str(one.report.plan_year) for one in said if one.report.plan_year)
    if len(years) > 1:
        assert {year: number(count) for year, count in bars} == years


def test_facets_leave_their_own_group_out(client: FlaskClient, texts: list[tuple[Report, Paragraph]]) -> None:
    said = scan(texts, "营商环境")
    html = page(client, "营商环境", "&city=通化市&year=2023")
    of_year = Counter(str(one.report.city or "未知") for one in said if one.report.year == 2023)
    of_city = Counter(str(one.report.year or "未知") for one in said if one.report.city == "通化市")
    assert facet(html, "city") == of_year
    assert facet(html, "year") == of_city


def cells(html: str) -> dict[tuple[str, str], str]:
    """What the figures of the matrix say in words: (city, year) -> number, or that nothing is held."""
    titles = re.findall(r"<title>(\S+) (\d{4})：(.*?)</title>", html)
    return {(city, year): words for city, year, words in titles}


@pytest.mark.parametrize("string", STRINGS[:3])
def test_cells_of_the_distribution_are_those_of_a_scan(
    client: FlaskClient, texts: list[tuple[Report, Paragraph]], string: str
) -> None:
    said = scan(texts, string)
    held = {(str(r.city), str(r.plan_year)) for r, _ in texts if r.city and r.plan_year}
    characters: Counter[tuple[str, str]] = Counter()
    reports = Counter((str(r.city), str(r.plan_year)) for r in {r.id: r for r, _ in texts}.values())
    times: Counter[tuple[str, str]] = Counter()
    for report, paragraph in texts:
        characters[str(report.city), str(report.plan_year)] += len(paragraph.text)
    for one in said:
        times[str(one.report.city), str(one.report.plan_year)] += one.times
    saying = Counter((str(r.city), str(r.plan_year)) for r in {s.report.id: s.report for s in said}.values())
    shown = cells(page(client, string, "&view=distribution"))
    assert {place for place, words in shown.items() if words != "未收录报告"} == held
    for place in held:
        assert shown[place] == f"{times[place]:,} 处"
    rates = cells(page(client, string, "&view=distribution&measure=rate"))
    shares = cells(page(client, string, "&view=distribution&measure=share"))
    for place in held:
        rate = times[place] * 10_000 / characters[place]
        assert rates[place] == f"每万字 {rate:.2f} 处" if rate < 10 else f"每万字 {rate:.1f} 处"
        assert shares[place] == f"{saying[place] / reports[place]:.0%} 的报告提到"


def test_table_of_years_is_that_of_a_scan(client: FlaskClient, texts: list[tuple[Report, Paragraph]]) -> None:
    said = scan(texts, "协商")
    html = page(client, "协商", "&view=distribution")
    rows = re.findall(r'<tr><th scope="row">(\d{4}|未知|合计)</th>((?:<td>[^<]*</td>){6})</tr>', html)
    found = {name: re.findall(r"<td>([^<]*)</td>", row) for name, row in rows}
    for year in {str(report.plan_year or "未知") for report, _ in texts} | {"合计"}:
        here = [one for one in said if year in ("合计", str(one.report.plan_year or "未知"))]
        held = {r.id for r, _ in texts if year in ("合计", str(r.plan_year or "未知"))}
        characters = sum(len(p.text) for r, p in texts if r.id in held)
        times = sum(one.times for one in here)
        saying = {one.report.id for one in here if one.report.type not in OTHER_TYPES}
        reports = {r.id for r, _ in texts if r.id in held and r.type not in OTHER_TYPES}
        rate = times * 10_000 / characters
        assert found[year] == [
            str(len(here)),
            str(times),
            f"{rate:.2f}" if rate < 10 else f"{rate:.1f}",
            str(len(saying)),
            str(len(reports)),
            f"{len(saying) / len(reports):.0%}" if reports else "—",
        ]


def tables_of_years(html: str) -> dict[str, list[str]]:
    """City -> the rows of its years as they stand in the table; "" where no city is named."""
    found: dict[str, list[str]] = {}
    table = re.search(r'aria-label="逐年数字表">.*?</table>', html, re.S)
    assert table is not None
    for body in re.findall(r"<tbody>(.*?)</tbody>", table[0], re.S):
        rows = re.findall(r'<tr><th scope="row">[^<]*</th>(?:<td>[^<]*</td>){6}</tr>', body)
        city = re.search(r'scope="rowgroup"[^>]*>([^<]*)<', body)
        found[city[1] if city else ""] = rows
    return found


def bars_of_years(html: str) -> dict[str, str]:
    """What the bars of the plot by year say: "city year" or "year" -> the number in words."""
    plot = re.search(r'<svg class="years".*?</svg>', html, re.S)
    assert plot is not None
    return dict(re.findall(r"<title>([^<：]*)：([^<]*)</title>", plot[0]))


@pytest.mark.parametrize("measure", ["count", "rate", "share"])
@pytest.mark.parametrize("more", ["", "&year=2021..2024", "&type=政协常委会工作报告"])
@pytest.mark.parametrize("string", ["营商环境", "协商"])
def test_each_of_several_cities_has_the_numbers_of_choosing_it_alone(
    client: FlaskClient, string: str, more: str, measure: str
) -> None:
    cities = ["通化市", "宜昌市", "绍兴市"]
    asked = f"&view=distribution&measure={measure}{more}"
    together = page(client, string, asked + "".join(f"&city={city}" for city in cities))
    tables, bars = tables_of_years(together), bars_of_years(together)
    assert list(tables) == [*cities, "3 座城市合计"]
    every_year = {year for said in bars if (year := said.split()[-1]).isdigit()}
    for city in cities:
        alone = page(client, string, f"{asked}&city={city}")
        assert tables[city] == tables_of_years(alone)[""]
        own = bars_of_years(alone)
        for year in every_year:
            assert bars[f"{city} {year}"] == own.get(year, "未收录报告")


@pytest.mark.parametrize("string", STRINGS[:3])
def test_a_concordance_has_a_line_for_each_occurrence(
    client: FlaskClient, texts: list[tuple[Report, Paragraph]], string: str
) -> None:
    times = sum(one.times for one in scan(texts, string))
    lines = [
        row
        for number in range(1, -(-times // 50) + 1)
        for row in kwic_rows(page(client, string, f"&view=concordance&page={number}"))
    ]
    assert len(lines) == times


def iter_hits(client: FlaskClient, string: str, more: str = "") -> Iterator[str]:
    """The items of all pages."""
    number = 1
    while True:
        html = page(client, string, f"{more}&page={number}")
        yield from re.findall(r"<li class=\"hit .*?</li>", html, re.S)
        if 'rel="next"' not in html:
            return
        number += 1


def test_pages_put_together_have_each_paragraph_once_and_its_highlights(
    client: FlaskClient, texts: list[tuple[Report, Paragraph]]
) -> None:
    said = scan(texts, "营商环境")
    hits = list(iter_hits(client, "营商环境"))
    links = [re.findall(r'href="/reports/(\w+)\?[^"]*#p(\d+)" data-open', hit)[0] for hit in hits]
    assert sorted(links) == sorted((one.report.id, str(one.paragraph.n)) for one in said)
    short = {(one.report.id, str(one.paragraph.n)): one for one in said if len(one.paragraph.text) < 200}
    for link, hit in zip(links, hits, strict=True):
        if link in short:
            assert hit.count("<mark>") == short[link].times


def test_a_group_says_how_many_paragraphs_of_the_report_there_are(
    client: FlaskClient, texts: list[tuple[Report, Paragraph]]
) -> None:
    of_report = Counter(one.report.id for one in scan(texts, "协商"))
    hits = list(iter_hits(client, "协商", "&group=report"))
    assert len(hits) == len(of_report)
    for hit in hits:
        report = re.findall(r'href="/reports/(\w+)\?[^"]*" data-open', hit)[0]
        told = re.findall(r"这份报告里共 (\d+) 段", hit)
        assert told == ([str(of_report[report])] if of_report[report] > 1 else [])


def test_a_report_says_how_many_paragraphs_have_it_and_which_each_is(
    client: FlaskClient, texts: list[tuple[Report, Paragraph]]
) -> None:
    said = scan(texts, "协商")
    report, most = Counter(one.report.id for one in said).most_common(1)[0]
    html = unescape(client.get(f'/reports/{report}?q="协商"').text)
    assert f"”在本报告 {most} 段" in html
    ranks = re.findall(r"第 (\d+) / (\d+) 段", html)
    shown_in_title = 0 if len(ranks) == most else 1
    assert [int(rank) for rank, _ in ranks] == list(range(1 + shown_in_title, most + 1))
    assert {int(of) for _, of in ranks} == {most}


def test_home_and_the_list_of_reports_count_reports_alone(client: FlaskClient, searcher: Searcher) -> None:
    reports = searcher.reports()
    paragraphs = sum(len(searcher.report(r.id).paragraphs) for r in searcher.reports(others=True))
    home = client.get("/").text
    assert f">{len(reports)} 份报告</a>，共 {paragraphs} 段" in home
    assert f"<strong>{len(reports)} 份</strong>" in client.get("/reports").text
    shown = re.findall(r'title="(\S+) (\d{4})：(\d+) 份"', home)
    placed = Counter(
        (str(r.city or r.province), str(r.plan_year))
        for r in reports
        if r.plan_year and (r.city or r.province)
    )
    assert {(city, year): int(count) for city, year, count in shown} == placed
    for city in {r.city for r in reports if r.city}:
        own = [r for r in reports if r.city == city]
        assert (
            f"<strong>{len(own)} 份</strong>（共 {len(reports)} 份）"
            in client.get(f"/reports?city={city}").text
        )


def test_examples_on_the_home_page_lead_to_as_many_paragraphs_as_they_say(client: FlaskClient) -> None:
    offers = re.findall(
        r'<li><a href="([^"]+)"><span class="offer-q">.*?class="num">([\d,]+) 段', client.get("/").text
    )
    assert len(offers) >= 4
    for url, count in offers:
        assert re.search(f"<strong>{count} 段(原样写明)?</strong>", client.get(unescape(url)).text)


def test_files_and_feed_have_what_the_page_counts(
    client: FlaskClient, texts: list[tuple[Report, Paragraph]]
) -> None:
    said = scan(texts, "协商")
    rows = list(
        csv.DictReader(io.StringIO(client.get('/export.csv?q="协商"').data.decode("utf-8-sig"), newline=""))
    )
    assert sorted((row["报告编号"], int(row["段号"]), int(row["处数"])) for row in rows) == sorted(
        (one.report.id, one.paragraph.n, one.times) for one in said
    )
    feed = ElementTree.fromstring(client.get('/feed.atom?q="协商"').data)
    assert len(feed.findall(f"{ATOM}entry")) == min(50, len(said))
    follow = client.get('/follow?q="协商"').text
    assert f"· {len(said):,} 段" in follow
