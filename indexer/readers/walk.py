"""Which files of a folder are sources, always in the same order."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from search.errors import SourceError
from search.messages import sources as says

METADATA_FILE = "metadata.csv"


def iter_sources(path: Path) -> Iterator[Path]:
    """Every file below `path`, sorted by name, depth first; a file gives itself.

    Hidden files and folders and the operator's `metadata.csv` are left out. Files of kinds that can't be read,
    and folders that can't be listed, are given too: reading them raises a SourceError that says what to do, so
    that none is dropped in silence. A folder that is reached a second time through a symbolic link is not
    entered again.

    Raises:
        SourceError: there is no such path.
    """
    if path.is_dir():
        yield from _walk(path, {_identity(path)})
    elif os.path.lexists(path):
        yield path
    else:
        raise SourceError(says.NO_SUCH_FILE_OR_FOLDER(), path=str(path), hint=says.CHECK_PATH_TYPING())


def _walk(folder: Path, seen: set[tuple[int, int]]) -> Iterator[Path]:
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError:
        yield folder
        return
    for entry in entries:
        if entry.name.startswith((".", "~$")) or entry.name == METADATA_FILE:
            continue
        try:
            is_folder = entry.is_dir()
            identity = _identity(entry) if is_folder else None
        except OSError:
            yield entry
            continue
        if identity is None:
            yield entry
        elif identity not in seen:
            seen.add(identity)
            yield from _walk(entry, seen)


def _identity(folder: Path) -> tuple[int, int]:
    status = folder.stat()
    return status.st_dev, status.st_ino
