"""One page out of all matches, in a total order: no two paragraphs ever tie.

relevance   score, then newest, then source and place in it
-year       newest first, then score, then source;  year: oldest first

Only the page is sorted: a partition finds the last score that can be on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.engine.matching import Matches
from search.index.snapshot import NO_YEAR, Part, Snapshot
from search.model import Sort

_BLOCK = 128
_MANY_TIES = 4096


@dataclass(frozen=True, slots=True)
class Ordered:
    """A match on the page: which segment of the snapshot, which of its documents, and its score."""

    part: int
    doc: int
    score: float


def order_page(
    snapshot: Snapshot, found: Sequence[Matches], sort: Sort, skip: int, count: int
) -> list[Ordered]:
    """The matches `skip` to `skip + count` of the total order.

    Args:
        found: the matches of each of the snapshot's parts.
    """
    wanted = min(skip + count, sum(len(matches.docs) for matches in found))
    if skip >= wanted:
        return []
    years = _year_keys(snapshot, sort)
    rows = []
    for number, (part, matches) in enumerate(zip(snapshot.parts, found, strict=True)):
        chosen = _candidates(part, matches, years, min(wanted, len(matches.docs)))
        docs = matches.docs[chosen]
        scores = np.zeros(len(docs), dtype=np.float32) if matches.scores is None else matches.scores[chosen]
        of_year = np.zeros(len(docs), dtype=np.int64) if years is None else years[part.combination[docs]]
        rows.append((np.full(len(docs), number), docs, scores, of_year, part.place[docs]))
    parts, docs, scores, of_year, place = (np.concatenate(column) for column in zip(*rows, strict=True))
    order = np.lexsort((place, -scores, of_year))[skip:wanted]
    return [
        Ordered(part, doc, score)
        for part, doc, score in zip(
            parts[order].tolist(), docs[order].tolist(), scores[order].tolist(), strict=True
        )
    ]


def _year_keys(snapshot: Snapshot, sort: Sort) -> NDArray[np.int64] | None:
    """What to sort each combination by, smallest first, unknown years last; None where years don't count."""
    if sort == "relevance":
        return None
    years = snapshot.combinations.year.astype(np.int64)
    return np.where(years == NO_YEAR, np.iinfo(np.int64).max, years if sort == "year" else -years)


def _candidates(
    part: Part, matches: Matches, years: NDArray[np.int64] | None, wanted: int
) -> NDArray[np.int64]:
    """Some of a part's matches that surely hold the first `wanted` of them."""
    if years is None or not wanted:
        return _best(part, matches, np.arange(len(matches.docs)), wanted)
    of_year = years[part.combination[matches.docs]]
    border = np.partition(of_year, wanted - 1)[wanted - 1]
    before = np.flatnonzero(of_year < border)
    return np.concatenate(
        [before, _best(part, matches, np.flatnonzero(of_year == border), wanted - len(before))]
    )


def _best(part: Part, matches: Matches, among: NDArray[np.int64], wanted: int) -> NDArray[np.int64]:
    """Some of the matches `among` that surely hold the first `wanted` of those by score and place."""
    whole = len(among) == len(matches.docs)
    top = among
    if matches.scores is not None:
        top = among[_near_top(matches.scores if whole else matches.scores[among], wanted)]
        if len(top) < _MANY_TIES or matches.scores[top].min() != matches.scores[top].max():
            return top
    docs = matches.docs[top] if len(top) < len(matches.docs) else matches.docs
    return top[_near_top(~part.place[docs], wanted)]


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
