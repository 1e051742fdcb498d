"""What matches are counted by: combinations, reports and texts they come from, and those that a file has twice."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.embedded import kernel
from search.embedded.combinations import Mask
from search.embedded.matches import Matches
from search.embedded.snapshot import Part
from search.embedded.sorted_numbers import membership

Counts = NDArray[np.int64]
"""Paragraphs of each combination."""


class Tally(NamedTuple):
    """How many reports some paragraphs come from, how many texts (reports, and others that are none), and how many of
    the paragraphs stand earlier in their own file already."""

    reports: int = 0
    texts: int = 0
    repeated: int = 0


def tally(part: Part, docs: NDArray[np.int64], counts: Counts | None = None) -> Tally:
    """Count some of a part's documents, which ascend; those of a text are neighbours.

    Args:
        counts: has how many of them have each combination added.
    """
    if kernel.page is not None:
        return Tally(*part.columns.tally(docs, counts)[:3])
    data = part.data
    if counts is not None and len(docs):
        counts += np.bincount(part.combination.take(docs), minlength=len(counts))
    of_match: NDArray[Any] = data.report_of.take(docs)
    if len(of_match) > 1:
        of_match = of_match[np.flatnonzero(np.diff(of_match, prepend=-1))]
    fewer, more = sorted((data.repeated, docs), key=len)
    repeated = int(np.count_nonzero(membership(fewer, more))) if len(fewer) else 0
    return Tally(int(np.count_nonzero(part.is_report.take(of_match))), len(of_match), repeated)


def tally_and_select(
    part: Part, matches: Matches, counts: Counts, allowed: Mask | None
) -> tuple[Tally, Matches]:
    """Count a part's matches, and those of them whose combination is allowed, all where None; in one pass."""
    if allowed is None:
        return tally(part, matches.docs, counts), matches
    if kernel.page is None:
        return tally(part, matches.docs, counts), allowed_only(part, matches, allowed)
    *of_all, kept = part.columns.tally(matches.docs, counts, allowed)
    return Tally(*of_all), matches.take(kept)


def allowed_only(part: Part, matches: Matches, allowed: Mask) -> Matches:
    """The matches of a part whose combination is allowed."""
    if kernel.page is None:
        return matches.take(allowed.take(part.combination.take(matches.docs)).nonzero()[0])
    return Matches(*part.columns.select(matches.docs, matches.scores, allowed))
