"""Sets of one segment's paragraphs with their scores: narrowed, and put together.

Document numbers are the segment's own, int64, ascending. Scores are float32, or None where nothing scores.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from search.embedded import kernel
from search.embedded.sorted_numbers import united
from search.embedded.term_lookup import DENSE_SHARE, I64, Docs, Mask

Scores = NDArray[np.float32]
Probe = Callable[[Docs], tuple[Mask, Scores | None]]
"""Which of some documents match, and the scores of those that do."""


class Matches(Struct):
    """What matches in one segment.

    Args:
        said: how often the words of a conjunction stand in all of the documents, marks aside, where that was counted
            on the way.
    """

    docs: Docs
    scores: Scores | None
    said: int | None = None

    @property
    def size_bytes(self) -> int:
        return self.docs.nbytes + (0 if self.scores is None else self.scores.nbytes)

    def take(self, at: I64) -> Matches:
        """The matches at these places."""
        return Matches(self.docs.take(at), None if self.scores is None else self.scores.take(at))


def no_matches() -> Matches:
    return Matches(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))


def narrow(matches: Matches, probes: Iterable[Probe]) -> tuple[Matches, I64 | None]:
    """What of `matches` all the probes match too, and which of them those are, None for all."""
    docs, scores = matches.docs, matches.scores
    at: I64 | None = None
    for probe in probes:
        if not len(docs):
            break
        mask, more = probe(docs)
        if not mask.all():
            kept = mask.nonzero()[0]
            docs = docs.take(kept)
            at = kept if at is None else at.take(kept)
            scores = None if scores is None else scores.take(kept)
        if more is not None:
            scores = more if scores is None else scores + more
    return Matches(docs, scores), at


def union(found: Sequence[Matches], size: int) -> Matches:
    """What any of them has; scores are added in their order, the largest's first.

    Args:
        size: how many documents the segment has.
    """
    found = [matches for matches in found if len(matches.docs)]
    if not found:
        return Matches(np.zeros(0, dtype=np.int64), None)
    if len(found) == 1:
        return found[0]
    large = max(found, key=lambda matches: len(matches.docs))
    total = sum(len(matches.docs) for matches in found)
    is_large = total < (1 + 1 / DENSE_SHARE) * len(large.docs)
    in_turn = [large, *(matches for matches in found if matches is not large)] if is_large else found
    if kernel.postings is not None and (is_large or len(found) == 2 or total < size // DENSE_SHARE):
        return _merged(in_turn)
    if is_large:
        return _insert(large, in_turn[1:])
    return _flagged(found, size)


def _flagged(found: Sequence[Matches], size: int) -> Matches:
    """The union of large sets, by one flag a document."""
    flags = np.zeros(size, dtype=bool)
    for matches in found:
        flags[matches.docs] = True
    docs = np.flatnonzero(flags)
    if all(matches.scores is None for matches in found):
        return Matches(docs, None)
    sums = np.zeros(size, dtype=np.float32)
    for matches in found:
        if matches.scores is not None:
            sums[matches.docs] += matches.scores
    return Matches(docs, sums[docs])


def _merged(found: Sequence[Matches]) -> Matches:
    """The union of a few sets by the compiled loop."""
    assert kernel.postings is not None, "asked by its caller"
    if all(matches.scores is None for matches in found):
        return Matches(united([matches.docs for matches in found]), None)
    docs, scores = found[0].docs, _scores_of(found[0])
    for matches in found[1:]:
        docs, scores = kernel.postings.unite(docs, scores, matches.docs, _scores_of(matches))
    return Matches(docs, scores)


def _scores_of(matches: Matches) -> Scores:
    return np.zeros(len(matches.docs), dtype=np.float32) if matches.scores is None else matches.scores


def _insert(large: Matches, others: Sequence[Matches]) -> Matches:
    """The union of one large set and a few small ones."""
    docs, scores = large.docs, large.scores
    for other in others:
        places = np.searchsorted(docs, other.docs)
        inside = np.minimum(places, len(docs) - 1)
        known = docs[inside] == other.docs
        if scores is None and other.scores is not None:
            scores = np.zeros(len(docs), dtype=np.float32)
        elif scores is large.scores and scores is not None:
            scores = scores.copy()
        if scores is not None:
            more = np.zeros(len(other.docs), dtype=np.float32) if other.scores is None else other.scores
            scores[inside[known]] += more[known]
            scores = np.insert(scores, places[~known], more[~known])
        docs = np.insert(docs, places[~known], other.docs[~known])
    return Matches(docs, scores)


def add_scores(scores: Scores | None, mask: Mask, more: Scores | None) -> Scores | None:
    """The scores with more for those of the documents that the mask says."""
    if more is None or not len(more):
        return scores
    result = np.zeros(len(mask), dtype=np.float32) if scores is None else scores.copy()
    result[mask] += more
    return result
