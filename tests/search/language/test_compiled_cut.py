"""The compiled cut against the plain one: the tokens, which of them the precise cut uses, and where each begins."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest

from search.language.text.batch import BatchAnalyzer
from tests.cases import cases

pytestmark = pytest.mark.usefixtures("built_kernels")

_WORDS = ["一", "一丁", "丁一", "一丁一", "丁七万", "七万", "万", "万一丁七", "七"]
_CHARACTERS = "一丁七万三五" + "ag019.., \ud800\U0001f600㐀"


def _texts(chosen: random.Random) -> list[str]:
    return ["".join(chosen.choices(_CHARACTERS, k=chosen.randrange(25))) for _ in range(chosen.randrange(6))]


def _cut_plainly(analyzer: BatchAnalyzer, texts: list[str]) -> tuple[Sequence[int | str], ...]:
    compiled, analyzer._cutter = analyzer._cutter, None
    try:
        return _cut(analyzer, texts)
    finally:
        analyzer._cutter = compiled


def _cut(analyzer: BatchAnalyzer, texts: list[str]) -> tuple[Sequence[int | str], ...]:
    found = analyzer.analyze(texts)
    assert found.term.dtype == np.dtype(np.uint32)
    assert found.aligned.dtype == np.dtype(np.bool_)
    columns = (found.text, found.position, found.term, found.aligned)
    return (*(of.tolist() for of in columns), found.atoms)


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


def test_atoms_are_those_of_the_plain_form() -> None:
    chosen = random.Random(7)
    analyzer = BatchAnalyzer(["一丁"], [1], 1)
    several = 0
    for _ in range(cases(3_000)):
        texts = ["".join(chosen.choices("ab09..,一\U0001f600", k=chosen.randrange(12))) for _ in range(3)]
        expected = _cut_plainly(analyzer, texts)
        assert _cut(analyzer, texts) == expected, texts
        several += len(expected[-1]) > 2
    assert several > cases(3_000) / 10


def test_an_atom_may_not_be_the_last_of_all_texts() -> None:
    cutter = BatchAnalyzer(["一丁"], [1], 1)._cutter
    codes = np.array([ord("a")], dtype=np.uint32)
    for own in (np.ones(1, dtype=np.int32), np.ones(0, dtype=np.int32)):
        with pytest.raises(ValueError, match="before the texts do"):
            cutter.atoms(codes, own)
