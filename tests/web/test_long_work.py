"""Costly questions: a few at a time over all processes, the same one once, answers and refusals kept for a while."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest
from flask.testing import FlaskClient

from search import Searcher
from search.errors import BudgetExceeded, CollectionUnavailable
from search.instruments import numbers
from search.limits import Budget
from web.app import WebConfig, create_app
from web.kept_answers import Claims, KeptAnswers
from web.limits import Limits
from web.long_work import LongWork
from web.turns import Turns

LIMITS = Limits(quick_seconds=0.001, wait_seconds=20, instruments_at_once=2)


def work_for(budget: Budget, seconds: float) -> None:
    """Work as a question does: a processor's time, charged as it goes."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        budget.charge()


@pytest.fixture
def runner(tmp_path: Path) -> LongWork:
    return LongWork(LIMITS, tmp_path / "answers")


# What is kept


class Clock:
    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


def test_an_answer_is_kept_for_its_time(tmp_path: Path) -> None:
    clock = Clock()
    kept = KeptAnswers(tmp_path, size_bytes=10_000, seconds=60, clock=clock)
    assert kept.get("a") is None
    kept.put("a", ("答", 1))
    assert kept.get("a") == ("答", 1)
    clock.ahead = 61
    assert kept.get("a") is None
    kept.put("b", 2)
    assert [path.name for path in tmp_path.iterdir()] == ["b.answer"]


def test_kept_answers_take_no_more_than_their_room_and_the_oldest_goes(tmp_path: Path) -> None:
    kept = KeptAnswers(tmp_path, size_bytes=10_000, seconds=60)
    for number in range(20):
        kept.put(str(number), os.urandom(1_000))
        os.utime(tmp_path / f"{number}.answer", (time.time() - 30 + number,) * 2)
        assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 10_000
    assert kept.get("0") is None
    assert kept.get("19") is not None
    kept.put("large", os.urandom(5_000))
    assert kept.get("large") is None
    assert kept.get("19") is not None


def test_a_claim_is_held_by_one_and_ends_with_its_process(tmp_path: Path) -> None:
    claims, others = Claims(tmp_path), Claims(tmp_path)
    give = claims.take(["a"])
    assert give is not None
    assert claims.take(["a"]) is None
    assert others.take(["a"]) is None
    second = others.take(["a", "b"])
    assert second is not None
    assert claims.take(["a", "b"]) is None
    give()
    second()
    assert not list(tmp_path.iterdir())
    context = multiprocessing.get_context("spawn")
    told = context.Queue()
    other = context.Process(target=hold, args=(tmp_path, told), daemon=True)
    other.start()
    assert told.get(timeout=60)
    assert claims.take(["a"]) is None
    other.kill()
    other.join()
    assert claims.take(["a"]) is not None


def hold(folder: Path, told: Any) -> None:
    told.put(Claims(folder).take(["a"]) is not None)
    threading.Event().wait()


def test_a_folder_that_is_gone_loses_answers_and_nothing_else(runner: LongWork, tmp_path: Path) -> None:
    made: list[str] = []
    for _ in range(2):
        assert ask(runner, "a", made, seconds=0.01) == "aaa"
        assert ask(runner, "a", made, seconds=0.01) == "aaa"
        rmtree(tmp_path / "answers")
    assert made == ["a", "a"]


# Who computes


def ask(runner: LongWork, key: str, made: list[str], seconds: float = 0.1, turns: Turns | None = None) -> str:
    turn = turns.turn() if turns is not None else None
    budget = Budget(pace=turn.pace) if turn is not None else Budget()

    def find() -> str:
        work_for(budget, seconds)
        made.append(key)
        return key * 3

    if turn is None:
        return runner.compute_once(key, budget, None, find)
    with turn.working():
        return runner.compute_once(key, budget, turn, find)


@pytest.mark.parametrize("has_turns", [False, True])
def test_the_same_question_is_running_once_for_all_who_ask(runner: LongWork, has_turns: bool) -> None:
    turns = Turns(LIMITS) if has_turns else None
    made: list[str] = []
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: ask(runner, "a", made, turns=turns), range(8)))
    assert found == ["aaa"] * 8
    assert made == ["a"]
    assert ask(runner, "b", made, turns=turns) == "bbb"
    assert made == ["a", "b"]


def test_what_is_cheap_is_neither_kept_nor_waits(tmp_path: Path) -> None:
    runner = LongWork(replace(LIMITS, quick_seconds=60), tmp_path)
    made: list[str] = []
    for _ in range(3):
        ask(runner, "a", made, seconds=0.01)
    assert made == ["a"] * 3
    assert not list(tmp_path.iterdir())


def test_only_a_few_are_worked_on_at_a_time_over_all_runners(tmp_path: Path) -> None:
    """Two runners over one folder are what two processes have."""
    runners = [LongWork(LIMITS, tmp_path) for _ in range(2)]
    at_work, most = 0, 0
    lock = threading.Lock()

    def ask_one(number: int) -> None:
        nonlocal at_work, most
        budget = Budget()

        def find() -> int:
            nonlocal at_work, most
            work_for(budget, 0.01)  # it shows that it is costly, and has its place
            with lock:
                at_work += 1
                most = max(most, at_work)
            work_for(budget, 0.05)
            with lock:
                at_work -= 1
            return number

        assert runners[number % 2].compute_once(str(number), budget, None, find) == number

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(ask_one, range(6)))
    assert most == LIMITS.instruments_at_once


