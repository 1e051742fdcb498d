"""The collection as a list of paragraphs, scanned from end to end: what every law's answer is compared with.

Shares nothing with the searcher but the normal form of a text, which law 3 checks on its own.
"""

from __future__ import annotations

import random
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Protocol

from search.language.text import normalize, normalize_text
from search.model import FACETS, Query, Report, ReportText, Span

_WORD_OR_NUMBER = re.compile(r"[0-9]+[a-z](?![a-z0-9])|[0-9]+(?:\.[0-9]+)*|[a-z][a-z0-9]*(?:\.[0-9]+)*")
_BETWEEN = "\0"
"""Stands between two paragraphs; no normal form has it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph with its report."""

    id: str
    report: Report
    heading: tuple[str, ...]
    text: str
    part: str
    ocr: float | None

    def value(self, facet: str) -> Any:
        """Its value of a facet."""
        return self.part if facet == "part" else getattr(self.report, facet)


class Readable(Protocol):
    """What has reports that can be read whole."""

    def reports(self, *, others: bool = False) -> Sequence[Report]: ...

    def report(self, report_id: str) -> ReportText: ...


class Collection:
    """Every live paragraph, read through the reports."""

    def __init__(self, reader: Readable) -> None:
        self.rows = [
            Row(paragraph.id, report, paragraph.heading, paragraph.text, paragraph.part, paragraph.ocr)
            for report in reader.reports(others=True)
            for paragraph in reader.report(report.id).paragraphs
        ]
        self.report_ids = frozenset(report.id for report in reader.reports())
        self.texts = [row.text for row in self.rows]
        self.by_id = {row.id: row for row in self.rows}
        self.ids = frozenset(self.by_id)

    def count_reports(self, rows: Iterable[Row]) -> int:
        """How many reports paragraphs come from; texts that are no report are none."""
        return len(self.report_ids & {row.report.id for row in rows})

    @cached_property
    def _scan(self) -> tuple[str, list[int], frozenset[int]]:
        """All normal forms as one string, where each begins, and the borders that would cut a word or number."""
        forms = [normalize_text(row.text) for row in self.rows]
        begins, at = [], 0
        for form in forms:
            begins.append(at)
            at += len(form) + 1
        whole = _BETWEEN.join(forms)
        inner = frozenset(
            place
            for match in _WORD_OR_NUMBER.finditer(whole)
            for place in range(match.start() + 1, match.end())
        )
        return whole, begins, inner

    def find(self, string: str) -> frozenset[str]:
        """The ids of the paragraphs whose text contains `string`."""
        whole, begins, inner = self._scan
        form = normalize_text(string)
        found: set[str] = set()
        at = whole.find(form)
        while at >= 0:
            if at in inner or at + len(form) in inner:
                at = whole.find(form, at + 1)
                continue
            number = bisect_right(begins, at) - 1
            found.add(self.rows[number].id)
            if number + 1 == len(begins):
                break
            at = whole.find(form, begins[number + 1])
        return frozenset(found)

    def with_value(self, field: str, value: str | int | None) -> frozenset[str]:
        """The ids of the paragraphs whose report has the value; None is unknown."""
        return frozenset(row.id for row in self.rows if getattr(row.report, field) == value)

    def allowed(self, query: Query) -> frozenset[str]:
        """The ids of the paragraphs that the filters of `query` allow."""
        found = self.ids
        for field in FACETS:
            values = getattr(query, field)
            if values:
                found &= frozenset(row.id for row in self.rows if row.value(field) in values)
        if not query.part:
            found -= frozenset(row.id for row in self.rows if row.part == "批注")
        if query.report:
            found &= frozenset(row.id for row in self.rows if row.report.id in query.report)
        return found


def covered(text: str, strings: list[str]) -> set[int]:
    """The places of `text`, in its original characters, that an occurrence of one of the strings covers."""
    normal = normalize(text)
    inner = {
        place
        for match in _WORD_OR_NUMBER.finditer(normal.text)
        for place in range(match.start() + 1, match.end())
    }
    inside = [False] * (len(normal.text) + 1)
    for string in strings:
        form = normalize_text(string)
        for match in re.finditer(f"(?={re.escape(form)})", normal.text):
            start, end = match.start(), match.start() + len(form)
            if start not in inner and end not in inner:
                inside[start:end] = [True] * len(form)
    places: set[int] = set()
    for at in range(len(normal.text)):
        if inside[at]:
            begin = at - 1 if at and inside[at - 1] else at
            first, end = normal.to_original(begin, at + 1)
            places.update(range(first, end))
    return places


def span_places(text: str, spans: tuple[Span, ...]) -> set[int]:
    """The places that highlights cover; they are sorted, disjoint and within the text."""
    assert list(spans) == sorted(spans)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(a[1] < b[0] for a, b in pairwise(spans))
    return {place for start, end in spans for place in range(start, end)}


def random_strings(collection: Collection, chance: random.Random) -> Iterator[str]:
    """Strings to search for, without end: 1 to 12 characters of a paragraph as it stands, now and then one with a
    character changed, one at an ASCII word or a mark, or one that nobody wrote."""
    marked = [row.text for row in collection.rows if re.search(r"[A-Za-z0-9Ａ-Ｚ０-９]", row.text)]
    pool = sorted({character for row in collection.rows for character in row.text})
    while True:
        kind = chance.random()
        if kind < 0.05:
            yield "".join(chance.choice(pool) for _ in range(chance.randint(1, 4)))
            continue
        text = chance.choice(marked if kind < 0.2 and marked else collection.texts)
        start = chance.randrange(len(text))
        if kind < 0.2:
            near = [match.start() for match in re.finditer(r"[A-Za-z0-9Ａ-Ｚ０-９.．，。、；：“” ]", text)]
            start = max(0, chance.choice(near or [start]) - chance.randint(0, 3))
        string = text[start : start + chance.randint(1, 12)]
        if kind > 0.9:
            place = chance.randrange(len(string))
            string = string[:place] + chance.choice(pool) + string[place + 1 :]
        yield string
