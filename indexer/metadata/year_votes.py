"""Which years headings and sentences speak for: reviewed, laid out, of delivery."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field

from indexer.metadata.dates import YEAR, find_years, to_year
from indexer.metadata.lines import HeadLine, compact, shorten
from indexer.model import Block
from search.messages import Message
from search.messages import metadata as says

_REVIEW_HEADING = re.compile(
    rf"(?P<year>{YEAR})年?(?:度)?[^。;,，0-9]{{0,24}}?(?:回顾|总结|完成情况|执行情况|主要成绩|主要工作和成绩)|(?:回顾|总结)(?P<year2>{YEAR})年"
)
_PLAN_HEADING = re.compile(
    rf"(?P<from>完成了|(?:较好|顺利|超额|圆满)完成|[到至—~\-]?)(?P<year>{YEAR})年?(?:度)?(?:(?!远景|规划)[^。;,，0-9]){{0,24}}?"
    r"(?:安排|任务|目标|部署|打算|建议|要求|工作重点|重点工作|意见|展望|计划|措施|思路|取向)(?!.{0,4}(?:情况|完成|执行))"
)
_PAST = re.compile(rf"(?:刚刚过去的|刚过去的|过去的|回顾|过去一年|即将过去的)(?P<year>{YEAR})年(?!以?来)")
_FORECAST = re.compile(rf"(?:预计|初步统计|初步核算|初步测算)[,，]?(?P<year>{YEAR})年(?!至|到|[—-])")
_FIRST_HEADING = re.compile(rf"^(?:第?一[、章.]|[(]一[)])(?P<year>{YEAR})年")
_LAST_HEADING = re.compile(
    rf"^第?[二三四][、章.部分]+(?P<year>{YEAR})年的?(?:政府)?(?:的)?(?:主要|重点)?工作$"
)
_INNER_HEADING = re.compile(r"(?:^|[。！？!?\s*#])([一二三四五六]、[^。！？!?*]{4,40})")
_PLAN = re.compile(
    rf"(?:做好|搞好|抓好|完成好)(?P<year>{YEAR})年的?(?:各项|政府|经济|工作|发展|全市|全省|我市|我省|[,，。])"
    rf"|(?P<year2>{YEAR})年[,，]?(?:是|我市|我省|全市|全省|我区|全区|我州|全州|政府|经济社会|国民经济)?[^。;,，0-9]{{0,12}}(?:预期目标|主要目标|工作的?总体要求|总体要求|指导思想|总的要求|工作思路)"
)
_NEXT_YEAR = re.compile(
    r"(?:做好|搞好|抓好|完成好|谋划好?)明年|明年[^。;,，]{0,16}?(?:安排|任务|目标|部署|打算|要求|工作重点|重点工作|思路)"
    r"|(?:^|[、.])明年的?(?:政府|主要|重点)?工作$"
)
_LOOK_BACK = re.compile(r"(?:刚刚)?过去的?(?:一|五)年|去年|[一五]年来|上一年")
_HEADING_CHARS = 60


@dataclass(slots=True)
class YearVotes:
    """Years of delivery that headings and sentences speak for, each with its first words."""

    weights: dict[int, float] = field(default_factory=dict)
    words: dict[int, list[Message]] = field(default_factory=dict)
    reviewed: dict[int, Message] = field(default_factory=dict)
    planned: dict[int, list[tuple[float, Message]]] = field(default_factory=dict)
    """Years whose work is laid out, with weight and words."""
    next_year: Message | None = None
    """The first words that lay out the work of next year (明年)."""
    has_forecast: bool = False
    """Whether a year was counted for figures that are expected (预计) of it."""

    def review(self, year: int, weight: float, words: Message) -> None:
        """Count for a year that is looked back on: the next one is that of delivery."""
        self.add(year + 1, weight, words)
        self.reviewed.setdefault(year, words)

    def plan(self, year: int, weight: float, words: Message) -> None:
        """Count for a year whose work is laid out: one of delivery too."""
        self.add(year, weight, words)
        self.planned.setdefault(year, []).append((weight, words))

    def best_plan(self, among: Container[int]) -> tuple[int, Message] | None:
        """The year among these whose work is laid out most, and the weightiest words; the later of equals."""
        found = [
            (sum(weight for weight, _ in said), year, max(said, key=lambda each: each[0])[1])
            for year, said in self.planned.items()
            if year in among
        ]
        return max(found, key=lambda each: each[:2])[1:] if found else None

    def add(self, year: int, weight: float, words: Message) -> None:
        """Count for a year of delivery."""
        self.weights[year] = self.weights.get(year, 0) + weight
        self.words.setdefault(year, []).append(words)

    def winner(self, *, least: float = 2) -> int | None:
        """The year that clearly leads, or None."""
        ranked = sorted(self.weights.items(), key=lambda each: -each[1])
        if not ranked or ranked[0][1] < least or (len(ranked) > 1 and ranked[0][1] < 2 * ranked[1][1]):
            return None
        return ranked[0][0]


def count_years(blocks: Sequence[Block], head: Sequence[HeadLine]) -> YearVotes:
    """Read headings such as 2023年工作回顾 and 2024年工作安排, and sentences such as 刚刚过去的2023年."""
    votes = YearVotes()
    for line in head:
        if line.zone == "顶" and len(line.text) < 60 and "报告" in line.text:
            _read_title(line, votes)
    for block in blocks:
        if "年" in block.text and not _read_as_heading(block, votes):
            for heading in _INNER_HEADING.findall(block.text):
                _read_heading(compact(heading), block, votes)
            _read_sentences(block, votes)
    return votes


def find_look_back(blocks: Sequence[Block]) -> Message | None:
    """The words that look back on the year before the session: 过去一年, 去年, 过去五年."""
    for block in blocks:
        text = compact(block.text[:300])
        if match := _LOOK_BACK.search(text):
            return _words_of(match, block)
    return None


def _read_title(line: HeadLine, votes: YearVotes) -> None:
    """Count the year that a title begins with, or that stands right before its name."""
    for found in find_years(line.text):
        start, end = found.span
        if start <= 3 or line.text.startswith(("政府工作报告", "国务院政府工作报告"), end):
            votes.add(found.year, 1.5, says.FROM_TITLE(text=shorten(line.raw)))


def _read_as_heading(block: Block, votes: YearVotes) -> bool:
    """Read a block as a heading, if it is short and no sentence."""
    if len(block.text) > _HEADING_CHARS + 40:
        return False
    text = compact(block.text)
    if len(text) > _HEADING_CHARS or text.endswith("。"):
        return False
    _read_heading(text, block, votes)
    return True


def _read_heading(text: str, block: Block, votes: YearVotes) -> None:
    words = says.FROM_LINE(line=block.lines[0], text=shorten(block.text))
    for match in _REVIEW_HEADING.finditer(text):
        if year := to_year(match["year"] or match["year2"]):
            votes.review(year, 3, words)
    first = _FIRST_HEADING.match(text)
    year = to_year(first["year"]) if first and not votes.reviewed else None
    if year and not _PLAN_HEADING.search(text):
        votes.review(year, 2, words)
    if (last := _LAST_HEADING.match(text)) and (year := to_year(last["year"])):
        votes.plan(year, 2, words)
    for match in _PLAN_HEADING.finditer(text):
        if not match["from"] and "回顾" not in match[0] and (year := to_year(match["year"])):
            votes.plan(year, 2, words)
    if _NEXT_YEAR.search(text) and votes.next_year is None:
        votes.next_year = words


def _read_sentences(block: Block, votes: YearVotes) -> None:
    """Count what a paragraph says: 预计2023年 (the first of a report), 过去的2023年, 做好2024年的各项工作."""
    text = compact(block.text[:1500])
    for match in _FORECAST.finditer(text):
        year = to_year(match["year"])
        if year and not votes.has_forecast:
            votes.has_forecast = True
            votes.review(year, 1, _words_of(match, block))
    for match in _PAST.finditer(text):
        if year := to_year(match["year"]):
            votes.review(year, 1, _words_of(match, block))
    for match in _PLAN.finditer(text):
        if year := to_year(match["year"] or match["year2"]):
            votes.plan(year, 1, _words_of(match, block))
    if votes.next_year is None and (coming := _NEXT_YEAR.search(text)):
        votes.next_year = _words_of(coming, block)


def _words_of(match: re.Match[str], block: Block) -> Message:
    return says.FROM_LINE(line=block.lines[0], text=_quote(block.text, match))


def _quote(raw: str, match: re.Match[str]) -> str:
    """The words around a match in compact text, as they stand in the source where they are found there."""
    at = raw.find(match[0])
    if at < 0:
        return shorten(match.string[max(0, match.start() - 6) : match.end() + 10], limit_chars=40)
    return shorten(raw[max(0, at - 6) : at + len(match[0]) + 10], limit_chars=40)
