"""A concordance has every highlight once, with what stands around it, in the order that it says."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest

from indexer.pipeline import index_sources
from search import open_searcher
from search.answer import concordance
from search.answer.context_order import Sample, context_key, sample_places
from search.answer.searcher import Searcher
from search.errors import QueryError
from search.language.text import Analyzer, normalize_text
from search.model import ConcordanceLine, Query
from tests.search.counted import Counted, build_counted


@pytest.fixture(scope="session")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Counted:
    return build_counted(tmp_path_factory.mktemp("counted"))


def all_lines(counted: Counted, query: Query, sort: str, per_page: int = 7) -> list[ConcordanceLine]:
    lines: list[ConcordanceLine] = []
    page = 1
    while True:
        found = counted.searcher.concordance(query, sort=sort, page=page, per_page=per_page, context=12)  # type: ignore[arg-type]
        lines += found.lines
        if page * per_page >= found.total:
            assert found.total == len(lines)
            return lines
        page += 1


@pytest.mark.parametrize("sort", ["left", "right", "left2", "right2", "order"])
@pytest.mark.parametrize("query", [Query("营商环境"), Query("发展 OR gdp", year=(2021,)), Query("PM*")])
def test_every_occurrence_has_one_line(counted: Counted, query: Query, sort: str) -> None:
    """Touching occurrences are one highlight and a line each."""
    hits = {hit.id: hit for hit in counted.searcher.iter_hits(query)}
    assert hits
    lines = all_lines(counted, query, sort)
    assert Counter(line.id for line in lines) == {hit.id: hit.occurrences for hit in hits.values()}
    for line in lines:
        hit = hits[line.id]
        assert line.left + line.keyword + line.right in hit.text
        marked = {hit.text[start:end] for start, end in hit.spans}
        assert any(line.keyword in span for span in marked)
    assert all(line.id == f"{line.report.id}-p{line.n}" for line in lines)


@pytest.mark.parametrize("sort", ["left", "right", "left2", "right2", "order"])
@pytest.mark.parametrize("query", [Query("营商环境"), Query("发展 OR gdp", year=(2021,)), Query("绝无此词")])
def test_all_lines_at_once_are_those_of_the_pages(
    counted: Counted, query: Query, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(concordance, "_LINES_AT_ONCE", 3)
    lines = list(counted.searcher.iter_lines(query, sort=sort, context=12))  # type: ignore[arg-type]
    assert lines == all_lines(counted, query, sort)


def test_lines_are_in_the_order_of_their_context(counted: Counted) -> None:
    enclosing = "\"'《》()[] "
    by_left = all_lines(counted, Query("营商环境"), "left")
    keys = [normalize_text(line.left).rstrip(enclosing)[::-1] for line in by_left]
    assert keys == sorted(keys)
    by_right = all_lines(counted, Query("营商环境"), "right")
    keys = [normalize_text(line.right).lstrip(enclosing) for line in by_right]
    assert keys == sorted(keys)


def test_marks_that_enclose_an_occurrence_do_not_sort_it(analyzer: Analyzer) -> None:
    for context in ("建设成效", "”建设成效", "》）建设成效", '" 建设成效'):
        assert context_key(context, "right", analyzer) == "建设成效"
        assert context_key(context[::-1], "left", analyzer) == "建设成效"
    assert context_key("，建设", "right", analyzer) == "，建设"  # a sentence that goes on is another context


@pytest.mark.parametrize("sort", ["left2", "right2"])
def test_lines_are_in_the_order_of_their_second_word(counted: Counted, sort: str) -> None:
    """The nearest word, cut by hand, is set aside; it decides where the rest is the same."""
    analyzer = counted.searcher.analyzer
    keys = []
    lines = all_lines(counted, Query("营商环境"), sort)
    for line in lines:
        left, right = normalize_text(line.left).rstrip(), normalize_text(line.right).lstrip()
        words = [token.term for token in analyzer.query_tokens(left if sort == "left2" else right)]
        near, rest = (words[-1:], words[:-1]) if sort == "left2" else (words[:1], words[1:])
        beyond = "".join(rest).strip()
        keys.append((beyond[::-1] if sort == "left2" else beyond, "".join(near)))
    assert len({key for key, _ in keys}) > 2
    assert [key for key, _ in keys] == sorted(key for key, _ in keys)
    assert Counter(lines) == Counter(all_lines(counted, Query("营商环境"), "left"))


@pytest.mark.parametrize("sort", ["left", "right2", "order"])
def test_a_sample_is_some_of_the_lines_and_the_same_for_its_seed(
    counted: Counted, sort: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = Query("委员 | 协商 | 发展")
    whole = all_lines(counted, query, sort, per_page=100)
    seen = set()
    for seed in (1, 2, 3):
        found = counted.searcher.concordance(
            query, sort=sort, per_page=100, context=12, sample=Sample(9, seed)
        )
        assert (found.total, found.occurrences, len(found.lines)) == (9, len(whole), 9)
        places = [whole.index(line) for line in found.lines]
        if sort == "order":
            assert places == sorted(places)
        assert len({id(line) for line in found.lines}) == 9
        assert all(line in whole for line in found.lines)
        again = counted.searcher.iter_lines(query, sort=sort, context=12, sample=Sample(9, seed))
        assert tuple(again) == found.lines
        seen.add(tuple(sorted(places)))
    assert len(seen) == 3
    large = counted.searcher.concordance(query, sort=sort, per_page=100, context=12, sample=Sample(10_000))
    assert (large.seed, large.total) == (None, len(whole))
    monkeypatch.setattr(concordance, "MAX_SORTED", 3)
    sampled = counted.searcher.concordance(query, sort=sort, sample=Sample(9))
    assert (sampled.sort, sampled.notices) == (sort, ()), "a sample can always be sorted"


def test_each_occurrence_is_as_likely_in_a_sample_as_another() -> None:
    drawn = Counter(at for seed in range(4_000) for at in sample_places(10, Sample(3, seed)))
    assert sum(drawn.values()) == 12_000
    assert all(abs(count - 1_200) < 150 for count in drawn.values())
    for total, size in ((0, 3), (3, 3), (3, 9), (1, 1)):
        assert sample_places(total, Sample(size)) == list(range(min(total, size)))


def test_lines_in_order_are_newest_report_first_as_they_stand(counted: Counted) -> None:
    lines = all_lines(counted, Query("营商环境"), "order")
    years = [line.report.year or 0 for line in lines]
    assert years == sorted(years, reverse=True)
    assert len({line.report.id for line in lines}) == 1 + sum(
        a.report.id != b.report.id for a, b in pairwise(lines)
    )
    for report in {line.report.id for line in lines}:
        numbers = [line.n for line in lines if line.report.id == report]
        assert numbers == sorted(numbers)


def test_too_many_paragraphs_are_not_sorted_and_it_is_said(
    counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(concordance, "MAX_SORTED", 3)
    found = counted.searcher.concordance(Query("委员"), sort="left")
    assert found.sort == "order"
    assert [notice.code for notice in found.notices] == ["context_unsorted"]
    assert found.lines == counted.searcher.concordance(Query("委员"), sort="order").lines


def test_all_lines_name_a_bad_parameter_at_once(counted: Counted) -> None:
    with pytest.raises(QueryError):
        counted.searcher.iter_lines(Query("营商环境"), context=0)
    with pytest.raises(QueryError):
        counted.searcher.iter_lines(Query("city:(a b)"))


def test_nothing_found_has_no_lines(counted: Counted) -> None:
    found = counted.searcher.concordance(Query("绝无此词绝无此词"))
    assert (found.total, found.lines) == (0, ())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sort", "up"),
        ("page", 0),
        ("per_page", 501),
        ("context", 0),
        ("context", 101),
        ("sample", Sample(0)),
        ("sample", Sample(10_001)),
    ],
)
def test_parameters_out_of_range_are_named(counted: Counted, field: str, value: object) -> None:
    with pytest.raises(QueryError) as caught:
        counted.searcher.concordance(Query("营商环境"), **{field: value})  # type: ignore[arg-type]
    assert caught.value.field == field


@pytest.fixture(scope="session")
def mixed(tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer) -> Searcher:
    """Digits, letters, signs and Chinese in every neighbourhood, as `4.4GW` or `12GWh绿色电力`."""
    work = tmp_path_factory.mktemp("mixed")
    chance = random.Random(8)
    pieces = (
        "4.4",
        "12",
        "2",
        "G",
        "GW",
        "GWh",
        "MW",
        "km",
        "km2",
        "e",
        "-",
        ".",
        "℃",
        " ",
        "，",
        "绿色电力",
        "光伏",
    )
    said = ["".join(chance.choices(pieces, k=chance.randint(2, 9))) for _ in range(300)]
    text = "\n\n".join(["四平市人民政府工作报告", *(f"第{n}句说的是{line}。" for n, line in enumerate(said))])
    (work / "混.txt").write_text(text, "utf-8")
    index_sources([work / "混.txt"], work / "index", jobs=1)
    return open_searcher(work / "index", analyzer=analyzer)


@pytest.mark.parametrize(
    "query",
    [
        "GW",
        "GWh",
        "MW",
        "km2",
        "4.4",
        "12",
        "4.4GW",
        "e* g* k*",
        "GW OR 绿色电力 OR 光伏",
        "G OR 2",
        "km -12",
    ],
)
def test_what_is_counted_is_what_is_highlighted_between_digits_and_letters(
    mixed: Searcher, query: str
) -> None:
    """Index and highlight once cut `4.4GW` differently: the lines broke off in the middle."""
    counted = mixed.count(Query(query))
    lines = list(mixed.iter_lines(Query(query)))
    found = sum(hit.occurrences for hit in mixed.iter_hits(Query(query)))
    assert len(lines) == counted.occurrences == found > 0
    assert mixed.concordance(Query(query)).total == found
