"""A file of named little-endian arrays: written once, front to back, then memory-mapped.

magic, version | array bytes, each aligned to 8 | JSON directory | footer (where the directory is, checksums)

The directory has its own checksum: it is compared when the file is opened; that of all bytes only by `check`.

What may not live here: any meaning of the arrays.
"""

from __future__ import annotations

import json
import mmap
import struct
import zlib
from collections.abc import Mapping
from typing import Any, BinaryIO, Protocol

import numpy as np
from numpy.typing import NDArray

MAGIC = b"XSARRAY1"
_FOOTER = struct.Struct("<QQII8s")
_ALIGN = 8


class DamagedFile(Exception):
    """An array file is truncated, altered or not one at all; the message says which."""


class _Writable(Protocol):
    def write(self, data: bytes, /) -> Any: ...


class ArrayWriter:
    """Writes one array file. `append` gives the offset of anonymous bytes; `add` names an array."""

    def __init__(self, file: _Writable) -> None:
        self._file = file
        self._at = 0
        self._crc = 0
        self._directory: dict[str, tuple[str, int, int]] = {}
        self._write(MAGIC)

    def _write(self, data: bytes | memoryview) -> None:
        self._file.write(data)  # type: ignore[arg-type]
        self._crc = zlib.crc32(data, self._crc)
        self._at += len(data)

    def append(self, array: NDArray[Any]) -> int:
        """Write `array`'s bytes, aligned, and give back where they start."""
        pad = -self._at % _ALIGN
        if pad:
            self._write(b"\0" * pad)
        at = self._at
        contiguous = np.ascontiguousarray(array)
        if contiguous.dtype.byteorder == ">":
            contiguous = contiguous.astype(contiguous.dtype.newbyteorder("<"))
        if contiguous.size:
            self._write(contiguous.reshape(-1).view(np.uint8).data)
        return at

    def add(self, name: str, array: NDArray[Any]) -> None:
        """Write `array` under `name`."""
        at = self.append(array)
        self._directory[name] = (np.dtype(array.dtype).newbyteorder("<").str, at, int(array.size))

    def finish(self, meta: Mapping[str, Any] | None = None) -> None:
        """Write the directory and the footer; the file stays open."""
        directory = json.dumps(
            {"arrays": self._directory, "meta": dict(meta or {})}, ensure_ascii=False
        ).encode()
        at = self._at
        self._write(directory)
        self._file.write(_FOOTER.pack(at, len(directory), zlib.crc32(directory), self._crc, MAGIC))


def buffer_of(file: Any) -> memoryview:
    """The bytes of an open file of Whoosh's storage, mapped where it has a descriptor."""
    held = getattr(file, "_buf", None)
    if held is not None:
        return memoryview(held)
    raw: BinaryIO = file.raw_file() if hasattr(file, "raw_file") else file
    try:
        descriptor = raw.fileno()
    except (AttributeError, OSError):
        file.seek(0)
        return memoryview(file.read())
    try:
        return memoryview(mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ))
    except ValueError as error:
        raise DamagedFile("the file is empty") from error


class ArrayFile:
    """Reads an array file from a buffer without copying.

    Raises:
        DamagedFile: the footer or the directory can't be right.
    """

    def __init__(self, buffer: memoryview) -> None:
        self._buffer = buffer
        size = len(buffer)
        if size < len(MAGIC) + _FOOTER.size or bytes(buffer[: len(MAGIC)]) != MAGIC:
            raise DamagedFile("it does not start as an array file")
        at, length, directory_crc, self._crc, magic = _FOOTER.unpack(buffer[size - _FOOTER.size :])
        if magic != MAGIC or at + length + _FOOTER.size != size:
            raise DamagedFile("it is truncated")
        packed = bytes(buffer[at : at + length])
        if zlib.crc32(packed) != directory_crc:
            raise DamagedFile("its directory was altered")
        directory = json.loads(packed)
        self._arrays: dict[str, list[Any]] = directory["arrays"]
        self.meta: dict[str, Any] = directory["meta"]
        self.bytes: NDArray[np.uint8] = np.frombuffer(buffer, dtype=np.uint8)

    def __contains__(self, name: str) -> bool:
        return name in self._arrays

    def __getitem__(self, name: str) -> NDArray[Any]:
        dtype, at, size = self._arrays[name]
        return np.frombuffer(self._buffer, dtype=dtype, count=size, offset=at)

    def read(self, dtype: Any, at: int, count: int) -> NDArray[Any]:
        """`count` items at byte `at`, as a view."""
        return np.frombuffer(self._buffer, dtype=dtype, count=count, offset=at)

    def slice(self, at: int, end: int) -> memoryview:
        """The bytes from `at` to `end`."""
        return self._buffer[at:end]

    def check(self) -> None:
        """Read every byte and compare the checksum.

        Raises:
            DamagedFile: a byte differs from what was written.
        """
        if zlib.crc32(self._buffer[: len(self._buffer) - _FOOTER.size]) != self._crc:
            raise DamagedFile("its checksum differs: bytes were altered")
