"""The terms of the texts with how often they are used, from the dictionary of posting lists."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

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
    paragraphs: dict[str, int] = {}
    uses: dict[str, int] = defaultdict(int)
    for part in snapshot.parts:
        postings = part.data.field("text")
        if postings is not None:
            for term, in_paragraphs, used in _iter_terms(postings, most + most // 4):
                paragraphs[term] = in_paragraphs
                uses[term] += used
    if len(snapshot.parts) > 1:  # a segment may have it and not among its most used
        paragraphs = {term: snapshot.document_frequency("text", encode(term)) for term in paragraphs}
    return (TermUse(term, count, uses[term]) for term, count in paragraphs.items())


def _iter_terms(postings: FieldPostings, most: int) -> Iterator[tuple[str, int, int]]:
    """A segment's terms with their paragraphs and uses; the most used of them.

    The weight of a posting list tells how many of its occurrences are words of a precise cut, the others straddling.
    """
    occurrences = postings.cf.astype(np.float64)
    aligned = (postings.info["weight"] - _STRADDLING * occurrences) / (1 - _STRADDLING)
    uses = np.rint(aligned).astype(np.int64)
    chosen = np.flatnonzero((postings.term_bytes() >= 2 * _BYTES_PER_CHARACTER) & (uses > 0))
    if len(chosen) > most:
        chosen = chosen[np.argpartition(-uses[chosen], most)[:most]]
    rows = zip(chosen.tolist(), postings.df[chosen].tolist(), uses[chosen].tolist(), strict=True)
    for number, in_paragraphs, used in rows:
        term = postings.term(number).decode("utf-8", "replace")
        if _HAN_WORD.fullmatch(term):
            yield term, in_paragraphs, used
