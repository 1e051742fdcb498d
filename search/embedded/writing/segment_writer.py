"""Prepared files to one segment on disk: gather, sort, write arrays.

packed occurrences -> sorted, on disk where they are many -> slices of term, document and position arrays -> codec

Memory: a quarter of the budget holds occurrences; a segment ends where all else that it keeps would fill the budget.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.embedded import kernel
from search.embedded.arrays import ArrayWriter
from search.embedded.codec import ArraySegment
from search.embedded.postings_layout import ALIGNED, FIRST_OF_DOC, POSITION_MASK, STEPS, encode_weights
from search.embedded.schema import ALIGNED_QUARTERS, FILTER_FIELDS, STRADDLING_QUARTERS
from search.embedded.segment import KINDS, NO_HEADING
from search.embedded.source_records import to_stored
from search.embedded.writing.analysis import (
    DOC_LIMIT,
    DOC_SHIFT,
    POSITION_SHIFT,
    TERM_LIMIT,
    TERM_SHIFT,
    PreparedFile,
    Vocabulary,
)
from search.embedded.writing.bridge_tables import GatheredBridges
from search.embedded.writing.catalogue import (
    Row,
    encode_record,
    filter_values,
    write_catalogue,
    write_filter_field,
)
from search.embedded.writing.occurrences import sort_occurrences
from search.embedded.writing.postings_writer import TermChunk
from search.embedded.writing.segment_files import ONE, SegmentFiles, TextWriter, length_codes
from search.embedded.writing.spool import Column, Spool
from search.embedded.writing.terms_writer import TermsWriter
from search.embedded.writing.word_runs import GatheredRuns

_KEY_SHARE = 0.25
"""What part of the budget holds occurrences."""
_MIN_KEYS = 1 << 10
_BRIDGE_SHARE = 0.05
_SPREAD = 1 << 20
"""Documents that terms of titles and headings are written out for at a time: a title stands above all of its report."""
_KEPT_SHARE = 0.65
"""What part of it is for what is kept of documents, reports, files and atoms until the segment is written."""
_DOCUMENT_BYTES, _REPORT_BYTES, _FILE_BYTES, _ATOM_BYTES = 16, 640, 800, 160
_WEIGHT_CODES = encode_weights(np.arange(4 * int(STEPS[-1]) + 1))
_PACKED = {
    "term_shift": TERM_SHIFT,
    "doc_shift": DOC_SHIFT,
    "position_shift": POSITION_SHIFT,
    "position_mask": POSITION_MASK,
    "aligned": ALIGNED,
    "first_of_doc": FIRST_OF_DOC,
    "straddling_quarters": STRADDLING_QUARTERS,
    "aligned_quarters": ALIGNED_QUARTERS,
}
_KIND_CODES = {kind: code for code, kind in enumerate(KINDS)}


class SegmentBuilder:
    """Gathers prepared files and writes them as one segment."""

    def __init__(
        self, folder: Path, vocabulary: Vocabulary, version: Mapping[str, Any], budget_bytes: int
    ) -> None:
        self._folder, self._vocabulary, self._version = folder, vocabulary, version
        self._budget_bytes = budget_bytes
        self._clear()

    def _clear(self) -> None:
        self._spool = Spool(self._folder)
        self._occurrences = sort_occurrences(
            self._spool, max(int(self._budget_bytes * _KEY_SHARE) // 8, _MIN_KEYS)
        )
        self._others = Spool(self._folder)
        self._bridges = GatheredBridges(self._others, int(self._budget_bytes * _BRIDGE_SHARE))
        self._word_runs = GatheredRuns(self._others)
        self._columns: dict[str, Column] = {}
        self._lengths: dict[str, Column] = {}
        self._runs: dict[str, list[NDArray[np.uint32]]] = {"heading": [], "title": []}
        self._atoms: dict[str, int] = {}
        self._rows: list[Row] = []
        self._sizes: list[int] = []
        self._files: list[bytes] = []
        self._file_of: list[int] = []
        self._text_files: SegmentFiles | None = None
        self._texts: TextWriter | None = None
        self.doc_count = 0

    def has_room(self, file: PreparedFile) -> bool:
        """Whether the file fits in beside what was gathered; an empty builder takes any file."""
        atoms = len(self._atoms) + len(file.atoms)
        docs, reports = self.doc_count + len(file.texts), len(self._rows) + len(file.records)
        kept = (
            docs * _DOCUMENT_BYTES
            + reports * _REPORT_BYTES
            + (len(self._files) + 1) * _FILE_BYTES
            + atoms * _ATOM_BYTES
        )
        fits = self._vocabulary.first_atom + atoms <= TERM_LIMIT and docs <= DOC_LIMIT
        return not self.doc_count or (fits and kept <= self._budget_bytes * _KEPT_SHARE)

    def add(self, file: PreparedFile) -> None:
        """Take a file in. Its texts go to disk at once."""
        if self._text_files is None or self._texts is None:
            self._text_files = SegmentFiles(self._folder)
            self._texts = TextWriter(self._text_files.create(".txt"))
        self._texts.add(file.texts)
        base = self.doc_count
        atom = self._renumber(file.atoms)
        word_runs = file.runs
        if atom is not None:
            word_runs = word_runs.renumbered(self._vocabulary.first_atom, atom)
        self._gather(file, base, atom)
        for name, runs in (("heading", file.heading_runs), ("title", file.title_runs)):
            moved = runs.copy()
            if atom is not None:
                in_atoms = moved[0] >= self._vocabulary.first_atom
                moved[0, in_atoms] = atom[moved[0, in_atoms].astype(np.int64) - self._vocabulary.first_atom]
            moved[1:] += np.uint32(base)
            self._runs[name].append(moved)
        self._put_away(file, base)
        self._bridges.add(file.bridges, base)
        self._word_runs.add(word_runs)
        self._rows.extend(Row.of(record) for record in file.records)
        self._sizes.extend(file.sizes)
        self._file_of.extend([len(self._files)] * len(file.records))
        self._files.append(encode_record(to_stored(file.source)))
        self.doc_count += len(file.texts)

    def _put_away(self, file: PreparedFile, base: int) -> None:
        """Put the columns of its documents away, by their names in `.par`, and the lengths of its fields."""
        has_parent = file.parents != NO_HEADING
        columns: dict[str, NDArray[Any]] = {
            "kind": np.array([_KIND_CODES[kind] for kind in file.kinds], dtype=np.uint8),
            "part": file.parts,
            "ocr": file.ocr,
            "context_first": file.context_years[:, 0],
            "context_last": file.context_years[:, 1],
            "characters": np.fromiter(map(len, file.texts), dtype=np.uint32, count=len(file.texts)),
            "flags": file.flags,
            "digest": file.digests,
            "parent": np.where(has_parent, file.parents + np.uint32(base), np.uint32(NO_HEADING)),
            "line_from": file.lines[:, 0],
            "line_to": file.lines[:, 1],
        }
        of_titles = np.repeat(file.title_lengths, file.sizes).astype(np.int32)
        lengths = {"text": file.lengths, "heading": file.heading_lengths, "title": of_titles}
        for kept, found in ((self._columns, columns), (self._lengths, lengths)):
            for name, values in found.items():
                if name not in kept:
                    kept[name] = self._spool.column()
                kept[name].add(values)

    def _gather(self, file: PreparedFile, base: int, atom: NDArray[np.int64] | None) -> None:
        """Take the occurrences, documents counted on from `base`, atoms numbered as the segment has them."""
        taken = self._occurrences.take(len(file.keys))
        np.add(file.keys, np.uint64(base << DOC_SHIFT), out=taken)
        if atom is not None:
            of_atoms = taken[file.words :]
            numbers = (of_atoms >> np.uint64(TERM_SHIFT)).astype(np.int64)
            shift = atom[numbers - self._vocabulary.first_atom] - numbers
            of_atoms += shift.astype(np.uint64) << np.uint64(TERM_SHIFT)

    def _renumber(self, atoms: Sequence[str]) -> NDArray[np.int64] | None:
        if not atoms:
            return None
        known = self._atoms
        first = self._vocabulary.first_atom
        return np.fromiter(
            (first + known.setdefault(a, len(known)) for a in atoms), dtype=np.int64, count=len(atoms)
        )

    def close(self) -> None:
        """Let go of what was gathered and not written; the file of its texts stays half written."""
        if self._texts is not None:
            self._texts.abandon()
        self._spool.close()
        self._others.close()
        self._clear()

    def write(self) -> ArraySegment | None:
        """Write what was gathered as a segment; None where there was nothing. The builder is empty afterwards."""
        files, texts = self._text_files, self._texts
        if files is None or texts is None:
            return None
        texts.close()
        sizes = np.array(self._sizes, dtype=np.int64)
        first = np.cumsum(sizes) - sizes
        with files.create(".par") as file:
            out = ArrayWriter(file)
            for name, column in self._columns.items():
                out.add_parts(name, column.dtype, column.iter_parts())
            out.finish()
        kinds = self._columns["kind"].read()
        lengths = {name: column.read() for name, column in self._lengths.items()}
        for name, of_docs in lengths.items():
            files.write_lengths(name, length_codes(of_docs))
        # Most of this is done in NumPy and compiled loops, which let others run.
        with ThreadPoolExecutor(1) as beside:
            others = beside.submit(self._write_others, files)
            self._write_terms(files, lengths, kinds, first, sizes)
            others.result()
        totals = {name: int(of_docs.sum()) for name, of_docs in lengths.items()}
        segment = files.finish(self.doc_count, totals)
        self._spool.close()
        self._others.close()
        self._clear()
        return segment

    def _write_others(self, files: SegmentFiles) -> None:
        atoms = list(self._atoms)
        self._bridges.write(files)
        self._word_runs.write(files, lambda number: self._vocabulary.text(number, atoms))
        write_catalogue(files, self._rows, self._sizes, self._files, self._file_of, self._version)

    def _write_terms(
        self,
        files: SegmentFiles,
        lengths: Mapping[str, NDArray[np.int32]],
        kinds: NDArray[np.uint8],
        first: NDArray[np.int64],
        sizes: NDArray[np.int64],
    ) -> None:
        out = TermsWriter(files.create(".trm"), files.create(".pst"))
        atoms = list(self._atoms)
        codes = length_codes(lengths["text"])
        out.start_field("text")
        for of_slice in self._occurrences.iter_slices():
            numbers, chunk = unpack(of_slice)
            out.write(self._terms(numbers, atoms), chunk, codes[chunk.docs])
        out.finish_field()
        for name in ("heading", "title"):
            out.start_field(name)
            codes = length_codes(lengths[name])
            for runs in iter_term_runs(np.concatenate(self._runs[name], axis=1)):
                numbers, chunk = spread(runs)
                out.write(self._terms(numbers, atoms), chunk, codes[chunk.docs])
            out.finish_field()
        for name in FILTER_FIELDS:
            out.start_field(name)
            write_filter_field(out, filter_values(name, self._rows, kinds, first, sizes))
            out.finish_field()
        out.close()

    def _terms(self, numbers: NDArray[np.int64], atoms: Sequence[str]) -> list[bytes]:
        text = self._vocabulary.text
        return [text(number, atoms).encode("utf-8", "surrogatepass") for number in numbers.tolist()]


def unpack(keys: NDArray[np.uint64]) -> tuple[NDArray[np.int64], TermChunk]:
    """Sorted packed occurrences as term numbers and their posting lists."""
    if kernel.occurrences is not None:
        numbers, df, cf, docs, weights, positions = kernel.occurrences.unpack(keys, _WEIGHT_CODES, **_PACKED)
        return numbers, TermChunk(df, docs, weights, positions, cf)
    low = keys.astype(np.uint32)
    positions = (low >> np.uint32(POSITION_SHIFT)).astype(np.uint16) & np.uint16(POSITION_MASK)
    aligned = low & np.uint32(1)
    occurrence = keys >> np.uint64(DOC_SHIFT)
    opens = np.ones(len(keys), dtype=bool)
    np.not_equal(occurrence[1:], occurrence[:-1], out=opens[1:])
    positions |= aligned.astype(np.uint16) * np.uint16(ALIGNED)
    positions |= opens * np.uint16(FIRST_OF_DOC)
    begins = np.flatnonzero(opens)
    postings = occurrence.take(begins)
    del occurrence, opens
    quarters = aligned * np.uint32(ALIGNED_QUARTERS - STRADDLING_QUARTERS) + np.uint32(STRADDLING_QUARTERS)
    weights = np.add.reduceat(quarters, begins) if len(begins) else np.zeros(0, dtype=np.uint32)
    doc_bits = TERM_SHIFT - DOC_SHIFT
    terms = (postings >> np.uint64(doc_bits)).astype(np.int64)
    docs = (postings & np.uint64((1 << doc_bits) - 1)).astype(np.uint32)
    starts = np.flatnonzero(np.diff(terms, prepend=-1))
    df = np.diff(np.append(starts, len(terms)))
    cf = np.diff(np.append(begins[starts], len(positions)))
    chunk = TermChunk(df, docs, encode_weights(weights), positions, cf)
    return terms[starts], chunk


def iter_term_runs(runs: NDArray[np.uint32]) -> Iterator[NDArray[np.uint32]]:
    """Ranges of documents below titles or headings by term, in slices of whole terms and about `_SPREAD` documents."""
    runs = runs[:, np.argsort(runs[0], kind="stable")]
    ends = np.cumsum(runs[2] - runs[1], dtype=np.int64)
    begin = done = 0
    while begin < len(ends):
        last = min(int(ends.searchsorted(done + _SPREAD)), len(ends) - 1)
        end = int(runs[0].searchsorted(runs[0, last], side="right"))
        yield runs[:, begin:end]
        begin, done = end, int(ends[end - 1])


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
