"""Forks runs of the indexer for law 7: loads the dictionary once, then reads one line of JSON for each run.

{"sources", "index", "memory_bytes", "kind", "die_at": n or null, "full_at": n or null, "file_bytes": n or null,
"count_to": path or null}

A run with `die_at` kills itself, as kill -9 would, before it touches the index directory for the n-th time (opening,
renaming or removing a file); with `count_to` it writes there how often it did. With `full_at` the disk is full at that
touch, with `file_bytes` no file may be longer. A run of the kind `watch` goes on for ever, and changes a file of its
sources each time. Writes one line when a run has begun (its process id) and one when it has ended: the exit code,
`UNWRITABLE` where it said that it could not write.
"""

from __future__ import annotations

import errno
import gc
import itertools
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from indexer import pipeline, watch
from search.embedded.writing.analysis import ArrayPreparer
from search.errors import IndexUnwritable
from search.language.text import load_analyzer

_WATCHED = {"open", "os.rename", "os.remove", "os.mkdir"}


UNWRITABLE = 3


def die() -> None:
    """End as kill -9 would have it."""
    os.kill(os.getpid(), signal.SIGKILL)


def full() -> None:
    """What a full disk answers."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def at_each_touch(index: str, deed: Callable[[], object]) -> None:
    """Have something done at each operation on a file in `index`."""

    def look(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _WATCHED and any(
            isinstance(path, (str, os.PathLike)) and os.fspath(path).startswith(index) for path in arguments
        ):
            deed()

    sys.addaudithook(look)


def at_touch(index: str, number: int, deed: Callable[[], object]) -> None:
    """Have something done at the number-th operation on a file in `index`, from 1."""
    touches = itertools.count(1)
    at_each_touch(index, lambda: deed() if next(touches) == number else None)


def run(order: dict[str, Any]) -> None:
    """One run, or with `watch` any number."""
    sources, index = Path(order["sources"]), Path(order["index"])
    again = partial(
        pipeline.index_sources,
        [sources],
        index,
        rebuild=order["kind"] == "rebuild",
        allow_removals=True,
        jobs=1,
        memory_bytes=order["memory_bytes"],
    )
    if order["kind"] != "watch":
        again()
        return
    changing = sources / "changing.txt"

    def changed_again() -> None:
        again()
        text = "\n\n又补上的一段。\n"
        whole = changing.read_text("utf-8")
        written = sources.with_name("written.txt")
        written.write_text(whole.removesuffix(text) if whole.endswith(text) else whole + text, "utf-8")
        written.replace(changing)

    watch.follow([sources], changed_again, address=str(index), quiet_seconds=0.01, look_seconds=0.05)


def main() -> None:
    analyzer = load_analyzer()
    ArrayPreparer(analyzer)  # loads what a run needs
    pipeline.load_analyzer = lambda user_dictionary=None: analyzer
    gc.freeze()  # what is loaded stays, in every run that is forked
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if not child:
            if order["die_at"]:
                at_touch(order["index"], order["die_at"], die)
            if order["full_at"]:
                at_touch(order["index"], order["full_at"], full)
            if order["file_bytes"]:
                resource.setrlimit(resource.RLIMIT_FSIZE, (order["file_bytes"],) * 2)
            touches = itertools.count()
            if order["count_to"]:
                at_each_touch(order["index"], partial(next, touches))
            try:
                run(order)
            except IndexUnwritable:
                os._exit(UNWRITABLE)
            if order["count_to"]:
                Path(order["count_to"]).write_text(str(next(touches)), "ascii")
            os._exit(0)
        print(child, flush=True)
        sys.stdin.readline()  # Until it is waited for, its number stays its own: whoever wants to may kill it.
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
