"""What an operator says of files, in `metadata.csv` beside or above them: stronger than anything the text says.

    file,report,city,year
    siping.txt,,四平市,2023
    siping.txt,2,,2022
    old/*.txt,,,1996

A row names a file or a pattern (relative to the folder) and, where only one report of it is meant, its number
from 1. A later row wins over an earlier one, a row with a number over one without, a name over a pattern.
"""

from __future__ import annotations

import csv
import io
import os
import re
import stat
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import translate
from functools import lru_cache
from pathlib import Path

from indexer.metadata.dates import FIRST_YEAR, LAST_YEAR, parse_date
from indexer.metadata.lines import compact
from indexer.model import Overridden, Problem
from indexer.readers.fields import field_for
from indexer.readers.file_names import readable_name
from search.language.places import places
from search.messages import Message, as_message
from search.messages import metadata as says
from search.metadata_columns import STATED_FIELDS
from search.model import REPORT_TYPES

FILE_NAME = "metadata.csv"
_LITERALS = re.compile(r"\[!?\]?[^\]]*\]|[*?\[]")
"""Divides a pattern into the texts that a name must contain."""
_OWN_COLUMNS = {"file": "file", "文件": "file", "文件名": "file", "report": "report", "篇": "report"}


@dataclass(frozen=True, slots=True)
class OverrideRow:
    """One row: values by field, with the line of the file that they stand in."""

    line: int
    file: str
    report: int | None
    values: Mapping[str, str]


class _RowIndex:
    """Rows by a text that the names of their files must contain, so that a file is held against few of them."""

    def __init__(self, rows: Sequence[OverrideRow]) -> None:
        literals = {row.file: _LITERALS.split(row.file) for row in rows}
        uses = Counter(text for texts in literals.values() for text in set(texts))
        self._rows: dict[str, list[tuple[OverrideRow, re.Pattern[str] | None]]] = defaultdict(list)
        for row in rows:
            rarest = min(literals[row.file], key=lambda text: (not text, uses[text], -len(text)))
            pattern = re.compile(translate(row.file)) if literals[row.file] != [row.file] else None
            self._rows[rarest].append((row, pattern))
        self._lengths = sorted({len(text) for text in self._rows})

    def rows_for(self, name: str) -> tuple[OverrideRow, ...]:
        """The rows that speak of a file, in their order."""
        contained = {
            name[at : at + length] for length in self._lengths for at in range(len(name) - length + 1)
        }
        found = {
            row.line: row
            for text in contained & self._rows.keys()
            for row, pattern in self._rows[text]
            if row.file == name or (pattern is not None and pattern.match(name))
        }
        return tuple(found[line] for line in sorted(found))


