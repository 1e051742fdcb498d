"""Which reports stand in others word for word, by the digests of their paragraphs.

digests of all paragraphs -> those that a report asked about and another have -> reports that have the same of them, as
one -> for each of these, the others that have its paragraphs -> the one with most characters

Near-linear in paragraphs, whatever they say: of the reports that have a paragraph no more than `MOST_COMPARED` are
looked at for it. Some 100 bytes for each paragraph that is compared, and 300 for each report asked about.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from search.collection import SharedText
from search.embedded.segment import SegmentData
from search.embedded.snapshot import LENGTHS, source_places
from search.limits import UNLIMITED, Budget

LEAST_CHARS = 20
"""Shorter paragraphs are salutations, dates and headings: no evidence of a copy."""
MOST_COMPARED = 32
"""A paragraph that more reports have is taken for a formula: it leads to the first of them by source only."""
_VERIFIED = 8
"""Of the reports that such a paragraph leads to, so many are compared as a whole."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Shared:
    """The distinct paragraphs that a report asked about and another one have, by report and then by what they say.

    Reports are numbered by source. `group` numbers what is the same text.

    Args:
        chars: of each group.
        starts: where each report begins among the groups, and the end of the last.
        own_chars: of all that is compared of a report asked about, what no other has included.
    """

    group: Ints
    chars: NDArray[np.float64]
    starts: Ints
    own_chars: NDArray[np.float64]

    def of(self, report: int) -> Ints:
        return self.group[self.starts[report] : self.starts[report + 1]]


@dataclass(frozen=True, slots=True)
class _Alike:
    """Reports that have the same of these paragraphs, as one: its first report stands for all.

    Args:
        members: the reports of each, by source.
        of_group: for each group, the first `MOST_COMPARED` of them that have it.
        starts: where each group begins in `of_group`, and the end of the last.
        is_cut: of each group, whether more have it.
    """

    members: list[list[int]]
    of_group: Ints
    starts: Ints
    is_cut: NDArray[np.bool_]


def shared_text(
    segments: Sequence[SegmentData], report_ids: Sequence[str], budget: Budget = UNLIMITED
) -> list[SharedText]:
    """For each of these reports, the other one that has most of its text; of several the first by source.

    Reports of which no other has a paragraph are left out, as are ids that there are not. What two reports share is
    counted exactly; where paragraphs are in more than `MOST_COMPARED` reports, there may be one that shares more.
    """
    bases = [0, *accumulate(data.report_count for data in segments)]
    ids = {
        base + number: report_id
        for data, base in zip(segments, bases, strict=False)
        for report_id in dict.fromkeys(report_ids)
        if (number := data.find_report(report_id)) is not None
    }
    if not ids:
        return []
    places = source_places(segments)
    number_at = np.empty(len(places), dtype=np.int64)
    number_at[places] = np.arange(len(places))
    is_asked = np.zeros(len(places), dtype=bool)
    is_asked[places[list(ids)]] = True
    shared = _shared_paragraphs(segments, bases, places, is_asked)
    budget.charge()
    best = dict(_best_others(shared, _alike(shared), is_asked, budget))
    found = []
    for number, report_id in ids.items():
        own = int(places[number])
        if own not in best:
            continue
        place, chars = best[own]
        other = int(number_at[place])
        is_whole = chars == shared.own_chars[own] and np.array_equal(
            _digests(segments, bases, number), _digests(segments, bases, other)
        )
        other_id, other_source = _name(segments, bases, other)
        source = _name(segments, bases, number)[1]
        own_chars = int(shared.own_chars[own])
        found.append(SharedText(report_id, other_id, source, other_source, int(chars), own_chars, is_whole))
    return found


def _digests(segments: Sequence[SegmentData], bases: Sequence[int], report: int) -> NDArray[np.uint64]:
    """The digests of all paragraphs of a report, in order."""
    part = bisect_right(bases, report) - 1
    catalogue, number = segments[part].catalogue, report - bases[part]
    first = int(catalogue["first"][number])
    digests: NDArray[np.uint64] = segments[part].paragraphs["digest"][
        first : first + int(catalogue["paragraphs"][number])
    ]
    return digests


def _name(segments: Sequence[SegmentData], bases: Sequence[int], report: int) -> tuple[str, str]:
    """A report's id and source."""
    part = bisect_right(bases, report) - 1
    record = segments[part].record(report - bases[part])
    return record["id"], record["source"]


