"""Numbers that matching below the seam and reranking above it must agree on."""

from __future__ import annotations

import math

from search.language.text import normalize_text


def idf(paragraphs: int, document_frequency: int) -> float:
    """Inverse document frequency as Whoosh computes it: ln(paragraphs / (document frequency + 1)) + 1.

    Source: whoosh.scoring.WeightingModel.idf.
    """
    return math.log(paragraphs / (document_frequency + 1)) + 1


def place_lines(*names: object) -> str:
    """Names of places in normal form, each behind a line break, so that `in` finds what a name begins with."""
    return "".join(f"\n{normalize_text(str(name))}" for name in names if name)
