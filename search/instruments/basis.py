"""What a number is of, beside the thing itself: several years, their average, a share of a whole, a part of a year.

words between the last comma and the number -> share, average, several years; the nearest word of time before it -> part
of a year, several years

A cell of a place and year holds them all; only plain numbers can be compared from year to year.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from search.lazy_pattern import lazy_pattern
from search.model import Span

Basis = Literal["plain", "average", "share", "several_years", "part_year"]

_RUN = lazy_pattern(
    r"[\d.]+ ?(?:%|个百分点|[百千万亿]*[美日欧]?元?)(?:左右|以上|以下|以内)?(?:[、和与及]|以及) ?$"
)
"""年均分别增长7%、8%和9%: what stands before the first number is said of all."""
_BORDERS = lazy_pattern("[,，、；;。：:（(]")
_AVERAGE = lazy_pattern(
    r"(?<![全当常每])年均(?!(?:浓度|气温|降[雨水]|[值价温]))|[0-9一二两三四五六七八九十几]年(?:来|间|里)?平均(?!浓度|气温)|"
    r"年(?:平均)?递增|(?:每年|年年)平均|平均每年"
)
_SHARE = lazy_pattern("(?<![抢侵霸攻])占(?!地|领|用|补|道|有)|(?:比重|占比)|相当于")
_IN_SHARES = ("%", "个百分点")
_PART = (
    r"(?:前?[一二三四]|前[两23]|[1-4]|[一二三四][、至到—-][一二三四]|首)个?季度|[上下]半年|前?[0-9一二三四五六七八九十]{1,3}个月(?!内)|"
    r"\d{1,2} ?月?(?:份)?(?:[—–~至到-]{1,2}) ?\d{1,2}月份?"
)
_YEARS = r"(?<![\d第续每〇零一二三四五六七八九十])(?:[二两三四五六七八九十]|[2-9]|1\d)年"
"""五年, not 连续五年, 第五年 or 一九九五年."""
_PLAN = '[“"]?十[一二三四五]五[”"]?'
_PERIOD = (
    rf"{_YEARS}(?:来|间|里|内)|过去{_YEARS}|(?:本|上一?)届政府(?:任期)?|"
    rf"{_PLAN}(?:时期|期间|以来|{_YEARS}|(?=累计|合计|总计))"
)
_TIME = lazy_pattern(
    rf"(?P<part>{_PART})|(?P<several>{_PERIOD})|全年|年均|(?<!\d)\d{{4}}年|[去今明当上]年|年(?:初|末|底)"
)
_IN_ALL = lazy_pattern(
    rf"{_YEARS}(?:来|间|里|内)?(?:累计|合计|总计|总共|共)?(?:增长|增加|新增|增收|提高|下降|降低|完成|投入|实现)"
)
_SUMMED = lazy_pattern("累计|合计|总计")
_SINCE_PLAN = lazy_pattern(rf"(?:[比较]|[是为]){_PLAN}(?:期?末|末期|初期?)(?!年均)|[比较是为]{_YEARS}前")
_SINCE_YEAR = lazy_pattern(r"[比较](?P<year>(?:19|20)\d\d)年(?:末|底|初)?[^,，、；;。]{0,6}$")
_ASIDE = lazy_pattern("[（(][^（()）]*[)）]")
_COMPARED = lazy_pattern("[比较于]$|连续$")
_LEFT = lazy_pattern("[从由自]$")


def basis_of(text: str, term: Span, number: Span, unit: str, *, review_year: int | None = None) -> Basis:
    """What the number at `number` is of, where it belongs to the occurrence at `term`; both in one sentence.

    Args:
        review_year: the year that the report looks back on: 比2015年增长8% is several years' growth only later.

    Example:
        >>> basis_of("生产总值占全省的30%", (0, 4), (8, 11), "%")
        'share'
    """
    start = max(text.rfind(stop, 0, min(term[0], number[0])) for stop in "。；;！？!?\n") + 1
    before = text[start : number[0]]
    head = before
    while (run := _RUN.search(head)) is not None:
        head = head[: run.start()]
    segment_start = max((border.end() for border in _BORDERS.finditer(head)), default=0)
    own = head[max(segment_start, min(term[1] - start, len(head))) :] if number[0] >= term[1] else ""
    if unit in _IN_SHARES and _SHARE.search(own):
        return "share"
    segment = head[segment_start:]
    if _AVERAGE.search(segment):
        return "average"
    times = list(_TIME.finditer(before := _ASIDE.sub("", before)))
    if _is_of_years(segment, times, review_year):
        return "several_years"
    return "part_year" if _is_part_of_year(before, times) else "plain"


def _is_of_years(segment: str, times: Sequence[re.Match[str]], review_year: int | None) -> bool:
    """Whether a number is what several years brought together, not one of them: 五年累计增长, 比“十三五”末增长."""
    if _IN_ALL.search(segment) or _SINCE_PLAN.search(segment):
        return True
    if (since := _SINCE_YEAR.search(segment)) and review_year is not None:
        return int(since["year"]) < review_year - 1
    return bool(_SUMMED.search(segment) and times and times[-1]["several"])


def _is_part_of_year(before: str, times: Sequence[re.Match[str]]) -> bool:
    """Whether the nearest word of time names a part of a year; not where that is what the number is compared with."""
    if not times or times[-1]["part"] is None:
        return False
    said, behind = before[: times[-1].start()], before[times[-1].end() :]
    if _COMPARED.search(said):
        return False
    return not (_LEFT.search(said) and re.search("[到至为]", behind))
