"""Law 2, subset: terms(q, QUERY) ⊆ terms(text, INDEX) for every substring q of text that cuts no ASCII word.

And more than that: each term stands in the text at the very place where the query has it, which is what lets
a quoted string be found by positions.
"""

from __future__ import annotations

import random
import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.language.text import ATOM, Analyzer, normalize, normalize_text
from tests.cases import cases
from tests.loaded import loaded_analyzer

TEXT = (
    "全市GDP增长5.6%，PM2.5平均浓度下降3.5微克。推動新质生产力和营商环境优化，侯川、俞 志 平等委员提出"
    "“有事好商量”；中国人民政治协商会议café５Ｇ基站"
)
WORDS = [
    "中国人民",
    "政治协商会议",
    "新质",
    "生产力",
    "市场面",
    "PM2.5",
    "3.5g",
    ".5",
    "5.",
    *"， 㐀éひ😀\ud800",
]
PIECES = st.lists(
    st.sampled_from(WORDS)
    | st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=3)
    | st.text(max_size=3)
)


@cache
def analyzer() -> Analyzer:
    return loaded_analyzer()


def cuts_atom(form: str, start: int, end: int) -> bool:
    return any(
        atom.start() < place < atom.end() for atom in re.finditer(ATOM, form) for place in (start, end)
    )


def violations(form: str, spans: list[tuple[int, int]]) -> list[str]:
    """The substrings of a text in normal form with a query token that the index doesn't have at that
    place."""
    index = {(term, start) for term, start, _, _ in analyzer().index_terms(form)}
    found = []
    for start, end in spans:
        if cuts_atom(form, start, end):
            continue
        query = form[start:end]
        leading = len(query) - len(query.lstrip(" "))
        tokens = analyzer().query_tokens(query)
        if any((token.term, token.start + start + leading) not in index for token in tokens):
            found.append(query)
    return found


def test_no_substring_violates_the_law() -> None:
    form = normalize_text(TEXT)
    spans = [
        (start, end) for start in range(len(form)) for end in range(start + 1, min(len(form), start + 30) + 1)
    ]
    assert len(spans) > 1_500
    assert violations(form, spans) == []


@given(PIECES, st.data())
@settings(max_examples=cases(300), deadline=None)
def test_no_substring_of_any_text_violates_the_law(pieces: list[str], data: st.DataObject) -> None:
    form = normalize_text("".join(pieces))
    start = data.draw(st.integers(0, len(form)))
    end = data.draw(st.integers(start, len(form)))
    assert violations(form, [(start, end)]) == []


@pytest.mark.corpus
def test_no_violation_in_ten_thousand_substrings_of_real_text(shared: Path) -> None:
    chance = random.Random(2)
    texts = [
        file.read_text(encoding="utf-8", errors="replace")
        for folder in ("reports", "seeds")
        for file in sorted((shared / "corpus" / folder).glob("*.txt"))
    ]
    checked = 0
    bad: list[str] = []
    while checked < 10_000:
        text = chance.choice(texts)
        begin = chance.randrange(len(text))
        form = normalize_text(text[begin : begin + 250])
        starts = [chance.randrange(len(form)) for _ in range(50 if form else 0)]
        bad += violations(form, [(start, min(len(form), start + chance.randint(1, 14))) for start in starts])
        checked += len(starts)
    assert bad == []


@pytest.mark.corpus
def test_a_piece_of_the_original_has_a_piece_of_the_terms(shared: Path) -> None:
    """As a person would ask: with the spaces, full-width signs and line ends of the original."""
    chance = random.Random(22)
    text = "".join(
        file.read_text(encoding="utf-8") for file in sorted((shared / "corpus" / "seeds").glob("*.txt"))
    )
    checked = 0
    for _ in range(300):
        begin = chance.randrange(len(text) - 200)
        normalized = normalize(text[begin : begin + 200])
        terms = {term for term, _, _, _ in analyzer().index_terms(normalized.text)}
        for _ in range(4):
            start = chance.randrange(max(1, len(normalized.text)))
            end = min(len(normalized.text), start + chance.randint(1, 12))
            if start < end and not cuts_atom(normalized.text, start, end):
                first, last = normalized.to_original(start, end)
                tokens = analyzer().query_tokens(text[begin + first : begin + last])
                assert {token.term for token in tokens} <= terms
                checked += 1
    assert checked > 900
