"""The compiled loops against plain Python and against NumPy, and against lists that were damaged."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from search import open_searcher
from search.answer.rerank import feature_scoring
from search.answer.rerank.feature_scoring import observe, score, score_all
from search.answer.rerank.paragraph_reader import ReadParagraph
from search.answer.rerank.query_features import QUESTION, TOPIC, Feature, Kind, QueryFeatures
from search.answer.searcher import Searcher
from search.collection import Ranked, StoredParagraph
from search.compiled import MODULES
from search.embedded import kernel
from search.embedded.arrays import ArrayFile
from search.embedded.bridges import LAST_PLACE, LENGTH_SHIFT
from search.embedded.matches import Matches, union
from search.embedded.postings import FieldPostings
from search.embedded.postings_layout import ALIGNED, BITMAP, CHUNKED, MAX_POSITION, RAW, RUNS
from search.embedded.sorted_numbers import find_in
from search.embedded.span_choice import choose_places
from search.embedded.term_lookup import POSITION_BITS
from search.errors import IndexDamaged
from search.language.statistics import place_lines
from search.language.text import Analyzer
from search.language.text.phrases import compete
from search.model import FacetValue, Query, SearchResult
from tests.cases import cases
from tests.search.embedded.test_codec import chunk_of, written

K1 = 1.2
SIZE = 400_000
KINDS = (RAW, CHUNKED, RUNS, BITMAP)


pytestmark = pytest.mark.usefixtures("built_kernels")


@pytest.fixture
def numpy_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "postings", None)
    monkeypatch.setattr(kernel, "page", None)
    monkeypatch.setattr(feature_scoring, "_COMPILED", None)


# Lists


def documents(kind: int, chance: random.Random) -> list[int]:
    """Documents that the writer keeps in one of its ways; close enough that lists meet."""
    if kind == RAW:
        return sorted(chance.sample(range(150_000), chance.randrange(1, 500)))
    if kind == CHUNKED:
        return sorted(chance.sample(range(200_000), chance.randrange(600, 9_000)))
    if kind == RUNS:
        starts = chance.sample(range(0, 150_000, 500), 60)
        return sorted(doc for start in starts for doc in range(start, start + chance.randrange(60, 400)))
    return sorted(chance.sample(range(chance.randrange(90_000), 100_000), 4_000))


class Lists:
    """Posting lists of every kind, as they are kept and as plain Python."""

    def __init__(self, chance: random.Random, kinds: list[int], *, constant: bool = False) -> None:
        self.lists = [documents(kind, chance) for kind in kinds]
        drawn = [sorted(chance.sample(range(40), chance.randint(1, 4))) for _ in range(1_000)]
        self.positions = [chance.choices(drawn, k=len(docs)) for docs in self.lists]
        codes = [4] if constant else range(1, 16)
        weights = [chance.choices(codes, k=len(docs)) for docs in self.lists]
        flat = np.array([weight for of_term in weights for weight in of_term], dtype=np.uint8)
        texts = [f"词{number:03d}".encode() for number in range(len(kinds))]
        self.field: FieldPostings = written(texts, chunk_of(self.lists, flat, self.positions))
        rng = np.random.default_rng(chance.randrange(1 << 30))
        self.lengths: NDArray[np.uint8] = rng.integers(0, 256, SIZE, dtype=np.uint8)
        self.table: NDArray[np.float32] = rng.random(16 * 256, dtype=np.float32)
        self.norm: NDArray[np.float32] = rng.random(256, dtype=np.float32) + np.float32(0.1)
        self.scoring = kernel.postings.Scoring(self.lengths, self.table, self.norm, K1)  # type: ignore[union-attr]
        self.codes = [dict(zip(docs, of, strict=True)) for docs, of in zip(self.lists, weights, strict=True)]

    def word(self, terms: list[int], factor: float) -> list[tuple[Any, int, Any, float]]:
        longest_first = sorted(terms, key=lambda number: -len(self.lists[number]))
        return [(self.field.compiled, number, self.scoring, factor) for number in longest_first]

    def score(self, number: int, doc: int, factor: float) -> np.float32:
        length, constant = self.lengths[doc], self.field.constant_weight(number)
        if constant is not None:
            line = np.float32(constant) + self.norm[length]
            return np.float32(np.float32(constant * (K1 + 1)) / line * np.float32(factor))
        return np.float32(self.table[self.codes[number][doc] << 8 | int(length)] * np.float32(factor))


SEEDS = st.integers(0, 1 << 30).map(random.Random)
KIND_LISTS = st.lists(st.sampled_from(KINDS), min_size=1, max_size=6)


@given(KIND_LISTS, st.booleans(), SEEDS)
@settings(max_examples=cases(25), deadline=None)
def test_words_meet_as_sets_do_and_score_as_the_formula_says(
    kinds: list[int], constant: bool, chance: random.Random
) -> None:
    lists = Lists(chance, kinds, constant=constant)
    numbers = list(range(len(kinds)))
    words = (
        [[number] for number in numbers]
        if chance.random() < 0.5
        else [numbers[:2], *([numbers[2:]] if numbers[2:] else [])]
    )
    docs, scores = kernel.postings.match_words([lists.word(word, 1.5) for word in words])  # type: ignore[union-attr]
    wanted = set.intersection(*({doc for number in word for doc in lists.lists[number]} for word in words))
    assert docs.tolist() == sorted(wanted)
    sums = [
        sum(
            float(lists.score(number, doc, 1.5))
            for word in words
            for number in word
            if doc in lists.codes[number]
        )
        for doc in docs.tolist()
    ]
    np.testing.assert_allclose(scores, sums, rtol=1e-5)
    if all(len(word) == 1 for word in words):
        unscored = kernel.postings.match_words([lists.word(word, 0) for word in words], scored=False)  # type: ignore[union-attr]
        assert unscored[0].tolist() == docs.tolist()
        assert unscored[1] is None


@given(KIND_LISTS, SEEDS)
@settings(max_examples=cases(25), deadline=None)
def test_a_word_is_looked_up_in_any_documents(kinds: list[int], chance: random.Random) -> None:
    lists = Lists(chance, kinds)
    near = [doc for docs in lists.lists for doc in chance.sample(docs, min(len(docs), 300))]
    asked = np.array(sorted({*near, *chance.sample(range(SIZE), 200)}), dtype=np.int64)
    numbers = list(range(len(kinds)))
    mask, scores = kernel.postings.probe_word(lists.word(numbers, 0.7), asked)  # type: ignore[union-attr]
    has = [any(doc in lists.codes[number] for number in numbers) for doc in asked.tolist()]
    assert mask.dtype == np.bool_
    assert mask.tolist() == has
    sums = [
        sum(float(lists.score(number, doc, 0.7)) for number in numbers if doc in lists.codes[number])
        for doc in asked[mask].tolist()
    ]
    np.testing.assert_allclose(scores, sums, rtol=1e-5)


@given(KIND_LISTS, SEEDS)
@settings(max_examples=cases(25), deadline=None)
def test_a_bonus_adds_to_the_scores_of_those_that_have_it(kinds: list[int], chance: random.Random) -> None:
    lists, postings = Lists(chance, [RAW, *kinds]), kernel.postings
    assert postings is not None
    numbers = list(range(1, len(kinds) + 1))
    words, bonuses = [lists.word([0], 1.5)], [lists.word(numbers[:2], 0.4), [], lists.word(numbers[2:], 0.2)]
    docs, scores = postings.match_words(words)
    for bonus in bonuses:
        mask, more = postings.probe_word(bonus, docs)
        scores[mask] += more
    found, together = postings.match_words(words, bonuses)
    assert found.tolist() == docs.tolist()
    assert together.tolist() == scores.tolist()


@given(st.lists(st.sampled_from(KINDS), min_size=1, max_size=2), SEEDS)
@settings(max_examples=cases(25), deadline=None)
def test_occurrences_are_counted_as_they_are_listed(kinds: list[int], chance: random.Random) -> None:
    lists = Lists(chance, kinds)
    some = {doc for docs in lists.lists for doc in chance.sample(docs, min(len(docs), 400))}
    own, postings = lists.field.compiled, kernel.postings
    assert postings is not None
    close = lists.lists[0][:: chance.randrange(1, 9)]  # Several between two marks, and few
    for docs in (some, set(), close, {*some, *lists.lists[0]}, range(SIZE)):
        asked = np.array(sorted(docs), dtype=np.int64)
        spots = postings.string_places([(own, 0, 0)], asked)[1]
        assert postings.count_occurrences(own, 0, asked) == len(spots)


@given(KIND_LISTS, st.booleans(), SEEDS)
@settings(max_examples=cases(25), deadline=None)
def test_occurrences_are_counted_while_words_meet(
    kinds: list[int], constant: bool, chance: random.Random
) -> None:
    lists, postings = Lists(chance, kinds, constant=constant), kernel.postings
    assert postings is not None
    words = [lists.word([number], 1.5) for number in range(len(kinds))]
    *met, said = postings.match_and_count(words, [lists.word([0], 0.4)])
    for found, wanted in zip(met, postings.match_words(words, [lists.word([0], 0.4)]), strict=True):
        assert found.tolist() == wanted.tolist()
    places = (dict(zip(docs, of, strict=True)) for docs, of in zip(lists.lists, lists.positions, strict=True))
    total = sum(len(of[doc]) for of in places for doc in met[0].tolist())
    assert said == (total if len(kinds) > 1 else None)
    several = postings.match_and_count([*words, lists.word([0, 1], 1.0)]) if len(kinds) > 1 else [None]
    assert several[-1] is None


@given(st.lists(st.sampled_from(KINDS), min_size=3, max_size=3), SEEDS)
@settings(max_examples=cases(25), deadline=None)
def test_a_phrase_passes_over_its_bridges_alone(kinds: list[int], chance: random.Random) -> None:
    lists = Lists(chance, kinds)
    places = [dict(zip(docs, of, strict=True)) for docs, of in zip(lists.lists, lists.positions, strict=True)]
    asked = sorted({doc for docs in lists.lists for doc in chance.sample(docs, min(len(docs), 800))})
    gaps: list[dict[tuple[int, int], tuple[int, int, int]]] = []
    for _ in kinds[1:]:
        drawn = {(doc, chance.randrange(1, 40)) for doc in chance.choices(asked, k=3_000)}
        gaps.append(
            {
                of: (chance.randrange(1, 4), chance.randrange(10, 60), chance.randrange(25))
                for of in sorted(drawn)
            }
        )
    wanted = []
    for doc in asked:
        for begin in places[0].get(doc, ()):
            end, latest, earliest, crosses = begin + 1, 1 << 30, 0, False
            for number, gap in enumerate(gaps, 1):
                if (doc, end) in gap:
                    length, late, early = gap[doc, end]
                    latest, earliest, crosses = min(latest, late), max(earliest, early), True
                    end += length
                if end not in places[number].get(doc, ()):
                    break
                end += 1
            else:
                if crosses and begin <= latest and end >= earliest:
                    wanted.append((doc << POSITION_BITS | begin, doc << POSITION_BITS | end))
    columns = [
        tuple(
            np.array(column, dtype=np.int64) for column in zip(*((*of, *gap[of]) for of in gap), strict=True)
        )
        for gap in gaps
    ]
    strings = [(1, [(lists.field.compiled, number, 0)]) for number in range(len(kinds))]
    found = kernel.postings.bridged_places(strings, columns, np.array(asked, dtype=np.int64))  # type: ignore[union-attr]
    assert list(zip(*(column.tolist() for column in found), strict=True)) == wanted


@given(SEEDS)
@settings(max_examples=cases(60), deadline=None)
def test_two_characters_stand_across_the_bridges_that_are_kept_by_them(chance: random.Random) -> None:
    assert kernel.postings is not None
    size, longest = chance.randrange(40), chance.choice([3, 3, 4])
    docs = np.array(sorted(chance.choices(range(30), k=size)), dtype=np.uint32)
    places = np.array(
        [chance.randrange(1, 60) | chance.randrange(1, longest + 1) % 4 << LENGTH_SHIFT for _ in docs],
        dtype=np.uint16,
    )
    limits = np.array([chance.choice([LAST_PLACE, 30, 0]) for _ in range(2 * size)], dtype=np.uint16)
    limits = limits if chance.random() < 0.7 else limits[:0]
    which = np.array(sorted(chance.sample(range(size), chance.randrange(size + 1))), dtype=np.int64)
    among = chance.choice([None, np.array(sorted(chance.sample(range(30), 12)), dtype=np.int64)])
    wanted: list[tuple[int, int]] = []
    is_long = False
    for at in which.tolist():
        doc, place, length = int(docs[at]), int(places[at]) & MAX_POSITION, int(places[at]) >> LENGTH_SHIFT
        if among is not None and doc not in among:
            continue
        if not length:
            is_long = True
            break
        begin, end = place - 1, place + length + 1
        if not len(limits) or (begin <= limits[2 * at] and end >= limits[2 * at + 1]):
            wanted.append((doc << POSITION_BITS | begin, doc << POSITION_BITS | end))
    found = kernel.postings.places_of_two(docs, places, limits, which, among, length_shift=LENGTH_SHIFT)
    assert (None if found is None else list(zip(*(of.tolist() for of in found), strict=True))) == (
        None if is_long else wanted
    )


SETS = st.lists(st.tuples(st.sets(st.integers(0, 2_000)), st.booleans()), max_size=4)


@given(SETS, st.sampled_from([2_001, 100_000]), SEEDS)
@settings(max_examples=cases(60), deadline=None)
def test_unions_are_the_same_with_numpy(
    sets: list[tuple[set[int], bool]], size: int, chance: random.Random
) -> None:
    rng = np.random.default_rng(chance.randrange(1 << 30))
    found = [
        Matches(np.array(sorted(docs), dtype=np.int64), rng.random(len(docs), np.float32) if scored else None)
        for docs, scored in sets
    ]
    compiled = union(found, size)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "postings", None)
        plain = union(found, size)
    assert compiled.docs.tolist() == plain.docs.tolist() == sorted(set[int]().union(*(of for of, _ in sets)))
    assert (compiled.scores is None) == (plain.scores is None)
    if compiled.scores is not None and plain.scores is not None:
        assert compiled.scores.tolist() == plain.scores.tolist()


@given(KIND_LISTS, st.booleans(), SEEDS)
@settings(max_examples=cases(25), deadline=None)
def test_strings_stand_where_all_their_terms_do(
    kinds: list[int], constant: bool, chance: random.Random
) -> None:
    lists = Lists(chance, kinds, constant=constant)
    offsets = [0, *(chance.randrange(1, 4) for _ in kinds[1:])]
    tokens = [(lists.field.compiled, number, offset) for number, offset in enumerate(offsets)]
    near = sorted({doc for docs in lists.lists for doc in chance.sample(docs, min(len(docs), 800))})
    mask, spots = kernel.postings.string_places(tokens, np.array(near, dtype=np.int64))  # type: ignore[union-attr]
    places = [dict(zip(docs, of, strict=True)) for docs, of in zip(lists.lists, lists.positions, strict=True)]
    wanted = [
        at << POSITION_BITS | position
        for at, doc in enumerate(near)
        for position in places[0].get(doc, ())
        if all(position + offset in places[number].get(doc, ()) for number, offset in enumerate(offsets))
    ]
    assert spots.tolist() == wanted
    assert np.flatnonzero(mask).tolist() == sorted({spot >> POSITION_BITS for spot in wanted})


@pytest.mark.parametrize("is_new", [True, False])
@pytest.mark.parametrize("apart", [1, 2, 31, 32, 33, 700, 30_000])
def test_occurrences_are_found_however_far_apart_documents_are(is_new: bool, apart: int) -> None:
    chance, postings = random.Random(apart), kernel.postings
    assert postings is not None
    lists = [sorted(chance.sample(range(200_000), count)) for count in (9_000, 60_000)]
    positions = [[list(range(chance.choice([1, 1, 2, 70]))) for _ in docs] for docs in lists]
    field = written([b"a", b"b"], chunk_of(lists, None, positions))
    is_used = postings.use_new_instructions(is_new)
    try:
        for number, (docs, of_docs) in enumerate(zip(lists, positions, strict=True)):
            asked = np.array(docs[chance.randrange(apart) % 5 :: apart], dtype=np.int64)
            mask, spots = postings.string_places([(field.compiled, number, 0)], asked)
            assert mask.all()
            said = np.bincount(spots >> POSITION_BITS, minlength=len(asked)).tolist()
            wanted = dict(zip(docs, map(len, of_docs), strict=True))
            assert said == [wanted[doc] for doc in asked.tolist()]
    finally:
        postings.use_new_instructions(True)
    assert is_new or not is_used


@given(KIND_LISTS, SEEDS)
@settings(max_examples=cases(25), deadline=None)
def test_a_string_may_have_a_term_more_than_once(kinds: list[int], chance: random.Random) -> None:
    lists = Lists(chance, kinds)
    numbers = [chance.randrange(len(kinds)) for _ in range(4)]
    tokens = [(lists.field.compiled, number, offset) for offset, number in enumerate(numbers)]
    near = sorted({doc for docs in lists.lists for doc in chance.sample(docs, min(len(docs), 800))})
    mask, spots = kernel.postings.string_places(tokens, np.array(near, dtype=np.int64))  # type: ignore[union-attr]
    places = [dict(zip(docs, of, strict=True)) for docs, of in zip(lists.lists, lists.positions, strict=True)]
    wanted = [
        at << POSITION_BITS | position
        for at, doc in enumerate(near)
        for position in places[numbers[0]].get(doc, ())
        if all(position + offset in places[number].get(doc, ()) for offset, number in enumerate(numbers))
    ]
    assert spots.tolist() == wanted
    assert np.flatnonzero(mask).tolist() == sorted({spot >> POSITION_BITS for spot in wanted})


@given(KIND_LISTS, SEEDS)
@settings(max_examples=cases(25), deadline=None)
def test_places_of_a_range_of_terms_are_those_of_each(kinds: list[int], chance: random.Random) -> None:
    lists = Lists(chance, kinds)
    first = chance.randrange(len(kinds))
    near = sorted({doc for docs in lists.lists for doc in chance.sample(docs, min(len(docs), 800))})
    asked = np.array(near, dtype=np.int64)
    spots, lengths = kernel.postings.places_of_terms(lists.field.compiled, first, len(kinds), asked)  # type: ignore[union-attr]
    wanted: list[int] = []
    for number in range(first, len(kinds)):
        wanted += kernel.postings.string_places([(lists.field.compiled, number, 0)], asked)[1].tolist()  # type: ignore[union-attr]
    assert spots.tolist() == wanted
    assert set(lengths.tolist()) <= {4}  # 词000


@given(KIND_LISTS, SEEDS)
@settings(max_examples=cases(15), deadline=None)
def test_terms_and_their_documents_are_found_as_without(kinds: list[int], chance: random.Random) -> None:
    field = Lists(chance, kinds).field
    asked = [b"", "词".encode(), "词9".encode(), *(field.term(number) for number in range(len(kinds)))]
    found = [field.ceiling(term) for term in asked]
    docs = [field.docs(number).tolist() for number in range(len(kinds))]
    field.compiled = None
    assert [field.ceiling(term) for term in asked] == found
    assert [field.docs(number).tolist() for number in range(len(kinds))] == docs


def test_words_of_all_documents_add_up_in_the_order_in_which_they_are_given() -> None:
    chance = random.Random(3)
    size = 2_000
    field, scoring = small_lists(chance, size, [size, 900, size, 400, 90, 80])
    words = [[0, 1], [2, 3], [4, 5]]  # The first two are as common as can be, whatever their terms add up to.
    given = [[(field.compiled, number, scoring, 1.3) for number in word] for word in words]
    docs, scores = kernel.postings.match_words(given)  # type: ignore[union-attr]
    of_word = [np.zeros(size, dtype=np.float32) for _ in words]
    for word, sums in zip(given, of_word, strict=True):
        mask, found = kernel.postings.probe_word(word, np.arange(size, dtype=np.int64))  # type: ignore[union-attr]
        sums[mask] = found
    assert scores.tolist() == ((of_word[2] + of_word[0]) + of_word[1])[docs].tolist()


def test_a_string_is_found_where_a_bitmap_of_equal_weights_has_it() -> None:
    chance = random.Random(4)
    docs = sorted(chance.sample(range(20_000), 9_000))
    positions = [[chance.randrange(3)] for _ in docs]
    field = written([b"a"], chunk_of([docs], None, [positions]))
    assert int(field.info["encoding"][0]) & 3 == BITMAP
    assert field.constant_weight(0) is not None
    asked = chance.sample(range(20_000), 3_000)
    mask, spots = kernel.postings.string_places(  # type: ignore[union-attr]
        [(field.compiled, 0, 0)], np.array(sorted(asked), dtype=np.int64)
    )
    place_of = dict(zip(docs, positions, strict=True))
    assert mask.tolist() == [doc in place_of for doc in sorted(asked)]
    wanted = [place_of[doc][0] for doc in sorted(asked) if doc in place_of]
    assert (spots & ((1 << POSITION_BITS) - 1)).tolist() == wanted


def test_a_string_of_bitmaps_has_room_for_the_rarest_alone() -> None:
    """The commoner comes first; what is written behind the room of the rarest ends the process sooner or later."""
    chance, postings = random.Random(5), kernel.postings
    assert postings is not None
    common = sorted(chance.sample(range(20_000), 14_000))
    rare = sorted(chance.sample(common, 6_000))
    positions = [[[number]] * len(docs) for number, docs in enumerate((common, rare))]
    field = written([b"a", b"b"], chunk_of([common, rare], None, positions))
    assert {int(how) & 3 for how in field.info["encoding"]} == {BITMAP}
    tables = np.ones(16 * 256, dtype=np.float32), np.ones(256, dtype=np.float32)
    scoring = postings.Scoring(np.zeros(20_000, dtype=np.uint8), *tables, K1)
    tokens = [(field.compiled, number, scoring, 1.0, number) for number in range(2)]
    for _ in range(300):
        assert postings.match_string(tokens)[1].tolist() == rare


def small_lists(chance: random.Random, size: int, counts: list[int]) -> tuple[FieldPostings, Any]:
    """Posting lists of a segment of `size` documents, and how they are scored there."""
    lists = [sorted(chance.sample(range(size), count)) for count in counts]
    weights = np.array([chance.randrange(1, 16) for docs in lists for _ in docs], dtype=np.uint8)
    positions = [[[chance.randrange(9)] for _ in docs] for docs in lists]
    field = written([b"%d" % number for number in range(len(lists))], chunk_of(lists, weights, positions))
    rng = np.random.default_rng(7)
    lengths = rng.integers(0, 256, size, dtype=np.uint8)
    tables = rng.random(16 * 256, dtype=np.float32), rng.random(256, dtype=np.float32) + np.float32(0.1)
    return field, kernel.postings.Scoring(lengths, *tables, K1)  # type: ignore[union-attr]


@pytest.mark.parametrize("seed", range(cases(40)))
def test_a_damaged_list_is_an_error_or_another_list_never_a_crash(seed: int) -> None:
    chance = random.Random(seed)
    lists = Lists(chance, [chance.choice(KINDS) for _ in range(3)])
    info = {name: array.copy() for name, array in lists.field.info.items()}
    data = lists.field.file.bytes.copy()
    text, starts = np.frombuffer(lists.field._text, dtype=np.uint8), lists.field._starts.copy()
    for _ in range(chance.randrange(1, 30)):
        spoilt = chance.choice(
            [data, starts.view(np.uint8), *(array.view(np.uint8) for array in info.values())]
        )
        spoilt[chance.randrange(len(spoilt))] = chance.choice([0, 1, 0x7F, 0xFF])
    postings = kernel.postings.Postings(info, data, text, starts)  # type: ignore[union-attr]
    attempt_all(postings, lists.scoring, chance)


@pytest.mark.parametrize("seed", range(cases(24)))
def test_a_list_that_is_cut_short_after_it_was_asked_for_ends_nothing(seed: int) -> None:
    """Of what a file was cut by zeros are read; what was held against the file before stays as it was."""
    chance = random.Random(seed)
    lists = Lists(chance, [chance.choice(KINDS) for _ in range(3)])
    info = {name: array.copy() for name, array in lists.field.info.items()}
    data, text = lists.field.file.bytes.copy(), np.frombuffer(lists.field._text, dtype=np.uint8)
    postings = kernel.postings.Postings(info, data, text, lists.field._starts)  # type: ignore[union-attr]
    attempt_all(postings, lists.scoring, chance)
    of_terms = [array.view(np.uint8) for array in info.values()]
    for cut in chance.choice([[data], of_terms, [info["df"].view(np.uint8)], [data, *of_terms]]):
        cut[chance.choice([0, len(cut) // 3]) :] = 0
    attempt_all(postings, lists.scoring, chance)


def attempt_all(postings: Any, scoring: Any, chance: random.Random) -> None:
    """Ask all that can be asked of three lists; an error is an answer."""
    asked = np.array(sorted(chance.sample(range(SIZE), 3_000)), dtype=np.int64)
    terms = [(postings, number, scoring, 1.0) for number in range(3)]
    tokens = [(postings, number, number) for number in range(3)]
    attempts: tuple[Callable[[], object], ...] = (
        lambda: kernel.postings.match_words([[term] for term in terms]),  # type: ignore[union-attr]
        lambda: kernel.postings.match_words([terms]),  # type: ignore[union-attr]
        lambda: kernel.postings.probe_word(terms, asked),  # type: ignore[union-attr]
        lambda: kernel.postings.string_places(tokens, asked),  # type: ignore[union-attr]
        lambda: kernel.postings.places_of_terms(postings, 0, 3, asked),  # type: ignore[union-attr]
        *(lambda number=number: postings.docs(number) for number in range(3)),
        lambda: postings.ceiling("词001".encode()),
        lambda: best_sums([[term] for term in terms], 9, SIZE),
        lambda: best_sums([terms[:1]], 9, SIZE),
    )
    for attempt in attempts:
        with suppress(IndexDamaged, ValueError, IndexError, MemoryError):
            attempt()


def spoilt(
    field: FieldPostings, info: dict[str, tuple[int, int]], data: dict[int, tuple[str, int]] | None = None
) -> Any:
    """The lists of a field, some numbers changed: in the file by their place there, of the terms by their numbers.

    Args:
        info: name -> (term, what is added).
        data: place in bytes -> (dtype, number).
    """
    arrays = {name: array.copy() for name, array in field.info.items()}
    for name, (term, more) in info.items():
        arrays[name][term] = int(arrays[name][term]) + more
    file = field.file.bytes.copy()
    for at, (dtype, number) in (data or {}).items():
        file[at : at + np.dtype(dtype).itemsize].view(dtype)[0] = number
    return kernel.postings.Postings(arrays, file, np.frombuffer(field._text, dtype=np.uint8), field._starts)  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_whose_numbers_stand_across_their_borders_is_refused(kind: int) -> None:
    lists = Lists(random.Random(kind), [kind])
    for name in ("docs_at", "values_at"):
        with pytest.raises(IndexDamaged, match=r"borders.*--rebuild"):
            kernel.postings.string_places(  # type: ignore[union-attr]
                [(spoilt(lists.field, {name: (0, 1)}), 0, 0)], np.array(lists.lists[0], dtype=np.int64)
            )


def test_a_list_whose_documents_begin_too_seldom_is_refused() -> None:
    field, _ = small_lists(random.Random(5), 20_000, [4_000])
    at = int(field.info["values_at"][0])
    positions = field.file.bytes[at : at + 128].view("<u2")
    within = {at + 2 * number: ("<u2", int(positions[number]) & 0x7FFF) for number in range(4, 64)}
    broken = spoilt(field, {}, within)
    every = np.arange(20_000, dtype=np.int64)
    with pytest.raises(IndexDamaged):  # they would have more occurrences than there is room for
        kernel.postings.places_of_terms(broken, 0, 1, every)  # type: ignore[union-attr]
    with pytest.raises(IndexDamaged):
        kernel.postings.string_places([(broken, 0, 0)], every)  # type: ignore[union-attr]


def test_documents_behind_a_lists_last_are_not_found() -> None:
    field, scoring = small_lists(random.Random(5), 3_000, [300])
    at = int(field.info["docs_at"][0])
    postings = spoilt(field, {}, {at + 4 * 299: ("<u4", 1 << 31)})
    asked = np.array([0, 1 << 31, 1 << 40], dtype=np.int64)
    mask, _ = kernel.postings.probe_word([(postings, 0, scoring, 1.0)], asked)  # type: ignore[union-attr]
    assert not mask[1:].any()
    with pytest.raises(IndexDamaged, match="order"):
        postings.docs(0)


def test_a_bitmap_that_ends_elsewhere_than_its_last_document_is_refused() -> None:
    field, scoring = small_lists(random.Random(6), 2_000, [600, 700])
    assert (field.info["encoding"] & 3).tolist() == [BITMAP, BITMAP]
    last = int(field.info["last"][0])
    assert last & 63 < 63
    words = kernel.postings.match_words  # type: ignore[union-attr]
    for name, more in (("last", 1), ("last", -1)):
        with pytest.raises(IndexDamaged, match="last"):
            words([[(spoilt(field, {name: (0, more)}), number, scoring, 1.0)] for number in (0, 1)])


def test_a_list_out_of_order_gives_a_string_no_documents_but_its_own() -> None:
    wrong = [50, 7, 90, 3, 20, 60, 8, 95, 30, 40]
    field, scoring = small_lists(random.Random(8), 100, [10])
    at = int(field.info["docs_at"][0])
    assert int(field.info["encoding"][0]) & 3 == RAW
    for seed in range(300):
        random.Random(seed).shuffle(wrong)
        data = {at + 4 * place: ("<u4", doc) for place, doc in enumerate(wrong)}
        postings = spoilt(field, {"last": (0, 95 - int(field.info["last"][0]))}, data)
        mask, spots = kernel.postings.string_places([(postings, 0, 0)], np.arange(96, dtype=np.int64))  # type: ignore[union-attr]
        assert set(np.flatnonzero(mask).tolist()) <= set(wrong)
        assert (np.diff(spots) > 0).all()
        with pytest.raises(
            IndexDamaged, match="order"
        ):  # All of its documents are read for those of a string.
            kernel.postings.match_string([(postings, 0, scoring, 1.0, 0)])  # type: ignore[union-attr]


def test_a_list_has_no_more_documents_than_there_are() -> None:
    field = Lists(random.Random(2), [RUNS]).field
    at, runs = int(field.info["docs_at"][0]), int(field.info["runs"][0])
    more = 1 << 31
    length = int(field.file.read("<u4", at, 2 * runs)[-1])
    postings = spoilt(field, {"df": (0, more)}, {at + 8 * runs - 4: ("<u4", length + more)})
    with pytest.raises(IndexDamaged, match="more documents"):
        postings.docs(0)


def test_what_can_not_be_asked_is_an_error() -> None:
    field, scoring = small_lists(random.Random(9), 2_000, [600, 40])
    own, few = field.compiled, np.array([1, 2], dtype=np.int64)
    postings, far = kernel.postings, 1 << 40
    bridges = np.zeros(2, dtype=np.uint32), np.ones(2, dtype=np.uint16), np.zeros(0, dtype=np.uint16)
    assert postings is not None
    attempts: tuple[Callable[[], object], ...] = (
        lambda: postings.match_words([]),
        lambda: postings.match_words([[(None, 0, scoring, 1.0)]]),
        lambda: postings.match_words([[(own, 0, None, 1.0)]]),
        lambda: postings.match_words([[(own, 0, None, 1.0), (own, 1, None, 1.0)]], scored=False),
        lambda: postings.match_words([[]], scored=False),
        lambda: postings.probe_word([(own, 0, None, 1.0)], few),
        lambda: postings.probe_word([(own, 0, scoring, 1.0)], np.array([-far, 1], dtype=np.int64)),
        lambda: postings.string_places([], few),
        lambda: postings.count_occurrences(own, 0, np.array([-far, 1], dtype=np.int64)),
        lambda: postings.bridged_places([(1, [(own, 0, 0)])], [], few),
        lambda: postings.bridged_places([(1, [(own, 0, 0)]), (1, [])], [(few,) * 5], few),
        lambda: postings.bridged_places([(1, [(own, 0, 0)])] * 2, [(few, few, few, few, few[:1])], few * 300),
        lambda: postings.bridged_places([(1, [(None, 0, 0)])] * 2, [(few,) * 5], few),
        lambda: postings.places_of_two(*bridges, few, None, length_shift=14),
        lambda: postings.places_of_two(*bridges, few - 2, None, length_shift=14),
        lambda: postings.places_of_two(*bridges[:2], bridges[1][:1], few[:0], None, length_shift=14),
        lambda: postings.places_of_two(bridges[0], *bridges[2:] * 2, few[:0], None, length_shift=14),
        lambda: postings.unite(few, np.zeros(1, dtype=np.float32), few, np.zeros(2, dtype=np.float32)),
        lambda: postings.string_places([(own, 0, 0)], np.array([-far, 1], dtype=np.int64)),
        lambda: postings.string_places([(None, 0, 0)], few),
        lambda: postings.string_places([(own, 0, -far)], np.arange(2_000, dtype=np.int64)),
        lambda: postings.Postings({**field.info, "cf": field.info["cf"][:1]}, *[few.view(np.uint8)] * 3),
    )
    for attempt in attempts:
        with pytest.raises((IndexDamaged, ValueError, IndexError, AttributeError)):
            attempt()
    for number in (2, -1, far, -far):
        with pytest.raises(IndexError):
            own.docs(number)
        with pytest.raises(IndexError):
            postings.string_places([(own, number, 0)], few)
        with pytest.raises(IndexError):
            postings.probe_word([(own, number, scoring, 1.0)], few)
        with pytest.raises(IndexError):
            postings.count_occurrences(own, number, few)
        with pytest.raises(IndexError):
            postings.bridged_places([(1, [(own, number, 0)])] * 2, [(few,) * 5], few)
    with pytest.raises(TypeError):
        postings.count_occurrences(None, 0, few)


# Building


@pytest.mark.thorough
def test_what_was_compiled_of_older_source_does_not_stay_where_compiling_fails(tmp_path: Path) -> None:
    root = Path(__file__).parents[3]
    shutil.copy(root / "setup.py", tmp_path)
    for name in MODULES:
        source = tmp_path / f"{name.replace('.', '/')}.pyx"
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_text("one = 1\n", encoding="utf-8")
    older = tmp_path / "search" / "embedded" / "kernel" / f"_page{sysconfig.get_config_var('EXT_SUFFIX')}"
    older.write_text("one = 1\n", encoding="utf-8")
    command = [sys.executable, "setup.py", "build_ext", "--inplace"]
    subprocess.run(command, cwd=tmp_path, env={**os.environ, "CC": "false"}, check=True, capture_output=True)
    assert not older.exists()


@pytest.mark.parametrize("shift", [0, 1, 2, 4])
def test_a_file_that_lies_anywhere_in_memory_is_read(shift: int) -> None:
    field = Lists(random.Random(shift), list(KINDS)).field
    docs = [field.docs(number).tolist() for number in range(len(KINDS))]
    room = np.zeros(len(field.file.bytes) + 16, dtype=np.uint8)
    begin = -room.ctypes.data % 8 + shift
    room[begin : begin + len(field.file.bytes)] = field.file.bytes
    moved = ArrayFile(memoryview(room.data)[begin : begin + len(field.file.bytes)])
    again = FieldPostings(FakeTerms(field), moved, 0)  # type: ignore[arg-type]
    assert (again.compiled is None) == bool(shift)
    assert [again.docs(number).tolist() for number in range(len(KINDS))] == docs


class FakeTerms:
    """The arrays of a field that was opened already."""

    def __init__(self, field: FieldPostings) -> None:
        self._arrays: dict[str, NDArray[Any]] = {
            "text": np.frombuffer(field._text, dtype=np.uint8),
            "starts": field._starts,
            **field.info,
        }

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self._arrays[name.partition(".")[2]]


# Pages


def columns_of(size: int, *, place: Any) -> Any:
    """The columns of a segment whose documents have a text and a combination each."""
    texts = np.arange(size, dtype=np.uint32)
    assert kernel.page is not None
    return kernel.page.Columns(
        texts.astype(np.uint16),
        place,
        texts,
        texts,
        np.ones(size, dtype=np.uint8),
        np.zeros(0, dtype=np.int64),
    )


SHOWN = (("title", "list"), ("正文", "附件"), (*[number / 100 for number in range(255)], None))
"""What the numbers of kinds, parts and confidences stand for."""


class KeptTexts:
    """Texts in blocks, each block as it is: what compresses nothing."""

    def __init__(self, blocks: list[list[str]], verified: list[bool] | None = None) -> None:
        self.texts = [text for block in blocks for text in block]
        packed = ["".join(block).encode("utf-8", "surrogatepass") for block in blocks]
        sizes = [len(text.encode("utf-8", "surrogatepass")) for text in self.texts]
        ends = np.cumsum([0, *map(len, packed)])
        data = np.frombuffer(b"".join(packed) + b" ", dtype=np.uint8)
        flags = [True] * (len(data) // 8 + 1) if verified is None else verified
        assert kernel.page is not None
        self.unpacked: list[bytes] = []
        self.compared: list[tuple[int, int]] = []
        self.layout = kernel.page.TextLayout(
            np.cumsum([0, *map(len, blocks)])[:-1].astype(np.uint32),
            ends.astype(np.uint64),
            np.cumsum([0, *sizes])[:-1].astype(np.uint32),
            np.array(sizes, dtype=np.uint32),
            data,
            np.array(flags, dtype=np.uint8),
            3,
        )

    def verify(self, blocks: list[tuple[int, int]]) -> None:
        self.compared += blocks

    def unpack(self, block: memoryview) -> bytes:
        self.unpacked.append(bytes(block))
        return bytes(block)


@given(st.data(), SEEDS)
@settings(max_examples=cases(150), deadline=None)
def test_paragraphs_are_read_as_a_plain_reading_reads_them(
    data: st.DataObject, chance: random.Random
) -> None:
    """In the order of their refs, the headings above them outermost first; of another segment's refs none."""
    page, part = kernel.page, 5 << 32
    assert page is not None
    of_block = st.lists(st.text(max_size=5), min_size=1, max_size=4)
    kept = KeptTexts(
        [[text or "字" for text in of] for of in data.draw(st.lists(of_block, min_size=1, max_size=9))]
    )
    size = len(kept.texts)
    parents = [
        chance.choice((0xFFFFFFFF, chance.randrange(doc))) if doc else 0xFFFFFFFF for doc in range(size)
    ]
    first = sorted({0, *chance.sample(range(size), chance.randrange(size))})
    report_of = [sum(begin <= doc for begin in first) - 1 for doc in range(size)]
    codes = [[chance.randrange(most) for _ in range(size)] for most in (2, 2, 256)]
    columns = [np.array(column, dtype=np.uint32) for column in (parents, report_of, first)]
    columns += [np.array(column, dtype=np.uint8) for column in codes]
    paragraphs = page.Paragraphs(kept.layout, *columns, StoredParagraph, *SHOWN)

    def path(doc: int) -> tuple[str, ...]:
        above = parents[doc]
        return () if above == 0xFFFFFFFF else (*path(above), kept.texts[above])

    reports = {number: f"report {number}" for number in range(len(first))}
    docs = [chance.randrange(size) for _ in range(chance.randrange(40))]
    refs = [part | doc for doc in docs]
    read = paragraphs.read(refs, part, reports, kept.unpack, kept.verify)
    assert read == [
        (
            part | doc,
            doc - first[report_of[doc]] + 1,
            reports[report_of[doc]],
            SHOWN[0][codes[0][doc]],
            path(doc),
            kept.texts[doc],
            SHOWN[1][codes[1][doc]],
            SHOWN[2][codes[2][doc]],
        )
        for doc in docs
    ]
    assert all(type(row) is StoredParagraph for row in read)
    assert len(kept.unpacked) <= len({bytes(block) for block in kept.unpacked}) + size
    for other in (part - 1, part + size, 0, 1 << 62):
        assert paragraphs.read([*refs, other], part, reports, kept.unpack, kept.verify) is None


