"""The files of a segment, written: texts in blocks, the catalogue, columns. Building and merging both use it."""

from __future__ import annotations

import json
import re
import zlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import zstandard
from numpy.typing import NDArray
from whoosh.util.numeric import length_to_byte

from search.embedded.arrays import ArrayWriter
from search.embedded.codec import ArrayCodec, ArraySegment
from search.embedded.postings import encode_weights
from search.embedded.schema import ALIGNED_QUARTERS, INDEX_NAME
from search.embedded.segment import BLOCK_BYTES, KINDS, NAMED_FIELDS, SegmentData, to_seconds
from search.embedded.writing.postings_writer import TermChunk
from search.embedded.writing.terms_writer import TermsWriter

_COMPRESSION = 7
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
        self._at: list[int] = []
        self._end = 0
        self._first = array("I")
        self._bytes = array("I")

    def add(self, text: str) -> None:
        data = text.encode("utf-8", "surrogatepass")
        if self._compressor is not None:
            self._add(data)
            return
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
        if self._block and self._filled + len(data) > BLOCK_BYTES:
            self._flush()
        if not self._block:
            self._first.append(len(self._bytes))
        self._bytes.append(len(data))
        self._block.append(data)
        self._filled += len(data)

    def copy(self, source: SegmentData) -> None:
        """Take all of a segment's texts over; block by block as they are, where they have this dictionary."""
        if not self._dictionary or source.dictionary != self._dictionary:
            for text in source.iter_texts():
                self.add(text)
            return
        if self._block:
            self._flush()
        base = len(self._bytes)
        for packed in source.iter_packed_blocks():
            self._at.append(self._out.append(packed))
            self._end = self._at[-1] + len(packed)
        first, sizes = source.text_layout()
        self._first.extend((first.astype(np.int64) + base).tolist())
        self._bytes.extend(sizes.tolist())

    def _flush(self) -> None:
        assert self._compressor is not None
        packed = np.frombuffer(self._compressor.compress(b"".join(self._block)), dtype=np.uint8)
        self._at.append(self._out.append(packed))
        self._end = self._at[-1] + len(packed)
        self._block, self._filled = [], 0

    def abandon(self) -> None:
        """Close the file as it is; on a full disk, what it holds back can't be written, and isn't wanted."""
        with suppress(OSError):
            self._file.close()

    def close(self) -> None:
        if self._compressor is None:
            self._begin()
        if self._block:
            self._flush()
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


def encode_record(record: Mapping[str, Any]) -> bytes:
    """A catalogue record as it is kept."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class Row:
    """A report for the catalogue: what is counted and filtered by, and its whole record encoded."""

    id: str
    source: str
    ordinal: int
    is_report: bool
    city: str | None
    province: str | None
    type: str | None
    level: str | None
    year: int | None
    plan_year: int | None
    day: int
    added: int
    characters: int
    encoded: bytes

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Row:
        """The row of a record."""
        return cls(
            record["id"],
            str(record["source"]),
            int(record.get("ordinal", 0)),
            record.get("kind", "report") == "report",
            record.get("city"),
            record.get("province"),
            record.get("type"),
            record.get("level"),
            record.get("year"),
            record.get("plan_year"),
            _day(record.get("date")),
            to_seconds(record.get("added")),
            int(record["characters"]),
            encode_record(record),
        )


def _day(written: str | None) -> int:
    """A date such as 2024-01-16 as the number 20240116; 0 where it isn't known to the day."""
    match = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", written or "")
    return int("".join(match.groups())) if match else 0


def _encoded_arrays(name: str, encoded: Sequence[bytes]) -> dict[str, NDArray[Any]]:
    """Records as one byte array with starts, so that one can be read without the others."""
    starts = np.zeros(len(encoded) + 1, dtype=np.uint64)
    np.cumsum(np.fromiter(map(len, encoded), dtype=np.uint64, count=len(encoded)), out=starts[1:])
    return {name: np.frombuffer(b"".join(encoded), dtype=np.uint8), f"{name}_at": starts}


