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
from search.index.snapshot import NO_YEAR, Snapshot
from search.model import Sort

_BLOCK = 128


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
    docs = [matches.docs for matches in found]
    sizes = [len(of_part) for of_part in docs]
    total = sum(sizes)
    if skip >= total:
        return []
    scores = _join([_scores(matches) for matches in found])
    place = _join([part.place[of_part] for part, of_part in zip(snapshot.parts, docs, strict=True)])
    wanted = min(skip + count, total)
    if sort == "relevance":
        candidates = _first(scores, place, wanted)
        keys = (place[candidates], -scores[candidates])
    else:
        of_combination = snapshot.combinations.year.astype(np.int64)
        years = _join(
            [of_combination[part.combination[d]] for part, d in zip(snapshot.parts, docs, strict=True)]
        )
        last = np.iinfo(np.int64).max
        by_year = np.where(years == NO_YEAR, last, years if sort == "year" else -years)
        border = np.partition(by_year, wanted - 1)[wanted - 1]
        candidates = np.flatnonzero(by_year <= border)
        keys = (place[candidates], -scores[candidates], by_year[candidates])  # type: ignore[assignment]
    chosen = candidates[np.lexsort(keys)][skip:wanted]
    starts = np.cumsum([0, *sizes])
    parts = np.searchsorted(starts, chosen, side="right") - 1
    return [
        Ordered(part, int(docs[part][at - starts[part]]), float(scores[at]))
        for part, at in zip(parts.tolist(), chosen.tolist(), strict=True)
    ]


def _first(scores: NDArray[np.float32], place: NDArray[np.uint32], wanted: int) -> NDArray[np.int64]:
    """The first `wanted` by score, then place; unordered."""
    if wanted == len(scores):
        return np.arange(wanted)
    near = _near_top(scores, wanted)
    of_near = scores[near]
    border = np.partition(of_near, len(near) - wanted)[len(near) - wanted]
    above = near[of_near > border]
    tied = near[of_near == border]
    missing = wanted - len(above)
    if missing < len(tied):
        tied = tied[np.argpartition(place[tied], missing - 1)[:missing]]
    return np.concatenate([above, tied])


def _near_top(scores: NDArray[np.float32], wanted: int) -> NDArray[np.int64]:
    """A few scores among which the `wanted` best are, with all that tie with the last of them.

    The best of each block bound the border from below: at least `wanted` scores reach the `wanted`-th best of them.
    """
    blocks = len(scores) // _BLOCK
    if blocks < 2 * wanted:
        return np.arange(len(scores))
    best = scores[: blocks * _BLOCK].reshape(blocks, _BLOCK).max(axis=1)
    border = np.partition(best, blocks - wanted)[blocks - wanted]
    return np.flatnonzero(scores >= border)


def _scores(matches: Matches) -> NDArray[np.float32]:
    return np.zeros(len(matches.docs), dtype=np.float32) if matches.scores is None else matches.scores


def _join(arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)
