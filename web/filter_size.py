"""How long the values of all filters may be together: every link of a page repeats them."""

from __future__ import annotations

from search.errors import QueryError
from search.model import Query
from web import messages as says

MAX_FILTER_CHARS = 2_000
_TEXT_FILTERS = ("city", "province", "type", "report")


def refuse_long_filters(filters: Query) -> None:
    """Raises QueryError where they are longer; `field` names the one with most."""
    chars = {name: sum(len(value or "") for value in getattr(filters, name)) for name in _TEXT_FILTERS}
    if sum(chars.values()) > MAX_FILTER_CHARS:
        longest = max(chars, key=lambda name: chars[name])
        raise QueryError(says.FILTERS_TOO_LONG(most=MAX_FILTER_CHARS), field=longest)
