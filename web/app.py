"""`create_app`: the Flask application, composed from what it is given.

request -> params -> searcher -> present -> template or JSON -> response headers
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask, Response

from search import __version__
from search.answer.searcher import Searcher
from search.language.query.signs import MAX_CHARS
from search.settings import Address
from web.api import api
from web.background_work import register_background_work
from web.behind_proxy import register_public_address
from web.citations import citations
from web.corrections import EXTENSION as CONTACT
from web.corrections import corrections
from web.current_budget import register_limits
from web.current_searcher import EXTENSION, CurrentSearcher
from web.embed import embed
from web.embed_pieces import pieces
from web.embed_setup import embed_setup
from web.error_answers import register_error_handlers
from web.example_searches import EXTENSION as EXAMPLES
from web.example_searches import ExampleSearches
from web.export import exports
from web.feed import feeds
from web.health import health
from web.i18n import register_languages
from web.instrument_files import instrument_files
from web.instrument_pages import instrument_pages
from web.instruments import instruments
from web.json_answers import JsonAnswers
from web.labels import name_recognition
from web.limits import Limits
from web.link_room import has_room
from web.log_lines import register_log_lines
from web.long_work import EXTENSION as LONG_WORK
from web.long_work import LongWork
from web.markup import bars_of_years, facet_items, href
from web.metrics import metrics
from web.observers import register_observers
from web.observing import Observing
from web.oembed import oembeds
from web.openapi import api_docs
from web.operator import operator
from web.origin_policy import OriginPolicy
from web.origins import register_origins
from web.page_environment import PageEnvironment
from web.pages import pages
from web.paths import file_path
from web.query_string import EncodedRequest
from web.rate_limits import register_rate_limits
from web.rate_policy import RateLimits
from web.report_instruments import report_instruments
from web.response_headers import KEPT_STATIC, register_response_headers
from web.robots import robots
from web.site import Site
from web.turns import Turns
from web.working_set import working_set

BLUEPRINTS = (
    pages,
    citations,
    corrections,
    working_set,
    api,
    instruments,
    instrument_files,
    instrument_pages,
    report_instruments,
    exports,
    feeds,
    api_docs,
    health,
    embed,
    embed_setup,
    pieces,
    oembeds,
    robots,
    metrics,
    operator,
)


@dataclass(frozen=True, slots=True)
class WebConfig:
    """How the application is configured.

    Args:
        searcher: an open searcher, or a function that opens one; by default the index at `index` is opened.
        index: the index directory; None is the default one.
        origins: which other sites may use the search; by default none.
        rates: what one client may ask for; by default any amount.
        observing: what an operator sees of it; by default nothing.
        site: where it stands: its public address, the proxies before it, the hosts that it answers to.
        limits: what visitors may take.
        shared: a folder that all processes of a server share; None for one of this application's own.
        turns: those that the process's other work takes; None for none.
    """

    searcher: Searcher | Callable[[], Searcher] | None = None
    index: Address | None = None
    origins: OriginPolicy = field(default_factory=OriginPolicy)
    rates: RateLimits = field(default_factory=RateLimits)
    site: Site = field(default_factory=Site)
    observing: Observing = field(default_factory=Observing)
    limits: Limits = field(default_factory=Limits)
    shared: Path | None = None
    turns: Turns | None = None


def create_app(config: WebConfig | None = None) -> Flask:
    """A WSGI application over one collection, which is opened at the first request that needs it."""
    config = config or WebConfig()
    app = Flask(__name__)
    app.json = JsonAnswers(app)
    app.request_class = EncodedRequest
    app.jinja_environment = PageEnvironment
    app.jinja_env.globals["facet_items"] = facet_items
    app.jinja_env.globals["bars_of_years"] = bars_of_years
    app.jinja_env.globals["href"] = href
    app.jinja_env.globals["has_room_for_links"] = has_room
    app.jinja_env.globals["name_recognition"] = name_recognition
    app.jinja_env.globals["app_version"] = __version__
    app.jinja_env.globals["max_query_chars"] = MAX_CHARS
    app.url_map.strict_slashes = False
    searcher = CurrentSearcher(_opener(config))
    app.extensions[EXTENSION] = searcher
    app.extensions[EXAMPLES] = ExampleSearches()
    app.extensions[CONTACT] = config.site.contact
    _register_static_urls(app)
    register_log_lines(app)
    register_limits(app, config.limits)
    app.extensions[LONG_WORK] = LongWork(config.limits, config.shared and config.shared / "answers")
    register_background_work(app, config.turns)
    register_languages(app)
    register_error_handlers(app)
    # What is registered first checks first, and sets its headers last.
    register_observers(app, config.observing, searcher)
    register_public_address(app, config.site)
    register_rate_limits(app, config.rates)
    register_origins(app, config.origins)
    register_response_headers(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def _opener(config: WebConfig) -> Callable[[], Searcher]:
    searcher = config.searcher
    if searcher is None:
        return lambda: open_index(config.index)
    if callable(searcher):
        return searcher
    given: Searcher = searcher
    return lambda: given


def open_index(index: Address | None) -> Searcher:
    """A searcher over an index directory.

    Raises:
        StoreError: the index is missing, outdated or damaged.
    """
    from search import open_searcher

    return open_searcher(index)


def _register_static_urls(app: Flask) -> None:
    """`static_url(name)` in templates: an address that changes with the files, so that browsers may keep it.

    The version is a folder of the address: modules import each other by relative paths, so all share it.
    """
    assert app.static_folder is not None
    files = sorted(path for path in Path(app.static_folder).rglob("*") if path.is_file())
    version = hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()[:10]

    @app.get(f"{app.static_url_path}/{version}/<path:filename>", endpoint=KEPT_STATIC)
    def kept_static(filename: str) -> Response:
        return app.send_static_file(filename)

    @app.template_global()
    def static_url(name: str) -> str:
        return file_path(KEPT_STATIC, name)
