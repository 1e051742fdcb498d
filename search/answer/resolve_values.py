"""Which of the collection's values a person means: 四平市 by 四平."""

from __future__ import annotations

from collections.abc import Sequence

from search.embedded.snapshot import Snapshot
from search.language.text import normalize_text

_PLACE_SUFFIXES = ("市", "省", "自治区", "自治州", "地区", "盟", "州", "县", "区", "特别行政区")


def resolve_value(snapshot: Snapshot, field: str, typed: str) -> Sequence[str | None]:
    """The collection's values of `field` that a person means by `typed`: the value itself, or its short form."""
    if field == "report":
        return [typed] if snapshot.find_report(typed) else []
    if typed in ("未知", "unknown"):
        return [None]
    values: list[str | None] = list(snapshot.combinations.values[field])
    wanted = normalize_text(typed)
    if not wanted:
        return []
    if typed in values:
        return [typed]
    if field == "type":
        return [value for value in values if value and wanted in normalize_text(value)]
    short = [value for value in values if value and value.startswith(wanted)]
    exact = [value for value in short if value and value[len(wanted) :] in _PLACE_SUFFIXES]
    return exact or short
