"""What holds for every view: of one version, for ever; from any thread; within a budget."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from search.collection import Ask, Likely, Top, View
from search.errors import BudgetExceeded, StoreError
from search.language.plan import All, Nothing, Term
from search.limits import Budget
from search.model import FACETS
from tests.contract.answers import EVERYTHING, Reader, full_ask
from tests.contract.conftest import Built
from tests.contract.drafts import Written, invented_drafts, with_text
from tests.contract.stores import Store
from tests.contract.test_matches import CASES, trees
from tests.contract.test_writing import holds, newest

TERM = Term("text", "营商环境")


def every_reading(view: View) -> dict[str, Any]:
    """All that a view says, as values that can be compared; refs stay the view's own."""
    refs = [match.ref for some in view.scan(Ask(All())) for match in some]
    found = view.find([full_ask(plan) for plan in (All(), TERM, Term("heading", "发展"))])
    return {
        "version": view.version,
        "statistics": view.statistics,
        "find": found,
        "scan": refs,
        "paragraphs": view.paragraphs(refs),
        "texts": view.texts(refs),
        "words": str(view.words([Ask(TERM)])),
        "occurrences": list(view.occurrences(Ask(TERM))),
        "candidates": sorted(
            view.candidates([("text", "提案", 1.0)], strict=All(), without=Nothing(), count=9)
        ),
        "frequencies": list(view.frequencies([("text", "提案"), ("title", "报告")])),
        "vocabulary": sorted(view.vocabulary(most=50)),
        "places": list(view.places("city")),
        "reports": view.reports(others=True, sort="-year"),
        "texts of reports": [view.report(of.id) for of in view.reports(others=True)[1]],
        "sources": sorted(view.sources(), key=lambda of: of.path),
        "stats": view.stats(),
        "shared": list(view.shared_text([of.id for of in view.reports(others=True)[1]])),
        "has": [view.has_report("inv00-1"), view.has_report("nobody")],
    }


def test_what_was_expected_is_answered_as_ever(built: Built) -> None:
    """A store may ask it together with what is asked before; nothing else may tell."""
    chance = random.Random(61)
    asks = [
        Ask(built.plan(tree), built.choice(chance), facets=("part",), top=Top(5))
        for tree in trees(built, 61, 12)
    ]
    terms = [("text", "提案"), ("title", "报告"), ("text", "没有这个词")]
    plain, told = built.reader().view, built.reader().view
    told.expect(lambda: Likely(asks[:8], terms))
    told.expect(lambda: Likely([full_ask(TERM)]))
    assert told.find(asks[6:]) == plain.find(asks[6:])
    assert told.find([*asks, full_ask(TERM)]) == plain.find([*asks, full_ask(TERM)])
    assert told.frequencies(terms) == plain.frequencies(terms)
    again = built.reader().view
    again.expect(lambda: Likely(asks))
    more: dict[str, Any] = {"strict": All(), "without": Nothing(), "count": 9}
    assert again.candidates([("text", "提案", 1.0)], **more) == plain.candidates(
        [("text", "提案", 1.0)], **more
    )
    assert again.find(asks[::-1]) == plain.find(asks[::-1])


# Versions


def test_views_of_two_versions_stay_apart(store: Store) -> None:
    drafts = invented_drafts()
    first = store.write(drafts[:8])
    old = store.open().at()
    before = every_reading(old)
    changed = with_text(drafts[0], "换成一句话，营商环境。")
    second = store.write([changed, *drafts[8:12]], remove=[drafts[1].source.path])
    third = store.write(drafts[12:])
    new = newest(store, third.version)
    assert every_reading(old) == before
    assert old.version == first.version != second.version
    assert holds(Reader(old), Written(drafts[:8]))
    assert holds(new, Written([changed, *drafts[2:]]))


def test_an_open_collection_moves_on_by_itself_and_its_views_don_t(store: Store) -> None:
    drafts = invented_drafts()
    first = store.write(drafts[:2])
    collection = store.open()
    pinned = collection.at()
    second = store.write(drafts[2:4])
    limit = time.monotonic() + 10
    while collection.at().version != second.version:
        assert time.monotonic() < limit
    assert pinned.version == first.version
    assert holds(Reader(pinned), Written(drafts[:2]))
    assert holds(Reader(collection.at()), Written(drafts[:4]))


def test_views_of_one_version_say_the_same(built: Built) -> None:
    assert every_reading(built.collection.at()) == every_reading(built.collection.at())


def test_a_closed_collection_isn_t_read_any_more(store: Store) -> None:
    store.write(invented_drafts()[:1])
    collection = store.open()
    collection.close()
    with pytest.raises(StoreError):
        collection.at()
    assert not collection.health().is_ready


# What is derived


def test_what_is_derived_is_made_once_per_version(store: Store) -> None:
    made: list[str] = []

    def make(name: str) -> Callable[[], list[str]]:
        def run() -> list[str]:
            made.append(name)
            return [name]

        return run

    store.write(invented_drafts()[:1])
    collection = store.open()
    one, two = collection.at(), collection.at()
    assert (
        one.derived("a", make("a"))
        is two.derived("a", make("a"))
        is one.under(Budget()).derived("a", make("a"))
    )
    assert two.derived("b", make("b")) == ["b"]
    assert made == ["a", "b"]
    second = store.write(invented_drafts()[1:2])
    new = newest(store, second.version).view
    assert new.derived("a", make("a again")) == ["a again"]
    assert one.derived("a", make("never")) == ["a"]


