"""Answers of the instruments -> tables of their files: Chinese columns, a row each thing that was counted.

A year in which nothing is held is a row like one in which nothing was said, and differs: nothing held, no rate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from search.instruments.answers import (
    CollocatesAnswer,
    CompareAnswer,
    DiffAnswer,
    DiffSide,
    KeywordsAnswer,
    MatchTextAnswer,
    NumberCell,
    ReuseAnswer,
    ReusedSentence,
    Series,
    SpreadAnswer,
    YearOfSeries,
)
from web.table_files import Table, Value, repeat_asked

ASKED_COLUMNS = ("检索式", "检索地址", "引用")
Asked = tuple[str, str, str]
"""What each row says of its search: the query, its address, the line to cite it by."""
ParagraphUrl = Callable[[str, int], str]

YES, NO = "是", "否"


def spread_tables(answer: SpreadAnswer, asked: Asked, paragraph_url: ParagraphUrl) -> list[Table]:
    """First mentions by place, with the places that never said it; the earliest paragraphs; the curve."""
    return [
        Table(
            "各地首次",
            (
                "地方", "层级", "说过", "首次日期", "之前收录报告数", "比全国晚天数", "比本省晚天数", "句子",
                "报告编号", "段落编号", "段落地址", "收录报告数", *ASKED_COLUMNS,
            ),
            with_asked(_places(answer, paragraph_url), asked),
        ),
        Table(
            "最早段落",
            ("序号", "日期", "地方", "层级", "句子", "报告编号", "段落编号", "段落地址", *ASKED_COLUMNS),
            with_asked(
                (
                    (n, one.date, one.place, one.level, one.text, one.report, one.paragraph,
                     address(one.report, one.paragraph, paragraph_url))
                    for n, one in enumerate(answer.first, 1)
                ),
                asked,
            ),
        ),
        Table(
            "逐年",
            ("年份", "层级", "已说过的地方", "已收录的地方", "占比", *ASKED_COLUMNS),
            with_asked(
                (
                    (p.year, p.level, p.said, p.held, round(p.said / p.held, 6) if p.held else None)
                    for p in answer.curve
                ),
                asked,
            ),
        ),
        asked_table(asked),
    ]  # fmt: skip


def compare_tables(answer: CompareAnswer, asked: Sequence[Asked], axis: str) -> list[Table]:
    """A row each query and year; the same with a column each query; what was asked.

    Args:
        asked: of each query.
    """
    return [
        Table(
            "逐年长表",
            (
                "检索词", "地方", "层级", "年份", "年份依据", "命中处数", "命中段数", "命中报告数",
                "收录报告数", "收录字数", "每万字处数", "报告占比", *ASKED_COLUMNS,
            ),
            (
                (
                    one.query, one.place, one.level, row.year, axis, row.occurrences, row.paragraphs, row.reports,
                    row.held.reports, row.held.characters, row.per_10k_chars, share_of(row), *said,
                )
                for one, said in zip(answer.series, asked, strict=True)
                for row in one.years
            ),
        ),
        wide_table(answer, asked),
        Table("检索", ASKED_COLUMNS, asked),
    ]  # fmt: skip


def wide_table(answer: CompareAnswer, asked: Sequence[Asked]) -> Table:
    """A row each year; for each series its occurrences, rate and reports, of a part also the reports held."""
    measures = ("处数", "每万字处数", "报告数")
    columns = [
        " ".join(part for part in (one.query, one.place, one.level, name) if part)
        for one in answer.series
        for name in (measures if is_whole(one) else (*measures, "收录报告数"))
    ]
    parts = parts_of(answer)
    return Table(
        "逐年宽表",
        ("年份", "收录报告数", "收录字数", *columns, "引用"),
        (
            (
                rows[0].year,
                sum(row.held.reports for row in rows[:parts]),
                sum(row.held.characters for row in rows[:parts]),
                *(
                    value
                    for row, one in zip(rows, answer.series, strict=True)
                    for value in (*_of_year(row), *(() if is_whole(one) else (row.held.reports,)))
                ),
                "；".join(cited for _, _, cited in asked),
            )
            for rows in zip(*(one.years for one in answer.series), strict=True)
        ),
    )


def is_whole(series: Series) -> bool:
    """Whether a series is of all that its query finds, and not of one place or level."""
    return series.place is None and series.level is None


def parts_of(answer: CompareAnswer) -> int:
    """How many series each query has: its first ones together hold what all of its parts do."""
    return sum(one.query == answer.series[0].query for one in answer.series)


def _of_year(row: YearOfSeries) -> tuple[Value, ...]:
    """Nothing where nothing is held."""
    return (row.occurrences, row.per_10k_chars, row.reports) if row.held.reports else (None, None, None)


def share_of(row: YearOfSeries) -> float | None:
    """Of the reports held of a year, the share that says it."""
    return round(row.reports / row.held.reports, 6) if row.held.reports else None


def collocate_tables(answer: CollocatesAnswer, asked: Asked) -> list[Table]:
    """A row each string."""
    columns = ("序号", "词语", "处数", "logDice", "对数似然", "报告数", "地方数", *ASKED_COLUMNS)
    rows = (
        (n, one.term, one.occurrences, one.log_dice, one.log_likelihood, one.reports, one.places)
        for n, one in enumerate(answer.collocates, 1)
    )
    return [Table("搭配", columns, with_asked(rows, asked)), asked_table(asked)]


def keyword_tables(answer: KeywordsAnswer, asked: Asked) -> list[Table]:
    """A row each string: keywords, then what only the first side says, then what only the second says."""
    columns = (
        "清单", "序号", "词语", "本组处数", "对照组处数", "对数似然", "对数比", "报告数", "地方数", *ASKED_COLUMNS,
    )  # fmt: skip
    rows = (
        (
            name, n, one.term, one.of, one.against, one.log_likelihood, one.log_ratio, one.reports, one.places,
        )
        for name, found in (("主题词", answer.keywords), ("本组独有", answer.new), ("对照组独有", answer.gone))
        for n, one in enumerate(found, 1)
    )  # fmt: skip
    sides = [
        (name, side.filters, side.paragraphs, side.reports, side.characters)
        for name, side in (("本组", answer.counted.of), ("对照组", answer.counted.against))
    ]
    return [
        Table("主题词", columns, with_asked(rows, asked)),
        Table("两组", ("分组", "筛选", "段数", "报告数", "字数"), sides),
        asked_table(asked),
    ]


def match_tables(answer: MatchTextAnswer, asked: Asked, paragraph_url: ParagraphUrl) -> list[Table]:
    """A row each paragraph that shares text."""
    columns = (
        "序号", "占比", "地方", "日期", "全文", "相同文字", "报告编号", "段落编号", "段落地址",
        "所查文字", "检索地址", "引用",
    )  # fmt: skip
    rows = (
        (
            n, round(one.share, 6), one.place, one.date, one.text,
            "；".join(one.text[start:end] for start, end in one.spans), one.report, one.paragraph,
            address(one.report, one.paragraph, paragraph_url),
        )
        for n, one in enumerate(answer.paragraphs, 1)
    )  # fmt: skip
    return [Table("相同文字", columns, with_asked(rows, asked)), asked_table(asked)]


def reuse_tables(answer: ReuseAnswer, asked: Asked, paragraph_url: ParagraphUrl) -> list[Table]:
    """A row each sentence; the shares."""
    columns = (
        "序号", "句子", "段落编号", "情形", "套话", "其他报告数", "最早关系", "最早地方", "最早日期", "最早句子",
        "最早段落编号", "最早段落地址", *ASKED_COLUMNS,
    )  # fmt: skip
    rows = (
        (
            n,
            one.text,
            one.paragraph,
            USE[one.kind],
            YES if one.formula else NO,
            one.reports,
            *_first(one, paragraph_url),
        )
        for n, one in enumerate(answer.sentences, 1)
    )
    shares = [(RELATIONS[name], round(getattr(answer.shares, name), 6)) for name in RELATIONS]
    return [
        Table("相同文句", columns, with_asked(rows, asked)),
        Table("占比", ("最早见于", "占比"), shares),
        asked_table(asked),
    ]


USE = {"same": "一字不差", "edited": "有改动", "own": "本报告首说"}
RELATIONS = {
    "own_earlier": "本地此前的报告", "nation": "全国的报告", "province": "本省的报告", "other": "其他地方的报告",
    "own": "本报告首说",
}  # fmt: skip
ROW_KINDS = {"same": "相同", "edited": "改动", "moved": "移动", "new": "新增", "dropped": "删去"}


def _first(one: ReusedSentence, paragraph_url: ParagraphUrl) -> tuple[Value, ...]:
    first = one.first
    if first is None:
        return (RELATIONS["own"], *(None,) * 5)
    where = address(first.report, first.paragraph, paragraph_url)
    return RELATIONS[first.relation], first.place, first.date, first.text, first.paragraph, where


def diff_tables(answer: DiffAnswer, asked: Asked) -> list[Table]:
    """A row each pair of sentences, or each that stands in one report alone."""
    columns = (
        "序号", "情形", "移动", "本报告句子", "本报告段落编号", "对照报告句子", "对照报告段落编号", *ASKED_COLUMNS,
    )  # fmt: skip
    rows = (
        (n, ROW_KINDS[row.kind], YES if row.moved else NO, *_sentence_of(row.a), *_sentence_of(row.b))
        for n, row in enumerate(answer.rows, 1)
    )
    return [Table("逐年对照", columns, with_asked(rows, asked)), asked_table(asked)]


def _sentence_of(side: DiffSide | None) -> tuple[Value, Value]:
    return (None, None) if side is None else (side.text, side.paragraph)


def number_tables(cells: Iterable[NumberCell], asked: Asked, paragraph_url: ParagraphUrl) -> list[Table]:
    """A row each number."""
    columns = (
        "地方", "城市", "年份", "工作年度", "数值", "单位", "下限", "上限", "界限", "增减", "情形", "依据", "口径",
        "存疑", "分句", "报告编号", "段落编号", "段落地址", *ASKED_COLUMNS,
    )  # fmt: skip
    rows = (
        (
            one.place, one.city, one.year, one.plan_year, one.value, one.unit, one.low, one.high, BOUNDS[one.bound],
            one.change and CHANGES[one.change], PROMISES[one.kind], one.evidence, BASES[one.basis],
            YES if one.doubtful else NO, one.text, one.report, one.paragraph,
            address(one.report, one.paragraph, paragraph_url),
        )
        for one in cells
    )  # fmt: skip
    return [Table("数字", columns, with_asked(rows, asked)), asked_table(asked)]


BOUNDS = {
    "exactly": "等于", "about": "约", "between": "介于", "at_least": "不低于", "at_most": "不高于", "over": "超过",
    "under": "低于",
}  # fmt: skip
CHANGES = {"up": "增", "down": "减"}
BASES = {"plain": "", "average": "年均", "share": "占比", "several_years": "跨年", "part_year": "非全年"}
PROMISES = {"target": "目标", "done": "完成", "unknown": "未说明"}


def asked_table(asked: Asked) -> Table:
    """What was asked, as a sheet of its own."""
    return Table("检索", ("项目", "内容"), list(zip(ASKED_COLUMNS, asked, strict=True)))


def _places(answer: SpreadAnswer, paragraph_url: ParagraphUrl) -> Iterator[Sequence[Value]]:
    for one in answer.places:
        yield (
            one.place, one.level, YES, one.date, one.held_before, one.lag_days.nation, one.lag_days.province, one.text,
            one.report, one.paragraph, address(one.report, one.paragraph, paragraph_url), None,
        )  # fmt: skip
    for silent in answer.never:
        yield (silent.place, silent.level, NO, *(None,) * 8, silent.reports)


def with_asked(rows: Iterator[Sequence[Value]], asked: Asked) -> Iterator[Sequence[Value]]:
    """The rows, each with what was asked."""
    for row, said in zip(rows, repeat_asked(asked), strict=False):
        yield (*row, *said)


def address(report: str, paragraph: str, paragraph_url: ParagraphUrl) -> str:
    """A paragraph's permanent address, by its id."""
    number = paragraph.rpartition("-p")[2]
    return paragraph_url(report, int(number)) if number.isdigit() else ""
