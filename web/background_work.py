"""Costly questions of pages: worked on in a thread of their own, while their page says how far they are.

kept -> the page; else a thread works -> done within `progress_seconds`: the page; else a page that tells of the work,
and asks again at the same address until the answer is kept there

Whoever leaves asks no more: work that nobody asked for within `left_seconds` is given up. It takes turns and places
like all other work, and its budget is that of an instrument. Behind another server than ours, which has no turns, a
page waits for its answer.

A job that a page told of stays for a while once it ended, so that whoever asks again sees the same: a fault, or an
answer that isn't kept. Work that was given up is nobody's answer: who asks then has it begun anew.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Flask, Response, current_app, render_template, request

from search.errors import CollectionUnavailable
from search.limits import Budget
from search.model import Query
from web.current_budget import TURN
from web.current_searcher import current_searcher
from web.limits import MB, Limits
from web.long_work import EXTENSION as RUNNER
from web.long_work import LongWork, compute_once, name_question
from web.params import read_typed
from web.progresses import Progress, Progresses
from web.slow_questions import noter_of_work
from web.turns import Turn, Turns

EXTENSION = "xiesou-background-work"
ASK_AGAIN_SECONDS = 2
_MOST_WAITING = 64
"""Addresses whose pages told of work of late, in this process."""
_LOOK_SECONDS = 0.05
_TELL_SECONDS = 0.5
_T = TypeVar("_T")


class StillWorking(Exception):
    """The answer isn't there yet."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(progress)
        self.progress = progress


@dataclass(slots=True, eq=False)
class _Job:
    """A question that a thread of this process works on, or did a moment ago.

    Args:
        note: told how many seconds it took, if a page told of it.
    """

    note: Callable[[float], None] = lambda seconds: None
    begun: float = field(default_factory=time.monotonic)
    asked: float = field(default_factory=time.time)
    """When it was asked for last in this process."""
    is_over: threading.Event = field(default_factory=threading.Event)
    answer: Any = None
    error: BaseException | None = None
    was_left: bool = False
    """Whether nobody asked for it for so long that it is to stop."""
    is_told_of: bool = False
    """Whether a page said that it goes on, and will ask again."""
    ended: float | None = None
    told: float | None = None

    @property
    def was_given_up(self) -> bool:
        """Whether it ends, or ended, without an answer since nobody asked for it any more."""
        return self.was_left and (self.error is not None or not self.is_over.is_set())

    def is_done_with(self, now: float, limits: Limits) -> bool:
        """Whether nobody is to be told of it any more."""
        if self.ended is None:
            return False
        if self.told is None:
            return now - self.ended > limits.left_seconds
        is_passing = isinstance(self.error, CollectionUnavailable)  # asked again later, it is tried again
        return is_passing or now - self.told > limits.told_seconds


