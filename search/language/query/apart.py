"""Chunks that belong together though blanks stand between them: numbers and their units, characters one by one.

tokens -> 1000 | 亿元 as one chunk; 营 | 商 | 环 | 境 as one chunk -> tokens
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from search.language.query.lex import Token
from search.language.query.notices import Notices
from search.language.text.normalize import IDEOGRAPHS, normalize_text
from search.language.text.units import UNITS
from search.messages import queries
from search.model import Span

LEAST_CHARACTERS = 3
"""So many single ideographs in a row are one chunk."""

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_IDEOGRAPH = re.compile(f"[{IDEOGRAPHS}]")


def may_be_joined(chunks: Sequence[tuple[str, Span]]) -> bool:
    """Whether some of a text's chunks of ideographs may have been typed character by character."""
    return len(chunks) >= LEAST_CHARACTERS and [len(text) for text, _ in chunks].count(1) >= LEAST_CHARACTERS


def join_typed_apart(tokens: Sequence[Token], notices: Notices) -> list[Token]:
    """The tokens with what was typed apart as one chunk; what follows a field is left as it is."""
    if len(tokens) < 2:
        return list(tokens)
    joined: list[Token] = []
    for is_run, run in groupby(_with_fields(tokens), key=lambda pair: pair[1]):
        found = [token for token, _ in run]
        joined += _join_units(_join_characters(found, notices)) if is_run else found
    return joined


def _with_fields(tokens: Sequence[Token]) -> Iterable[tuple[Token, bool]]:
    """Each token with whether it is a chunk that stands for itself, not a field's."""
    of_field = False
    for token in tokens:
        yield token, token.kind == "chunk" and not of_field
        of_field = token.kind == "field"


def _join_characters(tokens: list[Token], notices: Notices) -> list[Token]:
    joined: list[Token] = []
    for is_character, run in groupby(tokens, key=lambda token: bool(_IDEOGRAPH.fullmatch(token.text))):
        found = list(run)
        if is_character and len(found) >= LEAST_CHARACTERS:
            notices.add(queries.JOINED_CHARACTERS, found[0].span[0])
            found = [_as_one(found)]
        joined += found
    return joined


def _join_units(tokens: list[Token]) -> list[Token]:
    joined: list[Token] = []
    for token in tokens:
        before = joined[-1] if joined else None
        if (
            before is not None
            and _NUMBER.fullmatch(normalize_text(before.text))
            and normalize_text(token.text) in UNITS
        ):
            joined[-1] = _as_one([before, token])
        else:
            joined.append(token)
    return joined


def _as_one(tokens: Sequence[Token]) -> Token:
    text = "".join(token.text for token in tokens)
    return Token("chunk", text, (tokens[0].span[0], tokens[-1].span[1]))
