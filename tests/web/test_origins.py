"""The allow-list: who is let in, who is refused and how it is said, and how often one may ask."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from search import Searcher
from web.app import WebConfig, create_app
from web.cli import serve
from web.origin_policy import OriginPolicy, read_origins

SITE = "https://zx.example.org"
ASK = "/api/v1/search?q=营商环境"


def client_of(searcher: Searcher, policy: OriginPolicy) -> FlaskClient:
    return create_app(WebConfig(searcher=searcher, origins=policy)).test_client()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["https://A.example.org/"], ("https://a.example.org",)),
        (["https://a.example.org:443, http://b.example.org:80  http://c:8080"],
         ("https://a.example.org", "http://b.example.org", "http://c:8080")),
        (["*"], ("*",)),
        (["https://四平政协.中国", "https://*.四平政协.中国:8443"],
         ("https://xn--ykr75fwwi4qh.xn--fiqs8s", "https://*.xn--ykr75fwwi4qh.xn--fiqs8s:8443")),
        (["", " "], ()),
        (["http://[::1]:8000", "http://[::1]:8000"], ("http://[::1]:8000",)),
    ],
)  # fmt: skip
def test_origins_are_read_as_operators_write_them(written: list[str], read: tuple[str, ...]) -> None:
    assert read_origins(written) == read


@pytest.mark.parametrize(
    "written", ["example.org", "https://a.org/path", "ftp://a.org", "https://a.org; script-src *", "null"]
)
def test_what_is_no_origin_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(ValueError, match=r"is no origin.*https://example\.org"):
        read_origins([written])


@pytest.mark.parametrize(
    ("allowed", "origin", "allows"),
    [
        ("https://a.org", "https://a.org", True),
        ("https://a.org", "http://a.org", False),
        ("https://a.org", "https://a.org:8443", False),
        ("https://*.a.org", "https://x.y.a.org", True),
        ("https://*.a.org", "https://a.org", False),
        ("https://*.a.org", "https://evila.org", False),
        ("https://*.a.org", "http://x.a.org", False),
        ("*", "null", True),
    ],
)
def test_policy_covers_exactly_what_is_listed(allowed: str, origin: str, allows: bool) -> None:
    assert OriginPolicy((allowed,)).allows(origin) is allows


def test_no_other_site_is_allowed_unless_listed(searcher: Searcher) -> None:
    answer = client_of(searcher, OriginPolicy()).get(ASK, headers={"Origin": SITE})
    assert answer.status_code == 403
    assert answer.get_json()["error"]["code"] == "origin_not_allowed"
    assert f"--allow-origin {SITE}" in answer.get_json()["error"]["message"]
    assert answer.headers["Access-Control-Allow-Origin"] == SITE  # so that the site's owner can read it
    assert "hits" not in answer.get_json()


def test_a_refused_site_learns_nothing_from_a_validator(searcher: Searcher) -> None:
    client = client_of(searcher, OriginPolicy())
    tag = client.get(ASK).headers["ETag"]
    assert client.get(ASK, headers={"Origin": SITE, "If-None-Match": tag}).status_code == 403


def test_a_listed_site_reads_answers_that_may_be_cached(searcher: Searcher) -> None:
    client = client_of(searcher, OriginPolicy((SITE,), cache_seconds=90))
    answer = client.get(ASK, headers={"Origin": SITE})
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == SITE
    assert "Origin" in answer.headers["Vary"]
    assert answer.headers["Cache-Control"] == "public, max-age=90"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    wrong = client.get("/api/v1/search?page=x", headers={"Origin": SITE})
    assert wrong.status_code == 400
    assert wrong.headers["Access-Control-Allow-Origin"] == SITE


def test_own_pages_and_programs_are_not_concerned(searcher: Searcher) -> None:
    client = client_of(searcher, OriginPolicy(rate_per_minute=1))
    for headers in ({}, {"Origin": "http://localhost"}, {"Origin": "https://localhost"}):
        for _ in range(3):
            assert client.get(ASK, headers=headers).status_code == 200
    assert "Origin" in client.get(ASK).headers["Vary"]


def test_open_to_all_needs_no_variants(searcher: Searcher) -> None:
    answer = client_of(searcher, OriginPolicy(("*",))).get(ASK, headers={"Origin": SITE})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Origin" not in answer.headers["Vary"]


@pytest.mark.parametrize("names", ["if-none-match", "x-requested-with,traceparent", "authorization"])
def test_preflight_lets_hosts_add_what_they_like(searcher: Searcher, names: str) -> None:
    client = client_of(searcher, OriginPolicy((SITE,)))
    asked = {
        "Origin": SITE,
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": names,
    }
    answer = client.options(ASK, headers=asked)
    assert answer.status_code == 204
    assert "GET" in answer.headers["Access-Control-Allow-Methods"]
    assert answer.headers["Access-Control-Allow-Headers"] == names
    assert "Access-Control-Request-Headers" in answer.headers["Vary"]


def test_preflight_of_a_refused_site_lets_the_request_come_and_be_explained(searcher: Searcher) -> None:
    client = client_of(searcher, OriginPolicy())
    asked = {"Origin": SITE, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "x-a"}
    assert client.options(ASK, headers=asked).status_code == 204
    assert (
        client.get(ASK, headers={"Origin": SITE, "X-A": "1"}).get_json()["error"]["code"]
        == "origin_not_allowed"
    )


def test_a_page_without_an_origin_is_told_what_lets_it_in(searcher: Searcher) -> None:
    answer = client_of(searcher, OriginPolicy()).get(ASK, headers={"Origin": "null"})
    assert "--allow-origin '*'" in answer.get_json()["error"]["message"]


def test_too_many_requests_of_one_site_wait_and_others_do_not(searcher: Searcher) -> None:
    other = "https://other.example.org"
    client = client_of(searcher, OriginPolicy((SITE, other), rate_per_minute=2))
    statuses = [client.get(ASK, headers={"Origin": SITE}).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    refused = client.get(ASK, headers={"Origin": SITE})
    assert refused.get_json()["error"]["code"] == "too_many_requests"
    assert 1 <= int(refused.headers["Retry-After"]) <= 30
    assert "Retry-After" in refused.headers["Access-Control-Expose-Headers"]
    assert client.get(ASK, headers={"Origin": other}).status_code == 200


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [(["--allow-origin", "a.org"], {}), ([], {"XIESOU_ALLOWED_ORIGINS": "https://b.org a.org"})],
)
def test_serve_refuses_what_is_no_origin(arguments: list[str], environment: dict[str, str]) -> None:
    done = CliRunner().invoke(serve, arguments, env=environment)
    assert done.exit_code == 2
    assert "a.org is no origin" in done.output
