"""The JSON of the API and of `--json` as structs: a field per key, in the order in which keys are written.

`search.json_form` fills them from the values of `search.model`; `web.openapi` derives the published schemas from
them, so a class's name is its schema's name and its docstring the schema's description. A field that defaults to
UNSET is left out of the JSON unless it is given.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from search.model import Axis, ContextSort, Sort

Count = Annotated[int, Meta(ge=0)]
Rank = Annotated[int, Meta(ge=1)]
Rate = Annotated[float, Meta(ge=0)]
Span = Annotated[list[Count], Meta(min_length=2, max_length=2)]
"""[start, end): half open, in code points of the text."""


Args = dict[str, Any]
"""What fills the sentence of a code: texts, numbers, `null`, lists of these, or messages as `{"code", "args"}`."""


class Value(Struct, frozen=True):
    """Base of all: immutable, and made several times faster than a frozen dataclass; a page has hundreds."""


class Query(Value, frozen=True):
    """The query as it was understood; `null` in a filter stands for unknown. `group`, `fold` are present if hits are.

    `added` are the first and last day on which reports came in, `null` where that end is open. `axis` is the year that
    distributions go by.
    """

    q: str
    reading: str
    reading_code: str
    reading_args: Args
    city: list[str | None]
    year: list[int | None]
    type: list[str | None]
    province: list[str | None]
    plan_year: list[int | None]
    level: list[str | None]
    part: list[str]
    report: list[str]
    added: Annotated[list[str | None], Meta(min_length=2, max_length=2)]
    ocr: bool
    axis: Axis
    sort: Sort
    synonyms: bool
    match: Literal["phrase", "all"]
    page: Rank
    per_page: Rank
    group: Literal["report"] | UnsetType = UNSET
    fold: bool | UnsetType = UNSET


class ReportRef(Value, frozen=True):
    """The report that a paragraph belongs to, with its address on this server."""

    id: str
    title: str | None
    city: str | None
    province: str | None
    level: str | None
    year: int | None
    plan_year: int | None
    type: str | None
    added: str | None
    url: str


class Why(Value, frozen=True):
    """Where a hit of tier 2 has a chunk that doesn't stand in its text uncut."""

    chunk: str
    found: Literal["apart", "heading", "title", "synonym"]


class Tier(Value, frozen=True):
    """What a tier finds and no earlier one: `total` paragraphs. Of tier 3 only some are `listed`."""

    tier: Rank
    name: Literal["phrase", "all", "some"]
    total: Count | UnsetType = UNSET
    occurrences: Count | UnsetType = UNSET
    reports: Count | UnsetType = UNSET
    listed: Count | UnsetType = UNSET


class Others(Value, frozen=True):
    """Other paragraphs, by their ids."""

    count: Count
    ids: list[str]


class Hit(Value, frozen=True):
    """A paragraph that matches; `spans` are the highlights in `text`.

    `tier` is 1 where every chunk stands in the text uncut, 2 where its words stand apart, above or in another form
    (`why` says which), 3 for a partial match. `occurrences` counts what the text says. `of_report`, present if hits
    are grouped by report, is how many paragraphs of the report match. `same`, present if hits are folded, are those of
    the page that say the same in other reports. `ocr` is how sure the recognition of a picture
    was, 0 to 1; `null` if the source has text.
    """

    id: str
    report: ReportRef
    part: str
    heading: list[str]
    text: str
    ocr: float | None
    spans: list[Span]
    score: float
    tier: Rank
    occurrences: Count
    url: str
    of_report: Count | UnsetType | None = UNSET
    why: list[Why] | UnsetType = UNSET
    same: Others | UnsetType = UNSET


class FacetValue(Value, frozen=True):
    """A filter value with the total that choosing it would give; `null` is unknown."""

    value: str | int | None
    count: Count
    selected: bool


class Facets(Value, frozen=True):
    """The values of each filter, counted with the filters of the other groups applied."""

    city: list[FacetValue]
    year: list[FacetValue]
    type: list[FacetValue]
    province: list[FacetValue]
    plan_year: list[FacetValue]
    level: list[FacetValue]
    part: list[FacetValue]


