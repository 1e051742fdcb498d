"""Requests made at random over every route, headers included: none fails, and what is sent is well formed.

XIESOU_FUZZ_EXAMPLES sets how much is tried: 20 requests for each (2,400 where it is not set).
"""

from __future__ import annotations

import gzip
import json
import os
import random
import re
import time
from urllib.parse import quote, quote_from_bytes, unquote_to_bytes, urlsplit
from xml.etree import ElementTree

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Response

from search import Searcher
from search.public_url import read_public_url
from tests.cases import cases
from tests.web.sample import id_of
from web.app import WebConfig, create_app
from web.limits import MB, Limits
from web.origin_policy import OriginPolicy
from web.site import Site, read_proxies

REQUESTS = cases(20 * int(os.environ.get("XIESOU_FUZZ_EXAMPLES", "120")))
BATCHES = 8

REPORT = id_of("baishan-2023-cppcc.txt")
NASTY = [
    "\0",
    "\n",
    "\r\nX: y",
    "\x1b[2J",
    "\x7f",
    "\x85",
    "\u2028",
    "\u202e",
    "\ufeff",
    "\ufffe",
    "😀",
    "龘",
    "<script>x</script>",
    "\"'><b>",
    "&amp;",
    "]]>",
    "{{7*7}}",
    "%s%n",
    "../../etc/passwd",
    "//evil.example",
    "\\",
    "'; --",
    "=1+1",
    "http://[",
    "http://℀",
    "javascript:alert(1)",
    "-",
    "*",
    "(",
    ")",
    '"',
    "“",
    "~",
    ":",
    "NOT",
    "OR",
    "year:",
    "1..2",
    "a*",
    "9" * 400,
    "0" * 400,
    "-1",
    "1e9",
    "NaN",
    "١",
    "²",
    "off",
    "未知",
    "null",
    "true",
    "",
]
WORDS = [
    "营商环境",
    "提案",
    "的",
    "政协",
    "四平市",
    "2023",
    "2020..2024",
    "政府工作报告",
    "GDP",
    "12GWh",
    REPORT,
    "nobody",
    "1",
    "10",
    "zh",
    "en",
]
_CHOSEN = """
    concordance distribution paragraphs report left right order rate share count -year year
    relevance json xml yaml light dark city city,year _top on
"""
_NAMES = """
    q city province year type report sort page per_page synonyms group view order measure lang
    context limit n url format maxwidth maxheight theme facets fixed target site csp placeholder
    deep_link pin chosen v year_from year_to match axis part level plan_year of other text window
    side against q[]
    """
