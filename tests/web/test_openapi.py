"""The OpenAPI document is the API: it has every address, and every answer is exactly what its schema says."""

from __future__ import annotations

import contextlib
import csv
import io
import os
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from flask import Flask, Request
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance
from werkzeug.datastructures import ImmutableMultiDict

from search.answer.searcher import Searcher
from tests.cases import IS_THOROUGH
from web.app import WebConfig, create_app
from web.export import HIT_COLUMNS
from web.operations import list_operations
from web.origin_policy import OriginPolicy

FILES = ("/export.csv", "/export.xlsx", "/distribution.csv", "/feed.atom", "/feed.json", "/reports.atom",
         "/reports.json", "/spread.atom", "/spread.json")  # fmt: skip
EXCLUDED = [positive_data_acceptance, negative_data_rejection]
"""What a schema can't say: page times per_page is limited; unknown parameters are ignored and empty ones are absent."""
MODES = list(GenerationMode) if IS_THOROUGH else [GenerationMode.POSITIVE]
"""Valid requests, and in CI invalid ones too."""
EXAMPLES = int(os.environ.get("XIESOU_API_CASES", 2 if IS_THOROUGH else 1))
"""Cases of each operation and mode: few in every run, `XIESOU_API_CASES=150` for more than 5,000 in all."""


@pytest.fixture
def document(client: FlaskClient) -> Any:
    response = client.get("/api/v1/openapi.json")
    assert response.status_code == 200
    return response.get_json()


def test_any_request_gets_an_answer_that_is_described(
    app: Flask, record_testsuite_property: Callable[[str, object], None]
) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) >= len(list_operations(app))
    asked = sum(run_cases(operation, mode) for operation in operations for mode in MODES)
    record_testsuite_property("api cases", asked)  # --junitxml keeps it
    assert asked >= EXAMPLES * len(operations)


def run_cases(operation: Any, mode: GenerationMode) -> int:
    """Send generated requests, valid or invalid ones, check each answer against the document, and count them."""
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

    with contextlib.suppress(Unsatisfiable):  # an operation without parameters has no invalid requests
        run()
    return asked


def test_every_address_of_the_api_is_described(app: Flask, document: Any) -> None:
    served = {
        rule.rule.replace("<path:report_id>", "{id}")
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api") or rule.rule in FILES
    }
    assert served - {"/api"} == set(document["paths"])


def test_a_form_that_is_too_large_gets_an_answer_that_is_described(app: Flask, document: Any) -> None:
    found = app.test_client().post("/api/v1/match-text", data={"text": "长" * 30_000})
    assert found.status_code == 413
    assert found.get_json()["error"]["code"] == "too_large"
    described = document["paths"]["/api/v1/match-text"]["post"]["responses"]
    assert {"413", "422"} <= described.keys()


ANSWERS = {
    "/api/v1/search": [
        "q=营商环境&city=绍兴市&per_page=3",
        "q=营商环境&group=report&sort=-year",
        "q=营商环境&fold=on",
        "q=营商环竟",
        "q=通化 GDP 营商环竟",
        'q="绝无此词"&city=未知&year=2020..2021&year=未知',
        "q=营商环境 火星移民",
        "q=通化&match=all",
        "q=提案 -提案&match=all",
        'q="营商',
        "page=900",
    ],
    "/api/v1/suggest": ["q=营商", "q=提案 营商&limit=3", "q=通化", "q=报告", "q="],
    "/api/v1/count": ["q=营商环境", "q=营商", "q=绝无此词", ""],
    "/api/v1/trends": ["q=营商环境", "q=绝无此词", "year=1900"],
    "/api/v1/concordance": [
        "q=营商环境",
        "q=协商&order=right&context=3&per_page=2&page=2",
        "q=绝无此词",
        "q=协商&sample=5&seed=3",
    ],
    "/api/v1/numbers": ["q=提案", "q=绝无此词", "q=地区生产总值&year=2020..2024"],
    "/api/v1/collocates": ["q=营商环境", "q=提案&window=sentence&side=left&by=occurrences", "q=绝无此词"],
    "/api/v1/keywords": [
        "of=type:政府工作报告",
        "of=type:政府工作报告&against=type:政协常委会工作报告",
        "emerging=2024&least_places=1",
        "of=year:1999",
    ],
    "/api/v1/spread": ["q=营商环境", "q=绝无此词", "q=提案&type=新闻"],
    "/api/v1/compare": ["q=营商环境&q=提案", "q=绝无此词"],
    "/api/v1/diff": ["of={of}&other={other}"],
    "/api/v1/reuse": ["of={of}"],
    "/api/v1/match-text": [
        "text=老旧小区改造怎么改，居民说了算。委员们走进127个院落，与居民围坐一起商量雨污分流、停车划线",
        "text=全",
    ],
    "/api/v1/reports": ["", "year=2020..2024&sort=city", "city=未知"],
    "/api/v1/openapi.json": [""],
}
"""Requests to each JSON operation, chosen so that together they fill every kind of answer."""


