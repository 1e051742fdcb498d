"""Requests that no browser sends: they are refused, or what is odd in them is ignored; none fails or forges."""

from __future__ import annotations

import logging
from xml.etree import ElementTree

import html5lib
import pytest
from flask import request
from flask.testing import FlaskClient

from search import Searcher
from web.app import WebConfig, create_app
from web.origin_policy import OriginPolicy

BROKEN_ADDRESSES = [
    "http://[",
    "http://[::1",
    "http://]",
    "http://a]b",
    "//[",
    "http://\u2100.org",
    "x" * 9000,
    "http://a:b:c",
]
CONTROLS = "\0\x01\x08\x0b\x1b\x7f\x85\ufffe"


@pytest.fixture(scope="module")
def client(searcher: Searcher) -> FlaskClient:
    app = create_app(WebConfig(searcher=searcher, origins=OriginPolicy(("https://a.example.org",))))
    app.testing = False
    return app.test_client()


@pytest.mark.parametrize("origin", BROKEN_ADDRESSES)
def test_a_broken_origin_is_a_site_that_is_not_listed(client: FlaskClient, origin: str) -> None:
    answer = client.get("/api/v1/search?q=提案", headers={"Origin": origin.encode("utf-8").decode("latin-1")})
    assert answer.status_code == 403
    assert answer.get_json()["error"]["code"] == "origin_not_allowed"


@pytest.mark.parametrize("referrer", BROKEN_ADDRESSES)
@pytest.mark.parametrize("path", ["/embed?q=提案", "/embed/plot?q=提案"])
def test_a_broken_referrer_frames_nothing_or_is_refused(
    client: FlaskClient, path: str, referrer: str
) -> None:
    headers = {"Referer": referrer.encode("utf-8").decode("latin-1"), "Sec-Fetch-Dest": "iframe"}
    assert client.get(path, headers=headers).status_code in (200, 403)


@pytest.mark.parametrize("address", BROKEN_ADDRESSES)
@pytest.mark.parametrize("form", ["json", "xml"])
def test_oembed_knows_nothing_of_a_broken_address(client: FlaskClient, address: str, form: str) -> None:
    answer = client.get("/oembed", query_string={"url": address, "format": form})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "size", ["0" * 5000 + "9", "0000019999", "9" * 5000, "²", "١", "-1", "0", "101", "1e2"]
)
def test_a_page_size_that_is_none_takes_the_default_on_the_setup_page(client: FlaskClient, size: str) -> None:
    answer = client.get("/embed/setup", query_string={"per_page": size})
    assert answer.status_code == 200
    assert "per-page" not in answer.text


@pytest.mark.parametrize(
    "path", ["/reports/x%0aFAKE", "/reports/x%0d%0aFAKE", "/reports/x%E2%80%A8FAKE%1b[2J"]
)
def test_no_request_forges_a_line_of_the_log(
    searcher: Searcher, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    app = create_app(WebConfig(searcher=searcher))
    app.testing = False

    @app.before_request
    def fail() -> None:
        raise RuntimeError(f"no such thing: {request.path}")

    caplog.handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    assert app.test_client().get(path).status_code == 500
    lines = caplog.text.splitlines()
    assert lines[0].startswith("ERROR GET /reports/x")
    assert all(line.startswith(("ERROR GET", "    | ")) for line in lines)
    assert all(line.isprintable() for line in lines)


@pytest.mark.parametrize(
    "path",
    [
        "/search",
        "/embed",
        "/embed/plot",
        "/follow",
        "/embed/setup",
        "/search?view=distribution",
        "/search?view=concordance",
    ],
)
@pytest.mark.parametrize("name", ["q", "city", "site", "placeholder"])
def test_no_control_character_reaches_a_page(client: FlaskClient, path: str, name: str) -> None:
    answer = client.get(path.partition("?")[0], query_string={**_args(path), name: f"提案{CONTROLS}x"})
    assert answer.status_code in (200, 400)
    page = answer.get_data(as_text=True)
    assert not set(CONTROLS) & set(page)
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(page)
    assert not [error for error in parser.errors if "invalid-codepoint" in str(error) or "null" in str(error)]


def _args(path: str) -> dict[str, str]:
    return dict([part.split("=")]) if (part := path.partition("?")[2]) else {}


def test_oembed_in_xml_stays_xml(client: FlaskClient) -> None:
    from urllib.parse import quote

    address = f"http://localhost/search?q={quote('提案' + CONTROLS)}"
    answer = client.get("/oembed", query_string={"url": address, "format": "xml"})
    assert answer.status_code == 200
    assert ElementTree.fromstring(answer.data).tag == "oembed"
    pasted = client.get(
        "/oembed", query_string={"url": f"http://localhost/search?q=提案{CONTROLS}", "format": "xml"}
    )
    assert ElementTree.fromstring(pasted.data).tag == "oembed"


@pytest.mark.parametrize(
    "path", ["//evil.example/x", "///evil.example", "/%5cevil.example", "/x%0d%0aLocation:%20http://evil"]
)
def test_no_link_leads_where_the_path_says(client: FlaskClient, path: str) -> None:
    page = client.get(path).get_data(as_text=True)
    assert 'href="//' not in page
    assert 'href="/\\' not in page
