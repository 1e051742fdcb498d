"""Tables: CSV, TSV and JSON Lines. A row is a report, so a row is a Document.

bytes -> characters -> rows -> the text column's lines (`prose`), the other columns as fields.

Conservation counts the cells: commas, quotes, braces and the names of the columns are the table's and not the
reports'. The text column goes through `prose`; every other cell is set aside under its column's name, and
those that are known are the Document's fields as well. A row that can't be read is a problem with its line,
and the rest goes on.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from indexer.model import Document, Problem
from indexer.readers.encoding import decode
from indexer.readers.fields import TEXT, field_for, known_names
from indexer.readers.prose import Prose, even_newlines, read_prose, unescape_text
from indexer.readers.source import Source
from search.messages import Said, as_message, aside
from search.messages import sources as says

JSON_SUFFIXES = (".jsonl", ".ndjson")
MAX_CELL_CHARS = 1 << 27
MAX_PROBLEMS = 1000
DELIMITERS = ",\t;|"


@dataclass(frozen=True, slots=True)
class _Row:
    """The cells of a row by column name, with the line where it starts; or what is wrong with it."""

    number: int
    line: int
    cells: Mapping[str, str]
    problem: Said = ""


def iter_documents(source: Source) -> Iterator[Document]:
    """One Document a row, in order; what is wrong with the table itself is a problem of a row beside it.

    Raises:
        SourceError: no row has a text, or there is no column that could be one.
    """
    decoded = decode(source)
    problems = [Problem(source.path, None, decoded.problem)] if decoded.problem else []
    unknown: set[str] = set()
    ready: Document | None = None
    for row in _iter_rows(source, decoded.text):
        new = [name for name in row.cells if field_for(name) is None and name not in unknown]
        unknown.update(new)
        problems += [
            Problem(source.path, row.line, says.UNKNOWN_COLUMN(name=name, names=known_names().split(", ")))
            for name in new
        ]
        reason = row.problem or _lacks_text(row.cells)
        if reason:
            problems.append(
                Problem(source.path, row.line, says.ROW(row=row.number, reason=as_message(reason)))
            )
            if len(problems) > MAX_PROBLEMS:
                del problems[MAX_PROBLEMS:]
            if not any(value.strip() for value in row.cells.values()):
                continue
        if ready is not None:
            yield ready
        ready = _document(source, row, decoded.encoding, problems)
        problems = []
    if ready is None:
        first = f" {problems[0].reason}." if problems else ""
        raise source.refuse(
            f"no row of the table can be read.{first}",
            hint=says.NAME_COLUMNS_TEXT(names=known_names()),
        )
    yield replace(ready, problems=(*ready.problems, *problems))


def decoded_text(source: Source) -> str:
    """What conservation is measured against: all cells of the rows that can be read."""
    rows = _iter_rows(source, decode(source).text)
    return "\n".join(unescape_text(value) for row in rows for value in row.cells.values())


def _lacks_text(cells: Mapping[str, str]) -> str:
    if not any(value.strip() for value in cells.values()):
        return "it is empty"
    if not any(field_for(name) == TEXT and value.strip() for name, value in cells.items()):
        return "it has no text"
    return ""


def _document(source: Source, row: _Row, encoding: str, problems: Sequence[Problem]) -> Document:
    prose = Prose()
    fields: dict[str, str] = {}
    for name, value in row.cells.items():
        if not value.strip():
            continue
        field = field_for(name)
        if field == TEXT:
            read_prose(even_newlines(value), prose, first_line=row.line)
            continue
        plain = unescape_text(value).strip()
        if field is not None:
            fields.setdefault(field, plain)
        prose.leave_out(plain, row.line, aside.COLUMN(name=name))
    lines, set_aside = prose.finish()
    return Document(
        name=f"{source.name}#row {row.number}",
        format="jsonl" if source.suffix in JSON_SUFFIXES else "csv",
        encoding=encoding,
        lines=lines,
        fields=fields,
        set_aside=set_aside,
        problems=tuple(problems),
    )


def _iter_rows(source: Source, text: str) -> Iterator[_Row]:
    return _json_rows(text) if source.suffix in JSON_SUFFIXES else _csv_rows(source, text)


def _json_rows(text: str) -> Iterator[_Row]:
    number = 0
    for line, raw in enumerate(even_newlines(text).split("\n"), 1):
        if not raw.strip():
            continue
        number += 1
        try:
            value = json.loads(raw)
        except (ValueError, RecursionError) as error:
            yield _Row(number, line, {}, says.ROW_NOT_JSON(error=str(error)))
            continue
        if isinstance(value, dict):
            yield _Row(number, line, {str(key): _cell(cell) for key, cell in value.items()})
        else:
            yield _Row(number, line, {}, "it is not a JSON object")


def _cell(value: object) -> str:
    """A JSON value as text; halves of surrogate pairs, which no text has, become U+FFFD."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _csv_rows(source: Source, text: str) -> Iterator[_Row]:
    text = text.replace("\0", "\ufffd").lstrip("\ufeff")
    head = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = "\t" if source.suffix == ".tsv" else _delimiter(head)
    columns: list[str] | None = None
    number = 0
    start = 1
    for cells, line, trouble in _csv_records(text, delimiter):
        begun, start = start, line + 1
        if trouble:
            number += 1
            yield _Row(number, begun, {}, trouble)
        elif not any(cell.strip() for cell in cells):
            continue
        elif columns is None:
            columns = _columns(source, cells, begun)
        else:
            number += 1
            yield _fit(number, begun, columns, cells)


def _csv_records(text: str, delimiter: str) -> Iterator[tuple[list[str], int, Said]]:
    """The records with the line that each ends on, and what is wrong with it."""
    before = csv.field_size_limit(MAX_CELL_CHARS)
    try:
        records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        while True:
            try:
                cells = next(records)
            except StopIteration:
                return
            except csv.Error as error:
                yield [], records.line_num, says.ROW_NOT_CSV(error=str(error))
                continue
            yield cells, records.line_num, ""
    finally:
        csv.field_size_limit(before)


def _columns(source: Source, cells: Sequence[str], line: int) -> list[str]:
    names = [cell.strip() for cell in cells]
    if TEXT not in [field_for(name) for name in names]:
        raise source.refuse(
            says.TABLE_WITHOUT_TEXT(),
            line=line,
            hint=says.NAME_COLUMNS(names=known_names().split(", ")),
        )
    seen: dict[str, int] = {}
    for index, name in enumerate(names):
        name = name or f"column {index + 1}"
        seen[name] = seen.get(name, 0) + 1
        names[index] = name if seen[name] == 1 else f"{name} ({seen[name]})"
    return names


def _fit(number: int, line: int, columns: Sequence[str], cells: Sequence[str]) -> _Row:
    named = dict(zip(columns, cells, strict=False))
    extra = cells[len(columns) :]
    problem: Said = ""
    if extra:
        named["cells beyond the last column"] = "\n".join(extra)
        problem = says.ROW_CELLS(cells=len(cells), columns=len(columns))
    return _Row(number, line, named, problem)


def _delimiter(head: str) -> str:
    """The sign that divides the first line into the most columns that are known."""

    def known(sign: str) -> int:
        return sum(field_for(name.strip('" ')) is not None for name in head.split(sign))

    return max(DELIMITERS, key=known)
