"""Texts that are cut together have the words that each has alone, run by run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from search.language.text import Analyzer, normalize_text
from search.language.text.atoms import ATOM
from search.language.text.segment import HAN
from search.language.text.word_batches import WordNumbers

PIECES = re.compile(f"(?P<han>[{HAN}]+)|(?P<atom>{ATOM})|(?P<other>.)", re.DOTALL)
RUN = re.compile(f"[{HAN}a-z0-9.]+")
SAMPLE = Path(__file__).resolve().parents[3] / "index_data" / "sample"
TEXTS = [
    "2024年建成5G基站，优化營商環境",
    "",
    "……，。",
    "2024年",
    "增长5.5%左右，总量1.2万亿元。PM2.5浓度下降3微克/立方米；3.项目",
    "一 二\t三\n四\f五\v六　七",
    "5G",
    "a.b.c与B2B平台C2M.",
    "年2024月5日abc日3度3度电。。.5年",
    "城市更新城市更新城市更新",
]


def runs_of(analyzer: Analyzer, text: str) -> Iterator[list[str]]:
    """The definition, one piece after the other."""
    for run in RUN.findall(normalize_text(text)):
        words: list[str] = []
        is_behind_number = False
        for piece in PIECES.finditer(run):
            if piece.lastgroup == "han":
                cut = analyzer.words_of(piece[0])
                words += cut[1:] if is_behind_number and len(cut[0]) == 1 else cut
                is_behind_number = False
            elif piece.lastgroup == "atom" and not piece[0].replace(".", "").isdigit():
                words.append(piece[0])
                is_behind_number = False
            else:
                if words:
                    yield words
                words, is_behind_number = [], True
        if words:
            yield words


def cut_together(analyzer: Analyzer, texts: Sequence[str]) -> list[list[list[str]]]:
    numbers = WordNumbers()
    found = []
    for text in analyzer.number_runs(texts, numbers):
        runs: list[list[str]] = [[]]
        for number in text.tolist():
            if number:
                runs[-1].append(numbers.words[number])
            else:
                runs.append([])
        assert runs.pop() == [], "a run ends with a 0"
        found.append(runs)
    return found


def test_texts_together_are_cut_as_each_alone(analyzer: Analyzer) -> None:
    expected = [list(runs_of(analyzer, text)) for text in TEXTS]
    assert cut_together(analyzer, TEXTS) == expected
    for text, runs in zip(TEXTS, expected, strict=True):
        assert cut_together(analyzer, [text]) == [runs]
    assert cut_together(analyzer, []) == []


def test_lines_of_the_sample_are_cut_as_each_alone(analyzer: Analyzer) -> None:
    files = [path.read_bytes().decode("utf-8", "ignore") for path in sorted(SAMPLE.iterdir())]
    texts = [line for text in files for line in text.splitlines()]
    assert cut_together(analyzer, texts) == [list(runs_of(analyzer, text)) for text in texts]


@pytest.mark.corpus
def test_real_lines_are_cut_as_each_alone(analyzer: Analyzer, shared: Path) -> None:
    files = sorted(path for path in (shared / "corpus").rglob("*.txt") if path.is_file())[:40]
    texts = [line for path in files for line in path.read_bytes().decode("utf-8", "ignore").splitlines()]
    assert len(texts) > 100
    assert cut_together(analyzer, texts) == [list(runs_of(analyzer, text)) for text in texts]
