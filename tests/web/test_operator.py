"""The operator's page: behind its token, in both languages; questions are kept where a state is, and no address."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from search import Searcher
from search.messages import sources as says
from search.operating.runs import Run, Unread, keep_run
from search.operating.state import FILE
from web.app import WebConfig, create_app
from web.limits import Limits
from web.observing import Observing

BEARER = {"Authorization": "Bearer opensesame"}
ADDRESS = "203.0.113.77"


def make(
    searcher: Searcher, state: Path | None, token: str | None = "opensesame", **config: Any
) -> FlaskClient:
    observing = Observing(operator_token=token, state=state, slow_ms=60_000)
    app = create_app(WebConfig(searcher=searcher, observing=observing, **config))
    app.testing = False
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = ADDRESS
    return client


def see(client: FlaskClient, path: str = "/operator") -> str:
    found = client.get(path, headers=BEARER)
    assert found.status_code == 200
    return found.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/operator", "/operator/metadata.csv"])
def test_it_is_there_for_the_token_alone(searcher: Searcher, tmp_path: Path, path: str) -> None:
    assert make(searcher, tmp_path, token=None).get(path, headers=BEARER).status_code == 404
    client = make(searcher, tmp_path)
    refused = client.get(path)
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].startswith("Basic ")
    assert client.get(path, headers={"Authorization": "Bearer x"}).status_code == 401
    found = client.get(path, headers=BEARER)
    assert found.status_code == 200
    assert found.headers["Cache-Control"] == "no-store"
    assert "noindex" in found.headers["X-Robots-Tag"]


def test_questions_of_pages_frames_and_the_api_are_told(searcher: Searcher, tmp_path: Path) -> None:
    client = make(searcher, tmp_path)
    for path in (
        "/search?q=绝无此词",
        "/search?q=绝无此词&view=distribution",
        "/api/v1/search?q=绝无此词&city=四平市",
        "/embed?q=绝无此词&site=https://a.example",
        "/search?q=提案",
        "/search?q=提案&page=2",
        "/search?q=提案&sort=-year",
        "/api/v1/suggest?q=绝无此",
        "/api/v1/count?q=绝无此词",
        "/search?city=四平市",
        "/search?q=%22提案&year=x",
    ):
        client.get(path)
    page = see(client)
    kept = dict(rows_of(tmp_path))
    assert kept == {("绝无此词", ""): (3, 3), ("绝无此词", '{"city": ["四平市"]}'): (1, 1), ("提案", ""): (1, 0),
                    ("提案", '{"sort": "-year"}'): (1, 0)}  # fmt: skip
    empty = page[page.index('id="empty"') : page.index('id="often"')]
    assert empty.count("<tr>") == 1 + 2
    assert "/search?q=%E7%BB%9D%E6%97%A0%E6%AD%A4%E8%AF%8D" in empty
    assert "四平市" in empty
    assert "提案" not in empty


def rows_of(folder: Path) -> list[tuple[tuple[str, str], tuple[int, int]]]:
    connection = sqlite3.connect(folder / FILE)
    try:
        rows = connection.execute("SELECT text, filters, times, empty FROM asked").fetchall()
    finally:
        connection.close()
    return [((text, filters), (times, empty)) for text, filters, times, empty in rows]


def test_no_address_is_kept(searcher: Searcher, tmp_path: Path) -> None:
    client = make(searcher, tmp_path)
    client.get("/search?q=提案", headers={"User-Agent": "tell-tale", "Referer": "https://from.example/"})
    see(client)
    kept = (tmp_path / FILE).read_bytes()
    assert "提案".encode() in kept
    for secret in (ADDRESS, "tell-tale", "from.example", "opensesame"):
        assert secret.encode() not in kept


def test_what_is_refused_is_told_as_such(searcher: Searcher, tmp_path: Path) -> None:
    client = make(searcher, tmp_path, limits=Limits(question_seconds=1e-9, instrument_seconds=60))
    searcher._caches.clear()
    assert client.get("/search?q=委员").status_code == 422
    page = see(client)
    slow = page[page.index('id="slow"') :]
    assert "委员" in slow[: slow.index("</details>")]


def test_without_a_state_nothing_is_kept_and_the_page_says_so(
    searcher: Searcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    client = make(searcher, None)
    client.get("/search?q=绝无此词")
    page = see(client, "/operator?lang=en")
    assert "Nothing is kept of what is asked." in page
    assert "绝无此词" not in page
    assert list(tmp_path.iterdir()) == []


def test_a_state_without_a_token_keeps_nothing(searcher: Searcher, tmp_path: Path) -> None:
    make(searcher, tmp_path / "state", token=None).get("/search?q=绝无此词")
    assert not (tmp_path / "state").exists()


def test_a_state_that_cannot_be_read_is_told_and_the_rest_is_shown(
    searcher: Searcher, tmp_path: Path
) -> None:
    (tmp_path / "state").write_text("a file")
    client = make(searcher, tmp_path / "state")
    assert client.get("/search?q=提案").status_code == 200
    page = see(client)
    assert FILE in page
    assert 'id="unknown"' in page


def test_what_runs_could_not_read_is_told(searcher: Searcher, tmp_path: Path) -> None:
    client = make(searcher, tmp_path)
    assert "xiesou index --state" in see(client)
    bad = Unread("/srv/<b>坏</b>.pdf", 7, says.NO_SEARCHABLE_TEXT())
    keep_run(tmp_path, Run("/i", ("/srv",), "2026-01-31T08:00:00Z", 1, (bad,)))
    page = see(client)
    assert "/srv/&lt;b&gt;坏&lt;/b&gt;.pdf:7" in page
    keep_run(tmp_path, Run("/i", ("/srv",), "2026-02-01T08:00:00Z", 0, ()))
    page = see(client)
    assert "坏" not in page
    assert "全部读取" in page


def test_the_collection_is_told_of_with_lines_for_metadata_csv(searcher: Searcher, tmp_path: Path) -> None:
    client = make(searcher, tmp_path)
    page = see(client)
    nowhere = [one for one in searcher.reports() if one.city is None and one.province is None]
    assert nowhere
    assert all(f"/reports/{one.id}" in page for one in nowhere)
    lines = see(client, "/operator/metadata.csv").splitlines()
    assert lines[0].lstrip("\ufeff") == "file,report,title,city,province,year,type"
    assert len(lines) - 1 >= len(nowhere)


def test_it_speaks_both_languages(searcher: Searcher, tmp_path: Path) -> None:
    client = make(searcher, tmp_path)
    assert '<html lang="zh-Hans">' in see(client)
    english = see(client, "/operator?lang=en")
    assert "<h1>Operator&#39;s page</h1>" in english
    assert 'href="/operator/metadata.csv?lang=en"' in english
