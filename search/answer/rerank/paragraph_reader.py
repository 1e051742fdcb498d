"""Paragraphs as they are judged: in normal form, with what stands above them. Those read last are kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from operator import itemgetter
from threading import Lock

import numpy as np

from search.embedded.scoring import Scorer
from search.embedded.snapshot import Part, Snapshot
from search.language.text import normalize_text

KEPT = 2_000
"""So many paragraphs are kept: some megabytes. Who goes on typing is mostly shown the same ones."""
FRAME = frozenset(("title", "session", "date", "speaker", "salutation", "source"))
"""Kinds of paragraphs that say what a report is, and seldom what somebody looks for."""
_END, _BORDER, _PASSAGE = "\ue000", "\ue001", "\ue002"
"""Characters for private use, which no word has and normalising keeps."""
_TITLES = ("title", "city", "province", "year")


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
        return self.read_all([(part, doc)])[0]

    def read_all(self, places: Sequence[tuple[int, int]]) -> list[Passage]:
        """Documents, each a part's number and the document's; in their order."""
        kept = self._kept
        with self._lock:
            known = [kept.get(place) for place in places]
            for place, passage in zip(places, known, strict=True):
                if passage is not None:
                    kept.move_to_end(place)
        new = [place for place, passage in zip(places, known, strict=True) if passage is None]
        if not new:
            return [passage for passage in known if passage is not None]
        read = self._read(sorted(set(new)))
        with self._lock:
            kept.update(read)
            while len(kept) > KEPT:
                kept.popitem(last=False)
        return [passage or read[place] for place, passage in zip(places, known, strict=True)]

    def _read(self, places: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Passage]:
        """Documents as they lie on disk, all of a part's at once, and normalised at once: both cost by the call."""
        drafts = [
            draft
            for number, of_part in groupby(places, key=itemgetter(0))
            for draft in self._drafts(self._parts[number], [doc for _, doc in of_part])
        ]
        normal = normalize_text(_PASSAGE.join(drafts)).split(_PASSAGE)
        if len(normal) != len(drafts):  # A text has our sign for itself.
            normal = list(map(normalize_text, drafts))
        read = {}
        for (number, doc), draft in zip(places, normal, strict=True):
            part = self._parts[number]
            text, _, above = draft.strip(" ").rpartition(_END)
            place = self._scorer.places[1][int(part.combination[doc])]
            read[number, doc] = Passage(text, above, place, part.data.kind(doc) in FRAME)
        return read

    @staticmethod
    def _drafts(part: Part, docs: Sequence[int]) -> Iterator[str]:
        """What there is to read of some documents: the text, and behind it what stands above."""
        data = part.data
        headings = [data.heading_docs(doc) for doc in docs]
        wanted = sorted({*docs, *chain.from_iterable(headings)})
        texts = dict(zip(wanted, data.texts(np.array(wanted, dtype=np.int64)), strict=True))
        for doc, above, report in zip(docs, headings, data.report_of.take(docs).tolist(), strict=True):
            record = data.record(report)
            titles = [str(record[name]) for name in _TITLES if record.get(name)]
            yield texts[doc] + _END + _BORDER.join([*(texts[heading] for heading in above), *titles])
