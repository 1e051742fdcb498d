"""Drafts to packed arrays: what a worker process hands to the writer.

texts -> analyzer (INDEX mode) -> packed occurrences, one uint64 each: term | document | position | aligned
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.collection import DraftParagraph, DraftReport, DraftSource, SourceRecord
from search.collection.writing import title_lines
from search.embedded.postings_layout import MAX_POSITION
from search.embedded.segment import JOINED, NO_HEADING, NOT_RECOGNISED, REPEATED
from search.embedded.writing.bridges import BridgeRows, find_bridges
from search.embedded.writing.word_runs import RunRows, find_runs
from search.errors import SourceError
from search.language.text import Analyzer
from search.language.text.batch import ATOM_BASE, CHAR_BASE, TokenBatch
from search.messages import sources as says
from search.model import PARTS

TERM_SHIFT = 40
DOC_SHIFT = 15
POSITION_SHIFT = 1
TERM_LIMIT = 1 << (64 - TERM_SHIFT)
DOC_LIMIT = 1 << (TERM_SHIFT - DOC_SHIFT)
UNICODE = 0x110000
MAX_CHARS = MAX_POSITION + 1
"""The longest normalised text that one document may have."""


@dataclass(frozen=True, slots=True)
class PreparedFile:
    """A source file, ready to be written. Documents count from 0 within the file.

    Args:
        source: the file's own record.
        records: catalogue records of its reports, in order; `sizes` has the documents of each.
        texts: of all documents.
        keys: the occurrences, packed as the module says, in no order but that those of atoms stand last.
        words: how many of them are of no atom.
        parts: of each document, as places in `PARTS`; `ocr` in percent, NOT_RECOGNISED where the source has text.
        context_years: uint16[n, 2], see `DraftParagraph`.
        heading_runs, title_runs: uint32[3, n]: a term stands above documents first (inclusive) to end (exclusive).
        atoms: what terms from `Vocabulary.first_atom` on are, in this file.
        parents: for each document its enclosing heading's, or NO_HEADING.
        bridges: of each table of `search.embedded.bridges`.
    """

    source: SourceRecord
    records: list[dict[str, Any]]
    sizes: list[int]
    texts: list[str]
    kinds: list[str]
    parts: NDArray[np.uint8]
    ocr: NDArray[np.uint8]
    context_years: NDArray[np.uint16]
    flags: NDArray[np.uint8]
    digests: NDArray[np.uint64]
    lines: NDArray[np.uint32]
    parents: NDArray[np.uint32]
    keys: NDArray[np.uint64]
    words: int
    heading_runs: NDArray[np.uint32]
    title_runs: NDArray[np.uint32]
    lengths: NDArray[np.int32]
    heading_lengths: NDArray[np.int32]
    title_lengths: NDArray[np.int32]
    atoms: tuple[str, ...]
    bridges: dict[str, BridgeRows]
    runs: RunRows


class Vocabulary:
    """Term numbers that mean the same in every process: words of the dictionary, then code points, then atoms."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self.first_char = len(words)
        self.first_atom = self.first_char + UNICODE

    def number(self, terms: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """The numbers of an analyzer's terms, uint32[n]."""
        of_chars = CHAR_BASE - self.first_char
        of_atoms = ATOM_BASE - self.first_atom - of_chars
        numbers: NDArray[np.uint32] = terms - (terms >= CHAR_BASE) * np.uint32(of_chars)
        numbers -= (terms >= ATOM_BASE) * np.uint32(of_atoms)
        return numbers

    def text(self, number: int, atoms: Sequence[str]) -> str:
        """The term with that number."""
        if number < self.first_char:
            return self.words[number]
        if number < self.first_atom:
            return chr(number - self.first_char)
        return atoms[number - self.first_atom]


class ArrayPreparer:
    """Segments drafts and packs them. Made with everything loaded, so that forked workers inherit it."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._vocabulary = Vocabulary(analyzer.words)
        analyzer.index_batch(["预热"])

    def __call__(self, draft: DraftSource) -> PreparedFile:
        return analyse(draft, self._analyzer, self._vocabulary)

    def __reduce__(self) -> tuple[type[ArrayPreparer], tuple[Analyzer]]:
        return ArrayPreparer, (self._analyzer,)


def analyse(draft: DraftSource, analyzer: Analyzer, vocabulary: Vocabulary) -> PreparedFile:
    """Segment every paragraph and title of a file.

    Raises:
        ValueError: a text is longer than `MAX_CHARS` when normalised.
        SourceError: the file has more paragraphs, or more distinct words and numbers, than a segment can.
    """
    reports = draft.reports
    paragraphs = [paragraph for report in reports for paragraph in report.paragraphs]
    sizes = [len(report.paragraphs) for report in reports]
    titles = [(n, line) for n, report in enumerate(reports) for line in title_lines(report.record)]
    texts = [paragraph.text for paragraph in paragraphs]
    batch = analyzer.index_batch([*texts, *(line for _, line in titles)])
    count = len(texts)
    lengths = np.asarray(batch.lengths[:count], dtype=np.int32)
    if count and int(lengths.max()) > MAX_CHARS:
        raise ValueError(f"a paragraph has {int(lengths.max())} characters, more than {MAX_CHARS}")
    if count > DOC_LIMIT or vocabulary.first_atom + len(batch.atoms) > TERM_LIMIT:
        raise SourceError(says.TOO_MANY_WORDS(), path=draft.source.path, hint=says.DIVIDE_FILE())
    numbers = vocabulary.number(batch.term)
    parents, ends = _outline(paragraphs, sizes)
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    headings = np.flatnonzero([paragraph.level > 0 for paragraph in paragraphs])
    above = headings[ends[headings] > headings + 1]
    heading_runs = _runs(numbers, batch.text, above, above + 1, ends[above])
    title_of = np.array([n for n, _ in titles], dtype=np.int64)
    title_texts = count + np.arange(len(titles))
    title_runs = _runs(numbers, batch.text, title_texts, offsets[title_of], offsets[title_of + 1])
    keys, words = _pack(numbers, batch, count, vocabulary.first_atom)
    return PreparedFile(
        source=draft.source,
        records=[{**report.record, "characters": _characters(report)} for report in reports],
        sizes=sizes,
        texts=texts,
        **_columns(paragraphs),
        parents=parents,
        keys=keys,
        words=words,
        heading_runs=heading_runs,
        title_runs=title_runs,
        lengths=lengths,
        heading_lengths=_heading_lengths(parents, lengths),
        title_lengths=np.bincount(title_of, batch.lengths[count:], len(reports)).astype(np.int32),
        atoms=batch.atoms,
        bridges=find_bridges(texts, lengths.tolist(), batch.codes[: int(lengths.sum()) + count]),
        runs=find_runs(batch, numbers, count),
    )


def _columns(paragraphs: Sequence[DraftParagraph]) -> dict[str, Any]:
    """What a `PreparedFile` has of each paragraph as it was drafted."""
    years = np.array([paragraph.context_years for paragraph in paragraphs], dtype=np.uint16)
    lines = np.array([paragraph.lines for paragraph in paragraphs], dtype=np.uint32)
    return {
        "kinds": [paragraph.kind for paragraph in paragraphs],
        "parts": np.array([PARTS.index(paragraph.part) for paragraph in paragraphs], dtype=np.uint8),
        "ocr": np.array([_percent(paragraph.ocr) for paragraph in paragraphs], dtype=np.uint8),
        "context_years": years.reshape(-1, 2),
        "flags": np.array([_flags(paragraph) for paragraph in paragraphs], dtype=np.uint8),
        "digests": np.array([paragraph.digest for paragraph in paragraphs], dtype=np.uint64),
        "lines": lines.reshape(-1, 2),
    }


def _pack(
    numbers: NDArray[np.uint32], batch: TokenBatch, texts: int, first_atom: int
) -> tuple[NDArray[np.uint64], int]:
    """The occurrences in the first `texts` texts of a batch, those of atoms last, and how many are none of those."""
    end = int(batch.text.searchsorted(texts))
    keys = numbers[:end].astype(np.uint64) << np.uint64(TERM_SHIFT)
    low = batch.text[:end].astype(np.uint64) << np.uint64(DOC_SHIFT)
    keys |= low
    keys |= (batch.position[:end] << POSITION_SHIFT | batch.aligned[:end]).astype(np.uint64)
    is_atom = numbers[:end] >= first_atom
    words = keys[~is_atom]
    return np.concatenate([words, keys[is_atom]]), len(words)


def _heading_lengths(parents: NDArray[np.uint32], lengths: NDArray[np.int32]) -> NDArray[np.int32]:
    """How long the headings above each document are together."""
    found = np.zeros(len(parents), dtype=np.int32)
    for doc, parent in enumerate(parents.tolist()):
        if parent != NO_HEADING:
            found[doc] = found[parent] + lengths[parent]
    return found


def _characters(report: DraftReport) -> int:
    return sum(len(paragraph.text) for paragraph in report.paragraphs)


def _percent(confidence: float | None) -> int:
    return NOT_RECOGNISED if confidence is None else round(100 * min(max(confidence, 0.0), 1.0))


def _flags(paragraph: DraftParagraph) -> int:
    return (JOINED if paragraph.joined else 0) | (REPEATED if paragraph.repeated else 0)


def _outline(
    paragraphs: Sequence[DraftParagraph], sizes: Sequence[int]
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Each document's enclosing heading, and for each heading where what it stands above ends."""
    parents = np.full(len(paragraphs), NO_HEADING, dtype=np.uint32)
    ends = np.arange(1, len(paragraphs) + 1, dtype=np.int64)
    start = 0
    for size in sizes:
        open_headings: list[int] = []
        for doc in range(start, start + size):
            level = paragraphs[doc].level
            while level and open_headings and paragraphs[open_headings[-1]].level >= level:
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
