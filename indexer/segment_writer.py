"""Analysed files to one segment on disk: gather, sort once, write arrays.

packed occurrences -> one sort -> term, document and position arrays -> codec

Memory is what has been gathered plus the sort; `is_full` says when to write.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import zstandard
from numpy.typing import NDArray
from whoosh.util.numeric import length_to_byte

from indexer.analysis import DOC_LIMIT, DOC_SHIFT, POSITION_SHIFT, TERM_SHIFT, AnalysedFile, Vocabulary
from search.index.arrays import ArrayWriter
from search.index.codec import ArrayCodec, ArraySegment, TermsWriter
from search.index.postings import FIRST_OF_DOC, POSITION_MASK, TermChunk, encode_weights
from search.index.schema import (
    ALIGNED_QUARTERS,
    FILTER_FIELDS,
    INDEX_NAME,
    SCORED_FIELDS,
    STRADDLING_QUARTERS,
)
from search.index.segment import BLOCK_BYTES, KINDS, NO_HEADING

_WORKING_COPIES = 3
"""Arrays as large as the gathered keys that the sort and the codec hold at once, counted generously."""
_COMPRESSION = 9
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
        with self.create(f"._{field}_len.col") as file:
            file.write(codes.tobytes())

    def finish(self, doc_count: int, total_lengths: Mapping[str, int]) -> ArraySegment:
        """The segment, ready for the TOC."""
        self.segment.set_doc_count(doc_count)
        self.segment._fieldlengths = dict(total_lengths)
        self.segment.checks = {name: (self.folder / name).stat().st_size for name in self._names}
        return self.segment


class TextWriter:
    """Writes texts in compressed blocks and remembers where each one is."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._out = ArrayWriter(file)
        self._compressor = zstandard.ZstdCompressor(level=_COMPRESSION)
        self._block: list[bytes] = []
        self._filled = 0
        self._at: list[int] = []
        self._end = 0
        self._first: list[int] = []
        self.text_bytes: list[int] = []

    def add(self, text: str) -> None:
        data = text.encode("utf-8", "surrogatepass")
        if self._block and self._filled + len(data) > BLOCK_BYTES:
            self._flush()
        if not self._block:
            self._first.append(len(self.text_bytes))
        self.text_bytes.append(len(data))
        self._block.append(data)
        self._filled += len(data)

    def _flush(self) -> None:
        packed = np.frombuffer(self._compressor.compress(b"".join(self._block)), dtype=np.uint8)
        self._at.append(self._out.append(packed))
        self._end = self._at[-1] + len(packed)
        self._block, self._filled = [], 0

    def close(self) -> None:
        if self._block:
            self._flush()
        self._out.add("at", np.array([*self._at, self._end], dtype=np.uint64))
        self._out.add("first", np.array(self._first, dtype=np.uint32))
        self._out.add("bytes", np.array(self.text_bytes, dtype=np.uint32))
        self._out.finish()
        self._file.close()


def json_arrays(name: str, records: Sequence[Mapping[str, Any]]) -> dict[str, NDArray[Any]]:
    """Records as one byte array with starts, so that one can be read without the others."""
    encoded = [
        json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        for record in records
    ]
    starts = np.zeros(len(encoded) + 1, dtype=np.uint64)
    np.cumsum(np.fromiter(map(len, encoded), dtype=np.uint64, count=len(encoded)), out=starts[1:])
    return {name: np.frombuffer(b"".join(encoded), dtype=np.uint8), f"{name}_at": starts}


def write_catalogue(
    files: SegmentFiles,
    records: Sequence[Mapping[str, Any]],
    sizes: Sequence[int],
    file_records: Sequence[Mapping[str, Any]],
    file_of: Sequence[int],
    version: Mapping[str, Any],
) -> None:
    """Write `.cat`: the reports' and files' records, and the values that facets count by."""
    count = len(records)
    sources = [str(record["source"]).encode("utf-8", "surrogatepass") for record in records]
    ordinals = [int(record.get("ordinal", 0)) for record in records]
    by_source = sorted(range(count), key=lambda number: (sources[number], ordinals[number]))
    source_rank = np.zeros(count, dtype=np.uint32)
    source_rank[by_source] = np.arange(count, dtype=np.uint32)
    arrays: dict[str, NDArray[Any]] = {
        "source": np.frombuffer(b"".join(sources), dtype=np.uint8),
        "source_at": np.cumsum([0, *map(len, sources)], dtype=np.uint64),
        "ordinal": np.array(ordinals, dtype=np.uint32),
        "source_rank": source_rank,
        **json_arrays("records", records),
        **json_arrays("files", file_records),
        "is_report": np.array(
            [record.get("kind", "report") == "report" for record in records], dtype=np.uint8
        ),
        "paragraphs": np.array(sizes, dtype=np.uint32),
        "first": (np.cumsum(sizes) - np.array(sizes)).astype(np.uint32),
        "file_of": np.array(file_of, dtype=np.uint32),
        "year": np.fromiter((record.get("year") or 0 for record in records), dtype=np.int32, count=count),
    }
    values: dict[str, list[str]] = {}
    for field in ("city", "province", "type"):
        known = sorted({str(record[field]) for record in records if record.get(field) is not None})
        number = {value: place for place, value in enumerate(known)}
        values[field] = known
        arrays[field] = np.fromiter(
            (-1 if record.get(field) is None else number[str(record[field])] for record in records),
            dtype=np.int32,
            count=count,
        )
    files.write_arrays(".cat", arrays, {"version": dict(version), "values": values})


