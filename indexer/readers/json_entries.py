"""Where in a JSON value the reports are: an object or a text each.

The longest list of objects that are reports is the table; a mapping from names to texts is one, too.
"""

from __future__ import annotations

import json
import re
from typing import Any

from indexer.readers.fields import field_for
from indexer.readers.json_paths import DEEPEST, STATES, flatten, to_text

LEAST_TEXT_HAN = 20
LEAST_PARAGRAPHS = 3
LONGEST_PARAGRAPH_CHARS = 3_000
_HAN = re.compile("[\u3400-\u9fff\u2e80-\u2fdf]")


def find_entries(value: Any, depth: int = 0) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """The reports of a value as cells by path, and what stands beside them."""
    if isinstance(value, list):
        return _entries_of_list(value), []
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
    entries, around = find_entries(inner[1], depth + 1)
    beside = {key: entry for key, entry in value.items() if key != inner[0]}
    return entries, [*around, flatten(beside)] if beside else around


def _entries_of_list(values: list[Any]) -> list[dict[str, str]]:
    if not any(isinstance(entry, str) and _is_long(entry) for entry in values):
        return [flatten(entry if isinstance(entry, dict) else [entry]) for entry in values]
    if _are_paragraphs(values):
        return [{"text": "\n".join(map(to_text, values))}]
    return [
        flatten(entry) if isinstance(entry, (dict, list)) else {"text": to_text(entry)} for entry in values
    ]


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
    states = {field_for(path) for path in cells if "[]" not in path} & (STATES - {"id"})
    return bool(states) and any(_is_long(text) for text in cells.values())


def _named_entries(value: dict[str, Any]) -> list[dict[str, str]]:
    """The entries of a mapping from names (places, years) to texts or to objects with a text; [] for others."""
    if len(value) < 2 or any(field_for(str(key)) for key in value):
        return []
    rows: list[dict[str, str]] = []
    for key, entry in value.items():
        entries = _entries_under(str(key), entry)
        if not entries:
            return []
        rows += entries
    return rows


def _entries_under(name: str, entry: Any) -> list[dict[str, str]]:
    """The reports that stand under one name; [] for what has no text."""
    if isinstance(entry, str):
        return [{"key": name, "text": to_text(entry)}] if _is_long(entry) else []
    if isinstance(entry, dict):
        if inner := _named_entries(entry):
            return [{"key of all": name, **row} for row in inner]
        cells = flatten(entry)
        return [{"key": name, **cells}] if any(map(_is_long, cells.values())) else []
    if not isinstance(entry, list) or not entry:
        return []
    if all(isinstance(each, dict) and _is_report(each) for each in entry):
        return [{"key": name, **flatten(each)} for each in entry]
    if all(isinstance(each, str) for each in entry) and _is_long("".join(entry)):
        return [{"key": name, "text": "\n".join(map(to_text, entry))}]
    return []


def _are_paragraphs(entries: list[Any]) -> bool:
    """Whether a list of texts is one text, an entry a paragraph: short ones, of which but one greets the assembly."""
    if len(entries) < LEAST_PARAGRAPHS or not all(isinstance(entry, str) for entry in entries):
        return False
    whole = sum(len(entry) > LONGEST_PARAGRAPH_CHARS or "\n" in entry.strip() for entry in entries)
    greeting = sum("各位代表" in entry[:200] or "各位委员" in entry[:200] for entry in entries[:-1])
    return not whole and greeting <= max(1, len(entries) // 4)


def _is_long(text: str) -> bool:
    return len(_HAN.findall(text[:2000])) >= LEAST_TEXT_HAN