class BackgroundWork:
    """The costly questions that pages of this process began.

    Args:
        runner: who computes what, over all processes.
        turns: those of this process.
    """

    def __init__(self, runner: LongWork, turns: Turns) -> None:
        self._runner, self._turns = runner, turns
        self._progresses = Progresses(runner.folder)
        self._jobs: dict[str, _Job] = {}
        self._waiting: dict[str, str] = {}
        self._most = runner.limits.begun_for_a_place * runner.limits.instruments_at_once
        self._lock = threading.Lock()

    def find(
        self, key: str, turn: Turn, make: Callable[[Budget], _T], noter: Callable[[], Callable[[float], None]]
    ) -> _T | None:
        """What `make` gives, or gave to whoever asked the same; None where no more can be begun.

        Args:
            noter: makes what is told how many seconds the work took, if that is longer than a page waits.

        Raises:
            StillWorking: it isn't there yet.
            XiesouError: what `make` raised.
        """
        begun, patience = time.monotonic(), self._runner.limits.progress_seconds
        while True:
            kept: Any = self._runner.look_up(key)
            if kept is not None:
                self._jobs.pop(key, None)
                return kept  # type: ignore[no-any-return]
            self._progresses.want(key)
            job = self._begin(key, make, noter)
            if job is None and not self._runner.is_running(key):
                return None
            with turn.resting():
                while time.monotonic() - begun < patience and not turn.is_cancelled():
                    if job.is_over.wait(_LOOK_SECONDS) if job is not None else self._has_come(key):
                        break
            if job is None or not job.is_over.is_set():
                kept = self._runner.look_up(key)
                if kept is None:
                    if job is not None:
                        job.is_told_of = True
                    raise StillWorking(self._progresses.look_up(key))
                return kept  # type: ignore[no-any-return]
            if not job.was_given_up:
                return self._tell(key, job)  # type: ignore[no-any-return]

    def note_waiting(self, address: str, key: str) -> None:
        """Note that the page at an address tells of work, and will ask again."""
        with self._lock:
            self._waiting.pop(address, None)
            self._waiting[address] = key
            if len(self._waiting) > _MOST_WAITING:
                del self._waiting[next(iter(self._waiting))]

    def is_awaited(self, address: str) -> bool:
        """Whether the page at an address told of work that goes on, so that it costs little to ask again."""
        key = self._waiting.get(address)
        if key is None:
            return False
        job = self._jobs.get(key)
        if job is not None:
            return not job.is_over.is_set() and not job.was_given_up
        return self._runner.is_running(key)

    def _tell(self, key: str, job: _Job) -> Any:
        """What a job found; raises what it raised. It stays for those whose page told of it, and is told again."""
        if not job.is_told_of:
            with self._lock:
                if self._jobs.get(key) is job:
                    del self._jobs[key]
        job.told = job.told or time.time()
        if job.error is not None:
            raise job.error
        return job.answer

    def _has_come(self, key: str) -> bool:
        time.sleep(_LOOK_SECONDS)
        return not self._runner.is_running(key)

    def _begin(
        self, key: str, make: Callable[[Budget], Any], noter: Callable[[], Callable[[float], None]]
    ) -> _Job | None:
        """The job of this process for a question; None where another process has it, or too many are begun."""
        with self._lock:
            self._sweep()
            job = self._jobs.get(key)
            if job is not None and not job.was_given_up:
                job.asked = time.time()
                return job
            if job is None and (self._runner.is_running(key) or len(self._jobs) >= self._most):
                return None
            job = _Job()
            thread = threading.Thread(
                target=self._work, args=(key, job, make), name=f"work-{key[:8]}", daemon=True
            )
            try:
                thread.start()
            except RuntimeError:  # no more threads: the page works on it itself
                return None
            self._jobs[key] = job
        job.note = noter()
        return job

    def _sweep(self) -> None:
        """Drop the jobs that nobody is to be told of any more; where there are too many, those that ended first."""
        limits = self._runner.limits
        self._progresses.drop_left(limits.left_seconds)
        now = time.time()
        for key in [key for key, job in self._jobs.items() if job.is_done_with(now, limits)]:
            del self._jobs[key]
        ended = sorted((job.ended, key) for key, job in self._jobs.items() if job.ended is not None)
        for _, key in ended[: max(0, len(self._jobs) + 1 - self._most)]:
            del self._jobs[key]

    def _work(self, key: str, job: _Job, make: Callable[[Budget], Any]) -> None:
        limits = self._runner.limits

        def is_left() -> bool:
            asked = max(job.asked, self._progresses.last_wanted(key))
            job.was_left = job.was_left or time.time() - asked >= limits.left_seconds
            return job.was_left

        turn = self._turns.turn(is_cancelled=_now_and_then(is_left))
        budget = Budget(
            seconds=limits.instrument_seconds,
            size_bytes=limits.instrument_mb * MB,
            is_cancelled=turn.is_cancelled,
            clock=lambda: turn.worked,
            rest=turn.resting,
        )
        tell = _now_and_then(lambda: self._progresses.tell(key, Progress(budget.spent_seconds, budget.done)))

        def pace(size_bytes: int) -> float:
            tell()
            return turn.pace(size_bytes)

        budget.pace = pace
        try:
            with turn.working():
                job.answer = self._runner.compute_once(key, budget, turn, lambda: make(budget))
        except BaseException as error:
            job.error = error
        finally:
            turn.end()
            self._end(key, job)

    def _end(self, key: str, job: _Job) -> None:
        with self._lock:
            if self._jobs.get(key) is job:
                self._progresses.forget(key)
            job.ended = time.time()
            job.is_over.set()
            if self._jobs.get(key) is job and job.was_given_up:
                del self._jobs[key]
        if job.is_told_of and not job.was_given_up:
            job.note(time.monotonic() - job.begun)


def _now_and_then(look: Callable[[], _T]) -> Callable[[], _T]:
    """What `look` gave within the last half a second."""
    kept: list[Any] = [look(), time.monotonic()]

    def looked() -> _T:
        if time.monotonic() - kept[1] > _TELL_SECONDS:
            kept[:] = [look(), time.monotonic()]
        found: _T = kept[0]
        return found

    return looked


def register_background_work(app: Flask, turns: Turns | None) -> None:
    """Let pages of an application tell of their work; without `turns` they wait for it."""
    runner: LongWork = app.extensions[RUNNER]
    app.extensions[EXTENSION] = None if turns is None else BackgroundWork(runner, turns)
    app.register_error_handler(StillWorking, _show_progress)


def compute_for_page(find: Callable[..., _T], *args: Any, **options: Any) -> _T:
    """The answer of an instrument to the question of a page: `find(searcher, *args, budget=…, **options)`.

    Raises:
        StillWorking: it takes longer than a page waits.
    """
    work: BackgroundWork | None = current_app.extensions[EXTENSION]
    turn: Turn | None = request.environ.get(TURN)
    if work is None or turn is None or request.method != "GET":
        return compute_once(find, *args, **options)
    searcher = current_searcher()
    key = name_question(find, args, options)
    try:
        found = work.find(
            key,
            turn,
            lambda budget: find(searcher.under(budget), *args, budget=budget, **options),
            noter_of_work,
        )
    except StillWorking:
        work.note_waiting(request.full_path, key)
        raise
    return compute_once(find, *args, **options) if found is None else found


def is_awaited() -> bool:
    """Whether the current request asks how far work is that its page told of."""
    work: BackgroundWork | None = current_app.extensions[EXTENSION]
    return work is not None and request.method == "GET" and work.is_awaited(request.full_path)


def _show_progress(error: StillWorking) -> Response:
    """202: the work goes on; the page asks again at its own address."""
    page = render_template(
        "progress.html",
        progress=error.progress,
        again=ASK_AGAIN_SECONDS,
        query=Query(read_typed()),
    )
    response = Response(page, status=202, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Retry-After"] = str(ASK_AGAIN_SECONDS)
    return response
