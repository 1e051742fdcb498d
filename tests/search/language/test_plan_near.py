"""A proximity whose strings repeat: one occurrence serves both, and the room for the second stays."""

from __future__ import annotations

from search.language.plan import Plan, String, Within, make_plan
from search.language.query import Near
from search.language.text import Analyzer


def near(text: str, analyzer: Analyzer) -> Plan:
    return make_plan(Near(text, 5), analyzer, lambda field, typed: ())


def string(text: str, analyzer: Analyzer) -> String:
    return String(analyzer.query_tokens(text))


def test_a_string_that_repeats_is_looked_for_once_with_room_for_both(analyzer: Analyzer) -> None:
    once = (string("协商", analyzer), string("民主", analyzer))
    assert near("协商 民主", analyzer) == Within(once, 5)
    assert near("协商 民主 协商", analyzer) == Within(once, 7)
    assert near("协商 协商 民主 民主", analyzer) == Within(once, 9)


def test_a_string_near_itself_is_the_string(analyzer: Analyzer) -> None:
    assert near("协商 协商", analyzer) == near("协商", analyzer)
    assert not isinstance(near("协商 协商", analyzer), Within)
