from __future__ import annotations

import sys
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from search.answer.snippet import MAX_PARTS, WHOLE_CHARS, WINDOW_CHARS, snippet

LONG = "".join(f"第{i}句说的是产业。" for i in range(200)) + "末句说到宝藏。"


def test_short_text_is_shown_whole() -> None:
    (part,) = snippet("优化营商环境。", [(2, 6)])
    assert (part.start, part.text, part.spans) == (0, "优化营商环境。", ((2, 6),))


def test_long_text_without_highlights_shows_its_beginning_up_to_a_sentence_end() -> None:
    (part,) = snippet(LONG, [])
    assert part.start == 0
    assert part.text.endswith("。")
    assert len(part.text) <= WINDOW_CHARS


def test_the_densest_window_is_shown() -> None:
    text = "协商在前。" + "别的事情。" * 100 + "协商民主与监督都在这里。" + "别的事情。" * 100
    spans = sorted((i, i + 2) for i in range(len(text)) if text.startswith(("协商", "监督"), i))
    (part,) = snippet(text, spans)
    assert "协商民主与监督都在这里。" in part.text
    assert [part.text[start:end] for start, end in part.spans] == ["协商", "监督"]


def test_every_wording_is_shown() -> None:
    spans = [(i, i + 2) for i in range(len(LONG)) if LONG.startswith(("产业", "宝藏"), i)]
    parts = snippet(LONG, spans)
    assert {part.text[s:e] for part in parts for s, e in part.spans} == {"产业", "宝藏"}


def test_slices_begin_and_end_at_sentence_borders() -> None:
    start = LONG.index("第150句")
    for part in snippet(LONG, [(start, start + 5)]):
        assert part.start == 0 or LONG[part.start - 1] == "。"
        assert part.text.endswith("。")


@given(st.text("一二。，", max_size=900), st.lists(st.integers(0, 890), max_size=6))
def test_slices_are_in_order_and_their_spans_say_the_same(text: str, starts: list[int]) -> None:
    spans: list[tuple[int, int]] = []
    for start in sorted(starts):
        if start + 3 <= len(text) and (not spans or spans[-1][1] < start):
            spans.append((start, start + 3))
    parts = snippet(text, spans)
    assert 1 <= len(parts) <= MAX_PARTS
    for part in parts:
        assert text[part.start : part.end] == part.text
        assert len(part.text) <= max(WHOLE_CHARS, 4 * WINDOW_CHARS)
        for start, end in part.spans:
            assert (part.start + start, part.start + end) in spans
    assert all(a.end < b.start for a, b in pairwise(parts))
    assert not spans or any(part.spans for part in parts)


def test_many_highlights_in_a_long_paragraph_cost_no_more_than_a_few() -> None:
    """Steps grow with the text, not with its square: that of 15,000 characters took two seconds."""

    def steps(repeats: int) -> int:
        text = "产业的，" * repeats
        spans = [(at, at + 1) for at, char in enumerate(text) if char == "的"]
        counted = 0

        def count(frame: object, event: str, argument: object) -> object:
            nonlocal counted
            counted += event == "line"
            return count

        before = sys.gettrace()
        sys.settrace(count)  # type: ignore[arg-type]
        try:
            (part,) = snippet(text, spans)
        finally:
            sys.settrace(before)
        assert len(part.spans) > 30
        return counted

    assert steps(2_000) < 2.5 * steps(1_000)


def test_no_slice_begins_or_ends_within_a_highlight() -> None:
    """A highlight may hold the ends of sentences, and the places where a long clause is divided."""
    text = "别的。" * 100 + "甲" * 140 + "产业。振兴，" + "乙" * 400 + "。" + "别的。" * 100
    for length in (3, 6, 40):
        for start in range(295, 700, 7):
            span = (start, start + length)
            parts = snippet(text, [span])
            assert any(part.start <= start and start + length <= part.end for part in parts), span
            for part in parts:
                for border in (part.start, part.end):
                    assert not start < border < start + length, span


def test_a_highlight_at_the_very_end_is_shown() -> None:
    text = "别的话。" * 200 + "持续优化营商环境"
    span = (len(text) - 4, len(text))
    (part,) = snippet(text, [span])
    assert [text[part.start + start : part.start + end] for start, end in part.spans] == ["营商环境"]
