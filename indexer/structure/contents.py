"""Tables of contents and lists of links: lines that only name what stands elsewhere, set aside before drafts begin."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from indexer.model import SetAside
from indexer.structure import patterns
from indexer.structure.piece import Piece
from search.messages.aside import LINKS_TO_OTHERS, TABLE_OF_CONTENTS

LEAST_ENTRIES = 2
MOST_LINKS = 40
MOST_ENTRY_CHARS = 70

_LABEL = re.compile(r"(?:目录|目次|contents|报告目录|文章目录|本文目录)[:：]?", re.IGNORECASE)
_LEADER = re.compile(r"[.…·．。\-—_]{2,}\d{0,4}$|(?<=[一-龥])\d{1,3}$")
_LINKS = re.compile(
    r"(?:推荐阅读|相关阅读|延伸阅读|往期(?:推荐|回顾|精彩|文章)?(?:推荐|回顾)?|热门(?:文章|推荐|阅读|新闻)|猜你喜欢|大家都在看|更多(?:精彩|阅读|内容|报告)?|"
    r"友情链接|历年(?:政府)?工作报告|相关(?:报道|链接|新闻|文章|稿件|推荐)|精彩推荐|编辑推荐|最新文章|喜欢此内容的人还喜欢)[:：]?(?P<link>.*)"
)


def without_contents(pieces: Sequence[Piece]) -> tuple[list[Piece], list[SetAside]]:
    """The pieces without tables of contents and lists of links, and those."""
    end = len(pieces) - _titles_at_end(pieces)
    last = [SetAside(piece.text, piece.lines[0], LINKS_TO_OTHERS) for piece in pieces[end:]]
    pieces = pieces[:end]
    times = Counter(_entry(piece) for piece in pieces if piece.is_short)
    kept: list[Piece] = []
    aside: list[SetAside] = []
    at = 0
    while at < len(pieces):
        count, reason = _contents(pieces, at, times), TABLE_OF_CONTENTS
        if not count:
            count, reason = _links(pieces, at), LINKS_TO_OTHERS
        aside += [SetAside(piece.text, piece.lines[0], reason) for piece in pieces[at : at + count]]
        if not count:
            kept.append(pieces[at])
        at += count or 1
    return (kept, [*aside, *last]) if kept else (list(pieces), last)


def _titles_at_end(pieces: Sequence[Piece]) -> int:
    """How many of the last pieces are titles of other reports: links whose label is gone already."""
    count = 0
    for piece in reversed(pieces):
        if not piece.is_short or not patterns.names_report(piece.compact):
            break
        count += 1
    return count if any("。" in piece.text for piece in pieces[: len(pieces) - count]) else 0


def _entry(piece: Piece) -> str:
    return _LEADER.sub("", piece.compact)


def _contents(pieces: Sequence[Piece], at: int, times: Counter[str]) -> int:
    """How many pieces from here are a table of contents with its label, or 0: its entries come again as headings."""
    if not pieces[at].is_short or not _LABEL.fullmatch(pieces[at].compact):
        return 0
    count = 1
    for piece in pieces[at + 1 :]:
        entry = _entry(piece)
        if (
            not piece.is_short
            or len(entry) > MOST_ENTRY_CHARS
            or (times[entry] < 2 and entry == piece.compact)
        ):
            break
        numbered = patterns.number_level(piece.text) > 0
        if not numbered and (entry == piece.compact) and not patterns.looks_back_or_ahead(entry):
            break
        count += 1
    return count if count > LEAST_ENTRIES else 0


def _links(pieces: Sequence[Piece], at: int) -> int:
    """How many pieces from here are links to other texts with their label, or 0."""
    first = pieces[at]
    label = _LINKS.fullmatch(first.compact) if first.is_short else None
    if label is None or (label["link"] and not _is_link(label["link"])):
        return 0
    count = 1
    for piece in pieces[at + 1 : at + 1 + MOST_LINKS]:
        if not piece.is_short or not _is_link(piece.compact) or _begins_report(pieces, at + count):
            break
        count += 1
    return count if count > 1 or label["link"] else 0


def _is_link(text: str) -> bool:
    """Whether a line can be the name of another text."""
    return (
        4 <= len(text) <= MOST_ENTRY_CHARS
        and text[-1] not in "。；，：！？"
        and not patterns.number_level(text)
    )


def _begins_report(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a title is no link but has its report below: a session, a greeting, or text."""
    if not patterns.is_title(pieces[at].compact):
        return False
    return any(
        patterns.is_salutation(piece.compact)
        or patterns.opens_session(piece.compact)
        or len(piece.text) > 150
        for piece in pieces[at + 1 : at + 5]
    )
