"""A file of named little-endian arrays: written once, front to back, then memory-mapped.

magic, version | array bytes, each aligned to 8 | JSON directory | checksums of blocks | footer (where the directory is)

Every byte before the checksums is in a block of `BLOCK_BYTES` with a CRC-32 of its own, which is compared when it
is first touched: what is handed out was read as it was written, and what nobody asks for costs nothing. The directory
and the checksums themselves are compared when the file is opened.

What may not live here: any meaning of the arrays.
"""

from __future__ import annotations

import json
import mmap
import struct
import zlib
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO, Protocol

import numpy as np
from numpy.typing import DTypeLike, NDArray

from search.errors import IndexDamaged
from search.messages import Message
from search.messages import stores as says

MAGIC = b"XSARRAY2"
BLOCK_BITS = 12
BLOCK_BYTES = 1 << BLOCK_BITS
"""One page of memory: touching it costs more than its checksum does, and the checksums are a thousandth of the file."""
_FOOTER = struct.Struct("<QQII8s")
_ALIGN = 8


class DamagedFile(IndexDamaged):
    """An array file is truncated, altered or not one at all; the message says which."""

    @classmethod
    def of(cls, name: str, error: Message) -> DamagedFile:
        """What is wrong with the file of that name."""
        damaged = cls.because(says.FILE_DAMAGED(name=name, error=error))
        assert isinstance(damaged, DamagedFile)
        return damaged


class _Writable(Protocol):
    def write(self, data: bytes, /) -> Any: ...


class ArrayWriter:
    """Writes one array file. `append` gives the offset of anonymous bytes; `add` names an array."""

    def __init__(self, file: _Writable) -> None:
        self._file = file
        self._at = 0
        self._sums: list[int] = []
        self._crc = 0
        self._directory: dict[str, tuple[str, int, int]] = {}
        self._write(MAGIC)

    def _write(self, data: bytes | memoryview) -> None:
        self._file.write(data)  # type: ignore[arg-type]
        bytes_left, begin = memoryview(data), 0
        while begin < len(bytes_left):
            end = begin + BLOCK_BYTES - self._at % BLOCK_BYTES
            taken = bytes_left[begin:end]
            self._crc = zlib.crc32(taken, self._crc)
            self._at += len(taken)
            begin = end
            if not self._at % BLOCK_BYTES:
                self._end_block()

    def _end_block(self) -> None:
        self._sums.append(self._crc)
        self._crc = 0

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

    def add_parts(self, name: str, dtype: DTypeLike, parts: Iterable[NDArray[Any]]) -> None:
        """Write what comes in parts as one array under `name`."""
        at, size = self.append(np.empty(0, dtype=dtype)), 0
        for part in parts:
            contiguous = np.ascontiguousarray(part, dtype=np.dtype(dtype).newbyteorder("<"))
            self._write(contiguous.reshape(-1).view(np.uint8).data)
            size += part.size
        self._directory[name] = (np.dtype(dtype).newbyteorder("<").str, at, size)

    def finish(self, meta: Mapping[str, Any] | None = None) -> None:
        """Write the directory, the checksums and the footer; the file stays open."""
        directory = json.dumps(
            {"arrays": self._directory, "meta": dict(meta or {})}, ensure_ascii=False
        ).encode()
        at = self._at
        directory += b" " * (-(at + len(directory)) % _ALIGN)
        self._write(directory)
        if self._at % BLOCK_BYTES:
            self._end_block()
        sums = np.array(self._sums, dtype="<u4").tobytes()
        self._file.write(sums)
        self._file.write(_FOOTER.pack(at, len(directory), zlib.crc32(directory), zlib.crc32(sums), MAGIC))


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
        raise IndexDamaged.because(says.FILE_EMPTY(name=str(raw.name))) from error


