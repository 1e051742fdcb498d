"""Occurrences sorted through the disk, and unpacked: whatever memory there is, the same posting lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from search.embedded import kernel
from search.embedded.writing import segment_writer
from search.embedded.writing.analysis import DOC_SHIFT, POSITION_SHIFT, TERM_LIMIT, TERM_SHIFT
from search.embedded.writing.occurrences import sort_occurrences
from search.embedded.writing.spool import Spool

U64 = NDArray[np.uint64]


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    made = Spool(tmp_path)
    yield made
    made.close()
    assert list(tmp_path.iterdir()) == []


def pack(terms: NDArray[np.int64], chance: np.random.Generator) -> U64:
    """An occurrence of each term, in documents and at places that are drawn; no two are the same."""
    count = len(terms)
    docs = chance.integers(0, 300, count).astype(np.uint64)
    places = (np.arange(count) % 997).astype(np.uint64)
    aligned = chance.integers(0, 2, count).astype(np.uint64)
    keys: U64 = (
        terms.astype(np.uint64) << np.uint64(TERM_SHIFT)
        | docs << np.uint64(DOC_SHIFT)
        | places << np.uint64(POSITION_SHIFT)
        | aligned
    )
    return np.unique(keys)


def few_terms(chance: np.random.Generator) -> NDArray[np.int64]:
    """Most occurrences are of one term, more than are read ahead."""
    return np.where(chance.random(60_000) < 0.9, 7, chance.integers(0, 20, 60_000))


def many_terms(chance: np.random.Generator) -> NDArray[np.int64]:
    return chance.integers(0, 20_000, 60_000)


def one_term(chance: np.random.Generator) -> NDArray[np.int64]:
    return np.full(9_000, 3)


def last_terms(chance: np.random.Generator) -> NDArray[np.int64]:
    return TERM_LIMIT - 1 - chance.integers(0, 3, 9_000)


@pytest.mark.parametrize("terms_of", [few_terms, many_terms, one_term, last_terms])
@pytest.mark.parametrize("capacity", [500, 5_000, 1 << 20])
def test_slices_are_all_of_them_sorted_and_hold_whole_terms(
    spool: Spool,
    terms_of: Callable[[np.random.Generator], NDArray[np.int64]],
    capacity: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("search.embedded.writing.occurrences._SLICE", 4_096)
    monkeypatch.setattr("search.embedded.writing.external_sort._LEAST_READ", 64)
    chance = np.random.default_rng(capacity)
    keys = pack(terms_of(chance), chance)
    occurrences = sort_occurrences(spool, capacity)
    for part in np.array_split(chance.permutation(keys), 37):
        occurrences.take(len(part))[:] = part
    slices = list(occurrences.iter_slices())
    assert (np.concatenate(slices) == keys).all()
    of_slices = [np.unique(of_slice >> np.uint64(TERM_SHIFT)) for of_slice in slices]
    for before, behind in pairwise(of_slices):
        assert before[-1] < behind[0]
    assert list(occurrences.iter_slices()) == []


def test_more_at_once_than_there_is_room_for_are_taken(spool: Spool) -> None:
    occurrences = sort_occurrences(spool, 10)
    for begin in (0, 100, 150):
        occurrences.take(50)[:] = np.arange(begin, begin + 50, dtype=np.uint64)[::-1]
    assert np.concatenate(list(occurrences.iter_slices())).tolist() == [*range(50), *range(100, 200)]


def test_what_is_put_away_is_read_as_it_was(spool: Spool) -> None:
    arrays = [
        np.arange(9, dtype=dtype)[::step] for dtype in (np.uint64, np.uint16, np.uint8) for step in (1, 3)
    ]
    pieces = [spool.put(array) for array in arrays]
    for piece, array in zip(pieces, arrays, strict=True):
        assert spool.read(piece).dtype == array.dtype
        assert spool.read(piece).tolist() == array.tolist()
        assert spool.read(piece, 1, 3).tolist() == array[1:3].tolist()
        assert spool.read(piece, 2, 99).tolist() == array[2:].tolist()
    assert spool.read(spool.put(arrays[0][:0])).tolist() == []


@pytest.mark.usefixtures("built_kernels")
@pytest.mark.parametrize("terms_of", [few_terms, many_terms, one_term, last_terms])
def test_loop_unpacks_as_numpy_does(
    terms_of: Callable[[np.random.Generator], NDArray[np.int64]], monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = np.random.default_rng(5)
    for keys in (pack(terms_of(chance), chance), np.zeros(0, dtype=np.uint64)):
        numbers, chunk = segment_writer.unpack(keys)
        with monkeypatch.context() as without:
            without.setattr(kernel, "occurrences", None)
            plain_numbers, plain = segment_writer.unpack(keys)
        assert numbers.tolist() == plain_numbers.tolist()
        for name in ("df", "docs", "weights", "positions", "cf"):
            made, expected = getattr(chunk, name), getattr(plain, name)
            assert made.dtype == expected.dtype
            assert made.tolist() == expected.tolist()


@pytest.mark.parametrize("most", [1, 50, 1 << 20])
def test_titles_are_written_out_in_slices_of_whole_terms(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment_writer, "_SPREAD", most)
    chance = np.random.default_rng(most)
    begins = chance.integers(0, 90, 200)
    runs = np.stack([chance.integers(0, 20, 200), begins, begins + chance.integers(1, 9, 200)]).astype(
        np.uint32
    )
    expected: dict[int, set[int]] = {}
    for term, begin, end in runs.T.tolist():
        expected.setdefault(term, set()).update(range(begin, end))
    found: list[tuple[int, list[int]]] = []
    for of_slice in segment_writer.iter_term_runs(runs):
        numbers, chunk = segment_writer.spread(of_slice)
        parts = np.split(chunk.docs, np.cumsum(chunk.df)[:-1])
        found += [(number, docs.tolist()) for number, docs in zip(numbers.tolist(), parts, strict=True)]
    assert found == [(term, sorted(expected[term])) for term in sorted(expected)]
    assert list(segment_writer.iter_term_runs(runs[:, :0])) == []
