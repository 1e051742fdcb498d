"""Strings of random words, compiled and not, against a list made by counting every string in a dictionary."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from search.instruments import keyword_candidates, repeated_strings
from search.instruments.answers import KeywordSide
from search.instruments.keyword_candidates import rank_strings
from search.instruments.numpy_strings import COLUMNS, LEAST, LONGEST, MOST_WORDS, SHORTEST, NumpyFinder
from search.instruments.repeated_strings import (
    FUNCTION_WORDS,
    NEVER,
    Finder,
    Least,
    Stream,
    Strings,
    iter_repeated,
    make_finder,
)
from search.limits import UNLIMITED, Budget
from tests.cases import cases

TEXTS = ("", "的", "改", "增", "营", "经济", "低空", "发展", "现代化", "新质生产力", "二十国集团", "和")
String = tuple[int, ...]


def random_stream(chance: Random) -> Stream:
    """Reports of a few runs, of which some say what others do."""
    known: list[list[int]] = []
    words: list[int] = [0]
    ends = []
    reports = chance.randrange(1, 9)
    of_reports = min(chance.randrange(5), reports)
    for _ in range(reports):
        for _ in range(chance.randrange(6)):
            run = chance.choice(known) if known and chance.random() < 0.4 else []
            run = run[chance.randrange(3) :] + chance.choices(range(1, len(TEXTS)), k=chance.randrange(12))
            known.append(run)
            words += [*run, 0]
        ends.append(len(words))
    words += [0] * chance.randrange(MOST_WORDS, MOST_WORDS + 3)
    return Stream(np.array(words, dtype=np.int32), np.array(ends, dtype=np.int64), of_reports, TEXTS)


def report_of(stream: Stream, place: int) -> int:
    return bisect_right(stream.ends.tolist(), place)


def iter_strings(words: Sequence[int]) -> Iterator[tuple[int, String]]:
    for begin in range(1, len(words)):
        for end in range(begin + 1, begin + MOST_WORDS + 1):
            string = tuple(words[begin:end])
            if 0 in string or sum(len(TEXTS[word]) for word in string) > LONGEST:
                break
            yield begin, string


def places_of(stream: Stream) -> dict[String, list[int]]:
    """Where each string stands."""
    found: defaultdict[String, list[int]] = defaultdict(list)
    for begin, string in iter_strings(stream.words.tolist()):
        found[string].append(begin)
    return found


def beside(stream: Stream, string: String, places: Sequence[int]) -> list[Counter[int]]:
    """The words before and behind a string."""
    words = stream.words.tolist()
    return [Counter(words[place + offset] for place in places) for offset in (-1, len(string))]


def expected_rows(stream: Stream, least: Least) -> set[tuple[int, ...]]:
    """What `find` has to find, row by row."""
    rows = set()
    for string, places in places_of(stream).items():
        texts = [TEXTS[word] for word in string]
        if len(places) < LEAST or len("".join(texts)) < SHORTEST or {texts[0], texts[-1]} & FUNCTION_WORDS:
            continue
        borders = {number for number, text in enumerate(TEXTS) if not text or text in FUNCTION_WORDS}
        if any(len(words) == 1 and not borders & words.keys() for words in beside(stream, string, places)):
            continue
        reports = Counter(report_of(stream, place) for place in places)
        of = [n for report, n in reports.items() if report < stream.of_reports]
        against = [n for report, n in reports.items() if report >= stream.of_reports]
        is_new, is_gone = not against and len(of) >= least.new, not of and len(against) >= least.gone
        if sum(of) >= least.key or is_new or is_gone:
            alone = [] if of else against
            counts = [sum(of), len(of), max(of, default=0), sum(against), len(alone), max(alone, default=0)]
            rows.add((min(places), len(string), *counts))
    return rows


def random_least(chance: Random) -> Least:
    return Least(*(chance.choice((1, 1, 2, 3, 5, NEVER)) for _ in range(3)))


@pytest.fixture(params=["numpy", "compiled"])
def make(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[Stream], Finder]:
    """What makes a finder of either form."""
    if request.param == "compiled":
        request.getfixturevalue("built_kernels")
    else:
        monkeypatch.setattr(repeated_strings, "_COMPILED", None)
    return make_finder


def test_strings_are_those_of_a_dictionary(make: Callable[[Stream], Finder]) -> None:
    chance = Random(3)
    found = 0
    for _ in range(cases(1_200)):
        stream, least = random_stream(chance), random_least(chance)
        finder = make(stream)
        assert isinstance(finder.loop, NumpyFinder) == (repeated_strings._COMPILED is None)
        expected = expected_rows(stream, least)
        firsts = np.array(
            sorted({word for word in stream.words.tolist() if word and not finder.closed[word]})
        )
        rows = finder.loop.find(firsts.astype(np.int32), least.key, least.new, least.gone)
        assert rows.shape == (len(expected), COLUMNS)
        assert set(map(tuple, rows.tolist())) == expected
        found += len(expected)
    assert found > 1_000


def test_parts_give_every_string_once(make: Callable[[Stream], Finder]) -> None:
    chance = Random(5)
    for _ in range(cases(200)):
        stream, least = random_stream(chance), random_least(chance)
        finder = make(stream)
        finder = replace(
            finder, at_once=chance.choice([1, 20, 40, 100]), gathered=chance.choice([1, 20, 100, 1_000])
        )
        rows = [
            tuple(map(int, row))
            for found in iter_repeated(finder, lambda least=least: least, UNLIMITED)  # type: ignore[misc]
            for row in zip(
                found.at,
                found.words,
                *(
                    column
                    for side in (found.of, found.against)
                    for column in (side.occurrences, side.reports, side.most)
                ),
                strict=True,
            )
        ]
        assert len(rows) == len(set(rows))
        assert set(rows) == expected_rows(stream, least)


def random_side(chance: Random, stream: Stream, *, first: bool) -> KeywordSide:
    """What a side is said to hold: of its own reports, some may be no reports, and characters are of any number."""
    own = stream.of_reports if first else len(stream.ends) - stream.of_reports
    chars = chance.choice([0, 50, 100, 100] if first else [100, 1_000, 5_000, 5_000])
    return KeywordSide(1, 0, 0, chance.choice([own, own, 0]), "", chars)


def test_what_is_not_followed_could_not_be_listed(
    make: Callable[[Stream], Finder], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The best strings are the same whether all are counted or only those that may be among them."""

    def count_all(finder: Finder, _: object, budget: Budget) -> Iterator[Strings]:
        return iter_repeated(finder, lambda: Least(1, 1, 1), budget)

    chance = Random(13)
    listed = [0, 0, 0]
    for _ in range(cases(1_500)):
        stream = random_stream(chance)
        finder = replace(
            make(stream), at_once=chance.choice([1, 8, 30]), gathered=chance.choice([1, 30, 1_000])
        )
        sides = [random_side(chance, stream, first=first) for first in (True, False)]
        monkeypatch.setattr(keyword_candidates, "LOOKED_AT", chance.choice([1, 2, 3, 8]))
        least_places = chance.choice([1, 1, 2, 3])
        found = rank_strings(finder, sides, least_places, UNLIMITED)
        with monkeypatch.context() as patched:
            patched.setattr(keyword_candidates, "iter_repeated", count_all)
            expected = rank_strings(finder, sides, least_places, UNLIMITED)
        assert [texts for *_, texts in found] == [texts for *_, texts in expected]
        listed = [n + len(texts) for n, (*_, texts) in zip(listed, found, strict=True)]
    assert min(listed) > 100


