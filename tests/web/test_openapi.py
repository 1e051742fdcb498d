"""The description of the interface is the interface: every address is in it, every answer is as it says."""

from __future__ import annotations

import contextlib
import csv
import io
import os
from collections.abc import Callable, Iterator
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from web.openapi import describe_api

HIDDEN = ("/api", "/api/v1/openapi.json")
FILES = ("/export.csv", "/export.xlsx", "/distribution.csv", "/feed.atom")
EXCLUDED = [positive_data_acceptance, negative_data_rejection]
"""What a schema can't say: page times per_page is limited; unknown parameters are ignored, empty ones absent."""
EXAMPLES = int(os.environ.get("XIESOU_API_CASES", "2"))
"""Cases of each operation and mode: few in every run, `XIESOU_API_CASES=150` for more than 5,000 in all."""


@pytest.fixture
def description(client: FlaskClient) -> Any:
    response = client.get("/api/v1/openapi.json")
    assert response.status_code == 200
    return response.json


def test_any_request_gets_an_answer_that_is_described(
    app: Flask, record_testsuite_property: Callable[[str, object], None]
) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) >= len(describe_api()["paths"])
    asked = sum(run_cases(operation, mode) for operation in operations for mode in GenerationMode)
    record_testsuite_property("api cases", asked)  # --junitxml keeps it
    assert asked >= EXAMPLES * len(operations)


def run_cases(operation: Any, mode: GenerationMode) -> int:
    """Ask made-up requests, good or bad ones, check every answer against the description, and count them."""
    asked = 0

    @seed(6)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case: Any) -> None:
        nonlocal asked
        case.call_and_validate(headers={"Accept-Encoding": "identity"}, excluded_checks=EXCLUDED)
        asked += 1

    with contextlib.suppress(Unsatisfiable):  # an operation without parameters has no bad requests
        run()
    return asked


def test_every_address_of_the_interface_is_described(app: Flask, description: Any) -> None:
    served = {
        rule.rule.replace("<path:report_id>", "{id}")
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api") or rule.rule in FILES
    }
    assert served - {"/api"} == set(description["paths"])


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/api/v1/search", "/api/v1/search?q=营商环境&city=绍兴市&group=report"),
        ("/api/v1/search", "/api/v1/search?q=营商环竟"),
        ("/api/v1/search", '/api/v1/search?q="绝无此词"&city=未知'),
        ("/api/v1/suggest", "/api/v1/suggest?q=营商"),
        ("/api/v1/count", "/api/v1/count?q=营商环境"),
        ("/api/v1/trends", "/api/v1/trends?q=营商环境"),
        ("/api/v1/concordance", "/api/v1/concordance?q=营商环境"),
        ("/api/v1/reports", "/api/v1/reports?year=2020..2024"),
        ("/api/v1/openapi.json", "/api/v1/openapi.json"),
    ],
)
def test_answers_are_as_described(client: FlaskClient, description: Any, path: str, asked: str) -> None:
    response = client.get(asked)
    assert response.status_code == 200
    check(description, path, "200", response.json)


def test_a_report_is_as_described(client: FlaskClient, description: Any) -> None:
    for report in (client.get("/api/v1/reports").json or {})["reports"]:
        answer = client.get(f"/api/v1/reports/{report['id']}")
        check(description, "/api/v1/reports/{id}", "200", answer.json)


@pytest.mark.parametrize(
    ("path", "asked", "status"),
    [
        ("/api/v1/search", "/api/v1/search?page=0", 400),
        ("/api/v1/trends", "/api/v1/trends?year=x", 400),
        ("/api/v1/reports/{id}", "/api/v1/reports/none", 404),
    ],
)
def test_errors_are_as_described(
    client: FlaskClient, description: Any, path: str, asked: str, status: int
) -> None:
    response = client.get(asked)
    assert response.status_code == status
    check(description, path, str(status), response.json)


def check(description: Any, path: str, status: str, answer: Any) -> None:
    content = description["paths"][path]["get"]["responses"][status]["content"]
    schema = {**content["application/json"]["schema"], "components": description["components"]}
    jsonschema_rs.validator_for(schema).validate(answer)


def test_every_parameter_is_described_once_and_used(description: Any) -> None:
    used = {
        link["$ref"].rpartition("/")[2]
        for methods in description["paths"].values()
        for link in methods["get"]["parameters"]
    }
    assert used == set(description["components"]["parameters"])


def test_columns_of_files_are_those_of_the_documents(client: FlaskClient) -> None:
    text = client.get("/export.csv?q=营商环境").data.decode("utf-8-sig")
    assert len(next(csv.reader(io.StringIO(text)))) == 21


def test_the_reference_page_has_every_operation(client: FlaskClient) -> None:
    page = client.get("/api")
    assert page.status_code == 200
    for path, methods in describe_api()["paths"].items():
        assert f"GET {path}" in page.text
        assert methods["get"]["summary"] in page.text


def test_generators_find_what_they_need(client: FlaskClient, description: Any) -> None:
    """What openapi-generator, orval and openapi-python-client stumble over; tests/browser/hosts runs them."""
    assert description["servers"] == [{"url": "http://localhost"}]
    operations = [one for methods in description["paths"].values() for one in methods.values()]
    names = [one["operationId"] for one in operations]
    assert len(set(names)) == len(names)
    for name in (description["info"]["title"], *names, *description["components"]["schemas"]):
        assert name.isascii()
    for schema in iter_schemas(description["components"]["schemas"]):
        kinds = schema.get("type")
        assert not isinstance(kinds, list) or (len(kinds) == 2 and "null" in kinds), schema
    for path, methods in description["paths"].items():
        assert not path.startswith("/api/") or {"403", "429"} <= set(methods["get"]["responses"])


def iter_schemas(described: Any) -> Iterator[dict[str, Any]]:
    if isinstance(described, dict):
        yield described
        for value in described.values():
            yield from iter_schemas(value)
    elif isinstance(described, list):
        for value in described:
            yield from iter_schemas(value)