def write_catalogue(
    files: SegmentFiles,
    rows: Sequence[Row],
    sizes: Sequence[int],
    file_records: Sequence[bytes],
    file_of: Sequence[int],
    version: Mapping[str, Any],
) -> None:
    """Write `.cat`: the reports' and files' records, and the values that facets count by.

    Args:
        sizes: the documents of each report.
        file_records: encoded, see `encode_record`; `file_of` has each report's place among them.
    """
    count = len(rows)
    sources = [row.source.encode("utf-8", "surrogatepass") for row in rows]
    by_source = sorted(range(count), key=lambda number: (sources[number], rows[number].ordinal))
    source_rank = np.zeros(count, dtype=np.uint32)
    source_rank[by_source] = np.arange(count, dtype=np.uint32)
    arrays: dict[str, NDArray[Any]] = {
        "source": np.frombuffer(b"".join(sources), dtype=np.uint8),
        "source_at": np.cumsum([0, *map(len, sources)], dtype=np.uint64),
        "ordinal": np.array([row.ordinal for row in rows], dtype=np.uint32),
        "source_rank": source_rank,
        **_encoded_arrays("records", [row.encoded for row in rows]),
        **_encoded_arrays("files", file_records),
        "is_report": np.array([row.is_report for row in rows], dtype=np.uint8),
        "paragraphs": np.array(sizes, dtype=np.uint32),
        "characters": np.fromiter((row.characters for row in rows), dtype=np.uint64, count=count),
        "first": (np.cumsum(sizes) - np.array(sizes)).astype(np.uint32),
        "file_of": np.array(file_of, dtype=np.uint32),
        "year": np.fromiter((row.year or 0 for row in rows), dtype=np.int32, count=count),
        "plan_year": np.fromiter((row.plan_year or 0 for row in rows), dtype=np.int32, count=count),
        "day": np.fromiter((row.day for row in rows), dtype=np.uint32, count=count),
        "added": np.fromiter((row.added for row in rows), dtype=np.int64, count=count),
    }
    values: dict[str, list[str]] = {}
    for field in NAMED_FIELDS:
        of_rows = [getattr(row, field) for row in rows]
        known = sorted({str(value) for value in of_rows if value is not None})
        number = {value: place for place, value in enumerate(known)}
        values[field] = known
        places = (-1 if value is None else number[str(value)] for value in of_rows)
        arrays[field] = np.fromiter(places, dtype=np.int32, count=count)
    files.write_arrays(".cat", arrays, {"version": dict(version), "values": values})


def filter_values(
    field: str,
    rows: Sequence[Row],
    kinds: NDArray[np.uint8],
    first: NDArray[np.int64],
    sizes: NDArray[np.int64],
) -> Iterator[tuple[str, NDArray[np.uint32]]]:
    """Each value of a filter field with its documents, by value.

    Args:
        kinds: of each document, as places in `KINDS`.
        first, sizes: of each report, its first document and how many it has.
    """
    if field == "kind":
        for code in sorted(set(kinds.tolist()), key=lambda code: KINDS[code]):
            yield KINDS[code], np.flatnonzero(kinds == code).astype(np.uint32)
        return
    reports: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        value = getattr(row, "id" if field == "report" else field)
        if value is not None:
            reports.setdefault(str(value), []).append(number)
    for value in sorted(reports):
        ranges = [np.arange(first[r], first[r] + sizes[r], dtype=np.uint32) for r in reports[value]]
        docs = np.concatenate(ranges)
        if len(docs):
            yield value, docs


def write_filter_field(out: TermsWriter, values: Iterator[tuple[str, NDArray[np.uint32]]]) -> None:
    """Write exact values, each with its documents, as terms of weight one."""
    terms, docs = [], []
    for value, of_value in values:
        terms.append(value.encode("utf-8", "surrogatepass"))
        docs.append(of_value)
    if terms:
        df = np.fromiter(map(len, docs), dtype=np.int64, count=len(docs))
        joined = np.concatenate(docs)
        ones = np.full(len(joined), ONE, dtype=np.uint8)
        out.write(terms, TermChunk(df, joined, ones), np.zeros(len(joined), dtype=np.uint8))
