"""What a segment keeps of the source files that its reports come from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from search.collection import SourceRecord
from search.embedded.segment import SegmentData

_NAMED = ("path", "source", "digest", "rules", "problems")


def to_stored(source: SourceRecord) -> dict[str, Any]:
    """A file's record as the catalogue keeps it."""
    return {
        **source.record,
        "path": source.path,
        "source": source.name,
        "digest": source.digest,
        "rules": source.rules,
        "problems": list(source.problems),
    }


def iter_sources(data: SegmentData) -> Iterator[tuple[SourceRecord, list[int]]]:
    """Each file of which a report is left, with its reports' numbers."""
    reports: dict[int, list[int]] = defaultdict(list)
    live = data.live_reports().tolist()
    for report, file in enumerate(data.catalogue["file_of"].tolist()):
        if live[report]:
            reports[file].append(report)
    for file, of_file in sorted(reports.items()):
        yield _to_source(data.file_record(file), len(of_file)), of_file


def _to_source(stored: Mapping[str, Any], reports: int) -> SourceRecord:
    return SourceRecord(
        path=stored["path"],
        name=stored["source"],
        digest=stored["digest"],
        rules=stored.get("rules", ""),
        reports=reports,
        problems=tuple(stored.get("problems", ())),
        record={name: value for name, value in stored.items() if name not in _NAMED},
    )
