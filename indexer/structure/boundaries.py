"""Pieces to drafts: where a report begins, and where text begins that belongs to no report.

A report begins with its title (over several lines, with a headline above it), or with the line that names its
session. News, editorials and the rest of texts begun on other pages become drafts of their own kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from indexer.model import Document, SetAside
from indexer.structure import patterns
from indexer.structure.contents import without_contents
from indexer.structure.genres import Genre
from indexer.structure.kinds import kind_of
from indexer.structure.piece import Piece
from search.messages import aside

TITLE_LINES = 4
HEADLINES_ABOVE = 3
BODY_CHARS = 30


@dataclass(slots=True)
class RawDraft:
    """A draft before its blocks have kinds.

    Args:
        kind: report, or one of `search.model.OTHER_TYPES`.
        titles: the indexes of its pieces that are its title.
    """

    kind: str
    pieces: list[Piece] = field(default_factory=list)
    titles: set[int] = field(default_factory=set)
    _before_body: int = 0
    """How many of the first pieces are known to be no text: each is looked at once."""

    @property
    def has_body(self) -> bool:
        """Whether text has followed the title and the particulars."""
        self._before_body = min(self._before_body, len(self.pieces))
        while self._before_body < len(self.pieces) and not _is_body(self.pieces[self._before_body]):
            self._before_body += 1
        return self._before_body < len(self.pieces)


def _is_body(piece: Piece) -> bool:
    if len(piece.text) < BODY_CHARS or ("。" not in piece.text and len(piece.text) < 2 * BODY_CHARS):
        return False
    return not (piece.is_short and patterns.is_title(piece.compact))


def divide_into_drafts(
    pieces: Sequence[Piece], document: Document | None = None
) -> tuple[list[RawDraft], list[SetAside]]:
    """The drafts of a document, in the order in which they begin, and what is set aside: contents, turn marks.

    Args:
        document: what its name and fields state of the text; None where nothing does.
    """
    pieces, marks = without_contents(pieces)
    pieces = _merge_lines_of_heads([part for piece in pieces for part in _without_dateline(piece)])
    drafts: list[RawDraft] = []
    for at, piece in enumerate(pieces):
        current = drafts[-1] if drafts else None
        kind = _kind_begun(pieces, at, current)
        if kind is None and current is None:
            kind = "report"
        if kind is not None:
            current = _begin(kind, drafts, piece)
        assert current is not None
        begins = kind == "report" or (current.kind == "report" and not current.has_body)
        may_be_title = begins and piece.is_short and piece.hint != "table"
        is_title = may_be_title and patterns.is_title(piece.compact)
        if is_title or (current.kind == "社论" and _is_late_headline(current, piece)):
            current.titles.add(len(current.pieces))
        current.pieces.append(piece)
    for draft in drafts:
        _settle_kind(draft, document)
        if draft.kind == "report":
            draft.pieces = [_without_turn_marks(piece, marks) for piece in draft.pieces]
    return drafts, marks


def _settle_kind(draft: RawDraft, document: Document | None) -> None:
    """Make the draft what it is, now that all of it is known."""
    if draft.kind == "其他" and any(patterns.speaks_as_editorial(piece.text) for piece in draft.pieces):
        draft.kind = "社论"
    elif draft.kind == "report" and patterns.is_cover_letter(draft.pieces[0].compact):
        draft.kind = "其他"
        draft.titles.add(0)
    if draft.kind != "report":
        return
    fields, name = ({}, "") if document is None else (document.fields, document.name)
    genre = Genre(draft.pieces, frozenset(draft.titles), fields, name)
    draft.kind = kind_of(genre)
    if draft.kind != "report" and not draft.titles and genre.title_at == 0:
        draft.titles.add(0)


def _without_dateline(piece: Piece) -> list[Piece]:
    """A dateline and what an agency sends behind it (新华社北京3月12日电 政府工作报告) as two pieces."""
    end = patterns.dateline_end(piece.text)
    rest = piece.text[end:].lstrip()
    if not end or not rest:
        return [piece]
    sent = replace(piece, text=rest)
    if not patterns.is_title(sent.compact) and not _greets(sent):
        return [piece]
    return [replace(piece, text=piece.text[:end]), sent]


def _greets(piece: Piece) -> bool:
    """Whether a text begins with a greeting: 各位代表：现在 …"""
    return patterns.is_salutation(patterns.compacted(piece.text[:24]).partition("：")[0])


def _without_turn_marks(piece: Piece, marks: list[SetAside]) -> Piece:
    """The piece without （上接第一版） before it and （下转第三版） after it."""
    text = piece.text
    start = patterns.turn_mark_at_start(text)
    if 0 < start < len(text):
        marks.append(SetAside(text[:start], piece.lines[0], aside.TURN_MARK))
        text = text[start:].lstrip()
    end = patterns.turn_mark_at_end(text)
    if end > 0:
        marks.append(SetAside(text[end:], piece.lines[1], aside.TURN_MARK))
        text = text[:end].rstrip()
    return piece if text == piece.text else replace(piece, text=text)


def _is_late_headline(editorial: RawDraft, piece: Piece) -> bool:
    """Whether the piece is the headline, or the line under it, that an editorial still lacks."""
    compact = piece.compact
    if not piece.is_short or len(compact) < 6 or not patterns.is_headline(compact):
        return False
    last = max(editorial.titles, default=None)
    return last is None or (last == len(editorial.pieces) - 1 and compact.startswith("——"))


def _begin(kind: str, drafts: list[RawDraft], piece: Piece) -> RawDraft:
    """A new draft, with the headlines that stand right above its first piece."""
    begun = RawDraft(kind)
    if drafts:
        last = drafts[-1]
        taken = (
            len(last.pieces)
            if kind == "新闻" and _is_headline_alone(drafts)
            else _headlines_above(last, kind)
        )
        if kind == "report" and not taken and "提案" in piece.text:
            taken = _text_above_title(last)
            begun.pieces = last.pieces[len(last.pieces) - taken :]
        else:
            begun.pieces = last.pieces[len(last.pieces) - taken :]
            begun.titles = set(range(len(begun.pieces)))
        if taken:
            del last.pieces[len(last.pieces) - taken :]
            last.titles = {index for index in last.titles if index < len(last.pieces)}
        if not last.pieces:
            drafts.pop()
    drafts.append(begun)
    return begun


def _is_headline_alone(drafts: Sequence[RawDraft]) -> bool:
    """Whether all that stands above a text is a headline of any shape, at the file's beginning."""
    pieces = drafts[0].pieces
    return (
        len(drafts) == 1
        and len(pieces) <= HEADLINES_ABOVE
        and all(piece.is_short and not _is_body(piece) for piece in pieces)
        and not any(
            patterns.is_titled_report(piece.compact) or patterns.is_session(piece.compact) for piece in pieces
        )
    )


