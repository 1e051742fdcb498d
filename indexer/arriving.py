"""When a report came in: the run that brings it says so, and a store keeps what it knew before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from search.collection import DraftReport, DraftSource, Prepared, Preparer


@dataclass(frozen=True, slots=True)
class Arriving:
    """A store's preparer, for drafts of reports that come in now.

    Args:
        added: as `search.model.Report.added`.
    """

    preparer: Preparer
    added: str

    def __call__(self, draft: DraftSource) -> Prepared:
        reports = [DraftReport(self._stamped(report.record), report.paragraphs) for report in draft.reports]
        return self.preparer(replace(draft, reports=reports))

    def _stamped(self, record: Mapping[str, Any]) -> dict[str, Any]:
        return {**record, "added": self.added}


def time_stamp() -> str:
    """The present time, UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
