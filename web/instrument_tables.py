"""Answers of the instruments -> tables of their files: Chinese columns, a row each thing that was counted.

A year in which nothing is held is a row like one in which nothing was said, and differs: nothing held, no rate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from search.instruments.answers import SpreadAnswer
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
