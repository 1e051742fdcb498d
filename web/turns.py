"""Whose turn it is to work: short questions at once, long ones in slices by turns, all within one memory.

A question begins as a fresh one, unless it is longer than `quick_kb`. Once it has worked for a quarter of
`quick_seconds` it lets fresh ones pass; once it has worked for all of it, and if it is longer than `quick_kb` from the
start, it is long: it goes on when no more than `long_at_once` others do, hands over after each slice to the one that
waits for longest, and lets short ones pass. So a page that takes 10 ms alone is kept neither behind exports nor behind
what only begins to be costly, and two long questions share what there is. As many short questions work at a time as
`quick_at_once` says: in one process more only get into each other's way. One that has worked for a tenth of a second by
the clock is not counted, so that nobody waits for it for longer; four work then at most. Work is the processor's time:
no page becomes a long question because much else is going on. Turns change hands where work is charged
(`search.limits`), which is where a question can be stopped at all, and while an answer from elsewhere is waited for.

Nothing here knows of requests. Safe to use from several threads.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from search.errors import CollectionUnavailable
from web import messages as says
from web.limits import MB, Limits

_PASS_SECONDS = 0.2
"""So long a question lets shorter ones pass before it works beside them: it is slowed down, never starved."""
_FRESH = 0.25
"""The part of `quick_seconds` for which a question is fresh."""
_LOOK_SECONDS = 0.1
"""While a question waits, it is looked so often whether anybody still wants its answer."""
_MOST_QUICK = 4
"""Short questions at work, those included that are not counted for having worked long without handing over."""
RETRY_AFTER_S = 5


class Turns:
    """The turns of one process."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._changed = threading.Condition()
        self._fresh = 0
        """Fresh questions that work or wait."""
        self._quick: dict[Turn, float] = {}
        """Short questions that work, with when they began, those included that let others pass."""
        self._passed: set[Turn] = set()
        """Short questions that let others pass: they keep nobody from working."""
        self._long = 0
        self._waiting: dict[Turn, None] = {}
        """Long questions that wait, in the order in which they came."""
        self._holding: set[Turn] = set()

    def turn(self, *, is_cancelled: Callable[[], bool] | None = None, size_bytes: int = 0) -> Turn:
        """A turn of a new question, which works inside `working`.

        Args:
            size_bytes: how long the question is; one of more than `quick_kb` is long before any work.
        """
        return Turn(self, is_cancelled, is_long=size_bytes > self.limits.quick_kb * 1024)

    @property
    def held_bytes(self) -> int:
        """What all questions hold."""
        with self._changed:
            return sum(turn.held_bytes for turn in self._holding)

    def take(self, turn: Turn) -> float:
        """Wait until `turn` may work; how long that took.

        Raises:
            CollectionUnavailable: it took longer than `wait_seconds`, or nobody waits any more.
        """
        begun = time.monotonic()
        with self._changed:
            if turn.is_long:
                self._waiting[turn] = None
            self._fresh += turn.is_fresh
            try:
                while not self._may_work(turn):
                    left = begun + self.limits.wait_seconds - time.monotonic()
                    if left <= 0 or turn.is_cancelled():
                        self._fresh -= turn.is_fresh
                        raise server_full()
                    self._changed.wait(min(left, _LOOK_SECONDS))
            finally:
                self._waiting.pop(turn, None)
            if turn.is_long:
                self._long += 1
            else:
                self._quick[turn] = time.monotonic()
        return time.monotonic() - begun

    def _may_work(self, turn: Turn) -> bool:
        if not turn.is_long:
            at_work = [begun for of, begun in self._quick.items() if of not in self._passed]
            late = time.monotonic() - _LOOK_SECONDS
            most = self.limits.quick_at_once
            return sum(begun > late for begun in at_work) < most and len(at_work) < max(most, _MOST_QUICK)
        return self._long < self.limits.long_at_once and next(iter(self._waiting)) is turn

    def give(self, turn: Turn) -> None:
        """`turn` works no longer."""
        with self._changed:
            self._fresh -= turn.is_fresh
            if turn.is_long:
                self._long -= 1
            else:
                del self._quick[turn]
            self._changed.notify_all()

    @property
    def has_waiting(self) -> bool:
        """Whether a long question waits."""
        return bool(self._waiting)

    def age(self, turn: Turn) -> None:
        """`turn` is fresh no longer."""
        with self._changed:
            self._fresh -= turn.is_fresh
            turn.is_fresh = False
            self._changed.notify_all()

    def let_pass(self, turn: Turn) -> float:
        """Wait while shorter questions work, for some time; how long that was."""
        if not self._shorter(turn):
            return 0.0
        begun = time.monotonic()
        with self._changed:
            if not turn.is_long:
                self._passed.add(turn)
            self._changed.notify_all()
            while self._shorter(turn) and (left := begun + _PASS_SECONDS - time.monotonic()) > 0:
                self._changed.wait(left)
            self._passed.discard(turn)
        return time.monotonic() - begun

    def _shorter(self, turn: Turn) -> int:
        return len(self._quick) - len(self._passed) if turn.is_long else self._fresh

    def hold(self, turn: Turn, size_bytes: int) -> None:
        """Note what a question holds. Where all hold too much, the one with most is refused at its next charge."""
        with self._changed:
            turn.held_bytes += size_bytes
            (self._holding.add if turn.held_bytes > 0 else self._holding.discard)(turn)
            if (
                size_bytes > 0
                and sum(each.held_bytes for each in self._holding) > self.limits.questions_mb * MB
            ):
                max(self._holding, key=lambda each: each.held_bytes).is_refused = True


