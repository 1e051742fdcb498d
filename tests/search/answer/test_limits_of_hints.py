"""What hints look at, at the border of what they look at."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from search.answer.filter_offers import _without
from search.answer.lexicon import build_lexicon
from search.answer.spelling import can_be_corrected
from search.collection import TermUse
from search.language.query import Chunk, parse_query
from search.language.query.signs import MAX_CHARS


@pytest.mark.parametrize("chunk", ["gdp", "shengtai", "营商", "营商环境" * 4])
def test_letters_and_short_chunks_may_be_corrected(chunk: str) -> None:
    assert can_be_corrected(chunk)


@pytest.mark.parametrize("chunk", ["gd", "a" * 41, "税", "营商环境" * 4 + "好", "2023", "5g基站"])
def test_others_are_not(chunk: str) -> None:
    assert not can_be_corrected(chunk)


@pytest.mark.parametrize(("more", "is_offered"), [(0, True), (1, False)])
def test_a_query_without_a_stretch_is_offered_up_to_the_longest(more: int, is_offered: bool) -> None:
    text = "四平市提案 " + "好" * (MAX_CHARS - len("提案 ") + more)
    chunk = next(iter(getattr(parse_query("四平市提案 好").tree, "children", ())))
    assert isinstance(chunk, Chunk)
    found = _without(text, chunk, 0, len("四平市"))
    assert (found == text[len("四平市") :]) == is_offered


def test_a_lexicon_keeps_the_words_that_are_used_most() -> None:
    uses = [
        TermUse(term, 5, used)
        for term, used in (("甲乙", 9), ("丙丁", 4), ("戊己", 4), ("庚辛", 7), ("壬癸", 1))
    ]
    view: Any = SimpleNamespace(vocabulary=lambda *, most: [*uses, TermUse("子丑", 1, 99)])
    assert build_lexicon(view, most=3).terms == sorted(["甲乙", "庚辛", "丙丁"])
    assert build_lexicon(view, most=9).terms == sorted(use.term for use in uses)
