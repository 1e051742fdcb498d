"""Several processes that answer, behind one door: started, replaced where one ends or hangs, stopped together.

Where they can be, they are forked, so that modules and the dictionary are loaded once for all of them.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType

from web.door import SIGN
from web.door_process import DoorProcess
from web.heartbeat import HUNG_SECONDS

_LOOK_SECONDS = 0.2
_START_SECONDS = 300
"""A process that opens a large collection may take so long until its first sign."""
_MOST_FAILED = 3
"""Where so many in a row end before their first sign, and no other answers, it would go on so."""
_PAUSE_SECONDS, _MOST_PAUSE_SECONDS = 1, 30
"""What is waited before another is started, longer with each that failed."""
_BEYOND_STOP_SECONDS = 5
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_CAN_FORK = sys.platform == "linux"
"""Elsewhere the system's own libraries may not be used in a forked process."""
_log = logging.getLogger(__name__)


class _Worker:
    """One process, with the signs of life it gave."""

    def __init__(self, process: BaseProcess, signs: Path) -> None:
        self.process = process
        self._path = signs / f"{SIGN}{process.pid}"
        self._sign = 0
        self._seen_at = time.monotonic()

    @property
    def has_begun(self) -> bool:
        return self._sign > 0

    @property
    def answers(self) -> bool:
        return self.has_begun and self.process.is_alive()

    def is_well(self) -> bool:
        """Whether it runs, and gave a sign in time."""
        try:
            sign = self._path.stat().st_mtime_ns
        except FileNotFoundError:
            sign = 0
        now = time.monotonic()
        if sign != self._sign:
            self._sign, self._seen_at = sign, now
        patience = HUNG_SECONDS if self.has_begun else _START_SECONDS
        return self.process.is_alive() and now - self._seen_at < patience

    def end(self) -> None:
        """End it at once."""
        self.process.kill()
        self.process.join()
        self._path.unlink(missing_ok=True)


class Processes:
    """So many processes that each run `work`.

    Args:
        work: can be pickled; works until SIGTERM, and keeps a heartbeat in `signs`.
        stop_seconds: what it may take to end.
    """

    def __init__(self, work: Callable[[], None], number: int, signs: Path, stop_seconds: float) -> None:
        self._work, self._number, self._signs = work, number, signs
        self._patience = stop_seconds + _BEYOND_STOP_SECONDS
        self._workers: list[_Worker] = []
        self._failed = 0
        self._start_from = 0.0
        self._cannot_start = False
        self._is_over, self._is_cut_short = threading.Event(), threading.Event()

    def run(self, door: DoorProcess) -> None:
        """Keep them running until this process is told to stop.

        Raises:
            SystemExit: they end before they can answer, again and again, and none answers.
        """
        before = {number: signal.signal(number, self._stop) for number in _STOP_SIGNALS}
        try:
            self._workers = [self._start(door) for _ in range(self._number)]
            door.start()
            while not self._is_over.wait(_LOOK_SECONDS):
                door.look_after()
                self._look_after(door)
        finally:
            door.stop()
            self._end()
            for number, handler in before.items():
                signal.signal(number, handler)
        if self._cannot_start:
            raise SystemExit(2)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if self._is_over.is_set() and number == signal.SIGINT:
            self._is_cut_short.set()
        self._is_over.set()

    def _start(self, door: DoorProcess) -> _Worker:
        process: BaseProcess
        if _CAN_FORK and threading.active_count() == 1:  # else a lock may be held that nobody will give back
            process = multiprocessing.get_context("fork").Process(target=self._work_forked, args=(door,))
            before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOP_SIGNALS)
            try:
                process.start()
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
        else:
            process = multiprocessing.get_context("spawn").Process(target=self._work)
            process.start()
        return _Worker(process, self._signs)

    def _work_forked(self, door: DoorProcess) -> None:
        """Work as one that was started anew: with signals of its own, and nothing of the door's."""
        for number in _STOP_SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOP_SIGNALS)
        door.leave()
        self._work()

    def _look_after(self, door: DoorProcess) -> None:
        for place, worker in enumerate(self._workers):
            if worker.is_well() or time.monotonic() < self._start_from:
                continue
            self._failed = 0 if worker.has_begun else self._failed + 1
            self._start_from = time.monotonic() + min(_MOST_PAUSE_SECONDS, _PAUSE_SECONDS * self._failed)
            worker.end()
            if self._failed >= _MOST_FAILED and not any(each.answers for each in self._workers):
                _log.error("processes end before they can answer; the server stops")
                self._cannot_start = True
                self._is_over.set()
                return
            _log.error(
                "process %s ended or hung (status %s); another is started",
                worker.process.pid,
                worker.process.exitcode,
            )
            self._workers[place] = self._start(door)

    def _end(self) -> None:
        """Have all finish what is under way, within their time."""
        for worker in self._workers:
            worker.process.terminate()
        deadline = time.monotonic() + self._patience
        while time.monotonic() < deadline and not self._is_cut_short.is_set():
            if not any(worker.process.is_alive() for worker in self._workers):
                break
            self._is_cut_short.wait(_LOOK_SECONDS / 4)
        for worker in self._workers:
            worker.end()


def ignore_interrupts() -> None:
    """Leave a terminal's Ctrl-C to the process that started this one."""
    if os.name == "posix":
        signal.signal(signal.SIGINT, signal.SIG_IGN)
