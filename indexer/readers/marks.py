"""Markdown marks, which many plain texts have too: `#`, `**`, lists, tables, rules, quotes.

The marks go to the set-aside; what they say becomes the line's hint. Marks that only Markdown has within a line are
`emphasis`.
"""

from __future__ import annotations

import re

from indexer.readers.emphasis import is_mark_alone, keep_inside, strip_emphasis, strip_note_label

MOST_HEADING_CHARS = 100

_HEADING = re.compile(r"(\s*)(#{1,6})(?:\s+|(?=[^\s#0-9A-Za-z]))(.*?)(\s#+)?\s*")
_RULE = re.compile(r"\s*(?:[-=_]{3,}|[*]{3,}|(?:[*-] ){2,}[*-])\s*")
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*")
_TABLE_ROW = re.compile(r"\s*\|.*\|\s*")
_ITEM = re.compile(r"\s*(?:[-+]|\*(?!\*))\s+\S")
_QUOTE = re.compile(r"\s*((?:>\s?)+)(?=\S)")
_ALL_BOLD = re.compile(r"\s*(\*{2,}|__)\s*([^*]+?)\s*(\*{2,}|__)\s*")
_BOLD = re.compile(r"(\*{2,3})(?=[^\s*、，。；：！？）)”])([^*]*[^\s*])\1")
_EMPTY_BOLD = re.compile(r"(?<!\*)\*{4}(?!\*)(?=\s*$|[^\w*])")
_BOLD_POINT = re.compile(r"(\*\*)([，。、；：！？]{1,2})\1")
_OPENS_BOLD = re.compile(r"\s*(\*\*)(?=[^\s*])")
_CLOSES_BOLD = re.compile(r"(?<=[^\s*])(\*\*)\s*$")
_ESCAPED = re.compile(r"\\(?=[\\`*_{}\[\]()#+\-.!|>~])")
_UNDERLINE = re.compile(r"\s{0,3}(?:=+|-+)\s*")
_MARKDOWN_ALONE = frozenset("[`_~")
_OPENING = frozenset("#-*+>|=_")


def may_have_marks(line: str, *, markdown: bool) -> bool:
    """Whether the line is worth a closer look (cheap: asked of every line)."""
    return (
        "*" in line
        or "\\" in line
        or line.lstrip()[:1] in _OPENING
        or (markdown and not _MARKDOWN_ALONE.isdisjoint(line))
    ) and bool(line)


def strip_marks(line: str, *, markdown: bool) -> tuple[str, str | None, list[str]]:
    """The line without its marks, what they say of it (its hint), and the marks.

    Example:
        >>> strip_marks("## 二、**2024年工作安排**", markdown=True)
        ('二、2024年工作安排', 'heading2', ['##', '**', '**'])
    """
    if not may_have_marks(line, markdown=markdown):
        return line, None, []
    if markdown and is_mark_alone(line):
        return "", None, [line.strip()]
    if _RULE.fullmatch(line) or (_TABLE_RULE.fullmatch(line) and "|" in line):
        return "", None, [line.strip()]
    found: list[str] = []
    quote = _QUOTE.match(line)
    if quote and (markdown or line[quote.end() - 1].isspace()):
        found.append("".join(quote.group(1).split()))
        line = line[quote.end() :]
    hint = None
    if markdown and "[^" in line:
        line, label = strip_note_label(line)
        if label:
            found.append(label)
            hint = "footnote"
    heading = _HEADING.fullmatch(line) if hint is None else None
    if heading and heading.group(3):
        found.append(heading.group(2))
        if heading.group(4):
            found.append(heading.group(4).strip())
        hint = f"heading{len(heading.group(2))}"
        line = heading.group(1) + heading.group(3)
    elif hint is None and _TABLE_ROW.fullmatch(line):
        hint = "table"
    elif hint is None and _ITEM.match(line):
        hint = "list"
    line, bold = _strip_inline(line, found, markdown=markdown)
    if hint is None and bold and len(line) <= MOST_HEADING_CHARS:
        hint = "bold"
    return line, hint, found


def underlined_level(line: str) -> int:
    """The level of the heading that a line of = or - makes of the one above it in Markdown, or 0.

    Example:
        >>> underlined_level("===="), underlined_level("---"), underlined_level("- 一")
        (1, 2, 0)
    """
    if not _UNDERLINE.fullmatch(line):
        return 0
    return 1 if "=" in line else 2


def strip_open_bold(line: str, *, opened: bool) -> tuple[str, bool]:
    """A line without the `**` of bold that runs over several lines, and whether it runs on.

    Example:
        >>> strip_open_bold("**一、工作回顾", opened=False), strip_open_bold("市长 温国辉**", opened=True)
        (('一、工作回顾', True), ('市长 温国辉', False))
    """
    opening = _OPENS_BOLD.match(line)
    if opening:
        return line[: opening.start(1)] + line[opening.end(1) :], True
    closing = _CLOSES_BOLD.search(line) if opened else None
    if closing:
        return line[: closing.start(1)] + line[closing.end(1) :], False
    return line, opened


def _strip_inline(line: str, found: list[str], *, markdown: bool) -> tuple[str, bool]:
    """The line without bold, escapes and, in Markdown, its own marks; and whether all of it was bold."""
    bold = False
    if "**" in line or "__" in line:
        whole = _ALL_BOLD.fullmatch(line)
        if whole and (whole.group(1)[0] == whole.group(3)[0]):
            found += [whole.group(1), whole.group(3)]
            line, bold = line[: line.index(whole.group(1))] + whole.group(2), True
        else:
            plain = _BOLD.sub(lambda match: keep_inside(match, found), line)
            if plain != line:
                # Everything in bold, but in several stretches.
                bold = not re.sub(r"[\s*]+", "", _BOLD.sub("", line))
                line = plain
            found += _EMPTY_BOLD.findall(line)
            line = _EMPTY_BOLD.sub("", line)
            line = _BOLD_POINT.sub(lambda match: keep_inside(match, found), line)
    if markdown:
        line, marks = strip_emphasis(line)
        found += marks
    if "\\" in line:
        found += _ESCAPED.findall(line)
        line = _ESCAPED.sub("", line)
    return line, bold
