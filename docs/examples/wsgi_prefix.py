"""Any WSGI site (Django, Flask, Pyramid …) that has the search under /reports-search.

Run it where the index is:  waitress-serve --listen=127.0.0.1:8080 docs.examples.wsgi_prefix:application
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.middleware.dispatcher import DispatcherMiddleware

from web.app import create_app


def site(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The site that is there already; yours stands here."""
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    return ['<h1>我们的网站</h1><a href="/reports-search/">检索报告</a>'.encode()]


application = DispatcherMiddleware(site, {"/reports-search": create_app()})
