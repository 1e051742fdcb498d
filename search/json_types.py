"""The JSON of the API and of `--json` as dataclasses: a field per key, in the order in which keys are written.

`search.json_form` fills them from the values of `search.model`; `web.openapi` derives the published schemas from
them, so a class's name is its schema's name and its docstring the schema's description. A field that defaults to
UNSET is left out of the JSON unless it is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from search.model import ContextSort, Sort

Count = Annotated[int, Meta(ge=0)]
Rank = Annotated[int, Meta(ge=1)]
Rate = Annotated[float, Meta(ge=0)]
Span = Annotated[list[Count], Meta(min_length=2, max_length=2)]
"""[start, end): half open, in code points of the text."""


@dataclass(frozen=True, slots=True)
class Query:
    """The query as it was understood. `null` in a filter stands for unknown; `group` is present if hits are grouped."""

    q: str
    reading: str
    city: list[str | None]
    year: list[int | None]
    type: list[str | None]
    province: list[str | None]
    report: list[str]
    sort: Sort
    synonyms: bool
    page: Rank
    per_page: Rank
    group: Literal["report"] | UnsetType = UNSET


@dataclass(frozen=True, slots=True)
class ReportRef:
    """The report that a paragraph belongs to, with its address on this server."""

    id: str
    title: str | None
    city: str | None
    province: str | None
    year: int | None
    type: str | None
    url: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A paragraph that matches; `spans` are the highlights in `text`.

    `tier` is 1 for a full match and 2 for a partial one. `of_report`, present if hits are grouped by report, is how
    many paragraphs of the report match.
    """

    id: str
    report: ReportRef
    heading: list[str]
    text: str
    spans: list[Span]
    score: float
    tier: Rank
    url: str
    of_report: Count | UnsetType | None = UNSET


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A filter value with the total that choosing it would give; `null` is unknown."""

    value: str | int | None
    count: Count
    selected: bool


@dataclass(frozen=True, slots=True)
class Facets:
    """The values of each filter, counted with the filters of the other groups applied."""

    city: list[FacetValue]
    year: list[FacetValue]
    type: list[FacetValue]
    province: list[FacetValue]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to know about the query; `position` is a character offset in `q`."""

    code: str
    message: str
    position: Count | None


@dataclass(frozen=True, slots=True)
class Offer:
    """A word of the query that can be a filter instead, and the query without it."""

    field: Literal["city", "province", "year"]
    value: str | int
    text: str
    query_without: str


@dataclass(frozen=True, slots=True)
class SynonymGroup:
    """Other forms that were searched for together with `form`."""

    form: str
    others: list[str]


@dataclass(frozen=True, slots=True)
class WayOutQuery:
    """The query and filters of a way out."""

    q: str
    city: list[str | None]
    year: list[int | None]
    type: list[str | None]
    province: list[str | None]


@dataclass(frozen=True, slots=True)
class WayOut:
    """A change to the query that finds something; `total` is how many paragraphs."""

    code: Literal["drop_filter", "drop_filters", "drop_part", "drop_quotes"]
    field: str | None
    text: str
    total: Count
    query: WayOutQuery


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why nothing was found; `missing` are words that occur in no paragraph."""

    code: Literal["empty_collection", "missing_word", "filters", "combination"]
    sentences: list[str]
    missing: list[str]
    ways_out: list[WayOut]


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses of the previous and the next page; `null` if there is none that can be reached."""

    prev: str | None
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """One page of hits with exact totals.

    `total` counts what is paged through: paragraphs, or reports if hits are grouped; `paragraphs` is present only
    then. `partial` partial matches (tier 2) follow; no total and no facet counts them.
    """

    query: Query
    total: Count
    reports: Count | None
    partial: Count
    hits: list[Hit]
    facets: Facets
    notices: list[Notice]
    did_you_mean: list[str]
    offers: list[Offer]
    synonyms: list[SynonymGroup]
    explanation: Explanation | None
    took_ms: Rate
    paragraphs: Count | UnsetType | None = UNSET


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion of the query; `count` is how many paragraphs or reports are behind it."""

    text: str
    kind: Literal["term", "heading", "place", "report"]
    count: Count
    url: str | None


@dataclass(frozen=True, slots=True)
class SuggestAnswer:
    suggestions: list[Suggestion]


@dataclass(frozen=True, slots=True)
class CountAnswer:
    """How much a search finds; `repeated` of the paragraphs occur earlier in the same source file."""

    query: Query
    paragraphs: Count
    occurrences: Count
    reports: Count
    repeated: Count


@dataclass(frozen=True, slots=True)
class Held:
    """What the filters leave of the collection."""

    paragraphs: Count
    characters: Count
    reports: Count


@dataclass(frozen=True, slots=True)
class Cell:
    """What one city and year say and hold."""

    city: str | None
    year: int | None
    paragraphs: Count
    occurrences: Count
    reports: Count
    held: Held
    per_10k_chars: Rate | None
    report_share: Rate | None


@dataclass(frozen=True, slots=True)
class TrendsAnswer:
    """A search by year (`city` is `null`), by city (`year` is `null`) and by both; unknown is `null` too."""

    query: Query
    total: Cell
    years: list[Cell]
    cities: list[Cell]
    matrix: list[Cell]


@dataclass(frozen=True, slots=True)
class ConcordanceLine:
    """One occurrence with its left and right context; `id` and `n` are its paragraph's."""

    id: str
    n: Rank
    report: ReportRef
    left: str
    keyword: str
    right: str
    url: str


@dataclass(frozen=True, slots=True)
class ConcordanceAnswer:
    """One page of occurrences. `order` is the order they are in; if it isn't the one asked for, a notice says why."""

    query: Query
    order: ContextSort
    total: Count
    lines: list[ConcordanceLine]
    notices: list[Notice]
    links: Links


@dataclass(frozen=True, slots=True)
class Report:
    """A report's catalogue record; `null` is unknown."""

    id: str
    source: str
    title: str | None
    type: str | None
    city: str | None
    province: str | None
    level: str | None
    year: int | None
    review_year: int | None
    date: str | None
    session: str | None
    speaker: str | None
    paragraphs: Count


@dataclass(frozen=True, slots=True)
class ReportsAnswer:
    total: Count
    reports: list[Report]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block of a report; `n` counts from 1, `heading` is the path of headings above it, outermost first."""

    id: str
    n: Rank
    kind: str
    heading: list[str]
    text: str


@dataclass(frozen=True, slots=True)
class SetAside:
    """A line of the source file that belongs to no report, and why."""

    line: int | None
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReportAnswer:
    """A whole report. `evidence` maps a field to the words its value was read from."""

    report: Report
    paragraphs: list[Paragraph]
    evidence: dict[str, str]
    set_aside: list[SetAside]


@dataclass(frozen=True, slots=True)
class Error:
    """What is wrong; `field` is the parameter at fault."""

    code: str
    message: str
    field: str | None


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    error: Error


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchAnswer(SearchResult):
    """A page of hits as the API sends it: with the addresses of its neighbours."""

    links: Links
