"""The total order of matches: no two paragraphs tie.

relevance   score, then newest year, then source and place in it (a paragraph's number has that order)
-year       newest day first, then as by relevance; year: oldest first. Where only the year is known, the report comes
            behind those of its year whose day is known; unknown years are last
-added      what came in last first, then as by relevance; added: what came in first; unknown times are last
"""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Sequence

from search.collection import Ranked
from search.memory.held import Row
from search.memory.matching import Scored
from search.model import Group, Report, Sort

_DAY = re.compile(r"([0-9]{4})-([0-9]{2}-[0-9]{2})")
_BEHIND = "99-99"
_SINGLE = struct.Struct("f")


def order_matches(rows: Sequence[Row], found: Scored, sort: Sort, group: Group) -> list[Ranked]:
    """All matches in their order; grouped by report, the first of each report with how many of it match."""
    scores = {ref: to_single(score) for ref, score in found.items()}
    ordered = sorted(scores, key=lambda ref: (*_time_key(rows[ref].held.report, sort), -scores[ref], ref))
    if not group:
        return [Ranked(ref, scores[ref]) for ref in ordered]
    of_reports = Counter(rows[ref].held.report.id for ref in ordered)
    first: dict[str, int] = {}
    for ref in ordered:
        first.setdefault(rows[ref].held.report.id, ref)
    return [Ranked(ref, scores[ref], of_reports[report_id]) for report_id, ref in first.items()]


def to_single(score: float) -> float:
    """A score in single precision, in which sums of the same parts in another order tie."""
    single: float = _SINGLE.unpack(_SINGLE.pack(score))[0]
    return single


def _time_key(report: Report, sort: Sort) -> tuple[bool, int, int]:
    if sort == "relevance":
        return False, 0, 0
    if sort in ("added", "-added"):
        added = int(re.sub("[^0-9]", "", report.added or "0"))
        return not added, -added if sort == "-added" else added, 0
    if report.year is None:
        return True, 0, 0
    written = _DAY.fullmatch(report.date or "")
    is_known = written is not None and int(written[1]) == report.year
    day = int((written[2] if written is not None and is_known else _BEHIND).replace("-", ""))
    if sort == "year":
        return False, report.year, day
    return False, -report.year, -day if is_known else 0
