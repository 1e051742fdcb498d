"""Limits: each is a setting, is documented as it is, and holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from search import Searcher
from search.errors import BudgetExceeded
from search.limits import Budget
from web import current_budget, params, table_files, workbook
from web.app import WebConfig, create_app
from web.cli import serve
from web.limits import Limits, read_limits

OPERATING = Path(__file__).resolve().parents[2] / "docs" / "operating.md"


def client_within(searcher: Searcher, limits: Limits) -> FlaskClient:
    app = create_app(WebConfig(searcher=searcher, limits=limits))
    app.testing = False
    return app.test_client()


def test_the_manual_lists_every_limit_as_it_is() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([\d.,]+) \| (.+?) \|$", OPERATING.read_text("utf-8"), re.MULTILINE)
    listed = {name: (float(default.replace(",", "")), bounds) for name, default, bounds in rows}
    limits = Limits()
    assert listed == {
        each.name: (getattr(limits, each.name), each.metadata["bounds"]) for each in fields(Limits)
    }


def test_every_limit_can_be_set() -> None:
    for each in fields(Limits):
        assert getattr(read_limits([f"{each.name}=7"]), each.name) == 7
    assert read_limits(["question-seconds=2.5, connections=9", "body_kb=1"]) == Limits(
        question_seconds=2.5, connections=9, body_kb=1
    )


@pytest.mark.parametrize(
    "written", ["nothing=1", "connections", "connections=x", "connections=0", "body_kb=-1"]
)
def test_a_limit_that_cannot_be_read_is_told(written: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_limits([written])
    result = CliRunner().invoke(serve, ["--limit", written])
    assert result.exit_code == 2
    assert written.split("=")[0] in result.output


# Questions

PATHS = ("/search?q=委员", "/search?q=委员&view=concordance", "/search?q=委员&view=distribution",
         "/export.csv?q=委员", "/export.xlsx?q=委员", "/distribution.csv?q=委员", "/feed.atom?q=委员",
         "/api/v1/search?q=委员", "/api/v1/count?q=委员", "/api/v1/trends?q=委员", "/api/v1/concordance?q=委员",
         "/embed?q=委员")  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_a_question_over_its_budget_is_refused_with_what_to_do(searcher: Searcher, path: str) -> None:
    limits = Limits(question_seconds=1e-9, export_seconds=1e-9)
    searcher._caches.clear()
    found = client_within(searcher, limits).get(path)
    assert found.status_code == 422
    if path.startswith("/api"):
        error = found.get_json()["error"]
        assert error["code"] == "budget_exceeded"
        assert error["message_code"]
    assert "时间" in found.get_data(as_text=True) or found.mimetype == "application/json"


def test_memory_is_bounded_too(searcher: Searcher) -> None:
    limits = Limits()
    object.__setattr__(limits, "question_mb", 0.0001)
    searcher.collection.at()._state.evaluator.cache.clear()  # type: ignore[attr-defined]
    searcher._caches.clear()
    found = client_within(searcher, limits).get("/api/v1/count?q=的 OR 一 OR 在")
    assert (found.status_code, found.get_json()["error"]["code"]) == (422, "budget_exceeded")


def test_a_refusal_of_the_store_is_a_503_with_the_time_to_come_again(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    from web.turns import server_full

    def full(self: Budget, size_bytes: int = 0) -> None:
        raise server_full()

    monkeypatch.setattr(Budget, "charge", full)
    found = client_within(searcher, Limits()).get("/search?q=委员")
    assert found.status_code == 503
    assert found.headers["Retry-After"] == "5"


# Exports


def test_a_few_exports_at_a_time_and_pages_beside_them(searcher: Searcher) -> None:
    client = client_within(searcher, Limits(exports_at_once=2))
    running = [client.get("/export.csv?q=的") for _ in range(2)]
    assert [found.status_code for found in running] == [200, 200]
    for path in ("/export.csv?q=的", "/export.xlsx?q=的", "/distribution.csv?q=的"):
        refused = client.get(path)
        assert refused.status_code == 503
        assert int(refused.headers["Retry-After"]) > 0
    assert client.get("/search?q=的").status_code == 200
    for found in running:
        found.close()
    for _ in range(5):
        client.get("/export.csv?q=的").close()
        client.get("/export.xlsx?q=的").close()
        assert client.get("/export.csv?sort=x").status_code == 400
    assert client.get("/export.csv?q=的").status_code == 200


def test_an_export_that_is_stopped_later_never_ends_as_if_whole(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_files, "_BYTES_AT_ONCE", 1000)
    client = client_within(searcher, Limits())
    found = client.get("/export.csv?q=的", buffered=False)
    pieces = found.iter_encoded()
    next(pieces)
    monkeypatch.setattr(Budget, "charge", _refuse)
    with pytest.raises(BudgetExceeded):
        list(pieces)
    found.close()


def _refuse(self: Budget, size_bytes: int = 0) -> None:
    raise BudgetExceeded("time", "reading")


def test_a_workbook_that_is_stopped_leaves_no_file_behind(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(workbook, "_ROWS_AT_ONCE", 3)
    left: list[int] = []

    def charge(self: Budget, size_bytes: int = 0) -> None:
        if list(tmp_path.rglob("*.xml")) or any(tmp_path.rglob("*")):
            left.append(1)
            raise BudgetExceeded("time", "reading")

    monkeypatch.setattr(Budget, "charge", charge)
    assert client_within(searcher, Limits()).get("/export.xlsx?q=的").status_code == 422
    assert left
    assert not list(tmp_path.iterdir())


def test_a_long_search_stands_in_the_first_row_alone(searcher: Searcher) -> None:
    client = client_within(searcher, Limits())
    text = " OR ".join(["委员"] * 3 + ["没有这样的词" * 20] * 3)
    rows = client.get(f"/distribution.csv?q={quote(text)}").get_data(as_text=True).splitlines()
    assert text in rows[1]
    assert len(rows) > 3
    assert all(text not in row and row.endswith(",,") for row in rows[2:])


# Parameters and answers


def test_values_of_filters_are_bounded_each_and_together(searcher: Searcher) -> None:
    client = client_within(searcher, Limits())
    long = quote("长" * (params.MAX_VALUE_CHARS + 1))
    many = "&".join(f"city={quote('长' * 90)}{number}" for number in range(30))
    for path in ("/search", "/embed", "/api/v1/count", "/export.csv", "/reports", "/feed.atom"):
        assert client.get(f"{path}?city={long}").status_code == 400
    for path in ("/search", "/embed", "/api/v1/count", "/export.csv", "/feed.atom"):
        assert client.get(f"{path}?{many}").status_code == 400


VIEWS = [
    "/search?per_page=100",
    "/embed?per_page=100",
    "/search?view=distribution",
    "/search?view=concordance",
    "/search?view=spread",
    "/compare",
    "/numbers",
]


@pytest.mark.parametrize("path", VIEWS)
def test_a_page_of_a_long_search_repeats_it_in_few_links(searcher: Searcher, path: str) -> None:
    client = client_within(searcher, Limits())
    text = "委员 OR " + "长" * 1_900
    address = f"{path}{'&' if '?' in path else '?'}q={quote(text)}"
    found = client.get(address)
    assert found.status_code == 200
    assert len(found.data) < 1 << 20
    many = "&".join(f"city={quote('长' * 10)}{number}" for number in range(60))
    looks = "&".join(["facets=city"] * 200) + "&fixed=" + "x" * 5_000
    assert len(client.get(f"{address}&{many}&{looks}").data) < 3 << 20


def test_a_long_search_says_that_links_are_left_out_and_an_ordinary_one_has_all(searcher: Searcher) -> None:
    client = client_within(searcher, Limits())
    long = client.get(f"/search?per_page=100&q={quote('委员 OR ' + '长' * 1_900)}").get_data(as_text=True)
    ordinary = client.get(f"/search?per_page=100&q={quote('委员')}").get_data(as_text=True)
    assert 'data-code="links_left_out"' in long
    assert '<a class="value" data-value' in long
    assert 'data-code="links_left_out"' not in ordinary
    assert '<a class="value" data-value' not in ordinary
    values = re.compile(r'data-value="([^"]+)"> *<span class="label">')
    assert values.findall(long) == values.findall(ordinary)


def test_an_answer_that_is_too_large_is_refused(searcher: Searcher) -> None:
    limits = Limits()
    object.__setattr__(limits, "answer_mb", 0.001)
    client = client_within(searcher, limits)
    found = client.get("/api/v1/search?q=委员")
    assert (found.status_code, found.get_json()["error"]["code"]) == (422, "answer_too_large")
    assert client.get("/export.csv?q=委员").status_code == 200


def test_places_for_exports_are_given_back_once() -> None:
    places = current_budget.ExportPlaces(replace(Limits(), exports_at_once=1))
    give: Callable[[], None] = places.take()
    give()
    give()
    places.take()
    with pytest.raises(Exception, match="exports"):
        places.take()


def test_a_long_question_makes_no_long_line_of_the_log(
    searcher: Searcher, caplog: pytest.LogCaptureFixture
) -> None:
    from web.observing import Observing

    for _ in range(2):  # applications of one process share the logger: its lines must not grow with them
        app = create_app(WebConfig(searcher=searcher, observing=Observing(slow_ms=0)))
    app.test_client().get("/search?q=" + quote("委员 OR " + "长" * 1_900))
    lines = [record.getMessage() for record in caplog.records if record.getMessage().startswith("slow:")]
    assert lines
    assert all(len(line) < 5_000 for line in lines)
    assert all(line.count("[") == line.count("]") == 1 for line in lines)
