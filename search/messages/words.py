"""Messages -> words in Chinese or English, from the catalogue in `search/locale`.

The compiled catalogue is committed beside its source: a clone, an editable installation, an sdist and a wheel all
work with nothing built and nothing stale after a `git pull`. `make messages` writes both, a test compares them.
"""

from __future__ import annotations

import gettext
import importlib
import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from search.messages import DECLARED, Arg, Message, declare

LANGUAGES = ("zh", "en")
"""The first one is spoken where none is asked for."""
DOMAIN = "xiesou"
FOLDER = Path(__file__).parent.parent / "locale"
AREAS = ("answers", "aside", "commands", "digests", "metadata", "names", "queries", "sources", "stores")

_BETWEEN = declare("list_separator", ", ")
_UNKNOWN = declare("unknown", "unknown")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words; `is_source` if they are a query's or a report's own, and so Chinese in any language."""

    text: str
    is_source: bool


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(language: str) -> gettext.NullTranslations:
    """The catalogue of a language; English is in the code.

    Raises:
        FileNotFoundError: it is not installed.
        ValueError: there is no such language.
    """
    if language not in LANGUAGES:
        raise ValueError(f"no language {language!r}; there are {', '.join(LANGUAGES)}")
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, FOLDER, languages=[language])


def render(message: Message, language: str = LANGUAGES[0]) -> str:
    """The message in words.

    Example:
        >>> from search.messages import queries
        >>> render(queries.REVERSED_YEARS(), "en")
        'The range of years was turned round.'
    """
    return "".join(piece.text for piece in _pieces(message, language))


def render_all(messages: Iterable[Message], language: str = LANGUAGES[0]) -> list[str]:
    """Each message in words."""
    return [render(message, language) for message in messages]


def render_pieces(message: Message, language: str = LANGUAGES[0]) -> tuple[Piece, ...]:
    """The message in words, what is quoted told from what is said; neighbours of one kind are put together."""
    pieces: list[Piece] = []
    for piece in _pieces(message, language):
        if pieces and pieces[-1].is_source == piece.is_source:
            pieces[-1] = Piece(pieces[-1].text + piece.text, piece.is_source)
        else:
            pieces.append(piece)
    return tuple(pieces)


def pattern(code: str, language: str, n: int = 2) -> str:
    """The sentence of a code with its placeholders, for what fills them in elsewhere: a script of a page.

    Raises:
        KeyError: nothing is declared under the code.
    """
    kind = DECLARED.get(code)
    if kind is None:
        load_areas()
        kind = DECLARED[code]
    words = catalogue(language)
    if kind.several:
        return words.npgettext(code, kind.english, kind.several, n)
    return words.pgettext(code, kind.english)


def load_areas() -> None:
    """Import every area of messages, so that `DECLARED` has all that can be stored or sent."""
    for area in AREAS:
        importlib.import_module(f"search.messages.{area}")


def _pieces(message: Message, language: str) -> Iterator[Piece]:
    args = dict(message.args)
    n = args.get("n")
    try:
        parts = _parsed(message.code, language, 1 if n == 1 else 2)
    except KeyError:  # written by a newer version: its code says more than nothing
        parts = ((f"{message.code}: ", None, ""), *(("", name, "") for name in args))
    for literal, name, spec in parts:
        if literal:
            yield Piece(literal, is_source=False)
        if name is not None:
            yield from _filled(args.get(name), spec, language)


def _joined(values: tuple[Arg, ...], between: str, language: str) -> Iterator[Piece]:
    """The values one after the other; "+" puts nothing between them, or a blank after what isn't Chinese."""
    last = ""
    for at, value in enumerate(values):
        if at and between != "+":
            yield Piece(between, is_source=False)
        elif at and last.isascii():
            yield Piece(" ", is_source=False)
        for piece in _filled(value, "", language):
            last = piece.text[-1:]
            yield piece


@lru_cache(maxsize=4096)
def _parsed(code: str, language: str, n: int) -> tuple[tuple[str, str | None, str], ...]:
    sentence = pattern(code, language, n)
    return tuple((text, name, spec or "") for text, name, spec, _ in string.Formatter().parse(sentence))


def _filled(value: Arg, spec: str, language: str) -> Iterator[Piece]:
    if isinstance(value, Message):
        yield from _pieces(value, language)
    elif isinstance(value, tuple):
        yield from _joined(value, spec or pattern(_BETWEEN.code, language), language)
    elif isinstance(value, str):
        yield Piece(value, is_source=True)
    elif value is None:
        yield Piece(pattern(_UNKNOWN.code, language), is_source=False)
    else:
        yield Piece(format(value, spec), is_source=False)
