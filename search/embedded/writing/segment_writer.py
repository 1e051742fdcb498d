"""Prepared files to one segment on disk: gather, sort, write arrays.

packed occurrences -> sorted, on disk where they are many -> slices of term, document and position arrays -> codec

Memory: a quarter of the budget holds occurrences; a segment ends where all else that it keeps would fill the budget.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.embedded import kernel
from search.embedded.codec import ArraySegment
from search.embedded.postings_layout import ALIGNED, FIRST_OF_DOC, POSITION_MASK, STEPS, encode_weights
from search.embedded.schema import ALIGNED_QUARTERS, FILTER_FIELDS, SCORED_FIELDS, STRADDLING_QUARTERS
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
from search.embedded.writing.bridges import GatheredBridges
from search.embedded.writing.catalogue import (
    Row,
    encode_record,
    filter_values,
    write_catalogue,
    write_filter_field,
)
from search.embedded.writing.occurrences import Occurrences
from search.embedded.writing.postings_writer import TermChunk
from search.embedded.writing.segment_files import ONE, SegmentFiles, TextWriter, length_codes
from search.embedded.writing.spool import Spool
from search.embedded.writing.terms_writer import TermsWriter
from search.embedded.writing.word_runs import GatheredRuns

_KEY_SHARE = 0.25
"""What part of the budget holds occurrences."""
_MIN_KEYS = 1 << 10
_DOCUMENT_BYTES, _REPORT_BYTES, _ATOM_BYTES = 64, 640, 160
"""What is kept of each until the segment is written; bridges come to the documents'."""
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
        self._occurrences = Occurrences(
            self._spool, max(int(self._budget_bytes * _KEY_SHARE) // 8, _MIN_KEYS)
        )
        self._others = Spool(self._folder)
        self._bridges, self._word_runs = GatheredBridges(self._others), GatheredRuns(self._others)
        self._runs: dict[str, list[NDArray[np.uint32]]] = {"heading": [], "title": []}
        self._lengths: dict[str, list[NDArray[np.int32]]] = {name: [] for name in SCORED_FIELDS}
        self._atoms: dict[str, int] = {}
        self._rows: list[Row] = []
        self._sizes: list[int] = []
        self._files: list[bytes] = []
        self._file_of: list[int] = []
        self._parents: list[NDArray[np.uint32]] = []
        self._lines: list[NDArray[np.uint32]] = []
        self._flags: list[NDArray[np.uint8]] = []
        self._digests: list[NDArray[np.uint64]] = []
        self._kinds: list[NDArray[np.uint8]] = []
        self._parts: list[NDArray[np.uint8]] = []
        self._ocr: list[NDArray[np.uint8]] = []
        self._context: list[NDArray[np.uint16]] = []
        self._characters: list[NDArray[np.uint32]] = []
        self._text_files: SegmentFiles | None = None
        self._texts: TextWriter | None = None
        self.doc_count = 0

    def has_room(self, file: PreparedFile) -> bool:
        """Whether the file fits in beside what was gathered; an empty builder takes any file."""
        atoms = len(self._atoms) + len(file.atoms)
        docs = self.doc_count + len(file.texts)
        bridges = self._bridges.count + sum(len(rows.keys) for rows in file.bridges.values())
        kept = (
            docs * _DOCUMENT_BYTES
            + bridges * GatheredBridges.ROW_BYTES
            + (len(self._rows) + len(file.records)) * _REPORT_BYTES
            + atoms * _ATOM_BYTES
        )
        fits = self._vocabulary.first_atom + atoms <= TERM_LIMIT and docs <= DOC_LIMIT
        return not self.doc_count or (fits and kept <= self._budget_bytes)

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
        self._lengths["text"].append(file.lengths)
        self._lengths["heading"].append(file.heading_lengths)
        self._lengths["title"].append(np.repeat(file.title_lengths, file.sizes).astype(np.int32))
        self._parents.append(np.where(file.parents == NO_HEADING, NO_HEADING, file.parents + np.uint32(base)))
        self._lines.append(file.lines)
        self._flags.append(file.flags)
        self._digests.append(file.digests)
        self._kinds.append(np.array([_KIND_CODES[kind] for kind in file.kinds], dtype=np.uint8))
        self._parts.append(file.parts)
        self._ocr.append(file.ocr)
        self._context.append(file.context_years)
        self._characters.append(np.fromiter(map(len, file.texts), dtype=np.uint32, count=len(file.texts)))
        self._bridges.add(file.bridges, base)
        self._word_runs.add(word_runs)
        self._rows.extend(Row.of(record) for record in file.records)
        self._sizes.extend(file.sizes)
        self._file_of.extend([len(self._files)] * len(file.records))
        self._files.append(encode_record(to_stored(file.source)))
        self.doc_count += len(file.texts)

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
        lines, kinds = np.concatenate(self._lines), np.concatenate(self._kinds)
        context = np.concatenate(self._context)
        files.write_arrays(
            ".par",
            {
                "kind": kinds,
                "part": np.concatenate(self._parts),
                "ocr": np.concatenate(self._ocr),
                "context_first": context[:, 0],
                "context_last": context[:, 1],
                "characters": np.concatenate(self._characters),
                "flags": np.concatenate(self._flags),
                "digest": np.concatenate(self._digests),
                "parent": np.concatenate(self._parents).astype(np.uint32),
                "line_from": lines[:, 0],
                "line_to": lines[:, 1],
            },
        )
        lengths = {name: np.concatenate(parts) for name, parts in self._lengths.items()}
        for name, of_docs in lengths.items():
            files.write_lengths(name, length_codes(of_docs))
        with ThreadPoolExecutor(
            1
        ) as beside:  # most of this is done in NumPy and compiled loops, which let others run
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
            numbers, chunk = spread(np.concatenate(self._runs[name], axis=1))
            out.start_field(name)
            out.write(self._terms(numbers, atoms), chunk, length_codes(lengths[name])[chunk.docs])
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