class SegmentBuilder:
    """Gathers analysed files and writes them as one segment."""

    def __init__(
        self, folder: Path, vocabulary: Vocabulary, version: Mapping[str, Any], budget_bytes: int
    ) -> None:
        self._folder, self._vocabulary, self._version = folder, vocabulary, version
        self._budget_bytes = budget_bytes
        self._clear()

    def _clear(self) -> None:
        self._keys: list[NDArray[np.uint64]] = []
        self._runs: dict[str, list[NDArray[np.uint32]]] = {"heading": [], "title": []}
        self._lengths: dict[str, list[NDArray[np.int32]]] = {name: [] for name in SCORED_FIELDS}
        self._atoms: dict[str, int] = {}
        self._records: list[dict[str, Any]] = []
        self._sizes: list[int] = []
        self._files: list[dict[str, Any]] = []
        self._file_of: list[int] = []
        self._parents: list[NDArray[np.uint32]] = []
        self._lines: list[NDArray[np.uint32]] = []
        self._flags: list[NDArray[np.uint8]] = []
        self._digests: list[NDArray[np.uint64]] = []
        self._kinds: list[str] = []
        self._text_files: SegmentFiles | None = None
        self._texts: TextWriter | None = None
        self.doc_count = 0
        self._held_bytes = 0

    @property
    def is_full(self) -> bool:
        """Whether writing now keeps the memory within the budget."""
        return self._held_bytes * _WORKING_COPIES >= self._budget_bytes or self.doc_count >= DOC_LIMIT // 2

    def add(self, file: AnalysedFile) -> None:
        """Take a file in. Its texts go to disk at once."""
        if self._text_files is None or self._texts is None:
            self._text_files = SegmentFiles(self._folder)
            self._texts = TextWriter(self._text_files.create(".txt"))
        for text in file.texts:
            self._texts.add(text)
        base = self.doc_count
        keys = file.keys
        atom = self._renumber(file.atoms)
        if atom is not None:
            numbers = (keys >> np.uint64(TERM_SHIFT)).astype(np.int64)
            in_atoms = numbers >= self._vocabulary.first_atom
            shift = atom[numbers[in_atoms] - self._vocabulary.first_atom] - numbers[in_atoms]
            keys = keys.copy()
            keys[in_atoms] += shift.astype(np.uint64) << np.uint64(TERM_SHIFT)
        self._keys.append(keys + np.uint64(base << DOC_SHIFT))
        for name, runs in (("heading", file.heading_runs), ("title", file.title_runs)):
            moved = runs.copy()
            if atom is not None:
                in_atoms = moved[0] >= self._vocabulary.first_atom
                moved[0, in_atoms] = atom[moved[0, in_atoms].astype(np.int64) - self._vocabulary.first_atom]
            moved[1:] += np.uint32(base)
            self._runs[name].append(moved)
        self._lengths["text"].append(file.lengths)
        self._lengths["heading"].append(file.heading_lengths)
        self._lengths["title"].append(np.repeat(file.title_lengths, file.sizes).astype(np.int32))
        self._parents.append(np.where(file.parents == NO_HEADING, NO_HEADING, file.parents + np.uint32(base)))
        self._lines.append(file.lines)
        self._flags.append(file.flags)
        self._digests.append(file.digests)
        self._kinds.extend(file.kinds)
        self._records.extend(file.records)
        self._sizes.extend(file.sizes)
        self._file_of.extend([len(self._files)] * len(file.records))
        self._files.append(file.record)
        self.doc_count += len(file.texts)
        self._held_bytes += keys.nbytes + 32 * len(file.texts)

    def _renumber(self, atoms: Sequence[str]) -> NDArray[np.int64] | None:
        if not atoms:
            return None
        known = self._atoms
        first = self._vocabulary.first_atom
        return np.fromiter(
            (first + known.setdefault(a, len(known)) for a in atoms), dtype=np.int64, count=len(atoms)
        )

    def write(self) -> ArraySegment | None:
        """Write what was gathered as a segment; None where there was nothing. The builder is empty afterwards."""
        files, texts = self._text_files, self._texts
        if files is None or texts is None:
            return None
        texts.close()
        sizes = np.array(self._sizes, dtype=np.int64)
        first = np.cumsum(sizes) - sizes
        lines = np.concatenate(self._lines)
        files.write_arrays(
            ".par",
            {
                "kind": np.array([KINDS.index(kind) for kind in self._kinds], dtype=np.uint8),
                "flags": np.concatenate(self._flags),
                "digest": np.concatenate(self._digests),
                "parent": np.concatenate(self._parents).astype(np.uint32),
                "line_from": lines[:, 0],
                "line_to": lines[:, 1],
            },
        )
        write_catalogue(files, self._records, self._sizes, self._files, self._file_of, self._version)
        lengths = {name: np.concatenate(parts) for name, parts in self._lengths.items()}
        for name, of_docs in lengths.items():
            files.write_lengths(name, length_codes(of_docs))
        self._write_terms(files, length_codes(lengths["text"]), lengths, first, sizes)
        totals = {name: int(of_docs.sum()) for name, of_docs in lengths.items()}
        segment = files.finish(self.doc_count, totals)
        self._clear()
        return segment

    def _write_terms(
        self,
        files: SegmentFiles,
        text_codes: NDArray[np.uint8],
        lengths: Mapping[str, NDArray[np.int32]],
        first: NDArray[np.int64],
        sizes: NDArray[np.int64],
    ) -> None:
        out = TermsWriter(files.create(".trm"), files.create(".pst"))
        atoms = list(self._atoms)
        keys = np.concatenate(self._keys)
        self._keys = []
        keys.sort()
        numbers, chunk = unpack(keys)
        del keys
        out.start_field("text")
        out.write(self._terms(numbers, atoms), chunk, text_codes[chunk.docs])
        out.finish_field()
        for name in ("heading", "title"):
            numbers, chunk = spread(np.concatenate(self._runs[name], axis=1))
            out.start_field(name)
            out.write(self._terms(numbers, atoms), chunk, length_codes(lengths[name])[chunk.docs])
            out.finish_field()
        for name in FILTER_FIELDS:
            out.start_field(name)
            write_filter_field(out, filter_values(name, self._records, self._kinds, first, sizes))
            out.finish_field()
        out.close()

    def _terms(self, numbers: NDArray[np.int64], atoms: Sequence[str]) -> list[bytes]:
        text = self._vocabulary.text
        return [text(number, atoms).encode("utf-8", "surrogatepass") for number in numbers.tolist()]


