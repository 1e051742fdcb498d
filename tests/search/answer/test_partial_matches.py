"""The third tier over the sample reports: when it follows, what it keeps to, and how pages run across all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from indexer.pipeline import index_sources
from search import open_searcher
from search.answer.rerank import rerank
from search.answer.rerank.partial_matches import LIMIT
from search.answer.rerank.query_features import (
    extract_features,
    function_words,
    reads_like_sentence,
    split_tree,
)
from search.answer.searcher import Searcher
from search.language.query import parse_query
from search.model import Hit, Query, SearchResult
from tests.loaded import loaded_analyzer

SAMPLE = Path(__file__).resolve().parents[3] / "index_data" / "sample"
SENTENCE = "哪些委员提出了加强乡村振兴与社区养老服务的建议"


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    folder = tmp_path_factory.mktemp("tiers")
    index_sources([SAMPLE], folder, jobs=1)
    made = open_searcher(folder)
    yield made
    made.close()


def listed(result: SearchResult) -> int:
    """How many partial matches are on all pages."""
    return result.tiers[-1].listed or 0


def partial(result: SearchResult) -> list[Hit]:
    return [hit for hit in result.hits if hit.tier == 3]


def test_a_sentence_brings_partial_matches_and_says_so(searcher: Searcher) -> None:
    result = searcher.search(Query(SENTENCE))
    assert partial(result)
    assert 0 < listed(result) <= LIMIT
    assert [notice.code for notice in result.notices].count("partial_matches") == 1


def test_totals_and_facets_count_full_matches_alone(searcher: Searcher) -> None:
    result = searcher.search(Query(SENTENCE, per_page=100))
    assert result.total == sum(hit.tier == 1 for hit in result.hits)
    for values in result.facets.values():
        assert sum(value.count for value in values) == result.total


@pytest.mark.parametrize(
    "text", ['"乡村振兴与社区养老的建议"', "乡村振兴", "-乡村振兴", "年份:2023", "", "（"]
)
def test_what_cannot_be_met_in_part_has_no_third_tier(searcher: Searcher, text: str) -> None:
    result = searcher.search(Query(text, per_page=100))
    assert listed(result) == 0
    assert not partial(result)


def test_quotes_minus_and_filters_hold_in_the_third_tier(searcher: Searcher) -> None:
    base = partial(searcher.search(Query(SENTENCE, per_page=100)))
    text = next(hit.text for hit in base if len(hit.text) > 20)
    piece = next(text[i : i + 3] for i in range(10, len(text) - 3) if text[i : i + 3].isalpha())
    strict = searcher.search(Query(f'{SENTENCE} "{piece}"', per_page=100))
    assert partial(strict)
    assert all(piece in hit.text for hit in partial(strict))
    without = searcher.search(Query(f'{SENTENCE} -"{piece}"', per_page=100))
    assert partial(without)
    assert all(piece not in hit.text for hit in partial(without))
    year = next(hit.report.year for hit in base if hit.report.year is not None)
    narrowed = searcher.search(Query(SENTENCE, year=(year,), per_page=100))
    assert {hit.report.year for hit in partial(narrowed)} == {year}


def test_pages_run_across_all_tiers_without_gap_or_repeat(searcher: Searcher) -> None:
    whole = searcher.search(Query(SENTENCE, per_page=100))
    ids = [hit.id for hit in whole.hits]
    assert len(set(ids)) == len(ids) == min(100, whole.paged)
    paged: list[str] = []
    for page in range(1, -(-len(ids) // 7) + 1):
        paged += [hit.id for hit in searcher.search(Query(SENTENCE, page=page, per_page=7)).hits]
    assert paged[: len(ids)] == ids
    assert [hit.tier for hit in whole.hits] == sorted(hit.tier for hit in whole.hits)


def test_by_year_each_tier_is_in_the_order_asked_for(searcher: Searcher) -> None:
    hits = partial(searcher.search(Query(SENTENCE, sort="-year", per_page=100)))
    years = [hit.report.year for hit in hits if hit.report.year is not None]
    assert years == sorted(years, reverse=True)


@pytest.mark.parametrize("text", [SENTENCE, "乡村振兴 建议", "养老服务", "提案 办理 工作 委员 建议"])
def test_the_parts_of_a_score_sum_up_to_it(searcher: Searcher, text: str) -> None:
    explained = searcher.explain(Query(text)).hits
    assert explained
    for of_hit in explained:
        assert sum(part.score for part in of_hit.parts) == pytest.approx(of_hit.hit.score, rel=1e-4)


HEADLINE = "委员 政协 工作 委员会 服务"
"""Five words that many sentences of the sample have all of: tier 2."""


def test_a_sentences_first_matches_stand_as_they_are_judged(searcher: Searcher) -> None:
    judged = [hit for hit in searcher.search(Query(HEADLINE, per_page=100)).hits if hit.tier == 2]
    by_bm25 = [
        hit for hit in searcher.search(Query(HEADLINE, sort="-year", per_page=100)).hits if hit.tier == 2
    ]
    assert len(judged) > 3
    assert {hit.id for hit in judged} == {hit.id for hit in by_bm25}
    assert [hit.id for hit in judged] != [hit.id for hit in sorted(by_bm25, key=lambda hit: -hit.score)]
    assert {(hit.id, hit.score) for hit in judged} == {(hit.id, hit.score) for hit in by_bm25}
    worth = [sum(part.score for part in of_hit.reranked) for of_hit in searcher.explain(Query(HEADLINE)).hits]
    assert all(worth[: len(judged)])
    assert worth == sorted(worth, reverse=True)


def test_judged_matches_are_in_one_order_on_all_ways(searcher: Searcher) -> None:
    whole = [hit.id for hit in searcher.search(Query(HEADLINE, per_page=100)).hits if hit.tier == 2]
    paged: list[str] = []
    for page in range(1, -(-len(whole) // 2) + 1):
        hits = searcher.search(Query(HEADLINE, page=page, per_page=2)).hits
        paged += [hit.id for hit in hits if hit.tier == 2]
    assert paged == whole
    assert [hit.id for hit in searcher.iter_hits(Query(HEADLINE, match="all"))] == whole


def test_those_not_judged_follow_with_the_scores_they_had(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.answer.rerank.rerank.RERANKED", 2)
    monkeypatch.setattr("search.answer.page.RERANKED", 2)
    searcher = Searcher(searcher.collection)
    hits = [hit for hit in searcher.search(Query(HEADLINE, per_page=100)).hits if hit.tier == 2]
    plain = searcher.search(Query(HEADLINE, sort="year", per_page=100)).hits
    scores = {hit.id: hit.score for hit in plain if hit.tier == 2}
    best = sorted(scores, key=lambda paragraph: -scores[paragraph])
    assert {hit.id for hit in hits[:2]} == set(best[:2])
    assert [hit.score for hit in hits[2:]] == pytest.approx([scores[paragraph] for paragraph in best[2:]])
    for of_hit in searcher.explain(Query(HEADLINE)).hits:
        assert sum(part.score for part in of_hit.parts) == pytest.approx(of_hit.hit.score, rel=1e-4)


@pytest.mark.parametrize("text", ["如何发展", "乡村振兴 养老"])
def test_what_is_no_sentence_keeps_the_order_of_bm25(searcher: Searcher, text: str) -> None:
    assert not reads_like_sentence(text.split(), loaded_analyzer())
    scores = [hit.score for hit in searcher.search(Query(text)).hits if hit.tier == 1]
    assert scores == sorted(scores, reverse=True)


def test_what_only_asks_is_left_out_where_the_whole_is_found_nowhere(searcher: Searcher) -> None:
    result = searcher.search(Query("“乡村振兴”指的是什么"))
    assert [notice.code for notice in result.notices] == ["read_in_pieces"]
    assert result.total
    assert all("乡村振兴" in hit.text for hit in result.hits if hit.tier == 1)


def test_only_plain_chunks_may_be_missing() -> None:
    chunks, quoted, rest = split_tree(parse_query('乡村振兴 养老 "有事好商量" -招商').tree)
    assert chunks == ("乡村振兴", "养老")
    assert quoted == ("有事好商量",)
    assert rest == parse_query('"有事好商量" -招商').tree
    assert split_tree(parse_query("养老 OR 医疗").tree)[0] == ()


def test_function_words_are_read_from_their_list() -> None:
    assert {"哪些", "什么", "了", "的"} <= function_words()
    assert "委员" not in function_words()


def test_a_common_word_in_headings_and_titles_pushes_out_no_rare_one(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    common = "\n\n".join(f"城市更新与城市治理第{number}项继续推进。" for number in range(60))
    (sources / "a.txt").write_text(
        f"四平市城市工作报告\n\n各位委员：\n\n一、城市建设\n\n{common}\n", encoding="utf-8"
    )
    rare = "\n\n".join(f"第{number}项任务是发展新质生产力，抓好落实。" for number in range(12))
    (sources / "b.txt").write_text(f"吉林省政府工作报告\n\n各位代表：\n\n{rare}\n", encoding="utf-8")
    index_sources([sources], tmp_path / "index", jobs=1)
    searcher = open_searcher(tmp_path / "index")
    hits = searcher.search(Query("哪些城市提到了新质生产力", per_page=100)).hits
    assert ["新质生产力" in hit.text for hit in hits[:12]] == [True] * 12
    searcher.close()


def test_partial_matches_are_judged_by_the_question_as_it_was_typed(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not by the pieces in which tiers 1 and 2 read it."""
    judged: list[str] = []

    def extract(chunks: Any, *given: Any) -> Any:
        judged.extend(chunk if isinstance(chunk, str) else chunk.text for chunk in chunks)
        return extract_features(chunks, *given)

    monkeypatch.setattr(rerank, "extract_features", extract)
    text = "委员们如何看待乡村振兴和社区养老的关系"
    assert partial(searcher.search(Query(text)))
    assert text in judged
