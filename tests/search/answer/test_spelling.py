"""Did you mean: only where the other spelling is clearly commoner, and never instead of what was asked."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.answer.lexicon import Lexicon
from search.answer.searcher import Searcher
from search.answer.spelling import Speller
from search.language.text import Analyzer
from search.model import Query
from tests.cases import cases

USES = {
    "营商环境": 3000,
    "营商": 3100,
    "环境": 9000,
    "乡村振兴": 2000,
    "政协": 5000,
    "证券": 90,
    "政企": 8,
    "长三角": 40,
}


@pytest.fixture
def speller(analyzer: Analyzer) -> Speller:
    terms = sorted(USES)
    counts = [USES[term] for term in terms]
    lexicon = Lexicon(terms, counts, counts)
    phrases = {"优化营商环境": 700}
    return Speller(
        lexicon, analyzer, lambda forms: [USES.get(form, phrases.get(form, 0)) for form in forms], 100_000
    )


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("营商环竟", "营商环境"),
        ("迎商环境", "营商环境"),
        ("营尚环静", "营商环境"),
        ("营伤环近", "营商环境"),
        ("營商環竟", "营商环境"),
        ("营商环保境", "营商环境"),
        ("营环境", "营商环境"),
        ("商营环境", "营商环境"),
        ("营甲环境", "营商环境"),
        ("优化营商环竟", "优化营商环境"),
        ("乡村正兴", "乡村振兴"),
        ("长角", "长三角"),
        ("yingshanghuanjing", "营商环境"),
        ("zhengxie", "政协"),
    ],
)
def test_the_collections_spelling_comes_first(speller: Speller, typed: str, wanted: str) -> None:
    assert speller.correct(typed)[:1] == [wanted]


def with_one_more_or_other(stretch: str) -> Iterator[str]:
    """A stretch with any one character of `abc` more, or in the place of another."""
    for at, char in product(range(len(stretch) + 1), "abc"):
        yield stretch[:at] + char + stretch[at:]
        if at < len(stretch) and stretch[at] != char:
            yield stretch[:at] + char + stretch[at + 1 :]


@given(st.sets(st.text("abc", min_size=1, max_size=6), max_size=120), st.text("abc", min_size=2, max_size=5))
@settings(max_examples=cases(300), deadline=None)
def test_words_are_near_that_have_half_of_a_stretch_and_the_rest_but_for_one_character(
    analyzer: Analyzer, words: set[str], window: str
) -> None:
    terms = sorted(words)
    half = max(1, len(window) // 2)
    head, tail = window[:half], window[half:]
    begun = {head + other for other in with_one_more_or_other(tail)} & words
    ended = {other + tail for other in with_one_more_or_other(head)} & words
    wanted = [*sorted(begun), *sorted(ended, key=lambda word: word[::-1])]
    if len(window) == 2:
        wanted = [word for word in wanted if len(word) == 3]
    speller = Speller(
        Lexicon(terms, [1] * len(terms), [1] * len(terms)), analyzer, lambda forms: [0] * len(forms), 1
    )
    assert [terms[number] for number in speller._near(window)] == wanted


@pytest.mark.parametrize(
    "typed",
    [
        "营商环境",
        "政协",
        "政企",
        "证券",
        "优化营商环境",
        "委员",
        "PM2.5",
        "2023",
        "，。",
        "",
        "境",
        "营" * 40,
    ],
)
def test_what_is_right_or_beyond_help_is_left_alone(speller: Speller, typed: str) -> None:
    assert speller.correct(typed) == []


def test_a_correction_found_in_two_ways_counts_by_the_better(analyzer: Analyzer) -> None:
    """意义 sounds like 义意 as 异议 does, and is only turned round."""
    lexicon = Lexicon(["异议", "意义"], [2000, 1000], [2000, 1000])
    speller = Speller(lexicon, analyzer, lambda forms: [0] * len(forms), 100_000)
    assert speller.correct("义意") == ["意义", "异议"]


def test_a_spelling_that_is_there_needs_one_far_commoner(analyzer: Analyzer) -> None:
    def correct(times: int) -> list[str]:
        lexicon = Lexicon(["营商环境"], [times], [times])
        return Speller(
            lexicon, analyzer, lambda forms: [3 * (form == "营商环竟") for form in forms], 1000
        ).correct("营商环竟")

    assert correct(61) == ["营商环境"]
    assert correct(60) == []


def test_letters_apart_are_one_word(sample_searcher: Searcher) -> None:
    result = sample_searcher.search(Query("通化市 ying shang HUAN jing -梅花鹿"))
    assert result.did_you_mean == ("通化市 营商环境 -梅花鹿",)


def test_what_stands_with_a_word_more_is_left_alone(analyzer: Analyzer) -> None:
    """应直接 is text; only where it stands nowhere may a character be too much."""
    lexicon = Lexicon(["直接"], [900], [900])

    def correct(times: int) -> list[str]:
        counts = {"应直接": times, "直接": 900}
        return Speller(
            lexicon, analyzer, lambda forms: [counts.get(form, 0) for form in forms], 1000
        ).correct("应直接")

    assert correct(0) == ["直接"]
    assert correct(1) == []


def test_one_character_of_two_is_no_evidence(analyzer: Analyzer) -> None:
    terms = sorted(["十三", "第三", "章程"])
    lexicon = Lexicon(terms, [900] * 3, [900] * 3)
    speller = Speller(lexicon, analyzer, lambda forms: [0] * len(forms), 1000)
    assert speller.correct("张三") == []
    assert speller.correct("张程") == ["章程"]


def test_the_whole_query_is_offered_and_nothing_is_replaced(sample_searcher: Searcher) -> None:
    result = sample_searcher.search(Query("通化市 营商环竟 -梅花鹿"))
    assert result.total == 0
    assert result.did_you_mean[0] == "通化市 营商环境 -梅花鹿"
    assert sample_searcher.search(Query(result.did_you_mean[0])).total > 0


@pytest.mark.parametrize("text", ["营商环境", '"营商环竟"', "-营商环竟", "提案", "", "city:通化 营商环境"])
def test_a_query_without_doubts_has_no_offer(sample_searcher: Searcher, text: str) -> None:
    assert sample_searcher.search(Query(text)).did_you_mean == ()
