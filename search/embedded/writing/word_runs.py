"""The words of paragraphs as they stand side by side, written: what instruments count strings in.

tokens of INDEX mode -> those of the precise cut -> runs -> ranks by how often a word is used -> bytes
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.embedded import kernel
from search.embedded.arrays import ArrayWriter
from search.embedded.segment import SegmentData
from search.embedded.word_runs import BORDER, EXT, encode
from search.embedded.writing.segment_files import SegmentFiles
from search.embedded.writing.spool import Piece, Spool
from search.language.text.batch import ATOM_BASE, CHAR_BASE, TokenBatch
from search.language.text.trie import FIRST, LAST

U32 = NDArray[np.uint32]
I64 = NDArray[np.int64]
_READ_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class RunRows:
    """Runs of some documents.

    Args:
        numbers: of each word the number of its term, from 1 on; BORDER behind each run.
        sizes: how many of them each document has.
    """

    numbers: U32
    sizes: I64

    def renumbered(self, first_atom: int, atoms: I64) -> RunRows:
        """The same with other numbers for the terms from `first_atom` on: those of `atoms`."""
        numbers = self.numbers.copy()
        in_atoms = numbers > first_atom
        numbers[in_atoms] = atoms[numbers[in_atoms].astype(np.int64) - 1 - first_atom] + 1
        return RunRows(numbers, self.sizes)


def find_runs(batch: TokenBatch, terms: U32, texts: int) -> RunRows:
    """The runs of the first texts of a batch, as `Analyzer.number_runs` has them.

    Args:
        terms: the number of each token's term.
    """
    has_letter = np.array([not atom.replace(".", "").isdigit() for atom in batch.atoms], dtype=bool)
    if kernel.runs is not None:
        columns = (batch.term, terms, batch.text, batch.position, batch.aligned.view(np.uint8), batch.lengths)
        bases = {"char_base": CHAR_BASE, "atom_base": ATOM_BASE, "first": FIRST, "last": LAST}
        return RunRows(*kernel.runs.find_runs(*columns, has_letter.view(np.uint8), texts, **bases))
    tokens = np.flatnonzero(batch.aligned & (batch.text < texts))
    ids, text, places = batch.term[tokens], batch.text[tokens], batch.position[tokens]
    is_first = np.diff(text, prepend=-1) > 0
    is_atom, is_char = ids >= ATOM_BASE, (ids >= CHAR_BASE) & (ids < ATOM_BASE)
    is_word = (ids < CHAR_BASE) | (is_char & (ids >= CHAR_BASE + FIRST) & (ids <= CHAR_BASE + LAST))
    is_named = is_atom.copy()
    is_named[is_atom] = has_letter[ids[is_atom] - ATOM_BASE]
    is_number = (is_atom & ~is_named) | (ids == CHAR_BASE + ord("."))
    is_last = np.append(is_first, True)[1:]
    ends = np.append(places, 0)[1:]
    ends[is_last] = batch.lengths[text[is_last]]
    is_behind_number = np.append(False, is_number)[:-1] & ~is_first
    is_unit = is_word & (ends - places == 1) & is_behind_number
    numbers = np.where(is_word | is_named, terms[tokens] + 1, BORDER)[~is_unit].astype(np.uint32)
    text = text[~is_unit]
    behind = np.cumsum(np.bincount(text, minlength=texts))
    numbers = np.insert(numbers, behind, BORDER)
    text = np.insert(text, behind, np.arange(texts))
    kept = numbers != BORDER
    kept[1:] |= numbers[:-1] != BORDER
    return RunRows(numbers[kept], np.bincount(text[kept], minlength=texts).astype(np.int64))


class RunWriter:
    """Writes the runs of documents, some at a time.

    Args:
        words: by rank, without BORDER.
        uses: of each, BORDER first.
    """

    def __init__(self, file: Any, words: Sequence[str], uses: NDArray[Any]) -> None:
        self._file, self._out = file, ArrayWriter(file)
        self._words, self._uses = words, uses.astype(np.uint32)
        self._at, self._first, self._bytes = array("Q"), array("I"), array("I")

    def add(self, numbers: U32, ranks: U32, sizes: I64) -> None:
        """The runs of the next documents, the rank of each number, and how many numbers each document has."""
        data, taken = encode(numbers, ranks)
        ends = np.append(0, np.cumsum(taken))[np.append(0, np.cumsum(sizes))]
        self._first.append(len(self._bytes))
        self._at.append(self._out.append(data))
        self._bytes.extend(np.diff(ends).tolist())

    def close(self) -> None:
        self._out.add("words", np.frombuffer("\n".join(self._words).encode("utf-8"), dtype=np.uint8))
        self._out.add("uses", self._uses)
        self._out.add("at", np.array(self._at, dtype=np.uint64))
        self._out.add("first", np.array(self._first, dtype=np.uint32))
        self._out.add("bytes", np.array(self._bytes, dtype=np.uint32))
        self._out.finish()
        self._file.close()


class GatheredRuns:
    """The runs of a new segment, put away until it is known how often each word is used."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._pieces: list[tuple[Piece, I64]] = []

    def add(self, rows: RunRows) -> None:
        """Take the runs of the next documents."""
        self._pieces.append((self._spool.put(rows.numbers), rows.sizes))

    def write(self, files: SegmentFiles, text_of: Callable[[int], str]) -> None:
        """Write them; `text_of` is the term of a number."""
        uses = np.zeros(1, dtype=np.int64)
        for numbers, _ in self._iter_rows():
            found = np.bincount(numbers, minlength=len(uses))
            found[: len(uses)] += uses
            uses = found
        ranked, ranks = _rank(uses)
        words = [text_of(number - 1) for number in ranked[1:].tolist()]
        writer = RunWriter(files.create(EXT), words, uses[ranked])
        for numbers, sizes in self._iter_rows():
            writer.add(numbers, ranks, sizes)
        writer.close()

    def _iter_rows(self) -> Iterator[tuple[U32, I64]]:
        """The numbers of some documents and how many each has, at least `_READ_AT_ONCE` numbers but for the last."""
        numbers: list[U32] = []
        sizes: list[I64] = []
        waiting = 0
        for piece, of_piece in self._pieces:
            numbers.append(self._spool.read(piece))
            sizes.append(of_piece)
            waiting += piece.count
            if waiting >= _READ_AT_ONCE:
                yield np.concatenate(numbers), np.concatenate(sizes)
                numbers, sizes, waiting = [], [], 0
        if numbers:
            yield np.concatenate(numbers), np.concatenate(sizes)


