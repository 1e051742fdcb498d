"""The runner of costly questions: a few at a time over all processes, the same one once, its answer kept.

kept -> answered; else computed -> cheap: that was all; costly: claimed, a place among the few -> computed on -> kept

A question shows whether it is costly by the work that it takes: after `quick_seconds` of it. What another process or
thread computes already is waited for, not computed twice; a refusal is kept too, for a short time.
"""

from __future__ import annotations

import hashlib
import secrets
import tempfile
import time
import weakref
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import Any, TypeVar

from flask import current_app, request

from search.errors import BudgetExceeded, Stage
from search.limits import Budget
from web.current_budget import TURN, current_budget
from web.current_searcher import current_searcher, current_version
from web.kept_answers import Claims, KeptAnswers
from web.limits import MB, Limits
from web.turns import Turn, server_full

EXTENSION = "xiesou-long-work"
_T = TypeVar("_T")
_LOOK_SECONDS = 0.05
_REFUSED_SECONDS = 60


@dataclass(frozen=True, slots=True)
class _Refusal:
    """A question took more than it may; it isn't tried again at once."""

    resource: Any
    stage: Stage
    made: float


class _AlreadyRunning(Exception):
    """Another thread or process computes the same."""


class LongWork:
    """The runner of one application.

    Args:
        folder: shared by all processes that run as one server; None for one of its own.
    """

    def __init__(self, limits: Limits, folder: Path | None) -> None:
        self._limits = limits
        if folder is None:
            folder = Path(tempfile.gettempdir()) / f"xiesou-work-{secrets.token_hex(16)}"  # made at first use
            weakref.finalize(self, rmtree, folder, ignore_errors=True)
        self.folder = folder
        self._kept = KeptAnswers(folder, size_bytes=limits.kept_mb * MB, seconds=limits.kept_seconds)
        self._claims = Claims(folder)
        self._places = [f"place-{number}" for number in range(limits.instruments_at_once)]

    def compute_once(self, key: str, budget: Budget, turn: Turn | None, make: Callable[[], _T]) -> _T:
        """What `make` gives, computed here or by another.

        Args:
            key: names the question and the version of the collection.
            budget: what `make` charges.

        Raises:
            BudgetExceeded: it takes more than the budget, here or when it was tried a moment ago.
            CollectionUnavailable: too many wait.
        """
        while True:
            found = self.look_up(key)
            if found is not None:
                answer: _T = found
                return answer
            with ExitStack() as held:
                work = _Work(self, key, budget, turn, held)
                try:
                    return work.run(make)
                except _AlreadyRunning:
                    pass
            budget.waited += work.wait(lambda: not self.is_running(key))

    def look_up(self, key: str) -> Any | None:
        """The answer that is kept; None where there is none.

        Raises:
            BudgetExceeded: it took more than it may when it was tried a moment ago.
        """
        found = self._kept.get(key)
        if isinstance(found, _Refusal):
            if time.time() - found.made < _REFUSED_SECONDS:
                raise BudgetExceeded(found.resource, found.stage)
            return None
        return found

    def is_running(self, key: str) -> bool:
        """Whether somebody computes it at this moment."""
        give = self._claims.take([key])
        if give is not None:
            give()
        return give is None

    def claim(self, key: str) -> Callable[[], None] | None:
        """Be the one that computes it."""
        return self._claims.take([key])

    def take_place(self) -> Callable[[], None] | None:
        """A place among the few."""
        return self._claims.take(self._places)

    def keep(self, key: str, answer: Any) -> None:
        """Keep an answer for whoever asks the same of the same version."""
        self._kept.put(key, answer)

    @property
    def limits(self) -> Limits:
        return self._limits


class _Work:
    """One attempt at one question."""

    def __init__(
        self, runner: LongWork, key: str, budget: Budget, turn: Turn | None, held: ExitStack
    ) -> None:
        self._runner, self._key, self._budget, self._turn, self._held = runner, key, budget, turn, held
        self._is_costly = False
        self._begun = budget.spent_seconds

    def run(self, make: Callable[[], _T]) -> _T:
        before, held_bytes = self._budget.pace, self._budget.spent_bytes
        self._budget.pace = self._pace if before is None else lambda size: before(size) + self._pace(size)
        try:
            answer = make()
        except BudgetExceeded as error:
            if self._is_costly and error.resource != "cancelled":
                self._runner.keep(self._key, _Refusal(error.resource, error.stage, time.time()))
            raise
        except _AlreadyRunning:
            self._budget.release(self._budget.spent_bytes - held_bytes)
            raise
        finally:
            self._budget.pace = before
        if self._is_costly:
            self._runner.keep(self._key, answer)
        return answer

    def _pace(self, size_bytes: int) -> float:
        """Where it turns out to be costly: claim it, and wait for a place; how long that took."""
        worked = self._budget.spent_seconds - self._begun
        if self._is_costly or size_bytes < 0 or worked < self._runner.limits.quick_seconds:
            return 0.0
        give = self._runner.claim(self._key)
        if give is None:
            raise _AlreadyRunning
        self._held.callback(give)
        self._is_costly = True
        return self.wait(self._has_place)

    def _has_place(self) -> bool:
        give = self._runner.take_place()
        if give is not None:
            self._held.callback(give)
        return give is not None

    def wait(self, is_over: Callable[[], bool]) -> float:
        """Wait without a turn; how long that took.

        Raises:
            BudgetExceeded: nobody waits for the answer any more.
            CollectionUnavailable: it took longer than `wait_seconds`.
        """
        begun = time.monotonic()
        if is_over():
            return 0.0
        with ExitStack() as resting:
            if self._turn is not None:
                resting.enter_context(self._turn.resting())
            while not is_over():
                if self._budget.is_cancelled is not None and self._budget.is_cancelled():
                    raise BudgetExceeded("cancelled", self._budget.stage)
                if time.monotonic() - begun > self._runner.limits.wait_seconds:
                    raise server_full()
                time.sleep(_LOOK_SECONDS)
        return time.monotonic() - begun


def name_question(find: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> str:
    """A name for this request's question to an instrument, of this version of the collection."""
    asked = (current_version(), find.__module__, find.__qualname__, args, sorted(options.items()))
    return hashlib.sha256(repr(asked).encode("utf-8", "surrogatepass")).hexdigest()


def compute_once(find: Callable[..., _T], *args: Any, **options: Any) -> _T:
    """The answer of an instrument to this request's question: `find(searcher, *args, budget=…, **options)`."""
    runner: LongWork = current_app.extensions[EXTENSION]
    key = name_question(find, args, options)
    budget = current_budget()
    budget.seconds = max(budget.seconds or 0.0, runner.limits.instrument_seconds)
    budget.size_bytes = max(budget.size_bytes or 0, runner.limits.instrument_mb * MB)
    turn: Turn | None = request.environ.get(TURN)
    return runner.compute_once(
        key, budget, turn, lambda: find(current_searcher(), *args, budget=budget, **options)
    )
