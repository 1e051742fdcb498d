"""A piece: the lines of one paragraph put together, before it is known what the paragraph is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from search.language.text import simplify

_MARKUP = frozenset("*\u200b\ufeff")
CLOSING = "。！？：；…”’）)!?;:》」』】—.．｡"
"""Marks that may close a paragraph."""
SHORT_CHARS = 100


@dataclass(frozen=True, slots=True)
class Piece:
    """Text with the lines it came from.

    Args:
        text: without outer blanks, never empty.
        lines: first and last line number, inclusive.
        hint: what the format says it is.
        joined: whether it was put together over a page or column break.
        confidence: the least of its lines that were recognised in a picture.
    """

    text: str
    lines: tuple[int, int]
    hint: str | None = None
    joined: bool = False
    confidence: float | None = None

    @property
    def compact(self) -> str:
        """The text without blanks and rests of markup, as the patterns read it; never empty.

        What is short, and so may be a title or a heading, is put into simplified script.
        """
        return _compact(self.text)

    @property
    def is_short(self) -> bool:
        """Whether it is short enough for a title, a heading or a line of particulars."""
        return len(self.text) <= SHORT_CHARS

    @property
    def is_closed(self) -> bool:
        """Whether it ends as a paragraph ends."""
        return self.text[-1] in CLOSING

    def followed_by(self, other: Piece, *, joined: bool) -> Piece:
        """This piece and another as one."""
        lines = (min(self.lines[0], other.lines[0]), max(self.lines[1], other.lines[1]))
        text = put_together(self.text, other.text)
        known = [one.confidence for one in (self, other) if one.confidence is not None]
        return replace(
            self,
            text=text,
            lines=lines,
            joined=joined or self.joined or other.joined,
            confidence=min(known, default=None),
        )


@lru_cache(maxsize=1_000)
def _compact(text: str) -> str:
    compact = "".join(text.split())
    if len(text) <= SHORT_CHARS:
        compact = simplify(compact)
    return compact if _MARKUP.isdisjoint(compact) else _strip_markup(compact) or compact


def _strip_markup(text: str) -> str:
    return "".join(character for character in text if character not in _MARKUP)


def put_together(first: str, second: str) -> str:
    """Two halves of a text: with a blank only where two words of letters would run into one.

    Example:
        >>> put_together("推动高质", "量发展"), put_together("Smart", "City")
        ('推动高质量发展', 'Smart City')
    """
    meets = first[-1:].isascii() and first[-1:].isalnum() and second[:1].isascii() and second[:1].isalnum()
    letters = first[-1:].isalpha() and second[:1].isalpha()
    return f"{first} {second}" if meets and letters else first + second
