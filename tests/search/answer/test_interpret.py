"""What most queries are spared: words that name nothing that a report could be are read in fewer steps."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.answer import interpret, roles
from search.answer.question import Question
from search.answer.searcher import Searcher
from search.language.plan.size import plan_bytes
from search.model import Query

WORDS = [
    "营商环境",
    "四平",
    "2023年",
    "二〇二三年",
    "政府工作报告",
    "中国",
    "税",
    "侯川",
    "优化营商环境",
    "通化市",
    "GDP",
]
SIGNS = ["{}", "-{}", "“{}”", "title:{}", "({} OR 提案)", "city:{}"]


@given(
    st.lists(
        st.tuples(st.sampled_from(WORDS), st.sampled_from([*SIGNS, *["{}"] * 9])), min_size=1, max_size=4
    )
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_mere_text_is_understood_as_it_is_without_a_look_ahead(
    sample_searcher: Searcher, typed: list[tuple[str, str]]
) -> None:
    question = sample_searcher.question(Query(" ".join([sign.format(word) for word, sign in typed])))
    tree = question.interpretation.parsed.tree
    understood = roles.understand(tree, question.data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(roles, "_is_mere_text", lambda tree, data: False)
        assert roles.understand(tree, question.data) == understood


def question_of(searcher: Searcher, text: str) -> Question:
    return searcher.question(Query(text))


def test_words_that_are_no_places_are_mere_text(sample_searcher: Searcher) -> None:
    for text, is_mere in (
        ("营商环境 提案", True),
        ("营商环境 通化", False),
        ("2023年", False),
        ('"提案"', False),
    ):
        question = question_of(sample_searcher, text)
        assert roles._is_mere_text(question.interpretation.parsed.tree, question.data) == is_mere


@pytest.mark.parametrize(
    "text",
    [
        "税",
        "营商环境",
        "的 了 吗",
        "侯川 营商环境 提案",
        "优化营商环境" * 20,
        "，税，",
        "5G GDP",
        "5侯川",
        "哈省ж",
        "１川川市𠀀",
    ],
)
def test_an_interpretation_takes_no_more_than_it_is_weighed(sample_searcher: Searcher, text: str) -> None:
    found = question_of(sample_searcher, text).interpretation
    assert interpret.interpretation_bytes(found) >= sum(map(plan_bytes, found.tiers))


def test_a_filter_of_many_reports_is_weighed_with_what_it_is_beside(sample_searcher: Searcher) -> None:
    query = Query("乡村", report=tuple(f"{number:047}" for number in range(2_000)))
    found = sample_searcher.question(query).interpretation
    assert interpret.interpretation_bytes(found) >= sum(map(plan_bytes, found.tiers)) > 300_000
