"""Text -> what a medium can hold: markup, a line of a log or terminal, a spreadsheet's cell, a header.

The one place that says which characters a medium forbids and what stands for them. Escaping (`&lt;`, quotes) is left to
whoever writes the medium; JSON can hold any text and needs none of this.
"""

from __future__ import annotations

import re
from urllib.parse import quote

_PICTURES: dict[int, int] = {code: 0x2400 + code for code in range(0x20) if code not in (0x09, 0x0A, 0x0D)}
_PICTURES[0x7F] = 0x2421
_PICTURES |= dict.fromkeys((*range(0xD800, 0xE000), *range(0x80, 0xA0), *range(0xFDD0, 0xFDF0)), 0xFFFD)
_PICTURES |= dict.fromkeys(
    (plane | low for plane in range(0, 0x110000, 0x10000) for low in (0xFFFE, 0xFFFF)), 0xFFFD
)
_FORBIDDEN = re.compile("[" + re.escape("".join(map(chr, _PICTURES))) + "]")
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_UNQUOTED_IN_FILE_NAMES = re.compile(r"[^\w!#$&+.^`|~-]", re.ASCII)


def for_markup(text: str) -> str:
    """The text with what neither HTML nor XML can hold replaced; line breaks and tabs are kept, nothing is escaped.

    Control characters become their pictures, C1 controls, half pairs and noncharacters U+FFFD.

    Example:
        >>> for_markup("营商\\0环境")
        '营商␀环境'

    Source: HTML Living Standard, 13.2.3.5 (preprocessing the input stream); XML 1.0, 2.2 (Char).
    """
    if type(text) is str:
        if text.isprintable():  # nothing forbidden is
            return text
        if _FORBIDDEN.search(text) is None:
            return text
    return str.translate(text, _PICTURES)  # text that claims to be markup, a subclass, becomes plain


def for_line(text: str, *, keep: str = " ") -> str:
    """The text as one line that can do nothing to a log or a terminal: what doesn't print is escaped, breaks too.

    Args:
        keep: what is let through though it prints no sign.

    Example:
        >>> for_line("/reports/x\\nFAKE")
        '/reports/x\\\\nFAKE'
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in keep else repr(char)[1:-1] for char in text)


def for_cell(text: str) -> str:
    """The text as a cell of a CSV file: an apostrophe in front if a spreadsheet would take it for a formula.

    Example:
        >>> for_cell("=1+1"), for_cell("优化营商环境")
        ("'=1+1", '优化营商环境')

    Source: OWASP, CSV Injection.
    """
    return f"'{for_markup(text)}" if text.startswith(_FORMULA_SIGNS) else for_markup(text)


def for_download(name: str) -> str:
    """The header Content-Disposition of a file to be saved under a name, whatever the name holds.

    Example:
        >>> for_download("协搜.csv")
        "attachment; filename*=UTF-8''%E5%8D%8F%E6%90%9C.csv"

    Source: RFC 6266, 4.3; RFC 8187.
    """
    plain = for_line(for_markup(name).replace("/", "_"))
    if _UNQUOTED_IN_FILE_NAMES.search(plain) is None:
        return f'attachment; filename="{plain}"'
    return f"attachment; filename*=UTF-8''{quote(plain, safe='')}"