@dataclass(frozen=True, slots=True)
class Overrides:
    """The rows of one folder's metadata.csv, and what is wrong with others."""

    folder: Path
    rows: tuple[OverrideRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    _index: _RowIndex = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", _RowIndex(self.rows))

    def for_file(self, path: Path | str, ordinal: int) -> Overridden:
        """The values for one report, and under "evidence" where they stand.

        Args:
            path: the file, absolute or relative to the folder.
            ordinal: the report's number in its file, from 1.
        """
        rows = self.rows_for(path)
        return _values(rows, self._relative(Path(path)), ordinal, FILE_NAME)

    def rows_for(self, path: Path | str) -> tuple[OverrideRow, ...]:
        """The rows that speak of a file."""
        return self._index.rows_for(self._relative(Path(path)))

    def _relative(self, path: Path) -> str:
        if path.is_absolute():
            folder = self.folder.absolute()
            inside = path.relative_to(folder) if path.is_relative_to(folder) else Path(path.name)
        else:
            inside = path.relative_to(self.folder) if path.is_relative_to(self.folder) else path
        return readable_name(inside.as_posix())


@dataclass(frozen=True, slots=True)
class FileOverrides:
    """What the tables beside and above one file say of its reports.

    Args:
        tables: (table, its name for evidence), the farthest first.
    """

    path: Path
    tables: tuple[tuple[Overrides, str], ...]

    def values(self, ordinal: int) -> Overridden:
        """The values for a report by its number in the file, from 1; the nearer table wins."""
        values: dict[str, str | Message] = {}
        evidence: list[Message] = []
        for table, name in self.tables:
            stated = dict(table.for_file(self.path, ordinal))
            if stated:
                where = as_message(stated.pop("evidence"))
                evidence.append(says.STATED_TABLE(table=name, lines=where.arg("lines")))
                values |= stated
        if not values:
            return {}
        whole = evidence[0] if len(evidence) == 1 else says.STATED_TABLES(tables=evidence)
        return {**values, "evidence": whole}

    @property
    def key(self) -> str:
        """What changes when the operator's word on this file does; "" where there is none."""
        rows = [(name, found) for table, name in self.tables if (found := table.rows_for(self.path))]
        return repr(rows) if rows else ""


def overrides_for(path: Path) -> FileOverrides:
    """The operator's word on one file: `metadata.csv` in its folder and in the folders above it."""
    whole = os.path.abspath(path)
    tables: list[tuple[Overrides, str]] = []
    folder, above, depth = os.path.dirname(whole), whole, 0
    while folder != above:
        version = _version_of(folder)  # asked of every folder above each file: a Path costs more
        if version is not None and (table := _load(Path(folder), *version)).rows:
            tables.append((table, "../" * depth + FILE_NAME))
        folder, above, depth = os.path.dirname(folder), folder, depth + 1
    return FileOverrides(Path(whole), tuple(reversed(tables)))


def load_overrides(folder: Path) -> Overrides:
    """Read `metadata.csv` of a folder; without one there are no overrides.

    A cell that can't be used is left out and becomes a Problem with its line; the rest of its row holds.
    """
    version = _version_of(folder)
    return Overrides(folder) if version is None else _load(folder, *version)


def _version_of(folder: Path | str) -> tuple[int, int, int] | None:
    """What tells a state of a folder's table from others; None where there is none."""
    try:
        status = os.stat(os.path.join(folder, FILE_NAME))
    except (OSError, ValueError):  # a folder that may not be entered: reading its files says so
        return None
    return (status.st_mtime_ns, status.st_size, status.st_ino) if stat.S_ISREG(status.st_mode) else None


@lru_cache(maxsize=256)
def _load(folder: Path, *version: int) -> Overrides:
    """The table of a folder, read once for each state of its file."""
    path = folder / FILE_NAME
    try:
        text = _decode(path.read_bytes())
    except (OSError, UnicodeDecodeError) as error:
        trouble = getattr(error, "strerror", None)
        reason = says.TABLE_UNUSABLE(why=trouble or says.NOT_UTF8_OR_GB18030())
        return Overrides(folder, problems=(Problem(str(path), None, reason),))
    return _parse(text, folder, str(path))


def _values(rows: Sequence[OverrideRow], name: str, ordinal: int, table: str) -> Overridden:
    matching = [row for row in rows if row.report in (None, ordinal)]
    matching.sort(key=lambda row: (row.file == name, row.report is not None, row.line))
    values: dict[str, str | Message] = {}
    for row in matching:
        values |= row.values
    if values:
        used = sorted({row.line for row in matching})
        values["evidence"] = says.STATED_TABLE(table=table, lines=used)
    return values


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _parse(text: str, folder: Path, path: str) -> Overrides:
    problems: list[Problem] = []
    rows: list[OverrideRow] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        columns = [_column(name) for name in header]
        for name in columns:
            if name not in ("file", "report", *STATED_FIELDS):
                known = ["file", "report", *STATED_FIELDS]
                problems.append(Problem(path, 1, says.UNKNOWN_TABLE_COLUMN(name=name, names=known)))
        if "file" not in columns:
            return Overrides(folder, problems=(*problems, Problem(path, 1, says.NO_FILE_COLUMN())))
        start = reader.line_num + 1
        for cells in reader:
            line, start = start, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(columns):
                more = says.MORE_CELLS_THAN_COLUMNS(cells=len(cells), columns=len(columns))
                problems.append(Problem(path, line, more))
            named = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
            row = _read_row(named, line, path, problems)
            if row is not None:
                rows.append(row)
    except csv.Error as error:
        problems.append(Problem(path, reader.line_num, says.CSV_BROKEN(error=str(error))))
    return Overrides(folder, tuple(rows), tuple(problems))


def _column(name: str) -> str:
    """The field that a column's header names in English or Chinese; the header itself where it names none."""
    plain = name.strip().lower()
    return _OWN_COLUMNS.get(plain) or field_for(plain) or plain


def _read_row(cells: Mapping[str, str], line: int, path: str, problems: list[Problem]) -> OverrideRow | None:
    file = cells.get("file", "").replace("\\", "/").removeprefix("./")
    if not file:
        problems.append(Problem(path, line, says.NO_FILE_NAME()))
        return None
    number = cells.get("report", "")
    if number and not re.fullmatch(r"[1-9]\d?", number):
        problems.append(Problem(path, line, says.BAD_REPORT_NUMBER(value=number)))
        return None
    values = {}
    for name in STATED_FIELDS:
        if value := cells.get(name, ""):
            if fault := _fault(name, value):
                unusable = says.CELL_UNUSABLE(field=name, value=value, fault=fault)
                problems.append(Problem(path, line, unusable))
            else:
                values[name] = value
    return OverrideRow(line, file, int(number) if number else None, values) if values else None


def _fault(field: str, value: str) -> Message | None:
    """Why a value can't be used, or None."""
    if field == "type" and value not in REPORT_TYPES:
        return says.FAULT_TYPE(types=REPORT_TYPES)
    if field == "city" and not any(place.level != "国家" for place in places().named(value)):
        return None if places().resolve(value) else says.FAULT_PLACE()
    if field == "province" and not places().resolve(value, level="省"):
        return says.FAULT_PROVINCE()
    if field in ("year", "review_year", "plan_year"):
        if not re.fullmatch(r"\d{4}年?", compact(value)):
            return says.FAULT_YEAR()
        if not FIRST_YEAR <= int(compact(value)[:4]) <= LAST_YEAR:
            return says.FAULT_YEAR_RANGE(first=FIRST_YEAR, last=LAST_YEAR)
    if field == "date":
        found = parse_date(compact(value))
        if found is None or found.iso is None:
            return says.FAULT_DATE()
    return None
