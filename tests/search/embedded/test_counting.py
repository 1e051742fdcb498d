"""Every rule of docs/counting.md, against counting the long way."""

from __future__ import annotations

import random
import re
from collections import Counter

import pytest

from search.errors import QueryError
from search.language.text import normalize_text
from search.messages.aside import REPEATED_PARAGRAPH
from search.model import Hit, Query
from tests.cases import cases
from tests.laws.bruteforce import random_strings
from tests.search.counted import AWKWARD, Counted, build_counted, with_string

QUERIES = [
    "营商环境",
    "营商环境 四平",
    "优化营商环境 OR 乡村振兴",
    '"优化营商环境" -企业',
    "发展",
    "哈哈",
    "gdp",
    "GD*",
    "PM*",
    '"营商 环境"~10',
    "标题:政协",
    "heading:回顾 委员",
    "的",
    "",
    "city:四平 营商环境",
    "绝无此词绝无此词",
]


@pytest.fixture(scope="session")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Counted:
    return build_counted(tmp_path_factory.mktemp("counted"))


def strings(counted: Counted, number: int) -> list[str]:
    """Random pieces of the texts without the signs of the query language."""
    found: list[str] = []
    for string in random_strings(counted.collection, random.Random(6)):
        if re.fullmatch(r"[一-龥A-Za-z0-9，。、]+", string):
            found.append(string)
        if len(found) == number:
            break
    return found


def test_paragraphs_occurrences_and_reports_of_strings_are_those_of_a_scan(counted: Counted) -> None:
    fixed = ["营商环境", "发展", "哈哈", "GDP", "PM2", "PM2.5", "优化营商环境", "发展，发展", "环境营商"]
    for string in [*fixed, *strings(counted, cases(120))]:
        found = with_string(counted, string)
        counts = counted.searcher.count(Query(f'"{string}"'))
        assert counts.paragraphs == len(found), string
        assert counts.occurrences == sum(len(spans) for spans in found.values()), string
        assert counts.reports == counted.collection.count_reports(found), string
        assert counts.repeated == sum(row.id in counted.repeated for row in found), string


@pytest.mark.parametrize("text", QUERIES)
@pytest.mark.parametrize("filters", [{}, {"year": (2021, 2022)}, {"city": ("四平市", None)}])
def test_occurrences_are_those_of_all_hits(counted: Counted, text: str, filters: dict) -> None:  # type: ignore[type-arg]
    query = Query(text, **filters)
    hits = list(counted.searcher.iter_hits(query))
    counts = counted.searcher.count(query)
    result = counted.searcher.search(query)
    assert counts.paragraphs == len(hits) == result.total == result.paragraphs
    assert counts.occurrences == sum(hit.occurrences for hit in hits)
    reports = {hit.report.id for hit in hits} & counted.collection.report_ids
    assert counts.reports == len(reports) == result.reports


def test_touching_and_overlapping_highlights_are_one_occurrence(counted: Counted) -> None:
    (row,) = (row for row in counted.collection.rows if row.text.startswith("发展发展"))
    for string, times in (("发展", 4), ("哈哈", 2)):
        (hit,) = (
            hit for hit in counted.searcher.iter_hits(Query(f'"{string}" 发展发展')) if hit.id == row.id
        )
        assert len([span for span in hit.spans if string[0] in hit.text[span[0] : span[1]]]) == times


def test_a_word_in_headings_alone_is_a_paragraph_without_an_occurrence(counted: Counted) -> None:
    hits = list(counted.searcher.iter_hits(Query("heading:回顾")))
    assert hits
    assert all(any("回顾" in normalize_text(heading) for heading in hit.heading) for hit in hits)
    assert counted.searcher.count(Query("heading:回顾")).occurrences == 0


def test_a_heading_is_a_paragraph_too(counted: Counted) -> None:
    kinds = Counter(hit.kind for hit in counted.searcher.iter_hits(Query('"工作回顾"')))
    assert kinds["heading"] > 0


