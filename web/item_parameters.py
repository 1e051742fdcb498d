"""The reports and paragraphs that a request names."""

from __future__ import annotations

from search.errors import QueryError
from web import messages as says
from web.params import MAX_PARAGRAPHS, MAX_VALUE_CHARS, read_number, read_raw, read_repeated

MOST_ITEMS = 1_000
"""Kept reports and paragraphs that one request may name."""


def read_items(*, most: int = MOST_ITEMS) -> list[str]:
    """Ids of reports and paragraphs that a reader keeps, from the address or a posted form; each once.

    Raises:
        QueryError: there are too many, or one is too long to be an id.
    """
    ids = read_repeated("item")
    if len(ids) > most:
        raise QueryError(says.TOO_MANY_VALUES(name="item", most=most), field="item")
    if any(len(value) > MAX_VALUE_CHARS for value in ids):
        raise QueryError(says.VALUE_TOO_LONG(name="item"), field="item")
    return ids


def read_piece() -> tuple[str, int]:
    """The report and the number of its paragraph that are quoted.

    Raises:
        QueryError: there is none, or it is no number.
    """
    return read_raw("report").strip(), read_number("n", default=0, highest=MAX_PARAGRAPHS)
