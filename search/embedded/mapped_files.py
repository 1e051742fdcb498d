"""The files of a segment, mapped into memory, and whether they can be believed.

Every file that the TOC names of a segment is opened, so that one which was added to the format is verified like the
others. Array files are verified as they are read (`search.embedded.arrays`), columns when they are opened.
"""

from __future__ import annotations

import mmap
import weakref
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from search.embedded import kernel
from search.embedded.arrays import ArrayFile
from search.errors import IndexDamaged
from search.messages import stores as says

if TYPE_CHECKING:
    from search.embedded.codec import ArraySegment

_COLUMN = ".col"


def cuts() -> int:
    """How often any mapped file was found cut short so far."""
    return 0 if kernel.faults is None else int(kernel.faults.cuts())


class MappedFiles:
    """A segment's files by their extensions.

    Raises:
        IndexDamaged: a file is missing, of another size, or no array file.
    """

    def __init__(self, folder: Path, segment: ArraySegment) -> None:
        self._folder = folder
        self._id: str = segment.segment_id()
        self._sums: Mapping[str, int] = segment.sums
        self._maps: dict[str, mmap.mmap] = {}
        self._watched: dict[str, int] = {}
        self._arrays: dict[str, ArrayFile] = {}
        self._columns: dict[str, NDArray[np.uint8]] = {}
        for name, size in segment.checks.items():
            self._open(name, size)

    def _open(self, name: str, size: int) -> None:
        mapped = self._map(name)
        if len(mapped) != size:
            raise IndexDamaged.because(says.FILE_SIZE(name=name, found=len(mapped), size=size))
        if name.endswith(_COLUMN):
            self._columns[name] = np.frombuffer(mapped, dtype=np.uint8)
            self._check_column(name)
        else:
            self._arrays[name] = ArrayFile(memoryview(mapped), name=name)

    def _map(self, name: str) -> mmap.mmap:
        try:
            with (self._folder / name).open("rb") as file:
                mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except FileNotFoundError:
            raise IndexDamaged.because(says.FILE_MISSING(name=name)) from None
        except ValueError:
            raise IndexDamaged.because(says.FILE_EMPTY(name=name)) from None
        self._maps[name] = mapped
        if kernel.faults is not None:
            self._watched[name] = kernel.faults.watch(mapped)
            weakref.finalize(mapped, kernel.faults.release, self._watched[name])
        return mapped

    def name(self, ext: str) -> str:
        """The name of the file with that extension."""
        return f"{self._id}{ext}"

    def has(self, ext: str) -> bool:
        """Whether the TOC names an array file with that extension."""
        return self.name(ext) in self._arrays

    def arrays(self, ext: str) -> ArrayFile:
        """The array file with that extension.

        Raises:
            IndexDamaged: the TOC names none.
        """
        if self.name(ext) not in self._arrays:
            raise IndexDamaged.because(says.FILE_MISSING(name=self.name(ext)))
        return self._arrays[self.name(ext)]

    def column(self, ext: str) -> NDArray[np.uint8]:
        """The column with that extension.

        Raises:
            IndexDamaged: the TOC names none.
        """
        if self.name(ext) not in self._columns:
            raise IndexDamaged.because(says.FILE_MISSING(name=self.name(ext)))
        return self._columns[self.name(ext)]

    def _check_column(self, name: str) -> None:
        """Columns are as Whoosh keeps them, without checksums of their own: those in the TOC are compared."""
        if zlib.crc32(self._columns[name].data) != self._sums.get(name):
            raise IndexDamaged.because(says.FILE_ALTERED(name=name))

    def check(self) -> None:
        """Read every byte of every file, as mapped, and compare the checksums.

        Raises:
            IndexDamaged: a file was altered.
        """
        for file in self._arrays.values():
            file.check()
        for name in self._columns:
            self._check_column(name)
        self.refuse_cut()

    def refuse_cut(self) -> None:
        """See that no file was found cut short: what was read behind its end is zeros that nobody wrote.

        Raises:
            IndexDamaged: one was.
        """
        for name, number in self._watched.items():
            if kernel.faults is not None and kernel.faults.is_cut(number):
                raise IndexDamaged.because(says.FILE_CUT(name=name))

    def forget_pages(self) -> None:
        """Let the system take back the memory of what was read, as a merge has no further use for it."""
        for mapped in self._maps.values():
            if hasattr(mapped, "madvise"):
                mapped.madvise(mmap.MADV_DONTNEED)
