"""Words as they stand side by side: kept, merged, and missing in an index that was made before they were kept."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.pipeline import index_sources
from search import open_searcher
from search.collection import Ask
from search.embedded import kernel
from search.embedded.mapped_files import MappedFiles
from search.embedded.store import open_generation, verify
from search.embedded.word_runs import BORDER, EXT, decode, encode
from search.embedded.writing import writer as writer_module
from search.embedded.writing.analysis import Vocabulary
from search.embedded.writing.word_runs import find_runs
from search.errors import IndexDamaged
from search.instruments import find_keywords
from search.instruments.answers import KeywordsAnswer
from search.language.plan import All
from search.language.text import Analyzer
from search.language.text.batch import ATOM_BASE, CHAR_BASE
from tests.cases import cases

SAMPLE = Path(__file__).resolve().parents[3] / "index_data" / "sample"
SIDES = ("type:政府工作报告", "-(type:政府工作报告)")


@given(st.lists(st.lists(st.integers(0, (1 << 28) - 1) | st.integers(0, 300))))
def test_bytes_give_the_numbers_of_each_document_back(documents: list[list[int]]) -> None:
    numbers = np.array([number for of_one in documents for number in of_one], dtype=np.uint32)
    ranks, numbered = np.unique(numbers, return_inverse=True)
    data, taken = encode(numbered.astype(np.uint32), ranks)
    ends = np.cumsum([0, *map(len, documents)])
    sizes = np.diff(np.append(0, np.cumsum(taken))[ends])
    found, counts = decode(data, sizes)
    assert found.tolist() == numbers.tolist()
    assert counts.tolist() == [len(of_one) for of_one in documents]


@pytest.mark.usefixtures("built_kernels")
@given(st.lists(st.lists(st.integers(0, 40_000) | st.integers(0, 300), max_size=9), max_size=9))
def test_the_compiled_loop_gives_the_numbers_of_the_plain_form(documents: list[list[int]]) -> None:
    ranks = np.array([rank for of_one in documents for rank in of_one], dtype=np.uint32)
    numbers = np.arange(len(ranks), dtype=np.uint32)
    data, taken = encode(numbers, ranks)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(kernel, "runs", None)
        plainly, taken_plainly = encode(numbers, ranks)
    assert (data.tolist(), taken.tolist()) == (plainly.tolist(), taken_plainly.tolist())
    ends = np.append(0, np.cumsum(taken))[np.cumsum([0, *map(len, documents)])]
    of_rank = np.arange(40_001, dtype=np.int32)[::-1].copy()
    into = np.zeros(len(data), dtype=np.int32)
    assert kernel.runs is not None
    counts = kernel.runs.decode_runs(data, np.diff(ends), of_rank, into)
    plain, plain_counts = decode(data, np.diff(ends))
    assert counts.tolist() == plain_counts.tolist()
    assert into[: len(plain)].tolist() == of_rank.take(plain).tolist()


@pytest.mark.usefixtures("built_kernels")
@pytest.mark.parametrize(
    "data",
    [[5], [128], [5, 200], [1, 128, 128, 128, 128, 0], [128 + 4, 1]],
    ids=["no word", "begun", "goes on", "too long", "beyond"],
)
def test_bytes_that_are_no_words_are_seen_by_the_compiled_loop(data: list[int]) -> None:
    packed, sizes = np.array(data, dtype=np.uint8), np.array([len(data)], dtype=np.int64)
    into = np.zeros(len(data), dtype=np.int32)
    assert kernel.runs is not None
    assert kernel.runs.decode_runs(packed, sizes, np.arange(5, dtype=np.int32), into) is None
    for wrong, room in ((sizes + 1, into), (sizes, into[1:]), (-sizes, into)):
        with pytest.raises(ValueError, match=r"bytes|size"):
            kernel.runs.decode_runs(packed, wrong, np.arange(5, dtype=np.int32), room)


@pytest.mark.usefixtures("built_kernels")
def test_what_has_no_rank_is_refused() -> None:
    assert kernel.runs is not None
    ranks = np.array([0, 1 << 28], dtype=np.uint32)
    for number in (1, 2):
        with pytest.raises(ValueError, match="rank"):
            kernel.runs.encode_runs(np.array([number], dtype=np.uint32), ranks)


@pytest.mark.usefixtures("built_kernels")
def test_compiled_runs_are_those_of_the_plain_form(analyzer: Analyzer) -> None:
    chosen, vocabulary = random.Random(11), Vocabulary(analyzer.words)
    pieces = ("夜经济", "发展", "12", "5g", "gdp", "3.5", "亿", "元", "。", ".", " ", "\n", "㐀", "增长")
    bordered = 0
    for _ in range(cases(2_000)):
        texts = ["".join(chosen.choices(pieces, k=chosen.randrange(9))) for _ in range(chosen.randrange(5))]
        count = chosen.randrange(len(texts) + 1)
        batch = analyzer.index_batch(texts)
        numbers = vocabulary.number(batch.term)
        found = find_runs(batch, numbers, count)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(kernel, "runs", None)
            plainly = find_runs(batch, numbers, count)
        assert found.numbers.tolist() == plainly.numbers.tolist(), texts
        assert found.sizes.tolist() == plainly.sizes.tolist(), texts
        bordered += found.numbers.tolist().count(BORDER) > count
    assert bordered > cases(2_000) / 10


@pytest.mark.usefixtures("built_kernels")
def test_columns_of_tokens_that_cannot_be_are_refused(analyzer: Analyzer) -> None:
    batch = analyzer.index_batch(["发展5g"])
    numbers, bases = batch.term, {"char_base": CHAR_BASE, "atom_base": ATOM_BASE, "first": 0, "last": 9}
    aligned, named = batch.aligned.view(np.uint8), np.ones(1, dtype=np.uint8)
    good = [batch.term, numbers, batch.text, batch.position, aligned, batch.lengths, named, 1]
    assert kernel.runs is not None
    kernel.runs.find_runs(*good, **bases)
    for place, wrong in ((1, numbers[1:]), (2, batch.text + 1), (6, named[1:]), (7, 2), (7, -1)):
        with pytest.raises(ValueError, match=r"columns|ascend|atom|many"):
            kernel.runs.find_runs(*(wrong if at == place else of for at, of in enumerate(good)), **bases)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An index in three segments."""
    monkeypatch.setattr(writer_module, "plan_merges", lambda segments: [])
    files, sources = sorted(SAMPLE.iterdir())[:18], tmp_path / "sources"
    sources.mkdir()
    for n in range(3):
        for file in files[n::3]:
            (sources / file.name).write_bytes(file.read_bytes())
        index_sources([sources], tmp_path / "index", jobs=1)
    monkeypatch.undo()
    return tmp_path / "index"


