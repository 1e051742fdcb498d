"""In each tier glossary entries follow all other matches; nothing else changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from search.answer.searcher import Searcher
from search.collection import Ask, Top
from search.language.text import Analyzer
from search.model import PARTS, Query
from tests.search.answer.made import GLOSSARY, all_pages, body, glossary, in_memory, on_disk

GLOSSARY_PART = PARTS[2]
REPORTS = {
    f"r{number}": (
        {"year": 2010 + number, "city": f"{'甲乙丙'[number % 3]}市"},
        [
            *body(
                f"第{number}年落实双减政策，{'学校、家庭和社会各方面共同努力，' * (number % 5 + 1)}见到成效。"
            ),
            *body("减轻学生双重负担。" if number % 4 else "乡村振兴。"),
            *body(f"完成三去一降一补第{number}项任务。"),
            *glossary("三去一降一补：去产能、去库存、去杠杆、降成本、补短板。"),
            *glossary("双减：减轻作业负担和校外培训负担。", f"三个一：一张网，一扇门，一次办，{number}。"),
        ],
    )
    for number in range(9)
}


@pytest.fixture(params=["memory", "disk"], scope="module")
def searcher(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer
) -> Searcher:
    if request.param == "memory":
        return in_memory(REPORTS, analyzer)
    folder: Path = tmp_path_factory.mktemp("glossary")
    return on_disk(REPORTS, folder, analyzer)


def parts(searcher: Searcher, query: Query) -> list[str]:
    return [hit.part for hit in searcher.search(replace(query, per_page=100)).hits if hit.tier == 1]


@pytest.mark.parametrize("text", ["双减", '"双减"', "双减 OR 三个一", "减轻 负担"])
def test_glossary_entries_are_last_of_their_tier(searcher: Searcher, text: str) -> None:
    found = parts(searcher, Query(text))
    assert GLOSSARY in found
    assert found == sorted(found, key=lambda part: part == GLOSSARY)
    result = searcher.search(Query(text))
    assert result.total == len(found)
    assert {of.value: of.count for of in result.facets["part"]}[GLOSSARY] == found.count(GLOSSARY)


def test_they_would_be_first_by_their_scores(searcher: Searcher) -> None:
    hits = searcher.search(Query("双减", per_page=100)).hits
    best = max(hits, key=lambda hit: hit.score)
    assert (best.part, hits[0].part) == (GLOSSARY, PARTS[0])
    for half in (True, False):
        scores = [hit.score for hit in hits if (hit.part == GLOSSARY) is half]
        assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("match", ["phrase", "all"])
@pytest.mark.parametrize("per_page", [1, 4, 7])
def test_pages_and_exports_have_one_order(searcher: Searcher, match: str, per_page: int) -> None:
    query = Query("双减", match=match, per_page=per_page)  # type: ignore[arg-type]
    paged = [hit for page in all_pages(searcher, query) for hit in page]
    exported = [hit.id for hit in searcher.iter_hits(query)]
    assert paged[: len(exported)] == exported
    assert len(set(paged)) == len(paged)


def test_tier_2_has_its_own_entries_last(searcher: Searcher) -> None:
    hits = searcher.search(Query("双重减轻", match="all", per_page=100)).hits
    tiers = [(hit.tier, hit.part == GLOSSARY) for hit in hits]
    assert tiers == sorted(tiers)


@pytest.mark.parametrize(
    "query",
    [
        Query("双减", sort="-year"),
        Query("双减", sort="year"),
        Query("双减", group="report"),
        Query("双减", part=(GLOSSARY,)),
        Query("双减", part=(PARTS[0],)),
    ],
)
def test_other_orders_and_choices_are_as_they_were(searcher: Searcher, query: Query) -> None:
    found = [hit.id for hit in searcher.search(replace(query, per_page=100)).hits]
    question = searcher.question(query)
    top = Top(100, sort=query.sort, group=query.group)
    (bare,) = question.view.find([Ask(question.plan, question.chosen, top=top)])
    refs = [place.ref for place in bare.top]
    wanted = [f"{of.report.id}-p{of.n}" for of in question.view.paragraphs(refs)]
    assert found[: len(wanted)] == wanted


def test_a_sentence_is_reordered_before_its_glossary(searcher: Searcher) -> None:
    """三去一降一补 has words enough to be read as a sentence; its paragraphs still stand before its entries."""
    found = parts(searcher, Query("三去一降一补"))
    assert {GLOSSARY, PARTS[0]} == set(found)
    assert found == sorted(found, key=lambda part: part == GLOSSARY)


@pytest.mark.parametrize("text", ["什么是双减", "双减是什么意思？", "双减的含义"])
def test_what_asks_for_a_meaning_is_answered_by_entries_as_they_score(searcher: Searcher, text: str) -> None:
    """Without their being last."""
    first = searcher.search(Query(text)).hits[0]
    assert first.part == GLOSSARY_PART
    assert first.text.startswith("双减：")
