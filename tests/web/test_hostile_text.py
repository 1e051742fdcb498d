"""The same hostile report text through every surface: it comes out as text, and runs nowhere."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from msgspec import structs

from search import Query, Searcher, SearchResult

HOSTILE = "=1+1 <script>ran()</script> &amp; <img src=x onerror=ran()> ]]> \u202e倒\u202c 营商环境 \ud800尾"
TAGS = ("<script>ran", "<img src=x")


@pytest.fixture
def hostile(searcher: Searcher, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A client whose every hit says the hostile text."""
    search, iter_hits = searcher.search, searcher.iter_hits

    def searched(query: Query) -> SearchResult:
        result = search(query)
        return replace(
            result, hits=tuple(structs.replace(hit, text=HOSTILE, spans=((0, 4),)) for hit in result.hits)
        )

    monkeypatch.setattr(searcher, "search", searched)
    monkeypatch.setattr(
        searcher,
        "iter_hits",
        lambda query: (structs.replace(hit, text=HOSTILE, spans=()) for hit in iter_hits(query)),
    )
    return client


@pytest.mark.parametrize("address", ["/search", "/embed", "/search?view=concordance", "/search?lang=en"])
def test_pages_and_frame_show_it_as_text(hostile: FlaskClient, address: str) -> None:
    html = hostile.get(f"{address}{'&' if '?' in address else '?'}q=营商环境").get_data(as_text=True)
    assert not any(tag in html for tag in TAGS)
    if "concordance" not in address:
        assert "&lt;script&gt;ran()&lt;/script&gt; &amp;amp; &lt;img" in html


def test_json_gives_it_back_character_for_character(hostile: FlaskClient) -> None:
    answer = hostile.get("/api/v1/search?q=营商环境")
    assert answer.status_code == 200
    assert {hit["text"] for hit in answer.get_json()["hits"]} <= {
        HOSTILE,
        HOSTILE.replace("\ud800", "\ufffd"),
    }


def test_feed_stays_xml_and_says_it(hostile: FlaskClient) -> None:
    root = ElementTree.fromstring(hostile.get("/feed.atom?q=营商环境").data)
    content = [element.text or "" for element in root.iter("{http://www.w3.org/2005/Atom}content")]
    assert content
    assert all("<script>ran()</script> &amp; <img" in text and "]]>" in text for text in content)


def test_csv_gives_no_formula_and_every_character(hostile: FlaskClient) -> None:
    data = hostile.get("/export.csv?q=营商环境").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(data)))
    texts = [row["全文"] for row in rows if row.get("全文")]
    assert texts
    assert not any(text.startswith(("=", "+", "-", "@")) for text in texts)
    assert all(text.endswith("尾") and "<script>ran()</script> &amp;" in text for text in texts)
