"""Pages and the embedded search over a collection on a cluster: what the same reports in a folder give."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from search.answer.searcher import Searcher
from search.model import Query
from tests.browser.conftest import follow
from tests.browser.embedded.conftest import Host, page_with, snippet
from tests.browser.embedded.test_use import ask
from tests.browser.serving import serving
from tests.contract.stores import cluster_store, forget
from tests.loaded import loaded_analyzer
from tests.web import sample
from web.app import WebConfig, create_app
from web.origin_policy import OriginPolicy

Opener = Callable[..., Any]
pytestmark = [pytest.mark.browser, pytest.mark.cluster]


@pytest.fixture(scope="module")
def folder_searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    return sample.build(tmp_path_factory.mktemp("folder"))


@pytest.fixture(scope="module")
def service(host: Host, folder_searcher: Searcher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The search over the same reports on a cluster, which allows the host."""
    folder = tmp_path_factory.mktemp("cluster")
    store = cluster_store(folder / "collection", loaded_analyzer())
    store.write(folder_searcher.collection.at().drafts())
    searcher = Searcher(store.open(), loaded_analyzer())
    app = create_app(WebConfig(searcher=searcher, origins=OriginPolicy((host.address,))))
    with serving(app) as address:
        yield address
    forget(folder)


@pytest.fixture(scope="module")
def address(service: str) -> str:
    """What `open_page` opens."""
    return service


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_over_a_cluster_show_what_a_folder_gives(
    open_page: Opener, folder_searcher: Searcher, width: int, screenshots: Path | None
) -> None:
    """From the first page to hits, a filter, the concordance, the distribution and a report."""
    expected = folder_searcher.search(Query("营商环境"))
    page = open_page("/", width=width)
    page.fill("#q", "营商环境")
    page.press("#q", "Enter")
    page.wait_for_url("**/search?q=*")
    assert int(page.locator(".count").first.inner_text().split()[0]) == expected.total
    hits = page.locator(".hit")
    assert hits.count() == len(expected.hits)
    assert page.locator(".hit mark").count() >= len(expected.hits)
    _keep(page, screenshots, f"cluster-hits-{width}")
    url = page.url
    page.goto(f"{url}&city=通化市")
    assert (
        int(page.locator(".count").first.inner_text().split()[0])
        == folder_searcher.search(Query("营商环境", city=("通化市",))).total
    )
    page.goto(url)
    follow(page, ".tabs >> text=语境")
    assert page.locator(".kwic tbody tr").count() > 0
    _keep(page, screenshots, f"cluster-concordance-{width}")
    follow(page, ".tabs >> text=分布")
    _keep(page, screenshots, f"cluster-distribution-{width}")
    page.goto(f"/reports/{expected.hits[0].report.id}")
    assert expected.hits[0].text[:20] in page.inner_text("main")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_embedded_search_over_a_cluster_answers(
    visit: Opener, host: Host, service: str, folder_searcher: Searcher, width: int, screenshots: Path | None
) -> None:
    expected = folder_searcher.search(Query("营商环境"))
    page = visit(host.put("/", page_with(snippet(service))), width=width)
    widget = ask(page, "营商环境")
    assert int(widget.locator(".count").inner_text().split()[0]) == expected.total
    assert page.troubles == []
    _keep(page, screenshots, f"cluster-embed-{width}")


def _keep(page: Any, screenshots: Path | None, name: str) -> None:
    if screenshots is not None:
        page.screenshot(path=str(screenshots / f"{name}.png"))
