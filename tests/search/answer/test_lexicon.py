"""The collection's words by sound and by what they begin with: as if all had been read aloud."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from search.answer.completion_entries import Entry, Key, sounds
from search.answer.completion_index import CompletionIndex, TermIndex
from search.answer.lexicon import Lexicon
from search.language.text import Analyzer
from search.language.text.pinyin import Syllables, fold, load_pinyin

_WORDS = 4_000


@pytest.fixture(scope="module")
def lexicon(analyzer: Analyzer) -> Lexicon:
    chance = random.Random(11)
    words = [word for word in analyzer.words if len(word) > 1]
    # Words that are read otherwise than their characters, and all the others of their first characters.
    read_so = set(load_pinyin().words).intersection(words)
    terms = sorted(
        {*chance.sample(words, _WORDS), *chance.sample(sorted(read_so), 300), "长治", "银行", "行走"}
    )
    counts = [chance.randrange(2, 50) for _ in terms]
    return Lexicon(terms, counts, [count // 2 + 1 for count in counts])


def _readings(lexicon: Lexicon) -> list[tuple[Syllables, ...]]:
    return [tuple(load_pinyin().readings(term)) for term in lexicon.terms]


def _folded(reading: Syllables) -> Syllables:
    return tuple(map(fold, reading))


def test_words_are_found_by_every_sound_that_they_have(lexicon: Lexicon) -> None:
    readings = _readings(lexicon)
    alike: dict[Syllables, list[int]] = {}
    for number, of_term in enumerate(readings):
        for folded in {_folded(reading) for reading in of_term}:
            alike.setdefault(folded, []).append(number)
    asked = {reading for of_term in readings for reading in of_term}
    assert {reading: lexicon.sounding(reading) for reading in asked} == {
        reading: alike[_folded(reading)] for reading in asked
    }


def test_words_are_found_by_their_letters(lexicon: Lexicon) -> None:
    spelled: dict[str, set[int]] = {}
    for number, of_term in enumerate(_readings(lexicon)):
        for reading in of_term:
            spelled.setdefault("".join(reading), set()).add(number)
    for letters, numbers in spelled.items():
        found = lexicon.spelled(letters)
        assert (set(found), len(found)) == (numbers, len(numbers))
        assert [lexicon.uses[of] for of in found] == sorted((lexicon.uses[of] for of in found), reverse=True)


def test_what_sounds_like_nothing_is_not_found(lexicon: Lexicon) -> None:
    assert lexicon.sounding(("blah", "blah")) == []
    assert lexicon.spelled("xqz") == []


def test_words_are_found_by_their_end(lexicon: Lexicon) -> None:
    backwards = sorted((term[::-1], number) for number, term in enumerate(lexicon.terms))
    for suffix in {end for term in lexicon.terms[::7] for end in (term[-1:], term[-2:])}:
        assert list(lexicon.ending(suffix)) == [of for term, of in backwards if term.startswith(suffix[::-1])]
    assert list(lexicon.ending("囍")) == []


def _entries(lexicon: Lexicon) -> list[tuple[Entry, Sequence[Key]]]:
    rows = zip(lexicon.terms, lexicon.paragraphs, lexicon.uses, _readings(lexicon), strict=True)
    return [
        (
            Entry(term, "term", paragraphs, min(uses, paragraphs) * (1 + 0.25 * (len(term) - 2))),
            [("characters", term), *sounds(readings)],
        )
        for term, paragraphs, uses, readings in rows
    ]


def test_words_are_completed_as_if_each_had_been_listed_with_its_keys(lexicon: Lexicon) -> None:
    listed, terms = CompletionIndex(_entries(lexicon)), TermIndex(lexicon)
    prefixes = {term[:length] for term in lexicon.terms for length in (1, 2, len(term))}
    for prefix in (*prefixes, "囍", "发展x"):
        for count in (1, 10):
            assert terms.by_characters(prefix, count) == listed.by_characters(prefix, count)
    letters = {
        "".join(reading)[:length] for of in _readings(lexicon) for reading in of for length in (1, 2, 3, 9)
    }
    initials = {"".join(part[0] for part in reading) for of in _readings(lexicon) for reading in of}
    for typed in (*letters, *initials, "v", "zzzz"):
        assert terms.by_pinyin(typed, 10) == listed.by_pinyin(typed, 10)
