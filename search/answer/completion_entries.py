"""What can be suggested, gathered from a generation: terms, places, headings, reports, each with its keys.

A key is what one may type: characters of the normal form, pinyin in full, or initials. A heading is found from each
of its words on, without its number; a place by its short name too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Any, Literal

import numpy as np

from search.answer.lexicon import Lexicon
from search.embedded.segment import KINDS, SegmentData
from search.embedded.snapshot import Snapshot
from search.language.text import Analyzer, normalize_text
from search.language.text.pinyin import Syllables, load_pinyin
from search.language.text.segment import HAN
from search.model import REPORT_TYPES

MOST_HEADINGS = 20_000
MOST_REPORTS = 20_000
SUFFIXES = ("特别行政区", "自治州", "自治区", "自治县", "地区", "新区", "市", "省", "盟", "州", "县", "区")
"""What a short place name leaves out."""

Key = tuple[Literal["characters", "pinyin", "initials"], str]
Keyed = tuple["Entry", Sequence[Key]]

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


def iter_terms(lexicon: Lexicon) -> Iterator[Keyed]:
    """The collection's words; a long word that is used as much as a short one is the more useful completion."""
    for term, paragraphs, uses, readings in zip(
        lexicon.terms, lexicon.paragraphs, lexicon.uses, lexicon.readings, strict=True
    ):
        weight = min(uses, paragraphs) * (1 + 0.25 * (len(term) - 2))
        yield Entry(term, "term", paragraphs, weight), [("characters", term), *_sounds(readings)]


def iter_places(snapshot: Snapshot, fields: Sequence[str] = ("city", "province")) -> Iterator[Keyed]:
    """The cities and provinces held, or those of one field, with the number of their reports."""
    counts: Counter[str] = Counter()
    for part in snapshot.parts:
        live = part.data.live_reports()
        for field in fields:
            column, names = part.data.catalogue[field], part.data.catalogue.meta["values"][field]
            of_place = np.bincount(column[live & (column >= 0)], minlength=len(names))
            counts.update({name: int(n) for name, n in zip(names, of_place, strict=True) if n})
    pinyin = load_pinyin()
    for place, count in sorted(counts.items()):
        keys: list[Key] = []
        for name in dict.fromkeys((place, short_name(place))):
            keys += [("characters", normalize_text(name)), *_sounds(list(pinyin.readings(name)))]
        yield Entry(place, "place", count, float(count)), keys


def short_name(place: str) -> str:
    """A place's name without what kind of place it is: 四平 of 四平市."""
    for suffix in SUFFIXES:
        if place.endswith(suffix) and len(place) - len(suffix) >= 2:
            return place[: -len(suffix)]
    return place


def iter_reports(snapshot: Snapshot, stopped: Event) -> Iterator[Keyed]:
    """Reports by their title, and by place and year; the newest where there are too many."""
    found: list[tuple[int, SegmentData, int]] = []
    for part in snapshot.parts:
        data = part.data
        chosen = np.flatnonzero(data.live_reports() & (data.catalogue["is_report"] != 0))
        years = data.catalogue["year"]
        found += [(int(years[report]), data, report) for report in chosen.tolist()]
    found.sort(key=lambda of: -of[0])
    pinyin = load_pinyin()
    for year, data, report in found[:MOST_REPORTS]:
        if stopped.is_set():
            return
        record = data.record(report)
        text = _report_name(record)
        place = record.get("city") or record.get("province") or ""
        names = [text]
        if place and year:
            names += [f"{place}{year}", f"{short_name(place)}{year}"]
        keys: list[Key] = [("characters", normalize_text(name)) for name in dict.fromkeys(names)]
        han = _NOT_HAN.sub("", text)
        yield (
            Entry(text, "report", record.get("paragraphs", 0), float(year), record["id"]),
            [*keys, *_sounds(list(pinyin.readings(han)))],
        )


def _report_name(record: dict[str, Any]) -> str:
    """A report's title, with its year; where it has none, its place, year and type."""
    title = " ".join(str(record.get("title") or "").split())
    year = f"{record['year']}年" if record.get("year") else ""
    if title:
        return f"{title}（{year}）" if year and year[:4] not in title else title
    kind = record.get("type")
    return f"{record.get('city') or record.get('province') or ''}{year}{kind if kind in REPORT_TYPES else ''}"


def iter_headings(snapshot: Snapshot, analyzer: Analyzer, stopped: Event) -> Iterator[Keyed]:
    """Headings without their numbers, by how many reports have them."""
    counts: Counter[str] = Counter()
    for part in snapshot.parts:
        data = part.data
        heading = data.paragraphs["kind"] == KINDS.index("heading")
        docs = np.flatnonzero(heading if data.live is None else heading & data.live)
        seen: set[tuple[int, str]] = set()
        for doc in docs.tolist():
            if stopped.is_set():
                return
            text = plain_heading(data.text(doc))
            mark = int(data.report_of[doc]), text
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
        yield Entry(text, "heading", count, float(count)), [*keys, *_sounds(readings)]


def plain_heading(text: str) -> str:
    """A heading without its number and closing stop.

    Example:
        >>> plain_heading("（三）着力优化营商环境。")
        '着力优化营商环境'
    """
    plain = " ".join(text.split())
    return _NUMBERING.sub("", plain, count=1).rstrip("。：:；;，, ")


def _sounds(readings: Sequence[Syllables]) -> list[Key]:
    keys: list[Key] = []
    for syllables in readings:
        keys.append(("pinyin", "".join(syllables)))
        keys.append(("initials", "".join([syllable[0] for syllable in syllables])))
    return keys
