"""Numbers with their units in Chinese prose: value, bounds and unit, in the text's own characters.

text -> shapes of digits unified -> numerals -> scale and unit -> ranges -> bounds around them -> `Quantity`

A number without a unit is read only where it has a scale (12万). Years, dates, ordinals and names (5G) are none.
What it belongs to is decided by `search.instruments.clauses`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from search.instruments.numerals import parse_numeral
from search.instruments.units import UNITS, scale_of
from search.lazy_pattern import lazy_pattern
from search.model import Span

Bound = Literal["exactly", "about", "between", "at_least", "at_most", "over", "under"]
Change = Literal["up", "down"]

_SHAPES = str.maketrans("０１２３４５６７８９．％〜～─━—–−－　○Ｏ", "0123456789.%~~------ 〇〇")
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|(?<!\d)\d{1,3}(?: \d{3})+\.\d+|\d+(?:\.\d+)?"
_HAN = "〇零一二两三四五六七八九十百千万亿"
_NUMERAL = lazy_pattern(
    rf"(?P<of>[百千万]|[{_HAN}]+)分之(?:(?P<share>{_DIGITS})|(?P<han_share>[{_HAN}]+(?:点[{_HAN}]+)?))"
    rf"|翻(?:了)?(?:近)?(?P<doublings>[一二两三四])?番"
    rf"|(?P<digits>{_DIGITS})"
    rf"|(?P<han>[{_HAN}]+(?:点[{_HAN}]+)?)"
)
_SCALE = lazy_pattern(
    r" ?(?P<vague>[多余几来])?(?P<scale>万亿|千亿|百亿|千万|百万|十万|[十百千万亿])?(?P<behind>[多余])?"
)
_UNIT = lazy_pattern(
    r" ?("
    + "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
    + ")(?<!单(?=[位独一项纯体身元向行]))(?<!片(?=[区面]))"
)
_BETWEEN = lazy_pattern(r" ?(?:-{1,2}|~|至|到) ?")
_MOVES = lazy_pattern(r"[从由自][^,，。；]{0,12}$")
_NO_MEASURE = lazy_pattern(r" ?(?:年|月|日|号|时许|届|季度|世纪|次会议|次全会|[A-Za-z]|\+)")
_NAMED = lazy_pattern(r"(?:第|[A-Za-z+./]|[“\"][^”\"]{0,2}|十)$")
_NUMBERED = lazy_pattern(r"\d{1,3}\.(?=\d+[个项条家座所大类件名])")
_HOURS_A_DAY = lazy_pattern(r"24小时(?![以之]?内|[左之]|[,，。；、]|$)")
"""24小时自助图书馆: open all day."""
_MINUS = lazy_pattern(r"[^\d%,，。：:（(、 -]-$")
_JUNK = lazy_pattern(
    r"\d[\d.,]*[$#*?@^&￥?][\d.,$#*?@^&￥?]*%?|\d+\.{2,}\d*%?|\d+\.\d+\.\d+(?=%|亿|万)%?|\d+,\d{1,2}(?=%|亿|万|\.)|(?<![\d.])\.\d+%"
)

_BEFORE: tuple[tuple[Bound, re.Pattern[str]], ...] = (
    ("at_least", lazy_pattern(r"(?:不低于|不少于|不小于|不下于|至少|最低)[为在 ]?$")),
    ("at_most", lazy_pattern(r"(?:不超过|不高于|不大于|不多于|不突破|至多|最多|控制在)[为在 ]?$")),
    ("over", lazy_pattern(r"(?:超过|突破|高于|大于|多于|超出|逾|超)了? ?$")),
    ("under", lazy_pattern(r"(?:低于|少于|小于|不足|不到)了? ?$")),
    ("about", lazy_pattern(r"(?:约|约为|大约|大概|接近|将近|近) ?$")),
)
_BEHIND: tuple[tuple[Bound, re.Pattern[str]], ...] = (
    ("about", lazy_pattern(r" ?(?:左右|上下)")),
    ("at_least", lazy_pattern(r" ?及?以上")),
    ("at_most", lazy_pattern(r" ?(?:及?以下|以内|之内|内(?![资地外部蒙燃销陆河涝]))")),
)
_JOINED = lazy_pattern(r" ?(?:[、和与]|以及) ?")
_FALLS = lazy_pattern(
    r"(?:下降|降低|减少|回落|下滑|缩短|压减|压缩|缩减|负增长|收窄|下调|削减|减幅|降幅|调减)"
    r"(?:了|率|幅度)?(?:为|达|约|近|超过|不低于|至少)? ?$"
)
_GROWS = lazy_pattern(
    r"(?:增长|递增|增加|提高|上升|上涨|提升|增幅|增速|涨幅|净增|扩大|回升|上调|调增)"
    r"(?:了|率|幅度)?(?:为|达|约|近|超过|不低于|至少)? ?$"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it is written, in base units: 1.2万亿元 is 1,200,000,000,000 元, 千分之三 is 0.3 %.

    Args:
        value: None of a range, and where the source can't be right.
        low, high: the ends; None where open. Of "over" and "under" the ends are not included.
        change: whether the text says that it is by how much something grew or fell; `value` is what is written.
        doubtful: the digits are garbled in the source (1$1.$2%).
        span: in the text.
    """

    value: float | None
    unit: str
    low: float | None
    high: float | None
    bound: Bound
    span: Span
    change: Change | None = None
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class _Number:
    number: Decimal
    unit: str
    scale: Decimal
    start: int
    end: int
    is_vague: bool = False
    has_scale: bool = False

    @property
    def is_measure(self) -> bool:
        return bool(self.unit) or self.scale != 1 or self.has_scale

    @property
    def value(self) -> Decimal:
        return self.number * self.scale


