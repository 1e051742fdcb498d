"""What the setup page finds wrong with a site: scheme, list, policy."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from web.embed_check import HostCheck, check_host
from web.embed_setup import name_places
from web.origin_policy import OriginPolicy

SERVER = "https://search.example.org"
OPEN = OriginPolicy(("*",))


@pytest.mark.parametrize(
    ("csp", "missing"),
    [
        ("", {}),
        ("img-src 'self'", {}),
        ("default-src *", {}),
        ("default-src https:", {}),
        (f"script-src {SERVER}/; connect-src {SERVER}", {}),
        ("script-src https://*.example.org; connect-src search.example.org; form-action http://search.example.org", {}),
        ("Content-Security-Policy: script-src 'self'", {"script-src": f"script-src 'self' {SERVER}"}),
        ("script-src https://search.example.org.evil.org", {
            "script-src": f"script-src https://search.example.org.evil.org {SERVER}",
        }),
        ("default-src 'none'; script-src 'nonce-x' 'strict-dynamic'", {
            "connect-src": f"connect-src {SERVER}", "frame-src": f"frame-src {SERVER}",
        }),
        ("form-action 'self'; FRAME-SRC 'none'", {
            "form-action": f"form-action 'self' {SERVER}", "frame-src": f"frame-src {SERVER}",
        }),
        (f"script-src {SERVER}; script-src 'none'", {}),
    ],
)  # fmt: skip
def test_policy_is_read_as_browsers_read_it(csp: str, missing: dict[str, str]) -> None:
    assert check_host("https://a.org", csp, SERVER, OPEN).missing == missing


@pytest.mark.parametrize(
    ("site", "server", "policy", "check"),
    [
        ("https://a.org", SERVER, OPEN, HostCheck()),
        ("https://a.org", "http://s.org", OPEN, HostCheck(is_mixed=True)),
        ("https://a.org", "http://127.0.0.1:8000", OPEN, HostCheck()),
        ("https://a.org", SERVER, OriginPolicy(), HostCheck(is_allowed=False)),
        ("a.org/path", SERVER, OPEN, HostCheck(is_origin=False)),
        ("https://a.org", SERVER, OriginPolicy(("https://a.org",)), HostCheck()),
    ],
)
def test_scheme_and_list_are_checked(site: str, server: str, policy: OriginPolicy, check: HostCheck) -> None:
    assert check_host(site, "", server, policy) == check


def test_a_policy_that_trusts_by_nonce_needs_one() -> None:
    assert check_host("https://a.org", "script-src 'nonce-x' 'strict-dynamic'", SERVER, OPEN).needs_nonce


def test_cities_are_completed_and_what_is_not_held_is_told() -> None:
    held = ["四平市", "长春市", "吉林市", "延边朝鲜族自治州", "吉林北市"]
    places = name_places(["四平", "长春市", "延边", "吉林", "火星", "四平市"], held)
    assert places.known == ("四平市", "长春市", "延边朝鲜族自治州")
    assert places.unknown == ("吉林", "火星")
    assert places.completed == (("四平", "四平市"), ("延边", "延边朝鲜族自治州"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_setup_page_checks_and_completes(client: FlaskClient, lang: str) -> None:
    asked = {
        "lang": lang, "site": "https://www.example.org", "csp": "script-src 'self'", "city": "通化 绍兴市、火星",
    }  # fmt: skip
    page = client.get("/embed/setup", query_string=asked).text
    assert "script-src &#39;self&#39; http://localhost;" in page
    assert "--allow-origin https://www.example.org" in page
    assert "city=&#34;通化市 绍兴市 火星&#34;" in page or 'city="通化市 绍兴市 火星"' in page
    for name in ("WordPress", "MkDocs", "VitePress", "Hugo", "React", "Next.js", "Vue", "ASP.NET Web Forms"):
        assert f"<summary>{name}</summary>" in page
    assert "integrity=" not in page
    pinned = client.get("/embed/setup", query_string={**asked, "pin": "1"}).text
    assert "integrity=" in pinned
