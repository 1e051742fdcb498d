"""Reads files in the process of the test, where no test is about the worker that would read them."""

from __future__ import annotations

import pickle
from collections.abc import Generator, Sequence

from indexer import workers
from indexer.bounds import DEFAULT, Bounds
from indexer.sources import Source
from search.collection import Preparer

_in_workers = workers.iter_outcomes


def iter_outcomes(
    sources: Sequence[Source], preparer: Preparer, *, jobs: int, bounds: Bounds | None = None
) -> Generator[workers.Outcome, None, None]:
    """What one worker would answer, packed and unpacked as between processes; more than one are processes.

    A process of a test session has half a gigabyte by and by, and to fork it takes longer than to read a small file.
    """
    if jobs > 1:
        yield from _in_workers(sources, preparer, jobs=jobs, bounds=bounds)
        return
    for source in sources:
        for outcome in workers._outcomes(source, preparer, bounds or DEFAULT):
            unpacked: workers.Outcome = pickle.loads(workers._packed(outcome)[1:])
            yield unpacked
