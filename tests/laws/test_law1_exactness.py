"""Law 1, exactness: `"…"` finds every paragraph whose text contains the string, and no other.

Both are compared in normal form, an ASCII word or number being atomic. XIESOU_LAW_CASES sets how many strings of real
text are tried (10,000 where it is not set).
"""

from __future__ import annotations

import os
import random
from dataclasses import replace
from itertools import islice
from typing import Any

import pytest

from search.language.query import Chunk, Exact, Node, Not, all_of, any_of, parse_query, to_text
from search.language.text import Analyzer, normalize_text
from search.model import Query, Sort
from tests.cases import cases
from tests.laws.bruteforce import Collection, covered, random_strings, span_places
from tests.laws.conftest import Built
from tests.laws.grammar import Finder, Trees
from tests.laws.typed import SHAPES, WAYS, typed_strings

SAMPLE_CASES = cases(800)
CORPUS_CASES = int(os.environ.get("XIESOU_LAW_CASES", cases(10000)))
CORPUS_TREES = int(os.environ.get("XIESOU_LAW_TREES", cases(150)))
SORTS: tuple[Sort, ...] = ("relevance", "year", "-year")
_PAGES_READ = 2
_HITS_CHECKED = 5


def strings(collection: Collection, chance: random.Random, count: int) -> list[str]:
    drawn = (string for string in random_strings(collection, chance) if normalize_text(string))
    return list(islice(drawn, count))


def every_hit(built: Built, query: Query) -> list[str]:
    """The ids on all pages together."""
    found: list[str] = []
    page = 1
    while True:
        result = built.searcher.search(replace(query, page=page, per_page=100))
        found += [hit.id for hit in result.hits if hit.tier == 1]
        if page * 100 >= result.total:
            assert len(found) == result.total
            return found
        page += 1


