"""Texts that decode but are no Chinese: decoded wrongly once, saved, and now valid in their new encoding.

A text that was read in the wrong encoding has characters that no Chinese text has; read back, it is Chinese. That is
the proof asked for here: rare characters alone may be a list of names.
"""

from __future__ import annotations

import re

from indexer.readers.common_han import common_share
from search.language.text.character_classes import CharacterClasses
from search.messages import Message, aside
from search.messages import sources as says

SAMPLE_CHARS = 20_000
LEAST_SUSPECT_CHARS = 12
MOST_GARBLED_SHARE = 0.08
LEAST_MENDED_SHARE = 0.2
MOST_LOST_SHARE = 0.2

_HISTORIES = (
    ("gb18030", "utf-8", ("UTF-8", "GB18030")),
    ("cp1252", "utf-8", ("UTF-8", "Latin")),
    ("latin-1", "utf-8", ("UTF-8", "Latin")),
    ("cp1252", "gb18030", ("GB18030", "Latin")),
    ("latin-1", "gb18030", ("GB18030", "Latin")),
    ("gb18030", "cp950", ("Big5", "GB18030")),
    ("cp950", "gb18030", ("GB18030", "Big5")),
    ("cp950", "utf-8", ("UTF-8", "Big5")),
    ("shift_jis", "gb18030", ("GB18030", "Shift_JIS")),
    ("euc_kr", "gb18030", ("GB18030", "Korean")),
)
"""(the encoding it was read in, the one it was in, the names of the latter and the former)."""
_LOST = re.compile("\ufffd|锟斤拷|锟斤|斤拷|烫烫烫|屯屯屯|[?？]{4,}")
_SIGNS_OF_LOSS = ("\ufffd", "锟斤", "斤拷", "烫烫烫", "屯屯屯")
_HAN_OR_FOREIGN = CharacterClasses(
    ((0x3400, 0x9FFF), (0xE000, 0xF8FF), (0x20000, 0x3FFFF)),
    ((0x80, 0x24F), (0x2010, 0x2122), (0xAC00, 0xD7A3), (0xFF61, 0xFF9F)),
)


def garbled_by(text: str) -> Message | None:
    """How a text was garbled; None where it is not.

    Example:
        >>> how = garbled_by("四平市人民政府工作报告，各位代表".encode().decode("gb18030", "replace"))
        >>> dict(how.args)
        {'encoding': 'UTF-8', 'other': 'GB18030'}
    """
    sample = text[:SAMPLE_CHARS]
    _, han, foreign = _HAN_OR_FOREIGN.count(sample)
    lost = sum(map(len, _LOST.findall(sample))) if _may_have_lost(sample) else 0
    if lost >= LEAST_SUSPECT_CHARS and lost > max((han + foreign) / 2, MOST_LOST_SHARE * len(sample)):
        return aside.LOST_CHARACTERS
    if han + foreign < LEAST_SUSPECT_CHARS or (common_share(sample) > MOST_GARBLED_SHARE and foreign < han):
        return None
    for wrong, right, (encoding, other) in _HISTORIES:
        once = _read_back(sample, wrong, right)
        for mended in (once, _read_back(once, wrong, right, times=2)):
            if common_share(mended) >= LEAST_MENDED_SHARE:
                return says.READ_AS(encoding=encoding, other=other)
    return None


def _may_have_lost(text: str) -> bool:
    return any(sign in text for sign in _SIGNS_OF_LOSS) or text.count("?") + text.count("？") >= 4


def _read_back(text: str, wrong: str, right: str, *, times: int = 1) -> str:
    """The text as it was before it was read in the wrong encoding; "" where that can't have been."""
    raw = text.encode(wrong, "ignore")
    mended = raw.decode(right, "replace")
    lost = mended.count("\ufffd")
    _, han, _ = _HAN_OR_FOREIGN.count(mended)
    if han < LEAST_SUSPECT_CHARS // 2 or lost > MOST_LOST_SHARE * times * len(mended):
        return ""
    return mended


def count_lost(text: str) -> int:
    """How many places of a text a conversion has destroyed: U+FFFD, 锟斤拷.

    Example:
        >>> count_lost("推动高质锟斤拷发展，增\\ufffd\\ufffd百分之五")
        2
    """
    if not any(sign in text for sign in _SIGNS_OF_LOSS):
        return 0
    return len(re.findall("\ufffd+|(?:锟斤拷)+|锟斤|斤拷|(?:烫烫)+烫|(?:屯屯)+屯", text))
