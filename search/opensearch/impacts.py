"""What a posting is worth, as a whole number that an index keeps in place of a frequency.

score = boost * idf * (K1 + 1) * worth, worth = tf / (tf + K1 * (1 - B + B * length / average length))

An index writes 1 + round(worth * scale). It is done once the average lengths are known, which a version keeps: a
generation that only adds to another one takes that one's.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from functools import lru_cache

K1 = 1.2
B = {"text": 0.75, "heading": 0.3, "title": 0.3}
STRADDLING = 0.25
STEPS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 12.0, 20.0)
LENGTHS = tuple(round((1.033**code - 1) * 27) for code in range(256))
"""What Whoosh's byte codes of field lengths stand for."""
_LONGEST_CODED = (1 << 15) - 1
_MOST_SCALE = 1 << 24
"""A frequency reaches the script in single precision, which has whole numbers up to here."""
_MOST_SUM = (1 << 31) - (1 << 16)
_TERMS_A_CHARACTER = {"text": 2.0, "heading": 4.0, "title": 4.0}
"""What the tf of all terms of a field add up to at most, for each of its characters."""


def scale_for(averages: Mapping[str, float]) -> int:
    """What a worth of 1 is written as: so much that no document's frequencies add up to more than Lucene counts.

    The worth of all terms of a field is at most their tf by K1 * B * length / average length.
    """
    sums = (_TERMS_A_CHARACTER[field] * average / (K1 * B[field]) for field, average in averages.items())
    return min(_MOST_SCALE, 1 << (int(_MOST_SUM / max(*sums, 1.0)).bit_length() - 1))


@lru_cache(maxsize=1 << 12)
def step(total: float) -> float:
    """The tf of a term whose occurrences add up to `total`, rounded down to a step."""
    return STEPS[bisect_right(STEPS, total) - 1]


def coded_length(length: int) -> int:
    """A field's length as scores take it, rounded up to the next that has a code."""
    return LENGTHS[min(bisect_left(LENGTHS, min(length, _LONGEST_CODED)), len(LENGTHS) - 1)]


def weighted(field: str, terms: Iterable[tuple[str, float]], length: int, average: float, scale: int) -> str:
    """The tokens of a field with their impacts.

    Args:
        terms: (token, tf), each token once.
        length: characters of the field.
    """
    norm = K1 * (1 - B[field] + B[field] * coded_length(length) / average)
    impacts: dict[float, str] = {}  # a text has a few different tf
    tokens = []
    for token, tf in terms:
        impact = impacts.get(tf)
        if impact is None:
            impact = impacts[tf] = f"|{1 + round(scale * tf / (tf + norm))}"
        tokens.append(token + impact)
    return " ".join(tokens)
