"""Paragraphs to terms: what a worker process hands to the writer.

texts -> analyzer (INDEX mode) -> packed occurrences, one uint64 each: term | document | position | aligned
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.model import Problem
from search.index.postings import MAX_POSITION
from search.index.segment import NO_HEADING
from search.text import ATOM_BASE, CHAR_BASE, Analyzer

TERM_SHIFT = 40
DOC_SHIFT = 15
POSITION_SHIFT = 1
DOC_LIMIT = 1 << (TERM_SHIFT - DOC_SHIFT)
UNICODE = 0x110000
MAX_CHARS = MAX_POSITION + 1
"""The longest normalised text that one document may have."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph to be indexed; `level` is 1 to 6 for headings, else 0; `digest` is `paragraph_digest`'s."""

    kind: str
    level: int
    text: str
    lines: tuple[int, int] = (0, 0)
    flags: int = 0
    digest: int = 0


@dataclass(frozen=True, slots=True)
class ReportInput:
    """A report to be indexed: its catalogue record (see `search.model.Report`, plus code and evidence) and its text."""

    record: Mapping[str, Any]
    pieces: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class AnalysedFile:
    """A source file, ready to be written. Documents count from 0 within the file.

    Args:
        record: the file's own catalogue record: path, source, digest, set_aside …
        records: of its reports, in order; `sizes` has the documents of each.
        texts: of all documents.
        keys: the occurrences, packed as the module says, in no order.
        heading_runs, title_runs: uint32[3, n]: a term stands above documents first (inclusive) to end (exclusive).
        atoms: what terms from `Vocabulary.first_atom` on are, in this file.
        parents: for each document its enclosing heading's, or NO_HEADING.
    """

    record: dict[str, Any]
    records: list[dict[str, Any]]
    sizes: list[int]
    texts: list[str]
    kinds: list[str]
    flags: NDArray[np.uint8]
    digests: NDArray[np.uint64]
    lines: NDArray[np.uint32]
    parents: NDArray[np.uint32]
    keys: NDArray[np.uint64]
    heading_runs: NDArray[np.uint32]
    title_runs: NDArray[np.uint32]
    lengths: NDArray[np.int32]
    heading_lengths: NDArray[np.int32]
    title_lengths: NDArray[np.int32]
    atoms: tuple[str, ...]
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)


class Vocabulary:
    """Term numbers that mean the same in every process: words of the dictionary, then code points, then atoms."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self.first_char = len(words)
        self.first_atom = self.first_char + UNICODE

    def number(self, terms: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """The numbers of an analyzer's terms, uint32[n]."""
        numbers = terms.astype(np.int64)
        chars = (terms >= CHAR_BASE) & (terms < ATOM_BASE)
        numbers[chars] += self.first_char - CHAR_BASE
        numbers[terms >= ATOM_BASE] += self.first_atom - ATOM_BASE
        return numbers.astype(np.uint32)

    def text(self, number: int, atoms: Sequence[str]) -> str:
        """The term with that number."""
        if number < self.first_char:
            return self.words[number]
        if number < self.first_atom:
            return chr(number - self.first_char)
        return atoms[number - self.first_atom]


def title_words(record: Mapping[str, Any]) -> str:
    """What the title field holds: the report's title with its place."""
    return "\n".join(str(record[name]) for name in ("title", "city", "province") if record.get(name))


