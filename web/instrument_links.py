"""Where a search leads on to: the instruments that take it, with its filters."""

from __future__ import annotations

from search.instruments.compare import Split
from search.model import Query
from web.charts.lines import MAX_LINES
from web.i18n import phrase, translate
from web.instrument_urls import compare_args, page_url, search_page_url

_OF_SEARCH = {
    "collocates": phrase("What stands near"),
    "numbers": phrase("Numbers and targets"),
    "compare": phrase("Beside another search"),
}


_APART: tuple[tuple[Split, str], ...] = (
    ("city", phrase("These cities as lines")),
    ("province", phrase("These provinces as lines")),
)
"""Where several places are chosen: a line each, which a comparison draws."""


def list_instruments(query: Query) -> list[tuple[str, str]]:
    """(name, address) of each; none of a search without words."""
    if not query.text:
        return []
    links = [(translate(name), search_page_url(one, query)) for one, name in _OF_SEARCH.items()]
    for split, name in _APART:
        if 1 < len(getattr(query, split)) <= MAX_LINES:
            links.append((translate(name), page_url("compare", compare_args([query], split=split))))
            break
    return links
