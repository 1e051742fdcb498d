"""Drafts to blocks: what each piece is, which are repeated, and how the very long ones are divided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from indexer.model import Block, Draft
from indexer.structure import patterns
from indexer.structure.boundaries import RawDraft
from indexer.structure.division import divide_text
from indexer.structure.piece import Piece
from indexer.structure.repeats import REPEAT_CHARS, Repeats

HEAD_PIECES = 14
PRINTED_AGAIN_SHARE = 0.9
_HEAD_KINDS = frozenset({"title", "session", "date", "speaker", "source"})


def build_drafts(raw_drafts: Sequence[RawDraft]) -> tuple[Draft, ...]:
    """The drafts with their blocks. One printed again in the file goes, as repeated, with the first."""
    repeats = Repeats()
    drafts: list[Draft] = []
    for raw in raw_drafts:
        blocks = tuple(_build_blocks(raw, repeats))
        same_kind = [at for at, draft in enumerate(drafts) if draft.kind == raw.kind]
        if same_kind and _is_printed_again(blocks):
            first = drafts[same_kind[-1]]
            again = tuple(replace(block, repeated=True) for block in blocks)
            drafts[same_kind[-1]] = replace(first, blocks=first.blocks + again)
        else:
            drafts.append(Draft(raw.kind, blocks))
    return tuple(drafts)


def _is_printed_again(blocks: Sequence[Block]) -> bool:
    passages = [block for block in blocks if len(block.text) >= REPEAT_CHARS]
    repeated = sum(len(block.text) for block in passages if block.repeated)
    return 0 < repeated >= PRINTED_AGAIN_SHARE * sum(len(block.text) for block in passages)


def _build_blocks(raw: RawDraft, repeats: Repeats) -> Iterator[Block]:
    for kind, level, piece in _classify(raw):
        repeated = repeats.note(piece.text)
        parts = divide_text(piece.text)
        for number, text in enumerate(parts, start=1):
            part = number if len(parts) > 1 else 0
            yield Block(kind, level, text, piece.lines, piece.joined, part, repeated, piece.confidence)


def _classify(raw: RawDraft) -> Iterator[tuple[str, int, Piece]]:
    """Each piece with its kind and level; a title that was printed within its text comes first."""
    pieces = raw.pieces
    order = [*sorted(raw.titles), *(at for at in range(len(pieces)) if at not in raw.titles)]
    trust_hints = len({piece.hint for piece in pieces if piece.hint and piece.hint.startswith("heading")}) > 1
    in_head = True
    in_appendix = False
    seen_speaker = False
    above = ""
    for place, at in enumerate(order):
        piece = pieces[at]
        if at in raw.titles:
            yield "title", 0, piece
            continue
        following = pieces[order[place + 1]] if place + 1 < len(order) else None
        kind, level = "", 0
        if in_head and raw.kind == "report":
            kind = _kind_in_head(piece, following, place)
            bare = kind == "speaker" and not patterns.is_speaker(piece.compact)
            if bare and (seen_speaker or above not in ("session", "date", "speaker")):
                kind = ""
            seen_speaker = seen_speaker or (kind == "speaker" and not patterns.is_office(piece.compact))
            in_head = place < HEAD_PIECES and (
                kind in _HEAD_KINDS
                or (not kind and _head_goes_on(piece, [pieces[at] for at in order[place + 1 :][:3]]))
            )
        above = kind
        if not kind:
            kind, level = _kind_in_body(piece, following, trust_hints=trust_hints)
            if kind == "heading" and level == 1 and patterns.is_appendix_head(piece.compact):
                in_appendix = True
            elif in_appendix and kind in ("paragraph", "list"):
                kind = "appendix"
        yield kind, level, piece


def _head_goes_on(piece: Piece, following: Sequence[Piece]) -> bool:
    """Whether a short line that is none of a report's particulars still stands above them."""
    if not piece.is_short or patterns.number_level(piece.text):
        return False
    return any(
        other.is_short and (patterns.is_salutation(other.compact) or patterns.is_session(other.compact))
        for other in following
    )


def _kind_in_head(piece: Piece, following: Piece | None, place: int) -> str:
    """What a piece above the salutation is, or "" where the body has begun."""
    if not piece.is_short or piece.hint == "table":
        return ""
    compact = piece.compact
    if patterns.is_salutation(compact):
        return "salutation"
    if patterns.is_source(compact):
        return "source"
    if patterns.number_level(piece.text) or patterns.is_appendix_head(compact):
        return ""
    if patterns.is_title(compact):
        return "title"
    if patterns.is_date(compact):
        return "date"
    if patterns.is_session(compact) or patterns.is_session_begun(compact):
        return "session"
    if patterns.is_speaker(compact) or patterns.is_name(compact):
        return "speaker"
    if place <= 2 and following is not None and following.is_short and patterns.is_headline(compact):
        after = following.compact
        plain = compact[0] not in "（(0123456789" and not patterns.looks_back_or_ahead(compact)
        if plain and (patterns.is_session(after) or patterns.is_date(after) or patterns.is_speaker(after)):
            return "title"
    return ""


def _kind_in_body(piece: Piece, following: Piece | None, *, trust_hints: bool) -> tuple[str, int]:
    text = piece.text
    if piece.hint == "table" or (text[0] == "|" and patterns.is_table_row(text)):
        return "table", 0
    if len(text) > 100:
        return ("list", 0) if piece.hint == "list" or patterns.is_bullet(text) else ("paragraph", 0)
    compact = piece.compact
    if patterns.is_salutation(compact):
        return "salutation", 0
    if patterns.is_source(compact):
        return "source", 0
    if patterns.is_appendix_head(compact) and piece.hint != "list":
        return "heading", 1
    level = heading_level(piece, following, trust_hints=trust_hints)
    if level:
        return "heading", level
    if piece.hint == "list" or patterns.is_bullet(text):
        return "list", 0
    return "paragraph", 0


def heading_level(piece: Piece, following: Piece | None, *, trust_hints: bool) -> int:
    """The level of the piece as a heading (1 to 6), or 0 where it is none.

    Args:
        following: the piece after it, for headlines without a number stand before text.
        trust_hints: whether the format's own levels go before those of the numbers (一、 （一） 1. （1）).
    """
    text, compact = piece.text, piece.compact
    sentence = "。" in compact[:-1] or compact[-1] in "；，、：:;,"
    numbered = 0 if sentence else patterns.number_level(text)
    hint = piece.hint or ""
    if hint.startswith("heading") and not sentence:
        return int(hint[7:]) if trust_hints or not numbered else numbered
    if numbered:
        return numbered if _is_numbered_heading(compact, numbered) else 0
    if sentence or hint not in ("", "bold") or (not hint and not patterns.is_headline(compact)):
        return 0
    if patterns.looks_back_or_ahead(compact) or patterns.is_editorial_label(compact):
        return 1
    if hint:
        fits = 2 <= len(compact) <= patterns.NUMBERED_HEADING_CHARS
        return 2 if fits and compact[-1] not in "。！？!?" else 0
    return 2 if _is_headline_before(compact, following) else 0


def _is_numbered_heading(compact: str, level: int) -> bool:
    if level >= 3:
        return len(compact) <= 40 and not set("：:。！？") & set(compact)
    return len(compact) <= patterns.NUMBERED_HEADING_CHARS


def _is_headline_before(compact: str, following: Piece | None) -> bool:
    if len(compact) < 4 or set("，：:") & set(compact) or compact[-1] in "”’）)" or compact[0] in "—─-•●◆■▪|":
        return False
    return following is not None and (len(following.text) > 45 or patterns.number_level(following.text) > 0)
