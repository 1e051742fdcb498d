"""The operator's state: one SQLite file in a folder, written by every process that has something to keep.

A file of another version is refused, never changed. What is deleted is overwritten.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from search.errors import OperatorStateError
from search.messages import commands as says

FILE = "operator.sqlite3"
VERSION = 1
_WAIT_SECONDS = 5
_PAGE_BYTES = 4096
MOST_BYTES = 64 * 1024 * 1024
"""The file grows no further; what is kept in it is bounded far below."""
_SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS asked (
    day TEXT, text TEXT, filters TEXT,
    times INTEGER, empty INTEGER, slow INTEGER, refused INTEGER, slowest_ms INTEGER,
    PRIMARY KEY (day, text, filters)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS runs (
    address TEXT, roots TEXT, ended TEXT, told TEXT,
    PRIMARY KEY (address, roots)
) WITHOUT ROWID;
PRAGMA user_version = {VERSION};
COMMIT;
"""


@contextmanager
def opened(folder: Path) -> Iterator[sqlite3.Connection]:
    """The state in a folder, made where there is none; what is changed inside holds if nothing is raised.

    Raises:
        OperatorStateError: it can't be read or written; says why.
    """
    path = folder / FILE
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        with closing(sqlite3.connect(path, timeout=_WAIT_SECONDS)) as connection:
            _prepare(connection)
            with connection:
                yield connection
    except (OSError, sqlite3.Error) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise OperatorStateError(says.STATE_UNUSABLE(path=str(path), why=why)) from error


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute(f"PRAGMA max_page_count = {MOST_BYTES // _PAGE_BYTES}")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == VERSION:
        return
    if version:
        raise sqlite3.DatabaseError(f"version {version}")
    connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
    connection.executescript(_SCHEMA)
