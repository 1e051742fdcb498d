"""Plain text and Markdown: one Document a file.

bytes -> characters (`encoding`) -> front matter -> lines (`prose`). The two differ in little, because plain
texts have Markdown marks as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

from indexer.model import Document, Problem
from indexer.readers.columns import understand_columns
from indexer.readers.encoding import Decoded, decode
from indexer.readers.fields import TEXT, field_for, known_names
from indexer.readers.marked_text import read_marked_text
from indexer.readers.prose import Prose, even_newlines, unescape_text
from indexer.readers.rows import Record, Table, grid_table
from indexer.readers.source import Source
from indexer.readers.tabular import read_table, table_text, text_table
from search.messages import aside
from search.messages import sources as says

FRONT_MATTER_LINES = 60
LEAST_ROWS = 2
MARKDOWN_SUFFIXES = (".md", ".markdown")

OTHER_SIGNS = "|,;"
LEAST_NAMES, MOST_NAME_CHARS = 2, 20
_YEAR_ALONE = re.compile(rf'"?(?:19|20)\d\d"?[{OTHER_SIGNS}]')
_YEAR_CELL = re.compile(r"(?:19|20)\d\d年?\t")
_ENTRY = re.compile(r"([\w\u4e00-\u9fff][\w\u4e00-\u9fff -]{0,30}?)\s*[:：](?:\s+|$|(?<=：))(.*)")


def iter_documents(source: Source) -> Iterator[Document]:
    """The file as one Document; a table that is only named .txt as one a report.

    Raises:
        SourceError: empty, blank, binary, or in no encoding that can be told.
    """
    decoded = decode(source)
    table = _table_in(source, decoded.text)
    if table is None:
        yield read_decoded(source, decoded, markdown=source.suffix in MARKDOWN_SUFFIXES)
        return
    problems = [Problem(source.path, None, decoded.problem)] if decoded.problem else []
    yield from read_table(source, table, encoding=decoded.encoding, problems=problems)


def decoded_text(source: Source) -> str:
    """What conservation is measured against: the decoded file, escapes as their characters."""
    text = decode(source).text
    table = _table_in(source, text)
    return unescape_text(text) if table is None else table_text(table)


def _table_in(source: Source, text: str) -> Table | None:
    """The table that a text file holds: rows divided by tabs, or by another sign where a line names columns.

    One of its columns is text.
    """
    text = even_newlines(text).replace("\0", "\ufffd").lstrip("\ufeff")
    lines = [line for line in text.split("\n") if line.strip()]
    if source.suffix in MARKDOWN_SUFFIXES or len(lines) < LEAST_ROWS:
        return None
    sign = next((sign for sign in OTHER_SIGNS if _divides(sign, lines)), "\t")
    tabs = lines[0].count("\t")
    if sign == "\t" and not tabs:
        return None
    if sign != "\t" or all(line.count("\t") == tabs and line.split("\t", 1)[0].strip() for line in lines):
        table = text_table(text, delimiter=sign, bounds=source.bounds)
    elif _YEAR_CELL.match(lines[0]) and all(_YEAR_CELL.match(line) for line in lines if "\t" in line):
        table = grid_table(partial(_records_by_year, text), format="csv")
    else:
        return None
    columns = understand_columns(table)
    return table if columns.has_text() and len(columns.fields) > 1 else None


def _divides(sign: str, lines: Sequence[str]) -> bool:
    """Whether a sign divides columns: the first line names several, or every line has a year and as many cells."""
    names = [name.strip('" ') for name in lines[0].split(sign)]
    if names[0] and sum(field_for(name) is not None for name in names) >= LEAST_NAMES:
        return all(len(name) <= MOST_NAME_CHARS for name in names)
    count = lines[0].count(sign)
    return count > 0 and all(line.count(sign) == count and _YEAR_ALONE.match(line, 0) for line in lines)


def _records_by_year(text: str) -> Iterator[Record]:
    """The records of a table whose texts run over several lines: each begins with a year and a tab."""
    year, begun, lines = "", 1, list[str]()
    for number, line in enumerate(text.split("\n"), 1):
        if _YEAR_CELL.match(line):
            if lines:
                yield Record((year, "\n".join(lines).rstrip("\n")), begun)
            year, _, line = line.partition("\t")
            begun, lines = number, []
        lines.append(line)
    yield Record((year, "\n".join(lines).rstrip("\n")), begun)


def read_decoded(source: Source, decoded: Decoded, *, markdown: bool) -> Document:
    """The Document of a text that is already decoded.

    Raises:
        SourceError: it is blank, or longer than a document may be.
    """
    source.check_chars(decoded.text)
    text = even_newlines(decoded.text)
    if not text or text.isspace():
        raise source.refuse(says.FILE_BLANK(), hint=says.GET_FILE_AGAIN())
    prose = Prose()
    fields: dict[str, str] = {}
    problems = [Problem(source.path, None, decoded.problem)] if decoded.problem else []
    first = 1
    if text.lstrip("\n \t\ufeff").startswith("---"):
        taken = _read_front_matter(text, source.path, prose, fields, problems)
        first += taken
        text = "\n".join(text.split("\n")[taken:])
    read_marked_text(text, prose, first_line=first, markdown=markdown)
    lines, set_aside = prose.finish()
    return Document(
        name=source.name,
        format="markdown" if markdown else "text",
        encoding=decoded.encoding,
        lines=lines,
        fields=fields,
        set_aside=set_aside,
        problems=tuple(problems),
    )


def _read_front_matter(
    text: str, path: str, prose: Prose, fields: dict[str, str], problems: list[Problem]
) -> int:
    """Read `---`, `key: value` lines, `---`; how many lines that took, 0 where it is only a rule."""
    lines = text.split("\n", FRONT_MATTER_LINES + 2)[: FRONT_MATTER_LINES + 2]
    opening = next(index for index, line in enumerate(lines) if line.strip(" \t\ufeff"))
    if lines[opening].strip(" \t\ufeff") != "---":
        return 0
    found: dict[str, str] = {}
    trouble: list[Problem] = []
    for index in range(opening + 1, len(lines)):
        line = lines[index].strip()
        if line in ("---", "..."):
            if not found and not trouble:
                return 0
            fields |= found
            problems += trouble
            prose.leave_out(unescape_text("\n".join(lines[: index + 1])), opening + 1, aside.FRONT_MATTER)
            return index + 1
        if not line or line.startswith("#"):
            continue
        entry = _ENTRY.fullmatch(line)
        if entry is None:
            return 0
        name, value = entry.group(1), entry.group(2).strip()
        if value[:1] == value[-1:] and value[:1] in ('"', "'") and len(value) > 1:
            value = value[1:-1]
        key = field_for(name)
        if key is None or key == TEXT:
            reason = says.UNKNOWN_FRONT_MATTER(name=name, names=known_names())
            trouble.append(Problem(path, index + 1, reason))
        elif value:
            found[key] = unescape_text(value)
    return 0