def test_who_finds_no_place_is_told_when_to_come_again(tmp_path: Path) -> None:
    runner = LongWork(replace(LIMITS, instruments_at_once=1, wait_seconds=0.2), tmp_path)
    place = runner.take_place()
    assert place is not None
    made: list[str] = []
    with pytest.raises(CollectionUnavailable) as refused:
        ask(runner, "a", made)
    assert refused.value.retry_after_s
    place()
    assert ask(runner, "a", made) == "aaa"


def test_where_the_first_fails_the_next_goes_on(runner: LongWork) -> None:
    begun = threading.Event()
    budget = Budget()
    made: list[str] = []

    def fail() -> str:
        work_for(budget, 0.02)
        begun.set()
        work_for(budget, 0.1)
        raise RuntimeError("broken")

    def ask_first() -> None:
        with pytest.raises(RuntimeError):
            runner.compute_once("a", budget, None, fail)

    first = threading.Thread(target=ask_first)
    first.start()
    assert begun.wait(20)
    assert ask(runner, "a", made) == "aaa"
    assert made == ["a"]
    first.join()


def test_a_refusal_is_kept_and_work_that_nobody_wants_is_not(runner: LongWork) -> None:
    tried: list[str] = []

    def refuse(resource: Any) -> Callable[[], str]:
        def find() -> str:
            tried.append(resource)
            work_for(budget, 0.01)
            raise BudgetExceeded(resource, "reading")

        return find

    for resource, times in (("cancelled", 3), ("time", 1)):
        tried.clear()
        for _ in range(3):
            budget = Budget()
            with pytest.raises(BudgetExceeded) as refused:
                runner.compute_once("a", budget, None, refuse(resource))
            assert (refused.value.resource, refused.value.stage) == (resource, "reading")
        assert tried == [resource] * times


def test_nobody_waits_for_what_its_client_has_left(runner: LongWork) -> None:
    places = [runner.take_place() for _ in range(LIMITS.instruments_at_once)]
    assert all(places)
    budget = Budget(is_cancelled=lambda: budget.spent_seconds > 0.1)

    def find() -> None:
        work_for(budget, 0.05)

    begun = time.monotonic()
    with pytest.raises(BudgetExceeded):
        runner.compute_once("a", budget, None, find)
    assert time.monotonic() - begun < 10


# Instruments


@pytest.fixture
def client(searcher: Searcher, tmp_path: Path) -> FlaskClient:
    limits = replace(Limits(), quick_seconds=1e-9)  # so that each is costly
    return create_app(WebConfig(searcher=searcher, limits=limits, shared=tmp_path)).test_client()


def test_page_file_and_api_share_one_answer(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, searcher: Searcher
) -> None:
    asked: list[str] = []

    def find_numbers(searcher: Searcher, query: Any, **options: Any) -> Any:
        asked.append(query.text)
        return numbers.find_numbers(searcher, query, **options)

    for name in ("instruments", "instrument_pages", "instrument_files"):
        monkeypatch.setattr(f"web.{name}.find_numbers", find_numbers)
    answers = [
        client.get(path) for path in ("/api/v1/numbers?q=提案", "/numbers?q=提案", "/numbers.csv?q=提案")
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert client.get("/api/v1/numbers?q=提案").data == answers[0].data
    assert asked == ["提案"]
    client.get("/api/v1/numbers?q=委员")
    assert asked == ["提案", "委员"]


@pytest.mark.parametrize(
    "path", ["/numbers?q=提案", "/collocates?q=提案", "/spread?q=提案", "/compare?q=提案&q=委员"]
)
def test_a_kept_answer_is_the_answer(client: FlaskClient, path: str) -> None:
    first, second = (client.get(f"/api/v1{path}") for _ in range(2))
    assert first.status_code == 200
    assert first.data == second.data


def test_an_instrument_may_take_longer_than_a_page(searcher: Searcher, tmp_path: Path) -> None:
    limits = replace(Limits(), question_seconds=1e-9)
    client = create_app(WebConfig(searcher=searcher, limits=limits, shared=tmp_path)).test_client()
    assert client.get("/api/v1/numbers?q=提案").status_code == 200
    assert client.get("/api/v1/search?q=提案").status_code == 422
    limits = replace(limits, instrument_seconds=1e-9)
    client = create_app(WebConfig(searcher=searcher, limits=limits, shared=tmp_path / "x")).test_client()
    assert client.get("/api/v1/numbers?q=提案").status_code == 422


def test_an_instrument_may_hold_more_than_a_page(searcher: Searcher, tmp_path: Path) -> None:
    limits = Limits()
    object.__setattr__(limits, "question_mb", 0.0001)
    client = create_app(WebConfig(searcher=searcher, limits=limits, shared=tmp_path)).test_client()
    assert client.get("/api/v1/numbers?q=提案").status_code == 200
    object.__setattr__(limits, "instrument_mb", 0.0001)
    client = create_app(WebConfig(searcher=searcher, limits=limits, shared=tmp_path / "x")).test_client()
    assert client.get("/api/v1/numbers?q=委员").status_code == 422