class Turn:
    """One question's turn. `pace` is for its budget."""

    def __init__(
        self, turns: Turns, is_cancelled: Callable[[], bool] | None, *, is_long: bool = False
    ) -> None:
        self._turns = turns
        self.is_cancelled = is_cancelled or (lambda: False)
        self.is_fresh, self.is_long = not is_long, is_long
        self.is_refused = False
        self.held_bytes = 0
        self._is_working = False
        self._worked = 0.0
        self._slice_begun = 0.0
        self._passes_from = 0.0

    @contextmanager
    def working(self) -> Iterator[None]:
        """Work for a while, as soon as it is this question's turn.

        Raises:
            CollectionUnavailable: it isn't within `wait_seconds`.
        """
        self._begin()
        try:
            yield
        finally:
            if self._is_working:
                self._stop()

    def _begin(self) -> float:
        waited = self._turns.take(self)
        self._is_working, self._slice_begun = True, time.thread_time()
        return waited

    def _stop(self) -> None:
        self._is_working = False
        self._begin_slice()
        self._turns.give(self)
        self.is_fresh = self.is_fresh and self._worked < self._slice_seconds * _FRESH
        if not self.is_long and self._worked > self._turns.limits.quick_seconds:
            self.is_long = True

    def _begin_slice(self) -> None:
        now = time.thread_time()
        self._worked += now - self._slice_begun
        self._slice_begun = now

    @property
    def worked(self) -> float:
        """How much of a processor's time it has taken, in seconds; asked by the thread that works."""
        return self._worked + (time.thread_time() - self._slice_begun if self._is_working else 0.0)

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Let others work while something else is waited for.

        Raises:
            CollectionUnavailable: its turn doesn't come again within `wait_seconds`.
        """
        was_working = self._is_working
        if was_working:
            self._stop()
        try:
            yield
        finally:
            if was_working:
                self._begin()

    def pace(self, size_bytes: int) -> float:
        """Note what is held, and hand over where others are to go first; how long that took.

        Raises:
            CollectionUnavailable: all questions hold too much and this one most, or its turn didn't come again.
        """
        if size_bytes:
            self._turns.hold(self, size_bytes)
        if self.is_refused and size_bytes >= 0:
            raise server_full()
        if not self._is_working or size_bytes < 0:
            return 0.0
        worked = time.thread_time() - self._slice_begun + (0 if self.is_long else self._worked)
        if self.is_fresh and worked >= self._slice_seconds * _FRESH:
            self._turns.age(self)
        waited = 0.0 if self.is_fresh else self._let_pass()
        if worked < self._slice_seconds:
            return waited
        if self.is_long and not self._turns.has_waiting:
            self._begin_slice()
            return waited
        self._stop()
        return waited + self._begin()

    @property
    def _slice_seconds(self) -> float:
        return self._turns.limits.quick_seconds

    def _let_pass(self) -> float:
        """Let shorter questions pass, once in half a slice at most."""
        now = time.monotonic()
        if now < self._passes_from:
            return 0.0
        waited = self._turns.let_pass(self)
        if waited:
            self._passes_from = now + waited + self._slice_seconds / 2
        return waited

    def end(self) -> None:
        """The question is done: it holds nothing any more."""
        self._turns.hold(self, -self.held_bytes)


def server_full() -> CollectionUnavailable:
    """The refusal of a question while others take all there is."""
    return CollectionUnavailable(says.SERVER_FULL(), retry_after_s=RETRY_AFTER_S)
