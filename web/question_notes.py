"""What a search found, noted for the operator: the question without who asked it."""

from __future__ import annotations

import json
import time
from typing import Any

from flask import Flask, Response, g, request

from search.errors import QueryError
from search.model import Query, SearchResult
from search.operating.questions import Asked, QuestionLog
from web import urls
from web.params import read_search

EXTENSION = "xiesou-questions"
_ENDPOINTS = ("pages.search", "api.search", "embed.frame")
_NO_FILTERS = ("q", "page", "per_page")


def register_question_notes(app: Flask, log: QuestionLog) -> None:
    """Keep the questions of pages, frames and the API: the first page of each, where it has words."""
    app.extensions[EXTENSION] = log

    def keep(response: Response) -> Response:
        is_told_later = response.status_code == 202
        if request.endpoint in _ENDPOINTS and request.method == "GET" and not is_told_later:
            query = _read()
            if query is not None and query.text and query.page == 1:
                took_ms = (time.perf_counter() - g.began) * 1000
                is_refused = g.get("refusal") == "budget_exceeded"
                log.note(Asked(query.text, spell_filters(query), g.get("found"), took_ms, is_refused))
        return response

    app.after_request(keep)


def note_found(result: SearchResult) -> SearchResult:
    """Note how much the current request's search found, as written, in other words or apart; gives it back."""
    g.found = sum(tier.total or 0 for tier in result.tiers)
    return result


def spell_filters(query: Query) -> str:
    """The query's parameters beside its text, by name, as JSON; "" where there are none."""
    args = {name: value for name, value in urls.query_args(query).items() if name not in _NO_FILTERS}
    return json.dumps(args, ensure_ascii=False) if args else ""


def read_filters(spelled: str) -> dict[str, Any]:
    """What `spell_filters` wrote."""
    args: dict[str, Any] = json.loads(spelled) if spelled else {}
    return args


def _read() -> Query | None:
    try:
        return read_search()
    except QueryError:
        return None
