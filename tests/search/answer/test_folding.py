"""What is folded, and that nothing is lost: each page holds the same paragraphs folded and unfolded."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import product

import pytest

from search.answer.searcher import Searcher
from search.json_form import search_to_json, to_builtins
from search.language.text import Analyzer
from search.model import Query, SearchResult
from tests.cases import some
from tests.search.answer.made import Reports, body, glossary, in_memory

LONG = "坚持党的领导，推动营商环境持续优化，深化改革开放，保障和改善民生，推进各项事业发展。"


def said_alike(searcher: Searcher) -> bool:
    hits = searcher.search(Query("营商环境", fold=True)).hits
    return len(hits) == 1 and len(hits[0].same or ()) == 1


@pytest.mark.parametrize(
    ("one", "other", "folded"),
    [
        (LONG, LONG, True),
        (LONG, f"（三）{LONG}", True),
        (f"1.{LONG}", f"17、{LONG}", True),
        (LONG, LONG.replace("，", "、"), True),
        (LONG, LONG.replace("民生", "民生福祉"), True),
        (LONG, "我市" + LONG, True),
        ("营商环境", "营商环境。", True),
        ("优化营商环境", "优化我市营商环境", False),
        (LONG[:19], LONG[:18] + "。", False),
        (LONG, LONG[:20] + "。", False),
        (LONG + "增长8%。", LONG + "增长9%。", False),
        (LONG + "共2023年。", LONG + "共2024年。", False),
        (LONG + "办成十件实事。", LONG + "办成八件实事。", False),
        (LONG + "增长8%。", "2." + LONG + "增长8%。", True),
        (LONG * 90, LONG * 90 + "完。", False),
        (LONG * 90, LONG * 90, True),
    ],
)
def test_paragraphs_of_two_reports_are_folded(one: str, other: str, folded: bool, analyzer: Analyzer) -> None:
    assert said_alike(in_memory({"a": ({}, body(one)), "b": ({}, body(other))}, analyzer)) is folded


def test_paragraphs_of_one_report_are_not(analyzer: Analyzer) -> None:
    assert not said_alike(in_memory({"a": ({}, body(LONG, "二、" + LONG))}, analyzer))


def test_tiers_are_not_folded_into_each_other(analyzer: Analyzer) -> None:
    """As written in one, apart in the other: alike, but of two tiers."""
    said = LONG.replace("营商环境", "经济发展")
    reports: Reports = {"a": ({}, body(said)), "b": ({}, body(said.replace("经济发展", "经济大发展")))}
    hits = in_memory(reports, analyzer).search(Query("经济发展", match="all", fold=True)).hits
    assert [(hit.tier, hit.same) for hit in hits] == [(1, ()), (2, ())]


@pytest.fixture(scope="module")
def searcher(analyzer: Analyzer) -> Searcher:
    chance = random.Random(5)
    variants = [LONG, LONG + "共8项。", LONG + "共9项。", "环境优化，营商兴旺。", "优化营商环境。"]
    reports = {
        f"r{number}": (
            {"year": 2000 + number % 7, "plan_year": 2001 + number % 7, "city": f"{'甲乙丙'[number % 3]}市"},
            [*body(*chance.choices(variants, k=4)), *glossary("营商环境：企业所遇到的条件和环境。")],
        )
        for number in range(16)
    }
    return in_memory(reports, analyzer)


QUERIES = [
    Query(text, sort=sort, match=match, group=group, per_page=per_page)  # type: ignore[arg-type]
    for text, sort, match, group, per_page in product(
        ["", "营商环境", "营商环境 -共", "环境 营商"],
        ["relevance", "-year", "year", "-added"],
        ["phrase", "all"],
        ["", "report"],
        [3, 10, 100],
    )
]


def held(result: SearchResult) -> list[str]:
    """The ids of a page, those folded with the others."""
    return sorted(of.id for hit in result.hits for of in (hit, *(hit.same or ())))


@pytest.mark.parametrize("query", some(QUERIES))
def test_every_page_holds_the_same_folded_and_unfolded(searcher: Searcher, query: Query) -> None:
    plain = searcher.search(query)
    for page in range(1, -(-plain.paged // query.per_page) + 1):
        plain = searcher.search(replace(query, page=page))
        folded = searcher.search(replace(query, page=page, fold=True))
        assert held(plain) == held(folded)
        order = [hit.id for hit in plain.hits]
        assert [hit.id for hit in folded.hits] == [
            id for id in order if id in {hit.id for hit in folded.hits}
        ]
        assert (plain.total, plain.tiers, plain.facets, plain.paged) == (
            folded.total, folded.tiers, folded.facets, folded.paged
        )  # fmt: skip


def test_some_are_folded(searcher: Searcher) -> None:
    folded = searcher.search(Query("营商环境", per_page=100, fold=True))
    assert sum(len(hit.same or ()) for hit in folded.hits) > 20


def test_json_has_what_is_folded_only_where_it_is_asked_for(searcher: Searcher) -> None:
    plain = to_builtins(search_to_json(searcher.search(Query("营商环境", per_page=50))))
    folded = to_builtins(search_to_json(searcher.search(Query("营商环境", per_page=50, fold=True))))
    assert "fold" not in plain["query"]
    assert not any("same" in hit for hit in plain["hits"])
    assert folded["query"]["fold"] is True
    ids = [id for hit in folded["hits"] for id in (hit["id"], *hit["same"]["ids"])]
    assert sorted(ids) == sorted(hit["id"] for hit in plain["hits"])
    assert all(hit["same"]["count"] == len(hit["same"]["ids"]) for hit in folded["hits"])
