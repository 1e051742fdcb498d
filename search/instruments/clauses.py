"""Which numbers belong to what a paragraph says: a term's numbers are those of its own clause.

occurrences of a search -> sentence -> pieces between commas -> the numbers of the piece, of those that go on
speaking of the same (增长 5.5%), and of lists (分别增长 5% 和 6%)

Deliberately narrow: a number that may be another subject's is left out, for a wrong number costs more than a gap.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from search.instruments.basis import Basis, basis_of
from search.instruments.quantities import Quantity, find_quantities, iter_quantities, unify_digits
from search.lazy_pattern import lazy_pattern
from search.model import Span

_SENTENCE_ENDS = "。；;！？!?\n"
_PIECE = lazy_pattern(r"(?<!\d),|,(?!\d)|[，、：:]")
_CONJUNCTION = lazy_pattern(r"[、和与及]|以及")
_GOES_ON = lazy_pattern(
    r" ?(?:按[^,，]{0,6}(?:价格?|口径)(?:计算)?|[比较][^,，。]{1,8}?(?=增|提|下|上|翻|减|降|多|高|低)|同比|环比|"
    r"年均|平均|分别|名义|实际(?!利用|到位|使用|外资|引进)|现价|预计|预期|力争|确保|争取|总量|总额|规模(?!以上|工业|企业)|累计|净|突破|跃上|"
    r"增长|增速|增幅|增加|涨幅|上涨|上升|提高|提升|下降|降低|减少|回落|翻|扩大|缩小|达到?|为(?=[约近超0-9])|完成|实现|"
    r"恢复[到至]|超过?|占[^,，]{0,12}(?:%|比重)|其增|不低于|高于|低于|快于|连续|居全|位居)"
)
_OTHER_NOUN = lazy_pattern(
    r"(?:综合)?(?:能耗|能源消耗|电耗|水耗|用水量|用地|建设用地|二氧化碳|碳排放|的?比重|的?比例|的?比率|的?占比|"
    r"的 ?(?=[0-9])|中(?:用于|的)|之比|(?:增长的?)?贡献|构成|缺口|质量|增长点)"
)
_SHARE_OF = lazy_pattern(
    r"(?:占|相当于|与|高于|快于|低于|同期|单位|万元|亿元|每万元)(?:全[国省市区州县]|本市|我[省市]|地方|当年|同期|上?年)?(?:国内|地区|市)?$"
)
_OF_A_PART = lazy_pattern(
    r"(?:[人亩户地]均|海洋|县域|(?:经开|高新|开发|新|园|示范|城|矿|管)区|产业园)(?:地区|国内|地方|全[市省区州县])?$"
)
_OF_ALL = lazy_pattern(r".*(?:生产总值|GDP|财政|预算收入|产量|总产|产值|增加值)", re.I)
"""人均生产总值 and 高新区生产总值 are other quantities than 生产总值; income is always a person's."""
_VERBS = lazy_pattern(r"(?:累计|预计|预期|力争|确保|争取|全年|完成|实现|达到?|新增|净增?|突破|跃上|了)+")
_OTHER_THING = lazy_pattern(
    r"(?!增|提|上升|下降|减|回落|年均|同比|翻|首次|历史|总[量额值]|规模|全年|年度|年计划|计划|任务|目标|预期)[^\W\d]{3}"
)
"""Behind a verb a noun of its own: 完成公共预算支出762亿元."""
_CHANGES = lazy_pattern(
    r"(?:降低|减少|增加|提高|提升|扩大|压减|新增)(?![了到至为达约近超不幅速比率占])[^\W\d]{3,}?"
    r"(?<![增减率度])(?=[0-9一二两三四五六七八九十百近超约])"
)
"""降低水电气等生产成本2500万元: by how much another thing fell."""
_WORKS_ON = lazy_pattern("提升|提高|增加|扩大|降低|减少")
_STOPS_BEHIND = lazy_pattern(
    r" ?(?:左右|以上|以下|以内)?(?:的?(?:大关|目标|任务|水平|新?台阶)|[^,，。；、]{0,2}(?=[,，。；、]|$))"
)
_MEASURED = ("元", "美元", "%", "个百分点", "倍")
"""Units that count nothing behind them: 完成2.6万座农村改厕, but 完成300亿元投资."""
_COUNTED_BY_IT = lazy_pattern(r"(?:以上|以下|左右)?的(?:[县市区乡镇村]|企业|项目|园区|家庭|行业|产业)")
_NO_ATTRIBUTE = lazy_pattern("[，,、：:（(和与及]|增|降|达|提高|[既无没未从由向在等]|[引进]入")
"""为800个小区引入物业: what stands between says that the number counts something else."""
_AND_SO_ON = lazy_pattern("[^,，。；;、]{0,8}?(?<![高中初平同均对特优])等(?![级于候])")
_OF_THOSE = lazy_pattern("的(?:[县市区乡镇村]|企业|家庭|单位)")
_STARTS = lazy_pattern(r"[由从](?:20\d\d年[^,，。0-9]{0,4}|上年的?|[^,，。]{0,6})$")
_ENDS = lazy_pattern(
    r" ?(?:左右)?(?:提高|增加|上升|下降|增长|降低?|升|减少?|扩大|提升|跃升|调整|优化|压减|压缩|缩短|发展|"
    r"攀升|回落|下调|收窄)?[到至为]"
)
"""由44.8%提高到59%: the first number is where it came from."""
_THRESHOLD = lazy_pattern(r" ?(?:左右|以上|以下|以内)?(?:的|(?!增|比|达|建|完|实)[^\W\d]{2,}$)")
"""总投资10亿元以上重大项目49个: the second number counts what reaches the first."""
_STANDS_ALONE = lazy_pattern(r"[^,，。；]{0,2}$|.{0,3}?(?=增|同比|比|居|位)")
_BREAKS = lazy_pattern(r"[,，](?! ?(?:增|同比|比|达))")


