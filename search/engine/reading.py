"""Paragraphs as they are judged: in normal form, with what stands above them. Those read last are kept."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from search.engine.scoring import Scorer
from search.index.snapshot import Part, Snapshot
from search.text import normalize_text

KEPT = 2_000
"""So many paragraphs are kept: some megabytes. Who goes on typing is mostly shown the same ones."""
FRAME = frozenset(("title", "session", "date", "speaker", "salutation", "source"))
"""Kinds of paragraphs that say what a report is, and seldom what somebody looks for."""
_END, _BORDER = "\ue000", "\ue001"
"""Characters for private use, which no word has and normalising keeps."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph to be judged, everything in normal form.

    Args:
        above: the headings and titles over it, and the report's place and year.
        place: the report's city and province, as `scoring.place_lines`.
        is_frame: it is a title, a session or date line, a salutation or the like.
    """

    text: str
    above: str = ""
    place: str = ""
    is_frame: bool = False


class Reader:
    """Reads paragraphs of one snapshot. Safe to use from several threads."""

    def __init__(self, snapshot: Snapshot, scorer: Scorer) -> None:
        self._parts, self._scorer = snapshot.parts, scorer
        self._kept: OrderedDict[tuple[int, int], Passage] = OrderedDict()
        self._lock = Lock()

    def read(self, part: int, doc: int) -> Passage:
        """A document of one of the snapshot's parts."""
        key = (part, doc)
        with self._lock:
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
                return known
        passage = self._read(self._parts[part], doc)
        with self._lock:
            self._kept[key] = passage
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return passage

    def _read(self, part: Part, doc: int) -> Passage:
        data = part.data
        record = data.record(int(data.report_of[doc]))
        titles = (str(record[name]) for name in ("title", "city", "province", "year") if record.get(name))
        # Put together, since normalising costs by the call.
        above = _BORDER.join([*data.heading(doc), *titles])
        text, _, above = normalize_text(f"{data.text(doc)}{_END}{above}").rpartition(_END)
        return Passage(
            text=text,
            above=above,
            place=self._scorer.places[1][int(part.combination[doc])],
            is_frame=data.kind(doc) in FRAME,
        )
