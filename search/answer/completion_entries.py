"""What can be suggested, gathered from a version: terms, places, headings, reports, each with its keys.

A key is what one may type: characters of the normal form, pinyin in full, or initials. A heading is found from each
of its words on, without its number; a place by its short name too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Literal

from search.collection import Ask, View
from search.language.place_names import short_name
from search.language.plan import Filter
from search.language.text import Analyzer, normalize_text
from search.language.text.pinyin import Syllables, load_pinyin
from search.language.text.segment import HAN
from search.model import REPORT_TYPES, Report

MOST_HEADINGS = 20_000
MOST_REPORTS = 20_000
Key = tuple[Literal["characters", "pinyin", "initials"], str]
Keyed = tuple["Entry", Sequence[Key]]
PlaceField = Literal["city", "province"]

_NUMBERING = re.compile(
    r"^(?:第[一二三四五六七八九十百]+[章节条部分]+|[(（][一二三四五六七八九十百\d]+[)）]|[一二三四五六七八九十百]+(?=[、.．，,])|\d+(?=[、.．]))"
    r"[、.．，,:：\s]*"
)
_NOT_HAN = re.compile(f"[^{HAN}]+")
_HEADING_CHARS = range(3, 31)
_SHORTEST_REST = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to suggest. The greater the weight among its kind, the earlier it comes."""

    text: str
    kind: Literal["term", "heading", "place", "report"]
    count: int
    weight: float
    report: str | None = None


def iter_places(view: View, fields: Sequence[PlaceField] = ("city", "province")) -> Iterator[Keyed]:
    """The cities and provinces held, or those of one field, with the number of their reports."""
    counts: Counter[str] = Counter()
    for field in fields:
        counts.update({place.name: place.reports for place in view.places(field)})
    pinyin = load_pinyin()
    for name, count in sorted(counts.items()):
        keys: list[Key] = []
        for form in dict.fromkeys((name, short_name(name))):
            keys += [("characters", normalize_text(form)), *sounds(list(pinyin.readings(form)))]
        yield Entry(name, "place", count, float(count)), keys


def iter_reports(view: View, stopped: Event) -> Iterator[Keyed]:
    """Reports by their title, and by place and year; the newest if there are too many."""
    pinyin = load_pinyin()
    for report in view.reports(sort="-year", count=MOST_REPORTS)[1]:
        if stopped.is_set():
            return
        text = _report_name(report)
        place = report.city or report.province or ""
        names = [text]
        if place and report.year:
            names += [f"{place}{report.year}", f"{short_name(place)}{report.year}"]
        keys: list[Key] = [("characters", normalize_text(name)) for name in dict.fromkeys(names)]
        han = _NOT_HAN.sub("", text)
        entry = Entry(text, "report", report.paragraphs, float(report.year or 0), report.id)
        yield entry, [*keys, *sounds(list(pinyin.readings(han)))]


def _report_name(report: Report) -> str:
    """A report's title, with its year; without a title, its place, year and type."""
    title = " ".join((report.title or "").split())
    year = f"{report.year}年" if report.year else ""
    if title:
        return f"{title}（{year}）" if year and year[:4] not in title else title
    kind = report.type if report.type in REPORT_TYPES else ""
    return f"{report.city or report.province or ''}{year}{kind}"


def iter_headings(view: View, analyzer: Analyzer, stopped: Event) -> Iterator[Keyed]:
    """Headings without their numbers, by how many reports have them."""
    counts: Counter[str] = Counter()
    seen: set[tuple[str, str]] = set()
    for places in view.scan(Ask(Filter("kind", ("heading",)))):
        for heading in view.paragraphs([place.ref for place in places]):
            if stopped.is_set():
                return
            text = plain_heading(heading.text)
            mark = heading.report.id, text
            if len(text) in _HEADING_CHARS and mark not in seen:
                seen.add(mark)
                counts[text] += 1
    pinyin = load_pinyin()
    for text, count in sorted(counts.most_common(MOST_HEADINGS)):
        form = normalize_text(text)
        starts = [
            token.start
            for token in analyzer.query_tokens(text)
            if len(token.term) > 1 and not token.term.isascii() and len(form) - token.start >= _SHORTEST_REST
        ]
        keys: list[Key] = [("characters", form[start:]) for start in dict.fromkeys((0, *starts))]
        readings = list(pinyin.readings(_NOT_HAN.sub("", form)))
        yield Entry(text, "heading", count, float(count)), [*keys, *sounds(readings)]


def plain_heading(text: str) -> str:
    """A heading without its number and closing stop.

    Example:
        >>> plain_heading("（三）着力优化营商环境。")
        '着力优化营商环境'
    """
    plain = " ".join(text.split())
    return _NUMBERING.sub("", plain, count=1).rstrip("。：:；;，, ")


def sounds(readings: Sequence[Syllables]) -> list[Key]:
    keys: list[Key] = []
    for syllables in readings:
        keys.append(("pinyin", "".join(syllables)))
        keys.append(("initials", "".join([syllable[0] for syllable in syllables])))
    return keys