@dataclass(frozen=True, slots=True)
class Clause:
    """A number that belongs to an occurrence, and the words in which it is said.

    Args:
        span: of the clause in the text, the occurrence and the number included.
        basis: what the number is of.
    """

    quantity: Quantity
    span: Span
    basis: Basis = "plain"


def clauses_of(text: str, spans: Sequence[Span], *, review_year: int | None = None) -> list[Clause]:
    """The numbers of what `spans` mark in `text`; each number once.

    Args:
        review_year: as for `basis_of`.

    Example:
        >>> [c.quantity.value for c in clauses_of("地区生产总值增长6%，财政收入增长8%", [(0, 6)])]
        [6]
    """
    plain = unify_digits(text)
    quantities: dict[Span, list[Quantity]] = {}
    found: dict[Span, Clause] = {}
    for span in spans:
        sentence = _sentence(plain, span)
        if sentence not in quantities:
            quantities[sentence] = list(iter_quantities(plain, sentence))
        if not quantities[sentence]:
            continue
        for clause in _of_occurrence(plain, span, sentence, quantities[sentence]):
            basis = basis_of(plain, span, clause.quantity.span, clause.quantity.unit, review_year=review_year)
            found.setdefault(clause.quantity.span, replace(clause, basis=basis))
    return sorted(found.values(), key=lambda clause: clause.quantity.span)


def _sentence(text: str, span: Span) -> Span:
    start = max((text.rfind(sign, 0, span[0]) for sign in _SENTENCE_ENDS), default=-1) + 1
    ends = [at for sign in _SENTENCE_ENDS if (at := text.find(sign, span[1])) >= 0]
    return start, min(ends, default=len(text))


def _of_occurrence(text: str, span: Span, sentence: Span, quantities: list[Quantity]) -> Iterator[Clause]:
    if _is_about_another(text, span) or _counts_what_reaches_it(text, span, quantities):
        return
    quantities = [q for q in quantities if not _is_of_the_list(text, span, sentence, q)]
    listed = _of_list(text, span, sentence, quantities)
    if listed is not None:
        yield from (Clause(quantity, (span[0], quantity.span[1])) for quantity in listed)
        return
    taken = _behind(text, span, sentence, quantities)
    if taken:
        yield from (Clause(quantity, (span[0], quantity.span[1])) for quantity in taken)
        return
    before = _before(text, span, sentence, quantities)
    if before is not None:
        yield Clause(before, (before.span[0], span[1]))


