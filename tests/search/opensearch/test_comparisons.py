"""The programs of `benchmarks/cluster` find what differs, and go on from where they stopped."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.cluster.answers import cells_of, difference, export_of, is_a_tie, lines_of, page_of
from benchmarks.cluster.equality import Comparison
from benchmarks.cluster.failures import Asking, Expected, Tally, choose
from benchmarks.cluster.indexing import Changing
from benchmarks.cluster.nodes import NotThere
from benchmarks.cluster.questions import NASTY, take_queries
from search.answer.searcher import Searcher
from search.errors import CollectionUnavailable
from search.messages import quoted
from search.model import Query
from tests.laws.bruteforce import Collection
from tests.web import sample


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    searcher = sample.build(tmp_path_factory.mktemp("compared"))
    yield searcher
    searcher.close()


def test_any_difference_is_found() -> None:
    one = {"total": 3, "hits": [{"id": "a", "score": 1.0}, {"id": "b", "score": 0.5}]}
    assert difference(one, json.loads(json.dumps(one))) is None
    near = {**one, "hits": [{"id": "a", "score": 1.0 + 1e-7}, {"id": "b", "score": 0.5}]}
    assert difference(one, near) is None
    others: list[Any] = [
        {**one, "total": 4},
        {**one, "hits": one["hits"][::-1]},  # type: ignore[index]
        {**one, "hits": [{"id": "a", "score": 1.0}]},
        {**one, "hits": [{"id": "a", "score": 1.01}, {"id": "b", "score": 0.5}]},
        {"total": 3},
        {"refused": "QueryError", "said": ""},
    ]
    assert all(difference(one, other) for other in others)


def test_the_order_of_equal_scores_is_a_tie_and_nothing_else_is() -> None:
    hits = [{"id": "a", "score": 2.0}, {"id": "b", "score": 1.0}, {"id": "c", "score": 1.0 + 1e-7}]
    a, b, c = hits
    assert is_a_tie(hits, [a, c, b])
    assert is_a_tie([a, b], [a, c])  # the page ends among them
    assert not is_a_tie(hits, [b, a, c])
    assert not is_a_tie(hits, [a, c])
    assert not is_a_tie([a, b], [{"id": "d", "score": 2.0}, b])
    assert not is_a_tie(hits, [a, c, {**b, "spans": [[0, 1]]}])


def test_what_another_query_gives_differs(searcher: Searcher) -> None:
    """Each of the four answers would show an error that changes it."""
    one, other = Query("营商环境"), Query("乡村振兴")
    for ask in (page_of, cells_of, lines_of, lambda of, query: export_of(of, query, None)):
        assert difference(ask(searcher, one), ask(searcher, one)) is None
        assert difference(ask(searcher, one), ask(searcher, other)) is not None
    first = page_of(searcher, Query("发展"))
    assert difference(first, page_of(searcher, Query("发展", sort="-year"))) is not None


def test_queries_are_the_same_each_time_and_of_every_kind(searcher: Searcher) -> None:
    held = Collection(searcher)
    queries = take_queries(held, 1, 900)
    assert queries == take_queries(held, 1, 900)
    assert queries != take_queries(held, 2, 900)
    texts = {query.text for query in queries}
    assert texts.issuperset(NASTY)
    for of in ({"match": "all"}, {"group": "report"}, {"sort": "-year"}, {"fold": True}, {"per_page": 100}):
        ((name, value),) = of.items()
        assert any(getattr(query, name) == value for query in queries), of


def test_a_comparison_goes_on_after_what_was_compared(searcher: Searcher, tmp_path: Path) -> None:
    log = tmp_path / "log"
    first = Comparison(searcher, searcher, log)
    first.compare(0, Query("营商环境"))
    first.compare(1, Query("发展", page=0))
    again = Comparison(searcher, searcher, log)
    assert set(again.done) == {0, 1}
    totals = again.totals()
    assert (totals["queries"], totals["differing"], totals["unanswered"]) == (2, 0, 0)
    assert totals["with_hits"] == 1
    assert min(totals[name] for name in ("hits", "cells", "occurrence_places", "exported_rows")) > 0


def test_a_comparison_counts_what_differs_and_what_is_not_answered(
    searcher: Searcher, tmp_path: Path
) -> None:
    class Wrong:
        """Finds less."""

        def __getattr__(self, name: str) -> Any:
            def ask(query: Query, **given: Any) -> Any:
                if query.text == "down":
                    raise CollectionUnavailable(quoted("down"))
                return getattr(searcher, name)(replace(query, city=("四平市",)), **given)

            return ask

    comparison = Comparison(searcher, Wrong(), tmp_path / "log")  # type: ignore[arg-type]
    comparison.compare(0, Query("发展"))
    comparison.compare(1, Query("down"))
    totals = comparison.totals()
    assert (totals["queries"], totals["differing"], totals["unanswered"]) == (1, 1, 1)
    assert set(totals["differing_parts"]) == {"page", "cells", "lines", "export"}


def test_an_answer_that_came_late_is_told_and_a_wrong_one_too(searcher: Searcher) -> None:
    right, wrong = Query("营商环境"), Query("乡村振兴")
    late = [CollectionUnavailable(quoted("no"), retry_after_s=0)]

    class Late:
        def search(self, query: Query, **given: Any) -> Any:
            if late:
                raise late.pop()
            return searcher.search(query, **given)

    expected = page_of(searcher, right)
    asking = Asking(Late(), [], Tally("test"), wanted=2, least=0, quiet_s=0, prefix="p")  # type: ignore[arg-type]
    asking._ask(right, expected)
    asking._ask(wrong, expected)
    tally = asking.tally
    assert (tally.answers, tally.late, tally.wrong, tally.failed) == (2, 1, 1, 0)
    assert asking.is_enough
    assert json.loads(tally.to_line())["differences"]


def test_questions_are_chosen_that_the_nodes_answer_soon(searcher: Searcher) -> None:
    asked: list[str] = []

    class Slow:
        def search(self, query: Query, **given: Any) -> Any:
            asked.append(query.text)
            if query.text == "slow":
                time.sleep(0.2)
            return searcher.search(Query("营商环境"), **given)

    expected: Expected = [(Query("quick"), {}), (Query("slow"), {})]
    chosen = choose(Slow(), expected, 150.0, lambda: len(asked))  # type: ignore[arg-type]
    assert [query.text for query, _ in chosen] == ["quick"]
    with pytest.raises(NotThere):
        choose(Slow(), expected, 150.0, lambda: 0)  # type: ignore[arg-type]


def test_files_say_in_which_state_they_are(tmp_path: Path) -> None:
    changing = Changing(tmp_path)
    for state in (1, 2, 3, 4):
        changing.to(state)
        texts = [path.read_text("utf-8") for path in sorted(tmp_path.glob("*.txt"))]
        assert sum(f"状态第{state}次" in text for text in texts) == len(texts) // 3
        assert sum("状态第" in text for text in texts) == len(texts) // 3
