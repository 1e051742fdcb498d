"""Numbers and targets: what a search says in figures, as rows of place and year.

query -> paragraphs that match -> clauses -> quantities, promised or done -> cells
"""

from __future__ import annotations

from collections.abc import Iterator

from search.answer.searcher import Searcher
from search.instruments.answers import NumberCell, NumbersAnswer
from search.instruments.clauses import Clause, clauses_of
from search.instruments.matched import count_matches, in_reports, iter_matches, place_of
from search.instruments.promises import judge, opening_of
from search.limits import UNLIMITED, Budget
from search.model import Hit, Query, Report

PREPARED = {
    "地区生产总值": '"生产总值" | GDP',
    "财政收入": '"财政收入" | "公共预算收入" | "预算内收入"',
    "固定资产投资": '"固定资产投资"',
    "社会消费品零售总额": '"社会消费品零售"',
    "居民收入": '"可支配收入" | "人均纯收入" | "居民收入"',
    "居民消费价格": '"居民消费价格" | CPI',
    "城镇新增就业": '"新增就业" | "新增城镇就业"',
    "粮食产量": '"粮食产量" | "粮食总产"',
}
"""Figures that most reports give, each with the query that finds them under their usual names."""


def find_numbers(searcher: Searcher, query: Query, *, budget: Budget = UNLIMITED) -> NumbersAnswer:
    """The numbers with a unit in the clauses that say what is searched for.

    Raises:
        QueryError: the query can't be read.
        BudgetExceeded: it takes more than `budget`.
    """
    asked = in_reports(query)
    if not query.text.strip():  # every paragraph, and no term that a number could belong to
        return NumbersAnswer(count_matches(searcher, asked, budget=budget), [])
    headings = _Headings(searcher)
    cells = [
        _to_cell(hit, clause, headings)
        for hit in iter_matches(searcher, asked, budget=budget)
        for clause in clauses_of(hit.text, hit.spans, review_year=_review_year(hit.report))
    ]
    year = query.year_field
    cells.sort(key=lambda cell: (cell.place or "\U0010ffff", getattr(cell, year) or 9999, cell.report))
    return NumbersAnswer(count_matches(searcher, asked, budget=budget), cells)


class _Headings:
    """The headings of reports, read where a paragraph's own don't say whether it looks back or ahead.

    A paragraph that opens as a heading would (2009年，是…) stands for one.
    """

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._of_report: dict[str, list[tuple[int, str]]] = {}

    def before(self, hit: Hit) -> Iterator[str]:
        """Those before a paragraph, the nearest first."""
        of_report = self._of_report.get(hit.report.id)
        if of_report is None:
            paragraphs = self._searcher.report(hit.report.id).paragraphs
            of_report = [
                (p.n, text)
                for p in paragraphs
                if (text := p.text if p.kind == "heading" else opening_of(p.text))
            ]
            self._of_report[hit.report.id] = of_report
        return (text for n, text in reversed(of_report) if n < hit.n)


def _to_cell(hit: Hit, clause: Clause, headings: _Headings) -> NumberCell:
    quantity, report = clause.quantity, hit.report
    said = judge(hit.text, clause.span, hit.heading, _review_year(report), _later(headings, hit))
    start, end = clause.span
    return NumberCell(
        place=place_of(report),
        city=report.city,
        year=report.year,
        plan_year=report.plan_year,
        value=quantity.value,
        unit=quantity.unit,
        low=quantity.low,
        high=quantity.high,
        bound=quantity.bound,
        change=quantity.change,
        kind=said.kind,
        evidence=said.words,
        basis=clause.basis,
        doubtful=quantity.doubtful,
        report=report.id,
        paragraph=hit.id,
        text=hit.text[start:end],
    )


def _review_year(report: Report) -> int | None:
    return report.review_year if report.review_year or not report.year else report.year - 1


def _later(headings: _Headings, hit: Hit) -> Iterator[str]:
    yield from headings.before(hit)
