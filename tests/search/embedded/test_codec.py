"""Posting lists come back as they were written, in every encoding; and Whoosh's matcher over them."""

from __future__ import annotations

import io
import random
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import fields, query
from whoosh.filedb.filestore import RamStorage
from whoosh.matching import ReadTooFar

from search.embedded.arrays import ArrayFile, ArrayWriter, DamagedFile
from search.embedded.codec import ArrayCodec, ArraySegment
from search.embedded.postings import FieldPostings
from search.embedded.postings_layout import (
    BITMAP,
    CHUNKED,
    FIRST_OF_DOC,
    POSITION_MASK,
    RAW,
    RUNS,
    STEPS,
    document_starts,
    encode_weights,
    expand_runs,
)
from search.embedded.writing.posting_ranges import read_range
from search.embedded.writing.postings_writer import TermChunk
from search.embedded.writing.terms_writer import TermsWriter
from tests.cases import cases


def written(texts: list[bytes], chunk: TermChunk) -> FieldPostings:
    terms, postings = io.BytesIO(), io.BytesIO()
    terms.close = postings.close = lambda: None  # type: ignore[method-assign]
    out = TermsWriter(terms, postings)
    out.start_field("text")
    out.write(texts, chunk, np.zeros(len(chunk.docs), dtype=np.uint8))
    out.finish_field()
    out.close()
    return FieldPostings(
        ArrayFile(memoryview(terms.getvalue())), ArrayFile(memoryview(postings.getvalue())), 0
    )


def chunk_of(
    lists: list[list[int]], weights: Any = None, positions: list[list[list[int]]] | None = None
) -> TermChunk:
    df = np.array([len(docs) for docs in lists], dtype=np.int64)
    docs = np.array([doc for docs in lists for doc in docs], dtype=np.uint32)
    if weights is None:
        weights = np.full(len(docs), 4, dtype=np.uint8)
    chunk = TermChunk(df, docs, weights)
    if positions is not None:
        flat = [
            place | (FIRST_OF_DOC if number == 0 else 0)
            for of_term in positions
            for of_doc in of_term
            for number, place in enumerate(of_doc)
        ]
        chunk.positions = np.array(flat, dtype=np.uint16)
        chunk.cf = np.array([sum(map(len, of_term)) for of_term in positions], dtype=np.int64)
    return chunk


def big(kind: int, chance: random.Random) -> list[int]:
    if kind == RAW:
        return sorted(chance.sample(range(1 << 30), 40))
    if kind == CHUNKED:
        return sorted(chance.sample(range(400_000), 9_000))
    if kind == RUNS:
        return [doc for start in range(0, 100_000, 1_000) for doc in range(start, start + 100)]
    return sorted(chance.sample(range(70_000, 90_000), 9_000))


@pytest.mark.parametrize("kind", [RAW, CHUNKED, RUNS, BITMAP])
def test_each_encoding_is_chosen_and_gives_the_documents_back(kind: int) -> None:
    docs = big(kind, random.Random(kind))
    field = written([b"a", b"b"], chunk_of([docs, [7]]))
    assert int(field.info["encoding"][0]) & 3 == kind
    assert field.docs(0).tolist() == docs
    assert field.docs(1).tolist() == [7]
    assert (int(field.info["first"][0]), int(field.info["last"][0])) == (docs[0], docs[-1])


LISTS = st.lists(st.sets(st.integers(0, 300_000), min_size=1, max_size=60), min_size=1, max_size=8)


