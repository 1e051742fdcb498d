"""Files to what a collection's writer takes, one worker process per core, in the order of the files.

sources -> workers -> drafts -> prepare -> outcomes: PreparedParts and a PreparedSource, or the Problem that says why

A worker reads one file at a time, a part after the other, under limits (`indexer.allowance`). One that dies takes its
file with it and not the run: another one is started, and the file is tried once more unless it took too long. Parts
wait for their turn packed, and no more of them than `_WAITING_BYTES`. A worker ends when the process that started it
does, however that ends.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from multiprocessing.connection import Connection, wait
from typing import Any

from indexer.allowance import OUT_OF_TIME, limit_process, made_progress
from indexer.bounds import DEFAULT, Bounds
from indexer.model import Problem
from indexer.records import iter_drafts
from indexer.sources import Source, to_problem
from search.collection import DraftSource, Prepared, Preparer
from search.errors import SourceError
from search.messages import sources as says

_WAITING_BYTES = 32 << 20
"""When so much waits for its turn, only the file whose turn it is goes on."""
_AHEAD = 8
"""Files that each worker may be ahead of the writer."""
_LOOKED_AT = 20_000
"""So many objects are made and kept before a worker looks for garbage, and what it was forked with is never looked at:
a file is a hundred thousand objects, which go when it is done, without being looked for."""
_LAST, _MORE = b"\1", b"\0"


@dataclass(frozen=True, slots=True)
class PreparedPart:
    """The reports of a file that come before others, ready for the writer.

    Args:
        sources: of its reports, by their ids.
    """

    prepared: Prepared
    sources: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PreparedSource:
    """A file, or the last part of one, ready for the writer.

    Args:
        prepared: None where the file has no text that can be searched.
        sources: of its reports, by their ids.
    """

    prepared: Prepared | None
    sources: Mapping[str, str]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]


Outcome = PreparedPart | PreparedSource | Problem
"""A file ends with one that is no part."""


def iter_outcomes(
    sources: Sequence[Source], preparer: Preparer, *, jobs: int, bounds: Bounds | None = None
) -> Generator[Outcome, None, None]:
    """What became of each file, in order."""
    with _crew(min(jobs, len(sources)), preparer, bounds or DEFAULT) as crew:
        yield from _Run(sources, crew).outcomes()


class _Worker:
    """A process that reads files, and the file that it has."""

    def __init__(self, preparer: Preparer, bounds: Bounds) -> None:
        self._given = (preparer, bounds)
        self.file: int | None = None
        self._start()

    def _start(self) -> None:
        forks = "fork" in multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("fork" if forks else "spawn")
        self.connection, theirs = context.Pipe()
        self._process: Any = context.Process(target=_serve, args=(theirs, *self._given), daemon=True)  # type: ignore[attr-defined]
        self._process.start()
        theirs.close()

    def read(self, number: int, source: Source) -> None:
        """Give it a file."""
        self.file = number
        self.connection.send(source)

    def replace(self) -> int | None:
        """Start another process where one has died; gives how it ended."""
        self.connection.close()
        self._process.join()
        ended: int | None = self._process.exitcode
        self.file = None
        self._start()
        return ended

    def end(self) -> None:
        """End the process: at once if it has a file."""
        if self.file is not None:
            self._process.kill()
        self.connection.close()
        self._process.kill()
        self._process.join()


@contextmanager
def _crew(jobs: int, preparer: Preparer, bounds: Bounds) -> Iterator[list[_Worker]]:
    crew: list[_Worker] = []
    try:
        crew += (_Worker(preparer, bounds) for _ in range(jobs))
        yield crew
    finally:
        for worker in crew:
            worker.end()


class _Run:
    """The files of a run on their way through the workers."""

    def __init__(self, sources: Sequence[Source], crew: Sequence[_Worker]) -> None:
        self._sources, self._crew = sources, crew
        self._arrived: list[deque[bytes]] = [deque() for _ in sources]
        self._again: deque[int] = deque()
        self._tried: set[int] = set()
        self._next = self._turn = 0
        self._is_begun = False
        self._waiting_bytes = 0

    def outcomes(self) -> Generator[Outcome, None, None]:
        for turn in range(len(self._sources)):
            self._turn, self._is_begun, is_last = turn, False, False
            while not is_last:
                self._assign()
                if not self._arrived[self._turn]:
                    self._receive()
                    continue
                packed = self._arrived[self._turn].popleft()
                self._waiting_bytes -= len(packed)
                self._is_begun, is_last = True, packed[:1] == _LAST
                outcome: Outcome = pickle.loads(memoryview(packed)[1:])
                del packed
                yield outcome
                del outcome  # before the next one comes: each may take 20 MB

    def _assign(self) -> None:
        """Give a file to each worker that has none."""
        for worker in self._crew:
            if worker.file is not None:
                continue
            if self._again:
                number = self._again.popleft()
            elif self._next < len(self._sources) and self._may_go_ahead():
                number, self._next = self._next, self._next + 1
            else:
                return
            worker.read(number, self._sources[number])

    def _may_go_ahead(self) -> bool:
        is_near = self._next <= self._turn + _AHEAD * len(self._crew)
        return self._next == self._turn or (is_near and self._waiting_bytes < _WAITING_BYTES)

    def _receive(self) -> None:
        """Wait for something of the file whose turn it is, or of any while there is room for it."""
        full = self._waiting_bytes >= _WAITING_BYTES
        heard = {
            worker.connection: worker
            for worker in self._crew
            if worker.file == self._turn or (worker.file is not None and not full)
        }
        for connection in wait(list(heard)):
            assert isinstance(connection, Connection)
            worker = heard[connection]
            assert worker.file is not None
            try:
                packed = connection.recv_bytes()
            except (EOFError, OSError):
                self._died(worker.file, worker.replace())
                continue
            self._arrive(worker.file, packed)
            if packed[:1] == _LAST:
                worker.file = None

    def _arrive(self, number: int, packed: bytes) -> None:
        self._arrived[number].append(packed)
        self._waiting_bytes += len(packed)

    def _died(self, number: int, ended: int | None) -> None:
        """Try a file again that a worker died of, or say that it did."""
        self._waiting_bytes -= sum(map(len, self._arrived[number]))
        self._arrived[number].clear()
        is_begun = number == self._turn and self._is_begun
        if ended != OUT_OF_TIME and number not in self._tried and not is_begun:
            self._tried.add(number)
            self._again.append(number)
            return
        reason = says.WORKER_OUT_OF_TIME() if ended == OUT_OF_TIME else says.WORKER_KILLED()
        self._arrive(number, _packed(Problem(str(self._sources[number].given), None, reason)))


# In a worker


def _serve(connection: Connection, preparer: Preparer, bounds: Bounds) -> None:
    """Read files until the connection ends."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends a worker without a word: the run speaks
    threading.Thread(target=_end_with_parent, daemon=True).start()
    limit_process(idle_cpu_s=bounds.idle_cpu_s, memory_mb=bounds.worker_mb)
    gc.freeze()
    gc.set_threshold(_LOOKED_AT)
    while True:
        try:
            source = connection.recv()
        except (EOFError, OSError):
            return
        made_progress()
        for outcome in _outcomes(source, preparer, bounds):
            connection.send_bytes(_packed(outcome))
            del outcome  # before the next one is made