def unify_digits(text: str) -> str:
    """The text with one shape for each digit, percent sign and dash; every character stays in its place."""
    return text.translate(_SHAPES)


def find_quantities(text: str) -> list[Quantity]:
    """The numbers with a unit or scale in `text`, in order.

    Example:
        >>> [(q.low, q.high, q.unit, q.bound) for q in find_quantities("增长5.5％左右，总量1.2万亿元")]
        [(5.5, 5.5, '%', 'about'), (1200000000000, 1200000000000, '元', 'exactly')]
    """
    return list(iter_quantities(unify_digits(text), (0, len(text))))


def iter_quantities(plain: str, within: Span) -> Iterator[Quantity]:
    """The numbers that `find_quantities` finds in a part of a text.

    Args:
        plain: the text with one shape for each digit (`unify_digits`).
        within: the part, with ends of sentences at its borders, or of the text: no number reaches over them.
    """
    found: list[Quantity] = []
    junk = [match.span() for match in _JUNK.finditer(plain)]
    numbers = [
        number
        for number in _iter_numbers(plain, within)
        if not any(a < number.end and number.start < b for a, b in junk)
    ]
    at = 0
    while at < len(numbers):
        first, second = numbers[at], numbers[at + 1] if at + 1 < len(numbers) else None
        if second is not None and _is_range(plain, first, second):
            found.append(_with_change(plain, _range(plain, first, second)))
            at += 2
        else:
            if first.is_measure:
                found.append(_with_change(plain, _single(plain, first)))
            at += 1
    for start, end in junk:
        unit = _UNIT.match(plain, end)
        name = "%" if plain[end - 1] == "%" else UNITS[unit[1]].name if unit else ""
        if within[0] <= start and end <= within[1]:
            found.append(Quantity(None, name, None, None, "exactly", (start, end), doubtful=True))
    yield from _with_changes_of_runs(plain, sorted(found, key=lambda quantity: quantity.span))


def _iter_numbers(text: str, within: Span) -> Iterator[_Number]:
    """Numerals with scale and unit; one without either may still be the lower end of a range."""
    at, end = within
    while (match := _NUMERAL.search(text, at)) and match.start() < end:
        number = _read(text, match)
        at = match.end() if number is None else number.end
        if number is not None:
            yield number


def _read(text: str, match: re.Match[str]) -> _Number | None:
    start, end = match.span()
    if match["of"]:
        return _read_share(match)
    if "番" in match[0]:
        times = {"二": 2, "两": 2, "三": 3, "四": 4}.get(match["doublings"] or "", 1)
        return _Number(Decimal(2) ** times, "倍", Decimal(1), start, end)
    if _NAMED.search(text, max(0, start - 4), start) and not (match["han"] and text[start - 1] in '“"'):
        return None
    if match["han"]:
        return _read_han(text, match)
    if _HOURS_A_DAY.match(text, start):
        return None
    if not start and (numbered := _NUMBERED.match(text)):  # an entry of a glossary: 17.13个项目
        start = numbered.end()
        return _with_unit(text, Decimal(text[start:end]), start, end)
    number = Decimal(match["digits"].replace(",", "").replace(" ", ""))
    if _MINUS.search(text, max(0, start - 2), start):
        number, start = -number, start - 1
    return _with_unit(text, number, start, end)


def _read_share(match: re.Match[str]) -> _Number | None:
    whole = {"百": Decimal(100), "千": Decimal(1000), "万": Decimal(10000)}.get(match["of"]) or parse_numeral(
        match["of"]
    )
    part = (
        Decimal(match["share"].replace(",", "").replace(" ", ""))
        if match["share"]
        else parse_numeral(match["han_share"])
    )
    if not whole or part is None:
        return None
    return _Number(part * 100 / whole, "%", Decimal(1), match.start(), match.end())


