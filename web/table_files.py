"""Tables as files: CSV is streamed as it is made, XLSX goes by way of a temporary file.

A few are under way at a time; one that has to stop breaks its connection.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import IO

from flask import Response, request

from search.limits import Budget
from search.media import for_cell, for_download
from web.current_budget import begin_export, current_budget
from web.workbook import write_workbook

Value = str | int | float | None

CSV_TYPE = "text/csv; charset=utf-8"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BYTES_AT_ONCE = 64 * 1024
_LONG_SEARCH_CHARS = 1_000


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a file; `name` is that of its worksheet."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Value]]


def send_csv(
    columns: Sequence[str], make_rows: Callable[[], Iterable[Sequence[Value]]], name: str
) -> Response:
    """A table as it is made. Its beginning is made at once, so that a refusal is an answer of its own."""
    if request.method == "HEAD":
        return _file(iter(()), CSV_TYPE, name)
    give_place = begin_export()
    try:
        blocks = _iter_csv(columns, make_rows(), current_budget())
        first = next(blocks)
    except BaseException:
        give_place()
        raise
    response = _file(_put_before(first, blocks), CSV_TYPE, name)
    response.call_on_close(give_place)
    return response


def send_workbook(make_tables: Callable[[], Sequence[Table]], name: str) -> Response:
    """Tables as the sheets of a workbook."""
    if request.method == "HEAD":
        return _file(iter(()), SHEET_TYPE, name)
    give_place = begin_export()
    try:
        response = _make_workbook(make_tables(), name)
    except BaseException:
        give_place()
        raise
    response.call_on_close(give_place)
    return response


def repeat_asked(asked: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """What each row says of its search; a long one for the first row alone, or it would be most of the file."""
    yield asked
    is_long = sum(map(len, asked)) > _LONG_SEARCH_CHARS
    yield from repeat(("",) * len(asked) if is_long else asked)


def _make_workbook(tables: Sequence[Table], name: str) -> Response:
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- closed when the response has been sent
    try:
        write_workbook(file, [(table.name, table.columns, table.rows) for table in tables])
        size = file.tell()
    except BaseException:
        file.close()
        raise
    response = _file(_iter_file(file), SHEET_TYPE, name)
    response.call_on_close(file.close)
    response.content_length = size
    return response


def _iter_csv(columns: Sequence[str], rows: Iterable[Sequence[Value]], budget: Budget) -> Iterator[bytes]:
    """UTF-8 with a byte order mark, by which spreadsheets recognise it; formulas are escaped."""
    out = io.StringIO()
    writer = csv.writer(out)
    out.write("\ufeff")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([for_cell(value) if isinstance(value, str) else value for value in row])
        if out.tell() >= _BYTES_AT_ONCE:
            budget.charge()
            yield out.getvalue().encode("utf-8")
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode("utf-8")


def _iter_file(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while block := file.read(_BYTES_AT_ONCE):
            yield block


def _put_before(first: bytes, blocks: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from blocks


def _file(blocks: Iterator[bytes], content_type: str, name: str) -> Response:
    response = Response(blocks, content_type=content_type)
    response.headers["Content-Disposition"] = for_download(name)
    return response
