"""How a query is repeated in a sentence: its filters' values, a part as it was typed, a long one cut."""

from __future__ import annotations

from search.language.query import Chunk, Node, to_text
from search.language.query.describe import describe
from search.messages import Message, quoted
from search.model import Query

SHOWN_CHARS = 40
"""So much of a part is repeated in a sentence."""


def shown_values(query: Query, name: str) -> list[str | None]:
    """The values of a filter that the query has."""
    if name == "ocr":
        return ["off"]
    if name == "added":
        return ["..".join(day or "" for day in query.added)]
    return [None if value is None else str(value) for value in getattr(query, name)]


def clipped_reading(part: Node) -> Message:
    """How a part reads; as typed and clipped if that is long."""
    reading = describe(part)
    return reading if len(str(reading)) <= SHOWN_CHARS else quoted(clipped(str(reading)))


def as_typed(part: Node) -> str:
    """A part as it may be typed."""
    return clipped(part.text if isinstance(part, Chunk) else to_text(part))


def clipped(text: str) -> str:
    """The text, or its beginning where it is long."""
    return text if len(text) <= SHOWN_CHARS else text[: SHOWN_CHARS - 1] + "…"
