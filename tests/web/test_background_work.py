"""Costly pages: told of while they are worked on, the same address once they are done, given up when nobody asks."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from search import Searcher
from search.errors import BudgetExceeded, CollectionUnavailable
from search.instruments import find_numbers
from web.app import WebConfig, create_app
from web.current_budget import TURN
from web.limits import Limits
from web.messages import SERVER_FULL
from web.observing import Observing
from web.rate_policy import RateLimits
from web.rate_table import RateTable
from web.turns import Turns

ADDRESS = "/numbers?q=提案"
LIMITS = replace(Limits(), quick_seconds=0.001, progress_seconds=0.3)


class Slow:
    """An instrument that charges its budget until it is let go on."""

    def __init__(self) -> None:
        self.goes_on = threading.Event()
        self.begun = 0
        self.ended: list[BaseException | None] = []
        self.fails = False
        self.refusal: Exception | None = None
        """What it is refused with where it is told to stop, in place of its budget's refusal."""
        self.stops = threading.Event()
        self.stops.set()
        self.stopping = False

    def __call__(self, searcher: Searcher, query: Any, *, budget: Any) -> Any:
        self.begun += 1
        try:
            budget.reach(0.4)
            while not self.goes_on.is_set():
                sum(range(2_000))
                self._charge(budget)
            if self.fails:
                raise RuntimeError("broken")
            found = find_numbers(searcher, query, budget=budget)
        except BaseException as error:
            self.ended.append(error)
            raise
        self.ended.append(None)
        return found

    def _charge(self, budget: Any) -> None:
        try:
            budget.charge()
        except BudgetExceeded as error:
            self.stopping = True
            self.stops.wait(20)
            raise self.refusal or error from None


Open = Callable[..., TestResponse]


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    work = Slow()
    work.__module__, work.__qualname__ = "tests", "Slow"  # type: ignore[attr-defined]
    monkeypatch.setattr("web.instrument_pages.find_numbers", work)
    yield work
    work.goes_on.set()


@pytest.fixture
def servers(searcher: Searcher, tmp_path: Path) -> list[Open]:
    """Two processes of one server, as far as they see each other."""
    return [serve(searcher, tmp_path, LIMITS) for _ in range(2)]


def serve(searcher: Searcher, folder: Path, limits: Limits, **options: Any) -> Open:
    """What opens a page of an application, as the gateway has it done."""
    turns = Turns(limits)
    config = WebConfig(searcher=searcher, limits=limits, shared=folder, turns=turns, **options)
    client = create_app(config).test_client()

    def open_page(address: str = ADDRESS) -> TestResponse:
        turn = turns.turn()
        with turn.working():
            return client.get(address, environ_overrides={TURN: turn})

    return open_page


def change_limit(monkeypatch: pytest.MonkeyPatch, name: str, value: float) -> None:
    """Change a limit of servers that run."""
    monkeypatch.setattr(Limits, name, property(lambda limits: value, lambda limits, given: None))


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def first_answer(open_page: Open) -> TestResponse:
    """What comes at the end of asking again and again."""
    answers: list[TestResponse] = []

    def is_there() -> bool:
        answers.append(open_page())
        return answers[-1].status_code != 202

    wait_until(is_there)
    return answers[-1]


def test_a_costly_page_tells_how_far_it_is_and_is_there_when_done(servers: list[Open], slow: Slow) -> None:
    begun = time.monotonic()
    first = servers[0]()
    assert time.monotonic() - begun < 20
    assert first.status_code == 202
    assert first.headers["Cache-Control"] == "no-store"
    assert "ETag" not in first.headers
    assert '<noscript><meta http-equiv="refresh"' in first.text
    wait_until(lambda: "40%" in servers[0]().text)
    elsewhere = servers[1]()
    assert elsewhere.status_code == 202
    assert "40%" in elsewhere.text
    slow.goes_on.set()
    wait_until(lambda: slow.ended != [])
    for server in servers:
        done = server()
        assert done.status_code == 200
        assert "data-working" not in done.text
        assert "ETag" in done.headers
    assert slow.begun == 1


def test_how_long_a_page_waits_is_a_setting(searcher: Searcher, slow: Slow, tmp_path: Path) -> None:
    open_page = serve(searcher, tmp_path, replace(LIMITS, progress_seconds=20))
    threading.Timer(0.6, slow.goes_on.set).start()
    assert open_page().status_code == 200


def test_what_is_quick_is_answered_at_once(searcher: Searcher, tmp_path: Path, slow: Slow) -> None:
    slow.goes_on.set()
    assert serve(searcher, tmp_path, replace(LIMITS, progress_seconds=20))().status_code == 200
    assert slow.begun == 1