_HEADERS = """
    Host Origin Referer Sec-Fetch-Dest Accept Accept-Encoding Accept-Language If-None-Match
    If-Modified-Since If-Range Range Cookie Authorization User-Agent Content-Type Content-Length
    Transfer-Encoding Expect X-Forwarded-For X-Forwarded-Proto X-Forwarded-Host X-Forwarded-Prefix
    X-Forwarded-Port Forwarded X-Real-IP Access-Control-Request-Method
    Access-Control-Request-Headers Connection Upgrade X-HTTP-Method-Override Cache-Control TE Via
"""
VALUES = [
    "https://a.example.org",
    "null",
    "http://[",
    "*",
    "iframe",
    "gzip",
    "gzip;q=x",
    "gzip;q=1e999",
    "identity;q=0",
    "br, gzip;q=0.5,,;",
    'W/"x"',
    '"',
    "W/",
    "bytes=0-",
    "bytes=9-1,2-",
    "bytes=-" + "9" * 30,
    "zzz",
    "Thu, 99 Foo 2025 99:99:99 GMT",
    "Basic %%%",
    "Bearer \xff",
    "Basic " + "A" * 500,
    "a=b; a; =; \xff=\xfe",
    "text/html;q=\xbd",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=" + "b" * 300,
    "application/json; charset=nope",
    "-1",
    "99999999999999999999",
    "chunked",
    "100-continue",
    "203.0.113.7, junk, ::1",
    "[::1]:x",
    "ftp",
    "a..b",
    "localhost",
    "a\tb",
    "zh-CN,,;q=,en;q=\x01",
    'for="[::1";proto="',
    "x" * 5000,
    "",
]
CHOSEN, HEADERS = _CHOSEN.split(), _HEADERS.split()
NAMES = [*_NAMES.split(), "\0", ""]
METHODS = ["GET"] * 12 + ["HEAD", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"]


class Fuzz:
    """Random requests from a seed, so that a failure can be made again."""

    def __init__(self, app: Flask, seed: int) -> None:
        self.random = random.Random(seed)
        self.rules = [rule.rule for rule in app.url_map.iter_rules()]

    def text(self) -> str:
        one, choose = self.random, self.random.choice
        kind = one.random()
        if kind < 0.45:
            return choose(WORDS)
        if kind < 0.6:
            return choose(CHOSEN)
        if kind < 0.9:
            return "".join(choose([choose(NASTY), choose(WORDS)]) for _ in range(one.randint(1, 4)))
        return "".join(
            chr(choose([one.randrange(1, 0x250), one.randrange(0x4E00, 0x9FFF)]))
            for _ in range(one.randint(0, 30))
        )

    def spelled(self, safe: str = "") -> str:
        """A text as an address has it, sometimes in no encoding at all."""
        if self.random.random() < 0.08:
            return quote_from_bytes(self.random.randbytes(self.random.randint(1, 12)))
        return quote(self.text().encode("utf-8", "surrogatepass"), safe=safe)

    def path(self) -> str:
        rule = self.random.choice(self.rules)
        if self.random.random() < 0.05:
            rule = f"/{self.spelled(safe='/')}"
        known = REPORT if self.random.random() < 0.5 else self.spelled(safe="/")
        path = re.sub(r"<[^>]*>", lambda _: known, rule)
        return path + self.random.choice([""] * 12 + ["/", "//", "%00", "%0aFAKE", ";x", "%2e%2e/"])

    def query(self) -> str:
        count = self.random.choice([0, 1, 1, 2, 3, 5, 8])
        return "&".join(f"{quote(self.random.choice(NAMES))}={self.spelled()}" for _ in range(count))

    def headers(self) -> list[tuple[str, str]]:
        found = []
        for _ in range(self.random.choice([0, 0, 1, 2, 4])):
            value = self.random.choice([self.random.choice(VALUES), self.text()])
            raw = value.encode("utf-8", "surrogatepass").decode("latin-1")
            found.append(
                (self.random.choice(HEADERS), re.sub("[\r\n]", " ", raw))
            )  # no server lets these through
        return found

    def request(self) -> tuple[str, str, list[tuple[str, str]], bytes]:
        method = self.random.choice(METHODS)
        has_body = method in ("POST", "PUT", "PATCH")
        body = self.random.randbytes(self.random.choice([0, 0, 30, 3000])) if has_body else b""
        return method, f"{self.path()}?{self.query()}", self.headers(), body


def send(app: Flask, method: str, address: str, headers: list[tuple[str, str]], body: bytes) -> Response:
    """The request as a server would hand it on: headers are set in the environment, unchecked by the client."""
    path, _, query = address.partition("?")
    builder = EnvironBuilder(path="/", method=method, query_string=query, data=body or None)
    environ = builder.get_environ()
    builder.close()
    environ["PATH_INFO"] = unquote_to_bytes(path).decode("latin-1")
    for name, value in headers:
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    return Response.from_app(app, environ, buffered=True)


def check(answer: Response, method: str, address: str) -> None:
    """What holds of every answer, whatever was asked."""
    path = address.partition("?")[0]
    assert answer.status_code < 500 or (answer.status_code == 501 and path.startswith("/oembed")), (
        answer.status_code
    )
    for name, value in answer.headers:
        assert re.fullmatch(r"[\t\x20-\x7e\x80-\xff]*", value), (name, value)
    assert "evil.example" not in urlsplit(answer.headers.get("Location", "")).netloc
    if method == "HEAD" or not answer.data:
        return
    is_packed = answer.headers.get("Content-Encoding") == "gzip"
    data = gzip.decompress(answer.data) if is_packed else answer.data
    if answer.mimetype == "application/json":
        json.loads(data)
    elif answer.mimetype in ("text/xml", "application/atom+xml", "application/opensearchdescription+xml"):
        ElementTree.fromstring(data)
    elif answer.mimetype == "text/html":
        page = data.decode("utf-8")
        assert not re.search("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]", page)
        assert "<script>x" not in page
        assert 'href="javascript' not in page


@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_request_fails(searcher: Searcher, batch: int) -> None:
    site = Site(read_public_url("https://www.example.org/x"), read_proxies(["127.0.0.1"]), ("localhost", "*"))
    app = create_app(
        WebConfig(
            searcher=searcher,
            origins=OriginPolicy(("https://a.example.org",), rate_per_minute=1_000_000),
            site=site if batch % 2 else Site(),
        )
    )
    app.testing = False
    fuzz = Fuzz(app, batch)
    limits = Limits()
    for number in range(REQUESTS // BATCHES):
        method, address, headers, body = fuzz.request()
        try:
            begun = time.thread_time()
            answer = send(app, method, address, headers, body)
            assert time.thread_time() - begun < limits.question_seconds
            assert len(answer.data) <= limits.answer_mb * MB
            check(answer, method, address)
        except Exception as error:
            raise AssertionError(
                f"request {number} of batch {batch}: {method} {address!r} {headers!r}"
            ) from error
