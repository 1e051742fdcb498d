"""Texts as a cluster can keep them, and tokens that its whitespace tokenizer gives back as they were.

A text in normal form becomes one token a character. An ASCII word or number is one token at its first character,
fillers that the index drops, and a mark at its last; so a token's position is its place in characters.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from search.language.text.atoms import iter_atoms

FILLER = "~_"
BEGIN, END = "~^", "~$"
"""Where a line of a heading or title begins and ends."""
LONGEST = 200
"""Longer words are kept by their beginning and a digest: the tokenizer cuts tokens of 256 characters."""
_ESCAPE = "\U0010fffd"
_BARE = re.compile(f"[\ud800-\udfff{_ESCAPE}]")
_ESCAPED = re.compile(f"{_ESCAPE}(0|d[89a-f][0-9a-f]{{2}})")


def escape(text: str) -> str:
    """A text that can be written in UTF-8, whatever it was; `unescape` gives it back.

    Example:
        >>> escape("四平") == "四平", unescape(escape("\\ud800半")) == "\\ud800半"
        (True, True)
    """
    return _BARE.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    return _ESCAPE + ("0" if match[0] == _ESCAPE else f"{ord(match[0]):x}")


def unescape(kept: str) -> str:
    """What `escape` was given."""
    return _ESCAPED.sub(lambda match: _ESCAPE if match[1] == "0" else chr(int(match[1], 16)), kept)


def term_token(term: str) -> str:
    """The token of a term: a Han word, an ASCII word or number, or one character.

    Example:
        >>> term_token("营商环境"), term_token("pm2.5"), term_token("、"), term_token(" ")
        ('营商环境', 'pm2.5', '、', '~u20')
    """
    if 1 < len(term) <= LONGEST:
        return term
    if len(term) == 1:
        return _char_token(term)
    return f"{term[:LONGEST]}~{hashlib.blake2b(term.encode(), digest_size=8).hexdigest()}"


@lru_cache(maxsize=1 << 16)
def _char_token(char: str) -> str:
    is_plain = char.isprintable() and not char.isspace() if ord(char) > 127 else char.isalnum()
    return char if is_plain else f"~u{ord(char):x}"


def pieces(form: str) -> Iterator[tuple[int, str]]:
    """The places and pieces of a normal form: single characters, whole ASCII words and numbers."""
    at = 0
    for atom in iter_atoms(form):
        for place in range(at, atom.start()):
            yield place, form[place]
        yield atom.start(), atom[0]
        at = atom.end()
    for place in range(at, len(form)):
        yield place, form[place]


def _tokens_of(piece: str) -> Iterable[str]:
    if len(piece) == 1:
        return (_char_token(piece),)
    token = term_token(piece)
    return (token, *[FILLER] * (len(piece) - 2), f"~{token}")


def place_tokens(form: str, without: frozenset[str] = frozenset()) -> str:
    """The tokens of a text by place, as one string; characters of `without` take no place.

    Example:
        >>> place_tokens("建成5G、300km".lower())
        '建 成 5g ~5g 、 300 ~_ ~300 km ~km'
    """
    found: list[str] = []
    at = 0
    for atom in iter_atoms(form):
        found += map(_char_token, _without(form[at : atom.start()], without))
        found += _tokens_of(atom[0])
        at = atom.end()
    found += map(_char_token, _without(form[at:], without))
    return " ".join(found)


def _without(form: str, chars: frozenset[str]) -> Iterable[str]:
    return form if chars.isdisjoint(form) else (char for char in form if char not in chars)


def string_tokens(terms: Iterable[str]) -> str:
    """The tokens of a string that was cut into these terms."""
    return " ".join(token for term in terms for _, piece in pieces(term) for token in _tokens_of(piece))
