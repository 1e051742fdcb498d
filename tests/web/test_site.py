"""What an operator says of a server's place, and what a request may say of it."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from search.public_url import read_public_url
from web.cli import serve
from web.site import Site, hosts_for, read_address, read_host, read_hosts, read_proxies
from web.site_options import read_site, warnings_of


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://search.example.org", "https://search.example.org"),
        (" HTTPS://Search.Example.org:443/ ", "https://search.example.org"),
        ("http://example.org:8080/xiesou/", "http://example.org:8080/xiesou"),
        ("https://example.org/a/b-c_d.e~f", "https://example.org/a/b-c_d.e~f"),
        ("https://四平政协.中国/检索", None),
        ("https://四平政协.中国/xiesou", "https://xn--ykr75fwwi4qh.xn--fiqs8s/xiesou"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://example.org/?q=1", None),
        ("https://user@example.org", None),
        ("https://a..b", None),
        ("https://example.org:99999", None),
        ("https://example.org/../x", None),
        ("https://example.org//x", None),
        ("https://", None),
        ("example.org", None),
        ("ftp://example.org", None),
        ("https://example.org\nX: y", None),
    ],
)
def test_public_urls_are_read_or_refused_with_an_example(written: str, read: str | None) -> None:
    if read is None:
        with pytest.raises(ValueError, match=r"https://search\.example\.org"):
            read_public_url(written)
    else:
        assert str(read_public_url(written)) == read
        assert read_public_url(read) == read_public_url(written)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Example.org", "example.org"),
        ("example.org.:80", "example.org"),
        ("127.0.0.1:8000", "127.0.0.1"),
        ("[::1]:8000", "[::1]"),
        ("a_b.example", "a_b.example"),
        *((bad, None) for bad in ("", "a..b", ".a", "a b", "[", "[::1", "a:b", "a:", "a@b", "a/b", "é", "a\n", "a\0")),
        ("a" * 64, None),
        (".".join(["a" * 60] * 5), None),
    ],
)  # fmt: skip
def test_a_host_is_well_formed_or_none(written: str, name: str | None) -> None:
    assert read_host(written) == name


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        (" 192.0.2.1:5678 ", "192.0.2.1"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("2001:DB8::1", "2001:db8::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        *(
            (bad, None)
            for bad in ("", "unknown", "_hidden", "192.0.2", "999.0.0.1", "a" * 5000, "1.1.1.1\n2.2.2.2")
        ),
    ],
)
def test_addresses_of_proxies_are_read(written: str, address: str | None) -> None:
    assert str(read_address(written)) == str(address)


@pytest.mark.parametrize(
    ("forwarded_for", "client"),
    [
        ("", "10.0.0.2"),
        ("203.0.113.9", "203.0.113.9"),
        ("1.2.3.4, 203.0.113.9", "203.0.113.9"),  # what the client wrote itself stands first
        ("1.2.3.4, 203.0.113.9, 10.0.0.3", "203.0.113.9"),
        ("1.2.3.4, junk, 10.0.0.3", "10.0.0.3"),
        ("10.0.0.9, 10.0.0.3", "10.0.0.9"),
        ("203.0.113.9:4711", "203.0.113.9"),
    ],
)
def test_the_client_is_the_last_that_is_no_proxy(forwarded_for: str, client: str) -> None:
    site = Site(trusted_proxies=read_proxies(["10.0.0.0/8"]))
    assert site.client_of("10.0.0.2", forwarded_for) == client


@given(st.text(max_size=60))
def test_whatever_a_header_says_there_is_a_client(forwarded_for: str) -> None:
    site = Site(trusted_proxies=read_proxies(["127.0.0.1"]))
    assert read_address(site.client_of("127.0.0.1", forwarded_for)) is not None
    assert site.client_of("192.0.2.7", forwarded_for) == "192.0.2.7"


def test_names_cover_what_they_say() -> None:
    site = Site(allowed_hosts=read_hosts(["*.Example.org, 192.0.2.1 四平政协.中国"]))
    assert site.allows("a.example.org:8443")
    assert site.allows("192.0.2.1")
    assert site.allows("xn--ykr75fwwi4qh.xn--fiqs8s")
    assert not site.allows("example.org")
    assert not site.allows("evilexample.org")
    assert not site.allows("localhost")
    assert Site(allowed_hosts=("*",)).allows("anything.example")
    assert not Site(allowed_hosts=("*",)).knows("anything.example")
    assert not Site(allowed_hosts=("*",)).allows("a..b")


@pytest.mark.parametrize(
    ("listening", "options", "allows", "refuses"),
    [
        ("127.0.0.1", {}, "localhost:8000", "evil.example"),
        ("localhost", {}, "[::1]:8000", "evil.example"),
        ("0.0.0.0", {}, "evil.example", ""),
        ("127.0.0.1", {"trusted_proxies": ("127.0.0.1",)}, "evil.example", ""),
        ("0.0.0.0", {"public_url": "https://a.example:8443/x"}, "a.example", "evil.example"),
        ("0.0.0.0", {"public_url": "https://a.example"}, "127.0.0.1:8000", "evil.example"),
        ("0.0.0.0", {"allowed_hosts": ("b.example",)}, "b.example", "a.example"),
        ("0.0.0.0", {"public_url": "https://a.example", "allowed_hosts": ("b.example",)}, "a.example", "c.example"),
    ],
)  # fmt: skip
def test_hosts_follow_from_what_is_known(
    listening: str, options: dict[str, object], allows: str, refuses: str
) -> None:
    given = {"public_url": None, "trusted_proxies": (), "allowed_hosts": (), **options}
    site = read_site(listening, **given)  # type: ignore[arg-type]
    assert site.allows(allows)
    assert not site.allows(refuses)


@pytest.mark.parametrize(
    ("host", "site", "codes"),
    [
        ("127.0.0.1", Site(), []),
        ("0.0.0.0", Site(), ["no_public_url"]),
        ("::", Site(), ["no_public_url"]),
        ("127.0.0.1", Site(trusted_proxies=read_proxies(["127.0.0.1"])), ["no_public_url"]),
        ("127.0.0.1", Site(read_public_url("https://a.example")), ["no_trusted_proxies"]),
        ("127.0.0.1", Site(read_public_url("https://a.example"), read_proxies(["127.0.0.1"])), []),
        ("0.0.0.0", Site(read_public_url("https://a.example")), []),
    ],
)
def test_what_was_likely_forgotten_is_told(host: str, site: Site, codes: list[str]) -> None:
    assert [warning.code for warning in warnings_of(host, site)] == codes


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (["--public-url", "example.org"], {}, "example.org is no public address"),
        ([], {"XIESOU_PUBLIC_URL": "nowhere"}, "nowhere is no public address"),
        (["--trusted-proxies", "localhost"], {}, "localhost is no address of a proxy"),
        ([], {"XIESOU_TRUSTED_PROXIES": "127.0.0.1 10.0.0.0/99"}, "10.0.0.0/99 is no address of a proxy"),
        (["--allowed-hosts", "https://a.example"], {}, "https://a.example is no host"),
        ([], {"XIESOU_ALLOWED_HOSTS": "a.example, b:80"}, "b:80 is no host"),
    ],
)
def test_serve_refuses_what_it_cannot_read(
    arguments: list[str], environment: dict[str, str], said: str
) -> None:
    done = CliRunner().invoke(serve, arguments, env=environment)
    assert done.exit_code == 2
    assert said in done.output


def test_hosts_for_names_the_public_host_once() -> None:
    site = Site(read_public_url("https://a.example"))
    assert hosts_for("0.0.0.0", named=("a.example",), site=site).count("a.example") == 1
