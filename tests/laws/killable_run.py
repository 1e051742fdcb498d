"""Forks runs of the indexer for law 7: loads the dictionary once, then reads one line of JSON for each run.

{"sources", "index", "memory_bytes", "die_at": n or null}

A run with `die_at` kills itself, as kill -9 would, before it touches the index directory for the n-th time (opening,
renaming or removing a file). Writes one line when a run has begun (its process id) and one when it has ended.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from indexer import pipeline
from search.embedded.writing.analysis import ArrayPreparer
from search.language.text import load_analyzer

_WATCHED = {"open", "os.rename", "os.remove", "os.mkdir"}


def die_at(index: str, number: int) -> None:
    """Have this process killed at the number-th operation on a file in `index`, from 1."""
    count = 0

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal count
        if event in _WATCHED and any(
            isinstance(path, (str, os.PathLike)) and os.fspath(path).startswith(index) for path in arguments
        ):
            count += 1
            if count == number:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def main() -> None:
    analyzer = load_analyzer()
    ArrayPreparer(analyzer)  # loads what a run needs
    pipeline.load_analyzer = lambda user_dictionary=None: analyzer
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if not child:
            if order["die_at"]:
                die_at(order["index"], order["die_at"])
            pipeline.index_sources(
                [Path(order["sources"])], Path(order["index"]), jobs=1, memory_bytes=order["memory_bytes"]
            )
            os._exit(0)
        print(child, flush=True)
        sys.stdin.readline()  # Until it is waited for, its number stays its own: whoever wants to may kill it.
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
