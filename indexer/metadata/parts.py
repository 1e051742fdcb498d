"""Which part of a report a paragraph is, and which years the headings above it name.

blocks -> walked in order, with the headings that are open -> part, years

The part is decided by what structure says a block is, and by the glossary or annex that it stands in. These stand at
the end and go on to it; some repeat the report's own headings over what they explain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from indexer.metadata.dates import YEAR, to_year
from indexer.metadata.lines import compact
from indexer.model import Block
from search.model import COMMENTS, PARTS, Span

BODY, HEADS, GLOSSARY, ANNEX, _ = PARTS
_HEAD_KINDS = frozenset({"title", "session", "date", "speaker", "source", "heading"})
_HEAD_CHARS = 40
_NUMERAL = "[0-9一二三四五六七八九十]"
_OPENS = rf"[【《（(\[]?(?:附[:：]|附[件录表]?{_NUMERAL}*[:：、.]?|{_NUMERAL}{{1,2}}[、.])?"
_TERMS = r"(?:名词|名称|词语|词汇|用语|术语|指标|概念|缩略语|专业名词|新名词)"
_TELLS = r"(?:解释|注释|释义|注解|说明|解读|简释|解析)"
_TOO = r"[和及与、]?(?:有关|相关)?(?:情况|事项|问题)?的?"
_GLOSSARY = re.compile(
    rf"{_OPENS}[《“]?(?:[^，。；:：]{{0,16}}?报告[》”]?)?(?:中|的|有关|部分|相关|主要|涉及|专业|专有|重要|内容|及|和|、|名词|《|》)*"
    rf"(?:(?:工作[和及与])?{_TERMS}(?:[和及与、]?{_TERMS})*的?{_TELLS}(?:{_TOO}{_TELLS})?|词?解释[和及与]说明|注释|注解|释义"
    r"|附注|名词术语)(?:[（(][^（）()]{2,30}[)）])?[】》）)\]:：>]*"
)
_ANNEX = re.compile(
    r"[【《（(\[]?附(?:[件录表][0-9一二三四五六七八九十]{0,3}|[:：])(?:$|[】）)\]:：、.《]|[^，。；]{2,36}$)"
)
_OF_WORDS = re.compile(r"名词|术语|用语|词语|注释|释义")
_NOTE = re.compile(r"(?:注|备注|名词解释|注释)[:：]|\[\^[0-9]{1,3}\]:")
_YEARS = re.compile(
    rf"(?<![0-9])(?P<first>{YEAR})年?度?[-—–~～至到](?P<last>{YEAR})(?![0-9])"
    rf"|(?<![0-9])(?P<year>{YEAR})(?=年|工作|重点|主要|政府)"
)


@dataclass(frozen=True, slots=True)
class Placed:
    """A block with its place in the report: `years` is as `DraftParagraph.context_years`."""

    block: Block
    part: str
    years: Span


@dataclass(slots=True)
class _Open:
    """The headings above the next block, outermost first, each with the years that it names; the glossary or annex."""

    headings: list[tuple[int, Span]] = field(default_factory=list)
    section: str | None = None

    def years(self) -> Span:
        """What the nearest heading names that names any year."""
        return next((years for _, years in reversed(self.headings) if years != (0, 0)), (0, 0))


def place_blocks(blocks: Iterable[Block]) -> Iterator[Placed]:
    """The blocks of a report in their order, each with its part and the years above it."""
    above = _Open()
    for block in blocks:
        level = block.level if block.kind == "heading" else 0
        while level and above.headings and above.headings[-1][0] >= level:
            above.headings.pop()
        yield Placed(block, _part_of(block, above), above.years())
        if level:
            above.headings.append((level, years_named(block.text)))


def _part_of(block: Block, above: _Open) -> str:
    if block.kind == "comment":
        return COMMENTS
    if block.kind == "footnote":
        return GLOSSARY
    text = compact(block.text)
    opened = section_of_head(text)
    if opened is not None and block.kind not in _HEAD_KINDS - {"heading"}:
        above.section = opened
        return HEADS if block.kind == "heading" else opened
    if block.kind in _HEAD_KINDS:
        return HEADS if block.kind != "heading" or above.section is None else above.section
    if above.section is not None:
        return above.section
    return GLOSSARY if _NOTE.match(text) else BODY


def section_of_head(text: str) -> str | None:
    """What the head of a glossary or an annex opens; None of any other line.

    Args:
        text: compact.

    Example:
        >>> section_of_head("附件1：名词解释"), section_of_head("附件2"), section_of_head("一、过去一年工作回顾")
        ('名词解释', '附件', None)
    """
    if not 2 <= len(text) <= _HEAD_CHARS:
        return None
    if _GLOSSARY.fullmatch(text):
        return GLOSSARY
    if not _ANNEX.match(text):
        return None
    return GLOSSARY if _OF_WORDS.search(text) else ANNEX


def years_named(heading: str) -> Span:
    """The first and last year that a heading names; (0, 0) for none.

    Example:
        >>> years_named("二、2021—2025年主要目标"), years_named("二〇二三年重点工作"), years_named("一、发展")
        ((2021, 2025), (2023, 2023), (0, 0))
    """
    found = [
        year
        for match in _YEARS.finditer(compact(heading))
        for written in match.groups()
        if written and (year := to_year(written))
    ]
    return (min(found), max(found)) if found else (0, 0)
