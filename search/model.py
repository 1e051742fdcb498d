"""The values that cross module borders: queries in, results out.

Plain frozen data: nothing here knows of Whoosh, files, requests or HTML.
Spans are half open, in code points of the original text. Unknown is None.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple

from msgspec import Struct

from search.messages import Message, as_message, queries

Span = tuple[int, int]
Sort = Literal["relevance", "year", "-year", "added", "-added"]
YearField = Literal["year", "plan_year"]
Axis = Literal["plan", "delivered"]
AXIS_FIELDS: Mapping[Axis, YearField] = {"plan": "plan_year", "delivered": "year"}
"""The field of a report that a year stands for on each axis."""
Group = Literal["", "report"]
Match = Literal["phrase", "all"]
"""How unquoted chunks are matched: tier 1 alone is counted, or tiers 1 and 2."""
TierName = Literal["phrase", "all", "some"]
TIERS: Mapping[int, TierName] = {1: "phrase", 2: "all", 3: "some"}
ContextSort = Literal["left", "right", "left2", "right2", "order"]
"""What lines are sorted by: the context on a side from its first or second word on, or nothing."""

REPORT_TYPES = (
    "政协常委会工作报告",
    "政协提案工作报告",
    "政府工作报告",
    "人大常委会工作报告",
    "法院工作报告",
    "检察院工作报告",
    "预算报告",
    "计划报告",
    "新闻",
    "社论",
    "决议",
    "说明",
    "其他",
)
"""Values of `Report.type`."""

OTHER_TYPES = ("新闻", "社论", "决议", "说明", "其他")
"""Those of texts that are no reports."""

LEVELS = ("国家", "省", "市", "县")
"""Values of `Report.level`."""

PARTS = ("正文", "标题", "名词解释", "附件", "批注")
"""Values of `Paragraph.part`: running text; titles and headings; glossaries and notes; annexes; Word's comments."""

COMMENTS = "批注"
"""The part that is left out of a search unless it is asked for."""

REPORT_FACETS = ("city", "year", "type", "province", "plan_year", "level")
"""Facets of a report: all its paragraphs have the same value."""

FACETS = (*REPORT_FACETS, "part")
YEAR_FIELDS: tuple[YearField, ...] = ("year", "plan_year")


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
    code: str | None = None
    """The division code of the place, GB/T 2260; not part of the promised list of reports."""
    plan_year: int | None = None
    """The year whose work the report lays out."""
    added: str | None = None
    """When it came into the collection, UTC, such as 2026-01-31T08:00:00Z; an update doesn't change it."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One block of a report: `n` counts from 1 within the report, `id` is `<report id>-p<n>`.

    `kind` is title, session, date, speaker, salutation, heading, paragraph, list, table, appendix, footnote, textbox …
    `heading` is the path of headings above it, outermost first. `joined`: halves cut by a page break were put together.
    `part` is one of `PARTS`; `ocr`: how sure the recognition of a picture was, 0 to 1, None where the source has text.
    """

    id: str
    n: int
    kind: str
    heading: tuple[str, ...]
    text: str
    joined: bool = False
    part: str = PARTS[0]
    ocr: float | None = None


@dataclass(frozen=True, slots=True)
class ReportText:
    """A whole report. `evidence` maps a metadata field to what it was read from."""

    report: Report
    paragraphs: tuple[Paragraph, ...]
    evidence: Mapping[str, Message] = field(default_factory=dict)
    set_aside: tuple[tuple[int | None, str, Message], ...] = ()
    """What the file held beside its reports: (line, text, reason)."""
    problems: tuple[Message, ...] = ()
    """Where the source contradicts itself about the report, and what was taken."""

    def __post_init__(self) -> None:
        """The catalogue keeps messages as JSON, and old indexes bare words."""
        evidence: Mapping[str, Any] = {name: as_message(said) for name, said in self.evidence.items()}
        object.__setattr__(self, "evidence", evidence)
        aside = tuple((line, text, as_message(reason)) for line, text, reason in self.set_aside)
        object.__setattr__(self, "set_aside", aside)
        object.__setattr__(self, "problems", tuple(map(as_message, self.problems)))


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
        group: "report" gives each report once, by its best paragraph; totals are then of reports.
        match: what is counted: tier 1 (every chunk stands in the text uncut), or tiers 1 and 2 (docs/counting.md).
        part: the parts of reports to look in; () looks in all but Word's comments.
        added: the first and last day on which reports came in, such as 2026-01-31; None leaves an end open.
        ocr: whether text that was recognised in a picture is looked at.
        fold: whether hits of a page that say the same in other reports are folded under the first of them.
        axis: which year a distribution goes by: that whose work a report lays out, or that of its delivery.
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
    group: Group = ""
    match: Match = "phrase"
    plan_year: tuple[int | None, ...] = ()
    level: tuple[str | None, ...] = ()
    part: tuple[str, ...] = ()
    added: tuple[str | None, str | None] = (None, None)
    ocr: bool = True
    axis: Axis = "plan"
    fold: bool = False

    @property
    def year_field(self) -> YearField:
        """The field of a report that the axis goes by."""
        return AXIS_FIELDS[self.axis]


