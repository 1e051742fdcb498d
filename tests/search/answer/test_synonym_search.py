"""Synonyms widen what is unquoted, are named, can be switched off, and leave laws 1 and 2 as they are."""

from __future__ import annotations

import pytest

from search.answer.searcher import Searcher
from search.language.plan.expand import MAX_STRETCHES, expand
from search.language.query import parse_query
from search.language.synonyms import read_synonyms
from search.language.text import Analyzer, normalize_text
from search.model import Query


def ids(searcher: Searcher, text: str, **options: object) -> set[str]:
    """What tiers 1 and 2 find: other forms are tier 2's."""
    return {hit.id for hit in searcher.iter_hits(Query(text, match="all", **options))}  # type: ignore[arg-type]


def test_other_forms_are_found_and_named(sample_searcher: Searcher) -> None:
    result = sample_searcher.search(Query("GDP"))
    assert result.synonyms == (("GDP", ("地区生产总值", "国内生产总值")),)
    either = ids(sample_searcher, "GDP", synonyms=False) | ids(sample_searcher, '"地区生产总值"')
    assert either <= ids(sample_searcher, "GDP")
    assert ids(sample_searcher, "GDP") > ids(sample_searcher, "GDP", synonyms=False)


def test_off_means_off(sample_searcher: Searcher) -> None:
    result = sample_searcher.search(Query("GDP", synonyms=False))
    assert result.synonyms == ()
    assert all("gdp" in normalize_text(hit.text) for hit in result.hits)


@pytest.mark.parametrize("text", ['"GDP"', "“政协”", '"政协 委员"~5', "GD*"])
def test_what_is_quoted_is_never_expanded(sample_searcher: Searcher, text: str) -> None:
    result = sample_searcher.search(Query(text))
    assert result.synonyms == ()
    assert ids(sample_searcher, text) == ids(sample_searcher, text, synonyms=False)


def test_what_is_denied_is_denied_as_written(sample_searcher: Searcher) -> None:
    assert ids(sample_searcher, "提案 -GDP") == ids(sample_searcher, "提案 -GDP", synonyms=False)


@pytest.mark.parametrize(
    "text", ["政协", "GDP", "人大常委会", "检察院 人大", "政协提案 乡村振兴", "十四届二次会议", "title:政协"]
)
def test_an_unquoted_search_still_finds_all_that_it_found(sample_searcher: Searcher, text: str) -> None:
    assert ids(sample_searcher, text) >= ids(sample_searcher, text, synonyms=False)


def test_tier_1_finds_the_form_as_asked_alone(sample_searcher: Searcher) -> None:
    hits = list(sample_searcher.iter_hits(Query("GDP")))
    assert hits
    assert all("gdp" in normalize_text(hit.text) for hit in hits)


def test_highlights_show_the_other_form(sample_searcher: Searcher) -> None:
    hits = sample_searcher.iter_hits(Query("GDP", match="all"))
    marked = {hit.text[start:end] for hit in hits for start, end in hit.spans}
    assert {"GDP", "地区生产总值"} <= marked


def test_the_form_as_asked_ranks_before_the_other(sample_searcher: Searcher) -> None:
    searcher = sample_searcher
    plan = str(searcher.interpret(Query("GDP")).tiers[1])
    assert "boost=1.0" in plan
    assert "boost=0.8" in plan


def test_every_word_of_a_chunk_is_expanded_by_itself(sample_searcher: Searcher, analyzer: Analyzer) -> None:
    synonyms = read_synonyms(["提案 = 建议案", "委员 > 政协委员, 成员"], name="test")
    _, told = expand(parse_query("委员的提案").tree, synonyms, analyzer)
    assert told == (("委员", ("成员",)), ("提案", ("建议案",)))


def test_part_of_a_word_is_not_expanded(analyzer: Analyzer) -> None:
    synonyms = read_synonyms(["人民 = 百姓"], name="test")
    assert expand(parse_query("人民法院").tree, synonyms, analyzer)[1] == ()
    assert expand(parse_query("中华人民共和国").tree, synonyms, analyzer)[1] == ()


def test_words_beyond_the_limit_are_told(sample_searcher: Searcher) -> None:
    words = [
        *[
            "政协",
            "人大",
            "GDP",
            "CPI",
            "中院",
            "高院",
            "中共",
            "党建",
            "纪委",
            "统战",
            "民革",
            "民盟",
            "民建",
            "工商联",
            "妇联",
            "文联",
        ],
        "残联",
    ]
    assert len(words) == MAX_STRETCHES + 1
    for text, codes in ((" OR ".join(words), ["synonyms_limit"]), (" OR ".join(words[:-1]), [])):
        result = sample_searcher.search(Query(text))
        assert len(result.synonyms) == MAX_STRETCHES
        assert [notice.code for notice in result.notices] == codes


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("提案 提案", "提案"),
        ("提案 -委员 -委员", "提案 -委员"),
        ("20* 20*", "20*"),
        ('"提案 提案"~5', "正文:提案"),
        ('"提案 委员 提案"~3', '"提案 委员"~5'),
    ],
)
def test_asking_twice_asks_nothing_more(sample_searcher: Searcher, text: str, same: str) -> None:
    assert ids(sample_searcher, text) == ids(sample_searcher, same) != set()
