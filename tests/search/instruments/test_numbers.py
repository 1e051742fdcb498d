"""The numbers of a search are those of its paragraphs, and no other's."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from search import Query, Searcher
from search.instruments import find_numbers
from search.instruments.clauses import clauses_of
from search.instruments.numbers import PREPARED
from search.instruments.quantities import find_quantities
from search.model import OTHER_TYPES
from tests.search.instruments.conftest import Row


@pytest.mark.parametrize("term", ["地区生产总值", "提案", "固定资产投资", "新增就业"])
def test_cells_are_of_paragraphs_that_say_it_and_repeat_their_words(
    searcher: Searcher, rows: list[Row], term: str
) -> None:
    found = find_numbers(searcher, Query(f'"{term}"'))
    saying = {row.id: row for row in rows if term in row.form}
    assert found.counted.paragraphs == len(saying)
    assert found.counted.occurrences == sum(row.form.count(term) for row in saying.values())
    assert found.counted.reports == len({row.report.id for row in saying.values()})
    for cell in found.cells:
        row = saying[cell.paragraph]
        assert cell.text in row.text
        assert cell.report == row.report.id
        assert cell.evidence == "" or cell.kind != "unknown"
        read = [q for q in find_quantities(row.text) if q.unit == cell.unit]
        assert cell.doubtful or (cell.value, cell.low, cell.high) in [(q.value, q.low, q.high) for q in read]


@pytest.mark.parametrize("term", ["地区生产总值", "提案", "固定资产投资", "新增就业"])
def test_every_number_of_every_clause_that_says_it_is_a_cell(
    searcher: Searcher, rows: list[Row], term: str
) -> None:
    found = find_numbers(searcher, Query(f'"{term}"'))
    read: Counter[tuple[object, ...]] = Counter()
    plain = {
        row.id: row for row in rows if len(row.form) == len(row.text)
    }  # characters stand where they stood
    for row in plain.values():
        spans = [(match.start(), match.end()) for match in re.finditer(term, row.form)]
        for clause in clauses_of(row.text, spans):
            one = clause.quantity
            read[row.id, one.value, one.unit, one.low, one.high, one.bound, one.change] += 1
    cells = (cell for cell in found.cells if cell.paragraph in plain)
    given = Counter((c.paragraph, c.value, c.unit, c.low, c.high, c.bound, c.change) for c in cells)
    assert given == read


@pytest.mark.parametrize("query", PREPARED.values(), ids=PREPARED)
def test_prepared_queries_are_read_without_a_notice(sample_searcher: Searcher, query: str) -> None:
    assert sample_searcher.interpret(Query(query)).notices == ()


def test_texts_that_are_no_reports_are_left_out(sample_searcher: Searcher) -> None:
    nothing = find_numbers(sample_searcher, Query("提案", type=(OTHER_TYPES[0],)))
    assert (nothing.cells, nothing.counted.paragraphs) == ([], 0)


def test_filters_hold(sample_searcher: Searcher) -> None:
    every = find_numbers(sample_searcher, Query('"提案"'))
    some = find_numbers(sample_searcher, Query('"提案"', year=(2023,)))
    assert some.cells == [cell for cell in every.cells if cell.year == 2023]
    assert 0 < len(some.cells) < len(every.cells)


@pytest.mark.corpus
def test_growth_targets_of_the_real_reports_are_given(real_searcher: Searcher) -> None:
    found = find_numbers(real_searcher, Query(PREPARED["地区生产总值"]))
    held = {r.id for r in real_searcher.reports() if r.year and 2015 <= r.year <= 2025}
    given = {c.report for c in found.cells if c.kind == "target" and c.unit == "%" and c.change == "up"}
    assert len(held & given) >= 0.9 * len(held)
