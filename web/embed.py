"""The search inside other sites: the widget's script, the iframe page and OpenSearch.

Everything here works under a prefix: addresses come from the request's own root. docs/embedding.md tells how to use it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, render_template, request

from search.model import FACETS, Query
from web import urls
from web.asked_views import PARAGRAPHS
from web.current_searcher import current_searcher
from web.embed_options import read_frame_options, read_looks, read_version
from web.embed_script import load_script
from web.embed_words import words_of
from web.frames import deliver_frame, refuse_frame
from web.labels import name_of
from web.link_room import listed
from web.oembed import oembed_url
from web.params import read_search
from web.present import view_hits, view_paging, view_reading
from web.question_notes import note_found
from web.tiers import view_counts

embed = Blueprint("embed", __name__)

YEAR_SECONDS = 31_536_000
HOUR_SECONDS = 3600


@embed.get("/embed.js")
def script() -> Response:
    """The widget. With its version in the address it may be kept for ever."""
    return _answer_script("embed.js")


@embed.get("/embed-modal.js")
def modal_script() -> Response:
    """The search in a dialog that opens by a key, for pages without room for a box."""
    return _answer_script("embed-modal.js")


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
    refused = refuse_frame()
    if refused is not None:
        return refused
    options = read_frame_options()
    words = words_of(options.lang)
    query = replace(read_search(), fold=False)
    asked = bool(query.text or any(getattr(query, field) for field in FACETS if field not in options.fixed))
    searcher = current_searcher()
    result = note_found(searcher.search(query)) if asked else None
    page = render_template(
        "embed.html",
        options=options,
        words=words,
        query=query,
        result=result,
        reading=view_reading(result) if result else (),
        counted=view_counts(result, searcher.count(replace(query, page=1, group="")), PARAGRAPHS)
        if result
        else None,
        switch_url=_frame_url(replace(query, page=1, match="all" if query.match == "phrase" else "phrase")),
        hits=view_hits(result) if result else (),
        groups=_groups(result.facets, query, options.facets, options.fixed, words) if result else [],
        chips=_chips(query, options.fixed),
        paging=view_paging(query, result.paged) if result else None,
        previous=_frame_url(replace(query, page=query.page - 1)) if query.page > 1 else "",
        following=_frame_url(replace(query, page=query.page + 1)),
        hidden=_fields(query),
        full_url=urls.search_url(query),
        oembed_url=oembed_url(request.url),
    )
    return deliver_frame(page)


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


def _frame_url(query: Query) -> str:
    """The frame's own page in this state, its looks kept."""
    return urls.endpoint_url("embed.frame", **{**read_looks(), **urls.query_args(query)})


def _toggle_url(query: Query, field: str, value: str | int | None) -> str:
    """The frame with a value toggled in a filter; "" where the page has no room for it."""
    return listed(lambda: _frame_url(urls.toggle(query, field, value)))


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
        links = [(name_of(v.value), v.count, v.selected, _toggle_url(query, field, v.value)) for v in values]
        if links:
            groups.append((words[field], links, any(v.selected for v in values)))
    return groups


def _chips(query: Query, fixed: tuple[str, ...]) -> list[tuple[str, str]]:
    return [
        (name_of(value), _toggle_url(query, field, value))
        for field in FACETS
        if field not in fixed
        for value in getattr(query, field)
    ]