def paragraphs_of(kept: KeptTexts, **changed: list[int]) -> Any:
    """Paragraphs of one report, under no headings."""
    size = len(kept.texts)
    columns: dict[str, list[int]] = {
        "parents": [0xFFFFFFFF] * size,
        "report_of": [0] * size,
        "first": [0],
        "kinds": [0] * size,
        "parts": [0] * size,
        "ocr": [255] * size,
        **changed,
    }
    given = [
        np.array(column, dtype=np.uint8 if name in ("kinds", "parts", "ocr") else np.uint32)
        for name, column in columns.items()
    ]
    assert kernel.page is not None
    return kernel.page.Paragraphs(kept.layout, *given, StoredParagraph, *SHOWN)


def test_checksums_of_texts_are_compared_before_these_are_unpacked() -> None:
    kept = KeptTexts([["甲", "乙"], ["丙丁"], ["戊"]], [True, False])
    paragraphs = paragraphs_of(kept, parents=[0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 2])
    assert len(paragraphs.read([0], 0, {0: None}, kept.unpack, kept.verify)) == 1
    assert kept.compared == []
    (read,) = paragraphs.read([3], 0, {0: None}, kept.unpack, kept.verify)
    assert (read.text, read.heading) == ("戊", ("丙丁",))
    assert kept.compared == [(6, 12), (12, 15)]
    kept.unpacked.clear()

    def refuse(blocks: list[tuple[int, int]]) -> None:
        raise OSError(blocks)

    with pytest.raises(OSError, match=r"6, 12"):
        paragraphs.read([3], 0, {0: None}, kept.unpack, refuse)
    assert kept.unpacked == []


