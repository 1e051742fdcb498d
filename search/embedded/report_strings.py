"""Titles and division codes of a segment's reports: packed tables in `.cat`, so that no record is read to sort by them.

A segment written before has neither table. Its titles are read when a list is first sorted by them, and one code for
each place.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from search.embedded.segment import SegmentData

Ranks = NDArray[np.int32]
NO_TITLE = -1


def pack_titles(titles: Sequence[str | None]) -> dict[str, NDArray[Any]]:
    """The arrays of a segment's titles: bytes with starts, and the rank of each; equal ones have equal ranks."""
    encoded = [_encode(title) for title in titles]
    return {
        "title": np.frombuffer(b"".join(title or b"" for title in encoded), dtype=np.uint8),
        "title_at": np.cumsum([0, *(len(title or b"") for title in encoded)], dtype=np.uint64),
        "title_rank": _rank(encoded),
    }


def _encode(text: str | None) -> bytes | None:
    return None if text is None else text.encode("utf-8", "surrogatepass")


def _rank(titles: Sequence[bytes | None]) -> Ranks:
    known = {
        title: rank for rank, title in enumerate(sorted({title for title in titles if title is not None}))
    }
    ranks = (NO_TITLE if title is None else known[title] for title in titles)
    return np.fromiter(ranks, dtype=np.int32, count=len(titles))


def rank_titles(segments: Sequence[SegmentData]) -> Ranks:
    """The rank of each report's title over all segments, NO_TITLE where it has none.

    The largest segment's titles are not read: those of the others are looked up among them.
    """
    if not segments:
        return np.zeros(0, dtype=np.int32)
    tables = [_Titles(data) for data in segments]
    base = max(tables, key=lambda table: len(table.ranks))
    others = sorted({title for table in tables if table is not base for title in table.distinct()})
    above = [bisect_left(range(base.count), title, key=base.title) for title in others]
    is_new = [
        place == base.count or base.title(place) != title for place, title in zip(above, others, strict=True)
    ]
    new_before = np.cumsum([0, *is_new])
    ranks = dict(zip(others, (np.array(above, dtype=np.int64) + new_before[:-1]).tolist(), strict=True))
    moved = np.arange(base.count) + np.searchsorted(
        np.array(above)[is_new], np.arange(base.count), side="right"
    )
    of_base = np.append(moved, NO_TITLE).astype(np.int32)
    parts = []
    for table in tables:
        own = of_base if table is base else [*(ranks[title] for title in table.distinct()), NO_TITLE]
        parts.append(np.array(own, dtype=np.int32).take(table.ranks))
    return np.concatenate(parts)


class _Titles:
    """The titles of one segment: `ranks` of its reports, `title` of a rank."""

    def __init__(self, data: SegmentData) -> None:
        catalogue = data.catalogue
        self.title: Callable[[int], bytes]
        if "title_rank" in catalogue:
            self.ranks: Ranks = catalogue["title_rank"]
            starts = catalogue["title_at"]

            def read(rank: int) -> bytes:
                start, end = starts[self._report_of[rank] : self._report_of[rank] + 2].tolist()
                return catalogue.part("title", start, end).tobytes()

            self.title = read
        else:
            titles = [_encode(data.record(report).get("title")) for report in range(data.report_count)]
            self.ranks = _rank(titles)
            self.title = lambda rank: titles[self._report_of[rank]] or b""
        self.count = int(self.ranks.max(initial=NO_TITLE)) + 1
        known = np.flatnonzero(self.ranks != NO_TITLE)
        self._report_of = np.zeros(self.count, dtype=np.int64)
        self._report_of[self.ranks[known]] = known

    def distinct(self) -> list[bytes]:
        """The titles, ascending."""
        return [self.title(rank) for rank in range(self.count)]


def codes_of(data: SegmentData) -> tuple[list[str], Ranks]:
    """The division codes of a segment, ascending, and the place of each report's among them; -1 where it has none.

    Without a table, the reports of a place are taken to have the code of its first one.
    """
    catalogue = data.catalogue
    if "code" in catalogue:
        return catalogue.meta["values"]["code"], catalogue["code"]
    places = np.stack([catalogue[name] for name in ("city", "province", "level")])
    _, first, of_report = np.unique(places, axis=1, return_index=True, return_inverse=True)
    names, column = place_values([data.record(report).get("code") for report in first.tolist()])
    return names, column.take(of_report.reshape(-1))


def place_values(of_rows: Sequence[str | None]) -> tuple[list[str], Ranks]:
    """The values that a facet has, in order, and which of them each report has; -1 for none."""
    known = sorted({str(value) for value in of_rows if value is not None})
    number = {value: place for place, value in enumerate(known)}
    places = (-1 if value is None else number[str(value)] for value in of_rows)
    return known, np.fromiter(places, dtype=np.int32, count=len(of_rows))
