"""Numbers with their sign or unit: one thing, never a number and a word (5%, 3公里, 1000亿元)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from search.language.text.analyzer import Token, Unit

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_DIGITS = frozenset("0123456789")
_LISTED = """
% ‰ ℃ ° 元 万元 亿元 万亿元 美元 万美元 亿美元 万 亿 万亿 千 百 十 个 个百分点 百分点 倍 人
万人 亿人 人次 万人次 亿人次 名 万名 户 万户 家 万家 所 座 条 项 件 万件 台 万台 套 万套 辆
万辆 张 份 起 次 处 间 株 万株 头 万头 只 万只 篇 部 期 批 届 岁 年 月 日 号 天 小时 分钟
秒 周年 季度 米 公里 千米 厘米 毫米 海里 里 平方米 万平方米 亿平方米 平方公里 平方千米 立方米
万立方米 亿立方米 公顷 万公顷 亩 万亩 亿亩 吨 万吨 亿吨 公斤 千克 克 斤 万斤 亿斤 千瓦 万千瓦
亿千瓦 千瓦时 万千瓦时 亿千瓦时 兆瓦 度 亿度 标准箱 万标准箱 床 万床 张床位
"""
UNITS = frozenset(_LISTED.split())
"""Units in normal form; a letter's unit (km2) is an atom of its own."""
_LONGEST = max(map(len, UNITS))


def unit_end(text: str, at: int, borders: frozenset[int]) -> int:
    """Where the unit ends that begins at `at` of a normal form; `at` itself if none does.

    Args:
        borders: where a unit may end: words' beginnings and the end of the text.
    """
    for end in range(min(at + _LONGEST, len(text)), at, -1):
        if end in borders and text[at:end] in UNITS:
            return end
    return at


def is_number(term: str) -> bool:
    """Whether a term is a number."""
    return term[:1] in _DIGITS and _NUMBER.fullmatch(term) is not None


def join_units(units: Sequence[Unit], tokens: Sequence[Token]) -> tuple[Unit, ...]:
    """A chunk's units with every number and its sign or unit as one.

    Args:
        units, tokens: of one chunk, as the analyzer gives them.
    """
    if not any(is_number(token.term) for token in tokens):
        return tuple(units)
    text = "".join(token.term for token in tokens)
    starts = {token.start - tokens[0].start: token for token in tokens}
    borders = frozenset(starts) | {len(text)}
    joined: list[Unit] = []
    upto = 0
    for unit in units:
        begin = unit[0].start - tokens[0].start
        if begin < upto:
            continue
        end = unit[-1].start + unit[-1].length - tokens[0].start
        upto = unit_end(text, end, borders) if is_number(unit[-1].term) else end
        more = tuple(starts[at] for at in sorted(starts) if end <= at < upto)
        joined.append((*unit, *more))
    return tuple(joined)