def merge_runs(files: SegmentFiles, sources: Sequence[SegmentData]) -> None:
    """Write the runs of what is not deleted; nothing where one of the segments has none."""
    runs = [data.word_runs for data in sources if data.word_runs is not None]
    if len(runs) < len(sources):
        return
    numbers: dict[str, int] = {}
    for one in runs:
        for word in one.words:
            numbers.setdefault(word, len(numbers))
    places = [np.fromiter(map(numbers.__getitem__, one.words), dtype=np.int64) for one in runs]
    uses = np.zeros(len(numbers), dtype=np.int64)
    for one, own in zip(runs, places, strict=True):
        uses[own] += one.uses
    uses[BORDER] += 1
    ranked, ranks = _rank(uses)
    words = list(numbers)
    writer = RunWriter(files.create(EXT), [words[number] for number in ranked[1:].tolist()], uses[ranked])
    for data, one, own in zip(sources, runs, places, strict=True):
        docs = np.arange(data.doc_count) if data.live is None else np.flatnonzero(data.live)
        for found, sizes in one.iter_runs(docs):
            writer.add(found.astype(np.uint32), ranks[own], sizes)
        data.files.forget_pages()
    writer.close()


def _rank(uses: I64) -> tuple[I64, U32]:
    """The numbers that are used, BORDER first and then the most used, and the rank of each number."""
    used = np.flatnonzero(uses[1:]) + 1
    ranked = np.append(BORDER, used[np.argsort(-uses[used], kind="stable")])
    ranks = np.zeros(len(uses), dtype=np.uint32)
    ranks[ranked] = np.arange(len(ranked))
    return ranked, ranks
