"""The client for other programs, against a server on loopback that answers as ours does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from search.client import Client, ServerError


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            status, headers, body = answer(url.path, parse_qs(url.query))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/prefix/"
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)


def answer(path: str, asked: dict[str, list[str]]) -> tuple[int, dict[str, str], bytes]:
    said = asked.get("q", [""])[0]
    if said == "proxy":
        return 502, {}, b"<html>"
    if said == "much":
        error = {"error": {"code": "too_many_requests", "message": "太多", "field": None}}
        return 429, {"Retry-After": "7"}, json.dumps(error).encode()
    if said == "html":
        return 200, {}, b"<html>"
    if path.endswith("/search"):
        page, size = int(asked["page"][0]), int(asked["per_page"][0])
        hits = [{"id": number} for number in range(250)][(page - 1) * size : page * size]
        return 200, {}, json.dumps({"total": 250, "hits": hits, "asked": asked, "path": path}).encode()
    if path.endswith("/reports"):
        return 200, {}, json.dumps({"total": 1, "reports": [asked]}).encode()
    if path.endswith("/reports/a%20b"):
        return 200, {}, json.dumps({"report": {"id": "a b"}, "paragraphs": []}).encode()
    error = {"error": {"code": "report_not_found", "message": "没有", "field": None}}
    return 404, {}, json.dumps(error).encode()


def test_search_asks_what_was_said_and_nothing_empty(address: str) -> None:
    found = Client(address).search("营商 环境", city=["四平市", "辽源市"], year=["2020..2024"], per_page=5)
    assert found["path"] == "/prefix/api/v1/search"
    assert found["asked"] == {
        "q": ["营商 环境"],
        "city": ["四平市", "辽源市"],
        "year": ["2020..2024"],
        "sort": ["relevance"],
        "page": ["1"],
        "per_page": ["5"],
    }


def test_hits_of_all_pages_come_once_and_in_order(address: str) -> None:
    assert [hit["id"] for hit in Client(address).iter_hits("x")] == list(range(250))


def test_reports_are_listed_and_read(address: str) -> None:
    client = Client(address)
    assert client.reports(city=["四平市"]) == [{"city": ["四平市"]}]
    assert client.report("a b")["report"] == {"id": "a b"}


@pytest.mark.parametrize(
    ("text", "status", "code", "wait"),
    [("much", 429, "too_many_requests", 7), ("proxy", 502, "http_error", None)],
)
def test_refusals_say_why(address: str, text: str, status: int, code: str, wait: int | None) -> None:
    with pytest.raises(ServerError) as refused:
        Client(address).search(text)
    assert (refused.value.status, refused.value.code, refused.value.retry_after_s) == (status, code, wait)


def test_what_is_not_there_is_told(address: str) -> None:
    with pytest.raises(ServerError, match="没有") as refused:
        Client(address).report("none")
    assert refused.value.code == "report_not_found"


def test_something_else_than_json_is_told(address: str) -> None:
    with pytest.raises(ServerError, match="else than JSON"):
        Client(address).search("html")


def test_no_server_is_told() -> None:
    with pytest.raises(ServerError, match="can't be reached") as refused:
        Client("http://127.0.0.1:1", timeout_s=2).search("x")
    assert refused.value.code == "unreachable"


def test_only_web_addresses_are_asked() -> None:
    with pytest.raises(ValueError, match="no http"):
        Client("file:///etc").search("x")
