"""The registry: suffix -> reader, and what is refused by name. The content beats a wrong suffix.

A reader is a function Source -> Iterator[Document] in a module of its own, imported when first needed.
"""

from __future__ import annotations

import errno
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType

from indexer.bounds import DEFAULT, Bounds
from indexer.model import Document
from indexer.readers.file_names import readable_name
from indexer.readers.kinds import refuse_kind, sniff
from indexer.readers.source import Source
from search.errors import SourceError
from search.messages import sources as says

FORMATS: Mapping[str, str] = {
    ".txt": "text",
    ".text": "text",
    ".md": "text",
    ".markdown": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".mht": "mht",
    ".mhtml": "mht",
    ".doc": "legacy_word",
    ".dot": "legacy_word",
    ".wps": "legacy_word",
    ".docx": "docx",
    ".docm": "docx",
    ".dotx": "docx",
    ".odt": "odt",
    ".ott": "odt",
    ".rtf": "rtf",
    ".epub": "epub",
    ".pdf": "pdf",
    ".csv": "tabular",
    ".tsv": "tabular",
    ".json": "tabular",
    ".jsonl": "tabular",
    ".ndjson": "tabular",
    ".xlsx": "spreadsheet",
    ".xls": "spreadsheet",
    ".ods": "spreadsheet",
    ".zip": "archive",
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif", ".webp"), "picture"),
}
"""Suffix -> the module of this package that reads it."""

SUPPORTED_SUFFIXES = tuple(sorted(FORMATS))


def read(path: Path, *, name: str | None = None) -> tuple[Document, ...]:
    """All Documents of a file: one for a text, one a row for a table, one a member for an archive.

    Args:
        path: the file.
        name: how to name it in `Document.name` and by which suffix to take it; the file's own name if None.

    Raises:
        SourceError: it is missing, unreadable, empty, broken, or of a kind that can't be read; the hint says
        what to do.
    """
    return tuple(iter_documents(path, name=name))


def iter_documents(path: Path, *, name: str | None = None) -> Iterator[Document]:
    """As `read`, one Document at a time."""
    yield from read_source(
        Source(bytes_of(path), readable_name(path.name) if name is None else name, str(path))
    )


def read_source(source: Source) -> Iterator[Document]:
    """The Documents of bytes that are already at hand (an archive's member)."""
    return reader_for(source)(source)


def reader_for(source: Source) -> Callable[[Source], Iterator[Document]]:
    """The reader for a source: by its first bytes, else by its suffix."""
    function: Callable[[Source], Iterator[Document]] = _module_for(source).iter_documents
    return function


def decoded_text(source: Source) -> str:
    """Every character of a plain text, a table or a PDF; other formats are counted by law 4's own counters."""
    text: str = _module_for(source).decoded_text(source)
    return text


def _module_for(source: Source) -> ModuleType:
    if not source.data:
        raise source.refuse(says.FILE_EMPTY_BYTES(), hint=says.GET_FILE_AGAIN())
    module = sniff(source)
    if module is None:
        module = FORMATS.get(source.suffix) if source.suffix else "text"
    if module is None:
        raise refuse_kind(source)
    return import_module(f"indexer.readers.{module}")


def check_file(path: Path, bounds: Bounds | None = None) -> None:
    """See that a path is a file that may be read, without reading it: a pipe or a device would never end.

    Raises:
        SourceError: it is missing, too large, or no ordinary file.
    """
    with _explained(path):
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            next(path.iterdir(), None)
            raise SourceError(says.IS_FOLDER(), path=str(path), hint=says.NAME_FILE_IN_IT())
        if not stat.S_ISREG(status.st_mode):
            raise SourceError(says.NOT_ORDINARY_FILE(), path=str(path), hint=says.LEAVE_IT_OUT())
        most = (bounds or DEFAULT).file_mb
        if status.st_size > most << 20:
            raise SourceError(
                says.FILE_TOO_LARGE(size=status.st_size >> 20, most=most),
                path=str(path),
                hint=says.DIVIDE_FILE(),
            )


def bytes_of(path: Path, bounds: Bounds | None = None) -> bytes:
    """The bytes of a file that may be read.

    Raises:
        SourceError: see `check_file`, or it can't be read.
    """
    check_file(path, bounds)
    with _explained(path):
        return path.read_bytes()


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn the system's errors into what a person can be told."""
    try:
        yield
    except FileNotFoundError as error:
        hint = says.CHECK_PATH_OR_LINK()
        raise SourceError(says.NO_SUCH_FILE(), path=str(path), hint=hint) from error
    except PermissionError as error:
        what = says.FOLDER_MAY_NOT_BE_LISTED() if path.is_dir() else says.FILE_MAY_NOT_BE_READ()
        raise SourceError(what, path=str(path), hint=says.GIVE_PERMISSION()) from error
    except OSError as error:
        hint = says.CHECK_DISK()
        if error.errno == errno.ELOOP:
            hint = says.LINK_LOOP()
        raise SourceError(says.UNREADABLE(error=error.strerror), path=str(path), hint=hint) from error
