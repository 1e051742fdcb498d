"""Pages that stand in frames of other sites: who may frame them, and how they are delivered."""

from __future__ import annotations

from flask import Response, make_response, render_template

from web.embed_options import read_frame_options
from web.embed_words import words_of
from web.origins import current_policy, framing_origin

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'self'; frame-ancestors "
)


def refuse_frame() -> Response | None:
    """The page that tells a site, which isn't on the list, what to do; None where it may frame us."""
    origin = framing_origin()
    if origin is None or current_policy().allows(origin):
        return None
    options = read_frame_options()
    page = render_template("embed_refused.html", options=options, words=words_of(options.lang), origin=origin)
    return _deliver(page, 403, ancestors="*", cache="no-store")


def deliver_frame(page: str) -> Response:
    """The page, for frames of the sites on the list."""
    policy = current_policy()
    cache = f"public, max-age={policy.cache_seconds}"
    return _deliver(page, 200, ancestors=policy.frame_ancestors, cache=cache)


def _deliver(page: str, status: int, *, ancestors: str, cache: str) -> Response:
    response = make_response(page, status)
    response.headers["Content-Security-Policy"] = _POLICY + ancestors
    response.headers["Cache-Control"] = cache
    response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    response.vary.update(("Sec-Fetch-Dest", "Referer"))
    return response
