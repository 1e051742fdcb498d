"""Reports that the collection has twice, whole or nearly: told to the operator, never dropped.

Two reports are compared by their paragraphs: the share of a report's characters that stand in paragraphs which the
other has too, word for word after normalisation. Only longer paragraphs are compared so; that two texts are the same
throughout is said where every paragraph is, headings and date lines too.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from search.index.segment import SegmentData
from search.index.snapshot import LENGTHS

NEAR_SHARE = 0.8
"""From this share on, two reports are called nearly the same."""
_MIN_CHARS = 20
_MAX_REPORTS = 50
"""A paragraph that more reports have is a phrase of the trade, no evidence."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A report and one that has the same text.

    Args:
        share: of the characters in the report's paragraphs of `_MIN_CHARS` and more.
        is_whole: every paragraph of the two is the same, in the same order, short ones too.
    """

    id: str
    source: str
    other: str
    share: float
    is_whole: bool


def paragraph_digest(normal: str) -> int:
    """What tells whether two paragraphs are the same, from the normal form: 64 bits."""
    data = hashlib.blake2b(normal.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(data, "little")


def find_duplicates(segments: Sequence[SegmentData], fresh: Collection[str]) -> list[Duplicate]:
    """For each of the reports `fresh` (ids) the report that has most of its text, where that is at least `NEAR_SHARE`.

    Returns:
        By source; a pair of fresh reports is named once, the later one first.
    """
    digests, reports, chars = [], [], []
    bases = [0]
    asked: set[int] = set()
    for data in segments:
        base = bases[-1]
        numbers = (data.find_report(report_id) for report_id in fresh)
        asked |= {base + number for number in numbers if number is not None}
        bases.append(base + data.report_count)
        live = np.ones(data.doc_count, dtype=bool) if data.live is None else data.live
        counted = live & (LENGTHS[data.lengths["text"]] >= _MIN_CHARS)
        digests.append(data.paragraphs["digest"][counted])
        reports.append(data.report_of[counted].astype(np.int64) + base)
        chars.append(LENGTHS[data.lengths["text"]][counted])
    if not asked:
        return []
    of_all, report_of, length_of = np.concatenate(digests), np.concatenate(reports), np.concatenate(chars)
    totals = np.bincount(report_of, weights=length_of, minlength=bases[-1])
    shared = _shared_chars(of_all, report_of, length_of, asked)

    def record(report: int) -> dict[str, Any]:
        part = bisect_right(bases, report) - 1
        return segments[part].record(report - bases[part])

    def paragraphs(report: int) -> list[int]:
        part = bisect_right(bases, report) - 1
        data = segments[part]
        own: list[int] = data.paragraphs["digest"][data.report_of == report - bases[part]].tolist()
        return own

    sources = {report: str(record(report)["source"]) for report in shared}
    found: list[Duplicate] = []
    named: set[tuple[int, int]] = set()
    for report in sorted(shared, key=sources.__getitem__, reverse=True):
        other, most = max(shared[report].items(), key=lambda entry: (entry[1], -entry[0]))
        share = most / totals[report]
        if share >= NEAR_SHARE and (other, report) not in named:
            named.add((report, other))
            name, twin = str(record(report)["id"]), str(record(other)["source"])
            is_whole = share >= 1.0 and paragraphs(report) == paragraphs(other)
            found.append(Duplicate(name, sources[report], twin, float(min(share, 1.0)), is_whole))
    return sorted(found, key=lambda duplicate: duplicate.source)


def _shared_chars(
    digests: np.ndarray[tuple[int], np.dtype[np.uint64]],
    reports: np.ndarray[tuple[int], np.dtype[np.int64]],
    chars: np.ndarray[tuple[int], np.dtype[np.float64]],
    fresh: set[int],
) -> dict[int, Counter[int]]:
    """For each fresh report, the characters that it shares with each other one."""
    order = np.argsort(digests, kind="stable")
    borders = np.flatnonzero(np.diff(digests[order])) + 1
    shared: dict[int, Counter[int]] = defaultdict(Counter)
    starts, ends = np.append(0, borders), np.append(borders, len(order))
    several = ends - starts > 1
    for start, end in zip(starts[several].tolist(), ends[several].tolist(), strict=True):
        places = order[start:end]
        among = set(reports[places].tolist())
        if not 1 < len(among) <= _MAX_REPORTS or among.isdisjoint(fresh):
            continue
        length = float(chars[places[0]])
        for report in among & fresh:
            for other in among - {report}:
                shared[report][other] += length  # type: ignore[assignment]
    return shared
