"""Tables: CSV, TSV, JSON and JSON Lines. A row is a report, or a paragraph of one; a report is a Document.

bytes -> characters -> rows (`csv_records`, `json_rows`) -> what the columns are (`columns`) -> rows that make a report
(`paragraph_rows`) -> the text column's lines (`prose`), the other columns as fields.

Conservation counts the cells, and once the names of the columns; commas, quotes, braces and keys are the format's.
The text column goes through `prose`; every other cell is set aside under its column's name, and those that are known
are the Document's fields as well. A row that can't be read is a problem with its line, and the rest goes on. What had
to be guessed is a note.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from indexer.allowance import made_progress
from indexer.bounds import Bounds
from indexer.model import Document, Problem
from indexer.readers.columns import Columns, understand_columns
from indexer.readers.csv_records import Lines, delimiter_of, iter_records
from indexer.readers.encoding import decode
from indexer.readers.fields import TEXT, known_names
from indexer.readers.json_rows import json_table
from indexer.readers.marked_text import read_marked_text
from indexer.readers.paragraph_rows import Running, find_running, group_rows
from indexer.readers.prose import Prose, even_newlines, unescape_text
from indexer.readers.rows import Row, Table, grid_table
from indexer.readers.source import Source
from search.messages import Message, aside, in_a_row
from search.messages import sources as says

JSON_SUFFIXES = (".json", ".jsonl", ".ndjson")
MAX_PROBLEMS = 1000


def iter_documents(source: Source) -> Iterator[Document]:
    """One Document a report, in order; what is wrong with the table itself is a problem of a row beside it.

    Raises:
        SourceError: no row has a text, or there is no column that could be one.
    """
    if source.suffix == ".json" and len(source.data) > source.bounds.json_mb << 20:
        raise source.refuse(says.JSON_TOO_LARGE(most=source.bounds.json_mb), hint=says.WRITE_JSON_LINES())
    decoded = decode(source)
    source = source.within(b"", source.name)  # of the bytes nothing is wanted any more, and they may be many
    problems = [Problem(source.path, None, decoded.problem)] if decoded.problem else []
    table, encoding = _table(source, decoded.text), decoded.encoding
    del decoded
    yield from read_table(source, table, encoding=encoding, problems=problems)


def decoded_text(source: Source) -> str:
    """What conservation is measured against: all cells, the names of columns, and what stands above them."""
    return table_text(_table(source, decode(source).text))


def table_text(table: Table) -> str:
    """All cells of a table, the names of its columns, and what stands above it."""
    cells = [value for row in table.rows() for value in row.cells.values()]
    above = [text for _, text in (*table.above, table.naming)]
    return "\n".join(unescape_text(text) for text in (*above, *cells))


def text_table(text: str, *, delimiter: str, bounds: Bounds) -> Table:
    """A text of delimited values as a table."""
    lines = Lines(text)
    return grid_table(lambda: iter_records(lines, delimiter, cell_chars=bounds.cell_chars), format="csv")


def _table(source: Source, text: str) -> Table:
    if source.suffix in JSON_SUFFIXES:
        return json_table(source, text)
    text = text.replace("\0", "\ufffd").lstrip("\ufeff")
    delimiter = "\t" if source.suffix == ".tsv" else delimiter_of(text)
    return text_table(text, delimiter=delimiter, bounds=source.bounds)


@dataclass(slots=True)
class _Told:
    """What there is to say of a table, handed to the Document that comes next."""

    path: str
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    def problem(self, line: int | None, reason: Message) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(self.path, line, reason))

    def note(self, line: int | None, reason: Message) -> None:
        self.notes.append(Problem(self.path, line, reason))

    def added_to(self, document: Document) -> Document:
        """The document with all that was said; begins anew."""
        told = replace(
            document,
            problems=(*document.problems, *self.problems),
            notes=(*document.notes, *self.notes),
        )
        self.problems, self.notes = [], []
        return told


def read_table(
    source: Source, table: Table, *, encoding: str, problems: Sequence[Problem] = ()
) -> Iterator[Document]:
    """The Documents of a table.

    Raises:
        SourceError: as `iter_documents`.
    """
    told = _Told(source.path, list(problems))
    columns = understand_columns(table)
    if columns.fields and not columns.has_text():
        raise source.refuse(
            says.TABLE_WITHOUT_TEXT(),
            line=1,
            hint=says.NAME_COLUMNS(names=known_names()),
        )
    running = find_running(table, columns)
    _tell_what_was_guessed(table, columns, running, told)
    ready: Document | None = None
    for rows in _bounded_groups(source, table, columns, running, told):
        if ready is not None:
            yield ready
        document = _document(source, table, columns, rows, encoding)
        ready = told.added_to(_with_above(document, table) if ready is None else document)
    if ready is None:
        first = told.problems[0].reason if told.problems else None
        raise source.refuse(
            in_a_row([says.TABLE_UNREADABLE(), first]),
            hint=says.NAME_COLUMNS_TEXT(names=known_names()),
        )
    yield told.added_to(ready)


def _bounded_groups(
    source: Source, table: Table, columns: Columns, running: Running | None, told: _Told
) -> Iterator[list[Row]]:
    """The rows of each report but those that are empty or too long; what is wrong with a row is told."""
    numbering = {running.number, *running.keys} if running else set()
    unknown = {name: line for name, line in columns.unknown.items() if name not in numbering}
    for rows in group_rows(table.rows(), running):
        for row in rows:
            for name in [name for name in row.cells if name in unknown]:
                told.problem(unknown.pop(name), says.UNKNOWN_COLUMN(name=name, names=known_names()))
            _tell_of_row(row, columns, told, is_alone=len(rows) == 1)
        made_progress()
        bounded = [
            row for row in rows if any(map(str.strip, row.cells.values())) and _is_bounded(row, source, told)
        ]
        if bounded:
            yield bounded


def _tell_what_was_guessed(table: Table, columns: Columns, running: Running | None, told: _Told) -> None:
    if not table.has_names:
        told.note(None, says.COLUMNS_GUESSED())
    if columns.guessed:
        parts = ", ".join(f"{name} = {columns.fields[name]}" for name in columns.guessed)
        told.note(None, says.COLUMNS_BY_CONTENTS(names=parts))
    if running is not None:
        told.note(None, says.ROWS_ARE_PARAGRAPHS(names=running.names))


def _tell_of_row(row: Row, columns: Columns, told: _Told, *, is_alone: bool) -> None:
    reason = row.problem
    if not reason and not any(value.strip() for value in row.cells.values()):
        reason = says.ROW_EMPTY()
    elif not reason and is_alone and not columns.texts_of(row):
        reason = says.ROW_WITHOUT_TEXT()
    if reason:
        told.problem(row.line, says.ROW(row=row.number, reason=reason))


def _is_bounded(row: Row, source: Source, told: _Told) -> bool:
    """Whether every cell is as long as a cell may be, or it is told that one isn't."""
    most = source.bounds.cell_chars
    for name, value in row.cells.items():
        if len(value) > most:
            reason = says.CELL_TOO_LONG(name=name, n=len(value), most=most)
            told.problem(row.line, says.ROW(row=row.number, reason=reason))
            return False
    return True


