"""What the string of a chunk becomes in a plan."""

from __future__ import annotations

import pytest

from search.language.plan import Plan, make_plan
from search.language.plan.nodes import Favoured, Phrase, Term
from search.language.query import Chunk
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
