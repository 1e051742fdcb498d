"""Turns: short questions pass, long ones share, all hold no more memory than there is for them."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack, suppress
from itertools import pairwise

import pytest

from search.errors import CollectionUnavailable
from search.limits import Budget
from web.limits import MB, Limits
from web.turns import Turn, Turns


def work_for(seconds: float) -> None:
    """Take so much of the processor's time."""
    begun = time.thread_time()
    while time.thread_time() - begun < seconds:
        pass


def make_long(turn: Turn) -> None:
    """Let the turn work until it is a long one."""
    while not turn.is_long:
        work_for(0.005)
        turn.pace(0)


def test_a_question_is_long_once_it_has_worked_long() -> None:
    turns = Turns(Limits(quick_seconds=0.02))
    turn = turns.turn()
    with turn.working():
        assert not turn.is_long
        make_long(turn)
    assert turn.is_long


def test_a_question_of_many_bytes_is_long_before_it_works() -> None:
    """Eight addresses of 30 kB, each answered within the time of a short question, made pages five times slower."""
    turns = Turns(Limits(quick_kb=2, long_at_once=1, wait_seconds=0.05))
    assert not turns.turn(size_bytes=2048).is_long
    with turns.turn(size_bytes=2049).working():
        with turns.turn(size_bytes=2048).working():
            pass
        with pytest.raises(CollectionUnavailable), turns.turn(size_bytes=30_000).working():
            pass


def test_long_questions_take_turns_and_a_short_one_does_not_wait_for_them() -> None:
    turns = Turns(Limits(quick_seconds=0.02, long_at_once=1, quick_at_once=1))
    worked: list[str] = []
    stop = threading.Event()

    def work(name: str) -> None:
        turn = turns.turn()
        with turn.working():
            make_long(turn)
            while not stop.is_set():
                worked.append(name)
                work_for(0.002)
                turn.pace(0)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    waits = []
    for _ in range(20):
        begun = time.monotonic()
        with turns.turn().working():
            waits.append(time.monotonic() - begun)
        time.sleep(0.02)
    stop.set()
    for thread in threads:
        thread.join(5)
    changes = sum(one != other for one, other in pairwise(worked))
    assert set(worked) == set("abc")
    assert changes < len(worked) / 2  # in slices, not all at once
    assert sorted(waits)[10] < 0.1


def test_a_turn_that_does_not_come_is_a_refusal_with_a_time_to_come_again() -> None:
    turns = Turns(Limits(quick_at_once=1, wait_seconds=0.05))
    with (
        turns.turn().working(),
        pytest.raises(CollectionUnavailable) as caught,
        turns.turn().working(),
    ):
        pass
    assert caught.value.retry_after_s > 0


def test_nobody_waits_for_a_question_that_nobody_wants() -> None:
    turns = Turns(Limits(quick_at_once=1, wait_seconds=60))
    with (
        turns.turn().working(),
        pytest.raises(CollectionUnavailable),
        turns.turn(is_cancelled=lambda: True).working(),
    ):
        pass


@pytest.mark.parametrize("fails", [False, True])
def test_who_waits_for_an_answer_from_elsewhere_keeps_nobody_waiting(fails: bool) -> None:
    turns = Turns(Limits(quick_at_once=1, wait_seconds=0.05))
    first = turns.turn()
    budget = Budget(pace=first.pace, rest=first.resting)
    with first.working():
        with suppress(TimeoutError), budget.share(0.5) as part, part.resting():
            with turns.turn().working():
                pass
            if fails:
                raise TimeoutError
        with pytest.raises(CollectionUnavailable), turns.turn().working():  # its turn came again
            pass
    with turns.turn().working():
        pass


def test_where_memory_is_short_the_one_with_most_is_refused() -> None:
    turns = Turns(Limits(questions_mb=10))
    greedy, modest = turns.turn(), turns.turn()
    greedy.pace(9 * MB)
    modest.pace(2 * MB)
    modest.pace(0)
    with pytest.raises(CollectionUnavailable):
        greedy.pace(0)
    greedy.end()
    assert turns.held_bytes == 2 * MB
    modest.end()
    assert turns.held_bytes == 0


def test_all_turns_are_given_back() -> None:
    turns = Turns(Limits(quick_seconds=0.001, quick_at_once=3, long_at_once=2))

    def work() -> None:
        for _ in range(5):
            turn = turns.turn()
            with turn.working():
                for _ in range(20):
                    turn.pace(1000)
                    work_for(0.0005)
            turn.end()

    threads = [threading.Thread(target=work) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (turns._fresh, len(turns._quick), len(turns._passed), turns._long) == (0, 0, 0, 0)
    assert (turns._waiting, turns.held_bytes) == ({}, 0)


def test_a_fresh_question_is_not_slowed_by_one_that_begins_to_be_costly() -> None:
    """Once a question has worked for a quarter of a short one's time, it stands back for those that have not."""
    turns = Turns(Limits(quick_seconds=0.4, quick_at_once=2))
    older, has_begun, may_go_on = turns.turn(), threading.Event(), threading.Event()
    seen: list[str] = []

    def work() -> None:
        with older.working():
            work_for(0.11)
            has_begun.set()
            assert may_go_on.wait(5)
            older.pace(0)
            seen.append("older")

    thread = threading.Thread(target=work)
    thread.start()
    assert has_begun.wait(5)
    with turns.turn().working():
        may_go_on.set()
        time.sleep(0.05)
        seen.append("fresh")
    thread.join(5)
    assert seen == ["fresh", "older"]
    assert not older.is_fresh
    assert not older.is_long


def test_nobody_waits_long_for_a_question_that_does_not_hand_over() -> None:
    turns = Turns(Limits(quick_at_once=1, wait_seconds=0.01))
    with ExitStack() as at_work:
        at_work.enter_context(turns.turn().working())
        for _ in range(3):
            with pytest.raises(CollectionUnavailable), turns.turn().working():
                pass
            time.sleep(0.12)
            at_work.enter_context(turns.turn().working())
        time.sleep(0.12)
        with pytest.raises(CollectionUnavailable), turns.turn().working():  # four are enough
            pass
    with turns.turn().working():
        pass


def test_what_lets_others_pass_takes_no_place_of_theirs() -> None:
    turns = Turns(Limits(quick_seconds=0.4, quick_at_once=1))
    has_begun = threading.Event()
    seen: list[float] = []

    def work() -> None:
        turn = turns.turn()
        with turn.working():
            work_for(0.11)
            has_begun.set()
            while len(seen) < 1:
                turn.pace(0)

    thread = threading.Thread(target=work)
    thread.start()
    assert has_begun.wait(5)
    for _ in range(3):
        begun = time.monotonic()
        with turns.turn().working():
            seen.append(time.monotonic() - begun)
    thread.join(5)
    assert max(seen) < 0.1
