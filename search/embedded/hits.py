"""Places of a snapshot -> hits: texts read together, highlights found in them.

A page's ten paragraphs lie anywhere, so each costs a block of texts; what can be looked up for all at once is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from search.answer.highlight import highlight_needles, needles_of
from search.embedded.ordering import Ordered
from search.embedded.segment import NO_HEADING
from search.embedded.snapshot import Snapshot
from search.language.plan import Plan
from search.model import Hit

NOT_GROUPED: dict[tuple[int, int], int] = {}


def read_hits(
    snapshot: Snapshot,
    places: Sequence[Ordered],
    plan: Plan,
    *,
    tier: int = 1,
    of_report: Mapping[tuple[int, int], int] = NOT_GROUPED,
) -> list[Hit]:
    """The hits at `places`, in their order.

    Args:
        plan: what is highlighted.
        of_report: by (part, document), how many paragraphs of its report match; only where hits are grouped.
    """
    needles = needles_of(plan)
    made: dict[tuple[int, int], Hit] = {}
    for number, part in enumerate(snapshot.parts):
        chosen = sorted((place for place in places if place.part == number), key=lambda place: place.doc)
        if not chosen:
            continue
        data = part.data
        docs = np.array([place.doc for place in chosen], dtype=np.int64)
        columns = zip(
            chosen,
            data.report_of.take(docs).tolist(),
            data.numbers(docs).tolist(),
            data.paragraphs["parent"].take(docs).tolist(),
            data.texts(docs),
            strict=True,
        )
        for place, report_number, n, parent, text in columns:
            report = snapshot.report_at(data, report_number)
            made[number, place.doc] = Hit(
                id=f"{report.id}-p{n}",
                n=n,
                report=report,
                kind=data.kind(place.doc),
                heading=() if parent == NO_HEADING else data.heading(place.doc),
                text=text,
                spans=highlight_needles(text, needles),
                score=place.score,
                tier=tier,
                of_report=of_report.get((number, place.doc)),
            )
    return [made[place.part, place.doc] for place in places]
