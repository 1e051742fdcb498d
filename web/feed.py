"""A search as an Atom feed of its newest paragraphs.

Entry ids are derived from paragraph ids, so they survive a change of the server's address.

Source: RFC 4287 (Atom), RFC 4122 (name-based UUIDs).
"""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from xml.etree import ElementTree

from flask import Blueprint, Response

from search.media import for_markup
from search.model import Hit, Report
from web import api_parameters as takes
from web import messages as says
from web import urls
from web.current_searcher import current_engine
from web.i18n import phrase, say, translate
from web.operations import file_operation
from web.params import read_search

feeds = Blueprint("feeds", __name__)

MAX_ENTRIES = 50
TITLE_CHARS = 60
_ATOM = "http://www.w3.org/2005/Atom"
_NAMESPACE = uuid.UUID("6f1b9f0e-5c0f-5a57-9d0a-7a3a6f6d2e11")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@feeds.get("/feed.atom")
@file_operation(phrase("The newest paragraphs found"), takes.SEARCH, "application/atom+xml")
def feed() -> Response:
    """The newest paragraphs of a search."""
    query = replace(read_search(), sort="-year", page=1, per_page=MAX_ENTRIES, fold=False)
    hits = [
        hit for hit in current_engine().search(query).hits if hit.tier <= (2 if query.match == "all" else 1)
    ]
    ElementTree.register_namespace("", _ATOM)
    root = ElementTree.Element(f"{{{_ATOM}}}feed")
    plain = replace(query, per_page=10, group="")
    asked = sorted((name, str(value)) for name, value in urls.query_args(plain).items())
    _add(root, "id", _identify("feed", repr(asked)))
    _add(root, "title", say(says.FEED_TITLE(query=query.text or says.ALL_PARAGRAPHS())))
    _add(root, "updated", max((delivered_at(hit.report) for hit in hits), default="1970-01-01T00:00:00Z"))
    _add(root, "link", rel="self", type="application/atom+xml", href=urls.absolute_feed_url(plain))
    _add(root, "link", rel="alternate", type="text/html", href=urls.absolute_search_url(plain))
    _add(_add(root, "author"), "name", translate("Xiesou"))
    for hit in hits:
        _add_entry(root, hit)
    body = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(body, content_type="application/atom+xml; charset=utf-8")


def delivered_at(report: Report) -> str:
    """The date of delivery as an Atom timestamp; 1 January of the year, or of 1970, if unknown."""
    if report.date and _DATE.fullmatch(report.date):
        return f"{report.date}T00:00:00Z"
    return f"{report.year or 1970:04d}-01-01T00:00:00Z"


def _add_entry(root: ElementTree.Element, hit: Hit) -> None:
    report = hit.report
    entry = _add(root, "entry")
    _add(entry, "id", _identify("paragraph", hit.id))
    place = " ".join(str(value) for value in (report.city, report.year, report.type) if value)
    _add(entry, "title", f"{place} · {_shorten(hit)}" if place else _shorten(hit))
    _add(entry, "updated", delivered_at(report))
    href = urls.absolute_report_url(report.id, n=hit.n)
    _add(entry, "link", rel="alternate", type="text/html", href=href)
    if report.title:
        _add(entry, "category", term=report.title)
    _add(entry, "content", hit.text, type="text")


def _shorten(hit: Hit) -> str:
    return hit.text if len(hit.text) <= TITLE_CHARS else hit.text[:TITLE_CHARS] + "…"


def _identify(kind: str, name: str) -> str:
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, f'{kind} {name}')}"


def _add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
    kept = {key: for_markup(value) for key, value in attributes.items()}
    child = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", kept)
    if text:
        child.text = for_markup(text)
    return child
