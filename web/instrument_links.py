"""Where a search leads on to: the instruments that take it, with its filters."""

from __future__ import annotations

from search.model import Query
from web.i18n import phrase, translate
from web.instrument_urls import asked_args, compare_args, page_url

_OF_SEARCH = {
    "collocates": phrase("What stands near"),
    "numbers": phrase("Numbers and targets"),
    "compare": phrase("Beside another search"),
}


def list_instruments(query: Query) -> list[tuple[str, str]]:
    """(name, address) of each; none of a search without words."""
    if not query.text:
        return []
    return [
        (translate(name), page_url(one, compare_args([query]) if one == "compare" else asked_args(query)))
        for one, name in _OF_SEARCH.items()
    ]
