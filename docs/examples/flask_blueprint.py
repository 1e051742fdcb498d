"""A Flask site that has the search under /reports-search, as a blueprint.

Run it where the index is:  flask --app docs/examples/flask_blueprint.py run
"""

from __future__ import annotations

from flask import Flask

from web.app import WebConfig
from web.blueprint import make_blueprint


def create_app(config: WebConfig | None = None) -> Flask:
    """The site: its own page, and the search beside it."""
    app = Flask(__name__)
    app.register_blueprint(make_blueprint(config), url_prefix="/reports-search")

    @app.get("/")
    def home() -> str:
        return '<h1>我们的网站</h1><form action="/reports-search/search"><input name="q"><button>检索</button></form>'

    return app