@given(LISTS, st.randoms(use_true_random=False))
@settings(max_examples=cases(120), deadline=None)
def test_any_posting_lists_come_back(sets: list[set[int]], chance: random.Random) -> None:
    lists = [sorted(docs) for docs in sets]
    positions = [
        [sorted(chance.sample(range(POSITION_MASK + 1), chance.randint(1, 5))) for _ in docs]
        for docs in lists
    ]
    weights = np.array([chance.randrange(1, 16) for docs in lists for _ in docs], dtype=np.uint8)
    texts = [f"词{number:04d}".encode() for number in range(len(lists))]
    field = written(texts, chunk_of(lists, weights, positions))
    assert len(field) == len(lists)
    at = 0
    for number, docs in enumerate(lists):
        assert field.term(number) == texts[number]
        assert field.find(texts[number]) == number
        assert field.docs(number).tolist() == docs
        assert field.weights(number).tolist() == STEPS[weights[at : at + len(docs)]].tolist()
        flagged = field.positions(number)
        starts = [*document_starts(flagged).tolist(), len(flagged)]
        found = [(flagged[a:b] & POSITION_MASK).tolist() for a, b in pairwise(starts)]
        assert found == positions[number]
        at += len(docs)
    every, codes, flat = read_range(field, range(len(lists)))
    assert every.tolist() == [doc for of_term in lists for doc in of_term]
    assert codes.tolist() == weights.tolist()
    assert len(flat) == sum(len(of_doc) for of_term in positions for of_doc in of_term)


def test_large_lists_come_back_together() -> None:
    chance = random.Random(3)
    lists = [big(kind, chance) for kind in (RAW, CHUNKED, RUNS, BITMAP)] + [[3], [0, 1, 2]]
    weights = np.array([chance.randrange(1, 16) for docs in lists for _ in docs], dtype=np.uint8)
    field = written([bytes([97 + number]) for number in range(len(lists))], chunk_of(lists, weights))
    docs, codes, _ = read_range(field, range(1, len(lists)))
    assert docs.tolist() == [doc for of_term in lists[1:] for doc in of_term]
    assert codes.tolist() == weights[len(lists[0]) :].tolist()


@pytest.mark.parametrize("kind", [RAW, CHUNKED, RUNS, BITMAP])
@pytest.mark.parametrize("wanted", [0, 1, 40, 3_000, None])
def test_occurrences_of_some_documents_are_those_of_all_documents_there(
    kind: int, wanted: int | None
) -> None:
    chance = random.Random(kind)
    lists = [[5], big(kind, chance), [0, 9]]
    positions = [
        [sorted(chance.sample(range(500), chance.choice([1, 1, 1, 2, 7]))) for _ in docs] for docs in lists
    ]
    field = written([b"a", b"b", b"c"], chunk_of(lists, None, positions))
    for number, of_term in enumerate(positions):
        count = len(of_term) if wanted is None else min(wanted, len(of_term))
        at = sorted(chance.sample(range(len(of_term)), count))
        found, starts = field.occurrences(number, np.array(at, dtype=np.int64))
        assert [found[a:b].tolist() for a, b in pairwise(starts.tolist())] == [of_term[n] for n in at]


def test_places_in_a_bitmap_are_those_of_its_list() -> None:
    chance = random.Random(4)
    docs = big(BITMAP, chance)
    field = written([b"a"], chunk_of([docs]))
    asked = sorted({*chance.sample(docs, 50), *chance.sample(range(60_000, 100_000), 500), docs[0], docs[-1]})
    placed = field.places(0, np.array(asked, dtype=np.int64))
    assert placed is not None
    mask, places = placed
    assert [doc for doc, has in zip(asked, mask.tolist(), strict=True) if has] == sorted(
        set(asked) & set(docs)
    )
    assert [docs[place] for place in places.tolist()] == sorted(set(asked) & set(docs))


def test_terms_that_come_unsorted_are_sorted() -> None:
    field = written([b"b", b"a"], chunk_of([[1], [2, 3]]))
    assert [field.term(number) for number in range(2)] == [b"a", b"b"]
    assert field.docs(0).tolist() == [2, 3]


def test_a_term_that_is_not_there_is_not_found() -> None:
    field = written([b"b", b"d"], chunk_of([[1], [2]]))
    assert [field.find(term) for term in (b"", b"a", b"b", b"c", b"d", b"e")] == [
        None,
        None,
        0,
        None,
        1,
        None,
    ]
    assert [field.ceiling(term) for term in (b"", b"c", b"e")] == [0, 1, 2]


def test_weights_are_the_step_below_and_never_nothing_for_something() -> None:
    quarters = np.arange(200)
    steps = STEPS[encode_weights(quarters)]
    assert (steps <= np.maximum(quarters / 4, 0)).all()
    assert (steps[1:] > 0).all()
    assert (np.diff(steps) >= 0).all()


