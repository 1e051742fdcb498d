"""The pages as served: complete without JavaScript, honest about what is held and what was asked."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import NoReturn
from urllib.parse import parse_qsl, quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from search import Searcher
from search.answer.left_out import left_out_beyond_budget
from search.errors import BudgetExceeded
from search.messages.answers import LONGER_WORDS_LEFT_OUT
from search.model import Query, SearchResult
from tests.search.answer.made import body, glossary, in_memory
from tests.web import sample
from tests.web.memory_searcher import commit_again, searcher_of, the_analyzer
from web.app import WebConfig, create_app
from web.asked_views import View
from web.search_hints import view_hints

TONGHUA = sample.id_of("tonghua-2020-cppcc.txt")
AWKWARD = sample.id_of(sample.AWKWARD)


def get(client: FlaskClient, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    assert response.mimetype == "text/html"
    return response.text


def text_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


def links(html: str, css_class: str) -> list[str]:
    return [unescape(url) for url in re.findall(rf'class="{css_class}"[^>]* href="([^"]+)"', html)]


def offers_in(html: str) -> list[tuple[str, str, str]]:
    """(address, label, paragraphs) of each search that a page offers."""
    found = re.findall(
        r'href="([^"]+)"><span class="offer-q">([^<]+)</span> <span class="num">([^ ]+) ', html
    )
    return [(unescape(url), label, total) for url, label, total in found]


def test_home_says_what_is_held_and_offers_searches_that_find(client: FlaskClient) -> None:
    html = get(client, "/")
    assert "收录 10 座城市、2020–2024 年的 43 份报告" in text_of(html)
    offers = re.findall(
        r'<li><a href="(/search[^"]+)"><span class="offer-q">.*?<span class="num">(\d+) 段', html
    )
    assert len(offers) == 6
    for url, total in offers:
        assert f"{total} 段" in text_of(get(client, unescape(url)))


def test_home_tells_not_held_from_held(client: FlaskClient) -> None:
    html = get(client, "/")
    row = re.search(r"宜昌市</a></th>(.*?)</tr>", html)
    assert row is not None
    cells = re.findall(r'<td class="(\w+)', row[1])
    assert cells == ["missing", "held", "held", "held", "held"]


def test_examples_are_searched_once_for_each_version(
    memory_client: FlaskClient, memory: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[Query] = []
    search = memory.search

    def listen(query: Query) -> SearchResult:
        searched.append(query)
        return search(query)

    monkeypatch.setattr(memory, "search", listen)
    get(memory_client, "/")
    first = len(searched)
    assert first
    get(memory_client, "/")
    assert len(searched) == first
    commit_again(memory)
    get(memory_client, "/")
    assert len(searched) > first


def test_home_without_reports_says_what_to_do() -> None:
    empty = create_app(WebConfig(searcher=searcher_of([])))
    assert "xiesou index" in get(empty.test_client(), "/")


def test_results_show_line_marks_count_and_reading(client: FlaskClient) -> None:
    html = get(client, "/search?q=营商环境&city=通化市")
    said = text_of(html)
    assert "3 段 · 6 处 · 来自 3 份报告" in said
    assert "读作：营商环境" in said
    assert "通化市 · 2020 · 政协常委会工作报告 › 一、2019年工作回顾" in said
    assert "<mark>营商环境</mark>" in html


def test_facets_toggle_and_chips_drop(client: FlaskClient) -> None:
    html = get(client, "/search?q=营商环境&city=通化市&city=宜昌市&year=2020..2021")
    assert [unescape(c) for c in re.findall(r"</span>([^<]+) <span aria-hidden=\"true\">×", html)] == [
        "通化市",
        "宜昌市",
        "2020–2021",
    ]
    chips = links(html, "chip")
    assert quote("通化市") not in chips[0]
    assert quote("宜昌市") in chips[0]
    assert "year=" not in chips[2]
    more = next(url for url in links(html, "value") if quote("洛阳市") in url)
    assert more.count("city=") == 3


def test_notices_of_the_searcher_are_shown(client: FlaskClient) -> None:
    assert "引号没有成对" in get(client, '/search?q="营商环境')


def test_no_hit_offers_only_what_finds(client: FlaskClient) -> None:
    html = get(client, "/search?q=营商环境 火星移民&city=通化市")
    assert "没有找到" in html
    offers = re.findall(
        r'href="([^"]+)"><span class="offer-q">([^<]+)</span> <span class="num">([\d,]+) 段', html
    )
    assert [label for _, label, _ in offers] == ["去掉“火星移民”"]
    assert f"{offers[0][2]} 段" in text_of(get(client, unescape(offers[0][0])))


def test_no_hit_of_a_quoted_string_offers_what_meets_a_part_of_it(client: FlaskClient) -> None:
    html = client.get('/search?q="营商环境很好"').text
    (offer,) = re.findall(
        r'<a href="([^"]+)"><span class="offer-q">不加引号，部分符合</span> <span class="num">(\d+) 段', html
    )
    page = client.get(unescape(offer[0])).text
    assert int(offer[1]) > 0
    assert "只有一部分" in page
    assert f"最接近的 {offer[1]} 段" in page


def test_no_hit_with_filters_offers_to_drop_them(client: FlaskClient) -> None:
    html = get(client, "/search?q=营商环境&city=通化市&year=1999")
    labels = [label for _, label, _ in offers_in(html)]
    assert any("年份" in label or "1999" in label for label in labels)
    assert not any("城市" in label for label in labels)  # no report of 1999 is held in any city
    for url, _, total in offers_in(html):
        assert f"{total} 段" in text_of(get(client, url))


def test_paging_links_lead_through_all_pages(client: FlaskClient, searcher: Searcher) -> None:
    url = "/search?q=营商环境"
    seen = 0
    while url:
        html = get(client, url)
        seen += len(re.findall(r"data-hit", html))
        following = re.search(r'rel="next" href="([^"]+)"', html)
        url = unescape(following[1]) if following else ""
    assert seen == searcher.search(Query("营商环境")).total > 30


def test_page_past_the_end_leads_to_the_last(client: FlaskClient) -> None:
    html = get(client, "/search?q=营商环境&page=77")
    assert "这一页没有结果" in html
    assert "page=4" in html


def test_year_form_leads_to_the_one_address(client: FlaskClient) -> None:
    response = client.get("/search?q=营商环境&city=通化市&year_from=2020&year_to=2021")
    assert response.status_code == 302
    assert response.headers["Location"].endswith("year=2020..2021")


@pytest.mark.parametrize(
    "path", ["/search?q=alert", f"/reports/{AWKWARD}?q=营商环境", f"/reports/{AWKWARD}", "/reports"]
)
def test_report_text_can_not_become_markup(client: FlaskClient, path: str) -> None:
    html = get(client, path)
    assert "&lt;" in html
    assert not re.search(r"<(img|script>|b>|i>|1>)", html)


def test_control_characters_of_a_report_are_shown_as_pictures(memory_client: FlaskClient) -> None:
    html = get(memory_client, "/reports/awkward?q=营商环境")
    assert "␀" in html
    assert not re.search(r"[\x00-\x08]|<(img|script>|b>|i>|1>)", html)


def test_query_can_not_become_markup(client: FlaskClient) -> None:
    html = get(client, '/search?q="><script>alert(1)</script>')
    assert "<script>alert" not in html


@pytest.mark.parametrize(
    "path",
    [
        "/search?q=%00",
        "/search?q=a%00b",
        "/search?q=%ED%A0%80",
        "/search?q=%FF%FE",
        "/search?q=%F0%9F%98%80&city=%00",
        "/search?q=" + "%E9%95%BF" * 1000,
        "/search?q=((((&sort=year",
        "/search?q=-",
        '/search?q="',
        "/search?city=%ED%B0%80",
        "/search?q=x&page=1&page=2",
        "/reports?city=%00",
        f"/reports/{TONGHUA}?q=%00",
        f"/reports/{TONGHUA}?q=%ED%A0%80",
        "/search?year_from=2024&year_to=2020",
    ],
)
def test_odd_input_is_answered(client: FlaskClient, path: str) -> None:
    for prefix in ("", "/api/v1"):
        if "year_from" in path and not prefix:
            continue
        assert client.get(prefix + path).status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/search?page=1000000000", 400, "page="),
        ("/search?year=abc", 400, "年份是四位数字"),
        ("/search?q=" + "x" * 2001, 400, "最多 2,000 个"),
        ("/reports?sort=x", 400, "sort=x"),
        ("/reports/none", 404, "没有编号为"),
        ("/reports/%00", 404, "没有"),
        ("/none", 404, "没有这个页面"),
    ],
)
def test_errors_are_pages_that_say_what_to_do(client: FlaskClient, path: str, status: int, said: str) -> None:
    assert said in text_of(get(client, path, status))


def test_reports_filter_and_sort(client: FlaskClient) -> None:
    html = get(client, "/reports?city=通化市&sort=year")
    years = re.findall(r'data-name="year" class="num">(\d+)<', html)
    assert years == sorted(years)
    assert "6 份（共 43 份）" in text_of(html)
    assert set(re.findall(r'data-name="city">([^<]+?) ', html)) == {"通化市"}


def test_reports_put_unknown_last_and_can_choose_it(client: FlaskClient) -> None:
    for sort in ("year", "-year", "city", "type"):
        assert (
            re.findall(r'data-name="year" class="num">([^<]+)<', get(client, f"/reports?sort={sort}"))[-1]
            == "未知"
        )
    assert "awkward &lt;1&gt;" in get(client, "/reports?city=未知")


def test_report_has_anchors_contents_evidence_and_set_aside(client: FlaskClient) -> None:
    html = get(client, f"/reports/{TONGHUA}")
    anchors = re.findall(r'id="p(\d+)"', html)
    assert anchors == [str(n) for n in range(1, len(anchors) + 1)]
    assert '<a href="#p6">一、2019年工作回顾</a>' in html
    said = text_of(html)
    assert "第2行：——2020年1月8日" in said
    assert "sample/tonghua-2020-cppcc.txt" in said
    assert "<mark>" not in html


def test_report_marks_the_hits_of_a_query(client: FlaskClient) -> None:
    html = get(client, f"/reports/{TONGHUA}?q=营商环境")
    assert html.count("<mark>营商环境</mark>") == 2
    assert "在本报告 1 段" in text_of(html)


def test_report_leads_from_hit_to_hit_and_to_its_neighbours(client: FlaskClient, searcher: Searcher) -> None:
    html = get(client, f"/reports/{TONGHUA}?q=协商")
    total = searcher.search(Query("协商", report=(TONGHUA,))).total
    assert html.count(">上一处<") == html.count(">下一处<") + html.count(">标题之后<") == total - 1 > 0
    said = re.search(r'class="neighbours">(.*?)</p>', html)
    assert said is not None
    assert text_of(said[1]).split() == ["通化市各年：2020", "2022", "2023", "2024"]
    assert 'aria-current="page">2020' in said[1]


def test_no_page_has_inline_script_or_style(client: FlaskClient) -> None:
    for path in ("/", "/search?q=营商环境", "/reports", f"/reports/{TONGHUA}", "/none"):
        html = client.get(path).text
        assert not re.search(r"<style|\sstyle=|\son\w+=\"|<script>|javascript:", html)


@pytest.mark.parametrize("view", ["concordance", "distribution"])
def test_every_link_of_a_view_without_hits_keeps_the_page_size(client: FlaskClient, view: str) -> None:
    html = get(client, f"/search?q={quote('营商环境')}&view={view}&city={quote('通化市')}")
    addresses = [unescape(url) for url in re.findall(r'href="(/search[^"]*)"', html)]
    assert len(addresses) > 10
    assert not [url for url in addresses if "per_page" in url]


def test_the_year_boxes_hold_the_years_that_are_chosen(client: FlaskClient) -> None:
    html = get(client, f"/search?q={quote('营商环境')}&year=2021..2022&axis=delivered")
    assert re.findall(r'name="year_(?:from|to)"[^>]* value="(\d+)"', html) == ["2021", "2022"]
    html = get(client, f"/search?q={quote('营商环境')}&plan_year=2021..2022")
    assert re.findall(r'name="plan_year_(?:from|to)"[^>]* value="(\d+)"', html) == ["2021", "2022"]
    html = get(client, f"/search?q={quote('营商环境')}")
    assert re.findall(r'name="plan_year_(?:from|to)"[^>]* value="(\d+)"', html) == ["2020", "2024"]


def test_the_years_that_a_page_goes_by_are_switched_and_kept(client: FlaskClient) -> None:
    html = get(client, f"/search?q={quote('营商环境')}&view=distribution")
    assert '<strong aria-current="true">工作年度</strong>' in html
    switch = re.search(r'<p class="axes">.*?href="([^"]+)"', html)
    assert switch is not None
    other = unescape(switch[1])
    assert "axis=delivered" in other
    assert "view=distribution" in other
    assert '<strong aria-current="true">作报告的年份</strong>' in get(client, other)


def test_what_has_no_city_is_said_to_be_unknown_or_none_s_and_counted_as_ever(
    client: FlaskClient, searcher: Searcher
) -> None:
    html = get(client, "/search?q=&city=未知")
    found = re.findall(r'data-value="未知"><span class="label">([^<]*)</span> <span class="num">(\d+)<', html)
    label, count = found[1]
    assert label == "未知或非市级"
    assert int(count) == searcher.search(Query("", city=(None,))).total
    assert re.findall(r'class="chip"[^>]*>(.*?) <span', html)[0].endswith("</span>未知或非市级")
    answer = client.get("/api/v1/search?q=&city=未知").json
    assert answer is not None
    assert {"value": None, "count": int(count), "selected": True} in answer["facets"]["city"]
    assert '<option value="未知">未知或非市级</option>' in get(client, "/reports")
    english = get(client, "/search?q=&lang=en")
    assert ">Unknown, or no city&#39;s</span>" in english


def test_how_a_query_was_read_is_said_once_where_nothing_is_found(client: FlaskClient) -> None:
    for asked in ("火星移民", '"营商环境很好"&city=通化市', "营商环境 火星移民 -协商"):
        html = text_of(get(client, f"/search?q={asked}"))
        assert html.count("读作：") == 1, asked


def test_another_spelling_says_how_much_it_finds(client: FlaskClient, searcher: Searcher) -> None:
    for more, query in (("", Query("营商环境")), ("&city=通化市", Query("营商环境", city=("通化市",)))):
        html = get(client, f"/search?q=营商环竟{more}")
        told = re.search(r'data-code="did_you_mean">.*?>营商环境</a> <span class="num">(\d+) 段</span>', html)
        assert told is not None
        assert int(told[1]) == searcher.search(query).total


def test_at_most_two_spellings_are_counted(searcher: Searcher, app: Flask) -> None:
    spellings = ("营商环境", "协商", "提案")
    result = replace(searcher.search(Query("营商环竟")), did_you_mean=spellings)
    with app.test_request_context("/"):
        hints = view_hints(searcher, result, View())
    assert [hint.label for hint in hints[:3]] == list(spellings)
    assert [hint.found for hint in hints[:3]] == [
        *(searcher.count(Query(text)).paragraphs for text in spellings[:2]),
        None,
    ]


def test_a_concordance_says_what_its_files_are_of(client: FlaskClient) -> None:
    html = text_of(get(client, f"/search?q={quote('营商环境')}&view=concordance"))
    assert "逐处 CSV" in html
    assert "逐处 XLSX" in html
    assert "段落 CSV" in html
    assert "段落 XLSX" in html


def test_definition_stands_on_top_of_the_first_page_alone() -> None:
    """With its report and every other entry that defines the term, each a link; no script is needed."""
    entries = glossary("1.双减：减轻作业负担和校外培训负担。"), glossary("“双减”：减轻作业负担。")
    reports = {
        name: ({"city": f"{name}市", "plan_year": 2023}, [*body(*["落实双减政策。"] * 6), *entry])
        for name, entry in zip("甲乙", entries, strict=True)
    }
    client = create_app(WebConfig(searcher=in_memory(reports, the_analyzer()))).test_client()
    page = get(client, "/search?q=双减")
    card = page[page.index('<section class="definition"') : page.index('<ol class="hits"')]
    assert "名词解释" in card
    assert "“<mark>双减</mark>”：减轻" in card
    assert [unescape(href) for href in re.findall('href="([^"]+)"', card)] == [
        f"/reports/{quote(name)}?q={quote('双减')}#p7" for name in "乙甲"
    ]
    assert "另有 1 份解释" in card
    assert 'class="definition"' not in get(client, "/search?q=双减&page=2")
    assert 'class="definition"' not in get(client, "/search?q=落实")


def test_folding_is_a_switch_in_the_address() -> None:
    said = "坚持党的领导，推动营商环境持续优化，深化改革开放，保障和改善民生。"
    reports = {name: ({"city": f"{name}市", "plan_year": 2023}, body(said)) for name in "甲乙丙"}
    client = create_app(WebConfig(searcher=in_memory(reports, the_analyzer()))).test_client()
    plain = get(client, "/search?q=营商环境")
    (switch,) = [
        unescape(href) for href in re.findall('class="switch" href="([^"]+)"', plain) if "fold" in href
    ]
    assert plain.count("data-hit") == 3
    folded = get(client, switch)
    assert folded.count("data-hit") == 1
    assert "本页另有 2 段相同" in folded
    same = folded[folded.index('class="same"') :]
    assert re.findall('<li><a href="/reports/([^?]+)', same)[:2] == [quote(name) for name in "乙甲"]
    assert f'class="switch on" href="/search?q={quote("营商环境")}"' in folded
    assert "fold=on" in get(client, f"{switch}&per_page=1")


def test_a_page_names_words_within_which_occurrences_lie(client: FlaskClient) -> None:
    page = client.get("/search?q=营商").text
    said = re.search(r'data-code="longer_words">(.*?)</p>', page, re.S)
    assert said is not None
    assert "−营商环境</a>" in said[1]
    link = re.search(r'href="([^"]+)"', said[1])
    assert link is not None
    assert client.get(unescape(link[1])).status_code == 200
    assert 'data-code="longer_words"' not in client.get("/search?q=营商环境").text
    assert 'data-code="longer_words"' in client.get("/search?q=营商&view=spread").text


def test_a_page_says_that_longer_words_are_left_out(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spent(question: object, kept: object) -> NoReturn:
        raise BudgetExceeded("time", "counting")

    assert "longer_words_left_out" not in client.get("/search?q=营商").text
    left_out = left_out_beyond_budget(LONGER_WORDS_LEFT_OUT, ())(spent)
    monkeypatch.setattr("search.answer.searcher.find_longer_words", left_out)
    said = re.search(r'data-code="longer_words_left_out">(.*?)</p>', client.get("/search?q=营商").text)
    assert said is not None
    assert "更长的词" in said[1]


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"city": "绍兴市", "year": "2023..2024"},
        {"province": "浙江省", "plan_year": "2022", "type": "政府工作报告"},
        {"city": "未知", "year": "1949", "lang": "en"},
    ],
)
def test_where_nothing_is_found_the_reports_of_the_chosen_places_and_years_are_offered(
    client: FlaskClient, chosen: dict[str, str]
) -> None:
    html = client.get("/search", query_string={"q": "绝无此词", **chosen}).text
    label = "那座城市、那一年|that city and year"
    (url,) = re.findall(rf'<a href="([^"]+)">[^<]*(?:{label})', html)
    path, _, asked = unescape(url).partition("?")
    assert path == "/reports"
    assert dict(parse_qsl(asked)) == {name: value for name, value in chosen.items() if name != "type"}