def unpack(keys: NDArray[np.uint64]) -> tuple[NDArray[np.int64], TermChunk]:
    """Sorted packed occurrences as term numbers and their posting lists."""
    positions = ((keys >> np.uint64(POSITION_SHIFT)).astype(np.uint16)) & np.uint16(POSITION_MASK)
    aligned = (keys & np.uint64(1)).astype(bool)
    occurrence = keys >> np.uint64(DOC_SHIFT)
    opens = np.ones(len(keys), dtype=bool)
    np.not_equal(occurrence[1:], occurrence[:-1], out=opens[1:])
    positions[opens] |= FIRST_OF_DOC
    begins = np.flatnonzero(opens)
    postings = occurrence[begins]
    del occurrence, opens
    quarters = np.where(aligned, ALIGNED_QUARTERS, STRADDLING_QUARTERS).astype(np.uint16)
    weights = (
        np.add.reduceat(quarters, begins, dtype=np.uint32) if len(begins) else np.zeros(0, dtype=np.uint32)
    )
    doc_bits = TERM_SHIFT - DOC_SHIFT
    terms = (postings >> np.uint64(doc_bits)).astype(np.int64)
    docs = (postings & np.uint64((1 << doc_bits) - 1)).astype(np.uint32)
    starts = np.flatnonzero(np.diff(terms, prepend=-1))
    df = np.diff(np.append(starts, len(terms)))
    cf = np.diff(np.append(begins[starts], len(positions)))
    chunk = TermChunk(df, docs, encode_weights(weights), positions, cf)
    return terms[starts], chunk


def spread(runs: NDArray[np.uint32]) -> tuple[NDArray[np.int64], TermChunk]:
    """Ranges of documents below titles or headings as posting lists of weight one; a term counts once a document."""
    counts = (runs[2] - runs[1]).astype(np.int64)
    which = np.repeat(np.arange(runs.shape[1]), counts)
    docs = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts) + runs[1][which]
    keys = runs[0][which].astype(np.uint64) << np.uint64(32) | docs.astype(np.uint64)
    keys.sort()
    keys = keys[np.diff(keys, prepend=np.uint64(2**64 - 1)) != 0]
    terms = (keys >> np.uint64(32)).astype(np.int64)
    starts = np.flatnonzero(np.diff(terms, prepend=-1))
    df = np.diff(np.append(starts, len(terms)))
    weights = np.full(len(keys), ONE, dtype=np.uint8)
    return terms[starts], TermChunk(df, (keys & np.uint64(0xFFFFFFFF)).astype(np.uint32), weights)


def filter_values(
    field: str,
    records: Sequence[Mapping[str, Any]],
    kinds: Sequence[str],
    first: NDArray[np.int64],
    sizes: NDArray[np.int64],
) -> Iterator[tuple[str, NDArray[np.uint32]]]:
    """Each value of a filter field with its documents, by value."""
    if field == "kind":
        codes = np.array([KINDS.index(kind) for kind in kinds], dtype=np.uint8)
        for kind in sorted(set(kinds)):
            yield kind, np.flatnonzero(codes == KINDS.index(kind)).astype(np.uint32)
        return
    reports: dict[str, list[int]] = {}
    for number, record in enumerate(records):
        value = record.get("id" if field == "report" else field)
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
