"""The terms of the texts with how often they are used, from the dictionary of posting lists."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from search.collection import TermUse
from search.embedded.postings import FieldPostings
from search.embedded.schema import ALIGNED_QUARTERS, STRADDLING_QUARTERS
from search.embedded.snapshot import Snapshot
from search.embedded.term_lookup import encode
from search.language.text.segment import HAN

_HAN_WORD = re.compile(f"[{HAN}]{{2,}}")
_BYTES_PER_CHARACTER = 3
_STRADDLING = STRADDLING_QUARTERS / ALIGNED_QUARTERS


def count_terms(snapshot: Snapshot, most: int) -> Iterable[TermUse]:
    """The most used terms of two Han characters and more; up to a quarter more than `most` per segment."""
    fields = [postings for part in snapshot.parts if (postings := part.data.field("text")) is not None]
    found = [_list_terms(postings, most + most // 4) for postings in fields]
    if len(found) == 1:
        return found[0]
    uses: dict[str, int] = defaultdict(int)
    for of_part in found:
        for term, _, used in of_part:
            uses[term] += used
    # A segment may have it and not among its most used.
    return [TermUse(term, snapshot.document_frequency("text", encode(term)), uses[term]) for term in uses]


def _list_terms(postings: FieldPostings, most: int) -> list[TermUse]:
    """A segment's terms with their paragraphs and uses, sorted; the most used of them.

    The weight of a posting list tells how many of its occurrences are words of a precise cut, the others straddling.
    """
    occurrences = postings.cf.astype(np.float64)
    aligned = (postings.info["weight"] - _STRADDLING * occurrences) / (1 - _STRADDLING)
    uses = np.rint(aligned).astype(np.int64)
    chosen = np.flatnonzero((postings.term_bytes() >= 2 * _BYTES_PER_CHARACTER) & (uses > 0))
    if len(chosen) > most:
        chosen = np.sort(chosen[np.argpartition(-uses[chosen], most)[:most]])
    terms = [term.decode("utf-8", "replace") for term in postings.terms(chosen)]
    rows = map(TermUse, terms, postings.df[chosen].tolist(), uses[chosen].tolist())
    return [use for use in rows if _HAN_WORD.fullmatch(use.term)]
