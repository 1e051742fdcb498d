"""Marks within a line of Markdown: emphasis, code, links, notes.

As CommonMark has them, but for stars between figures or letters (5*6*7), which multiply.
"""

from __future__ import annotations

import re

_CODE = re.compile(r"(?<!`)(`+)(?!`)(.*?[^`])\1(?!`)")
_STRONG = re.compile(r"(?<![\w_])(__)(?=[^\s_])(.*?[^\s_])\1(?![\w_])")
_STARS = re.compile(r"(?<![*\\])(\*)(?=[^\s*])([^*]*[^\s*\\])\1(?!\*)")
_UNDERLINES = re.compile(r"(?<![\w\\])(_)(?=[^\s_])([^_]*[^\s_\\])\1(?!\w)")
_LINK = re.compile(r"(!?\[)([^\[\]^][^\[\]]*|)(\](?:\([^()\s]*(?:\s+\"[^\"]*\")?\)|\[[^\[\]]*\]))")
_NOTE = re.compile(r"\[\^[^\[\]\s]{1,40}\](?!:)")
_OPERAND = re.compile(r"[0-9A-Za-z)）]")
_DEFINITION = re.compile(r"\s{0,3}(\[[^\[\]^][^\[\]]*\]:\s*\S+(?:\s+[\"'(].*[\"')])?)\s*")
_NOTE_TEXT = re.compile(r"\s{0,3}(\[\^[^\[\]\s]{1,40}\]:)\s*(?=\S)")
_FENCE = re.compile(r"\s{0,3}(?:`{3,}|~{3,})\s*[\w+-]*\s*")

_HELD = "\ue000"


def is_mark_alone(line: str) -> bool:
    """Whether the line is a fence of code or says where a link leads to."""
    return _FENCE.fullmatch(line) is not None or _DEFINITION.fullmatch(line) is not None


def strip_note_label(line: str) -> tuple[str, str]:
    """The text of a footnote without its label, and the label; "" where the line is none.

    Example:
        >>> strip_note_label("[^1]: 研发投入与生产总值之比。")
        ('研发投入与生产总值之比。', '[^1]:')
    """
    label = _NOTE_TEXT.match(line)
    return (line[label.end() :], label.group(1)) if label else (line, "")


def strip_emphasis(line: str) -> tuple[str, list[str]]:
    """The line without the marks of Markdown within it, and the marks. What stands in code is left as it is.

    Example:
        >>> strip_emphasis("推动*高质量*发展，坚持`稳中求进`，5*6*7")
        ('推动高质量发展，坚持稳中求进，5*6*7', ['`', '`', '*', '*'])
    """
    found: list[str] = []
    code: list[str] = []
    if "`" in line and _HELD not in line:
        line = _CODE.sub(lambda match: _hold(match, found, code), line)
    if "[" in line:
        line = _LINK.sub(lambda match: _keep_label(match, found), line)
        found += _NOTE.findall(line)
        line = _NOTE.sub("", line)
    if "__" in line:
        line = _STRONG.sub(lambda match: keep_inside(match, found), line)
    if "*" in line:
        line = _STARS.sub(lambda match: _keep_unless_product(match, found), line)
    if "_" in line:
        line = _UNDERLINES.sub(lambda match: keep_inside(match, found), line)
    for text in code:
        line = line.replace(_HELD, text, 1)
    return line, found


def _hold(match: re.Match[str], found: list[str], code: list[str]) -> str:
    found += [match.group(1)] * 2
    code.append(match.group(2))
    return _HELD


def keep_inside(match: re.Match[str], found: list[str]) -> str:
    """What stands between two marks; they are found."""
    found += [match.group(1)] * 2
    return match.group(2)


def _keep_label(match: re.Match[str], found: list[str]) -> str:
    found += [match.group(1), match.group(3)]
    return match.group(2)


def _keep_unless_product(match: re.Match[str], found: list[str]) -> str:
    before = match.string[match.start() - 1 : match.start()]
    if _OPERAND.match(before) and _OPERAND.match(match.group(2)):
        return match.group()
    return keep_inside(match, found)
