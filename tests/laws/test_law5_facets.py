"""Law 5, facets count: a value's count is the total that choosing it would give.

Other groups' choices stay; its own group's choice gives way to it. Every count is compared with the searcher's own
total for that choice, and with a scan of the collection.
"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from search.language.query import Exact, to_text
from search.model import FACETS, Query, without_filters
from tests.cases import cases
from tests.laws.bruteforce import Collection
from tests.laws.conftest import Built
from tests.laws.grammar import Trees

SAMPLE_CASES = cases(60)
CORPUS_CASES = 25
TEXTS = (
    "",
    "委员",
    "提案 办理",
    "“经济”",
    "产业 OR 生态",
    "发展 -工业",
    "人民 -“政协”",
    "title:委员会",
    "heading:建议",
    "year:2021..2023 民生",
)


def random_query(collection: Collection, chance: random.Random) -> Query:
    text = chance.choice(TEXTS)
    kind = chance.random()
    if kind < 0.4:
        text = to_text(Trees(collection, chance).tree())
    elif kind < 0.7:
        row = chance.choice(collection.rows)
        start = chance.randrange(len(row.text))
        text = to_text(Exact(row.text[start : start + chance.randint(1, 4)].replace('"', "") or "的"))
    chosen: dict[str, Any] = {}
    for field in FACETS:
        if chance.random() < 0.3:
            rows = [chance.choice(collection.rows) for _ in range(chance.randint(1, 2))]
            chosen[field] = tuple(dict.fromkeys(row.value(field) for row in rows))
    if chance.random() < 0.1:
        chosen["city"] = ("不存在市",)
    return Query(text, **chosen)


def choosing(query: Query, field: str, *values: str | int | None) -> Query:
    """The query with these values of a facet, in the place of what it chose there."""
    chosen: dict[str, Any] = {field: values}
    return replace(query, **chosen)


def check(built: Built, query: Query, chance: random.Random) -> None:
    collection, search = built.collection, built.searcher.search
    whole = without_filters(query)
    matching = every_id(built, whole)
    result = search(query)
    assert result.total == len(matching & collection.allowed(query)), query
    rows = [collection.by_id[i] for i in matching & collection.allowed(query)]
    assert result.reports == collection.count_reports(rows)
    for field in FACETS:
        shown = result.facets[field]
        others = matching & collection.allowed(choosing(query, field))
        counted: dict[Any, int] = {}
        for paragraph in others:
            value = collection.by_id[paragraph].value(field)
            counted[value] = counted.get(value, 0) + 1
        chosen = getattr(query, field)
        assert {of.value: of.count for of in shown} == {**dict.fromkeys(chosen, 0), **counted}, (query, field)
        assert {of.value for of in shown if of.selected} == set(chosen)
        for of in chance.sample(shown, min(3, len(shown))):
            assert search(choosing(query, field, of.value)).total == of.count, (query, field, of)


def every_id(built: Built, query: Query) -> frozenset[str]:
    found: set[str] = set()
    page = 1
    while True:
        result = built.searcher.search(replace(query, page=page, per_page=100))
        found.update(hit.id for hit in result.hits if hit.tier == 1)
        if page * 100 >= result.total:
            assert len(found) == result.total
            return frozenset(found)
        page += 1


def test_each_count_is_the_total_of_that_choice(built: Built) -> None:
    chance = random.Random(5)
    for _ in range(SAMPLE_CASES):
        check(built, random_query(built.collection, chance), chance)


@pytest.mark.corpus
def test_each_count_is_the_total_of_that_choice_on_real_text(corpus_built: Built) -> None:
    chance = random.Random(55)
    for _ in range(CORPUS_CASES):
        check(corpus_built, random_query(corpus_built.collection, chance), chance)


def test_choosing_what_is_unknown_counts_it(built: Built) -> None:
    """The sample has a text whose place is known nowhere."""
    unknown = built.collection.with_value("city", None)
    assert unknown
    result = built.searcher.search(Query(city=(None,)))
    assert result.total == len(unknown)
    assert {of.value: of.count for of in result.facets["city"] if of.selected} == {None: len(unknown)}


def test_years_are_listed_newest_first_and_the_others_by_count(built: Built) -> None:
    facets = built.searcher.search(Query()).facets
    years = [of.value for of in facets["year"] if of.value is not None]
    assert years == sorted(years, key=int, reverse=True)
    for field in ("city", "province", "type"):
        counts = [of.count for of in facets[field]]
        assert counts == sorted(counts, reverse=True)