def _behind(text: str, span: Span, sentence: Span, quantities: list[Quantity]) -> list[Quantity]:
    """The numbers of the occurrence's piece and of those behind it that go on speaking of the same."""
    taken: list[Quantity] = []
    is_last_of_two = False
    for number, (start, end) in enumerate(_pieces(text, span[1], sentence[1])):
        if number and not _goes_on(text, (start, end), quantities, has_number=bool(taken)):
            break
        begin = start if number else span[1]
        own = [q for q in quantities if start <= q.span[0] < end and _is_own(text, (begin, end), q)]
        is_last_of_two = is_last_of_two or (len(taken) == 1 and bool(_COUNTS_OFF.match(text, start, end)))
        if is_last_of_two and own:
            own = _last_of_run(text, [q for q in quantities if start <= q.span[0]])
        taken += own
    return taken


_COUNTS_OFF = lazy_pattern(r" ?(?:按[^,，]{0,8})?分别")


def _last_of_run(text: str, quantities: Sequence[Quantity]) -> list[Quantity]:
    """Of 游客100万人次，收入70亿元，分别增长15%和18% the numbers of the last: it is the nearest that is counted off."""
    return _groups(text, quantities)[0][-1:]


def _is_about_another(text: str, span: Span) -> bool:
    """万元GDP能耗, 占GDP的比重: the number is the energy's, the share's."""
    if _OF_A_PART.search(text[max(0, span[0] - 12) : span[0]]) and _OF_ALL.match(text, *span):
        return True
    return bool(_OTHER_NOUN.match(text, span[1]) or _SHARE_OF.search(text[max(0, span[0] - 8) : span[0]]))


def _counts_what_reaches_it(text: str, span: Span, quantities: Sequence[Quantity]) -> bool:
    """财政收入超过30亿元的县达到31个: the numbers are the counties'."""
    near = (q for q in quantities if span[1] <= q.span[0] <= span[1] + 8)
    return any(_COUNTED_BY_IT.match(text, quantity.span[1]) for quantity in near)


def _is_of_the_list(text: str, span: Span, sentence: Span, quantity: Quantity) -> bool:
    """金融、房地产2个服务业, 氢能等产业项目133个: the number is of all that is listed, or of its kind."""
    if quantity.span[0] < span[1]:
        return False
    between = text[span[1] : quantity.span[0]]
    if _AND_SO_ON.match(between):
        return True
    before = re.split("[,，:：]", text[sentence[0] : span[0]])[-1]
    listed = {len(re.split(signs, before)) for signs in ("、", "[、和与及]")} - {1}
    is_counted = quantity.unit not in _MEASURED and quantity.value in listed
    return is_counted and bool(
        re.fullmatch("[^,，、]{0,6}", between) and re.match("[^\\W\\d]", text[quantity.span[1] :])
    )


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    """The pieces of a sentence from `start`, between commas; commas within brackets end none."""
    at = start
    for match in _PIECE.finditer(text, start, end):
        inside = text.count("(", start, match.start()) + text.count("（", start, match.start())
        if inside > text.count(")", start, match.start()) + text.count("）", start, match.start()):
            continue
        yield at, match.start()
        at = match.end()
    yield at, end


def _goes_on(text: str, piece: Span, quantities: Sequence[Quantity], *, has_number: bool) -> bool:
    """Whether a piece behind a comma still speaks of the same: it begins with what is said, not with a new subject."""
    start, end = piece
    leading = next((q for q in quantities if start <= q.span[0] <= start + 1), None)
    if leading is not None:
        return bool(_STANDS_ALONE.match(text, leading.span[1], end))
    if _is_of_another(text, piece, quantities) or _CHANGES.match(text, start, end):
        return False
    return bool(_GOES_ON.match(text, start, end)) or (not has_number and text[start - 1] in ":：")


def _is_of_another(text: str, piece: Span, quantities: Sequence[Quantity]) -> bool:
    """完成公共预算支出762亿元, 完成2.6万座农村改厕任务: the verb of a piece has a thing of its own."""
    verbs = _VERBS.match(text, *piece)
    if verbs is not None and _OTHER_THING.match(text, verbs.end(), piece[1]):
        return True
    verbs = verbs or _WORKS_ON.match(text, *piece)
    if verbs is None:
        return False
    counted = next((q for q in quantities if verbs.end() <= q.span[0] <= verbs.end() + 2), None)
    return (
        counted is not None
        and counted.unit not in _MEASURED
        and not _STOPS_BEHIND.match(text, counted.span[1])
        and not _STANDS_ALONE.match(text, counted.span[1], piece[1])
    )