def test_a_passage_twice_in_one_report_is_one_paragraph(counted: Counted) -> None:
    string = "先后走访企业一百二十家"
    assert [sum(string in text for text in texts) for texts in AWKWARD.values()].count(2) == 1
    counts = counted.searcher.count(Query(f'"{string}"', year=(2021,)))
    assert (counts.paragraphs, counts.occurrences, counts.repeated) == (2, 2, 0)
    ids = {hit.report.source: hit.report.id for hit in counted.searcher.iter_hits(Query(f'"{string}"'))}
    set_aside = [text for id in ids.values() for text in counted.searcher.report(id).set_aside]
    assert [reason for _, text, reason in set_aside if string in text] == [REPEATED_PARAGRAPH]


def test_the_same_passage_in_two_files_counts_in_each(counted: Counted) -> None:
    assert counted.searcher.count(Query('"先后走访企业一百二十家"')).reports == 2


def test_a_passage_of_another_report_of_the_file_counts_and_is_told(counted: Counted) -> None:
    counts = counted.searcher.count(Query('"两份报告都印了这一段"'))
    assert (counts.paragraphs, counts.reports, counts.repeated) == (2, 2, 1)


@pytest.mark.parametrize("sort", ["relevance", "year", "-year"])
@pytest.mark.parametrize("group", ["", "report"])
@pytest.mark.parametrize("text", ["营商环境", "", "委员 OR 企业", "city:四平"])
def test_all_hits_are_the_pages_put_together(counted: Counted, sort: str, group: str, text: str) -> None:
    query = Query(text, sort=sort, group=group, per_page=100)  # type: ignore[arg-type]
    paged: list[Hit] = []
    page = 1
    while True:
        result = counted.searcher.search(Query(text, sort=sort, group=group, page=page, per_page=100))  # type: ignore[arg-type]
        paged += result.hits
        if page * 100 >= result.total:
            break
        page += 1
    assert list(counted.searcher.iter_hits(query)) == paged
    assert len(paged) == result.total


@pytest.mark.parametrize("sort", ["relevance", "year", "-year"])
@pytest.mark.parametrize("text", ["营商环境", "", "委员 OR 企业"])
def test_a_group_is_the_first_paragraph_of_each_report_with_their_number(
    counted: Counted, sort: str, text: str
) -> None:
    every = list(counted.searcher.iter_hits(Query(text, sort=sort)))  # type: ignore[arg-type]
    numbers = Counter(hit.report.id for hit in every)
    first: dict[str, str] = {}
    for hit in every:
        first.setdefault(hit.report.id, hit.id)
    grouped = list(counted.searcher.iter_hits(Query(text, sort=sort, group="report")))  # type: ignore[arg-type]
    assert [hit.id for hit in grouped] == list(first.values())
    assert [hit.of_report for hit in grouped] == [numbers[hit.report.id] for hit in grouped]
    alone = counted.searcher.search(Query(text, sort=sort))  # type: ignore[arg-type]
    result = counted.searcher.search(Query(text, sort=sort, group="report"))  # type: ignore[arg-type]
    assert (result.total, result.paragraphs) == (len(first), len(every))
    assert result.reports == len(first.keys() & counted.collection.report_ids)
    assert result.facets == alone.facets


def test_a_query_that_cannot_be_read_fails_before_the_first_hit(counted: Counted) -> None:
    with pytest.raises(QueryError):
        counted.searcher.iter_hits(Query("x", page=0))
    with pytest.raises(QueryError) as caught:
        counted.searcher.search(Query("x", group="city"))  # type: ignore[arg-type]
    assert caught.value.field == "group"


def test_numbers_of_the_collection_agree(counted: Counted) -> None:
    stats, reports = counted.searcher.stats(), counted.searcher.reports()
    assert stats.reports == len(reports) == len({report.id for report in reports})
    assert stats.paragraphs == len(counted.collection.rows)
    assert stats.generation == counted.searcher.version.number
    known = Counter((r.city, r.plan_year) for r in reports if r.city is not None and r.plan_year is not None)
    assert stats.coverage == dict(known)
    assert counted.searcher.stats() is stats
