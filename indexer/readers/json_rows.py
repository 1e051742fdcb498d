"""JSON and JSON Lines to rows: an object is a row (`json_entries`), its texts are cells by path (`json_paths`)."""

from __future__ import annotations

import json
from collections.abc import Iterator

from indexer.readers.json_entries import find_entries
from indexer.readers.json_paths import flatten
from indexer.readers.prose import even_newlines
from indexer.readers.rows import Row, Table
from indexer.readers.source import Source
from search.messages import sources as says


def json_table(source: Source, text: str) -> Table:
    """The table that a file of JSON or JSON Lines holds.

    Raises:
        SourceError: it is not JSON at all.
    """
    text = text.lstrip("\ufeff")
    if source.suffix != ".json":
        return Table(lambda: _rows_of_lines(text), "jsonl")
    try:
        value = json.loads(text)
    except RecursionError:
        value = None
    except ValueError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) > 1 and all(line.lstrip().startswith("{") for line in lines):
            return Table(lambda: _rows_of_lines(text), "jsonl")
        line = getattr(error, "lineno", None)
        raise source.refuse(
            says.JSON_BROKEN(error=str(error)), line=line, hint=says.WRITE_JSON_AGAIN()
        ) from error
    if value is None:
        raise source.refuse(says.JSON_TOO_DEEP(), hint=says.ONE_OBJECT_A_REPORT())
    entries, around = find_entries(value)
    rows = [Row(number, number, cells) for number, cells in enumerate(entries, 1)]
    above = tuple((1, cell) for cells in around for cell in cells.values() if cell.strip())
    return Table(lambda: iter(rows), "json", above=above)


def _rows_of_lines(text: str) -> Iterator[Row]:
    number = 0
    for line, raw in enumerate(even_newlines(text).split("\n"), 1):
        if not raw.strip():
            continue
        number += 1
        try:
            value = json.loads(raw)
        except (ValueError, RecursionError) as error:
            yield Row(number, line, {}, says.ROW_NOT_JSON(error=str(error)))
            continue
        if isinstance(value, dict):
            yield Row(number, line, flatten(value))
        else:
            yield Row(number, line, {}, says.ROW_NOT_OBJECT())