def test_paragraphs_that_may_be_damaged_are_left_to_the_plain_form() -> None:
    kept = KeptTexts([["甲", "乙"], ["丙"]])
    assert len(paragraphs_of(kept).read([0, 2], 0, {0: None}, kept.unpack, kept.verify)) == 2
    assert paragraphs_of(kept).read([], 0, {}, kept.unpack, kept.verify) == []
    nowhere = 0xFFFFFFFF
    for changed in (
        {"parents": [nowhere, nowhere, 2]},  # led back to itself
        {"parents": [1, nowhere, 0]},  # led to what stands behind it
        {"parents": [nowhere, nowhere, 9]},
        {"kinds": [0, 0, 2]},
        {"parts": [0, 0, 9]},
    ):
        assert paragraphs_of(kept, **changed).read([2], 0, {0: None}, kept.unpack, kept.verify) is None
    with pytest.raises(KeyError):
        paragraphs_of(kept).read([0], 0, {}, kept.unpack, kept.verify)
    for unpack in (lambda _: b"", lambda _: b"\xff" * 9):
        with pytest.raises(ValueError, match=r"beyond|decode"):
            paragraphs_of(kept).read([0], 0, {0: None}, unpack, kept.verify)
    for changed in (
        {"report_of": [0, 0, 1]},
        {"parents": [nowhere]},
        {"kinds": [0]},
        {"parts": [0]},
        {"ocr": [0]},
        {"report_of": [0]},
    ):
        with pytest.raises(IndexError):
            paragraphs_of(kept, **changed)
    with pytest.raises(TypeError):
        paragraphs_of(kept).read([None], 0, {0: None}, kept.unpack, kept.verify)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 999)), max_size=400), st.integers(0, 40))
