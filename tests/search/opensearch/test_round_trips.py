"""How often a page asks a cluster: each request costs more than what it asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from search.answer.searcher import Searcher
from search.model import Query, SearchResult
from search.opensearch.client import ClusterClient
from tests.contract.drafts import all_drafts
from tests.contract.stores import Store, cluster_store, forget
from tests.loaded import loaded_analyzer

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """A searcher that has answered before: it has the catalogue and the words of its version."""
    folder = tmp_path_factory.mktemp("trips")
    store: Store = cluster_store(folder / "collection", loaded_analyzer())
    store.write(all_drafts())
    searcher = Searcher(store.open(), loaded_analyzer())
    for text in ("建设", "没有这回事啊"):
        searcher.search(Query(text))
    yield searcher
    forget(folder)


def requests_of(work: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The requests that were answered while something was done.

    Left out are the look that a process takes four times a second for a newer version, and a request that met a
    node which another test has killed: it is sent again to the next one.
    """
    asked: list[str] = []
    plain = ClusterClient._once

    def counting(self: ClusterClient, method: str, path: str, *given: Any) -> Any:
        answer = plain(self, method, path, *given)
        if not path.endswith("_mapping"):
            asked.append(path)
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(ClusterClient, "_once", counting)
        work()
    return asked


def ask(searcher: Searcher, query: Query, monkeypatch: pytest.MonkeyPatch) -> tuple[SearchResult, list[str]]:
    """A page with the requests that were answered."""
    results: list[SearchResult] = []
    asked = requests_of(lambda: results.append(searcher.search(query)), monkeypatch)
    return results[0], asked


@pytest.mark.parametrize(
    "query",
    [
        Query("环境 发展"),
        Query("发展 经济"),
        Query('"提案"'),
        Query("发展", match="all"),
        Query("发展", sort="-year", page=2),
        Query("发展", city=("四平市",)),
        Query("提案 -委员"),
    ],
    ids=lambda query: f"{query.text} {query.match} {query.sort}",
)
def test_a_page_takes_two_requests_at_most(
    searcher: Searcher, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is found with its counts, occurrences and texts; and, where glossaries have it, the order with them last."""
    result, asked = ask(searcher, query, monkeypatch)
    assert result.total >= 10
    assert 1 <= len(asked) <= 2


def test_a_phrase_that_stands_across_marks_takes_one_more_the_first_time(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That it does so is found out beside the question, which then is asked again."""
    lengths = [len(ask(searcher, Query("营商环境", page=page), monkeypatch)[1]) for page in (1, 2)]
    assert lengths[0] <= 3
    assert lengths[1] <= 2


@pytest.mark.parametrize(
    "text", ["乡村振兴 产业", "民主监督 养老服务", "侯川 提案", "科技创新 粮食安全 老旧小区"]
)
def test_a_page_with_partial_matches_takes_three_requests_at_most(
    text: str, searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is found, with how rare its words are; and the matches, with all that is counted beside them.

    One more the first time that a phrase stands across marks.
    """
    result, asked = ask(searcher, Query(text), monkeypatch)
    assert result.total < 10
    assert result.tiers[-1].listed
    assert 2 <= len(asked) <= 3
    assert len(ask(searcher, Query(text, per_page=11), monkeypatch)[1]) <= 2


@pytest.mark.parametrize("text", ["发展经济的情况和问题有哪些", "如何优化营商环境推进提案办理和民主监督"])
def test_a_sentence_takes_three_requests(
    text: str, searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the others, whether what is no word stands anywhere, together with what texts must be looked at for.

    One more where words of it stand nowhere at all, which is known with the third.
    """
    result, asked = ask(searcher, Query(text), monkeypatch)
    assert result.total < 10
    unknown = result.explanation is not None and bool(result.explanation.missing)
    assert len(asked) <= 3 + unknown
    assert len(ask(searcher, Query(text, per_page=11), monkeypatch)[1]) <= 2


def test_what_reports_share_is_asked_about_together(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a run of writing every report that came in is compared: two requests, however many they are."""
    view = searcher.collection.at()
    names = [report.id for report in view.reports(others=True)[1]][:60]
    assert len(names) > 30
    asked = requests_of(lambda: view.shared_text(names), monkeypatch)
    assert len(asked) <= 2


def test_sources_are_read_together(searcher: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy and a rebuild read everything that is held."""
    view = searcher.collection.at()
    asked = requests_of(lambda: list(view.drafts()), monkeypatch)
    assert len(asked) <= 1 + view.stats().paragraphs // 1_000


def test_why_nothing_was_found_is_asked_in_batches(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many words a query has, each step asks about all of them at once."""
    few, many = (
        Query('"没有此词一" 龘靐甲'),
        Query('"没有此词二" 龘靐乙 "没有此词三" 齉爩丁 麤虪戊 "没有此词四"'),
    )
    (_, of_few), (result, of_many) = (ask(searcher, of, monkeypatch) for of in (few, many))
    assert result.explanation is not None
    assert len(of_few) <= 3
    assert len(of_many) <= len(of_few) + 1
