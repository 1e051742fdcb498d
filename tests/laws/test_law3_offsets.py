"""Law 3, offsets: the highlighted slice of the original, normalised, is what was searched.

A character that became several (㎡ is m2) is highlighted whole, so the slice may hold more at its ends, never
less.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.language.text import Normalized, normalize, normalize_text
from tests.cases import cases

ODD = "中國市政府〇㐀，。“” \n\t\u3000\xa0\u200b\ufeffaZ９.5㎡ﬁ…½①é\ud800😀\U00020000"
MIXED = st.text(st.sampled_from(ODD) | st.characters(exclude_categories=()))
SPACED = "　俞 志 平同志說：“ＰＭ２．５下 降  5％，綠化 10㎡ …… 達到  GDP 的一半”。\n壓\n艙石 "


def whole(normalized: Normalized, start: int, end: int) -> bool:
    """Whether the span cuts no character of the original that became several."""
    _, first = normalized.to_original(0, start) if start else (0, 0)
    last, _ = normalized.to_original(end, end)
    return first <= normalized.to_original(start, end)[0] and last >= normalized.to_original(start, end)[1]


def check(original: str, normalized: Normalized, start: int, end: int) -> None:
    searched = normalized.text[start:end]
    first, last = normalized.to_original(start, end)
    assert 0 <= first < last <= len(original)
    shown = normalize_text(original[first:last])
    if whole(normalized, start, end):
        assert shown == searched.strip(" ")
    else:
        assert searched.strip(" ") in shown


@given(MIXED, st.data())
@settings(max_examples=cases(500))
def test_slice_of_any_text_is_what_was_searched(original: str, data: st.DataObject) -> None:
    normalized = normalize(original)
    assert normalized.text == normalize_text(original)
    if normalized.text:
        start = data.draw(st.integers(0, len(normalized.text) - 1))
        check(original, normalized, start, data.draw(st.integers(start + 1, len(normalized.text))))


def test_every_slice_of_a_spaced_out_text_is_what_was_searched() -> None:
    normalized = normalize(SPACED)
    assert normalized.text.startswith('俞志平同志说:"pm2.5下降5%,绿化10m2 ......')
    size = len(normalized.text)
    for start in range(size):
        for end in range(start + 1, size + 1):
            check(SPACED, normalized, start, end)


@pytest.mark.corpus
def test_ten_thousand_slices_of_real_text_are_what_was_searched(shared: Path) -> None:
    chance = random.Random(3)
    texts = [
        file.read_text(encoding="utf-8", errors="replace")
        for folder in ("reports", "seeds")
        for file in sorted((shared / "corpus" / folder).glob("*.txt"))
    ]
    checked = 0
    while checked < 10_000:
        text = chance.choice(texts)
        begin = chance.randrange(len(text))
        original = text[begin : begin + 300]
        normalized = normalize(original)
        assert normalized.text == normalize_text(original)
        for _ in range(10 if normalized.text else 0):
            start = chance.randrange(len(normalized.text))
            check(original, normalized, start, min(len(normalized.text), start + chance.randint(1, 30)))
            checked += 1