def analyse(
    record: dict[str, Any],
    reports: Sequence[ReportInput],
    analyzer: Analyzer,
    vocabulary: Vocabulary,
    problems: Sequence[Problem] = (),
    notes: Sequence[Problem] = (),
) -> AnalysedFile:
    """Segment every paragraph and title of a file.

    Args:
        record: the file's catalogue record.
        reports: none of their texts longer than `MAX_CHARS` when normalised.
    """
    pieces = [piece for report in reports for piece in report.pieces]
    sizes = [len(report.pieces) for report in reports]
    titles = [title_words(report.record) for report in reports]
    texts = [piece.text for piece in pieces]
    batch = analyzer.index_batch([*texts, *titles])
    count = len(texts)
    lengths = np.asarray(batch.lengths[:count], dtype=np.int32)
    if count and int(lengths.max()) > MAX_CHARS:
        raise ValueError(f"a paragraph has {int(lengths.max())} characters, more than {MAX_CHARS}")
    numbers = vocabulary.number(batch.term)
    in_texts = batch.text < count
    docs = batch.text[in_texts].astype(np.uint64)
    keys = numbers[in_texts].astype(np.uint64) << np.uint64(TERM_SHIFT)
    keys |= docs << np.uint64(DOC_SHIFT)
    keys |= batch.position[in_texts].astype(np.uint64) << np.uint64(POSITION_SHIFT)
    keys |= batch.aligned[in_texts].astype(np.uint64)

    parents, ends = _outline(pieces, sizes)
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    headings = np.flatnonzero([piece.level > 0 for piece in pieces])
    above = headings[ends[headings] > headings + 1]
    heading_runs = _runs(numbers, batch.text, above, above + 1, ends[above])
    report_numbers = np.arange(len(reports))
    title_runs = _runs(numbers, batch.text, count + report_numbers, offsets[:-1], offsets[1:])
    heading_lengths = np.zeros(count, dtype=np.int32)
    for doc in range(count):
        parent = int(parents[doc])
        if parent != NO_HEADING:
            heading_lengths[doc] = heading_lengths[parent] + lengths[parent]
    return AnalysedFile(
        record=record,
        records=[
            {**report.record, "characters": sum(len(piece.text) for piece in report.pieces)}
            for report in reports
        ],
        sizes=sizes,
        texts=texts,
        kinds=[piece.kind for piece in pieces],
        flags=np.array([piece.flags for piece in pieces], dtype=np.uint8),
        digests=np.array([piece.digest for piece in pieces], dtype=np.uint64),
        lines=np.array([piece.lines for piece in pieces], dtype=np.uint32).reshape(-1, 2),
        parents=parents,
        keys=keys,
        heading_runs=heading_runs,
        title_runs=title_runs,
        lengths=lengths,
        heading_lengths=heading_lengths,
        title_lengths=np.asarray(batch.lengths[count:], dtype=np.int32),
        atoms=batch.atoms,
        problems=list(problems),
        notes=list(notes),
    )


def _outline(pieces: Sequence[Piece], sizes: Sequence[int]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Each document's enclosing heading, and for each heading where what it stands above ends."""
    parents = np.full(len(pieces), NO_HEADING, dtype=np.uint32)
    ends = np.arange(1, len(pieces) + 1, dtype=np.int64)
    start = 0
    for size in sizes:
        open_headings: list[int] = []
        for doc in range(start, start + size):
            level = pieces[doc].level
            while level and open_headings and pieces[open_headings[-1]].level >= level:
                ends[open_headings.pop()] = doc
            if open_headings:
                parents[doc] = open_headings[-1]
            if level:
                open_headings.append(doc)
        for doc in open_headings:
            ends[doc] = start + size
        start += size
    return parents, ends


def _runs(
    numbers: NDArray[np.uint32],
    text_of: NDArray[Any],
    texts: NDArray[Any],
    first: NDArray[Any],
    end: NDArray[Any],
) -> NDArray[np.uint32]:
    """The distinct terms of some texts, each with the range of documents that it stands above: uint32[3, n]."""
    if not len(texts):
        return np.zeros((3, 0), dtype=np.uint32)
    begins = np.searchsorted(text_of, texts, side="left")
    counts = np.searchsorted(text_of, texts, side="right") - begins
    which = np.repeat(np.arange(len(texts)), counts)
    places = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts) + begins[which]
    pairs = np.unique(which.astype(np.uint64) << np.uint64(32) | numbers[places].astype(np.uint64))
    which = (pairs >> np.uint64(32)).astype(np.int64)
    terms = pairs & np.uint64(0xFFFFFFFF)
    return np.stack([terms, first[which], end[which]]).astype(np.uint32)
