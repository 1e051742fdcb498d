"""The query string of a request -> its parameters, in UTF-8 or, where it is none, in GB18030.

A form on a page in GB2312 or GBK sends its words in the page's own encoding, and so do addresses typed in old browsers.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any
from urllib.parse import quote_from_bytes, unquote_to_bytes

from flask import Request
from werkzeug.datastructures import MultiDict

_REFERENCE = re.compile(r"&#([0-9]{2,7});")
"""What browsers send for a character that the page's encoding lacks."""
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
"""What addresses hold that were sent as they were typed."""
_NOT_UTF8 = re.compile("[\udc80-\udcff]+")


class EncodedRequest(Request):
    """A request whose parameters may come from pages that aren't UTF-8."""

    def __init__(self, environ: dict[str, Any], *args: Any, **options: Any) -> None:
        super().__init__(environ, *args, **options)
        self.query_string = _BEYOND_ASCII.sub(
            lambda raw: quote_from_bytes(raw[0]).encode("ascii"), self.query_string
        )

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """The parameters of the address."""
        return self.parameter_storage_class(read_parameters(self.query_string))


def read_parameters(query_string: bytes) -> list[tuple[str, str]]:
    """Names and values in order. One page sends all in one encoding: where one value isn't UTF-8, none is.

    Example:
        >>> read_parameters("q=营商环境".encode("gb2312"))
        [('q', '营商环境')]
    """
    pairs = [_unquote(part) for part in query_string.split(b"&") if part]
    for encoding in ("utf-8", "gb18030"):
        try:
            read = [(name.decode(encoding), value.decode(encoding)) for name, value in pairs]
        except UnicodeDecodeError:
            continue
        return read if encoding == "utf-8" else [(name, _resolve(value)) for name, value in read]
    return [(_keep(name), _keep(value)) for name, value in pairs]


def _unquote(part: bytes) -> tuple[bytes, bytes]:
    name, _, value = part.replace(b"+", b" ").partition(b"=")
    return unquote_to_bytes(name), unquote_to_bytes(value)


def _resolve(text: str) -> str:
    return _REFERENCE.sub(lambda found: _character(int(found[1])) or found[0], text)


def _character(code: int) -> str:
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else ""


def _keep(raw: bytes) -> str:
    """Text in no encoding that we know: what can't be read stays percent-encoded."""
    text = raw.decode("utf-8", "surrogateescape")
    return _NOT_UTF8.sub(lambda bad: quote_from_bytes(bad[0].encode("utf-8", "surrogateescape")), text)
