"""Collocates against a count of strings around every occurrence, and measures against their formulas."""

from __future__ import annotations

import re
import tracemalloc
from collections import Counter
from itertools import pairwise
from math import log, log2
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import pipeline
from search import Query, Searcher, open_searcher
from search.collection import Occurrence
from search.errors import BudgetExceeded, QueryError
from search.instruments import find_collocates, windows
from search.instruments.collocates import (
    _CANDIDATES as CANDIDATES,
)
from search.instruments.collocates import LEAST, MOST, SIDES, Order, Side, log_dice, log_likelihood
from search.instruments.matched import place_of
from search.instruments.windows import find_strings, read_windows
from search.language.text import Analyzer, normalize_text
from search.limits import Budget
from tests.cases import cases
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


def read_plainly(
    forms: list[str], spans: list[tuple[int, int, int]], analyzer: Analyzer, window: int | None, side: str
) -> tuple[list[str], Counter[str]]:
    """The pieces of windows and their words, character by character."""
    pieces, words = [], Counter[str]()
    for number, form in enumerate(forms):
        near, inside = set(), set()
        for start, end in [(start, end) for of, start, end in spans if of == number]:
            if window is None:
                ends = [0, *(match.end() for match in re.finditer("[。;！!？?；]", form)), len(form)]
                first = max(at for at in ends if at <= start)
                last = max(end, min([at for at in ends if at > start], default=len(form)))
            else:
                first, last = max(0, start - window), min(len(form), end + window)
            near |= set(range(start if side == "right" else first, end if side == "left" else last))
            inside |= set(range(start, end))
        for match in re.finditer("x+", "".join("x" if i in near - inside else " " for i in range(len(form)))):
            pieces.append(form[match.start() : match.end()])
            own = [
                token
                for token in analyzer.query_tokens(form)
                if match.start() <= token.start and token.start + token.length <= match.end()
            ]
            is_han = [bool(re.fullmatch("[一-鿕]+", token.term)) for token in own]
            words.update(
                token.term for token, han in zip(own, is_han, strict=True) if han and token.length > 1
            )
            for one, two in pairwise(
                [token if han else None for token, han in zip(own, is_han, strict=True)]
            ):
                if one and two and 3 <= one.length + two.length <= 8:
                    words[one.term + two.term] += 1
    return pieces, words


@settings(max_examples=cases(150), deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("window", [1, 4, 50, None])
def test_windows_are_those_of_a_plain_reading(
    analyzer: Analyzer, window: int | None, data: st.DataObject
) -> None:
    """Pieces, the words that lie whole in them and where strings stand, against character by character."""
    said = st.lists(
        st.sampled_from(["发展", "的", "营商环境", "。", ",", "5", "5g", "大力", "\ud800", "市场化", "力"])
    )
    texts = st.lists(said.map("".join), min_size=1, max_size=4)
    forms = [normalize_text(text) for text in data.draw(texts)]
    string, side = data.draw(st.sampled_from(["发展", "力", "大力发展"])), data.draw(st.sampled_from(SIDES))
    spans = [
        (number, match.start(), match.end())
        for number, form in enumerate(forms)
        for match in re.finditer(string, form)
    ]
    if not spans:
        return
    occurrences = [Occurrence(*span) for span in spans]
    found = read_windows(
        occurrences,
        dict(enumerate(forms)),
        analyzer.cut_lines,
        window=window,
        left=side != "right",
        right=side != "left",
    )
    pieces, words = read_plainly(forms, spans, analyzer, window, side)
    assert (found.text.split("\n") if found.text else []) == pieces
    assert found.chars == len("".join(pieces))
    assert found.words == words
    for term, places in zip(words, find_strings(found.text, list(words)), strict=True):
        assert len(places) == found.text.count(term)
        assert all(found.text.startswith(term, place) for place in places.tolist())
        paragraphs = found.paragraphs_with(places).tolist()
        of_pieces = [found.paragraphs[n] for n, piece in enumerate(pieces) if term in piece]
        assert paragraphs == sorted(set(of_pieces))


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


@settings(deadline=None)
@given(st.text("好的", max_size=30), st.lists(st.text("好的", min_size=2, max_size=4), max_size=4))
def test_strings_are_found_from_left_to_right_and_apart(text: str, strings: list[str]) -> None:
    for string, places in zip(strings, find_strings(text, strings), strict=True):
        assert places.tolist() == [match.start() for match in re.finditer(string, text)]


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
