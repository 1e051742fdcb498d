"""Characters to lines: what is text in a plain text, and what is only marks about it.

newlines -> comments -> what is deleted, readings of ruby -> tags -> escapes -> control characters -> Markdown marks.

Conservation, exactly: the non-blank characters of `unescape_text(decoded text)` are, each as often, those of the lines
and of what was set aside together. Escapes (&amp; &#160; <U+00A0>) count as the character that they stand for;
everything else counts as itself. Used by the readers of text, Markdown and tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from indexer.model import Line
from indexer.readers import marks
from indexer.readers.html_comments import Comments
from indexer.readers.prose import Prose, unescape_text
from search.messages import aside

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
_CONTROL = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_OTHER_BREAKS = re.compile("[\v\x1c-\x1e\x85\u2028\u2029]")
_BREAKS_OR_CONTROLS = re.compile(f"{_CONTROL.pattern[:-1]}\v\x1c-\x1f\x85\u2028\u2029\f]")


def read_marked_text(text: str, prose: Prose, *, first_line: int = 1, markdown: bool = False) -> None:
    """Add a text's lines to `prose`.

    Args:
        text: with LF line ends.
        first_line: the number of its first line in the file.
        markdown: whether the file says that it is Markdown (single * and [links](…) are marks only there).
    """
    rare = _BREAKS_OR_CONTROLS.search(text) is not None
    if rare:
        text = _OTHER_BREAKS.sub("\n", text)
    has_marks = rare or "&" in text or "<" in text
    page: int | None = 1 if "\f" in text else None
    marked = _MarkedLines(prose, markdown=markdown)
    comments = Comments(text, prose) if "<!--" in text else None
    for number, raw in enumerate(text.split("\n"), first_line):
        if not has_marks and not marks.may_have_marks(raw, markdown=markdown):
            prose.lines.append(Line(raw, number, page))
            continue
        for count, paged in enumerate(raw.split("\f")):
            if count and page is not None:
                page += 1
            marked.add(comments.outside(paged, number) if comments else paged, number, page, paged)
    if comments:
        comments.finish()


class _MarkedLines:
    """Adds lines without their marks, which are set aside."""

    def __init__(self, prose: Prose, *, markdown: bool) -> None:
        self._prose, self._markdown = prose, markdown
        self._is_bold = False  # whether ** opened in an earlier line

    def add(self, line: str, number: int, page: int | None, whole: str) -> None:
        """Add a line, or several where a tag breaks it.

        Args:
            line: the part of it that is in no comment.
            whole: the line with its comments.
        """
        prose, markdown = self._prose, self._markdown
        kept = _running_text(line, number, prose, markdown=markdown)
        for piece in _pieces(kept, prose) if "<" in kept else (kept,):
            plain, hint = self._without_marks(piece)
            if markdown and not hint and not plain.strip():
                _underline(prose, whole, number)
            prose.lines.append(Line(plain, number, page, hint))

    def _without_marks(self, piece: str) -> tuple[str, str | None]:
        """The piece without control characters and Markdown marks, and what the marks say of it."""
        prose = self._prose
        plain = unescape_text(piece)
        if _CONTROL.search(plain):
            prose.gather(aside.CONTROL_CHARACTERS, "".join(_CONTROL.findall(plain)))
            plain = _CONTROL.sub("", plain)
        plain, hint, set_aside = marks.strip_marks(plain, markdown=self._markdown)
        for mark in set_aside:
            prose.gather(aside.MARKDOWN_MARK, mark)
        if "**" in plain:
            before = len(plain)
            plain, self._is_bold = marks.strip_open_bold(plain, opened=self._is_bold)
            prose.gather(aside.MARKDOWN_MARK, "*" * (before - len(plain)))
        return plain, hint


def _running_text(line: str, number: int, prose: Prose, *, markdown: bool) -> str:
    """The line without what is marked as deleted and without readings of ruby, which are set aside."""

    def keep_aside(match: re.Match[str]) -> str:
        groups = match.groupdict()
        deleted = groups.get("deleted")
        text = groups.get("reading") or "" if deleted is None else deleted
        prose.leave_out(unescape_text(text), number, aside.RUBY if deleted is None else aside.DELETED_TEXT)
        whole = match.group()
        at = whole.find(text) if text else len(whole)
        prose.gather(
            aside.HTML_TAG if "<" in whole else aside.MARKDOWN_MARK, whole[:at] + whole[at + len(text) :]
        )
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