def _headlines_above(draft: RawDraft, kind: str) -> int:
    """How many of the draft's last pieces are headlines of the text that begins after them."""
    most = 1 if kind == "report" else HEADLINES_ABOVE
    count = 0
    for piece in reversed(draft.pieces):
        compact = piece.compact
        if count == most or not patterns.is_headline(compact) or patterns.number_level(piece.text):
            break
        if patterns.looks_back_or_ahead(compact) or patterns.is_session(compact) or patterns.is_name(compact):
            break
        if (
            not piece.is_short
            or compact[-1] in "”’"
            or compact[0] in "（(>"
            or (kind != "report" and patterns.is_titled_report(compact))
        ):
            break
        count += 1
    return count


def _text_above_title(draft: RawDraft) -> int:
    """How many of the last pieces belong to the text in whose midst its title was printed.

    On a newspaper page the title may stand in the middle of its text: the paragraph above it breaks off, and
    further above a heading begins what the title names.
    """
    if not draft.pieces or draft.pieces[-1].is_closed or not _is_body(draft.pieces[-1]):
        return 0
    found = 0
    for count, piece in enumerate(reversed(draft.pieces), start=1):
        compact = piece.compact
        if patterns.is_headline(compact) and not patterns.number_level(piece.text) and "提案" in compact:
            found = count
    return found if found < len(draft.pieces) else 0


def _kind_begun(pieces: Sequence[Piece], at: int, current: RawDraft | None) -> str | None:
    """The kind of draft that begins with this piece, or None where the current one goes on."""
    piece = pieces[at]
    if patterns.turn_mark_at_start(piece.text):
        return None if current is not None and _goes_on_over_the_page(current) else "其他"
    if patterns.is_news(piece.text):
        return _begun_by_dateline(pieces, at, current)
    if not piece.is_short or piece.hint == "table":
        return None
    compact = piece.compact
    if patterns.is_editorial_label(compact):
        return "社论"
    if current is None:
        return None
    if patterns.is_titled_report(compact) and (current.kind != "report" or current.has_body):
        turns = at + 1 < len(pieces) and patterns.turn_mark_at_start(pieces[at + 1].text) > 0
        return "report" if _body_follows(pieces, at) and not turns else None
    if current.has_body and current.kind == "report" and _is_resolution(pieces, at):
        return "决议"
    if current.has_body and patterns.is_session(compact) and patterns.opens_session(compact):
        return "report" if _greets_soon(pieces, at) else None
    return None


