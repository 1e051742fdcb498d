"""Who is the operator: whoever sends the token, as a bearer or as the password of any name (which browsers ask for).

Without a token nobody is, and what is the operator's alone isn't there.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Response, abort, current_app, request

from web import messages as says
from web.error_answers import answer

EXTENSION = "xiesou-operator-token"
P = ParamSpec("P")


def require_operator(view: Callable[P, Response]) -> Callable[P, Response]:
    """Let the operator alone see a view; it isn't there at all where no token is set."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Response:
        token = current_app.extensions.get(EXTENSION)
        if not token:
            abort(404)
        if secrets.compare_digest(_token_given().encode("utf-8", "surrogatepass"), token.encode("utf-8")):
            return view(*args, **kwargs)
        refused = answer(401, "operator_only", says.OPERATOR_ONLY())
        refused.headers["WWW-Authenticate"] = 'Basic realm="Xiesou operator", charset="UTF-8"'
        return refused

    return guarded


def _token_given() -> str:
    given = request.authorization
    if given is None:
        return ""
    return (given.token if given.type == "bearer" else given.password) or ""
