"""JSON and JSON Lines to rows: where in a value the reports are, and what a report's object has, by path.

An object is a row; objects within it give columns by path (meta.city), lists of texts or of objects with a text give
one column, a line an entry (段落[].内容). Of a whole file, the longest list of objects that are reports is the
table; a mapping from names to texts is one, too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from indexer.readers.fields import TEXT, field_for, last_key
from indexer.readers.prose import even_newlines
from indexer.readers.rows import Row, Table
from indexer.readers.source import Source
from search.messages import sources as says

DEEPEST = 12
LEAST_TEXT_HAN = 20
LEAST_PARAGRAPHS = 3
LONGEST_PARAGRAPH_CHARS = 3_000
_HAN = re.compile("[\u3400-\u9fff\u2e80-\u2fdf]")
_STATES = frozenset({"city", "province", "year", "date", "title", "type", "session", "file", "id"})


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
    entries, around = _find_entries(value)
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
            yield Row(number, line, {}, "it is not a JSON object")


def flatten(value: Any) -> dict[str, str]:
    """The texts of a JSON value by path.

    Example:
        >>> flatten({"地区": "四平市", "meta": {"year": 2024}, "段落": [{"内容": "各位代表"}, {"内容": "谢谢"}]})
        {'地区': '四平市', 'meta.year': '2024', '段落[].内容': '各位代表\\n谢谢'}
    """
    cells: dict[str, list[str]] = {}
    _gather(value, "", cells, 0)
    return {path: "\n".join(texts) for path, texts in cells.items()}


def _gather(value: Any, path: str, cells: dict[str, list[str]], depth: int) -> None:
    if depth >= DEEPEST and isinstance(value, (dict, list)):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        heading = _heading_key(value)
        for key, entry in value.items():
            # A heading above a text goes into the text's column, before it.
            name = heading if key != heading and heading and _names_heading(key) else str(key)
            _gather(entry, f"{path}.{name}" if path else name, cells, depth + 1)
    elif isinstance(value, list):
        for entry in value:
            inner = path if not isinstance(entry, (dict, list)) else f"{path}[]"
            _gather(entry, inner or "key", cells, depth + 1)
    else:
        cells.setdefault(path or "text", []).append(_cell(value))


def _heading_key(value: dict[str, Any]) -> str:
    """The key of the text that stands below a heading in an object that is a section of a report; "" for others."""
    texts = [
        str(key) for key, entry in value.items() if field_for(str(key)) == TEXT and isinstance(entry, str)
    ]
    states = {field_for(str(key)) for key in value} & (_STATES - {"title", "id"})
    return texts[0] if len(texts) == 1 and not states else ""


def _names_heading(key: Any) -> bool:
    return last_key(str(key)).lower() in ("heading", "小标题", "章节", "章节标题", "section", "subtitle")


def _cell(value: Any) -> str:
    """A JSON value as text; halves of surrogate pairs, which no text has, become U+FFFD."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _find_entries(value: Any, depth: int = 0) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """The reports of a value as cells by path, and what stands beside them."""
    if isinstance(value, list):
        if any(isinstance(entry, str) and _is_long(entry) for entry in value):
            if _are_paragraphs(value):
                return [{"text": "\n".join(map(_cell, value))}], []
            return [
                {"text": _cell(entry)} if not isinstance(entry, (dict, list)) else flatten(entry)
                for entry in value
            ], []
        return [flatten(entry) if isinstance(entry, dict) else flatten([entry]) for entry in value], []
    if not isinstance(value, dict):
        return [flatten(value)], []
    named = _named_entries(value)
    if named:
        return named, []
    inner = max(
        ((key, entry) for key, entry in value.items() if _holds_reports(entry, depth)),
        key=lambda pair: len(json.dumps(pair[1], ensure_ascii=False)),
        default=None,
    )
    if inner is None:
        return [flatten(value)], []
    entries, around = _find_entries(inner[1], depth + 1)
    beside = {key: entry for key, entry in value.items() if key != inner[0]}
    return entries, [*around, flatten(beside)] if beside else around


def _holds_reports(value: Any, depth: int) -> bool:
    """Whether a value holds objects that state something of themselves and have a text: reports, not paragraphs."""
    if isinstance(value, list):
        objects = [entry for entry in value[:20] if isinstance(entry, dict)]
        return bool(objects) and all(_is_report(entry) for entry in objects)
    if isinstance(value, dict) and depth < DEEPEST:
        if _named_entries(value):
            return True
        return any(_holds_reports(entry, depth + 1) for entry in value.values())
    return False


def _is_report(value: dict[str, Any]) -> bool:
    cells = flatten(value)
    states = {field_for(path) for path in cells if "[]" not in path} & (_STATES - {"id"})
    return bool(states) and any(_is_long(text) for text in cells.values())


def _named_entries(value: dict[str, Any]) -> list[dict[str, str]]:
    """The entries of a mapping from names (places, years) to texts or to objects with a text; [] for others."""
    if len(value) < 2 or any(field_for(str(key)) for key in value):
        return []
    rows: list[dict[str, str]] = []
    for key, entry in value.items():
        if isinstance(entry, str) and _is_long(entry):
            rows.append({"key": str(key), "text": _cell(entry)})
        elif isinstance(entry, dict) and (inner := _named_entries(entry)):
            rows += [{"key of all": str(key), **row} for row in inner]
        elif isinstance(entry, dict) and any(_is_long(text) for text in flatten(entry).values()):
            rows.append({"key": str(key), **flatten(entry)})
        elif isinstance(entry, list) and entry and all(_has_text(each) for each in entry):
            rows += [{"key": str(key), **flatten(each)} for each in entry]
        elif (
            isinstance(entry, list)
            and all(isinstance(each, str) for each in entry)
            and _is_long("".join(entry))
        ):
            rows.append({"key": str(key), "text": "\n".join(map(_cell, entry))})
        else:
            return []
    return rows


def _are_paragraphs(entries: list[Any]) -> bool:
    """Whether a list of texts is one text, an entry a paragraph: short ones, of which but one greets the assembly."""
    if len(entries) < LEAST_PARAGRAPHS or not all(isinstance(entry, str) for entry in entries):
        return False
    whole = sum(len(entry) > LONGEST_PARAGRAPH_CHARS or "\n" in entry.strip() for entry in entries)
    greeting = sum("各位代表" in entry[:200] or "各位委员" in entry[:200] for entry in entries[:-1])
    return not whole and greeting <= max(1, len(entries) // 4)


def _has_text(value: Any) -> bool:
    return isinstance(value, dict) and _is_report(value)


def _is_long(text: str) -> bool:
    return len(_HAN.findall(text[:2000])) >= LEAST_TEXT_HAN
