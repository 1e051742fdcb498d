from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from web.excerpt import MAX_PARTS, WHOLE_CHARS, excerpt

LONG = "".join(f"第{i}句说的是产业。" for i in range(200)) + "末句说到宝藏。"


def test_short_text_is_shown_whole() -> None:
    (part,) = excerpt("优化营商环境。", [(2, 6)])
    assert (part.start, part.text, part.spans) == (0, "优化营商环境。", ((2, 6),))


def test_long_text_without_spans_shows_its_beginning() -> None:
    (part,) = excerpt(LONG, [])
    assert LONG.startswith(part.text)
    assert len(part.text) < WHOLE_CHARS


def test_every_wording_is_shown_before_one_is_repeated() -> None:
    spans = [(i, i + 2) for i in range(len(LONG)) if LONG.startswith(("产业", "宝藏"), i)]
    parts = excerpt(LONG, spans)
    shown = {part.text[s:e] for part in parts for s, e in part.spans}
    assert shown == {"产业", "宝藏"}


@given(st.lists(st.integers(0, len(LONG) - 3), max_size=6))
def test_parts_are_slices_in_order_and_their_spans_say_the_same(starts: list[int]) -> None:
    spans = sorted({(s, s + 3) for s in starts})
    parts = excerpt(LONG, spans)
    assert 1 <= len(parts) <= MAX_PARTS
    for part in parts:
        assert LONG[part.start : part.start + len(part.text)] == part.text
        assert all(0 <= s < e <= len(part.text) for s, e in part.spans)
    assert all(a.start + len(a.text) < b.start for a, b in pairwise(parts))
    assert not spans or any(part.spans for part in parts)
