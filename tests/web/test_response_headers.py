"""Headers, validators, compression, and the weight of a first results page."""

from __future__ import annotations

import gzip
import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from search import Searcher
from tests.web.memory_searcher import commit_again

PATHS = ["/", "/search?q=营商环境", "/reports", "/api/v1/search?q=x", "/healthz", "/none", "/search?page=x"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_security_headers_and_no_cookie(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("path", ["/", "/search?q=营商环境", "/api/v1/search?q=经济", "/reports/1-2020-1"])
def test_unchanged_state_is_304_until_the_collection_changes(
    memory_client: FlaskClient, memory: Searcher, path: str
) -> None:
    client = memory_client
    first = client.get(path)
    held = {"If-None-Match": first.headers["ETag"]}
    again = client.get(path, headers=held)
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    commit_again(memory)
    assert client.get(path, headers=held).status_code == 200


def test_different_states_have_different_validators(client: FlaskClient) -> None:
    tags = {client.get(path).headers["ETag"] for path in ("/search?q=a", "/search?q=b", "/api/v1/search?q=a")}
    assert len(tags) == 3


def test_text_is_compressed_for_those_who_ask(client: FlaskClient) -> None:
    plain = client.get("/reports")
    packed = client.get("/reports", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Content-Encoding" not in client.get("/reports", headers={"Accept-Encoding": "gzip;q=0"}).headers


def test_first_results_page_weighs_at_most_60_kb_with_everything(client: FlaskClient) -> None:
    asked = {"Accept-Encoding": "gzip"}
    html = client.get("/search?q=营商环境").text
    assets = {unescape(url) for url in re.findall(r'(?:src|href)="(/static/[^"]+)"', html)}
    weights = {}
    for url in {"/search?q=营商环境", *assets}:
        response = client.get(url, headers=asked, buffered=True)
        assert response.status_code == 200, url
        weights[url] = len(response.data)
    assert sum(weights.values()) <= 60_000, weights


def test_static_files_are_kept_under_their_version_and_not_without(client: FlaskClient) -> None:
    html = client.get("/").text
    folder = re.search(r'src="(/static/\w+)/main\.js"', html)
    assert folder is not None
    for name in ("main.js", "xiesou.css", "theme.js", "seal.svg"):
        assert f'"{folder[1]}/{name}"' in html
        response = client.get(f"{folder[1]}/{name}", buffered=True)
        assert "immutable" in response.headers["Cache-Control"]
        etag = {"If-None-Match": response.headers["ETag"]}
        again = client.get(f"{folder[1]}/{name}", headers=etag, buffered=True)
        assert again.status_code == 304
        assert "immutable" in again.headers["Cache-Control"]
    assert client.get("/static/xiesou.css", buffered=True).headers["Cache-Control"] == "no-cache"
    assert client.get("/static/0123456789/xiesou.css").status_code == 404
