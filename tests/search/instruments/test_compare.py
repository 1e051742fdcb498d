"""Series against a scan of all paragraphs; what isn't held is another thing than zero."""

from __future__ import annotations

import pytest

from search import Query, Searcher
from search.errors import QueryError
from search.instruments import compare_queries

TERMS = ("营商环境", "提案", "绝无此词")


def test_series_are_what_a_scan_finds(searcher, rows) -> None:
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


@pytest.mark.parametrize("count", [0, 9])
def test_one_to_eight_queries_are_taken(sample_engine: Searcher, count: int) -> None:
    with pytest.raises(QueryError):
        compare_queries(sample_engine, [Query("发展")] * count)
