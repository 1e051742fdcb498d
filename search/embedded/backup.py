"""Snapshots of an index directory: taken while it is searched and written, and made the collection again.

A segment's files never change, so that a snapshot is a second name for each of them (a hard link) and the list of
segments. It takes no room until the index drops what it still has. Where the target is on another disk, they are
copied.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from whoosh.index import TOC

from search.collection import Version
from search.embedded.schema import INDEX_NAME
from search.embedded.store import (
    clean,
    latest_generation,
    latest_version,
    open_generation,
    publish,
    sync,
    verify,
    write_lock,
)
from search.errors import IndexDamaged, IndexUnwritable
from search.messages import stores as says

_RETRIES = 5
_NO_LINKS = {errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS}


def take_snapshot(folder: Path, target: Path, *, copy: bool = False) -> Version:
    """Keep the newest generation in `target`, which must be empty or not be there; a commit meanwhile doesn't matter.

    Args:
        copy: copy the files, where hard links would do.

    Raises:
        IndexMissing, IndexDamaged, IndexOutdated: see `open_generation`.
        IndexUnwritable: the target has something in it already, or can't be written.
    """
    _refuse_full(target)
    for attempt in range(_RETRIES):
        generation = open_generation(folder, None)
        name = TOC._filename(INDEX_NAME, generation.number)
        wanted = [name_of for data in generation.segments for name_of in data.segment.checks]
        with _explained(target):
            target.mkdir(parents=True, exist_ok=True)
            try:
                for name_of in (*wanted, name):
                    _put(folder / name_of, target / name_of, copy=copy)
            except FileNotFoundError:  # a commit dropped it since
                for name_of in (*wanted, name):
                    (target / name_of).unlink(missing_ok=True)
                if attempt < _RETRIES - 1:
                    continue
                break
            sync(target)
            found = latest_version(target)
            if found is not None:
                return found
    raise IndexDamaged(says.INDEX_CHANGING(folder=str(folder)), hint=says.TRY_AGAIN())


def restore_snapshot(snapshot: Path, folder: Path) -> Version:
    """Make a snapshot the collection in `folder`, as a new version; what was there before is dropped then.

    Every byte of the snapshot is compared with its checksums first. The files are copied: what may befall the index
    befalls no snapshot.

    Raises:
        StoreError: the snapshot is damaged, missing or of another version; nothing was changed.
        IndexLocked: a run is writing the index.
        IndexUnwritable: the folder can't be written; the collection is as it was.
    """
    if snapshot.is_dir() and folder.is_dir() and snapshot.samefile(folder):
        raise IndexUnwritable(says.SNAPSHOT_IS_INDEX(folder=str(folder)))
    generation = verify(snapshot, None)
    segments = [data.segment for data in generation.segments]
    with write_lock(folder):
        try:
            for name in (name for segment in segments for name in segment.checks):
                _replace(snapshot / name, folder / name)
            sync(folder)
            number = max(generation.number, latest_generation(folder)) + 1
            commit_id = publish(folder, segments, number)
        except OSError as error:
            said = says.INDEX_UNWRITABLE(folder=str(folder), error=error.strerror or str(error))
            raise IndexUnwritable(said, hint=says.MAKE_ROOM()) from error
        clean(folder, segments, number)
    return Version(commit_id, number)


def _refuse_full(target: Path) -> None:
    with suppress(FileNotFoundError), _explained(target):
        if any(target.iterdir()):
            raise IndexUnwritable(says.SNAPSHOT_EXISTS(folder=str(target)), hint=says.NAME_EMPTY_FOLDER())


@contextmanager
def _explained(target: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        said = says.FOLDER_UNWRITABLE(folder=str(target), error=error.strerror or str(error))
        raise IndexUnwritable(said, hint=says.NAME_EMPTY_FOLDER()) from error


def _put(source: Path, target: Path, *, copy: bool) -> None:
    if not copy:
        try:
            os.link(source, target)
            return
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
    shutil.copyfile(source, target)
    sync(target)


def _replace(source: Path, target: Path) -> None:
    """Copy a file into its place at once: a server may have the old one of that name open."""
    temporary = target.with_name(f"{target.name}.new")
    shutil.copyfile(source, temporary)
    sync(temporary)
    temporary.rename(target)
