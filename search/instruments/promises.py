"""Whether a number was promised or done, with the words that say so.

a list of goals that the sentence opens -> the clause's own verb -> its sentence -> the heading above, its year compared
with the one looked back on -> goals that the paragraph names -> earlier headings; the first that says it decides

Words that only compare (同比, 比上年) are said of goals too: a heading that speaks of goals alone is stronger.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Literal, NamedTuple

from search.lazy_pattern import lazy_pattern
from search.model import Span

Kind = Literal["target", "done", "unknown"]


class Evidence(NamedTuple):
    """What a number is, and the words in the source that say so; "" if nothing does."""

    kind: Kind
    words: str


UNKNOWN = Evidence("unknown", "")

_EXPECTED = (
    r"(?<![于超合出过成])(?<!实现|达到)(?<![于成了](?:年初|全年|年度))"
    r"预期目标(?![^,，。:：是为]{0,4}(?:完成|实现了))"
)
"""Not 超预期目标, 好于预期目标, 完成预期目标, 预期目标全面完成: they speak of what was done."""
_GOALS = lazy_pattern(rf"目标(?:是|为|[:：])|{_EXPECTED}")
_SURELY_DONE = lazy_pattern(r"(?:增长|提高|下降|达到|完成|增加|超过|实现)了|已经?|去年|预计")
_TARGET = lazy_pattern(
    rf"(?:预期)?目标(?:是|为|[:：])|主要预期|{_EXPECTED}|力争|确保|争取(?!上级|中央|国家|省|资金|到|各类)|努力(?=实现|达|完成|使|把)|"
    r"计划(?=[建完新投实到])(?!完成 ?\d[\d.]*%)|拟(?=[建新])|将(?=达|新|建|完|实|增|力|确|超|突)|"
    r"(?<![于超合出过])预期(?=增|达|实现|完成|全[市省区州县年]|[地城农社财固规]|一般)|"
    r"要(?=达|完|实|新|建|增|确|力|把)|"
    r"今后[三四五两几]年|未来[三四五两几]年"
)
_DONE = lazy_pattern(
    r"预计(?!到20)|"
    r"(?:增长|提高|下降|达到|完成|增加|上升|降低|减少|突破|超过|建成|新增|实现|减)了|(?<![比较])去年|过去[一三四五两几]年|[一五四三]年来|"
    r"已(?:经|有|建|完|达)|超额完成|(?<![比较])上年|"
    r"(?:超过?|[高好快低]于|完成|符合)[^,，。]{0,3}预期|超[^,，。]{0,3}目标|[一二三]季度(?=全[市省区州县])|"
    r"1 ?[-~－—至到] ?1?\d月"
)
_MOVES = r"[由从][^,，。]{1,12}(?:提高|增加|上升|下降|增长|降低?|减少?)[到至为]"
_DONE_OR_MOVES = lazy_pattern(rf"{_DONE.pattern}|{_MOVES}")
_COMPARES = lazy_pattern(rf"[比较](?:上|去)年|同比|成为|跃居|{_MOVES}")
_BY_YEAR = lazy_pattern(r"(?<![长加高降升少展])到(20\d\d)年(?:底|末)?")
_PARAGRAPH_GOALS = lazy_pattern(rf"目标(?:是|为|[:：])|{_EXPECTED}|力争|确保")
_STRIVES = lazy_pattern("力争|确保|争取|努力")
_PAST = lazy_pattern("过去的?[一三四五两]年|(?:刚刚|即将)过去的")
_TO_COME = lazy_pattern("今年|明年|新的一年|目标|任务|今后|未来|要|将")
_TO_THE_DECIMAL = lazy_pattern(r"\d{3,}\.\d+亿元")
"""An amount that nobody promises so exactly."""
_PLANNED = lazy_pattern(r"目标|计划|预期|力争|安排|预算|任务|争取|到20\d\d年")
_REVIEWS = lazy_pattern("回顾|总结|成就|成绩")
_JOINS = lazy_pattern("[和及与]")
_SPAN_OF_YEARS = lazy_pattern(r"[从由](?:19|20)\d\d年[^。；;]{0,30}?[到至](?P<last>(?:19|20)\d\d)年")
_PART_OF_YEAR = lazy_pattern("一季度|前[二三两]季度|前三个季度|上半年")
_BOUNDED = lazy_pattern("以上|左右|以内|不低于|高于|超过|力争|确保|争取|要|将|目标|预期|计划")
_GLOSSARY = lazy_pattern("名词|注释|注解|用语")
_HEAD_TARGET = lazy_pattern(
    r"(?<!为)目标|(?<!首要)(?<!重要)任务|安排|(?<!决策)部署|重点工作|打算|总体要求|思路|建议|规划(?=纲要|目标|草案|的|[(（《])|展望|谋划|今后|未来|总体|努力实现|开好局|(?:^[二三四]、|努力|奋力|夺取|推动|今年|加大).*良好开局|工作要点|民生实事|实事项目|"
    r"(?:抓好|做好|着力)[^,，]{0,12}工作$"
)
_HEAD_URGES_ON = lazy_pattern("确保|力争")
"""Said in either half (全力以赴稳链，确保平稳运行): it tells where no heading above does."""
_HEAD_DONE = lazy_pattern(
    r"回顾|总结|过去|成就|成绩(?!单)|(?:发展|完成|工作|执行)(?:主要)?情况|[一五]年来|取得(?!新|更)|历程|业绩|上年|去年|[届一]政府[^,，]{0,4}工作|届[^,，]{0,3}人民政府|主要做了|经验|体会|(?:保持|取得|实现|迈出|推动|开创|办成|打赢)了"
)
_HEAD_MET = lazy_pattern(
    r"(?:较好|圆满|顺利|超额|胜利|基本)地?(?:完成|实现)[^。]*(?:目标|任务)|(?:完成|实现)了[^。]*(?:目标|任务)"
)
"""圆满完成目标任务: met, unless the heading urges to (努力, 确保)."""
_HEAD_URGES = lazy_pattern("努力|奋力|确保|力争|争取|今后|未来|为")
_HEAD_YEAR = lazy_pattern(r"(?<![到\d])(20\d\d|19\d\d)(?: ?年(?!以来)|(?=[，, 　]|$))")
_OPENING = lazy_pattern(
    r"(?:——)?(?:[一二三四]、)?(?:(?:过去|刚刚过去|即将过去|去年|[一五]年来)|[^,，。；;:：]{0,30}?"
    r"(?:(?:工作|发展|情况)(?:的?简要)?回顾|(?:主要|目标)任务|主要(?:预期)?目标|工作(?:的?总体)?安排|总体要求)|20\d\d年[,，]?是)"
)
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
    own, before = text[start : clause[1] + 4], text[begin : clause[0]]
    section = _Section(headings, review_year, earlier)
    said = (
        _nearest(own, review_year, _DONE_OR_MOVES)
        or section.compared(own)
        or _to_the_decimal(text, begin, clause)
        or _of_sentence(before, review_year, section.above)
        or _looking_back(text[:begin])
        or section.compared(before)
        or _of_time_over(text[begin : clause[1] + 4], review_year)
        or section.above
    )
    if said is not None:
        return said
    goals = list(_PARAGRAPH_GOALS.finditer(text, 0, begin))
    if goals:
        return Evidence("target", goals[-1][0])
    if section.before is not None:
        return section.before
    if "累计" in own:
        return Evidence("done", "累计")
    return _nearest(text[:begin], review_year) or section.compared(text[:begin]) or UNKNOWN


class _Section:
    """What the headings over a paragraph say, and those before them in the report; of a glossary nothing does."""

    def __init__(self, headings: Sequence[str], review_year: int | None, earlier: Iterable[str]) -> None:
        self._review_year = review_year
        is_glossary = any(_GLOSSARY.search(heading) for heading in headings)
        self._earlier = () if is_glossary else earlier
        self.above = None if is_glossary else _of_headings(headings, review_year)

    @cached_property
    def before(self) -> Evidence | None:
        """What the nearest earlier heading says that tells."""
        said = (_of_heading(heading, self._review_year) for heading in self._earlier)
        return next((one for one in said if one is not None), None)

    def compared(self, text: str) -> Evidence | None:
        """A comparison (同比, 比上年) tells of what was done, unless the section speaks of goals alone."""
        compared = list(_COMPARES.finditer(text))
        if not compared:
            return None
        over = self.above or (None if re.match("[由从]", compared[-1][0]) else self.before)
        is_of_goals = over is not None and over.kind == "target" and not _HEAD_DONE.search(over.words)
        return over if is_of_goals else Evidence("done", compared[-1][0])


def opening_of(text: str) -> str:
    """How a paragraph opens, where that says as a heading would whether it looks back or ahead; else "".

    Example:
        >>> opening_of("2009年，是极不寻常的一年。面对危机"), opening_of("加快发展农业。")
        ('2009年，是', '')
    """
    opened = _OPENING.match(text)
    return opened[0] if opened else ""


def _goal_before(text: str, begin: int, clause: Span) -> Evidence | None:
    """The words that open a list of goals in the same sentence (预期目标是：…), unless the clause says it is done."""
    opened = list(_GOALS.finditer(text, begin, clause[0]))
    if not opened or _SURELY_DONE.search(text, opened[-1].end(), clause[1]):
        return None
    return Evidence("target", opened[-1][0])


def _of_sentence(before: str, review_year: int | None, above: Evidence | None) -> Evidence | None:
    """What the sentence says before the clause. 确保 without a number speaks of something else where all looks back."""
    said = _nearest(before, review_year)
    if said is None or said.kind == "done" or above is None or above.kind == "target":
        return said
    piece = before[before.rindex(said.words) :]
    return None if _STRIVES.match(piece) and not re.search(r"\d", piece) else said


def _looking_back(before: str) -> Evidence | None:
    """Sentences before in the paragraph that speak of the year past, and of none to come behind it."""
    past = list(_PAST.finditer(before))
    if not past or _TO_COME.search(before, past[-1].end()):
        return None
    return Evidence("done", past[-1][0])


def _of_time_over(sentence: str, review_year: int | None) -> Evidence | None:
    """A span of years that is over (从2010年…到2015年), or a part of a year without a bound: no plan."""
    years = _SPAN_OF_YEARS.search(sentence)
    if years is not None and review_year is not None and int(years["last"]) <= review_year:
        return Evidence("done", years[0])
    part = _PART_OF_YEAR.search(sentence)
    if part is None or _BOUNDED.search(sentence):
        return None
    return Evidence("done", part[0])


def _to_the_decimal(text: str, begin: int, clause: Span) -> Evidence | None:
    """An amount with decimals (5810.03亿元) in a sentence without plans was counted, not promised."""
    amount = _TO_THE_DECIMAL.search(text, *clause)
    if amount is None or _PLANNED.search(text, begin, clause[1]):
        return None
    return Evidence("done", amount[0])


def _nearest(text: str, review_year: int | None, done: re.Pattern[str] = _DONE) -> Evidence | None:
    """The last word in `text` that tells."""
    found: list[tuple[int, Kind, str]] = [
        (match.end(), "target", match[0]) for match in _TARGET.finditer(text)
    ]
    found += [(match.end(), "done", match[0]) for match in done.finditer(text)]
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
    urges_on = (Evidence("target", one) for one in reversed(headings) if _HEAD_URGES_ON.search(one))
    return next((one for one in said if one is not None), None) or next(urges_on, None)


def _of_heading(heading: str, review_year: int | None) -> Evidence | None:
    if _HEAD_MET.search(heading) and not _HEAD_URGES.search(heading):
        return Evidence("done", heading)
    target, done = _HEAD_TARGET.search(heading), _HEAD_DONE.search(heading)
    if bool(target) != bool(done):
        return Evidence("done" if done else "target", heading)
    if target and done:
        if _REVIEWS.match(done[0]) and _JOINS.search(heading, done.end(), target.start()):
            return None  # 发展成就和主要目标: each in its turn
        return Evidence("done" if done.start() > target.start() else "target", heading)
    years = [int(match[1]) for match in _HEAD_YEAR.finditer(heading)]
    if years and review_year is not None:
        return Evidence("target" if max(years) > review_year else "done", heading)
    return None