def count_keywords(folder: Path) -> KeywordsAnswer:
    searcher = open_searcher(folder)
    try:
        return find_keywords(searcher, *SIDES)
    finally:
        searcher.close()


def without_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Segments are opened as if they were written before words were kept."""
    has = MappedFiles.has
    monkeypatch.setattr(MappedFiles, "has", lambda self, ext: ext != EXT and has(self, ext))


def test_an_index_without_words_has_the_same_keywords(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = count_keywords(folder)
    assert kept.keywords
    without_words(monkeypatch)
    searcher = open_searcher(folder)
    assert searcher.collection.at().words([Ask(All())]) is None
    searcher.close()
    assert count_keywords(folder) == kept


def test_merged_segments_have_the_words_of_all(folder: Path, analyzer: Analyzer) -> None:
    before = count_keywords(folder)
    assert len(open_generation(folder, analyzer.fingerprint).segments) == 3
    more = folder.parent / "more"
    more.mkdir()
    (more / "new.txt").write_text("营商环境持续优化，群众满意。\n", "utf-8")
    index_sources([more], folder, jobs=1)
    (merged,) = open_generation(folder, analyzer.fingerprint).segments
    assert merged.word_runs is not None
    (more / "new.txt").unlink()
    index_sources([more], folder, jobs=1, allow_removals=True)
    assert count_keywords(folder) == before


def test_what_is_merged_without_words_has_none(
    folder: Path, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = folder.parent / "more"
    more.mkdir()
    (more / "new.txt").write_text("营商环境持续优化，群众满意。\n", "utf-8")
    with monkeypatch.context() as patch:
        without_words(patch)
        index_sources([more], folder, jobs=1)
    (merged,) = open_generation(folder, analyzer.fingerprint).segments
    assert merged.word_runs is None
    verify(folder, analyzer.fingerprint)
    assert count_keywords(folder).keywords


def test_a_number_that_is_no_word_is_damage(folder: Path, analyzer: Analyzer) -> None:
    data = open_generation(folder, analyzer.fingerprint).segments[0]
    assert data.word_runs is not None
    data.word_runs.words = data.word_runs.words[:3]
    docs = np.arange(data.doc_count)
    with pytest.raises(IndexDamaged):
        list(data.word_runs.iter_runs(docs))
    into = np.zeros(data.word_runs.most_words(docs), dtype=np.int32)
    with pytest.raises(IndexDamaged):
        list(data.word_runs.iter_numbers(docs, np.arange(1 << 20, dtype=np.int32), into))
