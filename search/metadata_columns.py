"""The columns of metadata.csv that state something of a report; beside them stand `file` and `report`."""

from __future__ import annotations

STATED_FIELDS = (
    *("title", "type", "city", "province", "year", "review_year", "plan_year"),
    *("date", "session", "speaker"),
)
"""What an operator may state of a report, named as in `search.model.Report`."""