def _is_own(text: str, piece: Span, quantity: Quantity) -> bool:
    """Whether no 和 or 与 brings in a subject of its own before the number, and it isn't where a movement began."""
    between = text[piece[0] : quantity.span[0]]
    inside = max(between.rfind("("), between.rfind("（")) + 1
    if inside > max(between.rfind(")"), between.rfind("）")) + 1 and not _GOES_ON.match(
        between[inside:] + "为"
    ):
        return len(between) - inside < 2  # （州直增长10%） is of a part
    if _STARTS.search(between) and _ENDS.match(text, quantity.span[1]):
        return False
    if _OF_THOSE.match(between):
        return False
    for earlier in find_quantities(between):
        at, behind = earlier.span
        if _STARTS.search(between[:at]) and _ENDS.match(between, behind):
            between = between[behind:]
            break
        if earlier.unit in _MEASURED and quantity.unit not in _MEASURED and _THRESHOLD.match(between, behind):
            return False
    joined = re.split(r"[和与及]|以及", between)
    if len(joined) == 1:
        return not _OTHER_NOUN.search(between)
    return bool(_GOES_ON.match(joined[-1])) or (find_quantities(joined[0]) != [] and not joined[-1].strip())


def _of_list(text: str, span: Span, sentence: Span, quantities: list[Quantity]) -> list[Quantity] | None:
    """The numbers of an item of a list: A、B和C分别增长1%、2%和3%; None where there is no list."""
    match = re.search(r"分别|[均都](?=增|达|提|实现|完成|超)", text[span[1] : sentence[1]])
    if match is None:
        return None
    at = span[1] + match.start()
    gap = text[span[1] : at]
    if any(span[1] <= q.span[0] < at for q in quantities) or _BREAKS.search(gap):
        return None
    begin = max(text.rfind(sign, sentence[0], span[0]) for sign in "，,：:") + 1
    begin = max(begin, sentence[0])
    items = _CONJUNCTION.split(text[begin:at])
    index = len(_CONJUNCTION.findall(text[begin : span[0]]))
    behind = [q for q in quantities if q.span[0] >= at]
    if match[0] != "分别":
        end = next((start for start, _ in list(_pieces(text, at, sentence[1]))[1:2]), sentence[1])
        return [q for q in behind if q.span[1] <= end]
    groups = _groups(text, behind)
    if len(groups) > 1 and text[at + 2 : at + 3] in ("由", "从"):
        groups = groups[1:]  # 分别由1%、2%提高到3%、4%
    if len(groups[0]) == len(items) > 1 and not all(map(_HALF.fullmatch, items[:-1])):
        return [groups[0][index]]
    is_of_two = len(groups[0]) == 2 and (len(items) == 2 or _TWO_KINDS.search(text, begin, at))
    return groups[0] if is_of_two else []


_TWO_KINDS = lazy_pattern("城乡|城镇(?:常住)?(?:居民)?[和与、]农[村牧]")
_HALF = lazy_pattern(r".*(?:城镇|农村|农牧区)(?:常住)?(?:居民)?")
"""A first half that leaves its noun to the second: 城镇、农村居民人均可支配收入."""


def _groups(text: str, quantities: Sequence[Quantity]) -> list[list[Quantity]]:
    """Runs of numbers with nothing but signs between them, as 分别 counts them off."""
    groups: list[list[Quantity]] = []
    run: list[Quantity] = []
    for quantity in quantities:
        between = text[run[-1].span[1] : quantity.span[0]] if run else ""
        if run and not re.fullmatch(r"(?:左右|以上|以内)?(?:[、和与及,， ]|以及)*", between):
            groups.append(run)
            run = []
        run.append(quantity)
    groups.append(run)
    return groups


def _before(text: str, span: Span, sentence: Span, quantities: Sequence[Quantity]) -> Quantity | None:
    """The number in front, where it counts what is said: 3000套保障房, 12万城镇居民."""
    for quantity in reversed(quantities):
        if quantity.unit == "岁":  # 680万65岁以上老年人
            continue
        if quantity.span[1] <= span[0] and quantity.span[0] >= sentence[0]:
            between = text[quantity.span[1] : span[0]]
            is_near = len(between) <= 8 and not _NO_ATTRIBUTE.search(between)
            return quantity if is_near and quantity.unit not in ("%", "个百分点") else None
    return None