def _packed(outcome: Outcome) -> bytes:
    packed = BytesIO()
    packed.write(_MORE if isinstance(outcome, PreparedPart) else _LAST)
    pickle.dump(outcome, packed, protocol=5)
    return packed.getvalue()


def _end_with_parent() -> None:
    """A worker that outlived a killed run would hold its lock on the index."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _outcomes(source: Source, preparer: Preparer, bounds: Bounds) -> Iterator[Outcome]:
    try:
        yield from _prepare(source, preparer, bounds)
    except SourceError as error:
        yield to_problem(error, source.given)
    except OSError as error:
        yield Problem(str(source.given), None, says.CANNOT_READ(error=error.strerror or str(error)))
    except MemoryError:
        yield Problem(str(source.given), None, says.WORKER_OUT_OF_MEMORY(most=bounds.worker_mb))
    except Exception as error:  # a fault of ours: told with the file that shows it, and the others go on
        what = says.READING_FAILED(error=f"{type(error).__name__}: {error}")
        yield Problem(str(source.given), None, what)


def _prepare(source: Source, preparer: Preparer, bounds: Bounds) -> Iterator[Outcome]:
    problems: list[Problem] = []
    notes: list[Problem] = []
    for file in iter_drafts(source, bounds):
        problems += file.problems
        notes += file.notes
        if file.goes_on:
            yield PreparedPart(preparer(file.draft), _sources_of(file.draft))
        else:
            prepared = preparer(file.draft) if file.draft.reports else None
            yield PreparedSource(prepared, _sources_of(file.draft), tuple(problems), tuple(notes))
        del file  # before the next one is read


def _sources_of(draft: DraftSource) -> dict[str, str]:
    return {report.record["id"]: report.record["source"] for report in draft.reports}
