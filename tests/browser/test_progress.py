"""A page that takes a while: its line moves, and the answer comes at the same address, with a script and without."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from werkzeug.wsgi import ClosingIterator

from search import Searcher
from search.instruments import find_numbers
from tests.browser.serving import serving
from tests.web import sample
from web import background_work
from web.app import WebConfig, create_app
from web.current_budget import TURN
from web.limits import Limits
from web.turns import Turns

pytestmark = pytest.mark.browser


class Slow:
    """An instrument that waits to be let go on, half done."""

    def __init__(self) -> None:
        self.goes_on = threading.Event()
        self.fails = False
        self.begun = 0

    def __call__(self, searcher: Searcher, query: Any, *, budget: Any) -> Any:
        self.begun += 1
        budget.reach(0.5)
        while not self.goes_on.is_set():
            sum(range(2_000))
            budget.charge()
        if self.fails:
            raise RuntimeError("broken")
        return find_numbers(searcher, query, budget=budget)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    work = Slow()
    work.__module__, work.__qualname__ = "tests", "Slow"  # type: ignore[attr-defined]
    monkeypatch.setattr("web.instrument_pages.find_numbers", work)
    yield work
    work.goes_on.set()


@pytest.fixture
def served(tmp_path: Path, slow: Slow) -> Iterator[str]:
    """Where pages are served with turns, as the gateway gives them."""
    limits = replace(Limits(), quick_seconds=0.001, progress_seconds=0.3)
    turns = Turns(limits)
    searcher = sample.build(tmp_path / "collection")
    app = create_app(WebConfig(searcher=searcher, limits=limits, shared=tmp_path, turns=turns))

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        turn = environ[TURN] = turns.turn()
        with turn.working(), closing(ClosingIterator(app(environ, start_response))) as answer:
            return list(answer)

    with serving(application) as address:
        yield address


@pytest.mark.parametrize("javascript", [True, False])
def test_the_answer_comes_at_the_address_of_the_progress(
    visit: Callable[..., Any], served: str, slow: Slow, screenshots: Path | None, javascript: bool
) -> None:
    page = visit(f"{served}/numbers?q=提案&lang=zh", javascript=javascript)
    assert page.title().startswith("正在计算")
    address = page.url
    page.get_by_text("已完成 50%").wait_for()
    if screenshots is not None:
        page.screenshot(path=screenshots / f"progress-{javascript}.png")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    slow.goes_on.set()
    page.locator("[data-working]").wait_for(state="detached")
    page.locator("main table, main h1").first.wait_for()
    assert not page.title().startswith("正在计算")
    assert page.url == address
    assert page.troubles == []


@pytest.mark.parametrize("javascript", [True, False])
def test_a_fault_is_shown_and_the_work_isnt_begun_again(
    visit: Callable[..., Any], served: str, slow: Slow, javascript: bool
) -> None:
    page = visit(f"{served}/numbers?q=提案&lang=zh", javascript=javascript)
    page.get_by_text("已完成 50%").wait_for()
    slow.fails = True
    slow.goes_on.set()
    page.locator("[data-working]").wait_for(state="detached")
    page.locator("main h1").wait_for()
    assert not page.title().startswith("正在计算")
    page.wait_for_timeout(1000 * (background_work.ASK_AGAIN_SECONDS + 0.5))
    assert page.locator("[data-working]").count() == 0
    page.reload()
    assert not page.title().startswith("正在计算")
    assert slow.begun == 1
