"""Pieces, and the seams between lines, by themselves."""

from __future__ import annotations

import pytest

from indexer.model import Line
from indexer.structure.blocks import heading_level
from indexer.structure.patterns import is_chrome
from indexer.structure.piece import Piece
from indexer.structure.wrapping import LONG_COLUMNS, _seams

LONG = "持续优化营商环境，推动各项工作取得新的成效，" * 3


@pytest.mark.parametrize(
    ("text", "compact"),
    [
        ("**一、 工作回顾**", "一、工作回顾"),
        ("\ufeff政府工作\u200b报告", "政府工作报告"),
        ("* *", "**"),
        ("提案", "提案"),
    ],
)
def test_a_piece_is_known_without_blanks_and_marks_of_bold(text: str, compact: str) -> None:
    assert Piece(text, (1, 1)).compact == compact


def test_seams_are_between_long_lines_that_touch() -> None:
    assert len(LONG) * 2 >= LONG_COLUMNS
    touching = [Line(LONG, 1), Line("办成了许多大事。", 2)]
    assert list(_seams(touching)) == [(LONG, "办成了许多大事。")]
    for between in ("", "\u3000"):
        assert list(_seams([Line(LONG, 1), Line(between, 2), Line("办成了许多大事。", 3)])) == []
    for hint in ("list", "heading1"):
        assert list(_seams([Line(LONG, 1, hint=hint), Line("办成了许多大事。", 2)])) == []
        assert list(_seams([Line(LONG, 1), Line("办成了许多大事。", 2, hint=hint)])) == []


def test_a_headline_stands_before_a_numbered_heading_or_a_long_text() -> None:
    headline = Piece("踔厉奋发谱新篇", (1, 1))
    for text in ("一、工作回顾", "（一）履职尽责", LONG):
        assert heading_level(headline, Piece(text, (2, 2)), trust_hints=False) == 2
    assert heading_level(headline, Piece("办成了许多大事。", (2, 2)), trust_hints=False) == 0
    assert heading_level(headline, None, trust_hints=False) == 0


def test_a_line_of_a_hundred_characters_may_be_furniture() -> None:
    line = "-" * 100
    assert (len(line), is_chrome(line)) == (100, True)
    assert not is_chrome(line + "-")
