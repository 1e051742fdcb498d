"""The files of a segment, written: texts in blocks, arrays, lengths. Building and merging both use it."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import zstandard
from numpy.typing import NDArray
from whoosh.util.numeric import length_to_byte

from search.embedded.arrays import ArrayWriter
from search.embedded.codec import ArrayCodec, ArraySegment
from search.embedded.postings_layout import encode_weights
from search.embedded.schema import ALIGNED_QUARTERS, INDEX_NAME
from search.embedded.stored_texts import TEXT_BLOCK_BYTES, StoredTexts

_COMPRESSION = 3
"""Level 7 takes four times as long, to make texts a thirtieth smaller."""
_WRITTEN_AT_ONCE = 256 << 10
_SAMPLE_BYTES = 2 << 20
_LEAST_SAMPLE_BYTES = 1 << 20
_DICTIONARY_BYTES = 64 << 10
ONE = int(encode_weights(np.array([ALIGNED_QUARTERS]))[0])
"""The code of weight 1."""
_LENGTH_CODES = np.array([length_to_byte(length) for length in range(1 << 15)], dtype=np.uint8)


def length_codes(lengths: NDArray[Any]) -> NDArray[np.uint8]:
    """Field lengths as Whoosh keeps them: one byte, about two digits of precision."""
    codes: NDArray[np.uint8] = _LENGTH_CODES[np.minimum(lengths, len(_LENGTH_CODES) - 1)]
    return codes


class SegmentFiles:
    """Creates the files of a new segment and remembers their sizes for the TOC."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.segment = ArraySegment(ArrayCodec(), INDEX_NAME)
        self._names: list[str] = []
        self._sums: dict[str, int] = {}

    def create(self, ext: str) -> Any:
        name = self.segment.make_filename(ext)
        self._names.append(name)
        return (self.folder / name).open("wb")

    def write_arrays(
        self, ext: str, arrays: Mapping[str, NDArray[Any]], meta: Mapping[str, Any] | None = None
    ) -> None:
        with self.create(ext) as file:
            writer = ArrayWriter(file)
            for name, array in arrays.items():
                writer.add(name, array)
            writer.finish(meta)

    def write_lengths(self, field: str, codes: NDArray[np.uint8]) -> None:
        ext = f"._{field}_len.col"
        data = codes.tobytes()
        self._sums[self.segment.make_filename(ext)] = zlib.crc32(data)
        with self.create(ext) as file:
            file.write(data)

    def finish(self, doc_count: int, total_lengths: Mapping[str, int]) -> ArraySegment:
        """The segment, ready for the TOC."""
        self.segment.set_doc_count(doc_count)
        self.segment._fieldlengths = dict(total_lengths)
        self.segment.checks = {name: (self.folder / name).stat().st_size for name in self._names}
        self.segment.sums = dict(self._sums)
        return self.segment


class TextWriter:
    """Writes texts in compressed blocks and remembers where each one is.

    Blocks are small, so that one paragraph is read at little cost; what that loses in compression, a dictionary made
    from the segment's first texts more than gives back. Few texts get none: it would take more than it saves.

    Args:
        dictionary: compress with this one, b"" to make one of the texts.
    """

    def __init__(self, file: Any, dictionary: bytes = b"") -> None:
        self._file = file
        self._out = ArrayWriter(file)
        self._dictionary = dictionary
        self._compressor = _compressor(dictionary) if dictionary else None
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        self._block: list[bytes] = []
        self._filled = 0
        self._packed: list[bytes] = []
        self._packed_bytes = 0
        self._at = array("Q")
        self._end = 0
        self._first = array("I")
        self._bytes = array("I")

    def add(self, texts: Iterable[str]) -> None:
        """Take the texts of the next documents."""
        for text in texts:
            data = text.encode("utf-8", "surrogatepass")
            if self._compressor is not None:
                self._add(data)
                continue
            self._waiting.append(data)
            self._waiting_bytes += len(data)
            if self._waiting_bytes >= _SAMPLE_BYTES:
                self._begin()

    def _begin(self) -> None:
        """Make the dictionary of the texts so far, if they are enough for one, and write them."""
        if self._waiting_bytes >= _LEAST_SAMPLE_BYTES:
            self._dictionary = _make_dictionary(self._waiting)
        self._compressor = _compressor(self._dictionary)
        for data in self._waiting:
            self._add(data)
        self._waiting = []

    def _add(self, data: bytes) -> None:
        if self._block and self._filled + len(data) > TEXT_BLOCK_BYTES:
            self._flush()
        if not self._block:
            self._first.append(len(self._bytes))
        self._bytes.append(len(data))
        self._block.append(data)
        self._filled += len(data)

    def copy(self, source: StoredTexts) -> None:
        """Take all of a segment's texts over; block by block as they are, where they have this dictionary."""
        if not self._dictionary or source.dictionary != self._dictionary:
            self.add(source.iter_texts())
            return
        if self._block:
            self._flush()
        base = len(self._bytes)
        for packed in source.iter_packed_blocks():
            self._put(packed.tobytes())
        first, sizes = source.layout()
        self._first.extend((first.astype(np.int64) + base).tolist())
        self._bytes.extend(sizes.tolist())

    def _flush(self) -> None:
        assert self._compressor is not None
        self._put(self._compressor.compress(b"".join(self._block)))
        self._block, self._filled = [], 0

    def _put(self, packed: bytes) -> None:
        """Take a compressed block; some are written together."""
        self._packed.append(packed)
        self._packed_bytes += len(packed)
        if self._packed_bytes >= _WRITTEN_AT_ONCE:
            self._write()

    def _write(self) -> None:
        at = self._out.append(np.frombuffer(b"".join(self._packed), dtype=np.uint8))
        self._at.extend(accumulate(map(len, self._packed[:-1]), initial=at))
        self._end = at + self._packed_bytes
        self._packed, self._packed_bytes = [], 0

    def abandon(self) -> None:
        """Close the file as it is; on a full disk, what it holds back can't be written, and isn't wanted."""
        with suppress(OSError):
            self._file.close()

    def close(self) -> None:
        if self._compressor is None:
            self._begin()
        if self._block:
            self._flush()
        if self._packed:
            self._write()
        self._out.add("dictionary", np.frombuffer(self._dictionary, dtype=np.uint8))
        self._out.add("at", np.array([*self._at, self._end], dtype=np.uint64))
        self._out.add("first", np.array(self._first, dtype=np.uint32))
        self._out.add("bytes", np.array(self._bytes, dtype=np.uint32))
        self._out.finish()
        self._file.close()


def _compressor(dictionary: bytes) -> zstandard.ZstdCompressor:
    if not dictionary:
        return zstandard.ZstdCompressor(level=_COMPRESSION)
    return zstandard.ZstdCompressor(level=_COMPRESSION, dict_data=zstandard.ZstdCompressionDict(dictionary))


def _make_dictionary(texts: Sequence[bytes]) -> bytes:
    """A dictionary of what `texts` say often; b"" where they are too much alike to make one."""
    try:
        made = zstandard.train_dictionary(_DICTIONARY_BYTES, [text for text in texts if text], k=64, d=8)
    except zstandard.ZstdError:
        return b""
    return made.as_bytes()
