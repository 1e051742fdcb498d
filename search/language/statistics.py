"""Numbers that matching below the seam and reranking above it must agree on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from search.language.text import normalize_text

BRINGING = 80_000
"""Postings that candidates for partial matches come from: those of the rarest words, at least of one."""
LOOKED_UP = 6
"""What common words add is looked up for so many times the candidates that are wanted."""
WeighedTerm = tuple[str, str, float]
"""A field, a term, and what it weighs."""
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


def share_out(
    terms: Sequence[WeighedTerm], frequencies: Sequence[int]
) -> tuple[Sequence[WeighedTerm], Sequence[WeighedTerm]]:
    """The terms that bring candidates for partial matches, and those too common for it.

    Texts' terms come before those of what stands above, the rarest first. Every store shares them out so, and looks
    the common ones up for the `LOOKED_UP` times best by the others: so all have the same candidates. A cluster looks
    them up for the best of each shard: with several shards it may name a paragraph that the common terms bring forward.

    Args:
        frequencies: the document frequency of each term; one that no paragraph has is left out.

    Example:
        >>> share_out([("text", "的", 1.0), ("title", "会", 1.0), ("text", "侯川", 2.0)], [70_000, 9_000, 3])
        ([('text', '侯川', 2.0), ('text', '的', 1.0), ('title', '会', 1.0)], [])
    """
    held = [(frequency, term) for frequency, term in zip(frequencies, terms, strict=True) if frequency]
    held.sort(key=lambda of: (of[1][0] != "text", of[0], *of[1][:2]))
    ordered = [term for _, term in held]
    spent = 0
    for place, (frequency, _) in enumerate(held):
        spent += frequency
        if place and spent > BRINGING:
            return ordered[:place], ordered[place:]
    return ordered, []
