"""Collocates against a count of strings around every occurrence, and measures against their formulas."""

from __future__ import annotations

import re
import tracemalloc
from math import log, log2
from pathlib import Path

import pytest

from indexer import pipeline
from search import Query, Searcher, open_searcher
from search.errors import BudgetExceeded, QueryError
from search.instruments import find_collocates, windows
from search.instruments.collocates import (
    _CANDIDATES as CANDIDATES,
)
from search.instruments.collocates import LEAST, MOST, SIDES, Order, Side, log_dice, log_likelihood
from search.instruments.matched import place_of
from search.language.text import Analyzer
from search.limits import Budget
from tests.search.instruments.conftest import Row
from tests.search.instruments.plain_windows import read_plainly


def windows_of(form: str, term: str, window: int, side: str) -> list[str]:
    """The stretches of a text that lie within the window of an occurrence and in none."""
    near, inside = set(), set()
    at = form.find(term)
    while at >= 0:
        first = at if side == "right" else at - window
        last = at + len(term) + (0 if side == "left" else window)
        near |= set(range(max(0, first), min(len(form), last)))
        inside |= set(range(at, at + len(term)))
        at = form.find(term, at + 1)
    line = "".join(char if i in near - inside else "\n" for i, char in enumerate(form))
    return line.split("\n")


def g2(cells: list[list[int]]) -> float:
    """Dunning's measure of a table of two by two, negative where the first cell has less than is expected."""
    rows, columns = [sum(row) for row in cells], [sum(column) for column in zip(*cells, strict=True)]
    total = sum(rows)
    terms = [
        cells[i][j] * log(cells[i][j] * total / (rows[i] * columns[j]))
        for i in (0, 1)
        for j in (0, 1)
        if cells[i][j]
    ]
    return 2 * sum(terms) * (1 if cells[0][0] * total >= rows[0] * columns[0] else -1)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("term", ["营商环境", "乡村振兴"])
def test_collocates_are_what_a_count_of_windows_finds(
    searcher: Searcher, rows: list[Row], term: str, side: Side
) -> None:
    found = find_collocates(searcher, Query(f'"{term}"', type=("政府工作报告",)), window=8, side=side)
    government = [row for row in rows if row.report.type == "政府工作报告"]
    near = [(row.report, windows_of(row.form, term, 8, side)) for row in government if term in row.form]
    occurrences = sum(row.form.count(term) for row in government)
    assert found.counted.occurrences == occurrences
    in_windows = sum(len("".join(parts)) for _, parts in near)
    held = sum(len(row.text) for row in government)
    assert found.collocates or len(near) < 20
    for one in found.collocates:
        counts = [(report, sum(part.count(one.term) for part in parts)) for report, parts in near]
        assert one.occurrences == sum(count for _, count in counts)
        assert one.reports == len({report.id for report, count in counts if count})
        assert one.places == len({place_of(report) for report, count in counts if count} - {None})
        everywhere = sum(row.form.count(one.term) for row in government)
        expected = 14 + log2(2 * one.occurrences / (occurrences + everywhere))
        assert one.log_dice == pytest.approx(expected, abs=0.02)  # touching occurrences count as one
        cells = [[one.occurrences, in_windows - one.occurrences], [everywhere - one.occurrences, 0]]
        cells[1][1] = held - in_windows - cells[1][0]
        assert one.log_likelihood == pytest.approx(g2(cells), rel=0.02, abs=0.5)
    assert [one.log_dice for one in found.collocates] == sorted(
        (one.log_dice for one in found.collocates), reverse=True
    )


def test_log_likelihood_is_dunning_s() -> None:
    inside, window, everywhere, held = 20, 1_000, 50, 100_000
    cells = [[20, 980], [30, 98_970]]
    total, rows = 100_000, [1_000, 99_000]
    columns = [50, 99_950]
    expected = 2 * sum(
        cells[i][j] * log(cells[i][j] * total / (rows[i] * columns[j])) for i in (0, 1) for j in (0, 1)
    )
    assert log_likelihood(inside, window, everywhere, held) == pytest.approx(expected)
    assert log_likelihood(0, window, everywhere, held) < 0
    assert log_likelihood(5, 1_000, 5, 2_000) == pytest.approx(log_likelihood(5, 1_000, 5, 2_000))


def test_sentence_is_a_window_too(sample_searcher: Searcher) -> None:
    near = {
        one.term: one.occurrences
        for one in find_collocates(sample_searcher, Query('"协商"'), window=3).collocates
    }
    wide = find_collocates(sample_searcher, Query('"协商"'), window=None, order="occurrences").collocates
    assert wide
    assert all(one.occurrences >= near.get(one.term, 0) or one.term not in near for one in wide)


