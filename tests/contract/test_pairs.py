"""Every store against the plain one: equal answers to random questions of the whole language."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import islice

import pytest

from search.collection import Ask, Ranked, Top
from search.language.plan.expand import expand
from search.language.synonyms import load_synonyms
from search.model import Sort
from tests.contract.answers import EVERYTHING, Reader, full_ask, same_order
from tests.contract.conftest import Built
from tests.contract.stores import OTHERS
from tests.contract.test_matches import CASES


@pytest.fixture(params=OTHERS)
def pair(
    request: pytest.FixtureRequest, build: Callable[[str, str], Built], state: str
) -> tuple[Built, Built]:
    """The collection in memory, and another store's of the same drafts; fresh or changed."""
    return build("memory", state), build(request.param, state)


def ranking(reader: Reader, top: list[Ranked]) -> list[tuple[str, float]]:
    return [(reader.id_of[match.ref], match.score) for match in top]


def test_random_questions_get_equal_answers(pair: tuple[Built, Built]) -> None:
    """Totals, reports, facets, occurrences, cells and sets; of unchanged collections the ranking too."""
    plain, other = pair
    chance, synonyms = random.Random(90), load_synonyms()
    one, two = plain.reader(), other.reader()
    for tree in islice(plain.trees(chance), 4 * CASES):
        expanded = expand(tree, synonyms, plain.analyzer)[0] if chance.random() < 0.5 else tree
        plan, chosen = plain.plan(expanded), plain.choice(chance)
        sorts: list[Sort] = ["relevance", "-year", "year", "-added", "added"]
        top = Top(EVERYTHING, sort=chance.choice(sorts), group=chance.choice(["", "report"]))
        here, there = one.one(full_ask(plan, chosen, top)), two.one(full_ask(plan, chosen, top))
        for name in ("total", "reports", "texts", "facets", "occurrences", "repeated", "of_ocr", "cells"):
            assert getattr(there, name) == getattr(here, name), (name, tree, chosen)
        if plain.is_fresh:
            fault = same_order(ranking(two, list(there.top)), ranking(one, list(here.top)))
            assert fault is None, (fault, tree, chosen, top)
            groups = {one.id_of[of.ref]: of.of_group for of in here.top}
            assert {two.id_of[of.ref]: of.of_group for of in there.top} == groups
        elif not top.group:
            assert set(two.ids(there.top)) == set(one.ids(here.top)), (tree, chosen)


def test_random_questions_find_the_same_occurrences(pair: tuple[Built, Built]) -> None:
    plain, other = pair
    chance = random.Random(91)
    one, two = plain.reader(), other.reader()
    for tree in islice(plain.trees(chance), CASES):
        ask = Ask(plain.plan(tree), plain.choice(chance))
        here = [(one.id_of[of.ref], of.start, of.end) for of in one.view.occurrences(ask)]
        assert [(two.id_of[of.ref], of.start, of.end) for of in two.view.occurrences(ask)] == here, tree


def test_the_catalogue_is_the_same(pair: tuple[Built, Built]) -> None:
    plain, other = pair
    one, two = plain.collection.at(), other.collection.at()
    assert two.reports(others=True) == one.reports(others=True)
    assert {of.path: of for of in two.sources()} == {of.path: of for of in one.sources()}
    assert list(two.places("city")) == list(one.places("city"))
    stats = [one.stats(), two.stats()]
    for name in ("reports", "paragraphs", "cities", "years", "coverage"):
        assert getattr(stats[0], name) == getattr(stats[1], name)
