"""The search inside other sites: the widget's script, the iframe page, oEmbed, OpenSearch and the page to set them up.

Everything here works under a prefix: addresses come from the request's own root. docs/embedding.md tells how to use it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, jsonify, render_template, request
from flask import make_response as respond

from search.model import FACETS, OTHER_TYPES, REPORT_TYPES, Query
from web import urls
from web.current_searcher import current_engine
from web.embed_options import (
    SetupOptions,
    read_frame_options,
    read_looks,
    read_oembed,
    read_setup,
    read_version,
)
from web.embed_words import words_of
from web.labels import name_of
from web.origins import current_policy, framing_origin
from web.params import read_search
from web.present import view_hits, view_paging, view_reading

embed = Blueprint("embed", __name__)

YEAR_SECONDS = 31_536_000
HOUR_SECONDS = 3600
SCRIPTS = ("embed.js", "embed-height.js")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'self'; frame-ancestors "
)


@dataclass(frozen=True, slots=True)
class Script:
    """A script as it is served: its text, its short name for caching, and its integrity for `<script>`."""

    text: str
    version: str
    integrity: str


@cache
def load_script(name: str) -> Script:
    """One of `SCRIPTS`, without the lines and blanks that only its readers here need."""
    source = (Path(__file__).parent / "static" / name).read_text("utf-8")
    text = lighten(source)
    digest = hashlib.sha384(text.encode("utf-8")).digest()
    return Script(text, digest.hex()[:12], "sha384-" + base64.b64encode(digest).decode("ascii"))


def lighten(source: str) -> str:
    """The script without indentation, empty lines and lines that are comments.

    Example:
        >>> lighten("// why\\nif (a) {\\n  b();\\n}\\n")
        'if (a) {\\nb();\\n}\\n'
    """
    return re.sub(r"(?m)^(?://.*|/\*\*.*\*/)?\n", "", re.sub(r"(?m)^[ \t]+", "", source))


@embed.get("/embed.js")
def script() -> Response:
    """The widget. With its version in the address it may be kept for ever."""
    return _answer_script("embed.js")


@embed.get("/embed-height.js")
def height_script() -> Response:
    """For hosts that frame the search: their iframes follow the height of their content."""
    return _answer_script("embed-height.js")


def _answer_script(name: str) -> Response:
    found = load_script(name)
    response = Response(found.text, mimetype="text/javascript")
    asked = read_version()
    seconds = YEAR_SECONDS if asked == found.version else HOUR_SECONDS
    kept = f"public, max-age={seconds}" + (", immutable" if asked == found.version else "")
    response.headers["Cache-Control"] = kept
    response.headers["Access-Control-Allow-Origin"] = (
        "*"  # it holds no data, and modules are always asked for by CORS
    )
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.set_etag(found.version)
    response.make_conditional(request)
    return response


@embed.get("/embed")
def frame() -> Response:
    """The search as a page for an iframe: complete without scripts, quiet, as tall as its content."""
    policy = current_policy()
    origin = framing_origin()
    options = read_frame_options()
    words = words_of(options.lang)
    if origin is not None and not policy.allows(origin):
        page = render_template("embed_refused.html", options=options, words=words, origin=origin)
        return _deliver(page, 403, ancestors="*", cache="no-store")
    query = read_search()
    asked = bool(query.text or any(getattr(query, field) for field in FACETS if field not in options.fixed))
    result = current_engine().search(query) if asked else None
    page = render_template(
        "embed.html",
        options=options,
        words=words,
        query=query,
        result=result,
        reading=view_reading(result) if result else (),
        hits=view_hits(result) if result else (),
        groups=_groups(result.facets, query, options.facets, options.fixed, words) if result else [],
        chips=_chips(query, options.fixed),
        paging=view_paging(query, result.total) if result else None,
        previous=_frame_url(replace(query, page=query.page - 1)) if query.page > 1 else "",
        following=_frame_url(replace(query, page=query.page + 1)),
        hidden=_fields(query),
        full_url=urls.search_url(query),
        oembed_url=_oembed_url(request.url),
    )
    return _deliver(
        page, 200, ancestors=policy.frame_ancestors, cache=f"public, max-age={policy.cache_seconds}"
    )


def _deliver(page: str, status: int, *, ancestors: str, cache: str) -> Response:
    response = respond(page, status)
    response.headers["Content-Security-Policy"] = _POLICY + ancestors
    response.headers["Cache-Control"] = cache
    response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    response.vary.update(("Sec-Fetch-Dest", "Referer"))
    return response


@embed.get("/embed/setup")
def setup() -> str:
    """Choose options, see the result, copy the snippet."""
    options = read_setup()
    policy = current_policy()
    stats = current_engine().stats()
    return render_template(
        "embed_setup.html",
        options=options,
        words=words_of(options.lang),
        widget=render_widget(options),
        action=urls.endpoint_url("pages.search", is_external=True, lang=None),
        frame_url=urls.endpoint_url("embed.frame", is_external=True, **options.frame_args()),
        home=urls.endpoint_url("pages.home", is_external=True),
        script_url=_script_url("embed.js"),
        integrity=load_script("embed.js").integrity,
        height_url=_script_url("embed-height.js"),
        height_integrity=load_script("embed-height.js").integrity,
        cities=sorted({city for city, _ in stats.coverage}),
        types=tuple(kind for kind in REPORT_TYPES if kind not in OTHER_TYPES),
        policy=policy,
        is_allowed=bool(options.site) and policy.allows(options.site),
        query=Query(),
    )


def render_widget(options: SetupOptions) -> str:
    """The element around its form, as an owner pastes it."""
    return render_template(
        "embed_widget.html",
        options=options,
        action=urls.endpoint_url("pages.search", is_external=True, lang=None),
    ).strip()


def _script_url(name: str) -> str:
    endpoint = "embed.script" if name == "embed.js" else "embed.height_script"
    return urls.endpoint_url(endpoint, is_external=True, v=load_script(name).version)


@embed.get("/oembed")
def oembed() -> Response:
    """oEmbed 1.0: an address of ours -> the iframe that shows it."""
    asked = read_oembed()
    if asked.format not in ("json", "xml"):
        abort(501)
    parts = urlsplit(asked.url)
    frame_path = urls.endpoint_url("embed.frame")
    if parts.netloc.lower() != request.host.lower() or parts.path not in (
        frame_path,
        urls.endpoint_url("pages.search"),
    ):
        abort(404)
    address = f"{request.scheme}://{request.host}{frame_path}" + (f"?{parts.query}" if parts.query else "")
    answer: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "provider_name": "协搜 Xiesou",
        "provider_url": urls.endpoint_url("pages.home", is_external=True),
        "title": "协搜：报告全文检索",
        "cache_age": HOUR_SECONDS * 24,
        "width": asked.width,
        "height": asked.height,
        "html": render_template("embed_oembed.html", address=address, asked=asked).strip(),
    }
    if asked.format == "json":
        response = jsonify(answer)
    else:
        response = Response(render_template("embed_oembed_xml.html", answer=answer), mimetype="text/xml")
    response.headers["Cache-Control"] = f"public, max-age={HOUR_SECONDS}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@embed.get("/opensearch.xml")
def opensearch() -> Response:
    """An OpenSearch 1.1 description, by which browsers offer to add the search."""
    page = render_template(
        "embed_opensearch.html",
        template=urls.endpoint_url("pages.search", is_external=True) + "?q={searchTerms}",
        icon=urls.endpoint_url("static", filename="seal.svg", is_external=True),
        home=urls.endpoint_url("pages.home", is_external=True),
    )
    response = Response(page, mimetype="application/opensearchdescription+xml")
    response.headers["Cache-Control"] = f"public, max-age={HOUR_SECONDS * 24}"
    return response


def _oembed_url(address: str) -> str:
    return urls.endpoint_url("embed.oembed", is_external=True, url=address, format="json")


def _frame_url(query: Query) -> str:
    """The frame's own page in this state, its looks kept."""
    return urls.endpoint_url("embed.frame", **{**read_looks(), **urls.query_args(query)})


