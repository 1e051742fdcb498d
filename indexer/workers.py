"""Files to analysed files, a worker process a core, in the order of the files.

tasks -> pool -> outcomes: an AnalysedFile, or the Problem that says why there is none

A worker that dies takes one file with it and not the run: the files that it may have died of are tried again,
each in a process of its own. A worker ends when the process that started it does, however that ends.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from indexer.model import Problem
from indexer.records import analyse_file
from indexer.sources import Source, to_problem
from search.embedded.writing.analysis import AnalysedFile, Vocabulary
from search.errors import SourceError
from search.language.text import Analyzer, load_analyzer
from search.messages import sources as says

_AHEAD = 4
"""Files a worker may be ahead of the writer: bounds what waits in memory."""
_WORTH_A_POOL = 4

Task = tuple[Source, str]
Outcome = AnalysedFile | Problem

_WORKER: dict[str, Any] = {}


def prepare_worker(analyzer: Analyzer) -> None:
    """Load what analysing needs, once a process; forked workers inherit it."""
    _WORKER["analyzer"] = analyzer
    _WORKER["vocabulary"] = Vocabulary(analyzer.words)
    analyzer.index_batch(["预热"])


def iter_outcomes(
    tasks: Sequence[Task], analyzer: Analyzer, *, user_dictionary: Path | None, jobs: int
) -> Generator[Outcome, None, None]:
    """Each file's analysis or why there is none, in order."""
    if jobs == 1 or len(tasks) < _WORTH_A_POOL:
        prepare_worker(analyzer)
        yield from map(_outcome, tasks)
        return
    if "fork" in multiprocessing.get_all_start_methods():
        prepare_worker(analyzer)
    left = deque(tasks)
    while left:
        waiting: deque[tuple[Task, Future[Outcome]]] = deque()
        with _pool(jobs, user_dictionary) as pool:
            try:
                while left or waiting:
                    while left and len(waiting) <= jobs * _AHEAD:
                        waiting.append((left[0], pool.submit(_outcome, left[0])))
                        left.popleft()
                    outcome = waiting[0][1].result()
                    waiting.popleft()
                    yield outcome
            except BrokenProcessPool:
                pass  # what waits is tried again, one by one
        for task, _ in waiting:
            yield _alone(task, user_dictionary)


def _alone(task: Task, user_dictionary: Path | None) -> Outcome:
    with _pool(1, user_dictionary) as pool:
        try:
            return pool.submit(_outcome, task).result()
        except BrokenProcessPool:
            return Problem(
                str(task[0].given),
                None,
                says.WORKER_KILLED(),
            )


@contextmanager
def _pool(jobs: int, user_dictionary: Path | None) -> Iterator[ProcessPoolExecutor]:
    """A pool that drops what it has not begun when it is left early."""
    forks = "fork" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("fork" if forks else "spawn")
    pool = ProcessPoolExecutor(jobs, context, initializer=_start_worker, initargs=(user_dictionary,))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _start_worker(user_dictionary: Path | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends a worker without a word: the run speaks
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if "analyzer" not in _WORKER:
        prepare_worker(load_analyzer(user_dictionary))


def _end_with_parent() -> None:
    """A worker that outlived a killed run would hold its lock on the index."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _outcome(task: Task) -> Outcome:
    source, content_digest = task
    try:
        return analyse_file(source, content_digest, _WORKER["analyzer"], _WORKER["vocabulary"])
    except SourceError as error:
        return to_problem(error, source.given)
    except OSError as error:
        return Problem(str(source.given), None, says.CANNOT_READ(error=error.strerror or str(error)))
    except Exception as error:  # a fault of ours: told with the file that shows it, and the others go on
        what = says.READING_FAILED(error=f"{type(error).__name__}: {error}")
        return Problem(str(source.given), None, what)
