"""The working set: searches, paragraphs and reports that a reader keeps in the browser, and nowhere else.

The page is filled by `static/working-set.js`. The server only says what the collection has under ids that it is asked
for, so that a kept copy can be held against it.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, jsonify, render_template

from search.json_form import to_builtins
from search.model import Query
from web import urls
from web.current_searcher import current_searcher
from web.item_parameters import MOST_ITEMS, read_items
from web.kept_items import KeptItem, find_items
from web.labels import name_of, name_place, name_report

working_set = Blueprint("working_set", __name__)

MOST_READ = 100
"""Items that one request may read; a script asks for more in turns."""
FORMATS = (("GB/T 7714", "txt"), ("BibTeX", "bib"), ("RIS", "ris"), ("CSL-JSON", "json"))


@dataclass(frozen=True, slots=True)
class ReadItem:
    """An item as the page shows it; `text` is a paragraph's, null of a whole report."""

    id: str
    label: str
    title: str
    text: str | None
    url: str
    cite_url: str


@dataclass(frozen=True, slots=True)
class ReadItems:
    """The items in the order asked for; null for those that the collection doesn't have."""

    items: list[ReadItem | None]


@working_set.get("/working-set")
def show() -> str:
    """The page, empty until its script has run."""
    return render_template(
        "working_set.html",
        query=Query(),
        most=MOST_ITEMS,
        most_read=MOST_READ,
        bibliographies=[
            (name, urls.endpoint_url("citations.bibliography", kind=kind, lang=None))
            for name, kind in FORMATS
        ],
    )


@working_set.post("/working-set/items")
def items() -> Response:
    """The items of a posted form."""
    found = find_items(current_searcher(), read_items(most=MOST_READ))
    return jsonify(to_builtins(ReadItems([None if one is None else _read(one) for one in found])))


def _read(item: KeptItem) -> ReadItem:
    report, n = item.report, item.n
    return ReadItem(
        id=item.id,
        label=f"{name_place(report)} · {name_of(report.year)} · {name_of(report.type)}",
        title=name_report(report),
        text=None if item.paragraph is None else item.paragraph.text,
        url=urls.report_url(report.id, n=n),
        cite_url=urls.cite_url(report.id, n=n),
    )
