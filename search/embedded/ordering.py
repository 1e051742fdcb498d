"""One page out of all matches, in a total order: no two paragraphs ever tie.

relevance   score, then newest, then source and place in it
-year       newest day first, then score, then source;  year: oldest first. Where only the year is known, the report
            stands behind those of its year whose day is known
-added      what came into the collection last first, then score, then source;  added: what came first

Only the page is sorted: a partition finds the last score that can be on it. Grouped by report, each report stands where
the first of its paragraphs would.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.collection import Ranked
from search.embedded import kernel
from search.embedded.combinations import NO_YEAR
from search.embedded.matches import Matches
from search.embedded.segment import NO_TIME
from search.embedded.snapshot import Part, Snapshot
from search.model import Sort

PART_SHIFT = 32
"""A paragraph's `Ref` is its segment's place in the snapshot, shifted so far, and its document number there."""
_BLOCK = 128
_MANY_TIES = 4096


def order_page(
    snapshot: Snapshot, found: Sequence[Matches], sort: Sort, skip: int, count: int
) -> list[Ranked]:
    """The matches `skip` to `skip + count` of the total order.

    Args:
        found: the matches of each of the snapshot's parts.
    """
    sizes = [len(matches.docs) for matches in found]
    wanted = min(skip + count, sum(sizes))
    if skip >= wanted:
        return []
    alone = [number for number, size in enumerate(sizes) if size]
    if len(alone) == 1 and sort == "relevance" and kernel.page is not None:
        part, matches = snapshot.parts[alone[0]], found[alone[0]]
        if matches.scores is not None:
            base = alone[0] << PART_SHIFT
            page: list[Ranked] = part.columns.rank(Ranked, matches.docs, matches.scores, base, skip, wanted)
            return page
    times = time_keys(snapshot, sort)
    rows = []
    for number, (part, matches, keys) in enumerate(zip(snapshot.parts, found, times, strict=True)):
        if len(matches.docs):
            few = wanted < len(matches.docs)
            chosen = _candidates(part, matches, keys, wanted) if few else slice(None)
            rows.append(_rows(number, part, matches, keys, chosen))
    parts, docs, scores, of_time, place = (np.concatenate(column) for column in zip(*rows, strict=True))
    order = np.lexsort((place, -scores, of_time))[skip:wanted]
    return _to_ranked(parts[order], docs[order], scores[order])


def iter_ordered(
    snapshot: Snapshot, found: Sequence[Matches], sort: Sort, at_once: int
) -> Iterator[list[Ranked]]:
    """All matches in the total order, `at_once` in each list."""
    times = time_keys(snapshot, sort)
    rows = [_NO_ROWS]
    for number, (part, matches, keys) in enumerate(zip(snapshot.parts, found, times, strict=True)):
        rows.append(_rows(number, part, matches, keys, slice(None)))
    parts, docs, scores, of_time, place = (np.concatenate(column) for column in zip(*rows, strict=True))
    order = np.lexsort((place, -scores, of_time))
    del of_time, place
    for begin in range(0, len(order), at_once):
        some = order[begin : begin + at_once]
        yield _to_ranked(parts[some], docs[some], scores[some])


def best_of_reports(part: Part, matches: Matches) -> tuple[Matches, NDArray[np.int64]]:
    """The first paragraph of each report in the total order, and how many paragraphs of the report match.

    Year is the report's, and places ascend within a report, so the first is the first of those with its best score.
    """
    reports = part.data.report_of[matches.docs]
    if not len(reports):
        return matches, np.zeros(0, dtype=np.int64)
    opens = np.ones(len(reports), dtype=bool)
    np.not_equal(reports[1:], reports[:-1], out=opens[1:])
    begins = np.flatnonzero(opens)
    counts = np.diff(np.append(begins, len(reports)))
    if matches.scores is None:
        return Matches(matches.docs[begins], None), counts
    best = np.flatnonzero(matches.scores == np.repeat(np.maximum.reduceat(matches.scores, begins), counts))
    first = best[np.searchsorted(best, begins)]
    return Matches(matches.docs[first], matches.scores[first]), counts


_Rows = tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]
_NO_ROWS: _Rows = (
    np.zeros(0, dtype=np.int64),
    np.zeros(0, dtype=np.int64),
    np.zeros(0, dtype=np.float32),
    np.zeros(0, dtype=np.int64),
    np.zeros(0, dtype=np.uint32),
)


def _rows(number: int, part: Part, matches: Matches, times: NDArray[np.int64] | None, chosen: Any) -> _Rows:
    """What the chosen matches of a part are sorted by: part, document, score, time, place."""
    docs = matches.docs[chosen]
    scores = np.zeros(len(docs), dtype=np.float32) if matches.scores is None else matches.scores[chosen]
    of_time = np.zeros(len(docs), dtype=np.int64) if times is None else times.take(part.data.report_of[docs])
    return np.full(len(docs), number), docs, scores, of_time, part.place[docs]


def _to_ranked(parts: NDArray[np.int64], docs: NDArray[np.int64], scores: NDArray[Any]) -> list[Ranked]:
    refs = docs + (parts << PART_SHIFT)
    # Past Ranked's own constructor: a page names dozens.
    return list(map(tuple.__new__, repeat(Ranked), zip(refs.tolist(), scores.tolist(), repeat(None))))


def time_keys(snapshot: Snapshot, sort: Sort) -> list[NDArray[np.int64] | None]:
    """What to sort each part's reports by, smallest first, unknown times last; None where time doesn't count."""
    if sort == "relevance":
        return [None] * len(snapshot.parts)
    if sort in ("added", "-added"):
        return [_added_keys(part, newest_first=sort == "-added") for part in snapshot.parts]
    keys = snapshot.time_keys.get(sort)
    if keys is None:
        keys = snapshot.time_keys[sort] = _year_keys(snapshot, sort)
    return keys


def _year_keys(snapshot: Snapshot, sort: Sort) -> list[NDArray[np.int64] | None]:
    keys: list[NDArray[np.int64] | None] = []
    for part in snapshot.parts:
        year = part.data.catalogue["year"].astype(np.int64)
        day = part.data.catalogue["day"].astype(np.int64)
        behind = 9_999 if sort == "year" else 0
        time = 10_000 * year + np.where(day // 10_000 == year, day % 10_000, behind)
        keys.append(np.where(year == NO_YEAR, np.iinfo(np.int64).max, time if sort == "year" else -time))
    return keys


def _added_keys(part: Part, *, newest_first: bool) -> NDArray[np.int64]:
    added: NDArray[np.int64] = part.data.catalogue["added"]
    return np.where(added == NO_TIME, np.iinfo(np.int64).max, -added if newest_first else added)


def _candidates(
    part: Part, matches: Matches, times: NDArray[np.int64] | None, wanted: int
) -> NDArray[np.int64]:
    """Some of a part's matches that surely hold the first `wanted` of them."""
    if times is None and matches.scores is not None and kernel.page is not None:
        first: NDArray[np.int64] = part.columns.best_first(matches.docs, matches.scores, wanted)
        return first
    if times is None or not wanted:
        return _best(part, matches, None, wanted)
    of_time = times.take(part.data.report_of.take(matches.docs))
    border = np.partition(of_time, wanted - 1)[wanted - 1]
    before = np.flatnonzero(of_time < border)
    return np.concatenate(
        [before, _best(part, matches, np.flatnonzero(of_time == border), wanted - len(before))]
    )


def _best(part: Part, matches: Matches, among: NDArray[np.int64] | None, wanted: int) -> NDArray[np.int64]:
    """Some of the matches `among`, all where None, that surely hold the first `wanted` of those by score and place."""
    top = among
    if matches.scores is not None:
        near = _near_top(matches.scores if among is None else matches.scores[among], wanted)
        top = near if among is None else among[near]
        if len(top) < _MANY_TIES or matches.scores[top].min() != matches.scores[top].max():
            return top
    near = _near_top(~part.place[matches.docs if top is None else matches.docs[top]], wanted)
    return near if top is None else top[near]


def _near_top(values: NDArray[Any], wanted: int) -> NDArray[np.int64]:
    """A few places among which the `wanted` largest are, with all that tie with the last of them.

    The best of each block bound the border from below: at least `wanted` values reach the `wanted`-th best of them.
    """
    blocks = len(values) // _BLOCK
    if not wanted or blocks < 2 * wanted:
        return np.arange(len(values))
    best = values[: blocks * _BLOCK].reshape(blocks, _BLOCK).max(axis=1)
    border = np.partition(best, blocks - wanted)[blocks - wanted]
    return np.flatnonzero(values >= border)
