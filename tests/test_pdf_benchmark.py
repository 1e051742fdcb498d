"""The benchmark of PDFs counts what comes back, and misses what doesn't."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import pdf_accuracy
from benchmarks.pdf.drawing import print_by_hand
from benchmarks.pdf.kinds import KINDS, Kind
from benchmarks.pdf.known_text import Block, make_story, read_sentences

pytestmark = pytest.mark.benchmarks
BY_HAND = [kind for kind in KINDS if kind.producer == "by hand"]


def test_story_of_a_seed_is_always_the_same() -> None:
    sentences = read_sentences()
    story = make_story(sentences, seed="云川", paragraphs=9)
    assert story == make_story(sentences, seed="云川", paragraphs=9)
    assert story != make_story(sentences, seed="江南", paragraphs=9)


@pytest.mark.parametrize("kind", BY_HAND, ids=lambda kind: kind.name)
def test_pages_drawn_by_hand_come_back(tmp_path: Path, kind: Kind) -> None:
    (tally,) = pdf_accuracy.measure([kind], read_sentences(), tmp_path)
    assert tally.share >= (0.85 if kind.is_newspaper else 0.95), tally.lost


def test_paragraph_that_is_not_there_is_lost(tmp_path: Path) -> None:
    kind = BY_HAND[0]
    story = make_story(read_sentences(), seed="云川", paragraphs=6)
    path = tmp_path / "story.pdf"
    print_by_hand(story, kind, path)
    missing = Block("paragraph", "这一段没有印在纸上。")
    tally = pdf_accuracy.count(replace(story, blocks=(*story.blocks, missing)), kind, path)
    assert tally.lost == [missing.text]
    assert tally.right == tally.paragraphs - 1


def test_run_prints_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "table.md"
    assert pdf_accuracy.main(["--only", "by hand plain", "--markdown", str(target)]) == 0
    assert "| by hand |" in target.read_text(encoding="utf-8")
    assert "by hand: plain" in capsys.readouterr().out
