"""RTF bytes to tokens: braces, control words, control symbols, and the bytes of text between them.

Source: Rich Text Format (RTF) Specification, version 1.9.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    rb"(?P<word>\\([a-zA-Z]{1,40})(-?[0-9]{1,10})? ?)"
    rb"|\\'(?P<hex>[0-9a-fA-F]{2})"
    rb"|\\(?P<symbol>[^a-zA-Z'])"
    rb"|(?P<brace>[{}])"
    rb"|(?P<text>[^\\{}\r\n]+)"
    rb"|[\r\n\\]",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is open, close, word, symbol, text, or binary.

    Args:
        word: the control word or symbol.
        number: its parameter, None without.
        data: the bytes of text, or binary ones; an escaped byte is a text of one byte.
        escaped: whether that byte was escaped.
    """

    kind: str
    word: str = ""
    number: int | None = None
    data: bytes = b""
    escaped: bool = False


def iter_tokens(data: bytes) -> Iterator[Token]:
    """The tokens of a file; binary data is of the kind "binary"."""
    at = 0
    while at < len(data):
        match = _TOKEN.match(data, at)
        if match is None:  # a backslash at the very end
            return
        at = match.end()
        kind = match.lastgroup
        if match.group("word"):
            word = match.group(2).decode("ascii")
            number = int(match.group(3)) if match.group(3) else None
            if word == "bin":
                length = max(0, number or 0)
                yield Token("binary", data=data[at : at + length])
                at += length
            else:
                yield Token("word", word, number)
        elif kind == "hex":
            yield Token("text", data=bytes.fromhex(match.group("hex").decode("ascii")), escaped=True)
        elif kind == "symbol":
            yield Token("symbol", match.group("symbol").decode("latin-1"))
        elif kind == "brace":
            yield Token("open" if match.group("brace") == b"{" else "close")
        elif kind == "text":
            yield Token("text", data=match.group("text"))
