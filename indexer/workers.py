"""Files to what a collection's writer takes, one worker process per core, in the order of the files.

sources -> pool -> draft -> prepare -> outcomes: a PreparedSource, or the Problem that says why there is none

A worker that dies takes one file with it and not the run: the files that it may have died of are tried again,
each in a process of its own. A worker ends when the process that started it does, however that ends.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import wait

from indexer.model import Problem
from indexer.records import draft_file
from indexer.sources import Source, to_problem
from search.collection import Prepared, Preparer
from search.errors import SourceError
from search.messages import sources as says

_AHEAD = 4
"""Files a worker may be ahead of the writer: bounds what waits in memory."""
_WORTH_A_POOL = 4


@dataclass(frozen=True, slots=True)
class PreparedSource:
    """A file, ready for the writer.

    Args:
        prepared: None where the file has no text that can be searched.
        sources: of its reports, by their ids.
    """

    prepared: Prepared | None
    sources: Mapping[str, str]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]


Outcome = PreparedSource | Problem

_WORKER: list[Preparer] = []
"""The preparer of this process; a forked worker inherits it."""


def iter_outcomes(
    sources: Sequence[Source], preparer: Preparer, *, jobs: int
) -> Generator[Outcome, None, None]:
    """What became of each file, in order."""
    if jobs == 1 or len(sources) < _WORTH_A_POOL:
        for source in sources:
            yield _outcome(source, preparer)
        return
    left = deque(sources)
    while left:
        waiting: deque[tuple[Source, Future[Outcome]]] = deque()
        with _pool(jobs, preparer) as pool:
            try:
                while left or waiting:
                    while left and len(waiting) <= jobs * _AHEAD:
                        waiting.append((left[0], pool.submit(_outcome_in_worker, left[0])))
                        left.popleft()
                    outcome = waiting[0][1].result()
                    waiting.popleft()
                    yield outcome
            except BrokenProcessPool:
                pass  # what waits is tried again, one by one
        for source, _ in waiting:
            yield _alone(source, preparer)


def _alone(source: Source, preparer: Preparer) -> Outcome:
    with _pool(1, preparer) as pool:
        try:
            return pool.submit(_outcome_in_worker, source).result()
        except BrokenProcessPool:
            return Problem(
                str(source.given),
                None,
                says.WORKER_KILLED(),
            )


@contextmanager
def _pool(jobs: int, preparer: Preparer) -> Iterator[ProcessPoolExecutor]:
    """A pool that drops what it has not begun when it is left early."""
    forks = "fork" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("fork" if forks else "spawn")
    pool = ProcessPoolExecutor(jobs, context, initializer=_start_worker, initargs=(preparer,))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _start_worker(preparer: Preparer) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends a worker without a word: the run speaks
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _WORKER[:] = [preparer]


def _end_with_parent() -> None:
    """A worker that outlived a killed run would hold its lock on the index."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _outcome_in_worker(source: Source) -> Outcome:
    return _outcome(source, _WORKER[0])


def _outcome(source: Source, preparer: Preparer) -> Outcome:
    try:
        return _prepare(source, preparer)
    except SourceError as error:
        return to_problem(error, source.given)
    except OSError as error:
        return Problem(str(source.given), None, says.CANNOT_READ(error=error.strerror or str(error)))
    except Exception as error:  # a fault of ours: told with the file that shows it, and the others go on
        what = says.READING_FAILED(error=f"{type(error).__name__}: {error}")
        return Problem(str(source.given), None, what)


def _prepare(source: Source, preparer: Preparer) -> PreparedSource:
    file = draft_file(source)
    reports = file.draft.reports
    return PreparedSource(
        prepared=preparer(file.draft) if reports else None,
        sources={report.record["id"]: report.record["source"] for report in reports},
        problems=file.problems,
        notes=file.notes,
    )
