"""Rows -> an XLSX workbook, in bounded memory: rows are written as they come, and wait on disk."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from typing import IO, Any

from search.errors import QueryError
from search.media import for_markup
from web import messages as says
from web.current_budget import current_budget

Cell = str | int | float | None

MAX_CELL_CHARS = 32_767
"""Characters of a cell of an XLSX worksheet."""
_ROWS_AT_ONCE = 100
"""Rows that are written before the budget is looked at again."""


def write_workbook(
    file: IO[bytes], sheets: Sequence[tuple[str, Sequence[str], Iterable[Sequence[Cell]]]]
) -> None:
    """Write the sheets; what is written on the way to disk goes with this call, however it ends."""
    from xlsxwriter import Workbook

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with tempfile.TemporaryDirectory(prefix="xiesou-sheet-") as folder:
        book = Workbook(file, {**options, "tmpdir": folder})
        try:
            _write_sheets(book, sheets)
            book.close()
        finally:
            for sheet in book.worksheets():
                sheet.row_data_fh.close()


def _fit(text: str) -> str:
    """A text as a cell has it.

    Raises:
        QueryError: a cell can't hold it; left to the library it would be left out without a word.
    """
    if len(text) > MAX_CELL_CHARS:
        raise QueryError(
            says.SHEET_CELL_TOO_LONG(length=len(text), most=MAX_CELL_CHARS), hint=says.NARROW_OR_CSV()
        )
    return for_markup(text)


def _write_sheets(book: Any, sheets: Sequence[tuple[str, Sequence[str], Iterable[Sequence[Cell]]]]) -> None:
    budget = current_budget()
    head = book.add_format({"bold": True})
    for name, columns, rows in sheets:
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(columns):
            sheet.write_string(0, column, title, head)
        for number, row in enumerate(rows, 1):
            if not number % _ROWS_AT_ONCE:
                budget.charge()
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, column, _fit(value))
                elif value is not None:
                    sheet.write_number(number, column, value)
