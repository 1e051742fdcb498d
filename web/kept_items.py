"""What readers keep, by its ids: `<report id>` is a whole report, `<report id>-p<n>` a paragraph of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from search.answer.searcher import Searcher
from search.errors import ReportNotFound
from search.model import Paragraph, Report, ReportText

_PARAGRAPH = re.compile(r"(?P<report>.+)-p(?P<n>[1-9][0-9]{0,6})", re.ASCII | re.DOTALL)


@dataclass(frozen=True, slots=True)
class KeptItem:
    """A report, or one of its paragraphs, as the collection has it now."""

    id: str
    report: Report
    paragraph: Paragraph | None = None

    @property
    def n(self) -> int | None:
        return None if self.paragraph is None else self.paragraph.n


def split_id(item: str) -> tuple[str, int | None]:
    """The report's id, and the number of the paragraph, None for the whole report.

    Example:
        >>> split_id("3c94bc5379-p12"), split_id("3c94bc5379")
        (('3c94bc5379', 12), ('3c94bc5379', None))
    """
    found = _PARAGRAPH.fullmatch(item)
    return (item, None) if found is None else (found["report"], int(found["n"]))


def find_items(searcher: Searcher, ids: Sequence[str]) -> list[KeptItem | None]:
    """Each in the order asked for; None where the collection no longer has it. A report is read once."""
    texts: dict[str, ReportText | None] = {}
    found: list[KeptItem | None] = []
    for item in ids:
        report_id, n = split_id(item)
        if report_id not in texts:
            try:
                texts[report_id] = searcher.report(report_id)
            except ReportNotFound:
                texts[report_id] = None
        found.append(_find(item, texts[report_id], n))
    return found


def _find(item: str, text: ReportText | None, n: int | None) -> KeptItem | None:
    if text is None:
        return None
    if n is None:
        return KeptItem(item, text.report)
    paragraph = next((one for one in text.paragraphs if one.n == n), None)
    return None if paragraph is None else KeptItem(item, text.report, paragraph)
