"""oEmbed 1.0: an address of ours -> the HTML that another site shows for it, no wider than it has room.

a search -> the search in an iframe; its distribution -> one chart in an iframe; a paragraph of a report -> a blockquote
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from flask import Blueprint, Response, abort, jsonify, render_template, request

from web import urls
from web.embed_options import HEIGHT, WIDTH, OembedRequest, read_oembed
from web.embed_pieces import make_quote
from web.embed_words import OEMBED_PLOT, OEMBED_SEARCH
from web.i18n import say

oembeds = Blueprint("oembed", __name__)

HOUR_SECONDS = 3600
QUOTE_WIDTH = 600
PLOT_HEIGHT = 300
_QUOTE_LINE_PX = 31
_QUOTE_CHAR_PX = 17
_QUOTE_AROUND_PX = 80


@dataclass(frozen=True, slots=True)
class Embedded:
    """What an address becomes."""

    html: str
    width: int
    height: int
    title: str


@oembeds.get("/oembed")
def oembed() -> Response:
    """The answer in the format that is asked for."""
    asked = read_oembed()
    if asked.format not in ("json", "xml"):
        abort(501)
    made = _make(asked)
    answer: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "provider_name": "协搜 Xiesou",
        "provider_url": urls.endpoint_url("pages.home", is_external=True, lang=None),
        "title": made.title,
        "cache_age": HOUR_SECONDS * 24,
        "width": made.width,
        "height": made.height,
        "html": made.html,
    }
    if asked.format == "json":
        response = jsonify(answer)
    else:
        response = Response(render_template("embed_oembed_xml.html", answer=answer), mimetype="text/xml")
    response.headers["Cache-Control"] = f"public, max-age={HOUR_SECONDS}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def oembed_url(address: str) -> str:
    """Where to ask what an address of ours becomes."""
    return urls.endpoint_url("oembed.oembed", is_external=True, url=address, format="json")


def _make(asked: OembedRequest) -> Embedded:
    parts = _split(asked.url)
    if parts is None or parts.netloc.lower() != request.host.lower():
        abort(404)
    args = parse_qs(parts.query, keep_blank_values=True)
    search, frame, plot, piece = (
        urls.endpoint_url(name, lang=None)
        for name in ("pages.search", "embed.frame", "pieces.plot", "pieces.quote")
    )
    if parts.path == plot or (parts.path == search and args.get("view") == ["distribution"]):
        return _frame(plot, parts.query, say(OEMBED_PLOT()), asked, PLOT_HEIGHT)
    if parts.path in (search, frame):
        return _frame(frame, parts.query, say(OEMBED_SEARCH()), asked, HEIGHT)
    if parts.path == piece:
        return _quote((args.get("report") or [""])[0], _number(args.get("n")), args, asked)
    return _quote(*_read_paragraph(parts, args), args, asked)


def _split(address: str) -> SplitResult | None:
    """The parts of an address; None where it is none."""
    try:
        return urlsplit(address)
    except ValueError:  # http://[
        return None


def _read_paragraph(parts: SplitResult, args: dict[str, list[str]]) -> tuple[str, int]:
    """Report and paragraph of /reports/<id>#p12 or /reports/<id>/cite?n=12."""
    reports = urls.endpoint_url("pages.reports", lang=None) + "/"
    path = unquote(parts.path)
    if not path.startswith(reports):
        abort(404)
    report_id = path.removeprefix(reports)
    if report_id.endswith("/cite"):
        return report_id.removesuffix("/cite"), _number(args.get("n"))
    return report_id, _number([parts.fragment.removeprefix("p")])


def _number(values: list[str] | None) -> int:
    if not values or not re.fullmatch("[0-9]{1,6}", values[0]):
        abort(404)
    return int(values[0])


def _frame(path: str, query: str, title: str, asked: OembedRequest, height: int) -> Embedded:
    address = f"{request.scheme}://{request.host}{path}" + (f"?{query}" if query else "")
    width, height = asked.fit(WIDTH, height)
    html = render_template("embed_oembed.html", address=address, width=width, height=height, title=title)
    return Embedded(html.strip(), width, height, title)


def _quote(report_id: str, n: int, args: dict[str, list[str]], asked: OembedRequest) -> Embedded:
    found = make_quote(report_id, n, (args.get("q") or [""])[0].strip())
    width = asked.fit(QUOTE_WIDTH, HEIGHT)[0]
    lines = -(-found.chars * _QUOTE_CHAR_PX // max(_QUOTE_CHAR_PX, width - 60))
    height = asked.fit(width, lines * _QUOTE_LINE_PX + _QUOTE_AROUND_PX)[1]
    html = render_template("embed_oembed_quote.html", quote=found)
    return Embedded(html.strip(), width, height, found.source)