class Notice(Value, frozen=True):
    """Something to know about the query; `position` is a character offset in `q`, `times` in how many places."""

    code: str
    message: str
    args: Args
    position: Count | None
    times: Rank


class Offer(Value, frozen=True):
    """A word of the query that can be a filter instead, and the query without it."""

    field: Literal["city", "province", "year", "plan_year"]
    value: str | int
    text: str
    query_without: str


class OtherReading(Value, frozen=True):
    """Another way to read the query, as words and as a query; `total` is what tier 1 finds with it."""

    text: str
    text_code: str
    text_args: Args
    q: str
    total: Count


class ReportFilters(Value, frozen=True):
    """A field of reports, and values to filter by."""

    field: str
    values: list[str | int | None]


class SynonymGroup(Value, frozen=True):
    """Other forms that were searched for together with `form`."""

    form: str
    others: list[str]


class WayOutQuery(Value, frozen=True):
    """The query and filters of a way out."""

    q: str
    city: list[str | None]
    year: list[int | None]
    type: list[str | None]
    province: list[str | None]
    plan_year: list[int | None]
    level: list[str | None]
    part: list[str]
    report: list[str]
    added: Annotated[list[str | None], Meta(min_length=2, max_length=2)]
    ocr: bool


class Message(Value, frozen=True):
    """What a sentence says, the same in every language."""

    code: str
    args: Args


class WayOut(Value, frozen=True):
    """A change to the query that finds something; `total` is how many paragraphs."""

    code: Literal["drop_filter", "drop_filters", "drop_part", "drop_quotes"]
    field: str | None
    text: str
    text_code: str
    text_args: Args
    total: Count
    query: WayOutQuery


class Explanation(Value, frozen=True):
    """Why nothing was found; `messages` are the sentences as codes, `missing` are words that occur in no paragraph."""

    code: Literal["empty_collection", "missing_word", "filters", "combination"]
    sentences: list[str]
    messages: list[Message]
    missing: list[str]
    ways_out: list[WayOut]


class Links(Value, frozen=True):
    """The addresses of the previous and the next page; `null` if there is none that can be reached."""

    prev: str | None
    next: str | None


class SearchResult(Value, frozen=True, kw_only=True):
    """One page of hits with exact totals.

    `total` counts paragraphs, or reports if hits are grouped; `paragraphs` is present only then. They and the facets
    count tier 1; with `match=all`, tiers 1 and 2 together. `card` is the filter that a query of one place, year or
    type could be; `filters` are those that a query of nothing else is. `definition` is a glossary's, of a query of one
    chunk.
    """

    query: Query
    axis: Axis
    total: Count
    reports: Count | None
    match: Literal["phrase", "all"]
    tiers: list[Tier]
    hits: list[Hit]
    facets: Facets
    notices: list[Notice]
    did_you_mean: list[str]
    offers: list[Offer]
    other_readings: list[OtherReading]
    filters: list[ReportFilters]
    card: ReportFilters | None
    definition: Definition | None
    synonyms: list[SynonymGroup]
    explanation: Explanation | None
    took_ms: Rate
    paragraphs: Count | UnsetType | None = UNSET


class Definition(Value, frozen=True):
    """A glossary entry that defines what the query asks for; `others` define it too, the best first.

    `term` is the query's chunk, or another form of it.
    """

    term: str
    id: str
    report: ReportRef
    text: str
    spans: list[Span]
    url: str
    others: Others


class Suggestion(Value, frozen=True):
    """A completion of the query; `count` is how much is behind it, in `unit`.

    Of a term or heading it is the paragraphs of tier 1 for that text alone, with the filters.
    """

    text: str
    kind: Literal["term", "heading", "place", "report"]
    count: Count
    unit: Literal["paragraphs", "reports"]
    url: str | None


class SuggestAnswer(Value, frozen=True):
    suggestions: list[Suggestion]


