"""Following folders: run, wait until something changes and then is quiet for a moment, run again.

watchdog's events -> those of sources -> quiet -> run
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event
from typing import NoReturn

from watchdog.events import (
    EVENT_TYPE_CLOSED_NO_WRITE,
    EVENT_TYPE_MODIFIED,
    EVENT_TYPE_OPENED,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserver

from search.addresses import is_file_of

QUIET_SECONDS = 1.0
_PATIENCE = 30
"""A folder that is never quiet is indexed after this many times the quiet that is waited for."""
_OUR_READING = (EVENT_TYPE_OPENED, EVENT_TYPE_CLOSED_NO_WRITE)


def follow(
    paths: Sequence[Path], run: Callable[[], None], *, index: Path, quiet_seconds: float = QUIET_SECONDS
) -> NoReturn:
    """Call `run` now and again after every change under `paths`; ends only by an exception, as of Ctrl-C.

    Changes during a run are seen, and have it run once more.

    Args:
        paths: files and folders. Those that don't exist are not followed: `run` says so.
        index: the index folder, whose own changes count for nothing.
        quiet_seconds: how long nothing may change before the next run, so that a copy in progress is one change.
    """
    changes = _Changes([Path(os.path.abspath(path)) for path in paths], Path(os.path.abspath(index)))
    observer = _observe(changes)
    try:
        while True:
            changes.seen.clear()
            run()
            changes.seen.wait()
            until = time.monotonic() + _PATIENCE * quiet_seconds
            while changes.seen.is_set() and time.monotonic() < until:
                changes.seen.clear()
                changes.seen.wait(quiet_seconds)
    finally:
        observer.stop()
        observer.join()


class _Changes(FileSystemEventHandler):
    """Notes that something under the roots has changed which a run would read."""

    def __init__(self, roots: Sequence[Path], index: Path) -> None:
        self.roots = roots
        self.seen = Event()
        self._index = index

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in _OUR_READING or (
            event.is_directory and event.event_type == EVENT_TYPE_MODIFIED
        ):
            return
        if any(self._matters(Path(os.fsdecode(path))) for path in (event.src_path, event.dest_path) if path):
            self.seen.set()

    def _matters(self, path: Path) -> bool:
        if path == self._index or is_file_of(str(self._index), path) or path.name.startswith((".", "~$")):
            return False
        return any(path.is_relative_to(root) for root in self.roots) or path.name == "metadata.csv"


def _observe(changes: _Changes) -> BaseObserver:
    """An observer that has begun; where the system can't tell of changes, one that looks for itself."""
    for make in (Observer, PollingObserver):
        observer: BaseObserver = make()
        for folder in {root if root.is_dir() else root.parent for root in changes.roots if root.exists()}:
            observer.schedule(changes, str(folder), recursive=folder in changes.roots)
        try:
            observer.start()
        except OSError:  # no watches left, or a folder in it that may not be listed
            observer.unschedule_all()
            continue
        return observer
    raise AssertionError("a polling observer needs nothing of the system")
