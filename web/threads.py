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

_Task = tuple[Callable[[], Any], "asyncio.Future[Any]"]


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
        """Have `work` done by a thread, without waiting for it."""
        asyncio.ensure_future(self.run(work)).add_done_callback(_look_at)

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` gives, done in a thread; whoever stops waiting does not stop the work."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        with self._lock:
            self._busy += 1
            if self._busy > self._made and self._made < self._most:
                self._made += 1
                threading.Thread(target=self._serve, name=f"question-{self._made}", daemon=True).start()
        self._tasks.put((work, future))
        return await future

    def _serve(self) -> None:
        while True:
            work, future = self._tasks.get()
            try:
                result, error = work(), None
            except BaseException as raised:
                result, error = None, raised
            with self._lock:
                self._busy -= 1
            loop = future.get_loop()
            if not loop.is_closed():
                loop.call_soon_threadsafe(_settle, future, result, error)
            del work, future, result, error


def _look_at(done: asyncio.Future[None]) -> None:
    if not done.cancelled() and (error := done.exception()) is not None:
        _log.error("an answer could not be closed", exc_info=error)


def _settle(future: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
    if future.done():  # nobody waits any more
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(result)