FILTERS = (*FACETS, "report", "added", "ocr")
"""The fields of a query that narrow what is searched, beside its text."""
_ANY = Query()


def filters_of(query: Query) -> tuple[str, ...]:
    """The filters that a query has."""
    return tuple(name for name in FILTERS if getattr(query, name) != getattr(_ANY, name))


def without_filters(query: Query, names: Sequence[str] = FILTERS) -> Query:
    """The query without some of its filters, on page 1."""
    changes: dict[str, Any] = {name: getattr(_ANY, name) for name in names}
    return replace(query, page=1, **changes)


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


@dataclass(frozen=True, slots=True)
class Stats:
    """What the collection holds.

    `coverage` has the number of reports for each place (a city, else the province) and work year.
    """

    reports: int
    paragraphs: int
    cities: int
    years: tuple[int, ...]
    coverage: Mapping[tuple[str, int], int] = field(default_factory=dict)
    generation: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """What a search finds, counted by the rules of docs/counting.md.

    Args:
        paragraphs: those that match.
        occurrences: highlighted spans in all of them.
        reports: those that the paragraphs come from.
        repeated: how many of the paragraphs stand earlier in their own file already.
        of_ocr: how many of the paragraphs were recognised in a picture.
    """

    paragraphs: int
    occurrences: int
    reports: int
    repeated: int = 0
    of_ocr: int = 0


@dataclass(frozen=True, slots=True)
class ConcordanceLine:
    """One occurrence with what stands around it in its paragraph; `id`, `n`, `ocr`, `part` are the paragraph's."""

    id: str
    n: int
    report: Report
    left: str
    keyword: str
    right: str
    ocr: float | None = None
    part: str = PARTS[0]


@dataclass(frozen=True, slots=True)
class ConcordancePage:
    """One page of occurrences. `sort` is the order that the lines are really in; a notice says why it is another.

    `total` counts the lines: all `occurrences`, or a random sample of them, whose `seed` is then no None.
    """

    query: Query
    sort: ContextSort
    page: int
    per_page: int
    total: int
    occurrences: int
    lines: tuple[ConcordanceLine, ...]
    seed: int | None = None
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """What one city and year say and hold; either may be None for unknown.

    Args:
        paragraphs, occurrences, reports: what matches; `reports` are those with a paragraph that matches.
        held_paragraphs, held_characters, held_reports: what the filters leave of the collection there.
    """

    city: str | None
    year: int | None
    paragraphs: int
    occurrences: int
    reports: int
    held_paragraphs: int
    held_characters: int
    held_reports: int

    @property
    def per_10k_chars(self) -> float | None:
        """Occurrences in 10,000 characters; None where nothing is held."""
        return self.occurrences * 10_000 / self.held_characters if self.held_characters else None

    @property
    def report_share(self) -> float | None:
        """The share of reports that say it, 0 to 1; None where none is held."""
        return self.reports / self.held_reports if self.held_reports else None


@dataclass(frozen=True, slots=True)
class Distribution:
    """A search over cities and years: every cell in which something is held, with zeros where nothing matches.

    A city and year without a cell hold no report. Cells are by city, then year; unknown last.
    """

    query: Query
    cells: tuple[Cell, ...]

    @property
    def years(self) -> tuple[Cell, ...]:
        """All cities together, year by year (`city` is None)."""
        return _sum_cells(self.cells, "year")

    @property
    def cities(self) -> tuple[Cell, ...]:
        """All years together, city by city (`year` is None)."""
        return _sum_cells(self.cells, "city")

    @property
    def total(self) -> Cell:
        """Everything together."""
        return _sum_cells(self.cells, "")[0] if self.cells else Cell(None, None, 0, 0, 0, 0, 0, 0)


def _sum_cells(cells: tuple[Cell, ...], by: Literal["city", "year", ""]) -> tuple[Cell, ...]:
    groups: dict[str | int | None, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(getattr(cell, by) if by else None, []).append(cell)
    names = (
        "paragraphs", "occurrences", "reports", "held_paragraphs", "held_characters", "held_reports"
    )  # fmt: skip
    summed = []
    for value, members in sorted(groups.items(), key=lambda item: (item[0] is None, item[0])):
        sums = {name: sum(getattr(cell, name) for cell in members) for name in names}
        city = str(value) if by == "city" and value is not None else None
        year = int(value) if by == "year" and value is not None else None
        summed.append(Cell(city, year, **sums))
    return tuple(summed)
