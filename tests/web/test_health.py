"""A server lives without its index and says so; it recovers when the index comes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from flask.testing import FlaskClient

from search import Searcher
from search.errors import (
    BudgetExceeded,
    CollectionUnavailable,
    IndexDamaged,
    IndexMissing,
    IndexOutdated,
    StoreError,
    XiesouError,
)
from search.messages import quoted
from web.app import WebConfig, create_app


def failing(error: StoreError) -> Callable[[], Searcher]:
    def opener() -> Searcher:
        raise error

    return opener


@pytest.mark.parametrize("kind", [IndexMissing, IndexOutdated, IndexDamaged])
def test_without_an_index_it_lives_but_is_not_ready(kind: type[StoreError]) -> None:
    error = kind(quoted("索引用不了。"), hint=quoted("请运行 xiesou index。"))
    client = create_app(WebConfig(searcher=failing(error))).test_client()
    assert client.get("/healthz").status_code == 200
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.get_json() is not None
    assert (ready.get_json()["code"], ready.get_json()["reason"]) == (
        kind.code,
        "索引用不了。 请运行 xiesou index。",
    )
    for path in ("/", "/search?q=x", "/reports"):
        page = client.get(path, headers={"If-None-Match": '"x"'})
        assert page.status_code == 503
        assert "xiesou index" in page.text
    answer = client.get("/api/v1/search?q=x")
    assert answer.status_code == 503
    assert answer.get_json() is not None
    assert answer.get_json()["error"]["code"] == kind.code


def test_it_recovers_when_the_index_comes(searcher: Searcher) -> None:
    openings = iter([False, False, True])

    def opener() -> Searcher:
        if not next(openings):
            raise IndexMissing(quoted("没有索引。"))
        return searcher

    client = create_app(WebConfig(searcher=opener)).test_client()
    assert [client.get("/readyz").status_code for _ in range(4)] == [503, 503, 200, 200]


def test_ready_says_what_is_held(client: FlaskClient, searcher: Searcher) -> None:
    answer = client.get("/readyz").json
    assert answer is not None
    assert (answer["status"], answer["reports"]) == ("ok", searcher.stats().reports)


@pytest.mark.parametrize(
    ("error", "status", "code", "wait"),
    [
        (
            CollectionUnavailable(quoted("the store did not answer."), retry_after_s=7),
            503,
            "collection_unavailable",
            "7",
        ),
        (BudgetExceeded("time"), 422, "budget_exceeded", None),
    ],
)
def test_a_store_that_cannot_answer_is_told_with_its_status(
    searcher: Searcher,
    monkeypatch: pytest.MonkeyPatch,
    error: XiesouError,
    status: int,
    code: str,
    wait: str | None,
) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise error

    monkeypatch.setattr(Searcher, "search", refuse)
    answer = create_app(WebConfig(searcher=searcher)).test_client().get("/api/v1/search?q=经济")
    assert answer.get_json() is not None
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (status, code)
    assert answer.headers.get("Retry-After") == wait


def test_a_missing_index_says_when_to_ask_again(tmp_path: Path) -> None:
    answer = create_app(WebConfig(index=tmp_path)).test_client().get("/api/v1/search?q=经济")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
