"""Arrays put away on disk until they are wanted: what a segment gathers and memory need not hold."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.embedded.schema import INDEX_NAME


@dataclass(frozen=True, slots=True)
class Piece:
    """An array that was put away.

    Args:
        at: where it begins in the file, in bytes.
        count: of its items.
    """

    at: int
    count: int
    dtype: np.dtype[Any]


class Spool:
    """A file of the index folder that has no name, so that no killed run leaves it behind."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: Any = None
        self._end = 0

    def put(self, array: NDArray[Any]) -> Piece:
        """Put an array of one dimension away."""
        if self._file is None:
            self._file = tempfile.TemporaryFile(dir=self._folder, prefix=f"{INDEX_NAME}_")  # noqa: SIM115  see `close`
        piece = Piece(self._end, len(array), array.dtype)
        self._file.seek(self._end)
        self._file.write(np.ascontiguousarray(array).view(np.uint8).data)
        self._end += array.nbytes
        return piece

    def read(self, piece: Piece, begin: int = 0, end: int | None = None) -> NDArray[Any]:
        """What was put away, or its items from `begin` to `end`."""
        end = piece.count if end is None else min(end, piece.count)
        array: NDArray[Any] = np.empty(max(end - begin, 0), dtype=piece.dtype)
        if len(array):
            self._file.seek(piece.at + begin * piece.dtype.itemsize)
            if self._file.readinto(array.view(np.uint8).data) != array.nbytes:
                raise OSError("a temporary file was cut short")
        return array

    def close(self) -> None:
        """Give the room on disk back."""
        if self._file is not None:
            with suppress(OSError):  # on a full disk, what it holds back can't be written, and isn't wanted
                self._file.close()
            self._file, self._end = None, 0