_STRONG = {
    "成",
    "倍",
    "元",
    "美元",
    "吨",
    "亩",
    "公里",
    "平方公里",
    "平方米",
    "千瓦",
    "%",
    "个百分点",
    "人",
    "户",
    "斤",
}
"""Units that make a number even of a single Chinese numeral; 三个代表 and 五项重点 are names."""


def _read_han(text: str, match: re.Match[str]) -> _Number | None:
    numeral = match["han"]
    number = parse_numeral(numeral)
    if number is None:
        return None
    found = _with_unit(text, number, *match.span())
    if found is None:
        return None
    is_short = len(numeral) == 1 or numeral in ("一百", "一千")
    if is_short and found.unit not in _STRONG:
        return None
    if found.unit == "人" and is_short:
        return None
    return replace(found, has_scale=numeral[-1] in "万亿" and len(numeral) > 1)


def _with_unit(text: str, number: Decimal, start: int, end: int) -> _Number | None:
    unit = _UNIT.match(text, end)
    if unit is not None and unit[1][0] in "十百千万":  # 千瓦, 百分点: no scale and 瓦
        scale, is_vague = Decimal(1), False
    else:
        said = _SCALE.match(text, end)
        assert said is not None
        is_vague = bool(said["vague"] or said["behind"])
        scale = scale_of(said["scale"] or "")
        behind = said.end() if said["scale"] or is_vague else end
        unit = _UNIT.match(text, behind)
        if unit is None and said["scale"] in ("十", "百", "千"):
            scale, behind, unit = Decimal(1), end, _UNIT.match(text, end)
        end = behind
    if unit is None:
        if _NO_MEASURE.match(text, end) and scale == 1:
            return None
        return _Number(number, "", scale, start, end, is_vague)
    if unit[1] == "成" and not re.match(r"[,，。；、的多以左]|$", text[unit.end() :]):
        return None
    base = UNITS[unit[1]]
    return _Number(number, base.name, scale * base.factor, start, unit.end(), is_vague)


def _is_range(text: str, first: _Number, second: _Number) -> bool:
    between = _BETWEEN.fullmatch(text, first.end, second.start)
    if between is None or not second.is_measure:
        return False
    if first.unit and first.unit != second.unit:
        return False
    if between[0].strip() in ("到", "至") and _MOVES.search(text, max(0, first.start - 14), first.start):
        return False
    low = first.value if first.unit or first.scale != 1 else first.number * second.scale
    return low < second.value


def _range(text: str, first: _Number, second: _Number) -> Quantity:
    low = first.value if first.unit else first.number * (first.scale if first.scale != 1 else second.scale)
    end = second.end
    for _, pattern in _BEHIND[:1]:
        if behind := pattern.match(text, end):
            end = behind.end()
    return Quantity(None, second.unit, _plain(low), _plain(second.value), "between", (first.start, end))


def _single(text: str, number: _Number) -> Quantity:
    value, (start, end) = _plain(number.value), (number.start, number.end)
    bound: Bound = "over" if number.is_vague else "exactly"
    before = text[max(0, start - 8) : start]
    for name, pattern in _BEFORE:
        if pattern.search(before):
            bound = name
            break
    for name, pattern in _BEHIND:
        if behind := pattern.match(text, end):
            bound, end = name, behind.end()
            break
    low = value if bound in ("exactly", "about", "at_least", "over") else None
    high = value if bound in ("exactly", "about", "at_most", "under") else None
    return Quantity(value, number.unit, low, high, bound, (start, end))


def _with_change(text: str, quantity: Quantity) -> Quantity:
    if quantity.unit not in ("%", "个百分点", "倍") and quantity.value is None:
        return quantity
    before = text[max(0, quantity.span[0] - 10) : quantity.span[0]]
    if _FALLS.search(before):
        return replace(quantity, change="down")
    return replace(quantity, change="up") if _GROWS.search(before) else quantity


def _with_changes_of_runs(text: str, quantities: list[Quantity]) -> list[Quantity]:
    """分别增长5%和6%: the second number is of growth too."""
    found: list[Quantity] = []
    for quantity in quantities:
        last = found[-1] if found else None
        if (
            last is not None
            and quantity.change is None
            and quantity.unit == last.unit
            and _JOINED.fullmatch(text, last.span[1], quantity.span[0])
        ):
            quantity = replace(quantity, change=last.change)
        found.append(quantity)
    return found


def _plain(value: Decimal) -> float:
    """An int where it is whole, so that JSON has no .0 behind amounts of money."""
    return int(value) if value == value.to_integral_value() else float(value)
