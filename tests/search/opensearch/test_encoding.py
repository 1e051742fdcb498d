"""Tokens by place, texts that any store of UTF-8 can keep, and impacts."""

from __future__ import annotations

import random

import pytest

from search.language.text import normalize_text, occurrences
from search.opensearch.encoding import FILLER, escape, place_tokens, string_tokens, term_token, unescape
from search.opensearch.impacts import K1, B, coded_length, scale_for, weighted
from tests.cases import cases
from tests.contract.marked_texts import texts_of
from tests.loaded import loaded_analyzer

NASTY = [
    "\ud800半",
    "\U0010fffd",
    "\U0010fffd0",
    "\U0010fffdd800\ud800",
    "零\0字",
    "a|b~_~^ ~$",
    "\u2028\u00a0 \t\n",
]


@pytest.mark.parametrize("text", NASTY)
def test_any_text_can_be_kept(text: str) -> None:
    kept = escape(text)
    kept.encode("utf-8")
    assert unescape(kept) == text


@pytest.mark.parametrize("text", [*NASTY, *texts_of(1)[:60]])
def test_a_place_is_a_character(text: str) -> None:
    """The tokenizer divides at blanks: it must give one token or filler a character, none of them cut."""
    form = normalize_text(text)
    tokens = place_tokens(form).split(" ") if form else []
    assert len(tokens) == len(form)
    assert all(token and not any(char.isspace() for char in token) for token in tokens)
    assert all(len(token) < 255 and "|" not in token for token in tokens)


def places(form: str, tokens: str) -> list[int]:
    """Where tokens stand in a text as a phrase query of a cluster finds them: at their distances, fillers apart."""
    held = place_tokens(form).split(" ")
    asked = [(at, token) for at, token in enumerate(tokens.split(" ")) if token != FILLER]
    last = asked[-1][0]
    return [
        start for start in range(len(held) - last) if all(held[start + at] == token for at, token in asked)
    ]


def test_a_string_stands_where_a_scan_finds_it() -> None:
    chance, analyzer, some = random.Random(5), loaded_analyzer(), 0
    for text in texts_of(2)[: cases(200, least=50)]:
        form = normalize_text(text)
        start = chance.randrange(len(form))
        string = form[start : start + chance.choice([1, 2, 3, 5, 8])].strip()
        terms = [token.term for token in analyzer.query_tokens(string)]
        if terms:
            found = [start for start, _ in occurrences(form, "".join(terms))]
            assert places(form, string_tokens(terms)) == found, (form, string)
            some += bool(found)
    assert some > 40


def test_long_words_are_told_apart() -> None:
    one, other = term_token("1" * 300), term_token("1" * 299 + "2")
    assert one != other
    assert max(len(one), len(other)) < 255


@pytest.mark.parametrize("average", [1.0, 40.0, 205.0, 3_000.0])
def test_impacts_stay_within_what_lucene_adds_up(average: float) -> None:
    averages = {"text": average, "heading": average / 10 + 1, "title": 8.0}
    scale = scale_for(averages)
    analyzer = loaded_analyzer()
    for text in ("发展经济优化营商环境" * 1_600, "长" * 16_000, "中国人民政治协商会议四平市委员会" * 3):
        sums: dict[str, float] = {}
        for term, _, _, aligned in analyzer.index_terms(text[:16_000]):
            sums[term] = sums.get(term, 0.0) + (1.0 if aligned else 0.25)
        tokens = weighted("text", sums.items(), min(len(text), 16_000), average, scale)
        assert sum(int(token.rpartition("|")[2]) for token in tokens.split(" ")) < 1 << 31


def test_an_impact_is_the_worth_of_bm25() -> None:
    averages = {"text": 200.0, "heading": 18.0, "title": 8.0}
    scale = scale_for(averages)
    for field in averages:
        for length in (8, 90, 400, 3_000):
            made = weighted(field, [("a", 0.25), ("b", 3.0)], length, averages[field], scale)
            norm = K1 * (1 - B[field] + B[field] * coded_length(length) / averages[field])
            for token, tf in zip(made.split(" "), (0.25, 3.0), strict=True):
                impact = int(token.partition("|")[2])
                assert (impact - 1) / scale == pytest.approx(tf / (tf + norm), abs=0.51 / scale)
                assert impact < 1 << 24
