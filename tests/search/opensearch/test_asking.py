"""What is expected goes with a question as far as memory allows; the question itself is answered within the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import pytest

from search.collection import Ask, Likely
from search.errors import BudgetExceeded
from search.language.plan import Term
from search.limits import Budget
from search.lru import LruCache
from search.opensearch.asking import Asking
from search.opensearch.catalogue import Catalogue
from search.opensearch.client import ClusterClient, Json
from search.opensearch.expected import Expected
from search.opensearch.rows import make_rows
from search.opensearch.terms import TermReader
from search.opensearch.verified import Verifier, make_cache
from tests.loaded import loaded_analyzer

A_SEARCH = 100
ASKED, *NEXT = (Ask(Term("text", word)) for word in ("发展", "建设", "改革"))


class Cluster:
    """Answers every search with no match, which takes `A_SEARCH` bytes, or fails as it is told."""

    def __init__(self, failure: BudgetExceeded | None = None) -> None:
        self.asked: list[int] = []
        self._failure = failure

    def search(self, searches: Sequence[tuple[Json, Json]], *, budget: Budget) -> list[Json]:
        self.asked += [len(searches)] if searches else []
        budget.charge(A_SEARCH * len(searches))
        if self._failure is not None and len(searches) > 1:
            raise self._failure
        return [{"hits": {"total": {"value": 7}, "hits": []}} for _ in searches]


def no_catalogue() -> Catalogue:
    raise AssertionError("no facet was asked for")


def asking_of(cluster: Cluster, expected: Expected, budget: Budget) -> Asking:
    client, index = cast(ClusterClient, cluster), {"index": "some"}
    kept: LruCache[tuple[str, str], int] = LruCache(most=10)
    verifier = Verifier(client, index, no_catalogue, loaded_analyzer(), make_cache(), budget)
    terms = TermReader(client, index, kept, 10, budget)
    return Asking(client, index, verifier, terms, expected, no_catalogue, make_rows(), budget)


@pytest.mark.parametrize("size_bytes", [A_SEARCH, 2 * A_SEARCH])
def test_what_was_charged_with_more_is_released_before_the_question_is_asked_alone(size_bytes: int) -> None:
    cluster, expected, budget = Cluster(), Expected(), Budget(size_bytes=size_bytes)
    expected.add(lambda: Likely(NEXT))
    (found,) = asking_of(cluster, expected, budget).find([ASKED])
    assert found.total == 7
    assert cluster.asked == [3, 1]
    assert budget.spent_bytes == A_SEARCH


def test_what_fits_is_asked_together() -> None:
    cluster, expected, budget = Cluster(), Expected(), Budget(size_bytes=3 * A_SEARCH)
    expected.add(lambda: Likely(NEXT))
    asking = asking_of(cluster, expected, budget)
    asking.find([ASKED])
    asking.find(NEXT)
    assert cluster.asked == [3]


def test_a_question_too_large_by_itself_is_refused() -> None:
    expected = Expected()
    expected.add(lambda: Likely(NEXT))
    with pytest.raises(BudgetExceeded):
        asking_of(Cluster(), expected, Budget(size_bytes=A_SEARCH - 1)).find([ASKED])


@pytest.mark.parametrize("resource", ["time", "cancelled"])
def test_only_for_memory_is_it_tried_again(resource: Any) -> None:
    cluster, expected = Cluster(BudgetExceeded(resource)), Expected()
    expected.add(lambda: Likely(NEXT))
    with pytest.raises(BudgetExceeded) as raised:
        asking_of(cluster, expected, Budget()).find([ASKED])
    assert raised.value.resource == resource
    assert cluster.asked == [3]


def test_what_is_too_large_to_be_expected_is_not_asked() -> None:
    cluster, expected, budget = Cluster(), Expected(), Budget(size_bytes=A_SEARCH)

    def too_large() -> Likely:
        budget.charge(10 * A_SEARCH)
        return Likely(NEXT)

    expected.add(too_large)
    (found,) = asking_of(cluster, expected, budget).find([ASKED])
    assert found.total == 7
    assert budget.spent_bytes == A_SEARCH
