"""The records of a file that came in parts, as the one record that a collection says it holds of the file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from search.collection import SourceRecord


def join_records(records: Iterable[SourceRecord]) -> dict[str, SourceRecord]:
    """The records by path, those of the parts of a file as one."""
    joined: dict[str, SourceRecord] = {}
    for record in records:
        before = joined.get(record.path)
        joined[record.path] = record if before is None else _joined(before, record)
    return joined


def _joined(one: SourceRecord, other: SourceRecord) -> SourceRecord:
    aside = [*one.record.get("set_aside", ()), *other.record.get("set_aside", ())]
    return replace(
        one,
        reports=one.reports + other.reports,
        problems=(*one.problems, *other.problems),
        record={**one.record, **({"set_aside": aside} if aside else {})},
    )
