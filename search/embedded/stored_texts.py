"""The texts of a segment's paragraphs, in compressed blocks: any of them is read at the cost of its block."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from threading import local
from typing import Any

import numpy as np
import zstandard
from numpy.typing import NDArray

from search.embedded import kernel
from search.embedded.arrays import BLOCK_BITS, ArrayFile
from search.errors import IndexDamaged
from search.messages import stores as says

TEXT_BLOCK_BYTES = 1024
_TEXTS_AT_ONCE = 10_000


class StoredTexts:
    """Texts by their documents' numbers.

    Args:
        file: as `search.embedded.writing.segment_files.TextWriter` writes it.
        doc_count: how many texts there are.
    """

    def __init__(self, file: ArrayFile, doc_count: int) -> None:
        self._file, self._doc_count = file, doc_count
        self._unpacker = local()

    @property
    def dictionary(self) -> bytes:
        """What the texts are compressed with; b"" for nothing."""
        return self._file["dictionary"].tobytes()

    def iter_texts(self) -> Iterator[str]:
        """Every text, in the order of documents."""
        for begin in range(0, self._doc_count, _TEXTS_AT_ONCE):
            yield from self.read(np.arange(begin, min(begin + _TEXTS_AT_ONCE, self._doc_count)))

    def iter_packed_blocks(self) -> Iterator[NDArray[np.uint8]]:
        """The blocks of texts as they are kept, compressed."""
        for at, end in pairwise(self._blocks_at.tolist()):
            yield self._file.read(np.uint8, at, end - at)

    @cached_property
    def _block_first(self) -> NDArray[np.uint32]:
        first: NDArray[np.uint32] = self._file["first"]
        return first

    @cached_property
    def _text_bytes(self) -> NDArray[np.uint32]:
        sizes: NDArray[np.uint32] = self._file["bytes"]
        return sizes

    @cached_property
    def _blocks_at(self) -> NDArray[np.uint64]:
        at: NDArray[np.uint64] = self._file["at"]
        return at

    def layout(self) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """The first document of each block, and how many bytes each text has."""
        return self._block_first, self._text_bytes

    @cached_property
    def _text_at(self) -> NDArray[np.uint32]:
        return self._find_starts()

    def _find_starts(self) -> NDArray[np.uint32]:
        """Where each text begins, all of them one behind the other, modulo 2**32: only differences count."""
        ends: NDArray[np.uint32] = np.cumsum(self._text_bytes, dtype=np.uint32)
        ends -= self._text_bytes
        return ends

    @cached_property
    def compiled(self) -> Any:
        """Where the texts are, as `search.embedded.kernel` takes it."""
        assert kernel.page is not None, "asked for where it was built"
        columns = (self._block_first, self._blocks_at, self._find_starts(), self._text_bytes)
        return kernel.page.TextLayout(*columns, self._file.bytes, self._file.verified, BLOCK_BITS)

    def read(self, docs: NDArray[np.int64]) -> list[str]:
        """The texts of some documents; neighbours cost least."""
        if kernel.page is None:
            return self._read_plainly(docs)
        try:
            texts: list[str] | None = self.compiled.read(docs, self.unpack, False)
            if texts is None:
                self.verify(self.compiled.blocks(docs))
                texts = self.compiled.read(docs, self.unpack, True)
        except (zstandard.ZstdError, ValueError) as error:
            raise self._damaged() from error
        assert texts is not None, "verified"
        return texts

    def _read_plainly(self, docs: NDArray[np.int64]) -> list[str]:
        located = self._locate(docs)
        self.verify([(at, to) for at, to, _, _ in located])
        found, opened, block = [], -1, b""
        for at, to, start, end in located:
            if at != opened:
                try:
                    block, opened = self.unpack(self._file.buffer[at:to]), at
                except zstandard.ZstdError as error:
                    raise self._damaged() from error
            if end > len(block):
                raise self._damaged()
            try:
                found.append(block[start:end].decode("utf-8", "surrogatepass"))
            except UnicodeDecodeError as error:
                raise self._damaged() from error
        return found

    def _locate(self, docs: NDArray[np.int64]) -> list[tuple[int, int, int, int]]:
        """Where each text is: the begin and end of its block in the file, its own begin and end in the block."""
        blocks = self._block_first.searchsorted(docs, side="right") - 1
        starts = self._text_at.take(docs) - self._text_at.take(self._block_first.take(blocks))
        ends = starts + self._text_bytes.take(docs)
        places = (self._blocks_at.take(blocks), self._blocks_at.take(blocks + 1), starts, ends)
        return list(zip(*(column.tolist() for column in places), strict=True))

    def verify(self, blocks: Sequence[tuple[int, int]]) -> None:
        """Compare the checksums of some blocks; of those that lie in neighbouring pages at once."""
        begin = end = blocks[0][0] if blocks else 0
        for at, to in blocks:
            if at < begin or at >> BLOCK_BITS > (end >> BLOCK_BITS) + 1:
                self._file.verify(begin, end)
                begin = end = at
            end = max(end, to)
        self._file.verify(begin, end)

    @property
    def unpack(self) -> Callable[[memoryview], bytes]:
        """Decompresses a block of texts; this thread's."""
        try:
            unpack: Callable[[memoryview], bytes] = self._unpacker.unpack
        except AttributeError:  # the first time in this thread
            unpack = self._unpacker.unpack = _unpacker(self.dictionary).decompress
        return unpack

    def _damaged(self) -> IndexDamaged:
        return IndexDamaged.because(says.BLOCK_DAMAGED(name=self._file.name))


def _unpacker(dictionary: bytes) -> zstandard.ZstdDecompressor:
    if not dictionary:
        return zstandard.ZstdDecompressor()
    return zstandard.ZstdDecompressor(dict_data=zstandard.ZstdCompressionDict(dictionary))
