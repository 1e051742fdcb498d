"""Liveness and readiness, for supervisors and load balancers."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from search.errors import StoreError
from web.current_searcher import current_engine

health = Blueprint("health", __name__)


@health.get("/healthz")
def live() -> Response:
    """200 while the process runs, whatever the state of the index."""
    return jsonify({"status": "ok"})


@health.get("/readyz")
def ready() -> Response:
    """200 if the index opens, else 503 with the reason."""
    try:
        stats = current_engine().stats()
    except StoreError as error:
        response = jsonify({"status": "unavailable", "code": error.code, "reason": str(error)})
        response.status_code = 503
        return response
    return jsonify(
        {
            "status": "ok",
            "reports": stats.reports,
            "paragraphs": stats.paragraphs,
            "generation": stats.generation,
        }
    )