def test_work_that_nobody_asks_for_is_given_up_and_begun_again(
    servers: list[Open], slow: Slow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    change_limit(monkeypatch, "left_seconds", 0.5)
    assert servers[0]().status_code == 202
    wait_until(lambda: slow.ended != [])
    assert isinstance(slow.ended[0], BudgetExceeded)
    assert slow.ended[0].resource == "cancelled"
    wait_until(lambda: not list((tmp_path / "answers").iterdir()))
    change_limit(monkeypatch, "left_seconds", 30)
    assert servers[0]().status_code == 202
    assert slow.begun == 2


def test_a_fault_is_told_again_for_a_while_and_then_it_is_tried_again(
    servers: list[Open], slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who was told of the work asks again, sees the fault, and may load the page once more."""
    slow.fails = True
    assert servers[0]().status_code == 202
    slow.goes_on.set()
    wait_until(lambda: slow.ended != [])
    assert [servers[0]().status_code for _ in range(3)] == [500] * 3
    assert slow.begun == 1
    slow.fails = False
    change_limit(monkeypatch, "told_seconds", 0)
    assert servers[0]().status_code == 200
    assert slow.begun == 2


def test_a_fault_that_is_told_at_once_is_tried_again_at_once(servers: list[Open], slow: Slow) -> None:
    slow.fails = True
    slow.goes_on.set()
    assert servers[0]().status_code == 500
    slow.fails = False
    assert servers[0]().status_code == 200


def test_who_asks_for_work_that_is_being_given_up_gets_an_answer(
    servers: list[Open], slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_limit(monkeypatch, "left_seconds", 0.5)
    assert servers[0]().status_code == 202
    slow.stops.clear()  # given up, it hasn't ended yet
    wait_until(lambda: slow.stopping)
    change_limit(monkeypatch, "left_seconds", 30)
    slow.goes_on.set()
    begun = threading.Timer(0.1, slow.stops.set)
    begun.start()
    assert first_answer(servers[0]).status_code == 200


def test_work_given_up_while_it_waits_for_a_turn_is_begun_again(
    servers: list[Open], slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A turn that nobody waits for is refused as one on a full server is; whoever asks next isn't told so."""
    slow.refusal = CollectionUnavailable(SERVER_FULL(), retry_after_s=5)
    change_limit(monkeypatch, "left_seconds", 0.5)
    assert servers[0]().status_code == 202
    wait_until(lambda: slow.ended != [])
    slow.refusal = None
    slow.goes_on.set()
    change_limit(monkeypatch, "left_seconds", 30)
    assert first_answer(servers[0]).status_code == 200


def test_work_is_wanted_where_no_file_can_be_written(servers: list[Open], slow: Slow, tmp_path: Path) -> None:
    (tmp_path / "answers").symlink_to(tmp_path / "nowhere" / "answers")
    assert servers[0]().status_code == 202
    assert servers[0]().status_code == 202
    slow.goes_on.set()
    wait_until(lambda: slow.ended != [])
    assert slow.ended == [None]
    assert [servers[0]().status_code for _ in range(2)] == [200, 200]
    assert slow.begun == 1


def test_a_late_answer_that_was_cheap_is_there_for_who_asks_again(
    searcher: Searcher, slow: Slow, tmp_path: Path
) -> None:
    open_page = serve(searcher, tmp_path, replace(LIMITS, quick_seconds=600))
    assert open_page().status_code == 202
    slow.goes_on.set()
    wait_until(lambda: slow.ended != [])
    assert [open_page().status_code for _ in range(2)] == [200, 200]
    assert slow.begun == 1


def test_a_page_works_itself_where_no_thread_can_be_begun(
    servers: list[Open], slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    slow.goes_on.set()
    with monkeypatch.context() as patched:
        patched.setattr("web.background_work.threading.Thread.start", refuse)
        assert servers[0]().status_code == 200
    assert servers[0]("/numbers?q=提案&page=1").status_code == 200


def test_no_more_are_begun_than_settings_allow(searcher: Searcher, slow: Slow, tmp_path: Path) -> None:
    """Beyond a few that wait for a place, a page waits for one itself, and is refused as files are."""
    open_page = serve(searcher, tmp_path, replace(LIMITS, wait_seconds=3, begun_for_a_place=1))
    pages = [open_page(f"/numbers?q=提案{n}") for n in range(LIMITS.instruments_at_once + 1)]
    assert [page.status_code for page in pages] == [202] * LIMITS.instruments_at_once + [503]
    assert "Retry-After" in pages[-1].headers
    slow.goes_on.set()
    wait_until(lambda: len(slow.ended) == len(pages))


def test_asking_how_far_it_is_counts_little(searcher: Searcher, slow: Slow, tmp_path: Path) -> None:
    open_page = serve(searcher, tmp_path, LIMITS, rates=RateLimits(10, RateTable(clock=lambda: 1000.0)))
    assert [open_page().status_code for _ in range(10)] == [202] * 10
    assert open_page("/compare?q=提案").status_code == 429
    slow.goes_on.set()


def test_slow_work_is_logged_at_its_end_and_asking_for_it_is_not(
    searcher: Searcher, slow: Slow, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    open_page = serve(searcher, tmp_path, LIMITS, observing=Observing(slow_ms=200))

    def logged() -> list[str]:
        return [line for line in caplog.messages if line.startswith("slow:")]

    for _ in range(3):
        assert open_page().status_code == 202
    assert logged() == []
    slow.goes_on.set()
    wait_until(lambda: logged() != [])
    assert [("/numbers" in line, "plan: " in line) for line in logged()] == [(True, True)]


def test_files_of_pages_that_were_refused_are_dropped(
    servers: list[Open], slow: Slow, tmp_path: Path
) -> None:
    left = tmp_path / "answers" / "refused.wanted"
    left.parent.mkdir()
    left.touch()
    long_ago = time.time() - LIMITS.left_seconds - 1
    os.utime(left, (long_ago, long_ago))
    slow.goes_on.set()
    assert servers[0]().status_code == 200
    assert not left.exists()


def test_what_is_asked_wrongly_is_refused_at_once(servers: list[Open]) -> None:
    assert servers[0]("/compare?q=提案&split=city").status_code == 400
