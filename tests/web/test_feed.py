"""Feeds are Atom by RFC 4287 and JSON Feed, their ids stay, and what came in last stands first, page by page."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from msgspec import structs

from search import Searcher
from search.instruments import find_spread
from search.media import for_markup
from search.model import Query, SearchResult
from search.report_order import delivered_at
from tests.web.invented import make_texts
from tests.web.memory_searcher import searcher_of
from web.app import WebConfig, create_app

ATOM = "{http://www.w3.org/2005/Atom}"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
UUID = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def read(client: FlaskClient, path: str, host: str = "http://localhost") -> ElementTree.Element:
    response = client.get(path, base_url=host)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.data)


def text_of(element: ElementTree.Element, name: str) -> str:
    (child,) = element.findall(f"{ATOM}{name}")
    assert child.text
    return child.text


def test_feed_has_all_that_atom_asks_for(client: FlaskClient) -> None:
    root = read(client, "/feed.atom?q=营商环境")
    assert root.tag == f"{ATOM}feed"
    entries = root.findall(f"{ATOM}entry")
    assert entries
    for element in [root, *entries]:
        assert UUID.fullmatch(text_of(element, "id"))
        assert text_of(element, "title")
        assert RFC_3339.fullmatch(text_of(element, "updated"))
        links = {link.get("rel"): link.get("href", "") for link in element.findall(f"{ATOM}link")}
        assert links["alternate"].startswith("http://localhost/")
    assert text_of(root.findall(f"{ATOM}author")[0], "name")
    assert root.findall(f"{ATOM}link[@rel='self']")
    assert len({text_of(entry, "id") for entry in entries}) == len(entries)


@pytest.fixture(scope="module")
def arriving() -> FlaskClient:
    """Reports that came in at different times, whatever their year."""
    return create_app(WebConfig(searcher=searcher_of(make_texts()))).test_client()


def walk(client: FlaskClient, path: str) -> list[ElementTree.Element]:
    """The entries of a feed, page by page; every page knows those around it."""
    entries, before = [], ""
    while path:
        root = read(client, path)
        links = {link.get("rel"): link.get("href", "") for link in root.findall(f"{ATOM}link")}
        assert links.get("previous", "") == before
        before = links["self"]
        assert read(client, links["first"].removeprefix("http://localhost")).find(f"{ATOM}id") is not None
        entries += root.findall(f"{ATOM}entry")
        assert ("next" not in links) == (links["self"] == links["last"])
        path = links.get("next", "").removeprefix("http://localhost")
    return entries


def test_entries_are_all_hits_by_intake_page_by_page(
    arriving: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.feed.MAX_ENTRIES", 7)
    searcher = searcher_of(make_texts())
    for asked, query in (
        ("q=营商环境&city=四平市", Query("营商环境", city=("四平市",), sort="-added")),
        ("q=协商&match=all", Query("协商", match="all", sort="-added")),
    ):
        entries = walk(arriving, f"/feed.atom?{asked}")
        hits = list(searcher.iter_hits(query))
        assert [text_of(entry, "content") for entry in entries] == [for_markup(hit.text) for hit in hits]
        assert len(hits) > 7
        times = [text_of(entry, "updated") for entry in entries[: len(hits)]]
        assert times == [hit.report.added or delivered_at(hit.report) for hit in hits]
        if query.match == "phrase":
            assert times == sorted(times, reverse=True)
    assert read(arriving, "/feed.atom?q=绝无此词&page=3").findall(f"{ATOM}entry") == []
    assert arriving.get(f"/feed.atom?q=协商&page={10_000 // 7 + 1}").status_code == 400


@pytest.mark.parametrize("path", ["/feed", "/spread", "/reports"])
def test_json_feed_has_what_atom_has(arriving: FlaskClient, path: str) -> None:
    asked = "?city=四平市" if path == "/reports" else "?q=营商环境"
    atom = read(arriving, f"{path}.atom{asked}")
    response = arriving.get(f"{path}.json{asked}")
    assert response.headers["Content-Type"] == "application/feed+json; charset=utf-8"
    feed = response.get_json(force=True)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"] == text_of(atom, "title")
    assert feed["feed_url"].startswith(f"http://localhost{path}.json?")
    assert [(item["id"], item["content_text"], item["date_modified"]) for item in feed["items"]] == [
        tuple(text_of(entry, name) for name in ("id", "content", "updated"))
        for entry in atom.findall(f"{ATOM}entry")
    ]
    assert feed["items"]


@pytest.mark.parametrize("form", ["atom", "json"])
@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/feed.{}?q=营商环境", "协搜：营商环境"),
        ("/feed.{}?q=营商环境&city=四平市&city=忻州市", "协搜：营商环境（城市 四平市、忻州市）"),
        (
            "/feed.{}?q=营商环境&province=吉林省&year=2020..2023&sort=year&match=all&lang=en",
            "Xiesou: 营商环境 (counted as written and in other words or apart; province 吉林省; year 2020–2023)",
        ),
        ("/feed.{}?city=未知&added=2026-01-01..", "协搜：全部段落（城市 未知；入库 2026-01-01–）"),
        (
            "/spread.{}?q=营商环境&level=市&ocr=off",
            "协搜：首次提及：营商环境（层级 市；不含识别出来的文字）",
        ),
        (
            "/reports.{}?type=政府工作报告&plan_year=2021",
            "协搜：报告目录（工作年度 2021；类型 政府工作报告）",
        ),
        ("/reports.{}", "协搜：报告目录"),
    ],
)
def test_titles_name_the_filters(arriving: FlaskClient, path: str, title: str, form: str) -> None:
    address = path.format(form)
    if form == "json":
        assert arriving.get(address).get_json(force=True)["title"] == title
    else:
        assert text_of(read(arriving, address), "title") == title


def test_reports_and_first_mentions_are_followed_by_intake(arriving: FlaskClient) -> None:
    searcher = searcher_of(make_texts())
    held = [report for report in searcher.reports() if report.type == "政府工作报告"]
    entries = walk(arriving, "/reports.atom?type=政府工作报告")
    assert [text_of(entry, "updated") for entry in entries] == sorted(
        (report.added or "" for report in held), reverse=True
    )
    places = find_spread(searcher, Query("营商环境")).places
    entries = walk(arriving, "/spread.atom?q=营商环境")
    assert {text_of(entry, "content") for entry in entries} == {for_markup(one.text) for one in places}
    assert len(entries) == len(places)
    times = [text_of(entry, "updated") for entry in entries]
    assert times == sorted(times, reverse=True)


def test_the_page_on_following_offers_each_feed(client: FlaskClient) -> None:
    html = client.get("/follow?q=营商环境").text
    for name in ("feed.atom", "feed.json", "spread.atom", "spread.json"):
        assert f"http://localhost/{name}?q=" in html
    assert "/reports.atom?city=" in client.get("/reports?city=通化市").text


def test_links_of_entries_lead_to_their_paragraphs(client: FlaskClient) -> None:
    for entry in read(client, "/feed.atom?q=营商环境").findall(f"{ATOM}entry")[:3]:
        href = entry.findall(f"{ATOM}link")[0].get("href", "")
        path, _, anchor = href.removeprefix("http://localhost").partition("#")
        assert f'id="{anchor}"' in client.get(path).text


def test_ids_stay_while_the_address_and_the_number_of_entries_change(client: FlaskClient) -> None:
    here = read(client, "/feed.atom?q=营商环境")
    there = read(client, "/feed.atom?q=营商环境&sort=relevance&per_page=3", "https://example.org")
    assert text_of(here, "id") == text_of(there, "id")
    assert [text_of(e, "id") for e in here.iter(f"{ATOM}entry")] == [
        text_of(e, "id") for e in there.iter(f"{ATOM}entry")
    ]
    assert text_of(read(client, "/feed.atom?q=乡村"), "id") != text_of(here, "id")


def test_a_feed_of_nothing_is_still_a_feed(client: FlaskClient) -> None:
    root = read(client, "/feed.atom?q=绝无此词")
    assert not root.findall(f"{ATOM}entry")
    assert RFC_3339.fullmatch(text_of(root, "updated"))


def test_characters_that_xml_has_not_are_replaced(
    client: FlaskClient, searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = searcher.search

    def awkward(query: Query) -> SearchResult:
        result = search(query)
        return replace(result, hits=(structs.replace(result.hits[0], text="一\x00二\x0b<三>&\ud800四"),))

    monkeypatch.setattr(searcher, "search", awkward)
    (entry,) = read(client, "/feed.atom?q=营商环境").findall(f"{ATOM}entry")
    assert text_of(entry, "content") == "一␀二␋<三>&\ufffd四"


def test_a_report_was_delivered_on_its_date_or_in_its_year(searcher: Searcher) -> None:
    report = replace(searcher.reports()[0], date="2023-01-10", year=2023)
    assert delivered_at(report) == "2023-01-10T00:00:00Z"
    assert delivered_at(replace(report, date="2023年春")) == "2023-01-01T00:00:00Z"
    assert delivered_at(replace(report, date=None, year=None)) == "1970-01-01T00:00:00Z"
