"""Characters to lines: what is text in a plain text, and what is only marks about it.

newlines -> comments -> what is deleted, readings of ruby -> tags -> escapes -> control characters -> Markdown marks
-> page furniture.

Conservation, exactly: the non-blank characters of `unescape_text(decoded text)` are, each as often, those of
the lines and of the set-aside entries together. Escapes (&amp; &#160; <U+00A0>) count as the character that
they stand for; everything else counts as itself. Marks are gathered in one entry a kind and file, for there
are hundreds of them; all else that is set aside keeps its line.
Used by the readers of text, Markdown and tables.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from indexer.model import Line, SetAside
from indexer.readers import marks
from indexer.readers.chrome import find_chrome, may_have_chrome
from search.messages import Said, aside

_ENTITY = re.compile(
    r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});|<[uU]\+([0-9A-Fa-f]{4,6})>"
)
_TAG = re.compile(
    r"</?(?:br|p|div|span|b|strong|em|i|u|font|a|sup|sub|center|h[1-6]|ul|ol|li|table|thead|tbody|tr|td|th|img|hr|"
    r"section|article|o:p|st1:\w+|blockquote|pre|label|small|big|ruby|rb|rt|rp|rtc|del|ins|s|strike|mark|code|kbd|"
    r"main|figure|figcaption|details|summary|dl|dt|dd|nobr|tt)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_BREAKING = re.compile(r"</?(?:br|p|div|li|tr|h[1-6]|table|section|article|hr|blockquote)\b", re.IGNORECASE)
_NO_TEXT = re.compile(
    r"<(?P<ruby>rt|rp|rtc)\b[^<>]*>(?P<reading>[^<]*)(?:</(?P=ruby)\s*>)?"
    r"|<(?P<struck>del|s|strike)(?:\s[^<>]*)?>(?P<deleted>.*?)</(?P=struck)\s*>",
    re.IGNORECASE,
)
_STRUCK = re.compile(r"~~(?=[^\s~])(?P<deleted>[^~]*[^\s~])~~")
_COMMENT_EDGE = re.compile(r"<!--|-->")
_CONTROL = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_OTHER_BREAKS = re.compile("[\v\x1c-\x1e\x85\u2028\u2029]")
_BREAKS_OR_CONTROLS = re.compile(f"{_CONTROL.pattern[:-1]}\v\x1c-\x1f\x85\u2028\u2029\f]")


@dataclass(slots=True)
class Prose:
    """Lines in order, and what was set aside; readers add to it and then close it with `finish`."""

    lines: list[Line] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    gathered: dict[Said, list[str]] = field(default_factory=dict)

    def gather(self, reason: Said, text: str) -> None:
        """Set aside a mark that there may be many of."""
        if text.strip():
            self.gathered.setdefault(reason, []).append(text)

    def leave_out(self, text: str, line: int | None, reason: Said) -> None:
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


def read_prose(text: str, prose: Prose, *, first_line: int = 1, markdown: bool = False) -> None:
    """Add a text's lines to `prose`.

    Args:
        text: with LF line ends.
        first_line: the number of its first line in the file.
        markdown: whether the file says that it is Markdown (single * and [links](…) are marks only there).
    """
    rare = _BREAKS_OR_CONTROLS.search(text) is not None
    if rare:
        text = _OTHER_BREAKS.sub("\n", text)
    escapes = "&" in text or "<" in text
    page: int | None = 1 if "\f" in text else None
    add = prose.lines.append
    opened = False
    in_comment = _Comments(prose) if "<!--" in text else None
    for number, raw in enumerate(text.split("\n"), first_line):
        if not (rare or escapes or marks.may_have_marks(raw, markdown=markdown)):
            add(Line(raw, number, page))
            continue
        for count, paged in enumerate(raw.split("\f")):
            if count and page is not None:
                page += 1
            kept = in_comment.outside(paged, number, text) if in_comment else paged
            kept = _running_text(kept, number, prose, markdown=markdown)
            for piece in _pieces(kept, prose) if "<" in kept else (kept,):
                plain = unescape_text(piece)
                if _CONTROL.search(plain):
                    prose.gather(aside.CONTROL_CHARACTERS, "".join(_CONTROL.findall(plain)))
                    plain = _CONTROL.sub("", plain)
                plain, hint, set_aside = marks.strip_marks(plain, markdown=markdown)
                for mark in set_aside:
                    prose.gather(aside.MARKDOWN_MARK, mark)
                if "**" in plain:
                    before = len(plain)
                    plain, opened = marks.strip_open_bold(plain, opened=opened)
                    prose.gather(aside.MARKDOWN_MARK, "*" * (before - len(plain)))
                if markdown and not hint and not plain.strip():
                    _underline(prose, paged, number)
                add(Line(plain, number, page, hint))
    if in_comment:
        in_comment.finish()


def _running_text(line: str, number: int, prose: Prose, *, markdown: bool) -> str:
    """The line without what is marked as deleted and without readings of ruby, which are set aside."""

    def keep_aside(match: re.Match[str]) -> str:
        groups = match.groupdict()
        deleted = groups.get("deleted")
        text = groups.get("reading") or "" if deleted is None else deleted
        prose.leave_out(unescape_text(text), number, "ruby" if deleted is None else "deleted text")
        whole = match.group()
        at = whole.find(text) if text else len(whole)
        prose.gather("HTML tag" if "<" in whole else "Markdown mark", whole[:at] + whole[at + len(text) :])
        return ""

    if "<" in line:
        line = _NO_TEXT.sub(keep_aside, line)
    return _STRUCK.sub(keep_aside, line) if markdown and "~~" in line else line


def _underline(prose: Prose, line: str, number: int) -> None:
    """Make a heading of the line that a line of = or - underlines."""
    level = marks.underlined_level(line)
    above = prose.lines[-1] if prose.lines else None
    if not level or above is None or above.hint is not None or above.number != number - 1:
        return
    if 0 < len(above.text.strip()) <= marks.MOST_HEADING_CHARS:
        prose.lines[-1] = replace(above, hint=f"heading{level}")


def _character(match: re.Match[str]) -> str:
    if match.group(1):
        code = int(match.group(1), 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            return match.group()
        character = chr(code)
    else:
        character = html.unescape(match.group())
    return " " if character in "\n\r\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029" else character


def _pieces(text: str, prose: Prose) -> Iterator[str]:
    """The text without tags; a tag that breaks lines does so, but not within a row of a table."""
    in_row = text.lstrip().startswith("|")
    piece, at = "", 0
    for tag in _TAG.finditer(text):
        piece += text[at : tag.start()]
        at = tag.end()
        prose.gather(aside.HTML_TAG, unescape_text(tag.group()))
        if _BREAKING.match(tag.group()):
            if in_row:
                piece += " "
            elif piece.strip():
                yield piece
                piece = ""
    yield piece + text[at:]


class _Comments:
    """HTML comments, which may run over several lines. One that is never closed is only its mark."""

    def __init__(self, prose: Prose) -> None:
        self._prose = prose
        self._open: list[str] = []
        self._from: int | None = None
        self._last_close: dict[str, int] = {}
        self._seen = 0
        self._gather: Callable[[str, str], None] = prose.gather

    def outside(self, line: str, number: int, whole: str) -> str:
        """The part of a line that is in no comment."""
        if self._from is None and "<!--" not in line and "-->" not in line:
            return line
        if not self._last_close:
            self._last_close["-->"] = whole.count("-->")
        kept, at = "", 0
        for edge in _COMMENT_EDGE.finditer(line):
            if edge.group() == "-->":
                self._seen += 1
                if self._from is not None:
                    self._open.append(line[at : edge.end()])
                    self._close()
                    at = edge.end()
            elif self._from is None:
                kept += line[at : edge.start()]
                at = edge.start()
                if self._seen < self._last_close["-->"]:
                    self._from = number
                else:
                    self._gather("HTML tag", edge.group())
                    at = edge.end()
        if self._from is None:
            return kept + line[at:]
        self._open.append(line[at:])
        return kept

    def _close(self) -> None:
        text = unescape_text("\n".join(part for part in self._open if part.strip()))
        self._prose.leave_out(text, self._from, aside.HTML_COMMENT)
        self._open, self._from = [], None

    def finish(self) -> None:
        """Set aside what is still open."""
        if self._from is not None:
            self._close()
