"""Answers become flat rows with the same keys, and the notebook's page runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import search
from search import Query, Searcher
from search.instruments import (
    compare_queries,
    diff_reports,
    find_collocates,
    find_numbers,
    find_reuse,
    find_spread,
    match_text,
    rows,
)
from search.instruments.diff import previous_report
from search.instruments.rows import Answer

ROOT = Path(__file__).resolve().parents[3]


def test_rows_are_flat_and_alike(sample_searcher: Searcher) -> None:
    reports = sample_searcher.reports()
    of, before = next((r, b) for r in reports if (b := previous_report(reports, r)))
    query = Query('"协商"')
    answers: list[Answer] = [
        find_numbers(sample_searcher, Query('"提案"')),
        find_spread(sample_searcher, query),
        find_collocates(sample_searcher, query),
        compare_queries(sample_searcher, [query, Query("提案")]),
        diff_reports(sample_searcher, of.id, before.id),
        find_reuse(sample_searcher, of.id),
        match_text(sample_searcher, sample_searcher.report(of.id).paragraphs[-1].text),
    ]
    for answer in answers:
        found = rows(answer)
        assert found
        assert len({tuple(row) for row in found}) == 1
        assert not any(isinstance(value, dict) for row in found for value in row.values())


def test_rows_keep_every_value(sample_searcher: Searcher) -> None:
    answer = compare_queries(sample_searcher, [Query("协商"), Query("提案")])
    flat = [
        (one.query, year.year, year.occurrences, year.held.reports, year.per_10k_chars)
        for one in answer.series
        for year in one.years
    ]
    names = ("query", "year", "occurrences", "held_reports", "per_10k_chars")
    assert [tuple(row[name] for name in names) for row in rows(answer)] == flat


def test_the_notebook_runs(
    sample_searcher: Searcher, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (code,) = re.findall(
        r"```python\n(.*?)```", (ROOT / "docs" / "notebook.md").read_text("utf-8"), re.DOTALL
    )
    monkeypatch.setattr(search, "open_searcher", lambda: sample_searcher)
    exec(code, {})
    printed = capsys.readouterr().out.splitlines()
    assert "was first" in printed[0]
    assert len(printed) > 5
