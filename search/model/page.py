"""A page of hits, and all that is said beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from msgspec import Struct

from search.messages import Message, as_message, queries
from search.model.query import Query
from search.model.reports import PARTS, Report

Span = tuple[int, int]
TierName = Literal["phrase", "all", "some"]
TIERS: Mapping[int, TierName] = {1: "phrase", 2: "all", 3: "some"}


class Why(NamedTuple):
    """Where a hit of tier 2 has a chunk: its words apart, in a heading or the title above, or in another form."""

    chunk: str
    found: Literal["apart", "heading", "title", "synonym"]


class TierCounts(Struct, frozen=True):
    """What a tier finds, none of it counted by an earlier one; of tier 3 only how many are `listed`."""

    tier: int
    total: int | None = None
    occurrences: int | None = None
    reports: int | None = None
    listed: int | None = None

    @property
    def name(self) -> TierName:
        return TIERS[self.tier]


@dataclass(frozen=True, slots=True)
class OtherReading:
    """Another way to read the query, with the paragraphs that tier 1 finds with it."""

    text: Message
    query: Query
    total: int


class Hit(Struct, frozen=True):
    """A paragraph that matches. `spans` are the highlights in `text`, sorted and disjoint.

    `of_report` is how many paragraphs of its report match, where hits are grouped by report; else None. `occurrences`
    is how often it says what was asked for; `why` says, in tier 2, where the chunks are that don't stand uncut.
    `heading_spans` are highlights in its headings, one tuple for each; () where none has any. `part` and `ocr` are the
    paragraph's.
    """

    id: str
    n: int
    report: Report
    kind: str
    heading: tuple[str, ...]
    text: str
    spans: tuple[Span, ...]
    score: float
    tier: int = 1
    of_report: int | None = None
    occurrences: int = 0
    why: tuple[Why, ...] = ()
    part: str = PARTS[0]
    ocr: float | None = None
    heading_spans: tuple[tuple[Span, ...], ...] = ()
    same: tuple[Hit, ...] | None = None
    """Hits of the page that are folded under this one; None where nothing is folded."""


class FacetValue(NamedTuple):
    """A value with the total that choosing it would give. `value` is None for unknown."""

    value: str | int | None
    count: int  # type: ignore[assignment]  # hides tuple.count: a page makes hundreds, and a tuple is made fastest
    selected: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the searcher should be told.

    Args:
        message: what; its code is the notice's.
        position: where in the query text it first arose, in characters from 0; None where it has no one place.
        times: in how many places.
    """

    message: Message
    position: int | None = None
    times: int = 1

    @property
    def code(self) -> str:
        return self.message.code

    @property
    def said(self) -> Message:
        """The message, with how often where that is more than once."""
        if self.times == 1:
            return self.message
        return queries.IN_PLACES(notice=self.message, times=self.times)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a query that is being typed may become.

    `text` is the whole query with its last word completed, `alone` what completes it; of a report, its title. `count`
    is how much is behind it, in `unit`s: the paragraphs of tier 1 for a term's or a heading's text alone, the reports
    of a place, a report's paragraphs.
    """

    text: str
    kind: Literal["term", "heading", "place", "report"]
    count: int
    report: str | None = None
    alone: str = ""

    @property
    def unit(self) -> Literal["paragraphs", "reports"]:
        return "reports" if self.kind == "place" else "paragraphs"


@dataclass(frozen=True, slots=True)
class Offer:
    """A word of the query that can be a filter instead: `text` as typed, and the query without it."""

    field: Literal["city", "province", "year", "plan_year"]
    value: str | int
    text: str
    query_without: str


@dataclass(frozen=True, slots=True)
class WayOut:
    """What would give hits: `text` says what is given up, `total` is what `query` finds.

    `code` is drop_filter, drop_filters, drop_part or drop_quotes; `field` is the filter's, None of a part of the query.
    """

    code: Literal["drop_filter", "drop_filters", "drop_part", "drop_quotes"]
    field: str | None
    text: Message
    total: int
    query: Query


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why nothing was found, sentence by sentence; `missing` are the words that are in no paragraph at all.

    `code` is empty_collection, missing_word, filters or combination: the first of these that is so.
    """

    code: Literal["empty_collection", "missing_word", "filters", "combination"]
    sentences: tuple[Message, ...]
    missing: tuple[str, ...] = ()
    ways_out: tuple[WayOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Definition:
    """A glossary entry that defines what a query asks for, and the other entries that do.

    Args:
        term: as the entry defines it: the query's chunk, or another form of it.
        others: their reports, and their numbers in them; the best first.
    """

    term: str
    id: str
    n: int
    report: Report
    text: str
    spans: tuple[Span, ...]
    others: tuple[tuple[Report, int], ...] = ()


@dataclass(frozen=True, slots=True)
class LongerWord:
    """A word within which some of the occurrences lie, how many, and the query without the paragraphs that have it."""

    word: str
    occurrences: int
    query: Query


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of hits with exact totals. `reading` says how the query was read.

    `total` counts what is paged through: paragraphs, or reports where hits are grouped by report. `reports` is the
    number of reports that the paragraphs come from, `paragraphs` the number of paragraphs however they are grouped;
    None where the searcher doesn't count them.
    """

    query: Query
    reading: Message
    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetValue, ...]]
    notices: tuple[Notice, ...]
    took_ms: float
    reports: int | None = None
    did_you_mean: tuple[str, ...] = ()
    """The query in spellings that the collection uses far more, the best first."""
    offers: tuple[Offer, ...] = ()
    synonyms: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """What was looked for in other forms too: (form, its others)."""
    explanation: Explanation | None = None
    """Only where there are no hits."""
    paragraphs: int | None = None
    tiers: tuple[TierCounts, ...] = ()
    """Tiers 1 and 2, and 3 if it was made; `total` and facets count what `query.match` says."""
    paged: int = 0
    """How many hits there are on all pages together."""
    other_readings: tuple[OtherReading, ...] = ()
    filters: tuple[tuple[str, tuple[str | int | None, ...]], ...] = ()
    """Where the query asks for nothing but places, years and types: the filters that they are."""
    card: tuple[str, tuple[str | int | None, ...]] | None = None
    """The filter that the query's only chunk could be."""
    definition: Definition | None = None
    """Of a query of one chunk that glossaries define."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "reading", as_message(self.reading))
