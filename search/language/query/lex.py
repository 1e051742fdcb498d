"""Tokens of a query, each with its place in the text as typed.

text -> layout -> *tokens* -> tree

What is a sign and what is text is decided here and in `layout`; `parse` sees only tokens.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Literal, NamedTuple

from search.errors import QueryError
from search.language.query.layout import Layout, find_field, lay_out
from search.language.query.notices import Notices
from search.language.query.signs import (
    COMMA_SIGNS,
    ESCAPABLE,
    ESCAPE,
    LITERAL_TILDE,
    LONE_SIGNS,
    MAX_DISTANCE,
    MINUS_SIGNS,
    NEARLY_MINUS,
    NEARLY_WORDS,
    OPERATORS,
    OR_SIGNS,
    QUOTES,
    SIGNS,
    STAR_SIGNS,
    TILDE_SIGNS,
    UNKNOWN_FIELD,
    WORDS,
    FieldName,
    field_of,
    is_blank,
    is_taken_for_word,
    is_visible,
)
from search.language.query.years import SPACED_YEARS
from search.messages import queries
from search.model import YEAR_FIELDS, Span

Kind = Literal["chunk", "prefix", "quoted", "open", "close", "or", "and", "not", "field", "list"]

ONE_QUOTED = re.compile(r"\"([\u3400-\u9fff]+)\"|“([\u3400-\u9fff]+)”")
"""Nothing but ideographs, quoted."""
ONE_PLAIN = re.compile(r"[\u3400-\u9fff]+")
"""A chunk of nothing but ideographs, in which no sign can stand."""
PLAIN = re.compile(r"[\u3400-\u9fff]+(?=\s|$)")
"""Ideographs up to a blank or the end: a chunk in which no sign can stand, as most are."""
ALL_PLAIN = re.compile(r"\s*(?:[\u3400-\u9fff]+(?:\s+|$))+")
"""What most people type: chunks of ideographs, in which nothing can be a sign."""
PREFIX = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
DIGITS = re.compile(r"[0-9０-９]+")
TEXT_FIELDS = frozenset({"text", "title", "heading"})


@dataclass(frozen=True, slots=True)
class Item:
    """One value of a field's list."""

    text: str
    span: Span


class Token(NamedTuple):
    """A sign, a chunk or a quoted string.

    Args:
        text: what it says, without quotes, backslashes and asterisk; of an operator, the operator as typed.
        distance: of a quoted string with `~n`, that n.
        field: of a field or list, its field.
        items: of a list, its values.
    """

    kind: Kind
    text: str
    span: Span
    distance: int | None = None
    field: FieldName | None = None
    items: tuple[Item, ...] = ()


def plain_chunks(text: str) -> list[tuple[str, Span]] | None:
    """The chunks of a text that is nothing but ideographs and blanks, each with its place; None of any other text."""
    if ONE_PLAIN.fullmatch(text):
        return None if text in NEARLY_WORDS else [(text, (0, len(text)))]
    if not ALL_PLAIN.fullmatch(text):
        return None
    chunks = [(chunk[0], chunk.span()) for chunk in PLAIN.finditer(text)]
    return chunks if NEARLY_WORDS.isdisjoint(map(itemgetter(0), chunks)) else None


def iter_tokens(text: str, notices: Notices) -> Iterator[Token]:
    """The tokens of `text` in order; what had to be read literally is told to `notices`.

    Raises:
        QueryError: a `~n` is too wide.
    """
    if (plain := plain_chunks(text)) is not None:
        yield from (Token("chunk", *chunk) for chunk in plain)
        return
    layout = lay_out(text)
    for at in layout.mixed_quotes:
        notices.add(queries.MIXED_QUOTES, at)
    for at in layout.stray_quotes:
        notices.add(queries.UNBALANCED_QUOTE, at)
    for at in layout.stray_parentheses:
        notices.add(queries.UNBALANCED_PARENTHESIS, at)
    for at in layout.wide_parentheses:
        notices.add(queries.LITERAL_PARENTHESIS, at)
    lexer = _Lexer(layout, notices)
    while lexer.at < len(text):
        token = lexer.next_token()
        if token is not None:
            yield token


