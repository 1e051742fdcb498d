"""Spreadsheets: XLSX, XLS and ODS. A sheet is a table as a CSV file is one.

bytes -> sheets (`python_calamine`) -> grids -> `tabular`. Values as the sheet has them, numbers and dates as a person
would write them; a formula is its last result. A sheet of one column of paragraphs is a text; one without a column of
text is set aside, cell by cell.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from statistics import median
from typing import Any

from indexer.model import Document, Problem, SetAside
from indexer.readers.columns import understand_columns
from indexer.readers.container import overlap
from indexer.readers.fields import field_for
from indexer.readers.marked_text import read_marked_text
from indexer.readers.prose import Prose, even_newlines
from indexer.readers.rows import Record, Table, grid_table
from indexer.readers.source import Source
from indexer.readers.tabular import read_table, table_text
from search.errors import SourceError
from search.messages import sources as says
from search.messages.aside import NO_TEXT_COLUMN

_CHUNK_BYTES = 1 << 20
_FILLED = re.compile(rb"""<(?:\w+:)?c\b[^>]{0,200}?\br=["']([A-Z]{1,3})(\d{1,7})["'](?:[^>]{0,200}[^/>])?>""")
_LONGEST_TAG = 500
LEAST_LINES, SENTENCE_CHARS = 3, 20
MOST_PARAGRAPH_CHARS = 1000
"""A column of longer cells has whole reports."""


def iter_documents(source: Source) -> Iterator[Document]:
    """One Document a report, sheet by sheet.

    Raises:
        SourceError: the file is broken, protected or too large, or no sheet has a column of text.
    """
    aside: list[SetAside] = []
    notes: list[Problem] = []
    refused: SourceError | None = None
    ready: Document | None = None
    for name, table in _tables(source):
        try:
            prose = _sheet_of_prose(source, name, table)
            if prose is None and not understand_columns(table).has_text():
                raise source.refuse(says.SHEET_WITHOUT_TEXT(name=name), hint=says.NAME_COLUMN_TEXT())
            for document in read_table(source, table, encoding="") if prose is None else (prose,):
                if ready is not None:
                    yield ready
                ready = document
        except SourceError as error:
            refused = error
            text = table_text(table)
            if text.strip():
                aside.append(SetAside(text, None, NO_TEXT_COLUMN(name=name)))
                notes.append(Problem(source.path, None, says.SHEET_WITHOUT_COLUMN(name=name)))
    if ready is None:
        raise refused or source.refuse(says.WORKBOOK_EMPTY(), hint=says.LOOK_IN_SPREADSHEET())
    yield replace(ready, set_aside=(*ready.set_aside, *aside), notes=(*ready.notes, *notes))


def _sheet_of_prose(source: Source, name: str, table: Table) -> Document | None:
    """A sheet that has a text in one column, a line a row, as one Document; None for another sheet."""
    cells = _lines_of_cells(table)
    if not _are_prose([text.strip() for _, text in cells if text.strip()]):
        return None
    prose = Prose()
    for line, text in cells:
        before = len(prose.lines)
        if text.strip():
            read_marked_text(even_newlines(text), prose, first_line=line or 1)
        prose.lines[before:] = [replace(line, ends_paragraph=True) for line in prose.lines[before:]]
    lines, set_aside = prose.finish()
    note = Problem(source.path, None, says.SHEET_IS_PROSE(name=name))
    return Document(f"{source.name}#{name}", "xlsx", "", lines, set_aside=set_aside, notes=(note,))


def _lines_of_cells(table: Table) -> list[tuple[int | None, str]]:
    """What stands in a table with a cell a row; nothing of a table with more, or whose columns have known names."""
    if table.has_names and any(field_for(name) for row in table.rows() for name in row.cells):
        return []
    cells: list[tuple[int | None, str]] = [*table.above, table.naming]
    for row in table.rows():
        filled = [value for value in row.cells.values() if value.strip()]
        if len(filled) > 1:
            return []
        cells += [(row.line, value) for value in filled]
    return cells


def _are_prose(lines: Sequence[str]) -> bool:
    """Whether lines are paragraphs of one text: no whole reports, and sentences among them."""
    if len(lines) < LEAST_LINES or median(map(len, lines)) > MOST_PARAGRAPH_CHARS:
        return False
    return any(len(text) >= SENTENCE_CHARS and text[-1] in "。！；" for text in lines)


def decoded_text(source: Source) -> str:
    """What conservation is measured against: the cells of all sheets."""
    return "\n".join(table_text(table) for _, table in _tables(source))


def _tables(source: Source) -> Iterator[tuple[str, Table]]:
    _check_size(source)
    workbook = _guarded(source, _open, source)
    many = len(workbook.sheet_names) > 1
    cells = 0
    for name in workbook.sheet_names:
        records = _guarded(source, _records, workbook, name, source.bounds.cells - cells)
        cells += sum(len(record.cells) for record in records)
        if cells > source.bounds.cells:
            raise source.refuse(says.TOO_MANY_CELLS(most=source.bounds.cells), hint=says.DIVIDE_IT())
        if records:
            yield name, grid_table(partial(iter, records), format="xlsx", label=f"{name} " if many else "")


def _open(source: Source) -> Any:
    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_filelike(io.BytesIO(source.data))


def _records(workbook: Any, name: str, most_cells: int) -> list[Record]:
    """The rows of a sheet; ends behind the one with which there are more than `most_cells` cells."""
    sheet = workbook.get_sheet_by_name(name)
    first = sheet.start[0] if sheet.start is not None else 0
    records: list[Record] = []
    for line, cells in enumerate(sheet.iter_rows(), first + 1):
        records.append(Record([_cell(value) for value in cells], line))
        most_cells -= len(cells)
        if most_cells < 0:
            break
    return records


def _guarded(source: Source, read: Any, *arguments: Any) -> Any:
    """What `read` gives; whatever goes wrong in the library, a panic of its own kind too, is a SourceError."""
    try:
        return read(*arguments)
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        if "password" in f"{type(error).__name__} {error}".lower():
            raise source.refuse(says.SPREADSHEET_PASSWORD(), hint=says.SAVE_WITHOUT_PASSWORD()) from error
        hint = says.SAVE_SPREADSHEET_AGAIN()
        raise source.refuse(says.SPREADSHEET_BROKEN(error=str(error)), hint=hint) from error


def _check_size(source: Source) -> None:
    """See that the parts of a workbook don't swell beyond measure, whatever sizes they state."""
    if not source.data.startswith(b"PK"):
        return
    left = source.bounds.document_mb << 20
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            if len(archive.infolist()) > source.bounds.members or overlap(archive.infolist()):
                raise source.refuse(says.ARCHIVE_OVERLAPS(), hint=says.GET_FILE_AGAIN())
            for info in archive.infolist():
                extent = _Extent()
                with archive.open(info) as stream:
                    while chunk := stream.read(_CHUNK_BYTES):
                        left -= len(chunk)
                        if left < 0:
                            raise source.refuse(says.SPREADSHEET_SWELLS(), hint=says.DIVIDE_IT())
                        extent.take(chunk)
                if extent.cells > source.bounds.cells:
                    raise source.refuse(says.TOO_MANY_CELLS(most=source.bounds.cells), hint=says.DIVIDE_IT())
    except SourceError:
        raise
    except Exception as error:
        hint = says.GET_FILE_AGAIN()
        raise source.refuse(says.SPREADSHEET_BROKEN(error=str(error)), hint=hint) from error


class _Extent:
    """How many cells there are from the first to the last that a sheet's XML fills: all of them are made."""

    def __init__(self) -> None:
        self._rest = b""
        self._rows: tuple[int, int] | None = None
        self._columns = (0, 0)

    def take(self, chunk: bytes) -> None:
        """Look through the next bytes of the part."""
        text = self._rest + chunk
        for letters, digits in _FILLED.findall(text):
            row, column = int(digits), _column_number(letters)
            first, last = self._rows or (row, row)
            left, right = self._columns if self._rows else (column, column)
            self._rows = min(first, row), max(last, row)
            self._columns = min(left, column), max(right, column)
        self._rest = text[-_LONGEST_TAG:]

    @property
    def cells(self) -> int:
        if self._rows is None:
            return 0
        return (self._rows[1] - self._rows[0] + 1) * (self._columns[1] - self._columns[0] + 1)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _cell(value: Any) -> str:
    """A cell's value as a person would write it.

    Example:
        >>> [_cell(value) for value in (2024.0, 5.8, datetime.date(2024, 1, 8), True, "四平市")]
        ['2024', '5.8', '2024-01-08', 'TRUE', '四平市']
    """
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    return str(value)
