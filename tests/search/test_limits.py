"""Budgets: what is charged, what is held no longer, what is refused and how it is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pytest

from search.answer import concordance
from search.answer.question import Question
from search.answer.searcher import Caches, Searcher
from search.embedded.evaluation import Evaluated
from search.errors import BudgetExceeded, CollectionUnavailable, Stage
from search.limits import UNLIMITED, Budget
from search.lru import LruCache
from search.messages import Declared, Message
from search.messages import answers as says
from search.messages.words import render
from search.model import Query
from tests.search.counted import Counted, build_counted

WIDE = Query("的 OR 一 OR 工作 OR 发*")


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Counted:
    return build_counted(tmp_path_factory.mktemp("budgets"))


@pytest.fixture
def fresh(counted: Counted) -> Searcher:
    """A searcher that has kept nothing yet."""
    return Searcher(counted.searcher.collection)


def test_what_is_borrowed_is_held_no_longer_afterwards() -> None:
    told: list[int] = []

    def pace(size_bytes: int) -> float:
        told.append(size_bytes)
        return 0.0

    budget = Budget(size_bytes=100, pace=pace)
    with budget.borrowed():
        budget.charge(80)
    with budget.share(0.5) as part, pytest.raises(BudgetExceeded):
        part.charge(60)
    budget.charge(90)
    assert budget.spent_bytes == 90
    assert sum(told) == 90


def test_waiting_for_a_turn_is_not_charged() -> None:
    budget = Budget(seconds=10, pace=lambda _: 100.0)
    budget.charge()
    budget.charge()
    assert budget.spent_seconds < 1
    with budget.share(0.5) as part:
        part.charge()
    assert budget.spent_seconds < 1


def test_the_unlimited_budget_keeps_no_account() -> None:
    UNLIMITED.charge(1 << 60)
    UNLIMITED.release(5)
    with UNLIMITED.share(0.1) as part:
        part.charge(1 << 60)
    assert UNLIMITED.spent_bytes == 0


QUESTIONS: dict[str, Callable[[Searcher], object]] = {
    "search": lambda searcher: searcher.search(WIDE),
    "count": lambda searcher: searcher.count(WIDE),
    "distribution": lambda searcher: searcher.distribution(WIDE),
    "concordance": lambda searcher: searcher.concordance(WIDE),
    "hits": lambda searcher: list(searcher.iter_hits(WIDE)),
    "lines": lambda searcher: list(searcher.iter_lines(WIDE)),
    "reports": lambda searcher: searcher.reports(),
    "stats": lambda searcher: searcher.stats(),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_charges_the_budget_of_its_searcher(fresh: Searcher, name: str) -> None:
    fresh._caches.clear()
    with pytest.raises(BudgetExceeded) as caught:
        QUESTIONS[name](fresh.under(Budget(is_cancelled=lambda: True)))
    assert caught.value.resource == "cancelled"


@pytest.mark.parametrize("name", ["search", "count", "distribution", "concordance", "hits", "lines"])
def test_a_question_is_stopped_in_the_middle_of_its_work(fresh: Searcher, name: str) -> None:
    """Cancelled at every charge that it makes, one after the other: it always ends there, and never with an answer."""
    charges, left = 0, 0

    def count(_: int) -> float:
        nonlocal charges
        charges += 1
        return 0.0

    def stop(_: int) -> float:
        nonlocal left
        left -= 1
        if left < 0:
            raise CollectionUnavailable(says.BUDGET_CANCELLED())
        return 0.0

    QUESTIONS[name](fresh)  # what is made once for the whole collection is not made again below
    fresh.collection.at()._state.evaluator.cache.clear()  # type: ignore[attr-defined]
    fresh.collection.at()._state.counts.clear()  # type: ignore[attr-defined]
    fresh.collection.at()._state.orders.clear()  # type: ignore[attr-defined]
    QUESTIONS[name](Searcher(fresh.collection).under(Budget(pace=count)))
    assert charges > 3
    for at in {1, charges // 3, charges // 2, max(1, charges - 3)}:
        left = at
        searcher = Searcher(fresh.collection)
        fresh.collection.at()._state.evaluator.cache.clear()  # type: ignore[attr-defined]
        fresh.collection.at()._state.counts.clear()  # type: ignore[attr-defined]
        fresh.collection.at()._state.orders.clear()  # type: ignore[attr-defined]
        with pytest.raises(CollectionUnavailable):
            QUESTIONS[name](searcher.under(Budget(pace=stop)))


def test_a_stream_is_charged_by_its_batches(fresh: Searcher) -> None:
    held: list[int] = [0]

    def pace(size_bytes: int) -> float:
        held.append(held[-1] + size_bytes)
        return 0.0

    lines = sum(1 for _ in fresh.under(Budget(pace=pace)).iter_lines(WIDE, sort="order"))
    assert lines > 100
    assert max(held) < 1_000_000
    assert held[-1] == 0 or held[-1] < max(held)


def test_memory_is_charged_by_what_is_held(fresh: Searcher) -> None:
    fresh.collection.at()._state.evaluator.cache.clear()  # type: ignore[attr-defined]
    with pytest.raises(BudgetExceeded) as caught:
        fresh.under(Budget(size_bytes=1_000)).count(WIDE)
    assert caught.value.resource == "memory"
    said = render(caught.value.said, "en")
    assert "memory" in said
    assert "Ask for fewer" in said


@pytest.mark.parametrize("stage", ["matching", "counting", "ordering", "reading"])
@pytest.mark.parametrize("resource", ["time", "memory"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_refusal_says_what_cost_so_much_and_what_to_do(
    stage: Stage, resource: Literal["time", "memory"], lang: str
) -> None:
    error = BudgetExceeded(resource, stage)
    said = render(error.said, lang)
    work = dict(error.message.args)["work"]
    assert isinstance(work, Message)
    assert render(work, lang) in said
    assert error.hint is not None


def test_an_order_by_context_that_costs_too_much_is_left_out_with_a_notice(
    fresh: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(concordance, "MAX_SORTED_OCCURRENCES", 3)
    page = fresh.concordance(WIDE, sort="left")
    assert page.sort == "order"
    assert says.OCCURRENCES_UNSORTED() in [notice.message for notice in page.notices]
    assert page.total == fresh.count(WIDE).occurrences
    ordered = fresh.concordance(WIDE, sort="order")
    assert replace(page, notices=()) == replace(ordered, notices=())


def test_few_numbers_of_occurrences_stay_with_matches_and_none_of_long_choices() -> None:
    evaluated = Evaluated((), np.zeros(0, dtype=np.int64), ())
    assert evaluated.keep_said((("city", ("长",) * 1_000),), 7) == 7
    assert evaluated.said == {}
    for number in range(1_000):
        assert evaluated.keep_said((("city", (str(number),)),), number) == number
    assert 0 < len(evaluated.said) < 100


def test_orders_are_kept_by_their_bytes(fresh: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
    def kept() -> LruCache[Any, Any]:
        searcher = Searcher(fresh.collection, fresh.analyzer, caches=Caches())
        for text in ("的", "一", "工作", "发展", "委员"):
            searcher.concordance(Query(text), sort="left")
        return searcher._caches.concordance.orders

    orders = kept()
    assert len(orders) == 5
    assert orders.held_bytes > sum(order.size_bytes for order, _ in orders._held.values()) > 0
    most = orders.held_bytes // 2
    monkeypatch.setattr(concordance, "_ORDERS_BYTES", most)
    assert len(kept()) < 5
    assert kept().held_bytes <= most


@pytest.mark.parametrize(
    ("stage", "notice"),
    [("search.answer.search_hints._correct", says.HINTS_LEFT_OUT), ("best_partial", says.PARTIAL_LEFT_OUT)],
)
def test_what_may_be_left_out_is_left_out_with_a_notice(
    fresh: Searcher, monkeypatch: pytest.MonkeyPatch, stage: str, notice: Declared
) -> None:
    """The hits and totals are those of the whole answer."""

    def spend(question: Question, *_: object, **__: object) -> object:
        question.view.budget.charge(1 << 40)
        raise AssertionError("the budget does for anything")

    query = Query("提案委员调研视察协商 绝无此词之城")
    whole = fresh.search(query)
    fresh._caches.clear()
    monkeypatch.setattr(stage if "." in stage else f"search.answer.rerank.rerank.{stage}", spend)
    found = fresh.under(Budget(size_bytes=1 << 30)).search(query)
    assert notice() in [each.message for each in found.notices]
    assert (found.total, found.facets) == (whole.total, whole.facets)
    with pytest.raises(BudgetExceeded):
        fresh.under(Budget(is_cancelled=lambda: True)).search(query)
