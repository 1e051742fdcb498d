"""The search inside another Flask site: one blueprint, under whatever prefix it is registered.

It is the whole application behind a door: the host's templates, error pages, sessions and names stay apart from
ours, while what the host does before each request (a login, say) holds here too.
"""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from web.app import WebConfig, create_app


def make_blueprint(config: WebConfig | None = None, *, name: str = "xiesou") -> Blueprint:
    """The search as a blueprint; register it with a fixed `url_prefix` of its own.

    Example:
        app.register_blueprint(make_blueprint(), url_prefix="/reports")
    """
    inner = create_app(config)
    blueprint = Blueprint(name, __name__)

    def answer(path: str = "") -> Response:
        assert request.url_rule is not None
        prefix = request.url_rule.rule.removesuffix("<path:path>").rstrip("/")
        raw = prefix.encode("utf-8").decode("latin-1")  # as WSGI carries paths
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