class _Lexer:
    def __init__(self, layout: Layout, notices: Notices) -> None:
        self.layout = layout
        self.text = layout.text
        self.notices = notices
        self.at = 0
        self.operand = -1
        """Where a field's chunk begins: no operator is looked for there."""

    def next_token(self) -> Token | None:
        """The token at the present place, or None for blanks and signs that stand alone."""
        at = self.at
        plain = PLAIN.match(self.text, at)
        if plain is not None and plain[0] not in NEARLY_WORDS:
            self.at = plain.end()
            return Token("chunk", plain[0], plain.span())
        if at == self.operand:
            return self._chunk()
        if at in self.layout.quotes:
            return self._quoted()
        if at in self.layout.groups:
            return self._sign("open", 1)
        if at in self.layout.group_ends:
            return self._sign("close", 1)
        if is_blank(self.text[at]):
            self.at += 1
            return None
        if self._is_or(at):
            end = at
            while self._is_or(end):
                end += 1
            return self._sign("or", end - at)
        operator = self._operator_word(at)
        if operator is not None:
            return self._sign(operator, len(operator))
        if self.text[at] in MINUS_SIGNS and self.layout.is_clear(at) and self._binds(at + 1):
            return self._sign("not", 1)
        colon = find_field(self.layout, at)
        return self._chunk() if colon is None else self._field(colon)

    def _operator_word(self, at: int) -> Literal["and", "or", "not"] | None:
        """The operator that is written out at `at` and fills a chunk, or None."""
        if not self.text.startswith(OPERATORS, at):
            return None
        for word, kind in WORDS.items():
            if self.text.startswith(word, at) and self.layout.ends_chunk(at + len(word)):
                return kind
        return None

    def _is_or(self, at: int) -> bool:
        return at < len(self.text) and self.text[at] in OR_SIGNS and not self.layout.escaped[at]

    def _binds(self, at: int) -> bool:
        """Whether something that a minus can deny begins at `at`."""
        if at in self.layout.quotes or at in self.layout.groups:
            return True
        if at >= len(self.text) or self.text[at] in MINUS_SIGNS:
            return False
        # A dash before mere punctuation, as in -->, denies nothing.
        return any(char.isalnum() for char in self.text[at : self._chunk_end(at)])

    def _chunk_end(self, at: int) -> int:
        """Where the chunk ends that `at` is in; `at` itself where none begins there."""
        while not self.layout.ends_chunk(at):
            at += 1
        return at

    def _sign(self, kind: Kind, length: int) -> Token:
        start = self.at
        self.at += length
        return Token(kind, self.text[start : self.at], (start, self.at))

    def _quoted(self) -> Token:
        start = self.at
        end = self.layout.quotes[start]
        text = _unescape(
            self.text[start + 1 : end],
            frozenset({ESCAPE, self.text[start], *QUOTES.get(self.text[start], "")}),
        )
        self.at = end + 1
        distance = None
        if self.at < len(self.text) and self.text[self.at] in TILDE_SIGNS:
            digits = DIGITS.match(self.text, self.at + 1)
            if digits is not None:
                distance = int(digits.group())
                if distance > MAX_DISTANCE:
                    raise QueryError(
                        queries.DISTANCE_TOO_LARGE(most=MAX_DISTANCE),
                        position=self.at,
                        hint=queries.LESS_DISTANCE(),
                    )
                self.at = digits.end()
                if self.text.startswith("字", self.at) and self.layout.ends_chunk(self.at + 1):
                    self.at += 1
        return Token("quoted", text, (start, self.at), distance=distance)

    def _chunk(self) -> Token | None:
        """The chunk at the present place; None for one that is nothing but signs."""
        start = self.at
        # The first character belongs to the chunk whatever it is: the signs were tried before.
        end = self.at = self._chunk_end(start + 1)
        raw = self.text[start:end]
        if all(char in LONE_SIGNS for char in raw):
            self.notices.replace(queries.LONE_SIGN, (start, end))
            return None
        self._tell_what_was_meant(raw, start, end)
        stars = [
            at for at in range(start, end) if self.text[at] in STAR_SIGNS and not self.layout.escaped[at]
        ]
        if stars == [end - 1]:
            prefix = unicodedata.normalize("NFKC", raw[:-1])
            if PREFIX.fullmatch(prefix):
                return Token("prefix", prefix, (start, end))
        if stars:
            self.notices.add(queries.LITERAL_STAR, stars[0])
        if raw[0] == ESCAPE and is_taken_for_word(raw[1:]):
            raw = raw[1:]
        text = _unescape(raw, ESCAPABLE)
        if not is_visible(text):
            self.notices.replace(queries.INVISIBLE, (start, end))
            return None
        return Token("chunk", text, (start, end))

    def _tell_what_was_meant(self, raw: str, start: int, end: int) -> None:
        """Notices for text that was perhaps meant as a sign."""
        if raw[0] in MINUS_SIGNS:
            self.notices.add(queries.LITERAL_MINUS, start)
        if start and raw[0] in NEARLY_MINUS and raw[1:2].isalnum():
            self.notices.add(queries.LITERAL_DASH, start)
        if is_taken_for_word(raw):
            between = bool(self.text[:start].strip()) and bool(self.text[end:].strip())
            if between or raw.lower() not in NEARLY_WORDS:
                self.notices.add(queries.LITERAL_WORD, start)
        if LITERAL_TILDE.search(raw):
            self.notices.add(queries.LITERAL_TILDE, start)
        if UNKNOWN_FIELD.match(raw):
            self.notices.add(queries.UNKNOWN_FIELD, start)

    def _field(self, colon: int) -> Token | None:
        """A field with what follows its colon: a list of values, or a name whose operand the parser takes."""
        start = self.at
        field = field_of(self.text[start:colon])
        after = colon + 1
        while after < len(self.text) and is_blank(self.text[after]):
            after += 1
        if not self._has_operand(after, spaced=after > colon + 1):
            self.at = colon + 1
            self.notices.add(queries.EMPTY_FIELD, start)
            return Token("chunk", self.text[start : colon + 1], (start, colon + 1))
        self.at = after
        if after in self.layout.groups or field in TEXT_FIELDS:
            if after not in self.layout.groups and after not in self.layout.quotes:
                self.operand = after
            return Token("field", self.text[start : colon + 1], (start, colon + 1), field=field)
        items = self._spaced_years() if field in YEAR_FIELDS else ()
        items = items or self._items()
        if not items:
            self.at = colon + 1
            self.notices.add(queries.EMPTY_FIELD, start)
            return Token("chunk", self.text[start : colon + 1], (start, colon + 1))
        return Token("list", self.text[start : colon + 1], (start, self.at), field=field, items=items)

    def _has_operand(self, at: int, *, spaced: bool) -> bool:
        """Whether a field's operand begins at `at`; behind blanks no operator and no other field is one."""
        if at in self.layout.quotes or at in self.layout.groups:
            return True
        if all(char in SIGNS for char in self.text[at : self._chunk_end(at)]):
            return False
        if not spaced:
            return True
        return (
            self._operator_word(at) is None
            and self.text[at] not in MINUS_SIGNS
            and find_field(self.layout, at) is None
        )

    def _items(self) -> tuple[Item, ...]:
        """The values of a list, up to the next blank, operator or closing group."""
        items: list[Item] = []
        while True:
            start = self.at
            if start in self.layout.quotes:
                quoted = self._quoted()
                text, span = quoted.text, quoted.span
            else:
                while not self.layout.ends_chunk(self.at) and not self._is_comma(self.at):
                    self.at += 1
                text, span = _unescape(self.text[start : self.at], ESCAPABLE), (start, self.at)
            if is_visible(text):
                items.append(Item(text, span))
            if not self._is_comma(self.at):
                return tuple(items)
            self.at += 1
            if (
                items
                and self.at < len(self.text)
                and is_blank(self.text[self.at])
                and self.text[self.at :].strip()
            ):
                self.notices.add(queries.LIST_END, self.at - 1)

    def _spaced_years(self) -> tuple[Item, ...]:
        """Years with blanks between them, up to the end of a chunk; () where the list has no blanks."""
        found = SPACED_YEARS.match(self.text, self.at)
        if found is None or not self.layout.ends_chunk(found.end()) or not re.search(r"\s", found[0]):
            return ()
        self.at = found.end()
        return tuple(
            Item("".join(entry[0].split()), (found.start() + entry.start(), found.start() + entry.end()))
            for entry in re.finditer(r"[^\s,，、;；](?:[^,，、;；]*[^\s,，、;；])?", found[0])
        )

    def _is_comma(self, at: int) -> bool:
        return at < len(self.text) and self.text[at] in COMMA_SIGNS and not self.layout.escaped[at]


def _unescape(text: str, escapable: frozenset[str]) -> str:
    """`text` without the backslashes that stand before one of `escapable`."""
    if ESCAPE not in text:
        return text
    out: list[str] = []
    at = 0
    while at < len(text):
        if text[at] == ESCAPE and at + 1 < len(text) and text[at + 1] in escapable:
            at += 1
        out.append(text[at])
        at += 1
    return "".join(out)
