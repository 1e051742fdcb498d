"""A quote in CSV that is never closed: where its record seems to end, and what its cells are then.

By RFC 4180 such a quote swallows all that follows up to the next quote. It is known by what it swallows: lines that
are whole records by themselves, or a record with too few or too many cells.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from typing import Any

from search.messages import Message
from search.messages import sources as says

MOST_LINES_MENDED = 5_000
_LEAST_COLUMNS = 3
"""With fewer, a line of prose with a comma looks like a record."""


def iter_cells(reader: Any) -> Iterator[list[str] | Message]:
    """The cells of each record that a reader of CSV gives, or why one can't be read."""
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


class QuoteMender:
    """Looks at each record of a file, in order.

    Attributes:
        columns: how many cells a record of this file has; 0 while that is not known.
    """

    def __init__(self, lines: Sequence[str], delimiter: str) -> None:
        self._lines, self._delimiter = lines, delimiter
        self.columns = 0
        sign = re.escape(delimiter)
        self._cell = re.compile(
            f'(?:"[^"]*(?:""[^"]*)*"|(?!")[^{sign}\r\n]*)(?:{sign}|\r\n|\r|\n|\\Z)', re.DOTALL
        )

    def reader(self, at: int) -> Any:
        """A reader of CSV that begins at a line."""
        return csv.reader(
            (self._lines[index] for index in range(at, len(self._lines))), delimiter=self._delimiter
        )

    def mended(self, cells: Sequence[str], start: int, end: int) -> tuple[list[str], int] | None:
        """The cells of a record whose quote is not closed and the line behind it; None for one that is whole.

        Args:
            cells: as RFC 4180 has them.
            start: the record's first line.
            end: the line behind it, by RFC 4180.
        """
        if end - start < 2:
            if parts := self._parts_of_line(cells, start):
                return parts, end
            if end < len(self._lines):
                return None
        opening = self._open_quote(self._lines[start])
        if opening is None:
            return None
        if not self._is_well_quoted("".join(self._lines[start:end])):
            end = len(self._lines)  # it may go on behind a quote in its text
        elif not self._is_suspicious(cells, start, end):
            return None
        return self._cut(opening, start, end, len(cells))

    def _parts_of_line(self, cells: Sequence[str], start: int) -> list[str]:
        """A line's cells by its delimiters alone, if its quotes hide some of them; [] for other lines."""
        if len(cells) >= self.columns or '"' not in self._lines[start]:
            return []
        parts = self._lines[start].rstrip("\r\n").split(self._delimiter)
        return [part.strip('"') for part in parts] if len(parts) == self.columns else []

    def _cut(self, opening: int, start: int, end: int, found: int) -> tuple[list[str], int] | None:
        """The cells of a record up to the first line with which it may end, and the line behind it.

        Args:
            opening: where the quote opens in the first line.
            found: how many cells RFC 4180 gives, for a file whose columns are not known.
        """
        first = self._lines[start]
        before = self._parse(first[: opening - 1]) if opening else []
        rest = (self.columns or found) - len(before) - 1
        for last in range(start, min(end, start + MOST_LINES_MENDED)):
            line = first[opening + 1 :] if last == start else self._lines[last]
            parts = line.rstrip("\r\n").rsplit(self._delimiter, rest) if rest > 0 else [line.rstrip("\r\n")]
            is_whole = len(parts) == rest + 1 and self._begins_record(last + 1)
            if is_whole or self._is_cut_short(last, rest):
                middle = [] if last == start else [first[opening + 1 :], *self._lines[start + 1 : last]]
                text = "".join([*middle, parts[0]])
                if text.endswith('"') and text.count('"') % 2:
                    text = text[:-1]
                return [*before, text.replace('""', '"'), *(part.strip('"') for part in parts[1:])], last + 1
        return None

    def _is_cut_short(self, last: int, rest: int) -> bool:
        """Whether a record ends with a line though `rest` cells should follow: the next line is a whole record."""
        if rest < 1 or self.columns < _LEAST_COLUMNS or last + 1 >= len(self._lines):
            return False
        if self._lines[last].count(self._delimiter) >= self.columns - 1:
            return False
        cells = next(iter_cells(csv.reader([self._lines[last + 1]], delimiter=self._delimiter)), ())
        return not isinstance(cells, Message) and len(cells) == self.columns

    def _is_suspicious(self, cells: Sequence[str], start: int, end: int) -> bool:
        lines = self._lines[start:end]
        if end == len(self._lines) and sum(line.count('"') for line in lines) % 2:
            return True
        if self.columns and len(cells) != self.columns:
            return True
        whole = self.columns - 1
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
        if at >= len(self._lines) or not self.columns:
            return True
        cells = next(iter_cells(self.reader(at)))
        if not isinstance(cells, Message) and len(cells) == self.columns:
            return True
        return self._lines[at].count(self._delimiter) >= self.columns - 1

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
        cells = next(iter_cells(csv.reader([line], delimiter=self._delimiter)), [])
        return [] if isinstance(cells, Message) else cells
