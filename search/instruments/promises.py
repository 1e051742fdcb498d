"""Whether a number was promised or done, with the words that say so.

a list of goals that the sentence opens -> the clause's own verb -> its sentence -> the heading above, its year compared
with the one looked back on -> goals that the paragraph names -> earlier headings; the first that says it decides
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from search.model import Span

Kind = Literal["target", "done", "unknown"]


class Evidence(NamedTuple):
    """What a number is, and the words in the source that say so; "" if nothing does."""

    kind: Kind
    words: str


UNKNOWN = Evidence("unknown", "")

_GOALS = re.compile(r"目标(?:是|为|[:：])|预期目标")
_SURELY_DONE = re.compile(r"(?:增长|提高|下降|达到|完成|增加|超过|实现)了|已经?|去年|预计")
_TARGET = re.compile(
    r"(?:预期)?目标(?:是|为|[:：])|主要预期|预期目标|力争|确保|争取(?!上级|中央|国家|省|资金|到|各类)|努力(?=实现|达|完成|使|把)|"
    r"计划(?=[建完新投实到])|拟(?=[建新])|将(?=达|新|建|完|实|增|力|确|超|突)|预期|要(?=达|完|实|新|建|增|确|力|把)|"
    r"今后[三四五两几]年|未来[三四五两几]年"
)
_DONE = re.compile(
    r"预计(?!到20)|比上年|比去年|同比|较上年|较去年|"
    r"(?:增长|提高|下降|达到|完成|增加|上升|降低|减少|突破|超过|建成|新增|实现|减)了|去年|过去[一三四五两几]年|[一五四三]年来|"
    r"已(?:经|有|建|完|达)|超额完成|上年|成为|跃居|"
    r"[由从][^,，。]{1,12}(?:提高|增加|上升|下降|增长|降低?|减少?)[到至为]"
)
_BY_YEAR = re.compile(r"(?<![长加高降升少展])到(20\d\d)年(?:底|末)?")
_PARAGRAPH_GOALS = re.compile(r"目标(?:是|为|[:：])|预期目标|力争|确保")
_HEAD_TARGET = re.compile(
    r"目标|任务|安排|部署|重点工作|打算|总体要求|思路|建议|规划|展望|今后|未来|总体|努力实现|力争|确保|开好局|良好开局|工作要点|民生实事|实事项目|"
    r"(?:抓好|做好|着力)[^,，]{0,12}工作$"
)
_HEAD_DONE = re.compile(
    r"回顾|总结|过去|成就|成绩|完成情况|工作情况|执行情况|[一五]年来|取得|历程|业绩|上年|去年|[届一]政府[^,，]{0,4}工作|届[^,，]{0,3}人民政府|主要做了|经验|体会|(?:保持|取得|实现|迈出|推动|开创|办成|打赢)了"
)
_HEAD_YEAR = re.compile(r"(?<!到)(20\d\d|19\d\d) ?年(?!以来)")
_CLOSES = "。！？!?\n"


def judge(
    text: str,
    clause: Span,
    headings: Sequence[str],
    review_year: int | None = None,
    earlier: Iterable[str] = (),
) -> Evidence:
    """Whether what the clause says was promised or done.

    Args:
        clause: from the term to the number, or from the number to the term.
        headings: above the paragraph, outermost first.
        review_year: the year that the report looks back on.
        earlier: headings of the report before these, the nearest first; read only where nothing nearer tells.

    Example:
        >>> judge("今年预期目标：地区生产总值增长6%", (7, 17), ()).kind
        'target'
    """
    begin = max(text.rfind(sign, 0, clause[0]) for sign in _CLOSES) + 1
    goal = _goal_before(text, begin, clause)
    if goal is not None:
        return goal
    start = max(text.rfind(sign, 0, clause[0]) for sign in f"，,、；;{_CLOSES}") + 1
    for piece in (text[start : clause[1] + 4], text[begin : clause[0]]):
        said = _nearest(piece, review_year)
        if said is not None:
            return said
    above = _of_headings(headings, review_year)
    if above is not None:
        return above
    goals = list(_PARAGRAPH_GOALS.finditer(text, 0, begin))
    if goals:
        return Evidence("target", goals[-1][0])
    for heading in earlier:
        said = _of_heading(heading, review_year)
        if said is not None:
            return said
    return Evidence("done", "累计") if "累计" in text[start : clause[1]] else UNKNOWN


def _goal_before(text: str, begin: int, clause: Span) -> Evidence | None:
    """The words that open a list of goals in the same sentence (预期目标是：…), unless the clause says it is done."""
    opened = list(_GOALS.finditer(text, begin, clause[0]))
    if not opened or _SURELY_DONE.search(text, opened[-1].end(), clause[1]):
        return None
    return Evidence("target", opened[-1][0])


def _nearest(text: str, review_year: int | None) -> Evidence | None:
    """The last word in `text` that tells."""
    found: list[tuple[int, Kind, str]] = [
        (match.end(), "target", match[0]) for match in _TARGET.finditer(text)
    ]
    found += [(match.end(), "done", match[0]) for match in _DONE.finditer(text)]
    if review_year is not None:
        found += [
            (match.end(), "target", match[0])
            for match in _BY_YEAR.finditer(text)
            if int(match[1]) > review_year
        ]
    if not found:
        return None
    _, kind, words = max(found)
    return Evidence(kind, words)


def _of_headings(headings: Sequence[str], review_year: int | None) -> Evidence | None:
    said = (_of_heading(heading, review_year) for heading in reversed(headings))
    return next((one for one in said if one is not None), None)


def _of_heading(heading: str, review_year: int | None) -> Evidence | None:
    target, done = _HEAD_TARGET.search(heading), _HEAD_DONE.search(heading)
    if bool(target) != bool(done):
        return Evidence("done" if done else "target", heading)
    if target and done:
        return Evidence("done" if done.start() > target.start() else "target", heading)
    years = [int(match[1]) for match in _HEAD_YEAR.finditer(heading)]
    if years and review_year is not None:
        return Evidence("target" if max(years) > review_year else "done", heading)
    return None
