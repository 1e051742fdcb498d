"""Paragraphs as reranking reads them: in normal form, with what stands above them. Those read last are kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from search.collection import Ref, StoredParagraph, Version, View
from search.language.statistics import place_lines
from search.language.text import normalize_text
from search.lru import LruCache

KEPT = 2_000
"""So many paragraphs are kept, some megabytes: who goes on typing mostly sees the same ones."""
FRAME = frozenset(("title", "session", "date", "speaker", "salutation", "source"))
"""Kinds of paragraphs that say what a report is, and are seldom what somebody looks for."""
_END, _BORDER, _PARAGRAPH = "\ue000", "\ue001", "\ue002"
"""Characters for private use, which no word has and normalising keeps."""


@dataclass(frozen=True, slots=True)
class ReadParagraph:
    """A paragraph to be scored, everything in normal form.

    Args:
        above: the headings and titles over it, and the report's place and year.
        place: the report's city and province, as `place_lines`.
        is_frame: it is a title, a session or date line, a salutation or the like.
        order: breaks ties: newest report first, then by source and place in it.
    """

    text: str
    above: str = ""
    place: str = ""
    is_frame: bool = False
    order: tuple[int, str, int] = (0, "", 0)


Kept = LruCache[tuple[Version, Ref], ReadParagraph]


class ParagraphReader:
    """Reads paragraphs of one view through a cache.

    Args:
        kept: shared by all readers.
    """

    def __init__(self, view: View, kept: Kept) -> None:
        self._view, self._kept, self._version = view, kept, view.version

    def read(self, refs: Sequence[Ref]) -> list[ReadParagraph]:
        """The paragraphs, in the order of `refs`."""
        version = self._version
        known = dict(zip(refs, self._kept.get_all([(version, ref) for ref in refs]), strict=True))
        new = [ref for ref, paragraph in known.items() if paragraph is None]
        if new:
            for ref, read in zip(new, _normalised(self._view.paragraphs(new)), strict=True):
                known[ref] = self._kept.put((self._version, ref), read)
        return [paragraph for ref in refs if (paragraph := known[ref]) is not None]


def _normalised(stored: Sequence[StoredParagraph]) -> Iterator[ReadParagraph]:
    """All normalised at once: it costs by the call."""
    drafts = [_draft(paragraph) for paragraph in stored]
    normal = normalize_text(_PARAGRAPH.join(drafts)).split(_PARAGRAPH)
    if len(normal) != len(drafts):  # a text has our sign for itself
        normal = list(map(normalize_text, drafts))
    for paragraph, draft in zip(stored, normal, strict=True):
        text, _, above = draft.strip(" ").rpartition(_END)
        report = paragraph.report
        yield ReadParagraph(
            text=text,
            above=above,
            place=place_lines(report.city, report.province),
            is_frame=paragraph.kind in FRAME,
            order=(-(report.year or 0), f"{report.source}#{report.id}", paragraph.n),
        )


def _draft(paragraph: StoredParagraph) -> str:
    """The text, and behind it what stands above."""
    report = paragraph.report
    titles = [str(value) for value in (report.title, report.city, report.province, report.year) if value]
    return paragraph.text + _END + _BORDER.join([*paragraph.heading, *titles])
