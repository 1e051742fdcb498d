"""The searcher on a small collection: filters, order, pages, values, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.pipeline import index_sources
from search import open_searcher
from search.answer.searcher import Searcher
from search.errors import QueryError, ReportNotFound
from search.language.text import Analyzer
from search.model import Query, Sort
from tests.loaded import loaded_analyzer


def texts(searcher: Searcher, query: str, **options: object) -> list[str]:
    result = searcher.search(Query(query, per_page=100, **options))  # type: ignore[arg-type]
    found = [hit.text for hit in result.hits if hit.tier == 1]
    assert result.total == len(found)
    assert [hit.tier for hit in result.hits] == sorted(hit.tier for hit in result.hits)
    return found


def test_everything_is_every_paragraph_but_deleted_ones(searcher: Searcher) -> None:
    found = texts(searcher, "")
    assert len(found) == searcher.stats().paragraphs
    assert "已经删去的一段。" not in found
    assert texts(searcher, "“已经删去”") == []


def test_all_chunks_must_be_found(searcher: Searcher) -> None:
    """In the text, or by the report's place; in tier 2 in a heading above too."""
    assert texts(searcher, "四平 梅花鹿") == ["围绕梅花鹿产业提出建议，PM2.5平均浓度下降3.5微克。"]
    assert texts(searcher, "乡村振兴 梅花鹿") == []
    (hit,) = (hit for hit in searcher.search(Query("乡村振兴 梅花鹿", match="all")).hits if hit.tier == 2)
    assert hit.text == "围绕梅花鹿产业提出建议，PM2.5平均浓度下降3.5微克。"
    assert [(why.chunk, why.found) for why in hit.why] == [("乡村振兴", "heading")]
    assert texts(searcher, "通化 梅花鹿") == []
    assert texts(searcher, "“四平” 梅花鹿") == []


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("营商环境", 4),
        ("营商环境 -提高", 3),
        ("营商环境 city:四平", 2),
        ("营商环境 year:2024", 2),
        ("营商环境 year:2020..2023", 2),
        ("营商环境 type:法院", 1),
        ("医药 OR 梅花鹿", 2),
        ("“PM2.5”", 1),
        ("“2.5”", 0),
        ("PM*", 1),
        ('"梅花鹿 建议"~4', 1),
        ('"梅花鹿 微克"~4', 0),
        ("heading:乡村振兴", 1),
        ("title:法院 营商环境", 1),
        ("city:北京 营商环境", 0),
    ],
)
def test_the_language_finds_what_it_says(searcher: Searcher, query: str, count: int) -> None:
    assert searcher.search(Query(query)).total == count


def test_values_are_alternatives_and_groups_must_all_hold(searcher: Searcher) -> None:
    found = searcher.search(Query("营商环境", city=("四平市", "通化市"), year=(2024,)))
    assert {(hit.report.city, hit.report.year) for hit in found.hits} == {("通化市", 2024)}
    assert searcher.search(Query(city=("北京市",))).total == 0


def test_one_report_can_be_searched_alone(searcher: Searcher) -> None:
    report = searcher.reports()[0]
    found = searcher.search(Query("营商环境", report=(report.id,)))
    assert {hit.report.id for hit in found.hits} == {report.id}


def test_years_sort_both_ways_and_relevance_breaks_ties_by_year(searcher: Searcher) -> None:
    newest = [hit.report.year for hit in searcher.search(Query(sort="-year", per_page=100)).hits]
    oldest = [hit.report.year for hit in searcher.search(Query(sort="year", per_page=100)).hits]
    assert newest == sorted(newest, key=lambda year: -(year or 0))
    assert oldest == sorted(oldest, key=lambda year: year or 9999)
    same = searcher.search(Query("type:法院 OR type:政协", per_page=100)).hits
    assert [hit.report.year for hit in same] == newest


def test_pages_are_disjoint_and_end(searcher: Searcher) -> None:
    total = searcher.search(Query()).total
    ids = [
        hit.id for page in range(1, total + 2) for hit in searcher.search(Query(page=page, per_page=1)).hits
    ]
    assert len(ids) == len(set(ids)) == total


def test_an_unknown_value_is_told_with_a_notice(searcher: Searcher) -> None:
    result = searcher.search(Query("city:北京"))
    assert result.total == 0
    assert "unknown_value" in [notice.code for notice in result.notices]


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"page": 0}, "page"),
        ({"per_page": 0}, "per_page"),
        ({"per_page": 101}, "per_page"),
        ({"sort": "best"}, "sort"),
    ],
)
def test_parameters_out_of_range_are_refused(
    searcher: Searcher, options: dict[str, object], field: str
) -> None:
    with pytest.raises(QueryError) as caught:
        searcher.search(Query(**options))  # type: ignore[arg-type]
    assert caught.value.field == field


