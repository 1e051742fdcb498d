"""The lines of a report as metadata reads them: compact text with the place it stands in.

Compact text has full-width forms folded and no blanks or markup, so `俞 志 平` and `**２０２３年**`
read plainly.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.model import Block, Draft, Value
from search.language.text import simplify as simplified
from search.messages import Message
from search.messages import metadata as says

HEAD_BLOCKS = 40
TAIL_BLOCKS = 6
OPENING_CHARS = 400
EVIDENCE_CHARS = 60
_UNUSUAL = re.compile(
    "[\u2e80-\u2fdf\uf900-\ufaff協屆會議員報務國縣區東經濟發長產業個這為與來過對們說學實現開關黨總產進]"
)

_MARKUP = re.compile(r"<!--.*?-->|[*#\s​\ufeff]+|^>+")
_MAY_BE_MARKUP = re.compile(r"[<>*#\s​\ufeff]")
_WIDE_MARKS = tuple(zip("，（）；：！．％＋－？", ",();:!.%+-?", strict=True))
_FIRST_HEADING = re.compile(r"[一二]、|[(][一二][)]")
_GREETING = re.compile(r"^(?:各位|尊敬的|同志们)[^。]{0,25}[:：，,]?$|^各位(?:代表|委员|同志)|^同志们")
_ADDRESS = re.compile(
    r"(?<!人民)代表(?!大会|团).{0,60}(?:报告|审议)|受.{2,40}委托|向(?:大会|本次会议).{0,10}报告"
)


@dataclass(frozen=True, slots=True)
class HeadLine:
    """A block near the top or the bottom of a report.

    Args:
        text: compact.
        raw: as it stands.
        number: its first line in the file.
        kind: what structure took it for.
        zone: 顶 above the salutation, 开场 the opening words, 尾 the end.
    """

    text: str
    raw: str
    number: int
    kind: str
    zone: str

    @property
    def evidence(self) -> Message:
        """What is said of a value that was read from this line."""
        text = shorten(self.raw)
        return (
            says.FROM_TITLE(text=text)
            if self.kind == "title"
            else says.FROM_LINE(line=self.number, text=text)
        )

    def value(self, value: str | int) -> Value:
        """A value read from this line."""
        return Value(value, self.evidence)


def compact(text: str) -> str:
    """The text with widths folded, simplified, and without blanks and markup."""
    folded = _fold_widths(text)
    return simplify(_MARKUP.sub("", folded) if _MAY_BE_MARKUP.search(folded) else folded)


def _fold_widths(text: str) -> str:
    """The text in NFKC: the marks of every sentence by hand, since mostly nothing else is to be changed."""
    for wide, narrow in _WIDE_MARKS:
        text = text.replace(wide, narrow)
    return text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)


def simplify(text: str) -> str:
    """Traditional characters and radicals as Simplified ones, one to one: 政協四平市第九屆委員會 reads as the rest."""
    return simplified(text) if _UNUSUAL.search(text) else text


def shorten(text: str, *, limit_chars: int = EVIDENCE_CHARS) -> str:
    """The text on one line, cut for evidence."""
    line = " ".join(text.split())
    return line if len(line) <= limit_chars else line[:limit_chars] + "…"


def read_head(draft: Draft) -> tuple[HeadLine, ...]:
    """The lines above the salutation, and the opening words.

    Without a salutation, or with one that comes late, the top ends at the first heading or full sentence.
    """
    lines: list[HeadLine] = []
    opening = 0
    for block in draft.blocks[:HEAD_BLOCKS]:
        text = compact(block.text)
        if not text or block.kind in ("source", "appendix"):
            continue
        greets = block.kind == "salutation" or _GREETING.search(text) or _ADDRESS.search(text[:120])
        sentence = len(text) > 60 and text.endswith("。")
        headed = bool(lines) and (block.kind in ("heading", "list") or _FIRST_HEADING.match(text))
        begins = len(text) > 150 or sentence or headed
        if not opening and (greets or begins):
            opening = 1
        zone = "开场" if opening else "顶"
        lines.append(
            HeadLine(text[:OPENING_CHARS], block.text[:OPENING_CHARS], block.lines[0], block.kind, zone)
        )
        if opening:
            opening += 1
        if opening > 4:
            break
    return tuple(lines)


def read_tail(draft: Draft) -> tuple[HeadLine, ...]:
    """The short lines at the end, where some sources put date and name."""
    last: Sequence[Block] = draft.blocks[-TAIL_BLOCKS:] if len(draft.blocks) > HEAD_BLOCKS else ()
    lines = []
    for block in last:
        text = compact(block.text)
        if text and len(text) <= OPENING_CHARS:
            lines.append(HeadLine(text, block.text, block.lines[0], block.kind, "尾"))
    return tuple(lines)
