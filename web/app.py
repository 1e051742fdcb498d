"""`create_app`: the Flask application, put together from what it is given.

request -> params -> engine -> present -> template or JSON -> delivery
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask, Response, request, url_for

from search import __version__
from search.engine.base import Engine
from search.query.signs import MAX_CHARS
from web.advice import Examples
from web.api import api
from web.api_views import views
from web.collection import EXTENSION, Collection
from web.delivery import KEPT_STATIC, register_delivery
from web.embed import embed
from web.embed_pieces import pieces
from web.embed_setup import embed_setup
from web.export import exports
from web.feed import feeds
from web.health import health
from web.i18n import register_languages
from web.json_answers import JsonAnswers
from web.markup import facet_items
from web.oembed import oembeds
from web.openapi import reference
from web.origin_policy import OriginPolicy
from web.origins import register_origins
from web.pages import EXAMPLES, pages
from web.problems import register_problems
from web.query_string import EncodedRequest
from web.references import references
from web.scripts import join_modules
from web.selection import EXTENSION as CATALOGUE
from web.selection import Catalogue

SCRIPT = "xiesou.js"
"""The name under which the pages' modules are served as one."""


@dataclass(frozen=True, slots=True)
class WebConfig:
    """What the application is made with.

    Args:
        engine: an open engine, or a function that opens one; None opens the index at `index`.
        index: the index directory; None means the default one.
        origins: which other sites may use the search; as it is, none.
    """

    engine: Engine | Callable[[], Engine] | None = None
    index: Path | None = None
    origins: OriginPolicy = field(default_factory=OriginPolicy)


def create_app(config: WebConfig | None = None) -> Flask:
    """A WSGI application over one collection; opens nothing until it is asked something."""
    config = config or WebConfig()
    app = Flask(__name__)
    app.json = JsonAnswers(app)
    app.request_class = EncodedRequest
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["facet_items"] = facet_items
    app.url_map.strict_slashes = False
    collection = Collection(_opener(config))
    app.extensions[EXTENSION] = collection
    app.extensions[EXAMPLES] = Examples(collection)
    app.extensions[CATALOGUE] = Catalogue(collection)
    _register_static_urls(app)
    register_languages(app)
    register_problems(app)
    register_origins(app, config.origins)  # before delivery: its check comes first, its headers last
    register_delivery(app)
    app.register_blueprint(pages)
    app.register_blueprint(references)
    app.register_blueprint(api)
    app.register_blueprint(views)
    app.register_blueprint(exports)
    app.register_blueprint(feeds)
    app.register_blueprint(reference)
    app.register_blueprint(health)
    app.register_blueprint(embed)
    app.register_blueprint(embed_setup)
    app.register_blueprint(pieces)
    app.register_blueprint(oembeds)
    return app


def _opener(config: WebConfig) -> Callable[[], Engine]:
    engine = config.engine
    if engine is None:
        return lambda: open_index(config.index)
    if callable(engine):
        return engine
    given: Engine = engine
    return lambda: given


def open_index(index: Path | None) -> Engine:
    """The engine over an index directory.

    Raises:
        StoreError: the index is missing, outdated or damaged.
    """
    from search import open_engine

    return open_engine(index)


def _register_static_urls(app: Flask) -> None:
    """`static_url(name)` in templates: an address that changes with the files, so that it may be kept.

    The version is a folder of the address, so that what is beside a file may be kept too.
    """
    assert app.static_folder is not None
    folder = Path(app.static_folder)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    version = hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()[:10]

    script = join_modules(folder, "main")

    @app.get(f"{app.static_url_path}/{version}/<path:filename>", endpoint=KEPT_STATIC)
    def kept_static(filename: str) -> Response:
        if filename != SCRIPT:
            return app.send_static_file(filename)
        response = Response(script, mimetype="text/javascript")
        response.set_etag(version)
        response.make_conditional(request)
        return response

    @app.template_global()
    def static_url(name: str) -> str:
        return url_for(KEPT_STATIC, filename=name)

    app.jinja_env.globals["app_version"] = __version__
    app.jinja_env.globals["max_query_chars"] = MAX_CHARS
