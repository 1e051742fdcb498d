"""Which questions were asked, how often, and what became of them: by day, without addresses or times of day.

A server notes each question in memory and writes behind, so that no answer waits for a disk; several processes write to
one state. What is older than the days that were stated is deleted with the next writing.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from search.errors import OperatorStateError
from search.operating.state import opened

DEFAULT_DAYS = 30
MOST_CHARS = 200
"""A longer text, or a longer spelling of filters, is not kept."""
MOST_ROWS = 20_000
"""Questions of all days that are kept; beyond, those asked least go first, of these the oldest."""
_MOST_PENDING = 1_000
WRITE_SECONDS = 5.0
_log = logging.getLogger(__name__)

_ADD = """
INSERT INTO asked VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (day, text, filters) DO UPDATE SET
    times = times + excluded.times, empty = empty + excluded.empty, slow = slow + excluded.slow,
    refused = refused + excluded.refused, slowest_ms = max(slowest_ms, excluded.slowest_ms)
"""
_DROP = """
DELETE FROM asked WHERE (day, text, filters) IN
    (SELECT day, text, filters FROM asked ORDER BY times, day LIMIT ?)
"""
_READ = """
SELECT text, filters, sum(times), sum(empty), sum(slow), sum(refused), max(slowest_ms), max(day)
FROM asked WHERE day >= ? GROUP BY text, filters HAVING {having} ORDER BY {order}, max(day) DESC, text, filters LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was asked once.

    Args:
        text: in the query language.
        filters: its other parameters, as an address spells them.
        found: paragraphs as written, in other words or apart; None if it wasn't looked at anew or was refused.
        is_refused: whether it took more than it may.
    """

    text: str
    filters: str
    found: int | None
    took_ms: float
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class AskedOften:
    """A question with what became of it over some days; `day` is the last one."""

    text: str
    filters: str
    times: int
    empty: int
    slow: int
    refused: int
    slowest_ms: int
    day: str


@dataclass(frozen=True, slots=True)
class Questions:
    """What was asked: questions that found nothing, those asked most, and slow or refused ones, worst first."""

    days: int
    times: int
    different: int
    empty: tuple[AskedOften, ...]
    often: tuple[AskedOften, ...]
    slow: tuple[AskedOften, ...]


class QuestionLog:
    """Keeps questions in a state, written behind.

    Args:
        folder: where the state is.
        days: how many days they are kept.
        slow_ms: from so many milliseconds on a question counts as slow; None for never.
        clock: in seconds since 1970.
    """

    def __init__(
        self,
        folder: Path,
        *,
        days: int = DEFAULT_DAYS,
        slow_ms: int | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.folder, self.days = folder, days
        self._slow_ms, self._clock = slow_ms, clock
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._pending: dict[tuple[str, str, str], list[int]] = {}
        self._timer: threading.Timer | None = None
        self._is_failing = False

    def note(self, asked: Asked) -> None:
        """Take a question; it is written within seconds. Never waits for a disk, never fails."""
        text = _storable(" ".join(asked.text.split()))
        if not text or max(len(text), len(asked.filters)) > MOST_CHARS:
            return
        is_slow = self._slow_ms is not None and asked.took_ms >= self._slow_ms
        key = (self._day(), text, _storable(asked.filters))
        with self._lock:
            counts = self._pending.get(key)
            if counts is None:
                if len(self._pending) >= _MOST_PENDING:
                    return
                counts = self._pending[key] = [0, 0, 0, 0, 0]
            for at, added in enumerate((1, asked.found == 0, is_slow, asked.is_refused)):
                counts[at] += added
            counts[4] = max(counts[4], round(asked.took_ms))
            if self._timer is None:
                self._timer = threading.Timer(WRITE_SECONDS, self.write)
                self._timer.daemon = True
                self._timer.start()

    def write(self) -> None:
        """Write what was noted. What can't be written is dropped, and the log says so once."""
        with self._writing:
            with self._lock:
                pending, self._pending = self._pending, {}
                if self._timer is not None:
                    self._timer.cancel()
                self._timer = None
            if not pending:
                return
            try:
                with opened(self.folder) as connection:
                    connection.executemany(_ADD, [(*key, *counts) for key, counts in pending.items()])
                    self._forget(connection)
                self._is_failing = False
            except OperatorStateError as error:
                if not self._is_failing:
                    _log.warning("questions are not kept: %s", error)
                self._is_failing = True

    def _forget(self, connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM asked WHERE day < ?", (self._day(self.days - 1),))
        (rows,) = connection.execute("SELECT count(*) FROM asked").fetchone()
        if rows > MOST_ROWS:
            connection.execute(_DROP, (rows - MOST_ROWS,))

    def _day(self, ago: int = 0) -> str:
        day = datetime.fromtimestamp(self._clock(), timezone.utc) - timedelta(days=ago)
        return day.date().isoformat()

    def read(self, most: int = 50) -> Questions:
        """What was asked in the days that are kept, of each kind at most so many.

        Raises:
            OperatorStateError: the state can't be read.
        """
        self.write()
        since = self._day(self.days - 1)

        def select(having: str, order: str) -> tuple[AskedOften, ...]:
            rows = connection.execute(_READ.format(having=having, order=order), (since, most))
            return tuple(AskedOften(*row) for row in rows)

        with opened(self.folder) as connection:
            times, different = connection.execute(
                "SELECT coalesce(sum(times), 0), count(*) FROM"
                " (SELECT sum(times) AS times FROM asked WHERE day >= ? GROUP BY text, filters)",
                (since,),
            ).fetchone()
            return Questions(
                self.days,
                times,
                different,
                empty=select("sum(empty) > 0", "sum(empty) DESC"),
                often=select("sum(times) > 1", "sum(times) DESC"),
                slow=select("sum(slow) + sum(refused) > 0", "sum(refused) DESC, max(slowest_ms) DESC"),
            )


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