class LongerWord(Value, frozen=True):
    """A word within which occurrences lie, how many, and the query text that leaves its paragraphs out."""

    word: str
    occurrences: Count
    query: str


class CountAnswer(Value, frozen=True):
    """How much a search finds; `repeated` of the paragraphs occur earlier in the same source file.

    `of_ocr` of them were recognised in a picture. `longer_words` are words within which occurrences lie, the most
    frequent first, of a query of one chunk.
    """

    query: Query
    paragraphs: Count
    occurrences: Count
    reports: Count
    repeated: Count
    of_ocr: Count
    longer_words: list[LongerWord]


class Held(Value, frozen=True):
    """What the filters leave of the collection."""

    paragraphs: Count
    characters: Count
    reports: Count


class Cell(Value, frozen=True):
    """What one city and year say and hold."""

    city: str | None
    year: int | None
    paragraphs: Count
    occurrences: Count
    reports: Count
    held: Held
    per_10k_chars: Rate | None
    report_share: Rate | None


class TrendsAnswer(Value, frozen=True):
    """A search by year (`city` is `null`), by city (`year` is `null`) and by both; unknown is `null` too.

    `axis` says which year a cell's is: that of the work (`plan`) or of delivery.
    """

    query: Query
    axis: Axis
    total: Cell
    years: list[Cell]
    cities: list[Cell]
    matrix: list[Cell]


class ConcordanceLine(Value, frozen=True):
    """One occurrence with its left and right context; `id`, `n` and `ocr` are its paragraph's."""

    id: str
    n: Rank
    report: ReportRef
    left: str
    keyword: str
    right: str
    ocr: float | None
    url: str


class SampleOfLines(Value, frozen=True):
    """A random sample: so many lines `of` all occurrences; the seed gives the same ones again."""

    lines: Count
    seed: int
    of: Count


class ConcordanceAnswer(Value, frozen=True):
    """One page of occurrences. `order` is the order they are in; if it isn't the one asked for, a notice says why.

    `total` counts the lines; `sample` is `null` where they are all occurrences.
    """

    query: Query
    order: ContextSort
    total: Count
    sample: SampleOfLines | None
    lines: list[ConcordanceLine]
    notices: list[Notice]
    links: Links


class Report(Value, frozen=True):
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
    plan_year: int | None
    date: str | None
    session: str | None
    speaker: str | None
    added: str | None
    paragraphs: Count


class ReportsAnswer(Value, frozen=True):
    total: Count
    reports: list[Report]


class Paragraph(Value, frozen=True):
    """A block of a report; `n` counts from 1, `heading` is the path of headings above it, outermost first.

    `part` is 正文, 标题, 名词解释, 附件 or 批注; `ocr` as in a hit.
    """

    id: str
    n: Rank
    kind: str
    part: str
    heading: list[str]
    text: str
    ocr: float | None


class SetAside(Value, frozen=True):
    """A line of the source file that belongs to no report, and why."""

    line: int | None
    text: str
    reason: str
    code: str
    args: Args


class Contradiction(Value, frozen=True):
    """Where the source contradicts itself about the report, and what was taken."""

    reason: str
    code: str
    args: Args


class ReportAnswer(Value, frozen=True):
    """A whole report. `evidence` maps a field to the words its value was read from."""

    report: Report
    paragraphs: list[Paragraph]
    evidence: dict[str, str]
    evidence_code: dict[str, str]
    evidence_args: dict[str, Args]
    problems: list[Contradiction]
    set_aside: list[SetAside]


class Error(Value, frozen=True):
    """What is wrong: `code` is the kind of error, `message_code` what is said.

    `field` is the parameter at fault, `position` where in it, in characters from 0.
    """

    code: str
    message: str
    message_code: str
    args: Args
    field: str | None
    position: Count | None


class ErrorAnswer(Value, frozen=True):
    error: Error


class SearchAnswer(SearchResult, frozen=True, kw_only=True):
    """A page of hits as the API sends it: with the addresses of its neighbours."""

    links: Links