@settings(max_examples=cases(200), deadline=None)
def test_the_first_are_those_of_a_whole_sort(rows: list[tuple[int, int]], wanted: int) -> None:
    docs = np.arange(len(rows), dtype=np.int64) * 2
    scores = np.array([score for score, _ in rows], dtype=np.float32) / 4
    places = np.zeros(2 * len(rows), dtype=np.uint32)
    places[docs] = [1000 * place + number for number, (_, place) in enumerate(rows)]
    columns = columns_of(len(places), place=places)
    found = columns.best_first(docs, scores, wanted)
    order = np.lexsort((places[docs], -scores))[:wanted]
    assert found.tolist() == order.tolist()
    ranked = columns.rank(Ranked, docs, scores, 1 << 32, wanted // 3, wanted)
    assert ranked == [
        Ranked((1 << 32) + int(docs[at]), float(scores[at])) for at in order[wanted // 3 :].tolist()
    ]
    assert all(type(row) is Ranked for row in ranked)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 5), st.booleans()), max_size=80), st.booleans())
@settings(max_examples=cases(200), deadline=None)
def test_values_are_counted_and_listed_as_by_hand(rows: list[tuple[int, int, bool]], by_count: bool) -> None:
    places = np.array([place for place, _, _ in rows], dtype=np.int64)
    counts = np.array([count for _, count, _ in rows], dtype=np.int64)
    allowed = np.array([is_allowed for _, _, is_allowed in rows], dtype=bool)
    values, chosen = tuple("abcdefghij"), [3, 7]
    totals = [sum(count for at, count, ok in rows if ok and at == place) for place in range(10)]
    shown = [place for place in range(10) if totals[place] or place in chosen]
    if by_count:
        shown.sort(key=lambda place: -totals[place])
    wanted = tuple(FacetValue(values[place], totals[place], place in chosen) for place in shown)
    assert kernel.page is not None
    axis = kernel.page.FacetAxis(FacetValue, values, places, by_count)
    behind = (FacetValue("k", 0, True),)
    listed = kernel.page.list_facets(
        counts, [("one", axis, allowed, chosen, ()), ("all", axis, None, [], behind)]
    )
    found = listed["one"]
    assert found == wanted
    assert listed["all"][-1:] == behind
    assert {value: count for value, count, _ in listed["all"][:-1]} == {
        values[place]: total
        for place in range(10)
        if (total := sum(count for at, count, _ in rows if at == place))
    }
    assert hash(found) == hash(wanted)
    assert all(type(value) is FacetValue and type(value.selected) is bool for value in found)