def test_runs_expand() -> None:
    first, length = np.array([3, 9], dtype=np.uint32), np.array([2, 1], dtype=np.uint32)
    assert expand_runs(first, length).tolist() == [3, 4, 9]


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=8), st.lists(st.integers(0, 2**32 - 1), max_size=20), max_size=6
    )
)
@settings(max_examples=cases(60), deadline=None)
def test_any_arrays_come_back_and_any_altered_byte_is_found(arrays: dict[str, list[int]]) -> None:
    file = io.BytesIO()
    writer = ArrayWriter(file)
    for name, values in arrays.items():
        writer.add(name, np.array(values, dtype=np.uint32))
    writer.finish({"meta": "数据"})
    data = file.getvalue()
    read = ArrayFile(memoryview(data))
    read.check()
    assert read.meta == {"meta": "数据"}
    assert {name: read[name].tolist() for name in arrays} == arrays
    place = random.Random(len(data)).randrange(len(data))
    altered = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
    with pytest.raises(DamagedFile):
        ArrayFile(memoryview(altered)).check()
    with pytest.raises(DamagedFile):
        ArrayFile(memoryview(data[:place]))


# Behind Whoosh's interface


@pytest.fixture
def storage() -> RamStorage:
    """Whoosh's own writer with our codec: 300 documents, every third with "bb"."""
    schema = fields.Schema(
        text=fields.TEXT(phrase=True), tag=fields.KEYWORD(stored=True), n=fields.NUMERIC(stored=True)
    )
    ram = RamStorage()
    index = ram.create_index(schema)
    with index.writer(codec=ArrayCodec()) as writer:
        for number in range(300):
            writer.add_document(
                text="aa " + ("bb bb " if number % 3 == 0 else "cc ") + f"w{number}",
                tag=f"t{number % 7}",
                n=number,
            )
    return ram


def test_whoosh_searches_what_it_wrote_by_our_codec(storage: RamStorage) -> None:
    with storage.open_index().searcher() as searcher:
        assert isinstance(searcher.reader().segment(), ArraySegment)
        found = searcher.search(query.Term("text", "bb"), limit=None)
        assert {hit["n"] for hit in found} == set(range(0, 300, 3))
        phrase = searcher.search(query.Phrase("text", ["bb", "bb", "w27"]), limit=None)
        assert [hit["n"] for hit in phrase] == [27]
        assert searcher.search(query.NumericRange("n", 10, 19), limit=None).estimated_length() == 10
        assert list(searcher.lexicon("tag")) == [f"t{number}".encode() for number in range(7)]


def test_matcher_walks_skips_and_ends(storage: RamStorage) -> None:
    with storage.open_index().searcher() as searcher:
        matcher = searcher.postings("text", "bb")
        assert matcher.id() == 0
        matcher.skip_to(100)
        assert matcher.id() == 102
        twin = matcher.copy()
        matcher.next()
        assert (matcher.id(), twin.id()) == (105, 102)
        assert twin.value_as("positions") == [1, 2]
        assert twin.weight() == 2
        matcher.skip_to(299)
        assert not matcher.is_active()
        with pytest.raises(ReadTooFar):
            matcher.next()
        with pytest.raises(ReadTooFar):
            matcher.skip_to(5)


def test_positions_that_are_too_far_keep_their_own_bytes() -> None:
    """Whoosh's writer may give more than 14 bits; nothing of it is lost."""
    ram = RamStorage()
    index = ram.create_index(fields.Schema(text=fields.TEXT(phrase=True)))
    with index.writer(codec=ArrayCodec()) as writer:
        writer.add_document(text=" ".join(["xx"] * 20_000 + ["end"]))
    with ram.open_index().searcher() as searcher:
        assert searcher.postings("text", "end").value_as("positions") == [20_000]


def test_statistics_are_whoosh_s(storage: RamStorage) -> None:
    with storage.open_index().searcher() as searcher:
        info = searcher.reader().term_info("text", "bb")
        assert (info.doc_frequency(), info.weight(), info.max_weight()) == (100, 200.0, 2.0)
        assert (info.min_id(), info.max_id()) == (0, 297)
