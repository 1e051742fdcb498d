"""Matches -> hits: paragraphs read together, highlights found in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from search.answer.highlight import find_highlights
from search.collection import Ranked, StoredParagraph, View
from search.language.plan.needles import Needle
from search.model import Hit, Why


def read_hits(
    view: View,
    ranked: Sequence[Ranked],
    needles: Sequence[Needle],
    *,
    tier: int = 1,
    why: Callable[[StoredParagraph], tuple[Why, ...]] | None = None,
) -> list[Hit]:
    """The hits, in the order of `ranked`.

    Args:
        needles: what is highlighted.
        why: what is said of each.
    """
    hits = []
    for place, paragraph in zip(ranked, view.paragraphs([place.ref for place in ranked]), strict=True):
        marked = find_highlights(paragraph.text, needles)
        hits.append(
            Hit(
                id=f"{paragraph.report.id}-p{paragraph.n}",
                n=paragraph.n,
                report=paragraph.report,
                kind=paragraph.kind,
                heading=paragraph.heading,
                text=paragraph.text,
                spans=marked.spans,
                score=place.score,
                tier=tier,
                of_report=place.of_group,
                occurrences=marked.occurrences,
                why=() if why is None else why(paragraph),
                part=paragraph.part,
                ocr=paragraph.ocr,
            )
        )
    return hits
