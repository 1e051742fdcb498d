"""What a number is of, beside the thing itself: an average over years, a share of a whole, a part of a year.

words between the last comma and the number -> share, average; the nearest word of time before it -> part of a year

A cell of a place and year holds them all; only plain numbers can be compared from year to year.
"""

from __future__ import annotations

import re
from typing import Literal

from search.model import Span

Basis = Literal["plain", "average", "share", "part_year"]

_RUN = re.compile(
    r"[\d.]+ ?(?:%|个百分点|[百千万亿]*[美日欧]?元?)(?:左右|以上|以下|以内)?(?:[、和与及]|以及) ?$"
)
"""年均分别增长7%、8%和9%: what stands before the first number is said of all."""
_BORDERS = re.compile("[,，、；;。：:（(]")
_AVERAGE = re.compile(
    r"(?<![全当常每])年均(?!(?:浓度|气温|降[雨水]|[值价温]))|[0-9一二两三四五六七八九十几]年(?:来|间|里)?平均(?!浓度|气温)|"
    r"年(?:平均)?递增|(?:每年|年年)平均|平均每年"
)
_SHARE = re.compile("(?<![抢侵霸攻])占(?!地|领|用|补|道|有)|(?:比重|占比)|相当于")
_IN_SHARES = ("%", "个百分点")
_PART = (
    r"(?:前?[一二三四]|前[两23]|[1-4]|[一二三四][、至到—-][一二三四]|首)个?季度|[上下]半年|前?[0-9一二三四五六七八九十]{1,3}个月(?!内)|"
    r"\d{1,2} ?月?(?:份)?(?:[—–~至到-]{1,2}) ?\d{1,2}月份?"
)
_TIME = re.compile(rf"(?P<part>{_PART})|全年|年均|(?<!\d)\d{{4}}年|[去今明当上]年|年(?:初|末|底)")
_ASIDE = re.compile("[（(][^（()）]*[)）]")
_COMPARED = re.compile("[比较于]$|连续$")
_LEFT = re.compile("[从由自]$")


def basis_of(text: str, term: Span, number: Span, unit: str) -> Basis:
    """What the number at `number` is of, where it belongs to the occurrence at `term`; both in one sentence.

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
    if _AVERAGE.search(head[segment_start:]):
        return "average"
    return "part_year" if _is_part_of_year(before) else "plain"


def _is_part_of_year(before: str) -> bool:
    """Whether the nearest word of time names a part of a year; not where that is what the number is compared with."""
    before = _ASIDE.sub("", before)
    times = list(_TIME.finditer(before))
    if not times or times[-1]["part"] is None:
        return False
    said, behind = before[: times[-1].start()], before[times[-1].end() :]
    if _COMPARED.search(said):
        return False
    return not (_LEFT.search(said) and re.search("[到至为]", behind))
