"""What all processes of a server share of costly answers: the answers, who computes which, and how many do at a time.

All of it is files in one folder of the server's own. A process that dies lets go of what it holds.
"""

from __future__ import annotations

import logging
import os
import pickle
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

try:
    import fcntl
except ImportError:  # Windows, where claims hold within one process
    fcntl = None  # type: ignore[assignment]

_ANSWER = ".answer"
_LARGEST_PART = 4
"""An answer that takes more than this part of all room is not kept."""
_log = logging.getLogger(__name__)


class KeptAnswers:
    """Answers by key, the oldest dropped first.

    The folder belongs to the server alone: what is read from it was written by one of its processes.

    Args:
        size_bytes: what all may take together.
        seconds: how long each is kept.
        clock: in seconds since the epoch.
    """

    def __init__(
        self, folder: Path, *, size_bytes: int, seconds: float, clock: Callable[[], float] = time.time
    ) -> None:
        self._folder, self._size_bytes, self._seconds, self._clock = folder, size_bytes, seconds, clock

    def get(self, key: str) -> Any | None:
        """The answer kept under `key`, or None."""
        path = self._folder / f"{key}{_ANSWER}"
        try:
            if self._is_over(path.stat().st_mtime):
                return None
            return pickle.loads(path.read_bytes())
        except FileNotFoundError:
            return None

    def put(self, key: str, answer: Any) -> None:
        """Keep an answer, and drop what is over or takes too much room."""
        written = pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
        if len(written) * _LARGEST_PART > self._size_bytes:
            return
        new = self._folder / f"{key}.{os.getpid()}.{threading.get_ident()}"
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            new.write_bytes(written)
            os.utime(new, (self._clock(),) * 2)
            new.replace(self._folder / f"{key}{_ANSWER}")
            self._drop()
        except OSError as error:  # a full disk: it is computed again
            _log.warning("an answer could not be kept: %s", error)
            new.unlink(missing_ok=True)

    def _is_over(self, made: float) -> bool:
        return not made <= self._clock() < made + self._seconds

    def _drop(self) -> None:
        held = []
        for path in self._folder.glob(f"*{_ANSWER}"):
            with suppress(FileNotFoundError):
                stat = path.stat()
                held.append((stat.st_mtime_ns, stat.st_size, path))
        room = self._size_bytes
        for made, size, path in sorted(held, reverse=True):
            room -= size
            if room < 0 or self._is_over(made / 1e9):
                path.unlink(missing_ok=True)


class Claims:
    """Names, each held by one thread of one process at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: set[str] = set()
        self._lock = threading.Lock()

    def take(self, names: Sequence[str]) -> Callable[[], None] | None:
        """Hold the first of `names` that nobody holds; what lets go of it, or None if all are held."""
        for name in names:
            give = self._take_here(name) if fcntl is None else self._take(name)
            if give is not None:
                return give
        return None

    def _take(self, name: str) -> Callable[[], None] | None:
        path = self._folder / f"{name}.claim"
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:  # a full disk: each computes for itself
            _log.warning("a claim could not be written: %s", error)
            return lambda: None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_named = os.fstat(descriptor).st_nlink > 0
        except BlockingIOError:
            is_named = False
        if not is_named:  # held, or let go of this moment
            os.close(descriptor)
            return None

        def give() -> None:
            path.unlink(missing_ok=True)
            os.close(descriptor)

        return give

    def _take_here(self, name: str) -> Callable[[], None] | None:
        with self._lock:
            if name in self._held:
                return None
            self._held.add(name)
        return lambda: self._held.discard(name)