def _with_above(document: Document, table: Table) -> Document:
    prose = Prose()
    for line, text in table.above:
        prose.leave_out(unescape_text(text), line, aside.ABOVE_TABLE)
    prose.leave_out(unescape_text(table.naming[1]), table.naming[0], aside.COLUMN_NAMES)
    return replace(document, set_aside=(*prose.finish()[1], *document.set_aside))


def _document(source: Source, table: Table, columns: Columns, rows: Sequence[Row], encoding: str) -> Document:
    prose = Prose()
    fields: dict[str, str] = {}
    for row in rows:
        before = len(prose.lines)
        for name, value in row.cells.items():
            if not value.strip():
                continue
            known = columns.fields.get(name)
            if known == TEXT:
                read_marked_text(even_newlines(value), prose, first_line=row.line)
                continue
            plain = unescape_text(value).strip()
            if known is not None:
                fields.setdefault(known, plain)
            prose.leave_out(plain, row.line, aside.COLUMN(name=name))
        if len(rows) > 1:
            prose.lines[before:] = [replace(line, ends_paragraph=True) for line in prose.lines[before:]]
    lines, set_aside = prose.finish()
    which = f"row {rows[0].number}" if len(rows) == 1 else f"rows {rows[0].number}-{rows[-1].number}"
    return Document(
        name=f"{source.name}#{table.label}{which}",
        format=table.format,
        encoding=encoding,
        lines=lines,
        fields=fields,
        set_aside=set_aside,
    )
