"""The values that cross module borders: queries in, results out.

Plain frozen data: nothing here knows of Whoosh, files, requests or HTML.
Spans are half open, in code points of the original text. Unknown is None.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Span = tuple[int, int]
Sort = Literal["relevance", "year", "-year"]

REPORT_TYPES = (
    "政协常委会工作报告",
    "政协提案工作报告",
    "政府工作报告",
    "人大常委会工作报告",
    "法院工作报告",
    "检察院工作报告",
    "新闻",
    "社论",
    "其他",
)
"""Values of `Report.type`; the last three are texts that belong to no report."""

FACETS = ("city", "year", "type", "province")


@dataclass(frozen=True, slots=True)
class Report:
    """One report's catalogue record, as `xiesou reports --json` prints it."""

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
    paragraphs: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One block of a report: `n` counts from 1 within the report, `id` is `<report id>-p<n>`.

    `kind` is title, session, date, speaker, salutation, heading, paragraph, list, table or appendix.
    `heading` is the path of headings above it, outermost first.
    """

    id: str
    n: int
    kind: str
    heading: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class ReportText:
    """A whole report. `evidence` maps a metadata field to what it was read from."""

    report: Report
    paragraphs: tuple[Paragraph, ...]
    evidence: Mapping[str, str] = field(default_factory=dict)
    set_aside: tuple[tuple[int | None, str, str], ...] = ()
    """What the file held beside its reports: (line, text, reason)."""


@dataclass(frozen=True, slots=True)
class Query:
    """What to search for. Several values in one filter group are alternatives; groups must all hold.

    None among a group's values chooses what is unknown there (`FacetValue.value` is None for it).

    Args:
        text: in the query language; "" means everything.
        report: ids of the reports to look in; () looks in all.
        synonyms: whether unquoted words find their other forms too.
        page: from 1.
        per_page: 1 to 100 hits.
    """

    text: str = ""
    city: tuple[str | None, ...] = ()
    province: tuple[str | None, ...] = ()
    year: tuple[int | None, ...] = ()
    type: tuple[str | None, ...] = ()
    sort: Sort = "relevance"
    page: int = 1
    per_page: int = 10
    report: tuple[str, ...] = ()
    synonyms: bool = True


@dataclass(frozen=True, slots=True)
class Hit:
    """A paragraph that matches. `spans` are the highlights in `text`, sorted and disjoint."""

    id: str
    n: int
    report: Report
    kind: str
    heading: tuple[str, ...]
    text: str
    spans: tuple[Span, ...]
    score: float
    tier: int = 1


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value with the total that choosing it would give. `value` is None for unknown."""

    value: str | int | None
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the searcher should be told: `code` for programs, `message` in Chinese for people.

    `position` is where in the query text it arose, in characters from 0; None where it has no one place.
    """

    code: str
    message: str
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a query that is being typed may become.

    `text` is the whole query with its last word completed; of a report, its title. `count` is how much is behind it:
    paragraphs with a term, reports with a heading or of a place, a report's paragraphs.
    """

    text: str
    kind: Literal["term", "heading", "place", "report"]
    count: int
    report: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A word of the query that can be a filter instead: `text` as typed, and the query without it."""

    field: Literal["city", "province", "year"]
    value: str | int
    text: str
    query_without: str


@dataclass(frozen=True, slots=True)
class WayOut:
    """What would give hits: `text` says what is given up, `total` is what `query` finds.

    `code` is drop_filter, drop_filters or drop_part; `field` is the filter's, None of a part of the query.
    """

    code: Literal["drop_filter", "drop_filters", "drop_part"]
    field: str | None
    text: str
    total: int
    query: Query


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why nothing was found, in sentences for people; `missing` are the words that are in no paragraph at all.

    `code` is empty_collection, missing_word, filters or combination: the first of these that is so.
    """

    code: Literal["empty_collection", "missing_word", "filters", "combination"]
    sentences: tuple[str, ...]
    missing: tuple[str, ...] = ()
    ways_out: tuple[WayOut, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of hits with exact totals. `reading` says in Chinese how the query was read.

    `reports` is the number of reports that the `total` paragraphs come from; None where the engine doesn't count them.
    """

    query: Query
    reading: str
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


@dataclass(frozen=True, slots=True)
class Stats:
    """What the collection holds. `coverage` has the number of reports for each (city, year)."""

    reports: int
    paragraphs: int
    cities: int
    years: tuple[int, ...]
    coverage: Mapping[tuple[str, int], int] = field(default_factory=dict)
    generation: int = 0
