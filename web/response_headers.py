"""Headers of every response: security, validators, compression.

No cookies, nothing from other hosts, no inline script or style.
"""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache

from flask import Flask, Response, g, request
from werkzeug.http import generate_etag
from werkzeug.sansio.utils import get_current_url

from web import messages as says
from web.current_budget import current_limits
from web.current_searcher import current_version
from web.error_answers import answer
from web.limits import MB

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

_COMPRESSED = (
    "text/html",
    "text/css",
    "text/javascript",
    "application/javascript",
    "application/json",
    "image/svg+xml",
    "application/atom+xml",
)
_MIN_BYTES = 600
_KEPT_ROOTS = 64
KEPT_STATIC = "kept-static"
"""Endpoint of the static files at addresses that change with them."""
_INSTRUMENTS = ("instrument_pages", "report_instruments", "instrument_files")
_NOT_FOR_ROBOTS = (
    "api",
    "instruments",
    "exports",
    "feeds",
    "embed",
    "pieces",
    "oembed",
    "operator",
    *_INSTRUMENTS,
)
_VALIDATED = ("pages", "api", "instruments", "exports", "feeds", *_INSTRUMENTS)


def register_response_headers(app: Flask) -> None:
    """Set the headers and validators on everything the application sends."""
    app.before_request(_answer_unchanged)
    app.after_request(_finish)


def _answer_unchanged() -> Response | None:
    """304, before any work is done, if the client has this state of this version of the collection."""
    if request.method not in ("GET", "HEAD") or request.blueprint not in _VALIDATED:
        return None
    return Response(status=304) if request.if_none_match.contains_weak(_state_etag()) else None


def _finish(response: Response) -> Response:
    most = current_limits().answer_mb
    if response.is_sequence and response.calculate_content_length() > most * MB:  # type: ignore[operator]
        response = answer(422, "answer_too_large", says.ANSWER_TOO_LARGE(most=most))
    present = {name.lower() for name in response.headers.keys()}  # noqa: SIM118 -- pairs, if it is walked itself
    for name, value in SECURITY_HEADERS.items():
        if name.lower() not in present:  # Werkzeug's own `setdefault` raises and catches an error for each
            response.headers.add(name, value)
    if request.blueprint in _VALIDATED:
        response.headers.setdefault("Cache-Control", "no-cache")
        if response.status_code in (200, 304):
            response.set_etag(_state_etag(), weak=True)
    elif request.endpoint == KEPT_STATIC and response.status_code in (200, 304):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    elif request.endpoint == "static" and response.status_code == 200:
        response.headers["Cache-Control"] = "no-cache"
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    if request.blueprint in _NOT_FOR_ROBOTS:
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return _compress(response)


def _state_etag() -> str:
    etag: str | None = g.get("state_etag")
    if etag is None:
        etag = g.state_etag = _make_state_etag()
    return etag


def _make_state_etag() -> str:
    root = _root_url(request.scheme, request.host, request.root_path)
    state = f"{current_version()} {root} {request.full_path}"
    return generate_etag(hashlib.sha256(state.encode("utf-8", "replace")).digest())


@lru_cache(maxsize=_KEPT_ROOTS)
def _root_url(scheme: str, host: str, root_path: str) -> str:
    """`Request.root_url`, kept: to make it takes half as long as to read a query."""
    return get_current_url(scheme, host, root_path)


def _compress(response: Response) -> Response:
    if response.mimetype not in _COMPRESSED:
        return response
    response.vary.add("Accept-Encoding")
    if (
        response.status_code != 200
        or request.accept_encodings["gzip"] <= 0
        or "Content-Encoding" in response.headers
    ):
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) < _MIN_BYTES:
        return response
    response.set_data(gzip.compress(body, compresslevel=6, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    return response
