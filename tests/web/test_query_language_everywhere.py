"""Every example of docs/query-language.md, put to the page, the command line and the API: one answer."""

from __future__ import annotations

import html
import json
import re
from typing import Any
from urllib.parse import unquote

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

import search
from search import Searcher
from tests.search.language_page import EXAMPLES, REFUSALS
from xiesou import main

MOST = 100
_COUNT = re.compile(r'<h1 class="count"><strong>([0-9,]+) 段(?:原样写明)?</strong>')
_OPEN = re.compile(r'<a href="/reports/([^"?#]+)[^"]*#p([0-9]+)" data-open>')
_READING = re.compile(r'<p class="reading">读作：(.*?)</p>')
_TAG = re.compile(r"<[^>]*>")
_NOTICE = re.compile(r'<p class="notice" data-code="\w+">(.*?)</p>')


@pytest.fixture(autouse=True)
def _one_searcher(searcher: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line opens the index that the pages show; opening it a hundred times takes half a minute."""
    monkeypatch.setattr(search, "open_searcher", lambda *_, **__: searcher)


def ask_command(typed: str, *, status: int = 0) -> str:
    result = CliRunner().invoke(main, ["search", "--json", "--limit", str(MOST), "--", typed])
    assert result.exit_code == status, result.output
    return result.output


def ask_api(client: FlaskClient, typed: str, *, status: int = 200) -> dict[str, Any]:
    response = client.get("/api/v1/search", query_string={"q": typed, "per_page": MOST})
    assert response.status_code == status
    answer: dict[str, Any] = response.get_json()
    return answer


def ask_page(client: FlaskClient, typed: str, *, status: int = 200) -> str:
    response = client.get("/search", query_string={"q": typed, "per_page": MOST})
    assert response.status_code == status
    return response.get_data(as_text=True)


@pytest.mark.parametrize(
    ("typed", "notice"),
    [(row[0], row[3]) for row in EXAMPLES],
    ids=[row[0] for row in EXAMPLES],
)
def test_example_has_one_answer_everywhere(client: FlaskClient, typed: str, notice: str) -> None:
    answer = ask_api(client, typed)
    command = json.loads(ask_command(typed))
    for one in (answer, command):
        one.pop("took_ms")
    assert answer.pop("links").keys() == {"next", "prev"}
    assert command == answer

    page = ask_page(client, typed)
    (count,) = _COUNT.findall(page)
    assert int(count.replace(",", "")) == answer["total"]
    shown = [f"{unquote(report)}-p{n}" for report, n in _OPEN.findall(page)]
    assert shown == [hit["id"] for hit in answer["hits"]]
    said = [html.unescape(_TAG.sub("", found)) for found in _READING.findall(page)]
    assert said == [answer["query"]["reading"]]
    messages = list(map(html.unescape, _NOTICE.findall(page)))
    assert messages == [found["message"] for found in answer["notices"]]
    assert "；".join(messages).startswith(notice.removeprefix("—"))
    assert any(tier.get("total") for tier in answer["tiers"]) or answer["explanation"]["sentences"]


@pytest.mark.parametrize(("typed", "position", "message", "hint"), REFUSALS, ids=[row[0] for row in REFUSALS])
def test_refusal_is_the_same_everywhere(
    client: FlaskClient, typed: str, position: str, message: str, hint: str
) -> None:
    said = f"{message}在第 {int(position) + 1} 字。{hint}"
    error = ask_api(client, typed, status=400)["error"]
    assert (error["field"], error["message"]) == ("q", said)
    page = html.unescape(ask_page(client, typed, status=400))
    assert said in page
    assert f'value="{typed}"' in page, "what was typed is lost"
    assert said in ask_command(typed, status=2)


def test_the_examples_find_something(client: FlaskClient) -> None:
    """Guards the test itself: equal answers say little where all of them are empty."""
    totals = [ask_api(client, row[0])["total"] for row in EXAMPLES]
    assert sum(total > 0 for total in totals) > len(totals) / 3
    assert len(set(totals)) > 15