def _begun_by_dateline(pieces: Sequence[Piece], at: int, current: RawDraft | None) -> str | None:
    """News, but where a report follows that an agency sent."""
    if current is not None and _is_head_of_report(current):
        return None
    if not _is_body(pieces[at]) and _report_follows(pieces, at):
        return "report" if current is None or current.has_body or current.kind != "report" else None
    return "新闻"


def _is_resolution(pieces: Sequence[Piece], at: int) -> bool:
    """Whether the title of a resolution on a report stands here, with its text below."""
    compact = pieces[at].compact
    named = compact.endswith("的决议") and "关于" in compact and "会议" in compact[:40]
    return named and "，" not in compact and _body_follows(pieces, at)


def _is_head_of_report(current: RawDraft) -> bool:
    """Whether the draft is so far only the head of a report, which an agency then sends."""
    if current.kind != "report" or current.has_body:
        return False
    heads = [piece.compact for piece in current.pieces if piece.is_short]
    return any(patterns.names_report(text) or patterns.is_session(text) for text in heads)


def _report_follows(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a report's head stands right below: what an agency sends, and not what it tells."""
    if at + 1 < len(pieces) and _greets(pieces[at + 1]):
        return True
    below = [piece.compact for piece in pieces[at + 1 : at + 9] if piece.is_short]
    headed = any(patterns.names_report(text) or patterns.opens_session(text) for text in below)
    return headed and any(patterns.is_salutation(text) for text in below)


def _goes_on_over_the_page(current: RawDraft) -> bool:
    """Whether a text begun on another page (上接第一版) can be the rest of the current report.

    It can't where the report has come to its end: its last paragraph calls the assembly to action.
    """
    if current.kind != "report" or not current.has_body:
        return False
    last = [piece for piece in current.pieces if not patterns.is_title(piece.compact)][-1]
    return not patterns.is_peroration(last.text)


def _body_follows(pieces: Sequence[Piece], at: int) -> bool:
    return any(_is_body(piece) for piece in pieces[at + 1 : at + 8])


def _greets_soon(pieces: Sequence[Piece], at: int) -> bool:
    return any(piece.is_short and patterns.is_salutation(piece.compact) for piece in pieces[at + 1 : at + 4])


def _merge_lines_of_heads(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with a title or a session line that is set over several lines put together."""
    merged: list[Piece] = []
    at = 0
    while at < len(pieces):
        count = _lines_of_title(pieces, at) or _lines_of_session(pieces, at) or 1
        whole = pieces[at]
        for piece in pieces[at + 1 : at + count]:
            whole = whole.followed_by(piece, joined=False)
        merged.append(whole)
        at += count
    return merged


def _lines_of_title(pieces: Sequence[Piece], at: int) -> int:
    """How many pieces from here make one title, or 0."""
    piece = pieces[at]
    if not piece.is_short or not patterns.begins_title(piece.compact) or patterns.is_title(piece.compact):
        return 0
    whole = piece
    for end in range(at + 1, min(at + TITLE_LINES, len(pieces))):
        other = pieces[end].compact
        if (
            len(other) > 60
            or other[0] in "（("
            or patterns.number_level(pieces[end].text)
            or patterns.is_date(other)
        ):
            return 0
        whole = whole.followed_by(pieces[end], joined=False)
        text = whole.compact
        if patterns.is_titled_report(text) or (text.startswith("关于") and patterns.is_title(text)):
            return end + 1 - at
    return 0


def _lines_of_session(pieces: Sequence[Piece], at: int) -> int:
    """2 where this piece and the next make one session line, else 0."""
    if at + 1 == len(pieces) or not pieces[at].is_short or not pieces[at + 1].is_short:
        return 0
    begun, ended = pieces[at].compact, pieces[at + 1].compact
    if not patterns.is_session_begun(begun) or (patterns.is_session(begun) and "次" in begun):
        return 0
    return 2 if patterns.is_session_ended(ended) and not patterns.opens_session(ended) else 0