def test_words_that_a_window_cuts_are_none(tmp_path: Path, analyzer: Analyzer) -> None:
    (tmp_path / "苏州市_2024.txt").write_text(
        "2024年苏州市政府工作报告\n\n各位代表：\n\n" + "打造市场化法治化国际化一流营商环境，成效明显。\n" * 3,
        "utf-8",
    )
    pipeline.index_sources([tmp_path], tmp_path / "index", jobs=1)
    searcher = open_searcher(tmp_path / "index", analyzer=analyzer)
    narrow = find_collocates(searcher, Query('"营商环境"'), window=10, side="left")
    terms = {one.term for one in narrow.collocates}
    searcher.close()
    assert "法治化国际化" in terms
    assert not any(term.startswith("化") for term in terms)


def test_windows_without_words_have_no_collocates(tmp_path: Path, analyzer: Analyzer) -> None:
    (tmp_path / "苏州市_2024.txt").write_text(
        "2024年苏州市政府工作报告\n\n各位代表：\n\n民生，5；\n", "utf-8"
    )
    pipeline.index_sources([tmp_path], tmp_path / "index", jobs=1)
    searcher = open_searcher(tmp_path / "index", analyzer=analyzer)
    found = find_collocates(searcher, Query('"民生"'))
    searcher.close()
    assert found.counted.occurrences == 1
    assert found.collocates == []


def test_order_is_by_what_is_asked_for(sample_searcher: Searcher) -> None:
    found = find_collocates(sample_searcher, Query('"协商"'), order="log_likelihood").collocates
    assert [one.log_likelihood for one in found] == sorted(
        (one.log_likelihood for one in found), reverse=True
    )


def test_nothing_found_has_no_company_and_a_bad_window_is_refused(sample_searcher: Searcher) -> None:
    assert find_collocates(sample_searcher, Query('"绝无此词"')).collocates == []
    with pytest.raises(QueryError):
        find_collocates(sample_searcher, Query("发展"), window=51)


@pytest.mark.parametrize(
    ("term", "window", "order"), [("协商", 6, "log_dice"), ("乡村", None, "log_likelihood")]
)
def test_no_collocate_is_missing(
    searcher: Searcher, rows: list[Row], analyzer: Analyzer, term: str, window: int | None, order: Order
) -> None:
    """The list is the best of all words that a plain reading of every window finds, each counted by a scan."""
    government = [row for row in rows if row.report.type == "政府工作报告"]
    forms = [row.form for row in government if term in row.form]
    spans = [
        (number, found.start(), found.end())
        for number, form in enumerate(forms)
        for found in re.finditer(term, form)
    ]
    pieces, words = read_plainly(forms, spans, analyzer, window, "both")
    said = sorted(((-count, word) for word, count in words.items() if count >= LEAST))[:CANDIDATES]
    near = {word: sum(piece.count(word) for piece in pieces) for _, word in said}
    whole = {
        word: count
        for word, count in near.items()
        if not any(word != other and word in other and near[other] == count for other in near)
    }
    chars, held = len("".join(pieces)), sum(len(row.text) for row in government)

    def measure(word: str) -> float:
        everywhere = sum(row.form.count(word) for row in government)
        if order == "log_dice":
            return log_dice(whole[word], len(spans), everywhere)
        return log_likelihood(whole[word], chars, everywhere, held)

    measures = {word: round(measure(word), 6) for word in whole}
    found = find_collocates(
        searcher, Query(f'"{term}"', type=("政府工作报告",)), window=window, order=order
    ).collocates
    assert len(found) == min(MOST, len(whole))
    assert {one.term: getattr(one, order) for one in found}.items() <= measures.items()
    least = min((getattr(one, order) for one in found), default=0.0)
    missing = {word for word, measure in measures.items() if measure > least} - {one.term for one in found}
    assert not missing


def test_what_collocates_hold_is_charged_and_released(sample_searcher: Searcher) -> None:
    """Nearly as much as is allocated at the peak is charged; afterwards little of it is left."""
    query, highest = Query("发展"), 0
    find_collocates(sample_searcher, query)  # what is kept for the next question is not of this one

    def note(size_bytes: int) -> float:
        nonlocal highest
        highest = max(highest, budget.spent_bytes)
        return 0.0

    budget = Budget(pace=note)
    tracemalloc.start()
    find_collocates(sample_searcher, query, budget=budget)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak / 2 < highest < 3 * peak
    assert budget.spent_bytes < highest / 2
    with pytest.raises(BudgetExceeded):
        find_collocates(sample_searcher, query, budget=Budget(size_bytes=highest // 2))


def test_cutting_in_pieces_gives_the_same(sample_searcher: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = find_collocates(sample_searcher, Query("发展"))
    monkeypatch.setattr(windows, "_CUT_AT_ONCE", 30)
    assert find_collocates(sample_searcher, Query("发展")) == whole
