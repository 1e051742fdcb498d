"""What an operator sees: a line for each request, ids, slow questions with their plan, counts for the token alone."""

from __future__ import annotations

import base64
import json
import logging
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from werkzeug.test import TestResponse

from search import Searcher
from web.app import WebConfig, create_app
from web.observing import Observing
from web.rate_policy import RateLimits
from web.site import Site, read_proxies

BEARER = {"Authorization": "Bearer opensesame"}
COMMON = re.compile(
    r'^(\S+) - - \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000\] "((?:[^"\\]|\\.)*)" (\d{3}) (\d+|-)$'
)


class Reader(FlaskClient):
    """A client that reads each answer to its end, unless told otherwise."""

    def open(self, *args: Any, buffered: bool = True, **options: Any) -> TestResponse:
        return super().open(*args, buffered=buffered, **options)


def make(searcher: Searcher, observing: Observing, **config: Any) -> Flask:
    app = create_app(WebConfig(searcher=searcher, observing=observing, **config))
    app.testing = False
    app.test_client_class = Reader
    return app


def test_the_common_log_has_a_line_for_each_request(searcher: Searcher, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    client = make(searcher, Observing(str(log))).test_client()
    tag = client.get("/search?q=提案").headers["ETag"]
    client.get("/search?q=提案", headers={"If-None-Match": tag})
    client.get('/nowhere"%0aFAKE - - [x] "GET /')
    size = len(client.get("/export.csv?q=提案").data)
    client.head("/search?q=提案")
    lines = log.read_text("utf-8").splitlines()
    found = [COMMON.match(line) for line in lines]
    assert all(found), lines
    read = [match.groups() for match in found if match]
    assert [(status, sent) for _, _, status, sent in read][1:2] == [("304", "-")]
    assert [status for _, _, status, _ in read] == ["200", "304", "404", "200", "200"]
    assert read[3][3] == str(size)
    assert read[4][3] == "-"
    assert read[0][1] == "GET /search?q=%E6%8F%90%E6%A1%88 HTTP/1.1"
    assert {client for client, *_ in read} == {"127.0.0.1"}


def test_the_json_log_has_ids_routes_and_refusals(searcher: Searcher, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    client = make(searcher, Observing(str(log), "json"), rates=RateLimits(1)).test_client()
    answers = [client.get("/api/v1/search?q=x", headers={"User-Agent": "a\nb"[:1]}) for _ in range(2)]
    noted = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert [note["id"] for note in noted] == [answer.headers["X-Request-ID"] for answer in answers]
    assert [(note["status"], note["refusal"]) for note in noted] == [(200, None), (429, "too_many_requests")]
    assert {note["route"] for note in noted} == {"api.search"}
    assert all(note["bytes"] == len(answer.data) for note, answer in zip(noted, answers, strict=True))
    assert all(note["ms"] >= 0 and note["time"].endswith("+00:00") for note in noted)


def test_a_log_that_was_moved_away_is_begun_again(searcher: Searcher, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    client = make(searcher, Observing(str(log))).test_client()
    client.get("/healthz")
    log.rename(tmp_path / "old.log")
    client.get("/healthz")
    assert len(log.read_text("utf-8").splitlines()) == 1
    assert len((tmp_path / "old.log").read_text("utf-8").splitlines()) == 1


def test_an_answer_whose_client_goes_is_noted_with_what_was_sent(searcher: Searcher, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    app = make(searcher, Observing(str(log), "json"))
    answer = app.test_client().get("/export.csv?q=提案", buffered=False)
    first = next(iter(answer.iter_encoded()))
    answer.close()
    (note,) = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert note["bytes"] == len(first)


@pytest.mark.parametrize(
    ("peer", "given", "kept"),
    [
        ("127.0.0.1", "from-the-proxy.1", True),
        ("192.0.2.1", "from-the-client", False),
        ("127.0.0.1", "no id at all\x00", False),
        ("127.0.0.1", "x" * 65, False),
    ],
)
def test_an_id_is_taken_from_trusted_proxies_alone(
    searcher: Searcher, peer: str, given: str, kept: bool
) -> None:
    site = Site(trusted_proxies=read_proxies(["127.0.0.1"]))
    client = make(searcher, Observing(), site=site).test_client()
    answer = client.get("/healthz", headers={"X-Request-ID": given}, environ_base={"REMOTE_ADDR": peer})
    assert (answer.headers["X-Request-ID"] == given) is kept


def test_lines_of_the_log_name_the_request(searcher: Searcher, caplog: pytest.LogCaptureFixture) -> None:
    app = make(searcher, Observing())

    @app.get("/fails")
    def fails() -> str:
        raise RuntimeError("on purpose")

    answer = app.test_client().get("/fails")
    assert answer.status_code == 500
    assert f"[{answer.headers['X-Request-ID']}]" in caplog.text


def test_slow_questions_are_told_with_their_plan(
    searcher: Searcher, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    client = make(searcher, Observing(slow_ms=0)).test_client()
    answer = client.get("/api/v1/count?q=营商环境 -招商%0aFAKE")
    client.get("/reports")
    client.get("/search?q=(")
    (line, *others) = [record.getMessage() for record in caplog.records if "slow:" in record.getMessage()]
    assert "without" in line
    assert "term text:" in line or "string" in line
    assert answer.headers["X-Request-ID"] in line
    assert "\n" not in line
    assert len(others) == 1  # what can't be read has no plan; what asks nothing isn't told
    caplog.clear()
    make(searcher, Observing(slow_ms=60_000)).test_client().get("/search?q=提案")
    assert not caplog.records


def families(text: str) -> dict[str, Any]:
    return {family.name: family for family in text_string_to_metric_families(text)}  # type: ignore[no-untyped-call]


def test_metrics_are_openmetrics_and_count(searcher: Searcher) -> None:
    client = make(searcher, Observing(operator_token="opensesame"), rates=RateLimits(3)).test_client()
    statuses = [client.get("/api/v1/search?q=提案").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    answer = client.get("/metrics", headers=BEARER, environ_base={"REMOTE_ADDR": "192.0.2.9"})
    assert answer.status_code == 200
    assert answer.content_type.startswith("application/openmetrics-text")
    assert answer.headers["Cache-Control"] == "no-store"
    found = families(answer.get_data(as_text=True))
    counted = {
        (sample.labels["route"], sample.labels["status"]): sample.value
        for sample in found["xiesou_requests"].samples
        if sample.name == "xiesou_requests_total"
    }
    assert counted == {("api.search", "200"): 3, ("api.search", "429"): 1}
    refused = [sample for sample in found["xiesou_refusals"].samples if sample.name.endswith("_total")]
    assert [(sample.labels["code"], sample.value) for sample in refused] == [("too_many_requests", 1)]
    for name in (
        "answer_seconds",
        "sent_bytes",
        "cache_bytes",
        "index_generation",
        "index_seen_timestamp_seconds",
    ):
        assert f"xiesou_{name}" in found
    assert found["xiesou_index_reports"].samples[0].value == searcher.stats().reports
    assert found["process_resident_memory_bytes"].samples[0].value > 1_000_000
    assert "提案" not in answer.get_data(as_text=True)


def test_no_label_is_what_a_client_sends(searcher: Searcher) -> None:
    client = make(searcher, Observing(operator_token="opensesame")).test_client()
    for number in range(20):
        client.open(f"/nowhere/{number}", method=f"BREW{number}")
    found = families(client.get("/metrics", headers=BEARER).get_data(as_text=True))
    assert len([s for s in found["xiesou_requests"].samples if s.name.endswith("_total")]) == 1


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        (None, 401),
        ("Bearer opensesame", 200),
        ("Basic " + base64.b64encode(b"anybody:opensesame").decode(), 200),
        ("Bearer wrong", 401),
        ("Bearer ", 401),
        ("Basic %%%", 401),
        ("Basic " + base64.b64encode(b"opensesame").decode(), 401),
        ("Digest opensesame", 401),
        ("Bearer \xff\x80", 401),
    ],
)
def test_metrics_are_for_the_token_alone(searcher: Searcher, authorization: str | None, status: int) -> None:
    client = make(searcher, Observing(operator_token="opensesame")).test_client()
    headers = {} if authorization is None else {"Authorization": authorization}
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == status
    if status == 401:
        assert "xiesou_requests" not in answer.get_data(as_text=True)
        assert "Basic" in answer.headers["WWW-Authenticate"]


def test_without_a_token_there_are_no_metrics(searcher: Searcher) -> None:
    client = make(searcher, Observing()).test_client()
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    assert "opensesame" not in repr(Observing(operator_token="opensesame"))