def _fields(query: Query) -> list[tuple[str, str]]:
    """What the frame's form carries beside the words: looks and filters."""
    args = {**read_looks(), **urls.query_args(replace(query, page=1))}
    return [
        (name, str(value))
        for name, values in args.items()
        if name != "q"
        for value in (values if isinstance(values, list) else [values])
    ]


def _groups(
    facets: Any, query: Query, shown: tuple[str, ...], fixed: tuple[str, ...], words: Any
) -> list[Any]:
    groups = []
    for field in shown:
        if field in fixed:
            continue
        values = [value for value in facets.get(field, ()) if value.count or value.selected]
        if field == "year":
            values.sort(key=lambda v: (v.value is None, -int(v.value or 0)))
        else:
            values.sort(key=lambda v: (not v.selected, -v.count, str(v.value)))
        links = [
            (name_of(v.value), v.count, v.selected, _frame_url(urls.toggle(query, field, v.value)))
            for v in values
        ]
        if links:
            groups.append((words[field], links, any(v.selected for v in values)))
    return groups


def _chips(query: Query, fixed: tuple[str, ...]) -> list[tuple[str, str]]:
    return [
        (name_of(value), _frame_url(urls.toggle(query, field, value)))
        for field in FACETS
        if field not in fixed
        for value in getattr(query, field)
    ]
