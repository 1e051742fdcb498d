"""Rows of a table, whatever it was written in, and the grid that CSV and spreadsheets have in common.

records (cells, line) -> which record names the columns, if any -> rows with their cells by column name
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from indexer.readers.fields import field_for, field_like
from search.messages import Message
from search.messages import sources as says

HEADER_WITHIN = 10
"""So many records at most stand above the one that names the columns."""
LONGEST_NAME = 40
EXTRA = "cells beyond the last column"

_YEAR = re.compile(r"(?:19|20)\d\d(?:\.0|年度?)?")


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row by column name, or what is wrong with it.

    Args:
        number: from 1.
        line: where it starts in the file.
    """

    number: int
    line: int
    cells: Mapping[str, str]
    problem: Message | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A line of a grid before its columns have names."""

    cells: Sequence[str]
    line: int
    problem: Message | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table that can be gone through more than once.

    Args:
        rows: begins a new pass.
        format: the reader's name (csv, json, jsonl, xlsx).
        label: what stands before "row 3" in a Document's name.
        above: what stands above the table: (line, text).
        has_names: whether the table names its columns; else they are `column 1` and so on.
        naming: the line and the text of the record that names them.
    """

    rows: Callable[[], Iterator[Row]]
    format: str
    label: str = ""
    above: tuple[tuple[int, str], ...] = ()
    has_names: bool = True
    naming: tuple[int | None, str] = (None, "")


def grid_table(records: Callable[[], Iterator[Record]], *, format: str, label: str = "") -> Table:
    """A grid as a table."""
    first = [
        record
        for record in itertools.islice(records(), HEADER_WITHIN)
        if any(cell.strip() for cell in record.cells)
    ]
    at = _header_at(first)
    above = [] if at is None else first[:at]
    names = None if at is None else _names(first[at].cells)
    skipped = 0 if at is None else at + 1

    def rows() -> Iterator[Row]:
        numbered = itertools.count(1)
        seen = 0
        for record in records():
            if record.problem and not record.cells:
                yield Row(next(numbered), record.line, {}, record.problem)
            elif any(cell.strip() for cell in record.cells):
                seen += 1
                if seen > skipped:
                    yield _named(next(numbered), record, names)

    said = tuple((record.line, "\n".join(filter(str.strip, record.cells))) for record in above)
    naming = (None, "") if at is None else (first[at].line, "\n".join(filter(str.strip, first[at].cells)))
    return Table(rows, format, label, said, names is not None, naming)


def _header_at(first: Sequence[Record]) -> int | None:
    """Which of the first records names the columns; None where none does."""
    for at, record in enumerate(first):
        if _can_name(record.cells) and any(field_for(cell) for cell in record.cells):
            return at
    for at, record in enumerate(first):
        named = sum(field_like(cell) is not None for cell in record.cells)
        if _can_name(record.cells) and named >= min(2, len(record.cells)):
            return at
    return 0 if first and _can_name(first[0].cells) and not _has_values(first[0].cells) else None


def _can_name(cells: Iterable[str]) -> bool:
    return all(len(cell.strip()) <= LONGEST_NAME and "。" not in cell for cell in cells)


def _has_values(cells: Iterable[str]) -> bool:
    return any(_YEAR.fullmatch(cell.strip()) or re.fullmatch(r"[\d.]+", cell.strip()) for cell in cells)


def _names(cells: Sequence[str]) -> list[str]:
    names = []
    seen: dict[str, int] = {}
    for index, cell in enumerate(cells):
        name = cell.strip() or f"column {index + 1}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names


def _named(number: int, record: Record, names: Sequence[str] | None) -> Row:
    if names is None:
        cells = {f"column {index + 1}": cell for index, cell in enumerate(record.cells)}
        return Row(number, record.line, cells, record.problem)
    named = dict(zip(names, record.cells, strict=False))
    extra = record.cells[len(names) :]
    problem = record.problem
    if extra and any(cell.strip() for cell in extra):
        named[EXTRA] = "\n".join(extra)
        problem = problem or says.ROW_CELLS(cells=len(record.cells), columns=len(names))
    return Row(number, record.line, named, problem)
