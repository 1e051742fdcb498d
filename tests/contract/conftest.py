"""The stores, empty and filled: every test of the contract runs on each of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from search.collection import Choice, Collection, DraftSource
from search.language.place_names import short_name
from search.language.plan import Plan, make_plan
from search.language.query import Node
from search.language.text import Analyzer
from search.model import FACETS
from tests.contract.answers import Reader
from tests.contract.drafts import Written, all_drafts, invented_drafts, renamed, with_text
from tests.contract.stores import NAMES, STORES, Store, forget, in_states
from tests.laws import bruteforce
from tests.laws.grammar import Finder, Trees

STATES = ("fresh", "changed")
"""In how many runs a collection was built."""


@dataclass(frozen=True)
class Built:
    """A store that holds `written`, and the same paragraphs as a plain list.

    Args:
        is_fresh: nothing in it was ever changed or removed, so statistics are of what is there.
    """

    store: Store
    collection: Collection
    written: Written
    rows: bruteforce.Collection
    analyzer: Analyzer
    is_fresh: bool

    @cached_property
    def finder(self) -> Finder:
        """What trees should find."""
        return Finder(self.rows)

    def reader(self) -> Reader:
        """A reader of the newest version."""
        return Reader(self.collection.at())

    def plan(self, tree: Node) -> Plan:
        """The plan of a tree."""
        return make_plan(tree, self.analyzer, self._resolve)

    def _resolve(self, field: str, typed: str) -> Sequence[str | None]:
        if field == "report":
            return [typed] if typed in self.written.texts else []
        if typed == "未知":
            return [None]
        values = {row.value(field) for row in self.rows.rows} - {None}
        return sorted(value for value in values if typed in (value, short_name(value)))

    def trees(self, chance: random.Random) -> Iterator[Node]:
        """Random trees of the whole language, without end."""
        trees = Trees(self.rows, chance)
        while True:
            yield trees.tree(chance.choice([1, 2, 3]))

    def choice(self, chance: random.Random, fields: Sequence[str] = FACETS) -> Choice:
        """Random facet values, mostly none; now and then one that nothing has."""
        chosen = []
        for field in fields:
            if chance.random() < 0.2:
                rows = [chance.choice(self.rows.rows) for _ in range(chance.randint(1, 2))]
                values = [row.value(field) for row in rows]
                if field == "city" and chance.random() < 0.1:
                    values.append("不存在市")
                chosen.append((field, tuple(dict.fromkeys(values))))
        return tuple(chosen)


@pytest.fixture(params=NAMES)
def store(request: pytest.FixtureRequest, tmp_path: Path, analyzer: Analyzer) -> Iterator[Store]:
    """An empty place for a collection of each store."""
    yield STORES[request.param](tmp_path / "collection", analyzer)
    forget(tmp_path)


@pytest.fixture(scope="session", autouse=True)
def forget_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Leaves nothing of this run on a cluster."""
    yield
    forget(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer) -> Callable[[str, str], Built]:
    """Builds a store's collection in a state, "fresh" or "changed"; each once."""
    known: dict[tuple[str, str], Built] = {}

    def make(name: str, state: str) -> Built:
        if (name, state) not in known:
            store = STORES[name](tmp_path_factory.mktemp(state) / "collection", analyzer)
            drafts = write_fresh(store) if state == "fresh" else write_changed(store)
            written = Written(drafts)
            rows = bruteforce.Collection(written)
            known[name, state] = Built(store, store.open(), written, rows, analyzer, state == "fresh")
        return known[name, state]

    return make


def write_fresh(store: Store) -> list[DraftSource]:
    """Everything in one run."""
    drafts = all_drafts()
    store.write(drafts)
    return drafts


def write_changed(store: Store) -> list[DraftSource]:
    """Everything in several runs: some files are there with other text first, others only for a while."""
    drafts = all_drafts()
    random.Random(3).shuffle(drafts)
    early = [with_text(draft, "后来改掉的旧文字：优化营商环境，GDP。") for draft in drafts[::3]]
    passing = [renamed(draft, "passing") for draft in invented_drafts()[:6]]
    half = len(drafts) // 2
    with store.in_pieces():
        store.write([*early, *passing[:4]])
        store.write([*drafts[:half], *passing[4:]], remove=[of.source.path for of in passing[:2]])
        store.write(drafts[half:], remove=[of.source.path for of in passing[2:]])
    return drafts


@pytest.fixture(params=STATES)
def state(request: pytest.FixtureRequest) -> str:
    """In how many runs a collection is built."""
    return str(request.param)


@pytest.fixture(params=in_states(*STATES))
def built(request: pytest.FixtureRequest, build: Callable[[str, str], Built]) -> Built:
    """A full collection of each store, in each state."""
    return build(*request.param)