def _shared_paragraphs(
    segments: Sequence[SegmentData], bases: Sequence[int], places: Ints, is_asked: NDArray[np.bool_]
) -> _Shared:
    digests, reports, chars = [], [], []
    for data, base in zip(segments, bases, strict=False):
        length = LENGTHS[data.lengths["text"]]
        counted = length >= LEAST_CHARS
        if data.live is not None:
            counted &= data.live
        digests.append(data.paragraphs["digest"][counted])
        reports.append(places.take(data.report_of[counted].astype(np.int64) + base))
        chars.append(length[counted])
    digest, report, length = np.concatenate(digests), np.concatenate(reports), np.concatenate(chars)
    theirs = np.unique(digest[is_asked[report]])
    if len(theirs):
        wanted = theirs.take(np.searchsorted(theirs, digest), mode="clip") == digest
        digest, report, length = digest[wanted], report[wanted], length[wanted]
    order = np.lexsort((report, digest))
    digest, report, length = digest[order], report[order], length[order]
    opens_group = _begins(digest)
    is_first = opens_group | _begins(report)
    group, report, length = (np.cumsum(opens_group) - 1)[is_first], report[is_first], length[is_first]
    own_chars = np.bincount(report, weights=length, minlength=len(places)).astype(np.float64)
    has_others = np.bincount(group)[group] > 1 if len(group) else np.zeros(0, dtype=bool)
    group, report, length = group[has_others], report[has_others], length[has_others]
    opens_group = _begins(group)
    group = np.cumsum(opens_group) - 1
    order = np.argsort(report, kind="stable")
    starts = np.searchsorted(report[order], np.arange(len(places) + 1))
    return _Shared(group[order], length[opens_group], starts, own_chars)


def _begins(column: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Where another value begins."""
    begins = np.ones(len(column), dtype=bool)
    np.not_equal(column[1:], column[:-1], out=begins[1:])
    return begins


def _alike(shared: _Shared) -> _Alike:
    of_paragraphs: dict[bytes, list[int]] = {}
    for report in np.flatnonzero(np.diff(shared.starts)).tolist():
        of_paragraphs.setdefault(shared.of(report).tobytes(), []).append(report)
    members = list(of_paragraphs.values())
    groups = [shared.of(reports[0]) for reports in members]
    number = np.repeat(np.arange(len(groups)), [len(each) for each in groups])
    group = np.concatenate(groups) if groups else np.zeros(0, dtype=np.int64)
    order = np.argsort(group, kind="stable")
    group, number = group[order], number[order]
    begins = np.searchsorted(group, np.arange(len(shared.chars) + 1))
    listed = np.arange(len(group)) - begins[group] < MOST_COMPARED
    starts = np.searchsorted(group[listed], np.arange(len(shared.chars) + 1))
    return _Alike(members, number[listed], starts, np.diff(begins) > MOST_COMPARED)


def _best_others(
    shared: _Shared, alike: _Alike, is_asked: NDArray[np.bool_], budget: Budget
) -> Iterator[tuple[int, tuple[int, float]]]:
    """For each report asked about of which another has anything, that other one and the characters that it has."""
    for number, members in enumerate(alike.members):
        asked = [report for report in members if is_asked[report]]
        if not asked:
            continue
        budget.charge()
        own = shared.of(members[0])
        all_chars = float(shared.chars[own].sum())
        elsewhere = _best_elsewhere(shared, alike, number, own)
        for report in asked:
            found = [] if elsewhere is None else [elsewhere]
            if len(members) > 1:
                found.append((members[report == members[0]], all_chars))
            if found:
                yield report, min(found, key=lambda each: (-each[1], each[0]))


def _best_elsewhere(shared: _Shared, alike: _Alike, number: int, own: Ints) -> tuple[int, float] | None:
    """The best of the reports that have other paragraphs than those of this number, which has `own`."""
    begins = alike.starts[own]
    counts = alike.starts[own + 1] - begins
    at = np.repeat(begins - (np.cumsum(counts) - counts), counts) + np.arange(int(counts.sum()))
    others, place = np.unique(alike.of_group[at], return_inverse=True)
    chars = np.bincount(place, weights=np.repeat(shared.chars[own], counts))
    others, chars = others[others != number], chars[others != number]
    if not len(others):
        return None
    best = np.lexsort((others, -chars))[:_VERIFIED].tolist()
    if not alike.is_cut[own].any():
        return alike.members[others[best[0]]][0], float(chars[best[0]])
    firsts = [alike.members[others[each]][0] for each in best]
    exact = [
        (first, float(shared.chars[np.intersect1d(own, shared.of(first), assume_unique=True)].sum()))
        for first in firsts
    ]
    return min(exact, key=lambda each: (-each[1], each[0]))