NEEDED = {
    "/api/v1/diff": "of={of}&other={other}",
    "/api/v1/reuse": "of={of}",
    "/api/v1/match-text": "text=发展",
    "/api/v1/compare": "q=发展",
    "/api/v1/keywords": "of=type:政府工作报告",
}
"""What an operation can't be asked without."""


def with_ids(client: FlaskClient, query: str) -> str:
    """The query with the ids of two reports of the sample, one of which repeats sentences of the other."""
    reports = (client.get("/api/v1/reports?city=绵阳市&type=政协常委会工作报告").json or {})["reports"]
    return query.format(of=reports[0]["id"], other=reports[1]["id"]) if "{" in query else query


def test_every_json_operation_is_asked(document: Any) -> None:
    of_json = {
        path
        for path, methods in document["paths"].items()
        if "application/json" in methods["get"]["responses"]["200"]["content"]
    }
    assert of_json == {*ANSWERS, "/api/v1/reports/{id}"}


@pytest.mark.parametrize(("path", "query"), [(path, query) for path in ANSWERS for query in ANSWERS[path]])
def test_answers_are_exactly_as_described(client: FlaskClient, document: Any, path: str, query: str) -> None:
    response = client.get(f"{path}?{with_ids(client, query)}")
    assert response.status_code == 200
    check(document, path, "200", response.json)


def test_every_report_is_exactly_as_described(client: FlaskClient, document: Any) -> None:
    for report in (client.get("/api/v1/reports").json or {})["reports"]:
        answer = client.get(f"/api/v1/reports/{report['id']}")
        check(document, "/api/v1/reports/{id}", "200", answer.json)


def test_every_described_key_is_sent_by_some_answer(client: FlaskClient, document: Any) -> None:
    """A schema that promises what is never sent is as wrong as an answer that sends what isn't promised."""
    schemas = document["components"]["schemas"]
    seen: dict[str, set[str]] = {name: set() for name in schemas}

    def note(schema: Any, value: Any) -> None:
        for choice in schema.get("anyOf", ()):
            note(choice, value)
        name = schema.get("$ref", "").rpartition("/")[2]
        if name and isinstance(value, dict):
            seen[name] |= set(value)
            for key, part in schemas[name]["properties"].items():
                note(part, value.get(key))
        if "items" in schema and isinstance(value, list):
            for item in value:
                note(schema["items"], item)

    asked = [
        (path, f"{path}?{with_ids(client, query)}", "200")
        for path, queries in ANSWERS.items()
        for query in queries
    ]
    report = (client.get("/api/v1/reports").json or {})["reports"][0]["id"]
    asked.append(("/api/v1/reports/{id}", f"/api/v1/reports/{report}", "200"))
    asked.append(("/api/v1/search", "/api/v1/search?page=0", "400"))
    for path, address, status in asked:
        content = document["paths"][path]["get"]["responses"][status]["content"]
        note(content["application/json"]["schema"], client.get(address).json)
    rare = ("Contradiction", "SetAside", "Definition", "Others")
    unsent = {name for name in rare if not seen[name]}  # the sample may have none
    for name, schema in schemas.items():
        if name not in unsent and "properties" in schema:
            assert seen[name] == set(schema["properties"]), name


