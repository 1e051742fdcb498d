"""What a reader makes of a file: lines in order, and what was set aside.

Marks are gathered in one entry per kind and file, since there are hundreds of them; all else that is set aside keeps
its line. Lines that are a web page's furniture go at the end.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from indexer.model import Line, SetAside
from indexer.readers.chrome import find_chrome, may_have_chrome
from search.messages import Message

_ENTITY = re.compile(
    r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});|<[uU]\+([0-9A-Fa-f]{4,6})>"
)


@dataclass(slots=True)
class Prose:
    """Lines in order, and what was set aside; readers add to it and then close it with `finish`."""

    lines: list[Line] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    gathered: dict[Message, list[str]] = field(default_factory=dict)

    def gather(self, reason: Message, text: str) -> None:
        """Set aside a mark that there may be many of."""
        if text.strip():
            self.gathered.setdefault(reason, []).append(text)

    def leave_out(self, text: str, line: int | None, reason: Message) -> None:
        """Set aside a piece of text, unless it is blank."""
        if text.strip():
            self.set_aside.append(SetAside(text, line, reason))

    def finish(self) -> tuple[tuple[Line, ...], tuple[SetAside, ...]]:
        """The lines without page furniture, and all that was set aside."""
        if may_have_chrome("\n".join(line.text for line in self.lines if len(line.text) < 400)):
            chrome = find_chrome([line.text for line in self.lines])
            for index, reason in sorted(chrome.items()):
                line = self.lines[index]
                self.leave_out(line.text.strip(), line.number, reason)
            if chrome:
                self.lines = [line for index, line in enumerate(self.lines) if index not in chrome]
        self.end_gathering()
        return tuple(self.lines), tuple(self.set_aside)

    def end_gathering(self) -> None:
        """Set aside what was gathered."""
        for mark, texts in self.gathered.items():
            self.set_aside.append(SetAside(" ".join(texts), None, mark))
        self.gathered.clear()


def even_newlines(text: str) -> str:
    """The text with LF for every line end; CR CR LF is one."""
    if "\r" in text:
        text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
    return text


def unescape_text(text: str) -> str:
    """The text with entities and literal `<U+XXXX>` turned into their characters; line breaks become blanks.

    Example:
        >>> unescape_text("调研&mdash;&mdash;&#x534F;商<U+00A0>")
        '调研——协商\\xa0'
    """
    return _ENTITY.sub(_character, text) if "&" in text or "<" in text else text


def _character(match: re.Match[str]) -> str:
    if match.group(1):
        code = int(match.group(1), 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            return match.group()
        character = chr(code)
    else:
        character = html.unescape(match.group())
    return " " if character in "\n\r\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029" else character
