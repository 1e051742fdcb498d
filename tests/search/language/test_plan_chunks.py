"""What the string of a chunk becomes in a plan."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.language.plan import Match, Plan, make_plan
from search.language.plan.build import plan_plain_tiers
from search.language.plan.nodes import Favoured, Phrase, Term
from search.language.query import Chunk, Exact, Node, Not, Or, all_of
from search.language.query.tree import Understood
from search.language.text import Analyzer


def string_of(text: str, analyzer: Analyzer) -> Plan:
    """What the chunk wants of the text, without what only favours it."""
    plan = make_plan(Chunk(text), analyzer, lambda field, typed: ())
    assert isinstance(plan, Favoured)
    return plan.wanted


@pytest.mark.parametrize("text", ["税", "gdp", "2023"])
def test_what_no_mark_can_divide_is_a_term(analyzer: Analyzer, text: str) -> None:
    assert string_of(text, analyzer) == Term("text", text, 1.0)


@pytest.mark.parametrize("text", ["经济", "营商环境"])
def test_what_marks_can_divide_is_a_phrase(analyzer: Analyzer, text: str) -> None:
    assert isinstance(string_of(text, analyzer), Phrase)


WORDS = [
    *("建设", "营商环境", "政府工作报告", "税", "的", "第二", "中华人民共和国", "江苏省"),
    *(
        "“放管服”改革",
        "“放管服改革",
        "5%",
        "300亿元",
        "café x",
        "，",
        "５Ｇ",
        "甲",
        "㐀㐁",
        "建设" * 12,
        "做优做强",
    ),
    *("2023年", "gdp", "新质生产力", "侯川", "改革，开放", "々々"),
]


@given(
    st.lists(
        st.sampled_from(WORDS) | st.text("建设甲的，“”2年% a", min_size=1, max_size=6), min_size=1, max_size=4
    )
)
def test_mere_chunks_are_planned_as_all_others_are(analyzer: Analyzer, words: list[str]) -> None:
    tree = all_of([Chunk(word) for word in words])
    assert plan_plain_tiers(tree, analyzer) == tuple(
        [plan_of(tree, analyzer, tier) for tier in ("phrase", "all")]
    )


def plan_of(tree: Node, analyzer: Analyzer, tier: Match) -> Plan:
    return make_plan(tree, analyzer, lambda field, typed: (), tier=tier)


@pytest.mark.parametrize(
    "tree", [Exact("建设"), Understood("建设"), Or((Chunk("建设"), Chunk("改革"))), Not(Chunk("建设"))]
)
def test_what_is_more_than_chunks_is_planned_in_full(analyzer: Analyzer, tree: Node) -> None:
    assert plan_plain_tiers(tree, analyzer) is None
    assert plan_plain_tiers(all_of([Chunk("改革"), tree]), analyzer) is None
