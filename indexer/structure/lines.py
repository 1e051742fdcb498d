"""Lines to pieces: which lines make one paragraph, and which are no text at all.

A format that says where its paragraphs end is believed. Otherwise a line is a paragraph, except in a text
that is visibly wrapped at a width: there a full line goes on in the next one.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from indexer.model import Line, SetAside
from indexer.structure import patterns
from indexer.structure.piece import CLOSING, Piece
from search.messages.aside import HTML_COMMENT

WRAPPED_LINES = 20
WRAPPED_SHARE = 0.5
WIDEST_PARAGRAPH_LINE = 160


def gather_pieces(lines: Sequence[Line]) -> tuple[list[Piece], list[SetAside]]:
    """The document's paragraphs, and the lines that are furniture, with the reason."""
    width = _wrap_width(lines)
    pieces: list[Piece] = []
    aside: list[SetAside] = []
    goes_on = False
    page: int | None = None
    for line in _without_comments(lines, aside):
        text = line.text.strip()
        if not text:
            goes_on = goes_on and (line.ends_paragraph is False or _is_turn_mark(pieces[-1].text))
            continue
        reason = _reason_to_set_aside(line, text)
        if reason:
            aside.append(SetAside(text, line.number, reason))
            continue
        piece = Piece(text, (line.number, line.number), line.hint)
        if goes_on and _may_continue(line, text, after=pieces[-1].text):
            pieces[-1] = pieces[-1].followed_by(piece, joined=line.page != page)
        else:
            pieces.append(piece)
        page = line.page
        if _is_turn_mark(text):
            goes_on = True
        elif line.ends_paragraph is None:
            goes_on = width > 0 and line.hint is None and _fills(line.text, width)
        else:
            goes_on = not line.ends_paragraph and line.hint is None
    return pieces, aside


def _is_turn_mark(text: str) -> bool:
    return patterns.turn_mark_at_start(text) == len(text)


def _may_continue(line: Line, text: str, *, after: str) -> bool:
    if line.hint is not None:
        return False
    if _is_turn_mark(after):
        return True
    if line.ends_paragraph is not None:
        return True
    indented = line.text[:1] in " \u3000\t"
    return (
        not indented and not patterns.number_level(text) and not patterns.is_salutation("".join(text.split()))
    )


def _reason_to_set_aside(line: Line, text: str) -> str:
    if line.hint in ("header", "footer"):
        return "running header" if line.hint == "header" else "running footer"
    if len(text) <= 100:
        compact = "".join(text.split())
        if patterns.turn_mark_at_end(compact) == 0:
            return "turn mark"
        if patterns.is_chrome(compact):
            return "page furniture"
        if line.page is not None and compact.isdigit() and len(compact) <= 4:
            return "page number"
    return ""


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
        yield Line(kept, line.number, line.page, line.hint, line.ends_paragraph)


def _display_width(text: str) -> int:
    text = text.rstrip()
    if len(text) > WIDEST_PARAGRAPH_LINE:
        return 0
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def _fills(text: str, width: int) -> bool:
    return width - 3 <= _display_width(text) <= width + 2


def _wrap_width(lines: Sequence[Line]) -> int:
    """The width at which the text is wrapped, or 0.

    It is wrapped when half of its lines, and twenty at least, are as wide as one another, are followed by a
    line without a blank one between, and mostly end where no sentence does.
    """
    widths: Counter[int] = Counter()
    open_ends: Counter[int] = Counter()
    texts = 0
    for line, following in itertools.pairwise(lines):
        if line.ends_paragraph is not None:
            return 0
        if not line.text.strip():
            continue
        texts += 1
        if not following.text.strip() or line.hint is not None or len(line.text) > WIDEST_PARAGRAPH_LINE:
            continue
        width = _display_width(line.text)
        if width >= 20:
            widths[width] += 1
            open_ends[width] += line.text.rstrip()[-1] not in CLOSING
    best = max(widths, key=lambda width: (_near(widths, width), width), default=0)
    if best and _near(widths, best) >= max(WRAPPED_LINES, WRAPPED_SHARE * texts):
        return best if _near(open_ends, best) >= 0.6 * _near(widths, best) else 0
    return 0


def _near(counts: Counter[int], width: int) -> int:
    return sum(counts[near] for near in range(width - 2, width + 1))
