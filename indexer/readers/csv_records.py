"""CSV and TSV to records, where a quote that is never closed spoils one row and no more.

By RFC 4180 such a quote swallows all that follows up to the next quote. It is known by what it swallows: lines that
are whole records by themselves, or a record with too few or too many cells.
"""

from __future__ import annotations

import csv
import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any, overload

from indexer.readers.fields import field_for
from indexer.readers.rows import Record
from search.messages import Message
from search.messages import sources as says

DELIMITERS = ",\t;|"
MOST_LINES_MENDED = 5_000
_LEAST_COLUMNS = 3
"""With fewer, a line of prose with a comma looks like a record."""
_LINE_END = re.compile(r"\r\n|\r|\n")
_BLOCK_CHARS = 1 << 20
UNCLOSED = "a quote is not closed; the row was read up to where it seems to end"


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
        yield from _Records(lines, delimiter)
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


class _Records:
    """Goes through the lines of a file, beginning anew behind a record that was mended."""

    def __init__(self, lines: Sequence[str], delimiter: str) -> None:
        self._lines, self._delimiter = lines, delimiter
        self._columns = 0
        sign = re.escape(delimiter)
        self._cell = re.compile(
            f'(?:"[^"]*(?:""[^"]*)*"|(?!")[^{sign}\r\n]*)(?:{sign}|\r\n|\r|\n|\\Z)', re.DOTALL
        )

    def __iter__(self) -> Iterator[Record]:
        at = 0
        while at < len(self._lines):
            begun = at
            reader = self._reader(at)
            for cells in self._cells(reader):
                start, at = at, begun + reader.line_num
                if isinstance(cells, Message):
                    yield Record((), start + 1, cells)
                    at = max(at, self._end_of(start))
                    break
                mended = self._mended(cells, start, at)
                if mended is not None:
                    cells, at = mended
                    yield Record(cells, start + 1, UNCLOSED)
                    break
                if not self._columns and len(cells) > 1:
                    self._columns = len(cells)
                yield Record(cells, start + 1)
            else:
                return

    def _end_of(self, start: int) -> int:
        """The line behind the record that starts at a line, by its quotes alone."""
        quotes = 0
        for at in range(start, len(self._lines)):
            quotes += self._lines[at].count('"')
            if not quotes % 2:
                return at + 1
        return len(self._lines)

    def _reader(self, at: int) -> Any:
        return csv.reader(
            (self._lines[index] for index in range(at, len(self._lines))), delimiter=self._delimiter
        )

    @staticmethod
    def _cells(reader: Any) -> Iterator[list[str] | Message]:
        while True:
            try:
                yield next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if "field limit" in str(error):
                    yield says.CELL_OVER_LIMIT(most=csv.field_size_limit())
                    continue
                yield says.ROW_NOT_CSV(error=str(error))

    def _mended(self, cells: Sequence[str], start: int, end: int) -> tuple[list[str], int] | None:
        """The cells of a record whose quote is not closed and the line behind it; None for one that is whole."""
        if end - start < 2 and len(cells) < self._columns and '"' in self._lines[start]:
            parts = self._lines[start].rstrip("\r\n").split(self._delimiter)
            if len(parts) == self._columns:
                return [part.strip('"') for part in parts], end
        if end - start < 2 and end < len(self._lines):
            return None
        opening = self._open_quote(self._lines[start])
        if opening is None:
            return None
        if not self._is_well_quoted("".join(self._lines[start:end])):
            end = len(self._lines)  # it may go on behind a quote in its text
        elif not self._is_suspicious(cells, start, end):
            return None
        first = self._lines[start]
        before = self._parse(first[: opening - 1]) if opening else []
        rest = (self._columns or len(cells)) - len(before) - 1
        for last in range(start, min(end, start + MOST_LINES_MENDED)):
            line = first[opening + 1 :] if last == start else self._lines[last]
            parts = line.rstrip("\r\n").rsplit(self._delimiter, rest) if rest > 0 else [line.rstrip("\r\n")]
            is_whole = len(parts) == rest + 1 and self._begins_record(last + 1)
            if not is_whole and not self._is_cut_short(last, rest):
                continue
            middle = [] if last == start else [first[opening + 1 :], *self._lines[start + 1 : last]]
            text = "".join([*middle, parts[0]])
            if text.endswith('"') and text.count('"') % 2:
                text = text[:-1]
            return [*before, text.replace('""', '"'), *(part.strip('"') for part in parts[1:])], last + 1
        return None

    def _is_cut_short(self, last: int, rest: int) -> bool:
        """Whether a record ends with a line though `rest` cells should follow: the next line is a whole record."""
        if rest < 1 or self._columns < _LEAST_COLUMNS or last + 1 >= len(self._lines):
            return False
        if self._lines[last].count(self._delimiter) >= self._columns - 1:
            return False
        cells = next(self._cells(csv.reader([self._lines[last + 1]], delimiter=self._delimiter)), ())
        return not isinstance(cells, Message) and len(cells) == self._columns

    def _is_suspicious(self, cells: Sequence[str], start: int, end: int) -> bool:
        lines = self._lines[start:end]
        if end == len(self._lines) and sum(line.count('"') for line in lines) % 2:
            return True
        if self._columns and len(cells) != self._columns:
            return True
        whole = self._columns - 1
        return whole > 1 and all(line.count(self._delimiter) == whole for line in lines if line.strip())

    def _is_well_quoted(self, record: str) -> bool:
        """Whether every quoted cell ends where its quote does; else an earlier quote was not closed."""
        at = 0
        while at < len(record):
            cell = self._cell.match(record, at)
            if cell is None:
                return False
            at = cell.end()
        return True

    def _begins_record(self, at: int) -> bool:
        """Whether what stands from a line on is a record as wide as the table, or nothing."""
        while at < len(self._lines) and not self._lines[at].strip():
            at += 1
        if at >= len(self._lines) or not self._columns:
            return True
        cells = next(self._cells(self._reader(at)))
        if not isinstance(cells, Message) and len(cells) == self._columns:
            return True
        return self._lines[at].count(self._delimiter) >= self._columns - 1

    def _open_quote(self, line: str) -> int | None:
        """Where the quote opens that a line leaves open."""
        opened: int | None = None
        begins = True
        at = 0
        while at < len(line):
            sign = line[at]
            if opened is None:
                if sign == '"' and begins:
                    opened = at
                begins = sign == self._delimiter
            elif sign == '"':
                if line[at + 1 : at + 2] == '"':
                    at += 1
                else:
                    opened = None
            at += 1
        return opened

    def _parse(self, line: str) -> list[str]:
        cells = next(self._cells(csv.reader([line], delimiter=self._delimiter)), [])
        return [] if isinstance(cells, Message) else cells
