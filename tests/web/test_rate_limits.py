"""Limits by client: nobody uses up what others may ask, costly questions count more, and a classroom fits."""

from __future__ import annotations

import ipaddress
import multiprocessing
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from search import Searcher
from search.public_url import read_public_url
from web.app import WebConfig, create_app
from web.origin_policy import OriginPolicy
from web.rate_limits import COSTS, client_key
from web.rate_policy import DEFAULT_CLIENT_RATE, RateLimits, choose_client_rate
from web.rate_table import RateTable
from web.site import Site, read_proxies

SITE = "https://zx.example.org"
ASK = "/api/v1/search?q=营商环境"
HAS_FORK = "fork" in multiprocessing.get_all_start_methods()


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def client_of(
    searcher: Searcher, rate: int | None = None, clock: Clock | None = None, **config: Any
) -> FlaskClient:
    rates = RateLimits(rate, RateTable(clock=clock or Clock()))
    return create_app(WebConfig(searcher=searcher, rates=rates, **config)).test_client()


def ask(client: FlaskClient, path: str = ASK, *, address: str = "192.0.2.1", **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(path, headers=named, environ_base={"REMOTE_ADDR": address}).status_code


def test_a_forged_origin_shuts_nobody_out(searcher: Searcher) -> None:
    client = client_of(searcher, origins=OriginPolicy((SITE,), rate_per_minute=5))
    assert [ask(client, Origin=SITE) for _ in range(7)] == [200] * 5 + [429] * 2
    assert ask(client, address="198.51.100.7", Origin=SITE) == 200


def test_without_an_origin_and_by_turning_subdomains_no_more_is_served(searcher: Searcher) -> None:
    policy = OriginPolicy(("https://*.example.org",), rate_per_minute=5)
    client = client_of(searcher, 20, origins=policy)
    assert [ask(client, Origin=f"https://a{n}.example.org") for n in range(7)] == [200] * 5 + [429] * 2
    assert [ask(client) for _ in range(15)].count(200) == 13
    assert ask(client, "/search?q=提案") == 429
    assert ask(client, Origin="https://evil.example") == 429
    assert ask(client, "/nowhere") == 429


def test_turning_addresses_of_one_network_are_one_client(searcher: Searcher) -> None:
    client = client_of(searcher, 3)
    assert [ask(client, address=f"2001:db8::{n:x}") for n in range(1, 6)] == [200] * 3 + [429] * 2
    assert ask(client, address="2001:db8:0:1::1") == 200


@pytest.mark.parametrize("forged", ["203.0.113.7", "", "junk"])
def test_a_header_of_anybody_changes_nothing(searcher: Searcher, forged: str) -> None:
    client = client_of(searcher, 2)
    seen = [
        ask(client, X_Forwarded_For=f"{forged}{n}", X_Real_IP=str(n), Forwarded=f"for={n}") for n in range(4)
    ]
    assert seen == [200, 200, 429, 429]


def test_behind_a_trusted_proxy_its_header_tells_clients_apart(searcher: Searcher) -> None:
    client = client_of(searcher, 2, site=Site(trusted_proxies=read_proxies(["127.0.0.1"])))
    first = [ask(client, address="127.0.0.1", X_Forwarded_For=f"9.9.9.{n}, 203.0.113.1") for n in range(3)]
    assert first == [200, 200, 429]
    assert ask(client, address="127.0.0.1", X_Forwarded_For="203.0.113.2") == 200


def test_a_refusal_says_when_and_in_the_form_that_was_asked_for(searcher: Searcher) -> None:
    clock = Clock()
    client = client_of(searcher, 2, clock, origins=OriginPolicy((SITE,)))
    assert [ask(client) for _ in range(2)] == [200, 200]
    refused = client.get(ASK, headers={"Origin": SITE}, environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert refused.status_code == 429
    assert refused.get_json()["error"]["message_code"] == "too_many_of_client"
    assert (
        refused.headers["Access-Control-Allow-Origin"] == SITE
    )  # so that the widget can wait as long as it says
    assert refused.headers["Retry-After"] == "30"
    page = client.get("/search?q=1&lang=en", environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert page.status_code == 429
    assert "2 a minute at most" in page.get_data(as_text=True)
    assert page.headers["Cache-Control"] in ("no-store", "no-cache")
    clock.now += int(refused.headers["Retry-After"])
    assert ask(client) == 200


def test_costly_questions_count_more_and_files_of_pages_nothing(searcher: Searcher) -> None:
    def served(path: str, rate: int = 40) -> int:
        client = client_of(searcher, rate)
        return [ask(client, path) for _ in range(rate * 2)].count(200)

    assert served("/api/v1/search?q=提案") == 40
    assert served("/api/v1/suggest?q=提") == 80
    assert client_of(searcher, 4)  # 4 a minute are 20 suggestions
    assert served("/api/v1/suggest?q=提", 4) == 8
    assert served("/search?q=提案&view=distribution") == 8
    assert served("/search?q=提案&view=concordance") == 8
    assert served("/api/v1/trends?q=提案") == 8
    assert served("/export.csv?q=提案") == 2
    assert served("/export.xlsx?q=提案") == 1
    assert served("/embed.js") == 80
    assert served("/healthz") == 80
    many = "&".join(f"city={n:0100}" for n in range(20))  # more than `quick_kb`
    assert served(f"/search?q=提案&{many}") == served(f"/embed?q=提案&{many}") == 8
    assert served(f"/export.csv?q=提案&{many}") == 2


def test_what_costs_more_than_a_minute_has_is_served_once_a_minute(searcher: Searcher) -> None:
    clock = Clock()
    client = client_of(searcher, 5, clock)
    assert ask(client, "/export.csv?q=提案") == 200
    assert ask(client, "/export.csv?q=提案") == 429
    clock.now += 60
    assert ask(client, "/export.csv?q=提案") == 200


def test_every_cost_is_of_an_endpoint_that_there_is(searcher: Searcher) -> None:
    endpoints = {rule.endpoint for rule in create_app(WebConfig(searcher=searcher)).url_map.iter_rules()}
    assert set(COSTS) <= endpoints


def test_a_classroom_of_forty_behind_one_address_works() -> None:
    """A lesson of ten minutes: each reads a hit, asks again, types; sometimes a chart; at its end each takes a file."""
    clock, table, refused = Clock(), RateTable(clock=lambda: clock.now), 0

    def spend(cost: float) -> None:
        nonlocal refused
        refused += table.take("school", cost, per_minute=DEFAULT_CLIENT_RATE) > 0

    for second in range(600):
        clock.now += 1
        for pupil in range(40):
            if (second + pupil) % 6 == 0:  # ten pages a minute, five suggestions before each
                spend(1)
                for _ in range(5):
                    spend(COSTS["api.suggest"])
            if (second + pupil) % 60 == 0:
                spend(COSTS["api.trends"])
            if second == 540 + pupil:
                spend(COSTS["exports.export_csv"])
    assert refused == 0


@given(st.lists(st.tuples(st.floats(0, 30), st.sampled_from([0.2, 1.0, 5.0, 40.0])), max_size=60))
def test_no_more_is_taken_than_a_minute_has_and_time_gives(steps: list[tuple[float, float]]) -> None:
    clock, rate = Clock(), 30
    table, taken, began = RateTable(clock=clock, slots=8), 0.0, clock.now
    for pause, cost in steps:
        clock.now += pause
        wait = table.take("a", cost, per_minute=rate)
        assert 0 <= wait <= 60
        if not wait:
            taken += min(cost, rate)
        assert taken <= rate + (clock.now - began) * rate / 60 + 1e-3


def test_waiting_as_long_as_was_said_is_enough() -> None:
    clock = Clock()
    table = RateTable(clock=clock)
    while not (wait := table.take("a", 1, per_minute=7)):
        pass
    clock.now += wait
    assert table.take("a", 1, per_minute=7) == 0


def test_the_table_stays_as_large_as_it_is_and_crowds_out_the_smallest_debts() -> None:
    clock = Clock()
    table = RateTable(clock=clock, slots=64)
    while not table.take("flooder", 1, per_minute=10):
        pass
    for n in range(2000):
        table.take(f"other {n}", 1, per_minute=1000)
    assert table.take("flooder", 1, per_minute=10) > 0


def count_granted(path: Path | None, table: RateTable | None, asked: int) -> int:
    shared = table or RateTable(path, clock=lambda: 0.0)
    return sum(shared.take("a", 1, per_minute=100) == 0 for _ in range(asked))


@pytest.mark.skipif(not HAS_FORK, reason="this system starts no process with what another has open")
@pytest.mark.parametrize("by_name", [True, False])
def test_processes_count_together(tmp_path: Path, by_name: bool) -> None:
    path = tmp_path / "rates" if by_name else None
    table = None if by_name else RateTable(clock=lambda: 0.0)
    context = multiprocessing.get_context("fork")
    with context.Pool(4) as pool:
        granted = pool.starmap(count_granted, [(path, None, 60)] * 4) if by_name else None
    if not by_name:
        results = context.SimpleQueue()
        workers = [
            context.Process(target=lambda: results.put(count_granted(None, table, 60))) for _ in range(4)
        ]
        for worker in workers:
            worker.start()
        granted = [results.get() for _ in workers]
        for worker in workers:
            worker.join()
    assert granted is not None
    assert sum(granted) == 100


@pytest.mark.parametrize(
    ("host", "site", "policy", "rate"),
    [
        ("127.0.0.1", Site(), OriginPolicy(), None),
        ("localhost", Site(), OriginPolicy(), None),
        ("127.0.0.1", Site(), OriginPolicy((SITE,)), DEFAULT_CLIENT_RATE),
        ("127.0.0.1", Site(trusted_proxies=read_proxies(["127.0.0.1"])), OriginPolicy(), DEFAULT_CLIENT_RATE),
        ("127.0.0.1", Site(read_public_url("https://a.example")), OriginPolicy((SITE,)), None),
        ("0.0.0.0", Site(), OriginPolicy(), DEFAULT_CLIENT_RATE),
        ("192.0.2.1", Site(read_public_url("https://a.example")), OriginPolicy(), DEFAULT_CLIENT_RATE),
    ],
)  # fmt: skip
def test_strangers_are_limited_and_this_machine_is_not(
    host: str, site: Site, policy: OriginPolicy, rate: int | None
) -> None:
    assert choose_client_rate(host, site, policy) == rate


@given(st.ip_addresses())
def test_every_address_has_a_key_that_holds_it(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    key = client_key(str(address))
    if address.version == 4:
        assert key == str(address)
    elif address.ipv4_mapped is None:
        assert address in ipaddress.ip_network(key)


def test_what_is_no_address_is_its_own_key() -> None:
    assert client_key("") == ""
    assert client_key("unix:") == "unix:"
