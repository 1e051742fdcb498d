"""The texts of a JSON value, by path.

Objects within an object give columns by path (meta.city); lists of texts or of objects with a text give one column, a
line an entry (段落[].内容).
"""

from __future__ import annotations

import json
from typing import Any

from indexer.readers.fields import TEXT, field_for, last_key

DEEPEST = 12
STATES = frozenset({"city", "province", "year", "date", "title", "type", "session", "file", "id"})
"""Fields with which an object states something of itself."""


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
        cells.setdefault(path or "text", []).append(to_text(value))


def _heading_key(value: dict[str, Any]) -> str:
    """The key of the text that stands below a heading in an object that is a section of a report; "" for others."""
    texts = [
        str(key) for key, entry in value.items() if field_for(str(key)) == TEXT and isinstance(entry, str)
    ]
    states = {field_for(str(key)) for key in value} & (STATES - {"title", "id"})
    return texts[0] if len(texts) == 1 and not states else ""


def _names_heading(key: Any) -> bool:
    return last_key(str(key)).lower() in ("heading", "小标题", "章节", "章节标题", "section", "subtitle")


def to_text(value: Any) -> str:
    """A JSON value as text; halves of surrogate pairs, which no text has, become U+FFFD."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
