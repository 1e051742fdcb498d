"""The feed is Atom by RFC 4287, its ids stay, and its newest entries come first."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from search import Searcher
from search.model import Query, SearchResult
from web.feed import MAX_ENTRIES, delivered_at

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


def test_entries_are_the_newest_hits(client: FlaskClient, engine: Searcher) -> None:
    entries = read(client, "/feed.atom?q=营商环境&city=绍兴市").findall(f"{ATOM}entry")
    newest = list(engine.iter_hits(Query("营商环境", city=("绍兴市",), sort="-year")))[:MAX_ENTRIES]
    assert [text_of(entry, "content") for entry in entries] == [hit.text for hit in newest]
    years = [text_of(entry, "updated")[:4] for entry in entries]
    assert years == sorted(years, reverse=True)


def test_links_of_entries_lead_to_their_paragraphs(client: FlaskClient) -> None:
    for entry in read(client, "/feed.atom?q=营商环境").findall(f"{ATOM}entry")[:3]:
        href = entry.findall(f"{ATOM}link")[0].get("href", "")
        path, _, anchor = href.removeprefix("http://localhost").partition("#")
        assert f'id="{anchor}"' in client.get(path).text


def test_ids_stay_while_the_address_and_the_number_of_entries_change(client: FlaskClient) -> None:
    here = read(client, "/feed.atom?q=营商环境")
    there = read(client, "/feed.atom?q=营商环境&page=2&sort=relevance", "https://example.org")
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
    client: FlaskClient, engine: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = engine.search

    def awkward(query: Query) -> SearchResult:
        result = search(query)
        return replace(result, hits=(replace(result.hits[0], text="一\x00二\x0b<三>&\ud800四"),))

    monkeypatch.setattr(engine, "search", awkward)
    (entry,) = read(client, "/feed.atom?q=营商环境").findall(f"{ATOM}entry")
    assert text_of(entry, "content") == "一␀二␋<三>&\ufffd四"


def test_a_report_was_delivered_on_its_date_or_in_its_year(engine: Searcher) -> None:
    report = replace(engine.reports()[0], date="2023-01-10", year=2023)
    assert delivered_at(report) == "2023-01-10T00:00:00Z"
    assert delivered_at(replace(report, date="2023年春")) == "2023-01-01T00:00:00Z"
    assert delivered_at(replace(report, date=None, year=None)) == "1970-01-01T00:00:00Z"
