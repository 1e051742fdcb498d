"""What one question may cost. A store charges the budget where the work is done; the default is unlimited."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field

from search.errors import BudgetExceeded, Stage
from search.messages import Message


@dataclass(slots=True)
class Budget:
    """The time and memory that a question may take, and whether anybody still waits for its answer.

    Args:
        seconds: from the making of the budget on, without what `pace` waited; None for any time.
        size_bytes: memory that may be held at a time; None for any.
        is_cancelled: asked now and then; true once nobody waits any more.
        pace: told of every charge in bytes, negative for a release. It may wait until others had their turn, and gives
            back the seconds that it waited; it may refuse by raising CollectionUnavailable.
        stage: what is being done, for the refusal to name.
        rest: what lets others work while this question waits for an answer from elsewhere.
    """

    seconds: float | None = None
    size_bytes: int | None = None
    is_cancelled: Callable[[], bool] | None = None
    pace: Callable[[int], float] | None = None
    stage: Stage = "matching"
    spent_bytes: int = 0
    waited: float = 0.0
    clock: Callable[[], float] | None = None
    """What was worked, in seconds; None: the time since `started`, without what was waited."""
    done: float | None = None
    """The part of the work that is done, 0 to 1; None where it can't be told."""
    left_out: list[Message] = field(default_factory=list)
    """What was left out for want of it."""
    rest: Callable[[], AbstractContextManager[None]] | None = None
    started: float = field(default_factory=time.monotonic)

    def charge(self, size_bytes: int = 0) -> None:
        """Note an allocation, and check all limits.

        Raises:
            BudgetExceeded: a limit is passed, or the question was cancelled.
        """
        self.spent_bytes += size_bytes
        if self.pace is not None:
            self.waited += self.pace(size_bytes)
        if self.is_cancelled is not None and self.is_cancelled():
            raise BudgetExceeded("cancelled", self.stage)
        if self.size_bytes is not None and self.spent_bytes > self.size_bytes:
            raise BudgetExceeded("memory", self.stage)
        if self.seconds is not None and self.spent_seconds > self.seconds:
            raise BudgetExceeded("time", self.stage)

    def reach(self, done: float) -> None:
        """Note that so much of the work is done, for whoever waits to be told."""
        self.done = done

    def release(self, size_bytes: int) -> None:
        """Note that so much of what was charged is held no longer."""
        self.spent_bytes -= size_bytes
        if self.pace is not None:
            self.waited += self.pace(-size_bytes)

    def resting(self) -> AbstractContextManager[None]:
        """Inside, nothing is worked: an answer is waited for, such as a cluster's, and others may work."""
        return nullcontext() if self.rest is None else self.rest()

    @property
    def spent_seconds(self) -> float:
        """How long it was worked, without what `pace` waited."""
        if self.clock is not None:
            return self.clock()
        return time.monotonic() - self.started - self.waited

    @contextmanager
    def borrowed(self) -> Iterator[None]:
        """What is charged inside is held no longer afterwards: a batch of a stream, arrays on the way."""
        before = self.spent_bytes
        try:
            yield
        finally:
            self.release(self.spent_bytes - before)

    @contextmanager
    def share(self, fraction: float) -> Iterator[Budget]:
        """A part of what is left, for what may be left out; the rest stays, whatever that takes."""
        seconds = None if self.seconds is None else max(self.seconds - self.spent_seconds, 0) * fraction
        size_bytes = (
            None if self.size_bytes is None else int(max(self.size_bytes - self.spent_bytes, 0) * fraction)
        )
        part = Budget(seconds, size_bytes, self.is_cancelled, self.pace, self.stage, rest=self.rest)
        if self.clock is not None:
            clock, before = self.clock, self.clock()
            part.clock = lambda: clock() - before
        try:
            yield part
        finally:
            self.waited += part.waited
            part.release(part.spent_bytes)


class _Unlimited(Budget):
    """A budget that is never exceeded; shared, so it keeps no account."""

    def charge(self, size_bytes: int = 0) -> None:
        pass

    def reach(self, done: float) -> None:
        pass

    def release(self, size_bytes: int) -> None:
        pass

    @contextmanager
    def share(self, fraction: float) -> Iterator[Budget]:
        yield self


UNLIMITED: Budget = _Unlimited()
