"""The search as a blueprint for another Flask site.

The blueprint forwards requests to an application of its own, so the host's templates, error pages, sessions and names
don't mix with ours. What the host does before each request (a login, say) applies to it as well.
"""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from web.app import WebConfig, create_app


def make_blueprint(config: WebConfig | None = None, *, name: str = "xiesou") -> Blueprint:
    """A blueprint that serves the search; register it with a fixed `url_prefix`.

    Example:
        app.register_blueprint(make_blueprint(), url_prefix="/reports")
    """
    inner = create_app(config)
    blueprint = Blueprint(name, __name__)

    def answer(path: str = "") -> Response:
        assert request.url_rule is not None
        prefix = request.url_rule.rule.removesuffix("<path:path>").rstrip("/")
        raw = prefix.encode("utf-8").decode("latin-1")  # WSGI paths are bytes in Latin-1
        environ = dict(request.environ)
        environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + raw
        environ["PATH_INFO"] = environ.get("PATH_INFO", "")[len(raw) :] or "/"
        return Response.from_app(inner.wsgi_app, environ)

    methods = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]
    for rule in ("/", "/<path:path>"):
        blueprint.add_url_rule(
            rule, endpoint="search", view_func=answer, methods=methods, provide_automatic_options=False
        )
    return blueprint