def fault(built: Built, string: str, chance: random.Random) -> str | None:
    """What is wrong with the answer for a quoted string, or None: total, a page or two, and highlights."""
    wanted = built.collection.find(string)
    text = to_text(Exact(string))
    result = built.searcher.search(Query(text, per_page=100))
    if result.total != len(wanted):
        return f"{string!r}: {result.total} found, {len(wanted)} contain it"
    found = [hit.id for hit in result.hits]
    for _ in range(_PAGES_READ - 1):
        page = chance.randint(1, max(1, -(-result.total // 100)))
        if page > 1:
            found += [hit.id for hit in built.searcher.search(Query(text, page=page, per_page=100)).hits]
    if len(set(found)) != len(found) or not wanted.issuperset(found):
        return f"{string!r}: other paragraphs, or one twice"
    if len(wanted) <= 100 and len(found) != len(wanted):
        return f"{string!r}: {len(found)} on the page of {len(wanted)}"
    for hit in result.hits[:_HITS_CHECKED]:
        if span_places(hit.text, hit.spans) != covered(hit.text, [string]):
            return f"{string!r}: highlights {hit.spans} in {hit.text!r}"
    return None


def test_quoted_strings_are_found_exactly(built: Built) -> None:
    chance = random.Random(1)
    faults = [
        said
        for string in strings(built.collection, chance, SAMPLE_CASES)
        if (said := fault(built, string, chance))
    ]
    assert faults == []


@pytest.mark.corpus
def test_quoted_strings_of_real_text_are_found_exactly(corpus_built: Built) -> None:
    chance = random.Random(11)
    faults = [
        said
        for string in strings(corpus_built.collection, chance, CORPUS_CASES // 2)
        if (said := fault(corpus_built, string, chance))
    ]
    assert faults == []


def test_the_drawn_strings_try_both_answers(merged: Built) -> None:
    """Guards the test itself: some of the strings stand in many paragraphs, some in one, some nowhere."""
    counts = [len(merged.collection.find(s)) for s in strings(merged.collection, random.Random(1), 400)]
    assert sum(count == 0 for count in counts) > 20
    assert sum(count == 1 for count in counts) > 40
    assert sum(count > 5 for count in counts) > 40


COMBINATIONS = cases(120)


def expected(collection: Collection, tree: Node) -> frozenset[str]:
    if isinstance(tree, Exact):
        return collection.find(tree.text)
    if isinstance(tree, Not):
        return collection.ids - expected(collection, tree.child)
    children = getattr(tree, "children", ())
    sets = [expected(collection, child) for child in children]
    return frozenset.intersection(*sets) if type(tree).__name__ == "And" else frozenset.union(*sets)


def random_tree(collection: Collection, chance: random.Random, drawn: list[str], depth: int = 2) -> Node:
    if not depth or chance.random() < 0.3:
        leaf: Node = Exact(chance.choice(drawn))
        return Not(leaf) if chance.random() < 0.25 else leaf
    children = [random_tree(collection, chance, drawn, depth - 1) for _ in range(chance.randint(2, 3))]
    return all_of(children) if chance.random() < 0.5 else any_of(children)


def random_filters(collection: Collection, chance: random.Random) -> dict[str, Any]:
    chosen: dict[str, Any] = {}
    for field in ("city", "province", "year", "type"):
        if chance.random() < 0.3:
            values = [
                getattr(chance.choice(collection.rows).report, field) for _ in range(chance.randint(1, 2))
            ]
            chosen[field] = tuple(dict.fromkeys(values))
    return chosen


def check_combinations(built: Built, count: int, seed: int) -> None:
    chance = random.Random(seed)
    collection = built.collection
    drawn = [s for s in strings(collection, chance, 400) if len(s.strip()) > 1 and '"' not in s]
    for _ in range(count):
        tree = random_tree(collection, chance, drawn)
        query = Query(
            to_text(tree),
            **random_filters(collection, chance),
            sort=chance.choice(SORTS),
        )
        found = every_hit(built, query)
        assert len(set(found)) == len(found), query
        assert set(found) == expected(collection, tree) & collection.allowed(query), query


def test_not_or_and_filters_and_pages_give_the_set_exactly_once(built: Built) -> None:
    check_combinations(built, COMBINATIONS, 5)


@pytest.mark.corpus
def test_not_or_and_filters_and_pages_on_real_text(corpus_built: Built) -> None:
    check_combinations(corpus_built, 60, 6)


TREES = cases(150)
"""On the sample; on real text XIESOU_LAW_TREES (150 where it is not set)."""


def check_trees(built: Built, analyzer: Analyzer, count: int, seed: int) -> None:
    chance = random.Random(seed)
    trees = Trees(built.collection, chance)
    finder = Finder(built.collection)
    some = 0
    for _ in range(count):
        tree = trees.tree()
        text = to_text(tree)
        assert parse_query(text).tree == tree
        query = Query(text, **random_filters(built.collection, chance), synonyms=False)
        wanted = finder.find(built.searcher.interpret(query).tree) & built.collection.allowed(query)
        found = every_hit(built, query)
        assert len(set(found)) == len(found), query
        assert set(found) == wanted, (query, len(found), len(wanted))
        widened = replace(query, synonyms=True)
        assert built.searcher.search(widened).total >= len(wanted) or has_denial(tree), query
        some += bool(wanted)
    assert some > count / 4, "hardly any of the trees finds anything: the test tries nothing"


def has_denial(tree: Node) -> bool:
    return isinstance(tree, Not) or any(
        map(has_denial, [*getattr(tree, "children", ()), *filter(None, [getattr(tree, "child", None)])])
    )


def test_every_tree_of_the_language_finds_what_a_scan_finds(built: Built, analyzer: Analyzer) -> None:
    check_trees(built, analyzer, TREES, 7)


@pytest.mark.corpus
def test_every_tree_of_the_language_finds_what_a_scan_of_real_text_finds(
    corpus_built: Built, analyzer: Analyzer
) -> None:
    check_trees(corpus_built, analyzer, CORPUS_TREES, 77)


def typed_faults(built: Built, count: int, seed: int) -> list[str]:
    """Where a string typed otherwise finds something else, or less without its quotes (law 2)."""
    faults = []
    for name, string, typed in islice(typed_strings(built.collection, random.Random(seed)), count):
        assert normalize_text(typed) == normalize_text(string), (name, string, typed)
        wanted = built.collection.find(string)
        quoted = built.searcher.search(Query(to_text(Exact(typed)), per_page=100))
        if quoted.total != len(wanted) or not wanted.issuperset(hit.id for hit in quoted.hits):
            faults.append(f"{name}: {typed!r} found {quoted.total} of {len(wanted)}")
        chunks = [Chunk(part) for part in typed.split()]
        both = built.searcher.search(Query(to_text(all_of([Exact(typed), *chunks]))))
        if both.total != len(wanted):
            faults.append(f"{name}: unquoted {typed!r} misses {len(wanted) - both.total} of {len(wanted)}")
    return faults


def test_a_string_finds_the_same_however_it_is_typed(built: Built) -> None:
    assert typed_faults(built, cases(490), 8) == []


@pytest.mark.corpus
def test_a_string_of_real_text_finds_the_same_however_it_is_typed(corpus_built: Built) -> None:
    assert typed_faults(corpus_built, CORPUS_CASES // 5, 88) == []


def test_every_shape_and_way_is_tried(merged: Built) -> None:
    """Guards the test itself."""
    names = {name for name, _, _ in islice(typed_strings(merged.collection, random.Random(8)), 49)}
    assert len(names) == len(SHAPES) * len(WAYS)
