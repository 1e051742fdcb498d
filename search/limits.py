"""What one question may cost. A store charges the budget where the work is done; the default is unlimited."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from search.errors import BudgetExceeded


@dataclass(slots=True)
class Budget:
    """The time and memory that a question may take, and whether anybody still waits for its answer.

    Args:
        seconds: from the making of the budget on; None for any time.
        size_bytes: memory that may be allocated on the way, released or not; None for any.
        is_cancelled: asked now and then; true once nobody waits any more.
    """

    seconds: float | None = None
    size_bytes: int | None = None
    is_cancelled: Callable[[], bool] | None = None
    spent_bytes: int = 0
    started: float = field(default_factory=time.monotonic)

    def charge(self, size_bytes: int = 0) -> None:
        """Note an allocation, and check all limits.

        Raises:
            BudgetExceeded: a limit is passed, or the question was cancelled.
        """
        self.spent_bytes += size_bytes
        if self.size_bytes is not None and self.spent_bytes > self.size_bytes:
            raise BudgetExceeded("memory")
        if self.seconds is not None and time.monotonic() - self.started > self.seconds:
            raise BudgetExceeded("time")
        if self.is_cancelled is not None and self.is_cancelled():
            raise BudgetExceeded("cancelled")


class _Unlimited(Budget):
    """A budget that is never exceeded; shared, so it keeps no account."""

    def charge(self, size_bytes: int = 0) -> None:
        pass


UNLIMITED: Budget = _Unlimited()
