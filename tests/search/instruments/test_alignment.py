"""What two texts share, against the plainest definitions."""

from __future__ import annotations

import random

from search.instruments.alignment import differing_spans, shared_blocks
from search.instruments.sentences import letters_of, pieces_of, split_sentences


def test_blocks_are_shared_and_never_overlap() -> None:
    chance = random.Random(5)
    for _ in range(500):
        a = "".join(chance.choice("甲乙丙丁") for _ in range(chance.randint(0, 40)))
        b = "".join(chance.choice("甲乙丙丁") for _ in range(chance.randint(0, 40)))
        covered_a: set[int] = set()
        covered_b: set[int] = set()
        for block in shared_blocks(a, b):
            assert block.length >= 4
            assert a[block.a : block.a + block.length] == b[block.b : block.b + block.length]
            here, there = (set(range(at, at + block.length)) for at in (block.a, block.b))
            assert not here & covered_a
            assert not there & covered_b
            covered_a |= here
            covered_b |= there


def test_blocks_are_found_in_any_order() -> None:
    found = shared_blocks("优化营商环境，推进乡村振兴", "推进乡村振兴，优化营商环境")
    assert sorted(block.length for block in found) == [6, 6]


def test_differing_spans_are_what_is_not_common_and_marks_alone_are_no_edit() -> None:
    text = "推动生产性服务业向专业化延伸。"
    ours, theirs = differing_spans(text, "推动生产性服务业专业化延伸")
    assert [text[a:b] for a, b in ours] == ["向"]
    assert theirs == []
    assert differing_spans("优化，环境", "优化环境") == ([], [])


def test_sentences_cover_all_but_blanks() -> None:
    chance = random.Random(7)
    for _ in range(500):
        text = "".join(chance.choice("优化环境。；！\n “”，") for _ in range(chance.randint(0, 30)))
        inside = {at for start, end in split_sentences(text) for at in range(start, end)}
        left = "".join(char for at, char in enumerate(text) if at not in inside)
        assert not any(char.isalnum() for char in left)


def test_pieces_are_strings_of_the_text() -> None:
    text = "围绕“十四五”规划，扎实推进共同富裕示范区建设的各项重点工作，ＰＭ２．５下降"
    for piece in pieces_of(text):
        assert 5 <= len(piece) <= 12
        assert letters_of(piece) in letters_of(text)