class ArrayFile:
    """Reads an array file from a buffer without copying.

    Args:
        name: the file's, for errors.

    Raises:
        DamagedFile: the footer, the directory or the checksums can't be right.
    """

    def __init__(self, buffer: memoryview, *, name: str = "") -> None:
        self.buffer = buffer
        self.name = name
        size = len(buffer)
        if size < len(MAGIC) + _FOOTER.size or bytes(buffer[: len(MAGIC)]) != MAGIC:
            raise DamagedFile.of(name, says.DAMAGED_START())
        at, length, directory_crc, sums_crc, magic = _FOOTER.unpack(buffer[size - _FOOTER.size :])
        self._end: int = at + length
        blocks = -(-self._end // BLOCK_BYTES)
        if magic != MAGIC or self._end % 4 or self._end + 4 * blocks + _FOOTER.size != size:
            raise DamagedFile.of(name, says.DAMAGED_END())
        packed = bytes(buffer[at : self._end])
        if zlib.crc32(packed) != directory_crc or zlib.crc32(self._sums_of(blocks)) != sums_crc:
            raise DamagedFile.of(name, says.DAMAGED_DIRECTORY())
        directory = json.loads(packed)
        self._arrays: dict[str, list[Any]] = directory["arrays"]
        self._found: dict[str, NDArray[Any]] = {}
        self._placed: dict[str, tuple[np.dtype[Any], int, int, int]] = {}
        """Of an array, as it is first asked for a part: what its items are, how long, where they begin, how many."""
        self.meta: dict[str, Any] = directory["meta"]
        self._sums = np.frombuffer(self._sums_of(blocks), dtype="<u4")
        self.bytes: NDArray[np.uint8] = np.frombuffer(buffer, dtype=np.uint8)
        """All of the file. Whoever reads it by itself calls `verify` for what it is about to read."""
        self.verified = bytearray(blocks)
        """Of each block, whether its checksum was compared: 1 or 0."""

    def _sums_of(self, blocks: int) -> memoryview:
        return self.buffer[self._end : self._end + 4 * blocks]

    def __contains__(self, name: str) -> bool:
        return name in self._arrays

    def __getitem__(self, name: str) -> NDArray[Any]:
        """A whole array, verified."""
        found = self._found.get(name)
        if found is None:
            dtype, at, size = self._arrays[name]
            found = self._found[name] = self.read(dtype, at, size)
        return found

    def part(self, name: str, start: int, end: int) -> NDArray[Any]:
        """The items from `start` to `end` of an array, of which no more is verified."""
        placed = self._placed.get(name)
        if placed is None:
            of_items, at, size = self._arrays[name]
            placed = self._placed[name] = np.dtype(of_items), np.dtype(of_items).itemsize, at, size
        dtype, width, at, size = placed
        if not 0 <= start <= end <= size:
            raise DamagedFile.of(self.name, says.DAMAGED_REACH())
        begin, behind = at + start * width, at + end * width
        self.verify(begin, behind)
        return np.frombuffer(self.buffer, dtype, end - start, begin)

    def read(self, dtype: Any, at: int, count: int) -> NDArray[Any]:
        """`count` items at byte `at`, as a view, verified."""
        self.verify(at, at + count * np.dtype(dtype).itemsize)
        return np.frombuffer(self.buffer, dtype=dtype, count=count, offset=at)

    def slice(self, at: int, end: int) -> memoryview:
        """The bytes from `at` to `end`, verified."""
        self.verify(at, end)
        return self.buffer[at:end]

    def verify(self, at: int, end: int) -> None:
        """Compare the checksums of the blocks that hold the bytes from `at` to `end`, where that was not done yet.

        Raises:
            DamagedFile: a byte differs from what was written, or there are no such bytes.
        """
        if not 0 <= at <= end <= self._end:
            raise DamagedFile.of(self.name, says.DAMAGED_REACH())
        block, behind = at >> BLOCK_BITS, ((end - 1) >> BLOCK_BITS) + 1
        while (block := self.verified.find(0, block, behind)) >= 0:
            begin = block << BLOCK_BITS
            to = min(begin + BLOCK_BYTES, self._end)
            if zlib.crc32(self.buffer[begin:to]) != self._sums[block]:
                raise DamagedFile.of(self.name, says.DAMAGED_BLOCK(first=begin, last=to - 1))
            self.verified[block] = 1

    def verify_all(self) -> None:
        """Compare the checksums of all blocks where that was not done yet."""
        self.verify(0, self._end)

    def check(self) -> None:
        """Read every byte as it is now, whatever was verified before, and compare the checksums.

        Raises:
            DamagedFile: a byte differs from what was written.
        """
        for block in range(len(self.verified)):  # in place: compiled code has its address
            self.verified[block] = 0
        self.verify_all()
