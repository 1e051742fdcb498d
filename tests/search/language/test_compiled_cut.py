"""The compiled cut against the plain one: the tokens, which of them the precise cut uses, and where each begins."""

from __future__ import annotations

import random

import numpy as np
import pytest

from search.language.text.batch import BatchAnalyzer
from tests.cases import cases

pytestmark = pytest.mark.usefixtures("built_kernels")

_WORDS = ["一", "一丁", "丁一", "一丁一", "丁七万", "七万", "万", "万一丁七", "七"]
_CHARACTERS = "一丁七万三五" + "a1., \ud800\U0001f600㐀"


def _texts(chosen: random.Random) -> list[str]:
    return ["".join(chosen.choices(_CHARACTERS, k=chosen.randrange(25))) for _ in range(chosen.randrange(6))]


def _cut_plainly(analyzer: BatchAnalyzer, texts: list[str]) -> tuple[list[int], ...]:
    compiled, analyzer._cutter = analyzer._cutter, None
    try:
        return _cut(analyzer, texts)
    finally:
        analyzer._cutter = compiled


def _cut(analyzer: BatchAnalyzer, texts: list[str]) -> tuple[list[int], ...]:
    found = analyzer.analyze(texts)
    assert found.term.dtype == np.dtype(np.uint32)
    assert found.aligned.dtype == np.dtype(np.bool_)
    return tuple(of.tolist() for of in (found.text, found.position, found.term, found.aligned))


def test_cut_equals_the_plain_one_with_ties_and_without() -> None:
    chosen = random.Random(5)
    aligned = 0
    for _ in range(cases(3_000)):
        words = sorted(chosen.sample(_WORDS, chosen.randrange(1, len(_WORDS) + 1)))
        frequencies = [chosen.choice((1, 1, 2, 4, 1_000)) for _ in words]
        analyzer = BatchAnalyzer(words, frequencies, sum(frequencies))
        texts = _texts(chosen)
        expected = _cut_plainly(analyzer, texts)
        assert _cut(analyzer, texts) == expected, (words, frequencies, texts)
        aligned += len(set(expected[3])) == 2
    assert aligned > cases(3_000) / 20


def test_no_text_and_none_with_a_character() -> None:
    analyzer = BatchAnalyzer(["一丁"], [1], 1)
    for texts in ([], [""], ["", "\n"], ["。"]):
        assert _cut(analyzer, texts) == _cut_plainly(analyzer, texts)


def test_more_words_than_the_first_room() -> None:
    analyzer = BatchAnalyzer(["一一", "一一一"], [1, 1], 2)
    texts = ["一" * 5_000]
    assert _cut(analyzer, texts) == _cut_plainly(analyzer, texts)
