"""A page of a feed -> Atom or JSON Feed: plain values in, bytes out.

Source: RFC 4287 (Atom), RFC 5005 section 3 (paged feeds), RFC 4122 (name-based UUIDs), JSON Feed 1.1.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from flask import Response

from search.media import for_line, for_markup

ATOM_TYPE = "application/atom+xml"
JSON_TYPE = "application/feed+json"
NEVER = "1970-01-01T00:00:00Z"

_ATOM = "http://www.w3.org/2005/Atom"
_NAMESPACE = uuid.UUID("6f1b9f0e-5c0f-5a57-9d0a-7a3a6f6d2e11")


@dataclass(frozen=True, slots=True)
class Entry:
    """What came in.

    Args:
        id: as `identify` makes it; it stays.
        updated: when it came in, a UTC time stamp.
        category: what it belongs to; "" for nothing.
    """

    id: str
    title: str
    updated: str
    url: str
    text: str
    category: str = ""


@dataclass(frozen=True, slots=True)
class FeedPage:
    """A page of a feed, what came in last first.

    Args:
        id: that of the whole feed.
        home: the page that it follows.
        links: (rel, absolute address): self, first, previous, next, last; without those that there are none of.
    """

    id: str
    title: str
    author: str
    home: str
    links: Sequence[tuple[str, str]]
    entries: Sequence[Entry]


def identify(kind: str, name: str) -> str:
    """The id of a feed or an entry: the same on every server."""
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, f'{kind} {name}')}"


def send_atom(page: FeedPage) -> Response:
    """The page as Atom."""
    ElementTree.register_namespace("", _ATOM)
    root = ElementTree.Element(f"{{{_ATOM}}}feed")
    _add(root, "id", page.id)
    _add(root, "title", page.title)
    _add(root, "updated", max((entry.updated for entry in page.entries), default=NEVER))
    for rel, href in page.links:
        _add(root, "link", rel=rel, type=ATOM_TYPE, href=href)
    _add(root, "link", rel="alternate", type="text/html", href=page.home)
    _add(_add(root, "author"), "name", page.author)
    for one in page.entries:
        entry = _add(root, "entry")
        _add(entry, "id", one.id)
        _add(entry, "title", one.title)
        _add(entry, "updated", one.updated)
        _add(entry, "link", rel="alternate", type="text/html", href=one.url)
        if one.category:
            _add(entry, "category", term=one.category)
        _add(entry, "content", one.text, type="text")
    body = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(body, content_type=f"{ATOM_TYPE}; charset=utf-8")


def send_json(page: FeedPage) -> Response:
    """The page as JSON Feed."""
    links = dict(page.links)
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": page.title,
        "home_page_url": page.home,
        "feed_url": links["self"],
        **({"next_url": links["next"]} if "next" in links else {}),
        "language": "zh-Hans",
        "authors": [{"name": page.author}],
        "items": list(_items(page.entries)),
    }
    return Response(json.dumps(feed, ensure_ascii=False), content_type=f"{JSON_TYPE}; charset=utf-8")


def _items(entries: Sequence[Entry]) -> Iterator[dict[str, Any]]:
    for one in entries:
        yield {
            "id": one.id,
            "url": one.url,
            "title": for_line(one.title),
            "content_text": for_markup(one.text),
            "date_modified": one.updated,
            **({"tags": [for_line(one.category)]} if one.category else {}),
        }


def _add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
    kept = {key: for_markup(value) for key, value in attributes.items()}
    child = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", kept)
    if text:
        child.text = for_markup(text)
    return child
