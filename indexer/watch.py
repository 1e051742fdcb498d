"""Following folders: run, wait until something changes and then is quiet for a moment, run again.

events of the system, and a look at every file now and then -> something changed -> quiet -> run

Events come at once, but not from behind a link, not from a network share, and no more once a folder was replaced by
another of its name. A look misses nothing that a run would read, and takes at most a twentieth of the time.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
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

from indexer.overrides import FILE_NAME
from indexer.readers import iter_sources
from search.addresses import is_file_of
from search.errors import SourceError

QUIET_SECONDS = 1.0
LOOK_SECONDS = 2.0
_LOOK_SHARE = 0.05
_PATIENCE = 30
"""A folder that is never quiet is indexed after this many times the quiet that is waited for."""
_OUR_READING = (EVENT_TYPE_OPENED, EVENT_TYPE_CLOSED_NO_WRITE)
_Identity = tuple[int, int] | None


def follow(
    paths: Sequence[Path],
    run: Callable[[], None],
    *,
    address: str,
    quiet_seconds: float = QUIET_SECONDS,
    look_seconds: float = LOOK_SECONDS,
) -> NoReturn:
    """Call `run` now and again after every change under `paths`; ends only by an exception, as of Ctrl-C.

    Changes during a run are seen, and have it run once more.

    Args:
        paths: files and folders. Those that don't exist now are waited for: `run` says so.
        address: of the collection, whose own changes count for nothing.
        quiet_seconds: how long nothing may change before the next run, so that a copy in progress is one change.
        look_seconds: how often to look, at the most.
    """
    roots = [Path(os.path.abspath(path)) for path in paths]
    changes = _Changes(roots, address)
    listener = _Listener(changes)
    try:
        while True:
            listener.refresh()
            changes.seen.clear()
            state = look(roots, address)
            run()
            _wait_for_change(listener, state, look_seconds)
            _wait_for_quiet(changes, quiet_seconds)
    finally:
        listener.stop()


def _wait_for_change(listener: _Listener, state: bytes, look_seconds: float) -> None:
    """Return once the system tells of a change, or what is seen isn't `state` any more."""
    changes = listener.changes
    pause = 0.0
    while not changes.seen.wait(pause):
        begun = time.monotonic()
        listener.refresh()
        if look(changes.roots, changes.address) != state:
            return
        pause = max(look_seconds, (time.monotonic() - begun) / _LOOK_SHARE)


def _wait_for_quiet(changes: _Changes, quiet_seconds: float) -> None:
    until = time.monotonic() + _PATIENCE * quiet_seconds
    state = look(changes.roots, changes.address)
    while time.monotonic() < until:
        changes.seen.clear()
        is_told = changes.seen.wait(quiet_seconds)
        now = look(changes.roots, changes.address)
        if not is_told and now == state:
            return
        state = now


def look(roots: Sequence[Path], address: str) -> bytes:
    """What tells whether anything that a run reads has changed: a digest of all names, sizes, times and identities."""
    digest = hashlib.blake2b(digest_size=16)
    for path in _iter_read(roots, address):
        try:
            status = path.stat()
        except OSError as error:
            state: tuple[int | None, ...] = (error.errno,)
        else:
            state = (
                status.st_dev,
                status.st_ino,
                status.st_size,
                status.st_mtime_ns,
                status.st_ctime_ns,
            )
        digest.update(f"{path}\0{state}\n".encode("utf-8", "surrogateescape"))
    return digest.digest()


def _iter_read(roots: Sequence[Path], address: str) -> Iterator[Path]:
    """Every file that a run over `roots` reads; those that there might be too."""
    folders: set[Path] = set()
    for root in roots:
        try:
            for path in iter_sources(root):
                if not is_file_of(address, path):
                    folders.add(path.parent)
                    yield path
        except (SourceError, OSError):
            yield root
    folders.update(*(folder.parents for folder in tuple(folders)), *(root.parents for root in roots))
    for folder in sorted(folders):
        yield folder / FILE_NAME


class _Changes(FileSystemEventHandler):
    """Notes that something under the roots has changed which a run would read."""

    def __init__(self, roots: Sequence[Path], address: str) -> None:
        self.roots = roots
        self.address = address
        self.seen = Event()

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in _OUR_READING or (
            event.is_directory and event.event_type == EVENT_TYPE_MODIFIED
        ):
            return
        if any(self._matters(Path(os.fsdecode(path))) for path in (event.src_path, event.dest_path) if path):
            self.seen.set()

    def _matters(self, path: Path) -> bool:
        if is_file_of(self.address, path) or str(path) == os.path.abspath(self.address):
            return False
        if path.name.startswith((".", "~$")):
            return False
        return any(path.is_relative_to(root) for root in self.roots) or path.name == FILE_NAME


class _Listener:
    """Has the system tell `changes` of what happens in the folders of the roots, as they are now."""

    def __init__(self, changes: _Changes) -> None:
        self.changes = changes
        self._observer: BaseObserver | None = None
        self._heard: dict[Path, _Identity] = {}

    def refresh(self) -> None:
        """Listen to what stands at the roots now, where that is something else than before."""
        folders = {root if os.path.isdir(root) else root.parent for root in self.changes.roots}
        found = {folder: _identity(folder) for folder in folders}
        if found == self._heard:
            return
        self.stop()
        self._heard = found
        observer: BaseObserver = Observer()
        try:
            for folder in (folder for folder, identity in found.items() if identity is not None):
                observer.schedule(self.changes, str(folder), recursive=folder in self.changes.roots)
            observer.start()
        except OSError:  # no watches left, or a folder in it that may not be listed: looking has to do
            observer.unschedule_all()
            return
        self._observer = observer

    def stop(self) -> None:
        if self._observer is not None:
            self._observer.stop()
            self._observer.join()
        self._observer = None


def _identity(path: Path) -> _Identity:
    with suppress(OSError):
        status = path.stat()
        return status.st_dev, status.st_ino
    return None
