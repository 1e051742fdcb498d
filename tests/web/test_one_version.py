"""An answer is of one version of the collection, whatever is committed while it is made."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from types import ModuleType

import pytest
from flask import Flask

from search import Searcher
from search.collection import Collection, View
from search.limits import UNLIMITED, Budget
from search.memory import MemoryCollection
from tests.web.memory_searcher import commit_again, searcher_of, the_analyzer
from tests.web.sample import id_of
from web.app import WebConfig, create_app
from web.limits import Limits
from web.observing import Observing

TOKEN = "only-in-tests"
Q = "q=营商环境"
REPORT = id_of("baishan-2024-cppcc.txt")
ADDRESSES = {
    "api.concordance": [f"/api/v1/concordance?{Q}"],
    "api.count": [f"/api/v1/count?{Q}"],
    "api.report": [f"/api/v1/reports/{REPORT}"],
    "api.reports": ["/api/v1/reports?year=2023"],
    "api.search": [f"/api/v1/search?{Q}", "/api/v1/search?q=没有人写过的词"],
    "api.suggest": ["/api/v1/suggest?q=营商", "/api/v1/suggest?q=营商&year=2023"],
    "api.trends": [f"/api/v1/trends?{Q}"],
    "citations.bibliography": [
        f"/bibliography.txt?id={REPORT}&id={REPORT}-p2",
        "/bibliography.bib?year=2023",
    ],
    "citations.bibtex": [f"/reports/{REPORT}/cite.bib"],
    "citations.cite_page": [f"/reports/{REPORT}/cite?n=3"],
    "corrections.correct": [f"/reports/{REPORT}/correct?n=2"],
    "embed.frame": [f"/embed?{Q}"],
    "embed_setup.setup": ["/embed/setup"],
    "exports.distribution_csv": [f"/distribution.csv?{Q}"],
    "exports.export_csv": [f"/export.csv?{Q}", f"/export.csv?{Q}&view=concordance"],
    "exports.export_xlsx": [f"/export.xlsx?{Q}", f"/export.xlsx?{Q}&view=concordance"],
    "feeds.feed": [f"/feed.atom?{Q}"],
    "feeds.feed_json": [f"/feed.json?{Q}"],
    "feeds.reports_feed": ["/reports.atom"],
    "feeds.reports_feed_json": ["/reports.json"],
    "feeds.spread_feed": [f"/spread.atom?{Q}"],
    "feeds.spread_feed_json": [f"/spread.json?{Q}"],
    "instrument_files.collocates": [f"/collocates.csv?{Q}"],
    "instrument_files.compare": [f"/compare.csv?{Q}&q=发展"],
    "instrument_files.diff": [f"/diff.csv?of={REPORT}"],
    "instrument_files.keywords": ["/keywords.csv?of=year:2023&against=year:2022"],
    "instrument_files.match_text": ["/match-text.csv?text=优化营商环境"],
    "instrument_files.numbers": [f"/numbers.csv?{Q}"],
    "instrument_files.reuse": [f"/reuse.csv?of={REPORT}"],
    "instrument_files.spread": [f"/spread.csv?{Q}"],
    "instrument_pages.collocates": [f"/collocates?{Q}"],
    "instrument_pages.compare": [f"/compare?{Q}&q=发展"],
    "instrument_pages.keywords": ["/keywords?of=year:2023&against=year:2022", "/keywords"],
    "instrument_pages.match_text": ["/match-text?text=优化营商环境"],
    "instrument_pages.numbers": [f"/numbers?{Q}", "/numbers"],
    "instruments.collocates": [f"/api/v1/collocates?{Q}"],
    "instruments.compare": [f"/api/v1/compare?{Q}&q=发展"],
    "instruments.diff": [f"/api/v1/diff?of={REPORT}"],
    "instruments.keywords": ["/api/v1/keywords?of=year:2023&against=year:2022"],
    "instruments.match_text": ["/api/v1/match-text?text=优化营商环境"],
    "instruments.numbers": [f"/api/v1/numbers?{Q}"],
    "instruments.reuse": [f"/api/v1/reuse?of={REPORT}"],
    "instruments.spread": [f"/api/v1/spread?{Q}"],
    "metrics.show": ["/metrics"],
    "oembed.oembed": [f"/oembed?url=http://localhost/reports/{REPORT}%23p2"],
    "operator.metadata_csv": ["/operator/metadata.csv"],
    "operator.show": ["/operator"],
    "pages.follow": [f"/follow?{Q}"],
    "pages.home": ["/"],
    "pages.report": [f"/reports/{REPORT}?{Q}"],
    "pages.reports": ["/reports", "/reports?year=2023"],
    "pages.search": [
        f"/search?{Q}",
        f"/search?{Q}&match=all&fold=on&group=report",
        f"/search?{Q}&view=concordance",
        f"/search?{Q}&view=distribution",
        f"/search?{Q}&view=spread",
        "/search?q=没有人写过的词",
        "/search?q=苏州",
    ],
    "pieces.plot": [f"/embed/plot?{Q}"],
    "pieces.quote": [f"/embed/quote?report={REPORT}&n=2"],
    "report_instruments.diff": [f"/diff?of={REPORT}"],
    "report_instruments.reuse": [f"/reuse?of={REPORT}"],
}
"""What each route that asks a collection is asked here."""
ASKS_NOTHING = {
    "api.openapi", "api_docs.reference", "embed.height_script", "embed.modal_script", "embed.opensearch",
    "embed.script", "health.live", "health.ready", "kept-static", "robots.robots_txt", "static", "working_set.items",
    "working_set.show",
}  # fmt: skip


class _Watched:
    """A collection that tells of each view that it hands out."""

    def __init__(self, collection: Collection, watch: Callable[[], None]) -> None:
        self._collection, self._watch = collection, watch

    def __getattr__(self, name: str) -> object:
        return getattr(self._collection, name)

    def at(self, budget: Budget = UNLIMITED) -> View:
        self._watch()
        return self._collection.at(budget)


def _app_over(collection: object) -> Flask:
    searcher = Searcher(collection, the_analyzer())  # type: ignore[arg-type]  # the rest is passed on
    limits = Limits(
        question_seconds=600,
        export_seconds=600,
        instrument_seconds=600,
        quick_seconds=600,
        exports_at_once=99,
    )
    app = create_app(WebConfig(searcher=searcher, observing=Observing(operator_token=TOKEN), limits=limits))
    app.testing = False
    return app


@pytest.fixture(scope="module")
def views() -> list[None]:
    return []


@pytest.fixture(scope="module")
def watched(searcher: Searcher, views: list[None]) -> Flask:
    return _app_over(_Watched(searcher.collection, lambda: views.append(None)))


def test_every_route_is_asked(watched: Flask) -> None:
    assert {rule.endpoint for rule in watched.url_map.iter_rules()} == {*ADDRESSES, *ASKS_NOTHING}


@pytest.mark.parametrize("endpoint", ADDRESSES)
def test_a_request_opens_one_view(watched: Flask, views: list[None], endpoint: str) -> None:
    for address in ADDRESSES[endpoint]:
        views.clear()
        response = watched.test_client().get(address, headers={"Authorization": f"Bearer {TOKEN}"})
        assert response.status_code == 200, (address, response.get_data(as_text=True)[:300])
        assert response.get_data()
        assert len(views) == 1, f"{address} opened {len(views)} views"


def test_a_commit_while_a_page_is_made_changes_nothing_of_it(invented: ModuleType) -> None:
    """A report goes with every view that is opened after the first; totals and lists are of one version still."""
    searcher = searcher_of(invented.make_texts())
    kept = [report.id for report in searcher.reports()]
    collection = searcher.collection
    assert isinstance(collection, MemoryCollection)
    opened: list[None] = []

    def commit_between() -> None:
        opened.append(None)
        if len(opened) > 1 and len(kept) > 1:
            commit_again(searcher, without=kept.pop())

    client = _app_over(_Watched(collection, commit_between)).test_client()
    held = len(kept)
    page = client.get("/reports").get_data(as_text=True)
    assert len(set(re.findall(r'href="/reports/([^"/?]+)"', page))) == held
    opened.clear()
    answer = client.get("/api/v1/reports")
    assert len(json.loads(answer.data)["reports"]) == len(kept) == held
