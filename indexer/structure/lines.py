"""Lines to pieces: which lines make one paragraph, and which are no text at all.

A format that says where its paragraphs end is believed. Otherwise a line is a paragraph, except in a text
that is visibly wrapped at a width: there a full line goes on in the next one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from indexer.model import Line, SetAside
from indexer.structure import patterns
from indexer.structure.furniture import find_furniture
from indexer.structure.piece import Piece
from indexer.structure.wrapping import display_width, find_wrapping, is_line_of_its_own, without_spacing
from search.messages import Message
from search.messages.aside import (
    HTML_COMMENT,
    PAGE_FURNITURE,
    PAGE_NUMBER,
    RUNNING_FOOTER,
    RUNNING_HEADER,
    TURN_MARK,
)

_CUT_NUMERAL = re.compile(
    r"(?:[百千万]分之|[^一二三四五六七八九十百千万亿零〇\d（(第][一二三四五六七八九十百千万亿零〇]{1,4}|\d)$"
)
"""A line that ends in a number: what begins the next one numbers nothing."""


def gather_pieces(lines: Sequence[Line]) -> tuple[list[Piece], list[SetAside]]:
    """The document's paragraphs, and the lines that are furniture, with the reason."""
    aside: list[SetAside] = []
    lines = list(without_spacing(list(_without_comments(lines, aside))))
    furniture = find_furniture(lines)
    page_ends = _at_page_ends(lines, furniture)
    between = furniture.keys() | page_ends
    wrapping = find_wrapping([line for index, line in enumerate(lines) if index not in between])
    margin = _margin(lines)
    pieces: list[Piece] = []
    goes_on = over_page = said = False
    page: int | None = None
    for index, line in enumerate(lines):
        text = line.text.strip()
        reason = (_reason_to_set_aside(line, text) or furniture.get(index)) if text else None
        if reason:
            aside.append(SetAside(text, line.number, reason))
            over_page = over_page or index in furniture
            continue
        if not text:
            through = index in page_ends or line.ends_paragraph is False
            goes_on = goes_on and (through or _is_turn_mark(pieces[-1].text))
            continue
        piece = Piece(text, (line.number, line.number), line.hint, confidence=line.confidence)
        if goes_on and line.hint is None and (said or _may_continue(line, text, pieces[-1].text, margin)):
            pieces[-1] = pieces[-1].followed_by(piece, joined=over_page or line.page != page)
        else:
            pieces.append(piece)
        page, over_page, said = line.page, False, line.ends_paragraph is False
        if _is_turn_mark(text):
            goes_on = True
        elif line.ends_paragraph is None:
            goes_on = wrapping.goes_on(line)
        else:
            goes_on = not line.ends_paragraph and line.hint is None
    return pieces, aside


def _at_page_ends(lines: Sequence[Line], furniture: Mapping[int, Message]) -> set[int]:
    """The blank lines that part no paragraphs: those between two pages, or beside what stands at their ends."""
    found: set[int] = set()
    above: int | None = None
    blank: list[int] = []
    for index, line in enumerate(lines):
        if not line.text.strip():
            blank.append(index)
            continue
        near = above is not None and (
            above in furniture or index in furniture or lines[above].page != line.page
        )
        if near:
            found.update(blank)
        above, blank = index, []
    return found


def _is_turn_mark(text: str) -> bool:
    return patterns.turn_mark_at_start(text) == len(text)


def _margin(lines: Sequence[Line]) -> int:
    """The columns that most lines stand from the edge."""
    indents = Counter(_indent(line) for line in lines if line.text.strip() and line.ends_paragraph is None)
    usual, times = max(indents.items(), key=lambda item: item[1], default=(0, 0))
    return usual if 2 * times > indents.total() else 0


def _indent(line: Line) -> int:
    return display_width(line.text[: len(line.text) - len(line.text.lstrip())] + "|") - 1


def _may_continue(line: Line, text: str, after: str, margin: int) -> bool:
    if _is_turn_mark(after):
        return True
    return not (
        _indent(line) > margin
        or (patterns.number_level(text) and not _CUT_NUMERAL.search(after))
        or patterns.is_salutation("".join(text.split()))
        or is_line_of_its_own(text)
    )


def _reason_to_set_aside(line: Line, text: str) -> Message | None:
    if line.hint in ("header", "footer"):
        return RUNNING_HEADER if line.hint == "header" else RUNNING_FOOTER
    if len(text) <= 100:
        compact = "".join(text.split())
        if patterns.turn_mark_at_end(compact) == 0:
            return TURN_MARK
        if patterns.is_chrome(compact):
            return PAGE_FURNITURE
        if line.page is not None and compact.isdigit() and len(compact) <= 4:
            return PAGE_NUMBER
    return None


def _without_comments(lines: Sequence[Line], aside: list[SetAside]) -> Iterator[Line]:
    """The lines without HTML comments, which may run over several lines."""
    inside = False
    for line in lines:
        if not inside and "<!--" not in line.text:
            yield line
            continue
        kept = ""
        rest = line.text
        while rest:
            if inside:
                end = rest.find("-->")
                cut = len(rest) if end < 0 else end + 3
                inside = end < 0
                if rest[:cut].strip():
                    aside.append(SetAside(rest[:cut].strip(), line.number, HTML_COMMENT))
                rest = rest[cut:]
            else:
                start = rest.find("<!--")
                cut = len(rest) if start < 0 else start
                kept += rest[:cut]
                inside = start >= 0
                rest = rest[cut:]
        yield replace(line, text=kept, generated=())
