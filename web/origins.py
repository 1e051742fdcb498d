"""Which other sites may use this search: the allow-list, what it does to CORS and framing, and its rate limit.

Origin header -> same host, on the list, or refused -> 403, 429 or the answer with the headers that let it be read.
"""

from __future__ import annotations

import re

from flask import Flask, Response, current_app, request

from web import messages as says
from web.error_answers import answer
from web.origin_policy import EVERYONE, ORIGIN, OriginPolicy
from web.rate_limits import client_key, refuse_beyond

EXTENSION = "xiesou-origins"
FRAMES = ("embed.frame", "pieces.quote", "pieces.plot")
_ORIGIN_OF = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#]+", re.IGNORECASE)
_HEADER_NAMES = re.compile(r"[\w!#$%&'*+.^`|~-]+(, *[\w!#$%&'*+.^`|~-]+){0,49}", re.ASCII)


def register_origins(app: Flask, policy: OriginPolicy) -> None:
    """Guard /api by the policy. Register before all else: its check comes first, its headers last."""
    app.extensions[EXTENSION] = policy

    def check() -> Response | None:
        origin = asking_origin()
        if origin is None or not _is_api():
            return None
        if request.method == "OPTIONS":
            return Response(status=204)  # a refused site too: it learns why from the answer to its request
        entry = policy.entry_for(origin)
        if entry is None:
            return answer(
                403,
                "origin_not_allowed",
                says.ORIGIN_NOT_ALLOWED(origin=origin, listed=_name_for_list(origin)),
            )
        most = policy.rate_per_minute
        key = f"{entry} {client_key(request.remote_addr or '')}"
        return refuse_beyond(most, key, says.TOO_MANY_REQUESTS(origin=origin, most=most))

    def finish(response: Response) -> Response:
        if _is_api():
            _permit(response, policy)
        elif request.endpoint in FRAMES:
            _let_frame(response, policy)
        return response

    app.before_request(check)
    app.after_request(finish)


def _name_for_list(origin: str) -> str:
    """What the list must have to let an origin in; pages without one are let in with all others only."""
    return "'*'" if origin == "null" else origin


def _let_frame(response: Response, policy: OriginPolicy) -> None:
    """The frame's page, its errors too, may stand in frames of the list; the older header can't say which."""
    said = response.headers.get("Content-Security-Policy", "")
    response.headers["Content-Security-Policy"] = said.replace(
        "frame-ancestors 'none'", f"frame-ancestors {policy.frame_ancestors}"
    )
    del response.headers["X-Frame-Options"]


def current_policy() -> OriginPolicy:
    """The policy of the application that handles this request."""
    policy = current_app.extensions[EXTENSION]
    assert isinstance(policy, OriginPolicy)
    return policy


def asking_origin() -> str | None:
    """The other site whose page asks, as the browser says; None for this site's own pages and for programs."""
    return _other(request.headers.get("Origin", ""))


def framing_origin() -> str | None:
    """The other site in whose frame this page is being opened, as far as the browser tells."""
    if request.headers.get("Sec-Fetch-Dest") not in ("iframe", "frame", "embed", "object"):
        return None
    referrer = _ORIGIN_OF.match(request.headers.get("Referer", ""))
    return _other(referrer[0]) if referrer is not None else None


def _other(origin: str) -> str | None:
    origin = origin.strip().lower()
    if not origin or (origin.partition("://")[2] or None) == request.host.lower():
        return None
    return origin if origin == "null" or ORIGIN.fullmatch(origin) else "null"


def _is_api() -> bool:
    return request.path.startswith("/api/")


def _permit(response: Response, policy: OriginPolicy) -> None:
    """Let a page of another site read the answer; a refusal too, so that its owner learns why."""
    origin = asking_origin()
    if policy.is_open:
        response.headers["Access-Control-Allow-Origin"] = EVERYONE
    else:
        response.vary.add("Origin")
        if origin is not None:
            response.headers["Access-Control-Allow-Origin"] = origin
    if origin is None:
        return
    response.headers["Access-Control-Expose-Headers"] = "ETag, Retry-After"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
        asked = request.headers.get("Access-Control-Request-Headers", "")
        if _HEADER_NAMES.fullmatch(asked):  # whatever a host adds to its requests: none of it matters to us
            response.headers["Access-Control-Allow-Headers"] = asked
            response.vary.add("Access-Control-Request-Headers")
        response.headers["Access-Control-Max-Age"] = "86400"
    if response.status_code in (200, 304):
        response.headers["Cache-Control"] = f"public, max-age={policy.cache_seconds}"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
