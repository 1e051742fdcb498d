"""Which reports stand in others word for word, by the digests of their paragraphs.

digests of all paragraphs -> those that the reports asked about have -> one sort -> for a report, the others that have
each of its paragraphs -> characters shared
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from search.collection import SharedText
from search.embedded.segment import SegmentData
from search.embedded.snapshot import LENGTHS, source_places

LEAST_CHARS = 20
"""Shorter paragraphs are salutations, dates and headings: no evidence of a copy."""


@dataclass(frozen=True, slots=True)
class _Paragraphs:
    """The distinct paragraphs of each report that a report asked about has too, sorted by what they say.

    `group` numbers what is the same text.

    Args:
        starts: where each group begins in the columns, and the end of the last.
    """

    group: NDArray[np.int64]
    report: NDArray[np.int64]
    chars: NDArray[np.float64]
    starts: NDArray[np.int64]


def shared_text(segments: Sequence[SegmentData], report_ids: Sequence[str]) -> list[SharedText]:
    """For each of these reports, the other one that has most of its text; of several the first by source.

    Reports of which no other has a paragraph are left out, as are ids that there are not.
    """
    bases = [0, *accumulate(data.report_count for data in segments)]
    asked = {
        base + number: report_id
        for data, base in zip(segments, bases, strict=False)
        for report_id in report_ids
        if (number := data.find_report(report_id)) is not None
    }
    if not asked:
        return []
    paragraphs = _distinct_paragraphs(segments, bases, list(asked))
    by_report = np.argsort(paragraphs.report, kind="stable")
    borders = np.searchsorted(paragraphs.report[by_report], np.arange(bases[-1] + 1))
    places = source_places(segments)
    found = []
    for number, report_id in asked.items():
        own = by_report[borders[number] : borders[number + 1]]
        shared = _shared_chars(paragraphs, own)
        if number < len(shared):
            shared[number] = 0
        if not shared.any():
            continue
        best = np.flatnonzero(shared == shared.max())
        other = int(best[places[best].argmin()])
        part = bisect_right(bases, other) - 1
        other_id = str(segments[part].record(other - bases[part])["id"])
        chars, own_chars = int(shared[other]), int(paragraphs.chars[own].sum())
        is_whole = chars == own_chars and _digests(segments, bases, number) == _digests(
            segments, bases, other
        )
        found.append(SharedText(report_id, other_id, chars, own_chars, is_whole))
    return found


def _digests(segments: Sequence[SegmentData], bases: Sequence[int], report: int) -> list[int]:
    """The digests of all paragraphs of a report, in order."""
    part = bisect_right(bases, report) - 1
    data = segments[part]
    digests: list[int] = data.paragraphs["digest"][data.report_of == report - bases[part]].tolist()
    return digests


def _distinct_paragraphs(
    segments: Sequence[SegmentData], bases: Sequence[int], asked: Sequence[int]
) -> _Paragraphs:
    digests, reports, chars = [], [], []
    for data, base in zip(segments, bases, strict=False):
        length = LENGTHS[data.lengths["text"]]
        counted = length >= LEAST_CHARS
        if data.live is not None:
            counted &= data.live
        digests.append(data.paragraphs["digest"][counted])
        reports.append(data.report_of[counted].astype(np.int64) + base)
        chars.append(length[counted])
    digest, report, length = np.concatenate(digests), np.concatenate(reports), np.concatenate(chars)
    is_asked = np.zeros(bases[-1], dtype=bool)
    is_asked[asked] = True
    theirs = np.unique(digest[is_asked[report]])
    if len(theirs):
        wanted = theirs.take(np.searchsorted(theirs, digest), mode="clip") == digest
        digest, report, length = digest[wanted], report[wanted], length[wanted]
    order = np.lexsort((report, digest))
    digest, report, length = digest[order], report[order], length[order]
    opens_group = np.ones(len(order), dtype=bool)
    np.not_equal(digest[1:], digest[:-1], out=opens_group[1:])
    is_first = opens_group.copy()
    is_first[1:] |= report[1:] != report[:-1]
    group = (np.cumsum(opens_group) - 1)[is_first]
    starts = np.append(np.flatnonzero(np.diff(group, prepend=-1)), len(group))
    return _Paragraphs(group, report[is_first], length[is_first], starts)


def _shared_chars(paragraphs: _Paragraphs, own: NDArray[np.int64]) -> NDArray[np.float64]:
    """For each report, the characters of the paragraphs `own` that it has too."""
    groups = paragraphs.group[own]
    begins = paragraphs.starts[groups]
    counts = paragraphs.starts[groups + 1] - begins
    having = np.repeat(begins - (np.cumsum(counts) - counts), counts) + np.arange(int(counts.sum()))
    weights = np.repeat(paragraphs.chars[own], counts)
    shared: NDArray[np.float64] = np.bincount(paragraphs.report[having], weights=weights).astype(np.float64)
    return shared
