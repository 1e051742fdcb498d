"""Numbers that matching below the seam and reranking above it must agree on."""

from __future__ import annotations

import math
from collections.abc import Mapping

from search.language.text import normalize_text

DRIFT = 0.2
"""By how much a field's mean length may differ from the average that a version scores by, as part of it."""


def average_lengths(before: Mapping[str, float] | None, means: Mapping[str, float]) -> dict[str, float]:
    """The average lengths that a version scores by, by field.

    They are part of a version: those of the version before it, so that what is added doesn't change the scores of what
    was there more than its terms do, and the mean lengths of what is held now once one of these has drifted.

    Args:
        before: of the version that is continued; None where all was written.
        means: the mean length of each field.

    Example:
        >>> average_lengths({"text": 100.0}, {"text": 119.0}), average_lengths({"text": 100.0}, {"text": 121.0})
        ({'text': 100.0}, {'text': 121.0})
    """
    if before is None or any(abs(means[name] - kept) > DRIFT * kept for name, kept in before.items()):
        return dict(means)
    return dict(before)


def idf(paragraphs: int, document_frequency: int) -> float:
    """Inverse document frequency as Whoosh computes it: ln(paragraphs / (document frequency + 1)) + 1.

    Source: whoosh.scoring.WeightingModel.idf.
    """
    return math.log(paragraphs / (document_frequency + 1)) + 1


def place_lines(*names: object) -> str:
    """Names of places in normal form, each behind a line break, so that `in` finds what a name begins with."""
    return "".join(f"\n{normalize_text(str(name))}" for name in names if name)
