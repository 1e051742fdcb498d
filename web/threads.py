"""Threads for the gateway: made as they are needed, and never waited for when the process ends."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")
_log = logging.getLogger(__name__)

_Task = tuple[Callable[[], Any], "asyncio.Future[Any] | None"]
"""What is to be done, and who waits for it."""


class Threads:
    """At most `most` threads that carry out what an event loop gives them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._tasks: SimpleQueue[_Task] = SimpleQueue()
        self._lock = threading.Lock()
        self._made = 0
        self._busy = 0

    @property
    def busy(self) -> int:
        """How many are at work, or about to be."""
        return self._busy

    def run_soon(self, work: Callable[[], None]) -> None:
        """Have `work` done by a thread, without waiting for it: the event loop isn't woken when it is done."""
        self._put(work, None)

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` gives, done in a thread; whoever stops waiting does not stop the work."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._put(work, future)
        return await future

    def _put(self, work: Callable[[], Any], future: asyncio.Future[Any] | None) -> None:
        with self._lock:
            self._busy += 1
            if self._busy > self._made and self._made < self._most:
                self._made += 1
                threading.Thread(target=self._serve, name=f"question-{self._made}", daemon=True).start()
        self._tasks.put((work, future))

    def _serve(self) -> None:
        while True:
            work, future = self._tasks.get()
            try:
                result, error = work(), None
            except BaseException as raised:
                result, error = None, raised
            with self._lock:
                self._busy -= 1
            if future is None:
                if error is not None:
                    _log.error("an answer could not be closed", exc_info=error)
            elif not (loop := future.get_loop()).is_closed():
                loop.call_soon_threadsafe(_settle, future, result, error)
            del work, future, result, error


def _settle(future: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
    if future.done():  # nobody waits any more
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(result)