def test_a_report_comes_whole_and_in_order(searcher: Searcher) -> None:
    report = next(report for report in searcher.reports() if report.city == "四平市")
    whole = searcher.report(report.id)
    assert whole.report == report
    assert [paragraph.n for paragraph in whole.paragraphs] == list(range(1, report.paragraphs + 1))
    deer = next(paragraph for paragraph in whole.paragraphs if "梅花鹿" in paragraph.text)
    assert deer.heading == ("一、2022年工作回顾", "（一）聚焦乡村振兴")
    assert whole.evidence["city"]


def test_a_quoted_string_has_no_partial_matches(searcher: Searcher) -> None:
    assert {hit.tier for hit in searcher.search(Query("“营商环境满意度”", per_page=100)).hits} == {1}
    assert searcher.search(Query("“营商环境不满意”", per_page=100)).hits == ()


def test_an_unknown_report_is_told(searcher: Searcher) -> None:
    with pytest.raises(ReportNotFound, match="xiesou reports"):
        searcher.report("0000000000")


def test_what_the_collection_holds(searcher: Searcher) -> None:
    stats = searcher.stats()
    assert (stats.reports, stats.cities, stats.years) == (3, 3, (2023, 2024))
    assert stats.coverage == {("四平市", 2023): 1, ("通化市", 2024): 1, ("洛阳市", 2024): 1}


def test_a_word_of_the_paragraph_weighs_more_than_one_across_words(searcher: Searcher) -> None:
    """Exact strings rank before loose words, and text before titles."""
    hits = searcher.search(Query("营商环境 满意度")).hits
    assert hits[0].text.startswith("围绕医药产业")
    found = searcher.search(Query("工作报告 营商环境", per_page=50)).hits
    scores = [hit.score for hit in found if hit.tier == 2]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 0


def test_distance_counts_in_titles_and_headings_too(searcher: Searcher) -> None:
    """Three characters stand between 政协 and 委员会 of 四平市, none between 工作 and 回顾."""

    def total(text: str) -> int:
        return searcher.search(Query(text)).total

    assert total('title:"政协 委员会"~3') == total("title:政协 title:委员会") > 0
    assert total('title:"政协 委员会"~2') == 0
    assert total('heading:"回顾 工作"~0') == total("heading:工作回顾") > 0
    assert total('heading:"2022 回顾"~2') == 0 < total('heading:"2022 回顾"~3')


def test_a_number_in_a_heading_is_whole(tmp_path: Path, analyzer: Analyzer) -> None:
    """Both 1 and 月 are among the terms of the first heading, and 1月 among its characters."""
    report = (
        "政协四平市委员会工作报告",
        "各位委员：",
        "一、11月和1日的工作",
        "甲。",
        "二、1月的工作",
        "乙。",
    )
    (tmp_path / "one.txt").write_text("\n\n".join(report), encoding="utf-8")
    index_sources([tmp_path / "one.txt"], tmp_path / "index", jobs=1)
    searcher = open_searcher(tmp_path / "index", analyzer=analyzer)
    found = searcher.search(Query("heading:“1月”"))
    assert [hit.text for hit in found.hits] == ["乙。"]
    searcher.close()


REPORT_OF_A_YEAR = """政协四平市委员会常务委员会工作报告

{session}

各位委员：

第{number}份报告说协商民主。
"""


def test_by_year_reports_stand_by_their_days_and_those_without_one_behind(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    days = {1: "2023年1月20日", 2: "2023年12月5日", 3: None, 4: "2023年1月6日", 5: "2022年3月1日"}
    rows = ["file,report,city,year,date"]
    for number, day in days.items():
        (sources / f"{number}.txt").write_text(
            REPORT_OF_A_YEAR.format(session=f"（{day}）" if day else "", number=number), encoding="utf-8"
        )
        rows.append(f"{number}.txt,,四平市,{day[:4] if day else 2023},")
    (sources / "metadata.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    index_sources([sources], tmp_path / "index", jobs=1)
    searcher = open_searcher(tmp_path / "index", analyzer=loaded_analyzer())
    dated = {report.source: report.date for report in searcher.reports()}
    assert sum(date is not None for date in dated.values()) == 4

    def order(sort: Sort, per_page: int = 10) -> list[str]:
        pages = range(1, -(-len(days) // per_page) + 1)
        asked = [Query("协商民主", sort=sort, page=page, per_page=per_page) for page in pages]
        return [hit.report.source[-5] for query in asked for hit in searcher.search(query).hits]

    assert order("year") == ["5", "4", "1", "2", "3"]
    assert order("-year") == ["2", "1", "4", "3", "5"]
    assert order("-year", 2) == order("-year")
    every = searcher.iter_hits(Query("协商民主", sort="-year"))
    assert [hit.report.source[-5] for hit in every] == order("-year")
    searcher.close()
