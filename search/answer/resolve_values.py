"""Which of the collection's values a person means: 四平市 by 四平."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from search.language.place_names import SUFFIXES
from search.language.text import normalize_text

if TYPE_CHECKING:
    from search.answer.version_data import VersionData


def resolve_value(data: VersionData, field: str, typed: str) -> Sequence[str | None]:
    """The collection's values of `field` that a person means by `typed`: the value itself, or its short form."""
    if field == "report":
        return [typed] if data.view.has_report(typed) else []
    if typed in ("未知", "unknown"):
        return [None]
    values = [str(value) for value in data.held.by_field[field] if value is not None]
    wanted = normalize_text(typed)
    if not wanted:
        return []
    if typed in values:
        return [typed]
    if field == "level" and wanted[:-1] in values and wanted[-1] == "级":
        return [wanted[:-1]]
    if field == "type":
        return [value for value in values if wanted in normalize_text(value)]
    short = [value for value in values if value.startswith(wanted)]
    exact = [value for value in short if value[len(wanted) :] in SUFFIXES]
    return exact or short
