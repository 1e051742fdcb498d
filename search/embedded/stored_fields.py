"""Per-document data for Whoosh: lengths as its own codec has them, stored fields out of our own files.

The searcher never comes here; Whoosh's searcher, its hits and its tools do.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from whoosh.codec.whoosh3 import W3PerDocReader

from search.embedded.schema import FILTER_FIELDS
from search.embedded.segment import SegmentData


class ArrayPerDocReader(W3PerDocReader):  # type: ignore[misc]
    """A segment that Xiesou wrote, document by document."""

    def __init__(self, storage: Any, segment: Any) -> None:
        super().__init__(storage, segment)
        self._opened: SegmentData | None = None

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """The paragraph: its text, the headings above it and the report's title and place a line each, exact values."""
        if self._opened is None:
            self._opened = SegmentData(Path(self._storage.folder), self._segment)
        data = self._opened
        record = data.record(int(data.report_of[docnum]))
        values = {**record, "report": record["id"], "kind": data.kind(docnum)}
        fields: dict[str, Any] = {
            name: str(values[name]) for name in FILTER_FIELDS if values.get(name) is not None
        }
        fields["text"] = data.text(docnum)
        fields["part"], fields["ocr"] = data.part(docnum), data.confidence(docnum)
        fields["context_years"] = data.context_years(docnum)
        fields |= {name: record.get(name) for name in ("level", "plan_year", "added")}
        fields["heading"] = "\n".join(data.heading(docnum))
        fields["title"] = "\n".join(
            str(record[name]) for name in ("title", "city", "province") if record.get(name)
        )
        return fields

    def close(self) -> None:
        super().close()
        self._opened = None
