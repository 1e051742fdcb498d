"""Behind a proxy, under a name and a path: all printed addresses are public ones, whatever a request says."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from search import Searcher
from search.public_url import read_public_url
from tests.web.sample import id_of
from web.app import WebConfig, create_app
from web.behind_proxy import make_private
from web.limits import Limits
from web.origin_policy import OriginPolicy
from web.site import LOOPBACK_HOSTS, Site, read_proxies

PUBLIC = "https://www.example.org/xiesou"
REPORT = id_of("baishan-2023-cppcc.txt")
PATHS = [
    "/opensearch.xml",
    "/feed.atom?q=提案",
    "/oembed?url=https://www.example.org/xiesou/search%3Fq=1",
    "/oembed?format=xml&url=https://www.example.org/xiesou/search%3Fq=1",
    "/embed?q=提案",
    "/embed/setup",
    "/embed/plot?q=提案",
    f"/embed/quote?report={REPORT}&n=1",
    f"/reports/{REPORT}/cite?n=1",
    f"/reports/{REPORT}/cite.bib",
    "/export.csv?q=提案",
    "/distribution.csv?q=提案",
    "/search?q=提案",
    "/follow?q=提案",
    "/api",
    "/reports",
    "/",
    "/nowhere",
]
ANY_ADDRESS = re.compile(r"https?://[^\s\"'<>&,;)}]+")
ELSEWHERE = re.compile(
    r"https?://(www\.w3\.org|a9\.com|www\.mozilla\.org|www\.apache\.org|search\.example\.org|example\.org)\b"
)
"""Namespaces, and examples in words."""


def make(searcher: Searcher, site: Site, **config: Any) -> FlaskClient:
    app = create_app(WebConfig(searcher=searcher, site=site, **config))
    app.testing = False
    return app.test_client()


@pytest.fixture(scope="module")
def public(searcher: Searcher) -> FlaskClient:
    """A server under a public address, behind a proxy of this machine; files may be left unread."""
    hosts = ("www.example.org", *LOOPBACK_HOSTS)
    site = Site(read_public_url(PUBLIC), read_proxies(["127.0.0.1"]), hosts)
    return make(searcher, site, limits=Limits(exports_at_once=1_000_000))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("prefix", ["", "/xiesou"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "www.example.org"},
        {"Host": "127.0.0.1:8000", "X-Forwarded-Proto": "http", "X-Forwarded-Host": "www.example.org"},
        {
            "Host": "localhost",
            "X-Forwarded-Prefix": "//evil.example",
            "Forwarded": "host=evil.example;proto=http",
        },
    ],
)
def test_every_address_is_the_public_one(
    public: FlaskClient, path: str, prefix: str, headers: dict[str, str]
) -> None:
    answer = public.get(prefix + path, headers=headers)
    assert answer.status_code == (404 if path == "/nowhere" else 200)
    text = answer.get_data(as_text=True).replace("\\/", "/")
    found = {address for address in ANY_ADDRESS.findall(text) if not ELSEWHERE.match(address)}
    assert {address for address in found if not address.startswith(PUBLIC)} <= {"https://www.example.org"}
    assert "evil" not in text
    if answer.mimetype == "text/html":
        links = re.findall(r'(?:href|src|action)="([^"#]*)', text)
        assert [link for link in links if not link.startswith(("/xiesou/", PUBLIC)) and link] == []


def test_files_and_feeds_do_hold_addresses(public: FlaskClient) -> None:
    for path in PATHS:
        if any(
            part in path
            for part in ("opensearch", "feed", "oembed", "cite", ".csv", "setup", "quote", "plot")
        ):
            assert PUBLIC in public.get(path).get_data(as_text=True), path


@pytest.mark.parametrize(
    "host", ["evil.example", "www.example.org.evil.example", "example.org", "10.0.0.1:80"]
)
@pytest.mark.parametrize("path", ["/opensearch.xml", "/api/v1/search?q=1", "/embed", "/export.csv?q=1"])
def test_a_foreign_host_is_refused_and_never_kept(public: FlaskClient, host: str, path: str) -> None:
    for headers in ({"Host": host}, {"Host": "localhost", "X-Forwarded-Host": host}):
        answer = public.get(path, headers=headers)
        assert answer.status_code == 400
        assert answer.headers["Cache-Control"] == "no-store"
        assert f"--allowed-hosts {host.partition(':')[0]}" in answer.get_data(as_text=True)
        if path.startswith("/api"):
            assert answer.get_json()["error"]["code"] == "host_not_allowed"


@pytest.fixture(scope="module")
def sites(searcher: Searcher) -> list[FlaskClient]:
    """A server of this machine, and one under a public address."""
    return [make(searcher, Site()), make(searcher, Site(read_public_url(PUBLIC)))]


@pytest.mark.parametrize(
    "host", ["a..b", "a b", "", "[", "a:b", "é", "a" * 300, "x/y", "u@x", 'a"><b>', "a:0", "a,b"]
)
@pytest.mark.parametrize("path", ["/search?q=x", "/opensearch.xml", "/api/v1/search", "/nowhere", "//search"])
def test_a_malformed_host_is_refused_everywhere(sites: list[FlaskClient], host: str, path: str) -> None:
    for client in sites:
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert "<b>" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("host", ["evil.example", "a..b", "10.0.0.7:8000"])
def test_health_answers_under_any_name(public: FlaskClient, host: str) -> None:
    assert public.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/opensearch.xml", "/embed?q=提案", "/oembed?url=http://a.example/search", "/search?q=x"]
)
def test_without_a_name_shared_caches_keep_no_address(searcher: Searcher, path: str) -> None:
    client = make(searcher, Site())
    answer = client.get(path, headers={"Host": "a.example"})
    assert answer.status_code == 200
    assert "public" not in answer.headers["Cache-Control"]
    assert "private" in answer.headers["Cache-Control"]
    named = make(searcher, Site(allowed_hosts=("a.example",))).get(path, headers={"Host": "a.example"})
    assert "private" not in named.headers["Cache-Control"]


def test_an_answer_under_another_name_is_no_304(searcher: Searcher) -> None:
    client = make(searcher, Site())
    tag = client.get("/feed.atom?q=提案", headers={"Host": "a.example"}).headers["ETag"]
    same = {"Host": "a.example", "If-None-Match": tag}
    assert client.get("/feed.atom?q=提案", headers=same).status_code == 304
    assert client.get("/feed.atom?q=提案", headers={**same, "Host": "b.example"}).status_code == 200


@pytest.mark.parametrize(
    ("said", "made"),
    [
        ("public, max-age=60", "private, max-age=60"),
        ("no-cache", "private, no-cache"),
        ("no-store", "no-store"),
        ("private", "private"),
        ("", "private"),
    ],
)
def test_private_rules_keep_the_rest(said: str, made: str) -> None:
    assert make_private(said) == made


def seen_by(searcher: Searcher, site: Site, peer: str, headers: dict[str, str]) -> dict[str, str]:
    app: Flask = create_app(WebConfig(searcher=searcher, site=site))

    @app.get("/seen")
    def seen() -> dict[str, str]:
        return {"client": str(request.remote_addr), "url": request.url, "root": request.root_url}

    answer = app.test_client().get("/seen", headers=headers, environ_base={"REMOTE_ADDR": peer})
    found: dict[str, str] = answer.get_json()
    return found


FORWARDED = {
    "X-Forwarded-For": "1.2.3.4, 203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "a.example",
}


def test_trusted_proxies_tell_client_scheme_and_host(searcher: Searcher) -> None:
    site = Site(trusted_proxies=read_proxies(["127.0.0.1"]))
    seen = seen_by(searcher, site, "127.0.0.1", FORWARDED)
    assert seen == {"client": "203.0.113.9", "url": "https://a.example/seen", "root": "https://a.example/"}
    assert seen_by(searcher, site, "127.0.0.1", {})["client"] == "127.0.0.1"


@pytest.mark.parametrize("trusted", [[], ["10.0.0.0/8"]])
def test_others_tell_nothing(searcher: Searcher, trusted: list[str]) -> None:
    seen = seen_by(searcher, Site(trusted_proxies=read_proxies(trusted)), "192.0.2.7", FORWARDED)
    assert seen == {"client": "192.0.2.7", "url": "http://localhost/seen", "root": "http://localhost/"}


@pytest.mark.parametrize("scheme", ["javascript", "ftp", "https://evil", ""])
def test_a_scheme_that_is_none_is_ignored(searcher: Searcher, scheme: str) -> None:
    site = Site(trusted_proxies=read_proxies(["127.0.0.1"]))
    assert (
        seen_by(searcher, site, "127.0.0.1", {"X-Forwarded-Proto": scheme})["url"] == "http://localhost/seen"
    )


def test_its_own_pages_ask_from_the_public_origin(searcher: Searcher) -> None:
    site = Site(read_public_url(PUBLIC), read_proxies(["127.0.0.1"]), ("www.example.org",))
    client = make(searcher, site, origins=OriginPolicy())
    headers = {"Host": "www.example.org", "Origin": "https://www.example.org"}
    assert client.get("/xiesou/api/v1/search?q=提案", headers=headers).status_code == 200
    headers["Origin"] = "https://evil.example"
    assert client.get("/xiesou/api/v1/search?q=提案", headers=headers).status_code == 403


def test_robots_may_read_reports_and_ask_nothing(public: FlaskClient) -> None:
    from urllib.robotparser import RobotFileParser

    answer = public.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    rules = RobotFileParser()
    rules.parse(answer.get_data(as_text=True).splitlines())
    for path in ("/xiesou/", "/xiesou/reports", f"/xiesou/reports/{REPORT}"):
        assert rules.can_fetch("AnyBot", f"https://www.example.org{path}"), path
    for path in ("/xiesou/search?q=1", "/xiesou/export.csv?q=1", "/xiesou/export.xlsx", "/xiesou/distribution.csv",
                 "/xiesou/feed.atom", "/xiesou/api/v1/search", "/xiesou/embed?q=1"):  # fmt: skip
        assert not rules.can_fetch("AnyBot", f"https://www.example.org{path}"), path
    assert "Disallow: /xiesou/reports?*\n" in answer.get_data(as_text=True)  # that parser knows no patterns


def test_files_are_not_for_robots_and_links_to_them_say_so(public: FlaskClient) -> None:
    for path in (
        "/export.csv?q=提案",
        "/distribution.csv?q=提案",
        "/feed.atom?q=提案",
        "/api/v1/search?q=提案",
    ):
        assert public.get(path).headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "X-Robots-Tag" not in public.get("/reports").headers
    for view in ("", "&view=concordance", "&view=distribution"):
        page = public.get(f"/search?q=提案{view}").get_data(as_text=True)
        links = re.findall(r"<a [^>]*\bdownload\b[^>]*>", page)
        assert links
        assert all('rel="nofollow"' in link for link in links)
