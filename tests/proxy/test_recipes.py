"""The recipes for nginx and Caddy, as they are written: TLS, a path, true addresses, told clients, a cache."""

from __future__ import annotations

import re

import pytest

from tests.proxy.conftest import PUBLIC, Front
from tests.web.sample import id_of

pytestmark = pytest.mark.proxy

REPORT = id_of("baishan-2023-cppcc.txt")
PRINTING = [
    "/opensearch.xml",
    "/feed.atom?q=%E6%8F%90%E6%A1%88",
    "/oembed?url=https://www.example.org/xiesou/search%3Fq=1",
    f"/reports/{REPORT}/cite",
    f"/reports/{REPORT}/cite.bib",
    "/export.csv?q=%E6%8F%90%E6%A1%88",
    "/embed/setup",
    f"/embed/quote?report={REPORT}&n=1",
]
FORGED = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-For": "203.0.113.66",
    "Forwarded": "for=203.0.113.66;host=evil.example;proto=http",
}


@pytest.mark.parametrize("path", PRINTING)
@pytest.mark.parametrize("headers", [{}, FORGED], ids=["plain", "forged"])
def test_printed_addresses_are_public(front: Front, path: str, headers: dict[str, str]) -> None:
    answer = front.get("/xiesou" + path, headers=headers)
    assert answer.status == 200
    assert PUBLIC in answer.text.replace("\\/", "/")
    assert "evil" not in answer.text
    assert "http://www.example.org" not in answer.text
    assert "127.0.0.1" not in answer.text


def test_pages_lead_on_within_the_path(front: Front) -> None:
    home = front.get("/xiesou/")
    assert home.status == 200
    links = set(re.findall(r'(?:href|src|action)="([^"#]+)"', home.text))
    assert links
    assert all(link.startswith("/xiesou/") for link in links)
    for link in sorted(links)[:40]:
        assert front.get(link.replace("&amp;", "&")).status == 200, link


def test_plain_http_and_the_bare_path_lead_to_tls(front: Front) -> None:
    plain = front.get_plain("/xiesou/search?q=1")
    assert plain.status in (301, 308)
    assert plain.headers["Location"].startswith("https://www.example.org")
    bare = front.get("/xiesou")
    assert bare.status == 301
    assert bare.headers["Location"].removeprefix("https://www.example.org") == "/xiesou/"


def test_the_longest_query_passes(front: Front) -> None:
    answer = front.get("/xiesou/api/v1/search?q=" + "%E6%8F%90%E6%A1%88" * 1000)
    assert answer.status in (200, 400)


def test_robots_are_told_at_the_root(front: Front) -> None:
    answer = front.get("/robots.txt")
    assert answer.status == 200
    assert "Disallow: /xiesou/search" in answer.text


def test_what_may_be_kept_is_kept_by_nginx(nginx: Front) -> None:
    path = "/xiesou/embed?q=%E6%8F%90%E6%A1%88&theme=light"
    seen = [nginx.get(path, source="127.0.0.77") for _ in range(3)]
    assert [answer.headers["X-Cache"] for answer in seen] == ["MISS", "HIT", "HIT"]
    assert len({answer.body for answer in seen}) == 1
    page = [nginx.get("/xiesou/search?q=1", source="127.0.0.77") for _ in range(2)]
    assert {answer.headers["X-Cache"] for answer in page} == {"MISS"}


def test_a_kept_answer_is_not_given_to_a_site_that_is_not_listed(nginx: Front) -> None:
    path = "/xiesou/api/v1/search?q=%E6%8F%90%E6%A1%88"
    listed = {"Origin": "https://a.example.org"}
    kept = [nginx.get(path, headers=listed, source="127.0.0.78") for _ in range(2)]
    assert [answer.headers["X-Cache"] for answer in kept] == ["MISS", "HIT"]
    other = nginx.get(path, headers={"Origin": "https://evil.example"}, source="127.0.0.78")
    assert other.status == 403


def test_clients_are_told_apart_behind_nginx_whatever_they_write(nginx: Front) -> None:
    statuses = [
        nginx.get(
            f"/xiesou/search?q={n}", source="127.0.0.9", headers={"X-Forwarded-For": f"203.0.113.{n}"}
        ).status
        for n in range(40)
    ]
    assert statuses[0] == 200
    assert statuses[-1] == 429
    assert nginx.get("/xiesou/search?q=1", source="127.0.0.10").status == 200
