"""Highlights: spans of the original text, sorted, disjoint, and exactly what was asked for."""

from __future__ import annotations

import pytest

from search.answer.highlight import highlight
from search.language.plan import Every, Favoured, Filter, Starting, Term, Without, make_plan
from search.language.query import parse_query
from search.language.text import Analyzer, occurrences


def marked(text: str, query: str, analyzer: Analyzer) -> list[str]:
    plan = make_plan(parse_query(query).tree, analyzer, lambda field, typed: [typed])
    spans = highlight(text, plan)
    assert list(spans) == sorted(spans)
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("优化营商环境，提升营商环境", "“营商环境”", ["营商环境", "营商环境"]),
        ("優化營商環境", "“营商环境”", ["營商環境"]),
        ("优化营商 环境", "“营商环境”", ["营商 环境"]),
        ("ＰＭ２．５下降", "“PM2.5”", ["ＰＭ２．５"]),
        ("增长5.6%和6%", "“6%”", ["6%"]),
        ("2023年和12023", "“2023”", ["2023"]),
        ("5G基站和5GHz", "“5G”", ["5G"]),
        ("哈哈哈哈", "“哈哈”", ["哈哈哈哈"]),
        ("发展，改革", "“发展改革”", []),
        ("发展 改革", "发展 改革", ["发展 改革"]),
        ("发展改革", "发展 改革", ["发展改革"]),
        ("发展改革", "发展 -改革", ["发展"]),
        ("发展改革", "title:发展", []),
        ("GDP增长，GD", "GD*", ["GDP", "GD"]),
        ("委员侯川发言", "侯川", ["侯川"]),
        ("“有事好商量”平台", '"“有事好商量”"', ["“有事好商量”"]),
        ("经济好，社会稳，发展快", '"经济 发展"~10', ["经济好，社会稳，发展"]),
        ("发展", "", []),
        ("", "发展", []),
    ],
)
def test_what_was_asked_for_is_marked(text: str, query: str, expected: list[str], analyzer: Analyzer) -> None:
    assert marked(text, query, analyzer) == expected


def test_filters_and_what_is_unwanted_mark_nothing() -> None:
    plan = Every((Filter("city", ("四平市",)), Without(Term("text", "发展"), Term("text", "改革"))))
    assert highlight("四平市改革与发展", plan) == ((6, 8),)


def test_a_bonus_marks_nothing_by_itself() -> None:
    assert highlight("甲乙", Favoured(Term("heading", "甲"), Term("text", "乙"))) == ()


@pytest.mark.parametrize(
    ("text", "needle", "expected"),
    [
        ("3.5", "5", []),
        ("3.5", "3", []),
        ("3.5", ".", []),
        ("5。6", "6", [(2, 3)]),
        ("a.b", "b", [(2, 3)]),
        ("ab", "a", []),
        ("5.", "5", [(0, 1)]),
        (".5", "5", [(1, 2)]),
        ("1.2.3", "2.3", []),
        ("1.2.3", "1.2.3", [(0, 5)]),
        ("aaa aaa", "aaa", [(0, 3), (4, 7)]),
    ],
)
def test_words_and_numbers_are_never_cut(text: str, needle: str, expected: list[tuple[int, int]]) -> None:
    assert list(occurrences(text, needle)) == expected


def test_a_prefix_takes_the_whole_word() -> None:
    assert highlight("gdp2和G20", Starting("text", "g")) == ((0, 4), (5, 8))
