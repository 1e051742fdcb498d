"""The JSON interface: its keys to the letter, its errors in one shape."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from search import Searcher
from search.model import FACETS
from tests.web import sample

REPORT_KEYS = [
    "id", "source", "title", "type", "city", "province", "level", "year", "review_year", "plan_year", "date",
    "session", "speaker", "added", "paragraphs",
]  # fmt: skip


def get(client: FlaskClient, path: str, status: int = 200) -> Any:
    response = client.get(path)
    assert response.status_code == status
    assert response.mimetype == "application/json"
    return response.get_json()


def test_search_has_the_promised_keys(client: FlaskClient) -> None:
    answer = get(client, "/api/v1/search?q=营商环境&city=通化市")
    promised = ["query", "total", "reports", "match", "tiers", "hits", "facets", "notices", "did_you_mean", "offers",
        "synonyms", "explanation", "took_ms",
    ]  # fmt: skip
    assert [key for key in answer if key in promised] == promised
    hit = answer["hits"][0]
    assert list(hit) == [
        "id", "report", "part", "heading", "text", "ocr", "spans", "score", "tier", "occurrences", "url",
    ]  # fmt: skip
    assert list(hit["report"]) == [
        "id", "title", "city", "province", "level", "year", "plan_year", "type", "added", "url",
    ]  # fmt: skip
    assert set(answer["facets"]) == set(FACETS)
    assert all(
        list(value) == ["value", "count", "selected"]
        for group in answer["facets"].values()
        for value in group
    )
    assert all(hit["text"][s:e] == "营商环境" for s, e in hit["spans"])
    assert hit["url"] == f"{hit['report']['url']}#p{hit['id'].rpartition('-p')[2]}"


def test_each_facet_count_is_the_total_of_choosing_it(client: FlaskClient) -> None:
    base = "/api/v1/search?q=营商环境&city=通化市&year=2021..2023"
    for field, values in get(client, base)["facets"].items():
        others = [part for part in base.partition("?")[2].split("&") if not part.startswith(f"{field}=")]
        for value in values:
            spelled = "未知" if value["value"] is None else value["value"]
            chosen = get(client, f"/api/v1/search?{'&'.join(others)}&{field}={spelled}")
            assert chosen["total"] == value["count"], (field, value)


def test_pages_together_are_all_hits_once(client: FlaskClient) -> None:
    total = get(client, "/api/v1/search?q=营商环境")["total"]
    ids = [
        hit["id"]
        for page in range(1, total // 7 + 2)
        for hit in get(client, f"/api/v1/search?q=营商环境&per_page=7&page={page}")["hits"]
    ]
    assert len(ids) == len(set(ids)) == total


def test_page_past_the_end_is_empty_and_keeps_the_total(client: FlaskClient) -> None:
    answer = get(client, "/api/v1/search?q=营商环境&page=900")
    assert answer["hits"] == []
    assert answer["total"] > 0


def test_notices_carry_code_message_and_position(client: FlaskClient) -> None:
    (notice,) = get(client, '/api/v1/search?q="营商')["notices"]
    assert list(notice) == ["code", "message", "args", "position", "times"]


def test_suggest_has_the_promised_keys(client: FlaskClient) -> None:
    answer = get(client, "/api/v1/suggest?q=提案 营商&limit=3")
    assert list(answer) == ["suggestions"]
    assert 0 < len(answer["suggestions"]) <= 3
    assert all(set(one) == {"text", "kind", "count", "unit", "url"} for one in answer["suggestions"])
    assert answer["suggestions"][0]["text"].startswith("提案 营商")


def test_suggest_completes_the_last_chunk_by_pinyin_too(client: FlaskClient) -> None:
    answer = get(client, "/api/v1/suggest?q=yingshanghuanjing")
    assert "营商环境" in [one["text"] for one in answer["suggestions"]]


def test_synonyms_can_be_switched_off(client: FlaskClient) -> None:
    assert get(client, "/api/v1/search?q=政协")["synonyms"]
    assert get(client, "/api/v1/search?q=政协&synonyms=0")["synonyms"] == []


def test_reports_lists_records_and_filters(client: FlaskClient, searcher: Searcher) -> None:
    answer = get(client, "/api/v1/reports")
    assert answer["total"] == len(answer["reports"]) == len(searcher.reports())
    assert all(list(report) == REPORT_KEYS for report in answer["reports"])
    some = get(client, "/api/v1/reports?city=通化市&year=2020")
    assert {(report["city"], report["year"]) for report in some["reports"]} == {("通化市", 2020)}


def test_report_gives_record_and_paragraphs(client: FlaskClient) -> None:
    answer = get(client, f"/api/v1/reports/{sample.id_of('tonghua-2020-cppcc.txt')}")
    assert list(answer["report"]) == REPORT_KEYS
    assert all(list(p) == ["id", "n", "kind", "part", "heading", "text", "ocr"] for p in answer["paragraphs"])
    assert [p["n"] for p in answer["paragraphs"]] == list(range(1, len(answer["paragraphs"]) + 1))


@pytest.mark.parametrize(
    ("path", "status", "code", "field"),
    [
        ("/api/v1/search?page=x", 400, "bad_query", "page"),
        ("/api/v1/search?per_page=1000", 400, "bad_query", "per_page"),
        ("/api/v1/search?sort=foo", 400, "bad_query", "sort"),
        ("/api/v1/suggest?q=x&limit=99", 400, "bad_query", "limit"),
        ("/api/v1/search?year=abc", 400, "bad_query", "year"),
        ("/api/v1/reports/none-such", 404, "report_not_found", None),
        ("/api/v1/nothing", 404, "not_found", None),
        ("/api/nothing", 404, "not_found", None),
        ("/api/v1", 404, "not_found", None),
    ],
)
def test_errors_have_one_shape(
    client: FlaskClient, path: str, status: int, code: str, field: str | None
) -> None:
    answer = get(client, path, status)
    assert list(answer) == ["error"]
    assert set(answer["error"]) == {
        "code",
        "message",
        "message_code",
        "args",
        "field",
        "position",
    }
    assert (answer["error"]["code"], answer["error"]["field"]) == (code, field)
    assert answer["error"]["message"]


def test_wrong_method_is_405_and_says_what_is_allowed(client: FlaskClient) -> None:
    response = client.post("/api/v1/search")
    assert response.status_code == 405
    assert response.get_json()["error"]["code"] == "method_not_allowed"
    assert "GET" in response.headers["Allow"]


def test_unexpected_failure_is_a_500_without_its_details(
    client: FlaskClient, searcher: Searcher, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(query: object) -> None:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr(searcher, "search", fail)
    response = client.get("/api/v1/search?q=x")
    assert response.status_code == 500
    assert response.get_json()["error"]["code"] == "internal_error"
    assert "secret" not in response.text
    assert "a secret of the inside" in caplog.text


def test_search_within_reports_finds_what_they_hold_and_keeps_the_scope(client: FlaskClient) -> None:
    everything = client.get("/api/v1/search", query_string={"q": "营商环境", "per_page": 100}).get_json()
    wanted = everything["hits"][0]["report"]["id"]
    within = client.get("/api/v1/search", query_string={"q": "营商环境", "report": wanted}).get_json()
    assert within["query"]["report"] == [wanted]
    assert {hit["report"]["id"] for hit in within["hits"]} == {wanted}
    assert within["total"] == sum(
        hit["report"]["id"] == wanted for hit in everything["hits"] if hit["tier"] == 1
    )
    nowhere = client.get("/api/v1/search", query_string={"q": "营商环境", "report": "0000000000"}).get_json()
    assert nowhere["total"] == 0
    page = client.get("/search", query_string={"q": "营商环境", "report": wanted}).get_data(as_text=True)
    assert f"report={wanted}" in page
