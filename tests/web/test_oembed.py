"""A quoted paragraph and a chart inside other sites: what oEmbed and the frames give."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from tests.web import sample

TONGHUA = sample.id_of("tonghua-2020-cppcc.txt")
HOST = "http://localhost"


def paragraph_with(client: FlaskClient, text: str) -> tuple[int, str]:
    paragraphs = client.get(f"/api/v1/reports/{TONGHUA}").get_json()["paragraphs"]
    return next((p["n"], p["text"]) for p in paragraphs if text in p["text"] and p["text"].count("。") > 1)


@pytest.mark.parametrize(
    "address", ["/reports/{id}#p{n}", "/reports/{id}/cite?n={n}", "/embed/quote?report={id}&n={n}"]
)
def test_a_paragraph_becomes_a_blockquote_with_its_source(client: FlaskClient, address: str) -> None:
    n, text = paragraph_with(client, "暗访")
    answer = client.get(
        "/oembed", query_string={"url": HOST + address.format(id=TONGHUA, n=n), "maxwidth": 240}
    ).get_json()
    assert answer["type"] == "rich"
    assert answer["width"] == 240
    assert text in unescape(answer["html"])
    assert f'cite="{HOST}/reports/{TONGHUA}#p{n}"' in answer["html"]
    assert "通化市 · 2020" in answer["html"]
    assert "<iframe" not in answer["html"]
    assert "<script" not in answer["html"]


def test_with_a_search_the_sentences_found_are_quoted_alone(client: FlaskClient) -> None:
    n, text = paragraph_with(client, "暗访")
    asked = {"url": f"{HOST}/reports/{TONGHUA}?q=暗访#p{n}"}
    html = client.get("/oembed", query_string=asked).get_json()["html"]
    assert "<mark>暗访</mark>" in html
    said = re.sub("<[^>]+>", "", html.partition("<p>")[2].partition("</p>")[0])
    assert len(said) < len(text)
    assert all(piece in text for piece in said.split("……"))
    frame = client.get("/embed/quote", query_string={"report": TONGHUA, "n": n, "q": "营商环境"})
    assert "<mark>营商环境</mark>" in frame.text
    assert "frame-ancestors" in frame.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in frame.headers


def test_a_distribution_becomes_one_chart(client: FlaskClient) -> None:
    asked = {
        "url": f"{HOST}/search?q=营商环境&view=distribution&city=通化市",
        "maxwidth": 400,
        "maxheight": 200,
    }
    answer = client.get("/oembed", query_string=asked).get_json()
    assert (answer["width"], answer["height"]) == (400, 200)
    address = unescape(re.search(r'src="([^"]+)"', answer["html"])[1])  # type: ignore[index]
    page = client.get(address)
    assert page.status_code == 200
    assert page.text.count("<svg") == 1
    assert "通化市" in page.text
    assert 'href="http://localhost/search?q=' in page.text
    assert re.search(r'<rect class="bar"', page.text)
    assert "<form" not in page.text


def test_the_frame_and_the_page_of_a_chart_count_the_same(client: FlaskClient) -> None:
    total = client.get("/api/v1/trends?q=营商环境").get_json()["total"]
    assert f"协搜，{total['paragraphs']:,} 段" in client.get("/embed/plot?q=营商环境").text
    assert f"{total['paragraphs']:,} paragraphs" in client.get("/embed/plot?q=营商环境&lang=en").text


@pytest.mark.parametrize(
    "address",
    [
        f"/reports/{TONGHUA}",
        f"/reports/{TONGHUA}#p99999",
        "/reports/none#p1",
        f"/reports/{TONGHUA}#x",
        "/embed/quote?n=1",
    ],
)
def test_what_is_no_paragraph_is_not_found(client: FlaskClient, address: str) -> None:
    assert client.get("/oembed", query_string={"url": HOST + address}).status_code == 404


def test_pages_tell_that_they_can_be_embedded(client: FlaskClient) -> None:
    for path in (f"/reports/{TONGHUA}/cite?n=9", "/search?q=营商环境&view=distribution"):
        link = re.search(r'type="application/json\+oembed" href="([^"]+)"', client.get(path).text)
        assert link is not None
        assert client.get(unescape(link[1])).status_code == 200


@pytest.mark.parametrize("path", [f"/embed/quote?report={TONGHUA}&n=9", "/embed/plot?q=营商环境"])
def test_a_site_that_is_not_allowed_gets_no_text(client: FlaskClient, path: str) -> None:
    headers = {"Sec-Fetch-Dest": "iframe", "Referer": "https://stranger.example/page"}
    answer = client.get(path, headers=headers)
    assert answer.status_code == 403
    assert "--allow-origin https://stranger.example" in answer.text
    assert "营商环境" not in answer.text
