"""One definition of an atom: what the index has, what a query asks for and what is highlighted agree."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.answer.highlight import highlight
from search.language.plan import String
from search.language.text import (
    Analyzer,
    iter_atoms,
    normalize_text,
    occurrences,
    prefix_readings,
)
from tests.cases import cases
from tests.loaded import loaded_analyzer

MIXED = st.text(
    st.sampled_from("0123456789") | st.sampled_from("gwhkmGWaé中国%.-／。，㎡²℃ \n"), min_size=1, max_size=24
)
ANALYZER: Analyzer = loaded_analyzer()


def found_by_index(text: str, string: str) -> list[tuple[int, int]]:
    """Where the index has the tokens of a string one after another, as the searcher looks for them."""
    index = {(term, start) for term, start, _, _ in ANALYZER.index_terms(text)}
    tokens = ANALYZER.query_tokens(string)
    length = sum(token.length for token in tokens)
    return [
        (at, at + length)
        for at in range(len(normalize_text(text)))
        if tokens and all((token.term, at + token.start) in index for token in tokens)
    ]


@pytest.mark.parametrize(
    ("text", "atoms"),
    [
        ("4.4gw", ["4.4", "gw"]),
        ("12gwh", ["12", "gwh"]),
        ("300km2", ["300", "km2"]),
        ("5g,5ghz,15g", ["5g", "5", "ghz", "15g"]),
        ("pm2.5和3.5g", ["pm2.5", "3.5", "g"]),
        ("h7n9 covid-19 g20", ["h7n9", "covid", "19", "g20"]),
        ("v2.0.1beta", ["v2.0.1", "beta"]),
        ("2023.1.", ["2023.1"]),
        ("47419992e6", ["47419992", "e6"]),
    ],
)
def test_atoms_are_numbers_words_and_digits_with_one_letter(text: str, atoms: list[str]) -> None:
    assert [match[0] for match in iter_atoms(text)] == atoms


@given(MIXED, st.data())
@settings(max_examples=cases(600), deadline=None)
def test_index_finds_every_place_of_a_substring_that_highlighting_finds(
    text: str, data: st.DataObject
) -> None:
    normal = normalize_text(text)
    if not normal:
        return
    start = data.draw(st.integers(0, len(normal) - 1))
    string = normalize_text(normal[start : data.draw(st.integers(start + 1, len(normal)))])
    if string:
        assert list(occurrences(normal, string)) == found_by_index(normal, string)


@given(MIXED)
@settings(max_examples=cases(300), deadline=None)
def test_every_atom_is_found_counted_and_highlighted_where_it_stands(text: str) -> None:
    normal = normalize_text(text)
    for match in iter_atoms(normal):
        assert match.span() in found_by_index(normal, match[0])
        assert match.span() in set(occurrences(normal, match[0]))
        assert highlight(normal, String(ANALYZER.query_tokens(match[0])))


@given(MIXED, st.data())
@settings(max_examples=cases(600), deadline=None)
def test_prefix_finds_what_begins_with_it_up_to_the_end_of_the_last_atom(
    text: str, data: st.DataObject
) -> None:
    normal = normalize_text(text)
    atoms = [match.span() for match in iter_atoms(normal)]
    if not atoms:
        return
    begin = data.draw(st.sampled_from(atoms))[0]
    prefix = normal[begin : data.draw(st.integers(begin + 1, len(normal)))]
    ends = {place: end for start, end in atoms for place in range(start + 1, end)}
    begun = {
        (start, ends.get(start + len(prefix), start + len(prefix)))
        for start, _ in atoms
        if normal.startswith(prefix, start)
    }
    readings = prefix_readings(prefix)
    assert {span for at in readings for span in occurrences(normal, prefix, open_from=at)} == begun