def test_what_is_derived_is_made_once_by_many_threads(store: Store) -> None:
    store.write(invented_drafts()[:1])
    collection, made, barrier = store.open(), [], Barrier(8)

    def make() -> object:
        made.append(1)
        time.sleep(0)
        return object()

    def ask(_: int) -> object:
        barrier.wait()
        return collection.at().derived("slow", make)

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(ask, range(8)))) == len(made) == 1


def test_what_failed_to_be_derived_is_tried_again(store: Store) -> None:
    store.write(invented_drafts()[:1])
    view = store.open().at()

    def fail() -> int:
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        view.derived("n", fail)
    assert view.derived("n", lambda: 7) == 7


def test_what_is_derived_may_need_something_else_that_is(store: Store) -> None:
    store.write(invented_drafts()[:1])
    view = store.open().at()
    assert view.derived("outer", lambda: view.derived("inner", lambda: 2) + 1) == 3


# Threads


def test_many_threads_get_what_one_gets(built: Built) -> None:
    plans = [built.plan(tree) for tree in trees(built, 80, 15)]
    asks = [full_ask(plan, top=Top(20)) for plan in plans]
    expected = built.collection.at().find(asks)
    occurrences = [list(built.collection.at().occurrences(ask)) for ask in asks]
    everything = every_reading(built.collection.at())

    def work(seed: int) -> bool:
        chance, view = random.Random(seed), built.collection.at()
        order = chance.sample(range(len(asks)), len(asks))
        same = all(view.find([asks[at]]) == [expected[at]] for at in order)
        same &= all(list(view.occurrences(asks[at])) == occurrences[at] for at in order)
        return same and every_reading(view) == everything

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(work, range(4)))


# Budgets


READS: dict[str, Callable[[View], Any]] = {
    "find": lambda view: view.find([full_ask(TERM)]),
    "find everything": lambda view: view.find([Ask(All(), top=Top(EVERYTHING))]),
    "total": lambda view: view.find([Ask(TERM)]),
    "facets": lambda view: view.find([Ask(All(), facets=FACETS)]),
    "cells": lambda view: view.find([Ask(All(), cells=True)]),
    "scan": lambda view: list(view.scan(Ask(TERM), batch=1)),
    "candidates": lambda view: view.candidates(
        [("text", "提案", 1.0)], strict=All(), without=Nothing(), count=5
    ),
    "occurrences": lambda view: view.occurrences(Ask(TERM)),
    "vocabulary": lambda view: list(view.vocabulary(most=100)),
    "frequencies": lambda view: view.frequencies([("text", "提案")] * 100),
    "report": lambda view: view.report("inv00-1"),
    "reports": lambda view: view.reports(),
    "sources": lambda view: list(view.sources()),
    "shared text": lambda view: view.shared_text(["inv00-1"]),
}


@pytest.mark.parametrize("read", READS)
def test_a_read_past_its_budget_is_stopped(built: Built, read: str) -> None:
    """Time that is up or a cancelled question stops every read; the next one is answered."""
    expected = READS[read](built.collection.at())
    view = built.collection.at()
    for resource, budget in (
        ("time", Budget(seconds=0.0, started=time.monotonic() - 1)),
        ("cancelled", Budget(is_cancelled=lambda: True)),
    ):
        with pytest.raises(BudgetExceeded) as caught:
            READS[read](view.under(budget))
        assert caught.value.resource == resource
    assert READS[read](view.under(Budget(seconds=600, size_bytes=1 << 30))) == expected
    assert READS[read](built.collection.at()) == expected


def test_memory_is_charged(store: Store) -> None:
    """What answers with all paragraphs takes more than a few bytes, and says so."""
    store.write(invented_drafts())
    collection = store.open()
    for read in ("find everything", "occurrences"):
        with pytest.raises(BudgetExceeded) as caught:
            READS[read](collection.at(Budget(size_bytes=16)))
        assert caught.value.resource == "memory"
    charged = [0]

    def pace(size_bytes: int) -> float:
        charged.append(size_bytes)
        return 0.0

    READS["find everything"](collection.at(Budget(size_bytes=1 << 30, pace=pace)))
    assert 0 < max(charged) < 1 << 24


def test_a_budget_pins_to_its_own_view(store: Store) -> None:
    store.write(invented_drafts()[:2])
    view = store.open().at()
    stopped = view.under(Budget(is_cancelled=lambda: True))
    assert stopped.version == view.version
    with pytest.raises(BudgetExceeded):
        stopped.find([Ask(All())])
    assert view.find([Ask(All())])[0].total == view.stats().paragraphs


def test_work_is_stopped_wherever_it_is_and_leaves_nothing_half_known(store: Store) -> None:
    """A question is cancelled at its first check, at its second and so on; at the end its answer is still right."""
    store.write(invented_drafts())
    fresh = store.open()
    expected = fresh.at().find([full_ask(TERM)])
    checks = 0
    for most in range(10_000):
        left = iter([False] * most)
        view = store.open().at(Budget(is_cancelled=lambda left=left: next(left, True)))  # type: ignore[misc]
        try:
            found = view.find([full_ask(TERM)])
        except BudgetExceeded:
            checks += 1
            continue
        assert found == expected
        break
    assert checks > 1, "it is asked once or never whether anybody still waits"


def test_a_long_batch_is_stopped_between_its_questions(built: Built) -> None:
    asked = 0

    def is_cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > 50

    plans = [built.plan(tree) for tree in trees(built, 81, CASES)]
    # A store may answer the same question once, so each asks for a page of its own.
    asks = [Ask(plan, top=Top(1, skip)) for skip in range(30) for plan in plans]
    with pytest.raises(BudgetExceeded):
        built.collection.at(Budget(is_cancelled=is_cancelled)).find(asks)
    assert asked == 51
