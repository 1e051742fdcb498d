"""The fast INDEX mode gives what the plain one gives, and jieba and rjieba give the same terms."""

from __future__ import annotations

import random
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.language.text import Analyzer, load_analyzer, normalize_text
from search.language.text.batch import ATOM_BASE, CHAR_BASE
from search.language.text.segment import HAN, ReferenceSegmenter, RustSegmenter
from search.language.text.trie import Trie
from search.language.text.words import SHIPPED, read_word_lists
from tests.cases import cases
from tests.loaded import loaded_analyzer

TEXTS = [
    "中国人民政治协商会议四平市第九届委员会，PM2.5平均浓度下降3.5g。",
    "",
    " \n",
    "中",
    "a",
    "\ud800a\U0001f600中",
    "x中.5.6国人民",
    "新质生产力",
    "㐀鿖国人é",
]


@cache
def analyzer() -> Analyzer:
    return loaded_analyzer()


def batch_terms(texts: list[str]) -> list[list[tuple[str, int, int, bool]]]:
    batch = analyzer().index_batch(texts)
    found: list[list[tuple[str, int, int, bool]]] = [[] for _ in texts]
    for text, position, term_id, aligned in zip(
        batch.text.tolist(), batch.position.tolist(), batch.term.tolist(), batch.aligned.tolist(), strict=True
    ):
        term = analyzer().term_text(term_id, batch.atoms)
        found[text].append((term, position, len(term), aligned))
    assert batch.lengths.tolist() == [len(normalize_text(text)) for text in texts]
    return found


def differences(texts: list[str]) -> list[str]:
    return [
        text
        for text, found in zip(texts, batch_terms(texts), strict=True)
        if found != analyzer().index_terms(text)
    ]


def real_texts(shared: Path) -> list[str]:
    files = sorted((shared / "corpus" / "seeds").glob("*.txt")) + sorted(
        (shared / "corpus" / "reports").glob("*.txt")
    )
    return [file.read_text(encoding="utf-8", errors="replace") for file in files]


def test_index_batch_is_index_terms() -> None:
    assert differences(TEXTS) == []
    assert [differences([text]) for text in TEXTS] == [[]] * len(TEXTS)
    assert batch_terms([]) == []


@given(
    st.lists(
        st.text(
            st.sampled_from("中国人民政治协商会议市场a1.é，\n \ud800😀㐀ひ\u9fd5\u9fd6")
            | st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
            | st.characters(exclude_categories=())
        ),
        max_size=4,
    )
)
@settings(max_examples=cases(300), deadline=None)
def test_index_batch_is_index_terms_for_any_text(texts: list[str]) -> None:
    assert differences(texts) == []


@pytest.mark.corpus
def test_index_batch_is_index_terms_on_real_text(shared: Path) -> None:
    lines = [line for text in real_texts(shared) for line in text.split("\n") if line.strip()]
    assert differences(random.Random(1).sample(lines, 1_500)) == []


def test_token_batch_is_ordered_and_typed() -> None:
    batch = analyzer().index_batch(TEXTS)
    assert batch.text.dtype == batch.position.dtype == batch.lengths.dtype == np.int32
    assert batch.term.dtype == np.uint32
    assert batch.aligned.dtype == np.bool_
    rows = [
        (text, position, len(analyzer().term_text(term, batch.atoms)))
        for text, position, term in zip(
            batch.text.tolist(), batch.position.tolist(), batch.term.tolist(), strict=True
        )
    ]
    assert all(first < second for first, second in pairwise(rows))


def test_term_ids_name_words_characters_and_atoms() -> None:
    batch = analyzer().index_batch(["é四平5g 5g PM2.5"])
    assert batch.atoms == ("5g", "pm2.5")
    words = {analyzer().term_text(term, batch.atoms) for term in batch.term.tolist() if term < CHAR_BASE}
    assert words == {"四", "平", "四平"}
    assert batch.term.tolist()[0] == CHAR_BASE + ord("é")
    assert batch.term.tolist()[-1] == ATOM_BASE + 1
    assert list(analyzer().words) == sorted(set(analyzer().words))


@pytest.mark.parametrize("words", [["一"], ["一丁", "一丁丂"], ["丁", "丁丂七", "丂"], []])
def test_trie_finds_what_a_plain_search_finds(words: list[str]) -> None:
    text = "一丁丂七一丁一丁丂七\n"
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    found = {
        (place, text[place : place + length], words[word])
        for length, places, ids in Trie(words).iter_words(codes)
        for place, word in zip(places.tolist(), ids.tolist(), strict=True)
    }
    assert found == {
        (match.start(), word, word)
        for word in words
        if len(word) > 1
        for match in re.finditer(f"(?={word})", text)
    }


@cache
def segmenters() -> tuple[RustSegmenter, ReferenceSegmenter]:
    words = read_word_lists(SHIPPED)
    return RustSegmenter(words), ReferenceSegmenter(words)


def cut_differences(runs: list[str]) -> list[str]:
    """The runs that jieba, rjieba and the lattice of `index_batch` don't cut alike."""
    rust, reference = segmenters()
    batch = analyzer().index_batch(runs)
    aligned: list[list[str]] = [[] for _ in runs]
    for text, term in zip(
        batch.text[batch.aligned].tolist(), batch.term[batch.aligned].tolist(), strict=True
    ):
        aligned[text].append(analyzer().term_text(term, batch.atoms))
    return [
        run
        for run, words in zip(runs, aligned, strict=True)
        if not list(rust.cut(run)) == list(reference.cut(run)) == words
    ]


SIMPLE_HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FD5), min_size=1).map(
    normalize_text
)


@given(st.lists(SIMPLE_HAN))
@settings(deadline=None)
def test_jieba_rjieba_and_the_lattice_cut_any_run_alike(runs: list[str]) -> None:
    assert cut_differences(runs) == []


@pytest.mark.thorough
def test_equal_paths_fall_alike(tmp_path: Path) -> None:
    """Words of the same frequency that overlap in every way: nothing but ties."""
    letters = "丙丅丏丐丌"
    words = {a + b: 7 for a in letters for b in letters} | {
        a + b + c: 7 for a in letters for b in letters for c in letters
    }
    own = tmp_path / "words.txt"
    own.write_text("".join(f"{word} {count}\n" for word, count in words.items()), encoding="utf-8")
    known = load_analyzer(own)
    words = {**read_word_lists(SHIPPED), **words}
    rust, reference = RustSegmenter(words), ReferenceSegmenter(words)
    chance = random.Random(5)
    for run in ("".join(chance.choices(letters, k=length)) for length in range(1, 60)):
        aligned = [term for term, _, _, is_cut in known.index_terms(run) if is_cut]
        batch = known.index_batch([run])
        fast = [known.term_text(term, batch.atoms) for term in batch.term[batch.aligned].tolist()]
        assert list(rust.cut(run)) == list(reference.cut(run)) == aligned == fast


def test_very_long_run_is_cut() -> None:
    assert differences(["政协委员提出发展" * 1_000]) == []


@pytest.mark.corpus
def test_jieba_rjieba_and_the_lattice_cut_real_text_alike(shared: Path) -> None:
    """More than a megabyte of Han runs."""
    runs = [run for text in real_texts(shared)[::3] for run in re.findall(f"[{HAN}]+", normalize_text(text))]
    assert len("".join(runs).encode()) > 1_000_000
    assert cut_differences(runs) == []
