"""Series against a scan of all paragraphs; what isn't held is another thing than zero."""

from __future__ import annotations

from typing import Any

import pytest

from search import Query, Searcher
from search.errors import QueryError
from search.instruments import compare_queries
from search.instruments.compare import MOST_SERIES, Split, query_of
from tests.search.instruments.conftest import Row

TERMS = ("营商环境", "提案", "绝无此词")


def test_series_are_what_a_scan_finds(searcher: Searcher, rows: list[Row]) -> None:
    found = compare_queries(searcher, [Query(f'"{term}"', type=("政府工作报告",)) for term in TERMS])
    government = [row for row in rows if row.report.type == "政府工作报告"]
    assert len({tuple(row.year for row in one.years) for one in found.series}) == 1
    for term, one in zip(TERMS, found.series, strict=True):
        for year in one.years:
            here = [row for row in government if row.report.plan_year == year.year]
            saying = [row for row in here if term in row.form]
            assert year.held.reports == len({row.report.id for row in here})
            assert year.held.characters == sum(len(row.text) for row in here)
            assert year.paragraphs == len(saying)
            assert year.occurrences == sum(row.form.count(term) for row in saying)
            assert year.reports == len({row.report.id for row in saying})
            if here:
                rate = year.occurrences * 10_000 / year.held.characters
                assert year.per_10k_chars == pytest.approx(rate, abs=1e-6)
            else:
                assert year.per_10k_chars is None
        for name in ("paragraphs", "occurrences"):
            assert sum(getattr(year, name) for year in one.years) == getattr(one.counted, name)
        known = [year.year for year in one.years if year.year is not None]
        assert known == list(range(known[0], known[-1] + 1))


@pytest.mark.parametrize("split", ["level", "province", "city"])
def test_parts_are_what_a_scan_of_each_finds(searcher: Searcher, rows: list[Row], split: Split) -> None:
    cities = tuple(sorted({row.report.city for row in rows if row.report.city})[:3])
    chosen: dict[str, Any] = {"city": cities} if split == "city" else {}
    queries = [Query(f'"{term}"', **chosen) for term in TERMS]
    found = compare_queries(searcher, queries, split=split)
    parts = list(dict.fromkeys((one.place, one.level) for one in found.series))
    assert [(one.query, one.place, one.level) for one in found.series] == [
        (query.text, *part) for query in queries for part in parts
    ]
    values = [level if split == "level" else place for place, level in parts]
    known = {getattr(row.report, split) for row in rows} - {None}
    assert values == list(cities) if split == "city" else set(values) == known
    for one in found.series:
        value = one.level if split == "level" else one.place
        part = [row for row in rows if getattr(row.report, split) == value]
        term = one.query.strip('"')
        assert one.counted.paragraphs == sum(term in row.form for row in part)
        for year in one.years:
            here = [row for row in part if row.report.plan_year == year.year]
            assert year.held.reports == len({row.report.id for row in here})
            assert year.occurrences == sum(row.form.count(term) for row in here)
            assert year.paragraphs == sum(term in row.form for row in here)
        whole = query_of(one, queries)
        assert searcher.count(whole).paragraphs == one.counted.paragraphs
        assert whole.text == one.query


def test_too_many_series_and_cities_that_are_not_chosen_are_refused(sample_searcher: Searcher) -> None:
    with pytest.raises(QueryError) as refused:
        compare_queries(sample_searcher, [Query("发展")], split="city")
    assert refused.value.field == "city"
    cities = tuple(f"第{n}市" for n in range(MOST_SERIES // 8 + 1))
    queries = [Query(text, city=cities) for text in "一二三四五六七八"]
    with pytest.raises(QueryError) as refused:
        compare_queries(sample_searcher, queries, split="city")
    assert refused.value.field == "split"


@pytest.mark.parametrize("count", [0, 9])
def test_one_to_eight_queries_are_taken(sample_searcher: Searcher, count: int) -> None:
    with pytest.raises(QueryError):
        compare_queries(sample_searcher, [Query("发展")] * count)
