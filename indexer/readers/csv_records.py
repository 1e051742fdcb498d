"""CSV and TSV to records, where a quote that is never closed (`unclosed_quotes`) spoils one row and no more."""

from __future__ import annotations

import csv
import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import overload

from indexer.readers.fields import field_for
from indexer.readers.rows import Record
from indexer.readers.unclosed_quotes import QuoteMender, iter_cells
from search.messages import Message
from search.messages import sources as says

DELIMITERS = ",\t;|"
_LINE_END = re.compile(r"\r\n|\r|\n")
_BLOCK_CHARS = 1 << 20


class Lines(Sequence[str]):
    """The lines of a text with their ends, cut when they are asked for out of blocks of a million characters.

    One rare character makes Python keep all of a string in four bytes each: so it costs its block that, and no other.
    """

    def __init__(self, text: str) -> None:
        self._blocks: list[str] = []
        self._firsts: list[int] = []  # the number of each block's first line
        self._ends = array("L")  # where each line ends in its block
        begin = end = first = 0
        for found in _LINE_END.finditer(text):
            end = found.end()
            self._ends.append(end - begin)
            if end - begin >= _BLOCK_CHARS:
                self._keep(text[begin:end], first)
                begin, first = end, len(self._ends)
        if end < len(text):
            self._ends.append(len(text) - begin)
        if begin < len(text):
            self._keep(text[begin:], first)

    def _keep(self, block: str, first: int) -> None:
        self._blocks.append(block)
        self._firsts.append(first)

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(len(self)))]
        end = self._ends[at]
        block = bisect_right(self._firsts, at) - 1
        return self._blocks[block][self._ends[at - 1] if at > self._firsts[block] else 0 : end]


def iter_records(lines: Lines, delimiter: str, *, cell_chars: int) -> Iterator[Record]:
    """The records, each with the line that it starts on; blank ones too.

    Args:
        cell_chars: a record with a longer cell is one that can't be read.
    """
    before = csv.field_size_limit(cell_chars)
    try:
        yield from _records(lines, delimiter)
    finally:
        csv.field_size_limit(before)


def delimiter_of(text: str) -> str:
    """The sign that divides one of the first lines into the most columns that are known, or else the most columns."""
    lines = [line for line in text.split("\n", 12)[:10] if line.strip()]

    def known(sign: str) -> tuple[int, int]:
        names = max(
            (sum(field_for(name.strip('" ')) is not None for name in line.split(sign)) for line in lines),
            default=0,
        )
        counts = [line.count(sign) for line in lines]
        return names, min(counts, default=0)

    return max(DELIMITERS, key=known)


def _records(lines: Sequence[str], delimiter: str) -> Iterator[Record]:
    """The records of a file; what follows one that was mended is read anew."""
    mender = QuoteMender(lines, delimiter)
    at = 0
    while at < len(lines):
        begun = at
        reader = mender.reader(at)
        for cells in iter_cells(reader):
            start, at = at, begun + reader.line_num
            if isinstance(cells, Message):
                yield Record((), start + 1, cells)
                at = max(at, _end_of(lines, start))
                break
            mended = mender.mended(cells, start, at)
            if mended is not None:
                cells, at = mended
                yield Record(cells, start + 1, says.QUOTE_UNCLOSED())
                break
            if not mender.columns and len(cells) > 1:
                mender.columns = len(cells)
            yield Record(cells, start + 1)
        else:
            return


def _end_of(lines: Sequence[str], start: int) -> int:
    """The line behind the record that starts at a line, by its quotes alone."""
    quotes = 0
    for at in range(start, len(lines)):
        quotes += lines[at].count('"')
        if not quotes % 2:
            return at + 1
    return len(lines)
