"""Matches -> hits: paragraphs read together, highlights found in them."""

from __future__ import annotations

from collections.abc import Sequence

from search.answer.highlight import Needles, highlight_needles
from search.collection import Ranked, View
from search.model import Hit


def read_hits(view: View, ranked: Sequence[Ranked], needles: Needles, *, tier: int = 1) -> list[Hit]:
    """The hits, in the order of `ranked`.

    Args:
        needles: what is highlighted.
    """
    paragraphs = view.paragraphs([place.ref for place in ranked])
    return [
        Hit(
            id=f"{paragraph.report.id}-p{paragraph.n}",
            n=paragraph.n,
            report=paragraph.report,
            kind=paragraph.kind,
            heading=paragraph.heading,
            text=paragraph.text,
            spans=highlight_needles(paragraph.text, needles),
            score=place.score,
            tier=tier,
            of_report=place.of_group,
            part=paragraph.part,
            ocr=paragraph.ocr,
        )
        for place, paragraph in zip(ranked, paragraphs, strict=True)
    ]