def test_words_beside_strings_are_counted(make: Callable[[Stream], Finder]) -> None:
    chance = Random(7)
    counted = 0
    for _ in range(cases(300)):
        stream = random_stream(chance)
        places = places_of(stream)
        strings = sorted(chance.choices(list(places), k=chance.randrange(1, 40))) if places else []
        words = np.array([word for string in strings for word in string], dtype=np.int32)
        lengths = np.array([len(string) for string in strings], dtype=np.int32)
        counts, kinds, borders = make(stream).loop.count_beside(words, lengths)
        expected = [beside(stream, string, places[string]) for string in strings]
        assert borders.tolist() == [[side[0] for side in sides] for sides in expected]
        assert kinds.tolist() == [[len(side.keys() - {0}) for side in sides] for sides in expected]
        assert counts.tolist() == [
            side[word] for sides in expected for side in sides for word in sorted(side.keys() - {0})
        ]
        counted += len(counts)
    assert counted > 1_000


def test_many_words_beside_a_string_are_counted_as_few_are(make: Callable[[Stream], Finder]) -> None:
    chance = Random(11)
    words = [word for _ in range(7_000) for word in (5, chance.choice([0, 6, 7, 8, 9]))]
    words = [0, *words, *[0] * (MOST_WORDS + 1)]
    stream = Stream(
        np.array(words, dtype=np.int32), np.array([len(words) - MOST_WORDS], dtype=np.int64), 1, TEXTS
    )
    one = np.array([5], dtype=np.int32)
    counts, kinds, borders = make(stream).loop.count_beside(one, np.ones(1, dtype=np.int32))
    expected = beside(stream, (5,), [place for place, word in enumerate(words) if word == 5])
    assert counts.tolist() == [side[word] for side in expected for word in sorted(side.keys() - {0})]
    assert (kinds.tolist(), borders.tolist()) == ([[4, 4]], [[side[0] for side in expected]])


@pytest.mark.usefixtures("built_kernels")
@pytest.mark.parametrize("fault", ["word", "border", "ends", "order", "reports"])
def test_what_is_no_stream_is_refused(fault: str) -> None:
    """The compiled loop follows no number out of its arrays."""
    stream = random_stream(Random(1))
    words, ends, of_reports = stream.words.copy(), stream.ends.copy(), stream.of_reports
    if fault == "word":
        words[1] = len(TEXTS)
    elif fault == "border":
        words[-1] = 5
    elif fault == "ends":
        ends[-1] = len(words)
    elif fault == "order":
        ends = np.append(ends[-1], ends)
    else:
        of_reports = len(ends) + 1
    with pytest.raises(ValueError, match=r"no text|no border|not the words"):
        make_finder(Stream(words, ends, of_reports, TEXTS))