@pytest.mark.parametrize(
    ("path", "asked", "status", "headers"),
    [
        ("/api/v1/search", "/api/v1/search?page=0", 400, {}),
        ("/api/v1/trends", "/api/v1/trends?year=x", 400, {}),
        ("/api/v1/count", "/api/v1/count?q=x", 403, {"Origin": "https://example.org"}),
        ("/api/v1/reports/{id}", "/api/v1/reports/none", 404, {}),
    ],
)
def test_errors_are_exactly_as_described(
    client: FlaskClient, document: Any, path: str, asked: str, status: int, headers: dict[str, str]
) -> None:
    response = client.get(asked, headers=headers)
    assert response.status_code == status
    check(document, path, str(status), response.get_json())


def test_a_site_that_asks_too_much_gets_the_429_that_is_described(searcher: Searcher, document: Any) -> None:
    policy = OriginPolicy(("https://example.org",), rate_per_minute=1)
    client = create_app(WebConfig(searcher=searcher, origins=policy)).test_client()
    answers = [client.get("/api/v1/count", headers={"Origin": "https://example.org"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    check(document, "/api/v1/count", "429", answers[1].json)
    assert int(answers[1].headers["Retry-After"]) >= 1
    assert "Retry-After" in document["paths"]["/api/v1/count"]["get"]["responses"]["429"]["headers"]


def test_no_index_gets_the_503_that_is_described(tmp_path: Path, document: Any) -> None:
    answer = create_app(WebConfig(index=tmp_path / "none")).test_client().get("/api/v1/search?q=x")
    assert answer.status_code == 503
    check(document, "/api/v1/search", "503", answer.json)
    assert int(answer.headers["Retry-After"]) >= 1


def check(document: Any, path: str, status: str, answer: Any) -> None:
    content = document["paths"][path]["get"]["responses"][status]["content"]
    schema = {**content["application/json"]["schema"], "components": closed(document["components"])}
    jsonschema_rs.validator_for(schema).validate(answer)


def closed(schema: Any) -> Any:
    """The schemas with every object limited to the keys that it describes, so that nothing undescribed is sent."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: closed(value) for key, value in schema.items()}
    if found.get("type") == "object" and isinstance(schema.get("properties"), dict):
        found["additionalProperties"] = False
    return found


def test_a_key_that_is_not_described_is_noticed(client: FlaskClient, document: Any) -> None:
    answer = client.get("/api/v1/search?q=营商环境").get_json()
    check(document, "/api/v1/search", "200", answer)
    for spoiled in ({**answer, "extra": 1}, {**answer, "total": "1"}, {**answer, "total": -1}):
        with pytest.raises(jsonschema_rs.ValidationError):
            check(document, "/api/v1/search", "200", spoiled)


def test_every_parameter_is_described_once_and_used(document: Any) -> None:
    used = {
        link["$ref"].rpartition("/")[2]
        for methods in document["paths"].values()
        for link in methods["get"]["parameters"]
    }
    assert used == set(document["components"]["parameters"])


def test_every_parameter_that_a_view_reads_is_described(
    app: Flask, document: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever name a view looks up in the query string stands among its parameters, and the other way round."""
    read: set[str] = set()

    class Watched(ImmutableMultiDict[str, str]):
        def get(self, key: Any, *args: Any, **options: Any) -> Any:
            read.add(key)
            return super().get(key, *args, **options)

        def getlist(self, key: Any, *args: Any, **options: Any) -> Any:
            read.add(key)
            return super().getlist(key, *args, **options)

    monkeypatch.setattr(Request, "parameter_storage_class", Watched)
    client = app.test_client()
    report = (client.get("/api/v1/reports").json or {})["reports"][0]["id"]
    for path, methods in document["paths"].items():
        needed = with_ids(client, NEEDED.get(path, ""))
        read.clear()
        assert client.get(f"{path.replace('{id}', report)}?view=concordance&{needed}").status_code == 200
        described = {
            document["components"]["parameters"][link["$ref"].rpartition("/")[2]]["name"]
            for link in methods["get"]["parameters"]
        }
        assert described - {"id", "lang"} <= read, path  # an answer without words reads no language
        assert read - described <= NOT_DESCRIBED, path


NOT_DESCRIBED = {
    "plan_year_from",
    "plan_year_to",
    "year_from",
    "year_to",
    "page",
    "per_page",
    "group",
    "fold",
    "measure",
    "view",
    "order",
    "sort",
}
"""Names that readers shared with the pages look up although the operation doesn't depend on them."""


def test_names_are_ascii_identifiers(document: Any) -> None:
    """Generated clients make modules, classes and functions of them."""
    operations = [operation for methods in document["paths"].values() for operation in methods.values()]
    names = [operation["operationId"] for operation in operations]
    names += [*document["components"]["schemas"], *document["components"]["parameters"]]
    names += [
        key for schema in document["components"]["schemas"].values() for key in schema.get("properties", ())
    ]
    names += [tag for operation in operations for tag in operation["tags"]]
    assert [name for name in names if not (name.isascii() and name.isidentifier())] == []
    assert document["info"]["title"].isascii()
    ids = [operation["operationId"] for operation in operations]
    assert len(set(ids)) == len(ids)


def test_choices_have_distinct_names_that_are_identifiers(document: Any) -> None:
    named = [schema for schema in document["components"]["schemas"].values() if "x-enum-varnames" in schema]
    assert len(named) >= 5
    for schema in named:
        names = schema["x-enum-varnames"]
        assert len(set(names)) == len(names) == len(schema["enum"])
        assert all(name.isascii() and name.isidentifier() for name in names)


@pytest.mark.parametrize("prefix", ["", "/reports-search"])
def test_the_server_is_this_one_with_its_prefix(app: Flask, prefix: str) -> None:
    answer = app.test_client().get("/api/v1/openapi.json", base_url=f"https://search.example.org{prefix}")
    (server,) = (answer.get_json() or {})["servers"]
    assert server["url"] == f"https://search.example.org{prefix}"


def test_columns_of_files_are_those_of_the_documents(client: FlaskClient) -> None:
    text = client.get("/export.csv?q=营商环境").data.decode("utf-8-sig")
    assert len(next(csv.reader(io.StringIO(text)))) == len(HIT_COLUMNS)


def test_the_reference_page_has_every_operation(client: FlaskClient, document: Any) -> None:
    page = client.get("/api")
    assert page.status_code == 200
    for path, methods in document["paths"].items():
        assert f"GET {path}" in page.text
        assert methods["get"]["summary"] in unescape(page.text)


def test_generators_find_what_they_need(client: FlaskClient) -> None:
    """What openapi-generator, orval and openapi-python-client stumble over; tests/browser/hosts runs them."""
    described = client.get("/api/v1/openapi.json").get_json()
    assert described["servers"] == [{"url": "http://localhost"}]
    operations = [one for methods in described["paths"].values() for one in methods.values()]
    names = [one["operationId"] for one in operations]
    assert len(set(names)) == len(names)
    for name in (described["info"]["title"], *names, *described["components"]["schemas"]):
        assert name.isascii()
    for schema in iter_schemas(described["components"]["schemas"]):
        kinds = schema.get("type")
        assert not isinstance(kinds, list) or (len(kinds) == 2 and "null" in kinds), schema
    for path, methods in described["paths"].items():
        assert not path.startswith("/api/") or {"403", "429"} <= set(methods["get"]["responses"])


def iter_schemas(described: Any) -> Iterator[dict[str, Any]]:
    if isinstance(described, dict):
        yield described
        for value in described.values():
            yield from iter_schemas(value)
    elif isinstance(described, list):
        for value in described:
            yield from iter_schemas(value)
