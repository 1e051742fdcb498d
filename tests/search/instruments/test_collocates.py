"""Collocates against a count of strings around every occurrence, and measures against their formulas."""

from __future__ import annotations

from math import log, log2
from pathlib import Path

import pytest

from indexer import pipeline
from search import Query, Searcher, open_searcher
from search.errors import QueryError
from search.instruments import find_collocates
from search.instruments.collocates import SIDES, Side, log_likelihood
from search.instruments.matched import place_of
from search.language.text import Analyzer
from tests.search.instruments.conftest import Row


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


def test_order_is_by_what_is_asked_for(sample_searcher: Searcher) -> None:
    found = find_collocates(sample_searcher, Query('"协商"'), order="log_likelihood").collocates
    assert [one.log_likelihood for one in found] == sorted(
        (one.log_likelihood for one in found), reverse=True
    )


def test_nothing_found_has_no_company_and_a_bad_window_is_refused(sample_searcher: Searcher) -> None:
    assert find_collocates(sample_searcher, Query('"绝无此词"')).collocates == []
    with pytest.raises(QueryError):
        find_collocates(sample_searcher, Query("发展"), window=51)
