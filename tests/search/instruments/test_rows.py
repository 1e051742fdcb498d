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

ROOT = Path(__file__).resolve().parents[3]


def test_rows_are_flat_and_alike(sample_engine: Searcher) -> None:
    reports = sample_engine.reports()
    of, before = next((r, b) for r in reports if (b := previous_report(reports, r)))
    query = Query('"协商"')
    answers = [
        find_numbers(sample_engine, Query('"提案"')),
        find_spread(sample_engine, query),
        find_collocates(sample_engine, query),
        compare_queries(sample_engine, [query, Query("提案")]),
        diff_reports(sample_engine, of.id, before.id),
        find_reuse(sample_engine, of.id),
        match_text(sample_engine, sample_engine.report(of.id).paragraphs[-1].text),
    ]
    for answer in answers:
        found = rows(answer)
        assert found
        assert len({tuple(row) for row in found}) == 1
        assert not any(isinstance(value, dict) for row in found for value in row.values())


def test_rows_keep_every_value(sample_engine: Searcher) -> None:
    answer = compare_queries(sample_engine, [Query("协商"), Query("提案")])
    flat = [
        (one.query, year.year, year.occurrences, year.held.reports, year.per_10k_chars)
        for one in answer.series
        for year in one.years
    ]
    names = ("query", "year", "occurrences", "held_reports", "per_10k_chars")
    assert [tuple(row[name] for name in names) for row in rows(answer)] == flat


def test_the_notebook_runs(
    sample_engine: Searcher, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (code,) = re.findall(
        r"```python\n(.*?)```", (ROOT / "docs" / "notebook.md").read_text("utf-8"), re.DOTALL
    )
    monkeypatch.setattr(search, "open_searcher", lambda: sample_engine)
    exec(code, {})
    printed = capsys.readouterr().out.splitlines()
    assert "was first" in printed[0]
    assert len(printed) > 5