@given(SEEDS, st.booleans())
@settings(max_examples=cases(60), deadline=None)
def test_documents_are_tallied_as_by_counting(chance: random.Random, is_wide: bool) -> None:
    page = kernel.page
    assert page is not None
    choice = chance.choice(((0, 1, 2, 30), (1,), (0, 1, 300)))
    sizes = [chance.choice(choice) for _ in range(chance.choice((1, 7, 90, 900)))]
    text_of = [text for text, size in enumerate(sizes) for _ in range(size)]
    size = len(text_of)
    docs, repeated = (
        sorted(chance.sample(range(size), chance.choice((0, min(size, 4), size // 20, size // 2, size))))
        for _ in range(2)
    )
    if chance.random() < 0.3:  # Whole stretches, and between them so many that numbers of texts end alike.
        begins = range(chance.randrange(3), size, chance.choice((255, 256, 257)) + 40)
        docs = [doc for begin in begins for doc in range(begin, min(begin + 40, size))]
    alike = [
        chance.choice((None, chance.randrange(5))) for _ in sizes
    ]  # Whole texts of one combination, and others.
    combination = [chance.randrange(5) if alike[text] is None else alike[text] for text in text_of]
    is_report = [chance.randrange(2) for _ in sizes]
    counts = np.zeros(5, dtype=np.int64)
    first = np.cumsum([0, *sizes[:-1]]).astype(np.uint32)
    columns = page.Columns(
        np.array(combination, dtype=np.uint32 if is_wide else np.uint16),
        np.zeros(size, dtype=np.uint32),
        np.array(text_of, dtype=np.uint32),
        first,
        np.array(is_report, dtype=np.uint8),
        np.array(repeated, dtype=np.int64),
    )
    given = np.array(docs, dtype=np.int64)
    allowed = np.array([chance.random() < 0.5 for _ in range(5)])
    *found, kept = columns.tally(given, counts, allowed)
    assert columns.tally(given, None) == (*found, None)
    assert kept.tolist() == [at for at, doc in enumerate(docs) if allowed[combination[doc]]]
    chosen, _ = columns.select(given, None, allowed)
    assert given.take(kept).tolist() == chosen.tolist()
    texts = {text_of[doc] for doc in docs}
    assert found == [sum(is_report[text] for text in texts), len(texts), len({*docs} & {*repeated})]
    assert counts.tolist() == [sum(combination[doc] == number for doc in docs) for number in range(5)]


def test_a_page_of_what_is_not_there_is_an_error() -> None:
    page, far = kernel.page, 1 << 40
    assert page is not None
    three, combination = np.zeros(3, dtype=np.int64), np.array([0, 1, 2], dtype=np.uint16)
    places, scores = np.arange(3, dtype=np.uint32), np.zeros(1, dtype=np.float32)
    blocks, bounds = np.array([1], dtype=np.uint32), np.array([0, 9], dtype=np.uint64)
    flags, texts = np.ones(3, dtype=np.uint8), np.arange(3, dtype=np.uint32)

    def facet(
        places: Any = three,
        *,
        counts: Any = three,
        allowed: Any = None,
        chosen: Any = (),
        kind: Any = FacetValue,
    ) -> Any:
        axis = page.FacetAxis(kind, ("a", "b"), places, True)
        return page.list_facets(counts, [("a", axis, allowed, chosen, ())])

    every = np.ones(3, dtype=bool)
    given = (combination, places, texts, places, flags, three[:0])
    columns = page.Columns(*given)
    file = flags, flags, 12
    for docs in (np.array([doc], dtype=np.int64) for doc in (-far, -1, 3, far)):
        for function, *others in (
            (columns.tally, three.copy()),
            (columns.best_first, scores, 1),
            (columns.select, None, every),
            (page.TextLayout(blocks * 0, bounds, places, places, *file).read, bytes, True),
            (page.TextLayout(blocks * 0, bounds, places, places, *file).blocks,),
        ):
            with pytest.raises(IndexError):
                function(docs, *others)
    one = np.array([1], dtype=np.int64)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: columns.tally(one, three[:1].copy()),
        lambda: page.Columns(combination[:1], *given[1:]),
        lambda: page.Columns(*given[:3], places + 2, *given[4:]).tally(np.array([0, 1]), three.copy()),
        lambda: page.Columns(*given[:4], flags[:1], three[:0]),
        lambda: page.Columns(combination, places, texts + 1, *given[3:]),
        lambda: columns.select(one, None, np.ones(1, dtype=bool)),
        lambda: columns.select(one, scores[:0], every),
        lambda: columns.best_first(one, scores[:0], 1),
        lambda: facet(three + far),
        lambda: facet(three - far),
        lambda: facet(three[:2]),
        lambda: facet(counts=three[:2]),
        lambda: columns.rank(Ranked, one, scores[:0], 0, 0, 1),
        lambda: facet(allowed=np.ones(1, dtype=bool)),
        lambda: facet(chosen=[far]),
        lambda: facet(chosen=[-1]),
        lambda: page.TextLayout(blocks, bounds, places, places, *file),
        lambda: page.TextLayout(blocks[:0], bounds, places, places, *file),
        lambda: page.TextLayout(np.array([0, 2, 1], np.uint32), bounds.repeat(2), places, places, *file),
        lambda: page.TextLayout(blocks, bounds[:1], places, places, *file),
        lambda: page.TextLayout(blocks, bounds, places, places[:1], *file),
    )
    for attempt in attempts:
        with pytest.raises(IndexError):
            attempt()
    with pytest.raises(TypeError):
        facet(kind=int)
    for axis in (three, None):
        with pytest.raises(TypeError):
            page.list_facets(three, [("a", axis, None, (), ())])
    with pytest.raises(TypeError):
        columns.rank(dict, one, scores, 0, 0, 1)


@given(st.data(), SEEDS)
@settings(max_examples=cases(150), deadline=None)
def test_texts_are_read_as_a_plain_reading_reads_them(data: st.DataObject, chance: random.Random) -> None:
    """Once all of the file that their blocks touch was compared; neighbours' blocks are unpacked once."""
    text = st.text(max_size=6)
    blocks = data.draw(st.lists(st.lists(text, min_size=1, max_size=4), min_size=1, max_size=5))
    blocks = [[text or "字" for text in block] for block in blocks] * chance.choice((1, 1, 40))
    bounds = np.cumsum([0, *[len("".join(block).encode("utf-8", "surrogatepass")) for block in blocks]])
    block_of = [number for number, of_block in enumerate(blocks) for _ in of_block]
    verified = [chance.random() > 0.2 for _ in range(int(bounds[-1] - 1) // 8 + chance.choice((0, 1, 1, 1)))]
    kept = KeptTexts(blocks, verified)
    docs = sorted(chance.sample(range(len(kept.texts)), chance.randrange(len(kept.texts) + 1)))
    numbers = np.array(docs, dtype=np.int64)
    of_docs = [block_of[doc] for doc in docs]
    assert kept.layout.blocks(numbers) == [(bounds[number], bounds[number + 1]) for number in of_docs]
    touched = {at // 8 for number in of_docs for at in range(bounds[number], bounds[number + 1])}
    is_verified = all(number < len(verified) and verified[number] for number in touched)
    wanted = [kept.texts[doc] for doc in docs]
    assert kept.layout.read(numbers, kept.unpack, False) == (wanted if is_verified else None)
    kept.unpacked.clear()
    assert kept.layout.read(numbers, kept.unpack, True) == wanted
    assert len(kept.unpacked) == len(set(of_docs))


@given(st.lists(st.integers(0, 90)), SEEDS)
@settings(max_examples=cases(100), deadline=None)
def test_keys_are_where_a_plain_search_finds_them(numbers: list[int], chance: random.Random) -> None:
    page, step = kernel.page, chance.choice((1, 7, 1 << 40))
    assert page is not None
    of_keys = sorted(number * step for number in {*numbers, *range(0, chance.choice((0, 90)), 2)})
    starts = sorted(chance.choices(range(1_000), k=len(of_keys) + 1))
    places = page.SortedKeys(np.array(of_keys, dtype=np.uint64), np.array(starts, dtype=np.uint32))
    for key in range(0, 92 * step, step):
        at = of_keys.index(key) if key in of_keys else -1
        assert places.find(key) == at
        assert places.span(key) == (None if at < 0 else tuple(starts[at : at + 2]))
    with pytest.raises(IndexError):
        page.SortedKeys(np.zeros(2, dtype=np.uint64), np.zeros(2, dtype=np.uint32))
    with pytest.raises(ValueError, match="starts"):
        page.SortedKeys(np.zeros(2, dtype=np.uint64)).span(0)


# Partial matches


def best_sums(words: list[Any], count: int, size: int, **more: Any) -> tuple[list[int], list[float]]:
    """The best documents of a segment, whose places go against their numbers; twice, for the room is used again."""
    room = kernel.postings.Room()  # type: ignore[union-attr]
    given = {
        "combination": np.zeros(size, dtype=np.uint16),
        "place": np.arange(size, dtype=np.uint32)[::-1],
        **more,
    }
    place = np.ascontiguousarray(given.pop("place"))
    found = [kernel.postings.best_sums(words, count, place, room, **given) for _ in range(2)]  # type: ignore[union-attr]
    assert [column.tolist() for column in found[0]] == [column.tolist() for column in found[1]]
    docs, sums = found[0]
    assert (docs.dtype, sums.dtype) == (np.int64, np.float32)
    return docs.tolist(), sums.tolist()


@given(KIND_LISTS, st.sampled_from([1, 5, 60, 3_000]), st.booleans(), st.booleans(), st.booleans(), SEEDS)
@settings(max_examples=cases(60), deadline=None)
def test_the_best_sums_are_those_of_all_sums(
    kinds: list[int], count: int, constant: bool, some_deleted: bool, in_places: bool, chance: random.Random
) -> None:
    lists = Lists(chance, kinds, constant=constant)
    rng = np.random.default_rng(chance.randrange(1 << 30))
    live = rng.random(SIZE) > 0.2 if some_deleted else None
    combination = rng.integers(0, 5, SIZE).astype(chance.choice([np.uint16, np.uint32]))
    placed = np.array([0, 0.5, -np.inf, 0.2, 0], dtype=np.float32) if in_places else None
    place = rng.permutation(SIZE).astype(np.uint32)
    if chance.random() < 0.5:  # many equal sums
        lists.table[:] = np.round(lists.table, 1)
        lists.scoring = kernel.postings.Scoring(lists.lengths, lists.table, lists.norm, K1)  # type: ignore[union-attr]
    factors = [chance.choice([0.5, 1.0, 3.0]) for _ in kinds]
    sums = np.zeros(SIZE, dtype=np.float32)
    for number, factor in enumerate(factors):
        docs = lists.lists[number]
        sums[docs] += np.array([lists.score(number, doc, factor) for doc in docs], dtype=np.float32)
    seen = np.flatnonzero(sums)
    left_out = [
        np.array(sorted(chance.sample(seen.tolist(), min(len(seen), few))), dtype=np.int64)
        for few in (3, 0, 9)
    ]
    for gone in left_out:
        sums[gone] = 0
    if live is not None:
        sums[~live] = 0
    if placed is not None:
        sums = np.where(sums > 0, sums + placed[combination], 0)
    ordered = [doc for doc in np.lexsort((place, -sums)).tolist()[:count] if sums[doc] > 0]
    words = [lists.word([number], factor) for number, factor in enumerate(factors)]
    found = best_sums(
        words, count, SIZE, place=place, live=live, combination=combination, placed=placed, left_out=left_out
    )
    assert found == (sorted(ordered), [float(sums[doc]) for doc in sorted(ordered)])


def test_a_long_list_is_asked_for_the_documents_of_short_ones() -> None:
    field, scoring = small_lists(random.Random(3), 20_000, [5, 3, 9_000])
    words = [[(field.compiled, number, scoring, 1.0)] for number in range(3)]
    sums = np.zeros(20_000, dtype=np.float32)
    for word in words:
        docs, scores = kernel.postings.match_words([word])  # type: ignore[union-attr]
        sums[docs] += scores
    for count in (2, 50):
        best = sorted(np.lexsort((-np.arange(20_000), -sums))[:count].tolist())
        assert best_sums(words, count, 20_000)[0] == best


def test_the_best_sums_keep_to_their_segment() -> None:
    field, scoring = small_lists(random.Random(4), 3_000, [300, 400])
    words = [[(field.compiled, number, scoring, 1.0)] for number in (0, 1)]
    last = int(field.info["last"].max())
    with pytest.raises(IndexDamaged):
        best_sums(words, 5, last)
    for wrong in (
        {"combination": np.zeros(9, dtype=np.uint16)},
        {"live": np.ones(9, dtype=bool)},
        {"combination": np.full(3_000, 9, dtype=np.uint16), "placed": np.zeros(5, dtype=np.float32)},
        {"left_out": [None]},
    ):
        with pytest.raises((ValueError, IndexError, TypeError)):
            best_sums(words, 5, 3_000, **wrong)
    for count in (0, -1, -(1 << 40)):
        with pytest.raises(ValueError, match="one at least"):
            best_sums(words, count, 3_000)
    with pytest.raises(ValueError, match="one term"):
        best_sums([words[0] + words[1]], 5, 3_000)
    everything = sorted(set(field.docs(0).tolist()) | set(field.docs(1).tolist()))
    assert best_sums(words, 1 << 60, 3_000)[0] == everything
    assert best_sums([], 5, 3_000) == ([], [])


def test_lists_out_of_order_have_no_best_sums() -> None:
    field, scoring = small_lists(random.Random(8), 3_000, [40, 50])
    at = int(field.info["docs_at"][0])
    assert int(field.info["encoding"][0]) & 3 == RAW
    first = int(field.docs(0)[0])
    for doc in (0, 2_999, 1 << 20):
        postings = spoilt(field, {}, {at + 4 * 20: ("<u4", doc)})
        assert doc != first
        with pytest.raises(IndexDamaged, match="order"):
            best_sums([[(postings, number, scoring, 1.0)] for number in (0, 1)], 99, 3_000)


ALPHABET = "乡村振兴社区a5。;, \n𠮷"
"""Few characters, so that strings repeat and overlap; one of each width in memory."""
KINDS_OF_PARTS: list[Kind] = ["word", "number", "name", "pair", "character", "inner_character"]


def text_of(chance: random.Random, most: int, signs: str = ALPHABET) -> str:
    return "".join(chance.choice(signs) for _ in range(chance.randrange(most)))


@given(SEEDS)
@settings(max_examples=cases(300), deadline=None)
def test_paragraphs_weigh_what_they_weigh_part_by_part(chance: random.Random) -> None:
    letters = ALPHABET.translate(dict.fromkeys(map(ord, "。;, \n")))
    texts = tuple(text_of(chance, 14) for _ in range(chance.randrange(4)))
    parts = []
    for _ in range(chance.randrange(12)):
        forms = tuple(text_of(chance, 4, letters) + "村" for _ in range(chance.choice([0, 0, 1, 3])))
        term = text_of(chance, 4, letters) + chance.choice(letters)
        parts.append(Feature(term, chance.choice(KINDS_OF_PARTS), 1.0, 7 * chance.random(), forms))
    parameters = replace(chance.choice([TOPIC, QUESTION]), opening_chars=chance.choice([10, 200]))
    wanted = QueryFeatures(texts, tuple(parts), (), True, True, parameters)
    passages = [
        ReadParagraph(
            text_of(chance, chance.choice([5, 60, 400]), chance.choice([ALPHABET, "a5 ;", letters])),
            text_of(chance, 12),
            chance.choice(["", place_lines("乡村市", "振兴省"), "\n" + text_of(chance, 5)]),
            chance.random() < 0.3,
        )
        for _ in range(12)
    ]
    judged = [score(wanted, observe(wanted, passage), 61.3) for passage in passages]
    assert score_all(wanted, passages, 61.3) == [(each.score, each.there) for each in judged]


@pytest.mark.parametrize("term", [";好", ";", "好;", "。。"])
def test_what_begins_with_the_end_of_a_sentence_is_found_once(term: str) -> None:
    parts = (Feature(term, "word", 1.0, 2.5, ("!", term)), Feature(term, "pair", 1.0, 2.5, ()))
    wanted = QueryFeatures((term,), parts, (), True, True, TOPIC)
    passages = [ReadParagraph(text) for text in ("a;好b;好", "。。。;;!", ";", "好;!")]
    judged = [score(wanted, observe(wanted, passage), 9.0) for passage in passages]
    assert score_all(wanted, passages, 9.0) == [(each.score, each.there) for each in judged]


def test_a_run_has_a_worth() -> None:
    with pytest.raises(ValueError, match="longer than any run"):
        feature_scoring._COMPILED.Judge([], ("振兴",), [0.0, 1.0], "。", *[1.0] * 9)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("parts", "texts"),
    [
        ([("振兴",)], ()),
        ([("振兴", (), 0, 1.0)], ()),
        ([("振兴", (None,), 0, 1.0, 1.0)], ()),
        ([("振兴", (b"x",), 0, 1.0, 1.0)], ()),
        ([(None, (), 0, 1.0, 1.0)], ()),
        ([(["振", "兴"], (), 0, 1.0, 1.0)], ()),
        ([("振兴", None, 0, 1.0, 1.0)], ()),
        (iter([("振兴", (), 0, 1.0, 1.0)]), ()),
        ([], (None,)),
        ([], iter(["振兴"])),
    ],
)
def test_what_is_no_part_is_an_error(parts: Any, texts: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        feature_scoring._COMPILED.Judge(parts, texts, [0.0] * 9, "。", *[1.0] * 9)  # type: ignore[union-attr]


# Whole searches


def asked_of(searcher: Searcher, chance: random.Random) -> list[Query]:
    """Words, strings, sentences, fields and filters out of the collection's own texts."""
    texts = [
        p.text
        for report in searcher.reports()
        for p in searcher.report(report.id).paragraphs
        if len(p.text) > 12
    ]
    cities = sorted({report.city for report in searcher.reports() if report.city})
    queries = []
    for number in range(cases(150)):
        text = chance.choice(texts)
        at = chance.randrange(len(text) - 8)
        piece = text[at : at + chance.randrange(1, 8)].replace('"', "").strip() or "营商"
        other = chance.choice(texts)[:4].replace('"', "")
        form = (
            piece,
            f'"{piece}"',
            f"{piece} {other}",
            f'"{piece}" | {other}',
            f"{piece} -{other}",
            f'"{piece} {other}"~40',
            f"title:政协 {piece}",
            f"{text[at : at + 25].replace(chr(34), '')}？",
            f"{piece} {other} {chance.choice(texts)[-6:-1].replace(chr(34), '')}",
        )[number % 9]
        city = (chance.choice(cities),) if number % 3 == 0 else ()
        sort = chance.choice(["relevance", "year", "-year"])
        group = "report" if number % 5 == 0 else ""
        queries.append(Query(form, city=city, sort=sort, group=group, page=1 + number % 2, per_page=7))  # type: ignore[arg-type]
    return queries


def answers(searcher: Searcher, queries: list[Query]) -> list[SearchResult]:
    return [replace(searcher.search(query), took_ms=0.0) for query in queries]


def test_every_answer_is_the_same_without_the_kernels(
    sample_searcher: Searcher, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries = asked_of(sample_searcher, random.Random(11))
    compiled = answers(sample_searcher, queries)
    for name in ("postings", "page"):
        monkeypatch.setattr(kernel, name, None)
    monkeypatch.setattr(feature_scoring, "_COMPILED", None)
    plain = open_searcher(sample_searcher.collection.address, analyzer=analyzer)
    assert answers(plain, queries) == compiled
    plain.close()
    assert sum(result.total for result in compiled) > len(queries) * 10 // 3


# Places


def random_places(chance: random.Random, strings: int) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Of some strings where they stand; some places begin or end together, or touch."""
    found = []
    for _ in range(strings):
        first = sorted(chance.sample(range(600), chance.randrange(0, 80)))
        spots = np.array([chance.randrange(5) << POSITION_BITS | at for at in first], dtype=np.int64)
        spots.sort()
        spots = np.unique(spots)
        found.append((spots, spots + chance.randrange(1, 9)))
    return found


@given(st.integers(1, 4), SEEDS)
@settings(max_examples=cases(60), deadline=None)
def test_occurrences_are_chosen_as_by_definition(strings: int, chance: random.Random) -> None:
    found = random_places(chance, strings)
    spans = [span for first, last in found for span in zip(first.tolist(), last.tolist(), strict=True)]
    first, last = kernel.postings.choose_places(found)  # type: ignore[union-attr]
    assert list(zip(first.tolist(), last.tolist(), strict=True)) == compete(spans)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "postings", None)
        plain = choose_places(found)
    assert [column.tolist() for column in plain] == [first.tolist(), last.tolist()]


@given(SEEDS)
@settings(max_examples=cases(60), deadline=None)
def test_numbers_are_found_among_others_as_without(chance: random.Random) -> None:
    wanted = np.array(sorted(chance.choices(range(300), k=chance.randrange(60))), dtype=np.int64)
    among = np.array(sorted(chance.sample(range(300), chance.randrange(200))), dtype=np.int64)
    found = kernel.postings.find_in(wanted, among)  # type: ignore[union-attr]
    place = {number: at for at, number in enumerate(among.tolist())}
    assert found.tolist() == [place.get(number, -1) for number in wanted.tolist()]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "postings", None)
        assert find_in(wanted, among).tolist() == found.tolist()


@given(KIND_LISTS, st.booleans(), SEEDS)
@settings(max_examples=cases(25), deadline=None)
def test_words_share_a_sentence_as_by_counting(
    kinds: list[int], in_paragraph: bool, chance: random.Random
) -> None:
    lists = Lists(chance, [*kinds, *kinds])
    near = sorted({doc for docs in lists.lists for doc in chance.sample(docs, min(len(docs), 300))})
    numbers = list(range(len(lists.lists)))
    ends = chance.sample(numbers, chance.randrange(3))
    places = [dict(zip(docs, of, strict=True)) for docs, of in zip(lists.lists, lists.positions, strict=True)]
    words, said, compiled = chance.randrange(1, 4), [], lists.field.compiled
    for _ in range(words):
        strings = [
            [
                (number, offset)
                for offset, number in enumerate(chance.choices(numbers, k=chance.randrange(1, 3)))
            ]
            for _ in range(chance.randrange(1, 3))
        ]
        above = None if chance.random() < 0.5 else [chance.random() < 0.3 for _ in near]
        said.append((strings, above))
    wanted = []
    for at, doc in enumerate(near):
        stops = [spot for end in ends for spot in places[end].get(doc, ())]
        sentences = [
            {
                0 if in_paragraph else sum(stop < spot for stop in stops)
                for string in strings
                for spot in places[string[0][0]].get(doc, ())
                if all(spot + offset in places[number].get(doc, ()) for number, offset in string)
            }
            for strings, above in said
            if above is None or not above[at]
        ]
        wanted.append(not sentences or bool(set.intersection(*sentences)))
    given_words = [
        (
            [([(compiled, number, offset) for number, offset in string], False) for string in strings],
            None if above is None else np.array(above, dtype=np.uint8),
        )
        for strings, above in said
    ]
    found = kernel.postings.same_sentence(  # type: ignore[union-attr]
        given_words,
        [(compiled, end) for end in ends],
        np.array(near, dtype=np.int64),
        in_paragraph=in_paragraph,
    )
    assert found.tolist() == wanted


@given(KIND_LISTS, st.booleans(), SEEDS)
@settings(max_examples=cases(25), deadline=None)
def test_a_string_is_found_in_all_of_a_segment_with_its_scores(
    kinds: list[int], constant: bool, chance: random.Random
) -> None:
    lists = Lists(chance, kinds, constant=constant)
    numbers = [chance.randrange(len(kinds)) for _ in range(chance.randrange(1, 4))]
    compiled = lists.field.compiled
    first, docs, scores = kernel.postings.match_string(  # type: ignore[union-attr]
        [(compiled, number, lists.scoring, 0.5 + offset, offset) for offset, number in enumerate(numbers)]
    )
    every = np.array(sorted({doc for of in lists.lists for doc in of}), dtype=np.int64)
    tokens = [(compiled, number, offset) for offset, number in enumerate(numbers)]
    mask, spots = kernel.postings.string_places(tokens, every)  # type: ignore[union-attr]
    low = (1 << POSITION_BITS) - 1
    assert docs.tolist() == every[mask].tolist()
    assert first.tolist() == (every[spots >> POSITION_BITS] << POSITION_BITS | spots & low).tolist()
    factor_of: dict[int, float] = {}
    for offset, number in enumerate(numbers):
        factor_of.setdefault(number, 0.5 + offset)
    sums = np.zeros(len(docs), dtype=np.float32)
    for number in numbers:
        word = [(compiled, number, lists.scoring, factor_of[number])]
        sums += kernel.postings.probe_word(word, docs)[1]  # type: ignore[union-attr]
    assert scores.tolist() == sums.tolist()


def test_only_words_of_the_precise_cut_are_found_where_those_are_asked_for() -> None:
    lists = Lists(random.Random(8), [CHUNKED])
    flags = [[chance % 3 == 0 for chance in of_doc] for of_doc in lists.positions[0]]
    positions = [
        [at | ALIGNED if is_word else at for at, is_word in zip(of_doc, words, strict=True)]
        for of_doc, words in zip(lists.positions[0], flags, strict=True)
    ]
    field = written([b"a"], chunk_of([lists.lists[0]], None, [positions]))
    docs = np.array(lists.lists[0][::3], dtype=np.int64)
    _, spots = kernel.postings.string_places([(field.compiled, 0, 0)], docs, aligned=True)  # type: ignore[union-attr]
    wanted = [
        number << POSITION_BITS | at
        for number, (of_doc, words) in enumerate(zip(lists.positions[0][::3], flags[::3], strict=True))
        for at, is_word in zip(of_doc, words, strict=True)
        if is_word
    ]
    assert spots.tolist() == wanted
