"""Files of a search: hits, concordance lines and distributions as CSV or XLSX, in bounded memory.

query -> iter_hits, or iter_lines for a concordance -> rows -> a file (`web.table_files`)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from flask import Blueprint, Response

from search.errors import QueryError
from search.language.query import describe
from search.messages.words import render
from search.model import Cell, ConcordanceLine, Counts, Distribution, Hit, Query
from web import api_parameters as takes
from web import messages as says
from web import urls
from web.asked_views import PARAGRAPHS, View
from web.current_searcher import current_searcher
from web.i18n import phrase
from web.number_citation import AXES, COUNTED, cite_number
from web.operations import file_operation
from web.params import LANGUAGES, read_context, read_search, read_view
from web.table_files import SHEET_TYPE, Table, Value, repeat_asked, send_csv, send_workbook

exports = Blueprint("exports", __name__)

HIT_COLUMNS = (
    "序号", "段落编号", "报告编号", "报告标题", "类型", "城市", "行政区划代码", "省份", "层级", "年份", "工作年度",
    "日期", "入库时间", "段号", "种类", "部分", "识别可信度", "标题路径", "全文", "层次", "缘由", "处数", "命中文字",
    "报告内命中段数", "来源文件", "段落地址", "检索式", "检索地址", "引用",
)  # fmt: skip
LINE_COLUMNS = (
    "序号", "左文", "命中文字", "右文", "城市", "省份", "层级", "年份", "工作年度", "日期", "类型", "报告标题",
    "行政区划代码", "报告编号", "段落编号", "段号", "部分", "识别可信度", "来源文件", "段落地址", "检索式",
    "检索地址", "引用",
)  # fmt: skip
KIND_NAMES = {
    "title": "题目",
    "session": "会议名",
    "date": "日期",
    "speaker": "报告人",
    "salutation": "称呼",
    "heading": "小标题",
    "paragraph": "正文",
    "list": "列表项",
    "table": "表格",
    "appendix": "附录",
    "source": "来源",
    "footnote": "脚注",
    "textbox": "文本框",
    "comment": "批注",
}
"""Values of the column 种类; files are in Chinese in both languages of the interface."""
CELL_COLUMNS = (
    "城市", "年份", "年份依据", "命中段数", "命中处数", "命中报告数", "收录段数", "收录字数", "收录报告数",
    "每万字处数", "报告占比", "检索式", "检索地址", "引用",
)  # fmt: skip
TIER_COLUMN = {1: "原样写明", 2: "换了说法或分开写"}
WHY_COLUMN = {"apart": "分开写", "heading": "在小标题里", "title": "在标题里", "synonym": "换了说法"}

AXIS_NAMES = {"plan": "工作年度", "delivered": "作报告的年份"}

MAX_SHEET_ROWS = 1_048_576
"""Rows of an XLSX worksheet, including the header."""
_CHARTED = View("distribution")
_EXPORT = (*takes.SEARCH, takes.GROUP, takes.VIEW, takes.ORDER, takes.CONTEXT, takes.SAMPLE, takes.SEED)


@exports.get("/export.csv")
@file_operation(
    phrase("Every hit, a row each paragraph; with view=concordance a row each occurrence"),
    _EXPORT,
    "text/csv",
)
def export_csv() -> Response:
    """One row per hit, or per occurrence in a concordance, in the order of the search."""
    query, view = read_search(), read_view()
    if view.name == "concordance":
        read_context()
        return send_csv(LINE_COLUMNS, lambda: _line_rows(query, view), "xiesou-lines.csv")
    return send_csv(HIT_COLUMNS, lambda: _hit_rows(current_searcher().iter_hits(query), query), "xiesou.csv")


@exports.get("/distribution.csv")
@file_operation(phrase("The distribution by city and year"), takes.SEARCH, "text/csv")
def distribution_csv() -> Response:
    """One row per city and year that has reports."""
    query = read_search()
    return send_csv(
        CELL_COLUMNS, lambda: _cell_rows(current_searcher().distribution(query)), "xiesou-distribution.csv"
    )


@exports.get("/export.xlsx")
@file_operation(
    phrase("Every hit as a workbook; with view=concordance a row each occurrence"), _EXPORT, SHEET_TYPE
)
def export_xlsx() -> Response:
    """One row per hit or occurrence, with the distribution and the search itself on further sheets."""
    query, view = read_search(), read_view()
    is_lines = view.name == "concordance"
    name = "xiesou-lines.xlsx" if is_lines else "xiesou.xlsx"
    if is_lines:
        read_context()
    return send_workbook(lambda: _make_tables(query, view), name)


def _make_tables(query: Query, view: View) -> list[Table]:
    searcher, is_lines = current_searcher(), view.name == "concordance"
    counts = searcher.count(query)
    total = counts.occurrences if is_lines else searcher.search(query).total
    if is_lines and view.sample is not None:
        total = min(total, view.sample.size)
    if total >= MAX_SHEET_ROWS:
        raise QueryError(
            says.SHEET_TOO_LONG(
                found=(says.SHEET_LINES if is_lines else says.SHEET_PARAGRAPHS)(n=total),
                most=MAX_SHEET_ROWS - 1,
            ),
            field="q",
            hint=says.NARROW_OR_CSV(),
        )
    first = (
        Table("语境", LINE_COLUMNS, _line_rows(query, view))
        if is_lines
        else Table("命中段落", HIT_COLUMNS, _hit_rows(searcher.iter_hits(query), query))
    )
    return [
        first,
        Table("分布", CELL_COLUMNS, _cell_rows(searcher.distribution(query))),
        Table("检索", ("项目", "内容"), _facts(query, counts, view if is_lines else PARAGRAPHS)),
    ]


def _facts(query: Query, counts: Counts, view: View) -> list[Sequence[Value]]:
    """The search itself, a row each thing there is to say of it."""
    searcher = current_searcher()
    return [
        ("检索式", query.text),
        ("读作", render(describe(searcher.interpret(query).tree))),
        ("算法", render(COUNTED[query.match]())),
        ("年份", render(AXES[query.axis]())),
        ("检索地址", urls.absolute_search_url(query, view)),
        ("命中段数", counts.paragraphs),
        ("命中处数", counts.occurrences),
        ("命中报告数", counts.reports),
        ("索引代次", str(searcher.version)),
        ("引用", cite_number(query, counts, view, lang=LANGUAGES[0])),
    ]


def _hit_rows(hits: Iterator[Hit], query: Query) -> Iterator[Sequence[Value]]:
    """One row per hit. Addresses are prepared now: rows are read after the request has ended."""
    asked = (query.text, urls.absolute_search_url(query), _cited(query))
    return _iter_hit_rows(hits, asked, urls.make_paragraph_urls())


def _cited(query: Query, view: View = PARAGRAPHS) -> str:
    counts = current_searcher().count(replace(query, page=1, group=""))
    return cite_number(query, counts, view, lang=LANGUAGES[0])


def _iter_hit_rows(
    hits: Iterator[Hit], asked: tuple[str, ...], paragraph_url: Callable[[str, int], str]
) -> Iterator[Sequence[Value]]:
    searches = repeat_asked(asked)
    for number, hit in enumerate(hits, 1):
        report = hit.report
        yield (
            number,
            hit.id,
            report.id,
            report.title,
            report.type,
            report.city,
            report.code,
            report.province,
            report.level,
            report.year,
            report.plan_year,
            report.date,
            report.added,
            hit.n,
            KIND_NAMES.get(hit.kind, hit.kind),
            hit.part,
            hit.ocr,
            " › ".join(hit.heading),
            hit.text,
            TIER_COLUMN[hit.tier],
            "；".join(f"{why.chunk} {WHY_COLUMN[why.found]}" for why in hit.why),
            hit.occurrences,
            "；".join(dict.fromkeys(hit.text[start:end] for start, end in hit.spans)),
            hit.of_report,
            report.source,
            paragraph_url(report.id, hit.n),
            *next(searches),
        )


def _line_rows(query: Query, view: View) -> Iterator[Sequence[Value]]:
    """One row per occurrence, in the order of the concordance."""
    lines = current_searcher().iter_lines(query, sort=view.order, context=read_context(), sample=view.sample)
    address = urls.absolute_search_url(query, view)
    return _iter_line_rows(lines, (query.text, address, _cited(query, view)), urls.make_paragraph_urls())


def _iter_line_rows(
    lines: Iterator[ConcordanceLine], asked: tuple[str, ...], paragraph_url: Callable[[str, int], str]
) -> Iterator[Sequence[Value]]:
    searches = repeat_asked(asked)
    for number, line in enumerate(lines, 1):
        report = line.report
        yield (
            number,
            line.left,
            line.keyword,
            line.right,
            report.city,
            report.province,
            report.level,
            report.year,
            report.plan_year,
            report.date,
            report.type,
            report.title,
            report.code,
            report.id,
            line.id,
            line.n,
            line.part,
            line.ocr,
            report.source,
            paragraph_url(report.id, line.n),
            *next(searches),
        )


def _cell_rows(found: Distribution) -> list[Sequence[Value]]:
    address = urls.absolute_search_url(found.query, _CHARTED)
    searches = repeat_asked((found.query.text, address, _cited(found.query, _CHARTED)))
    by = AXIS_NAMES[found.query.axis]
    return [(*_cell_values(cell, by), *next(searches)) for cell in found.cells]


def _cell_values(cell: Cell, by: str) -> tuple[Value, ...]:
    rates = (cell.per_10k_chars, cell.report_share)
    return (
        cell.city,
        cell.year,
        by,
        cell.paragraphs,
        cell.occurrences,
        cell.reports,
        cell.held_paragraphs,
        cell.held_characters,
        cell.held_reports,
        *(None if rate is None else round(rate, 6) for rate in rates),
    )
