"""Liveness and readiness, for supervisors and load balancers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify

from search.answer.searcher import Searcher
from search.errors import StoreError
from web.current_searcher import current_searcher

health = Blueprint("health", __name__)


@health.get("/healthz")
def live() -> Response:
    """200 while the process runs, whatever the state of the index."""
    return jsonify({"status": "ok"})


@health.get("/readyz")
def ready() -> Response:
    """200 if the index opens, else 503 with the reason."""
    status, told = tell_readiness(current_searcher)
    response = jsonify(told)
    response.status_code = status
    return response


def tell_readiness(opener: Callable[[], Searcher]) -> tuple[int, dict[str, Any]]:
    """Status and body of /readyz."""
    try:
        stats = opener().stats()
    except StoreError as error:
        return 503, {"status": "unavailable", "code": error.code, "reason": str(error)}
    return 200, {
        "status": "ok",
        "reports": stats.reports,
        "paragraphs": stats.paragraphs,
        "generation": stats.generation,
    }
