"""What the instruments answer, as it is sent: by the API, by `--json`, and to Python as rows.

A field per key, in the order in which keys are written, as in `search.json_types`.
"""

from __future__ import annotations

from typing import Literal

from search.instruments.basis import Basis
from search.instruments.promises import Kind
from search.instruments.quantities import Bound, Change
from search.json_types import Count, Rank, Rate, Span, Value

NATION = "全国"
"""The place of a report of the nation."""
Number = float
"""Whole numbers are sent without a point."""


class Counted(Value, frozen=True):
    """What the answer was counted from: the paragraphs of a search that say it in full (tier 1), in reports alone."""

    tier: Rank
    paragraphs: Count
    occurrences: Count
    reports: Count


class NumberCell(Value, frozen=True, kw_only=True):
    """A number in the clause of a term, in base units; `text` is the clause, `evidence` why it is a target or done.

    `value` is `null` of a range, and where the digits are garbled in the source (`doubtful`). `change` says that it is
    by how much something grew or fell; `value` is what is written.
    """

    place: str | None
    city: str | None
    year: int | None
    plan_year: int | None
    value: Number | None
    unit: str
    low: Number | None
    high: Number | None
    bound: Bound
    change: Change | None
    kind: Kind
    evidence: str
    basis: Basis
    """`average` over years, `share` of a whole, `several_years` together or since years ago, `part_year` of quarters or
    months; else `plain`."""
    doubtful: bool
    report: str
    paragraph: str
    text: str


class NumbersAnswer(Value, frozen=True):
    """The numbers with a unit in the clauses of a search, by place, year and place in the report."""

    counted: Counted
    cells: list[NumberCell]


class Beginning(Value, frozen=True):
    """A paragraph that says it, with its day, or its year where the day isn't known."""

    report: str
    paragraph: str
    date: str | None
    place: str | None
    level: str | None
    text: str


class LagDays(Value, frozen=True):
    """Days behind the first mention of the nation and of the place's province; `null` where a day isn't known."""

    nation: int | None
    province: int | None


class SpreadPlace(Value, frozen=True):
    """A place that said it: its first mention, and how many of its reports held from before didn't say it."""

    place: str
    level: str | None
    date: str | None
    report: str
    paragraph: str
    text: str
    held_before: Count
    lag_days: LagDays


class SilentPlace(Value, frozen=True):
    """A place that reports are held of, none of which says it; the last one's year, `null` where none has one."""

    place: str
    level: str | None
    reports: Count
    last_year: int | None


class CurvePoint(Value, frozen=True):
    """Places of a level that have said it up to a year, of those that a report is held of up to it."""

    year: int
    level: str | None
    said: Count
    held: Count


class SpreadAnswer(Value, frozen=True):
    """Who said it first, and how it spread."""

    counted: Counted
    first: list[Beginning]
    places: list[SpreadPlace]
    never: list[SilentPlace]
    curve: list[CurvePoint]


class HeldInYear(Value, frozen=True):
    reports: Count
    characters: Count


class YearOfSeries(Value, frozen=True):
    """A year of a query; 0 reports held is another thing than 0 occurrences. `year` is `null` where it isn't known."""

    year: int | None
    occurrences: Count
    paragraphs: Count
    reports: Count
    held: HeldInYear
    per_10k_chars: Rate | None


class Series(Value, frozen=True):
    """A query over the years: all of it, or what is said by one place or by the places of one level."""

    query: str
    place: str | None
    level: str | None
    counted: Counted
    years: list[YearOfSeries]


class CompareAnswer(Value, frozen=True):
    """Several queries over the same years."""

    series: list[Series]


class Collocate(Value, frozen=True):
    """A string near a search: how often it stands in the windows, in how many reports and places."""

    term: str
    occurrences: Count
    log_dice: float
    log_likelihood: float
    reports: Count
    places: Count


class CollocatesAnswer(Value, frozen=True):
    counted: Counted
    collocates: list[Collocate]


class KeywordSide(Counted, frozen=True):
    """A side of a comparison: its filters, and what they leave."""

    filters: str
    characters: Count


class KeywordSides(Value, frozen=True):
    of: KeywordSide
    against: KeywordSide


class Keyword(Value, frozen=True):
    """A string with its occurrences on both sides; `reports` and `places` are of the side that it marks.

    `log_likelihood` is negative where it marks `against`; `log_ratio` is `null` where one side never says it.
    """

    term: str
    of: Count
    against: Count
    log_likelihood: float
    log_ratio: float | None
    reports: Count
    places: Count


class KeywordsAnswer(Value, frozen=True):
    """What marks one part of the collection against another; what only the one says, and only the other."""

    counted: KeywordSides
    keywords: list[Keyword]
    new: list[Keyword]
    gone: list[Keyword]


Relation = Literal["own_earlier", "nation", "province", "other"]


class FirstUse(Value, frozen=True):
    """The earliest report that has the sentence, or nearly."""

    report: str
    paragraph: str
    date: str | None
    place: str | None
    text: str
    relation: Relation


class ReusedSentence(Value, frozen=True):
    """A sentence of a report; `reports` is how many others have it. `formula`: so many that it says nothing."""

    paragraph: str
    text: str
    kind: Literal["same", "edited", "own"]
    reports: Count
    first: FirstUse | None
    formula: bool


class ReuseShares(Value, frozen=True):
    """Shares of the report's characters, formulas left out, by who said them first; together 1, or 0 of nothing."""

    own_earlier: Rate
    nation: Rate
    province: Rate
    other: Rate
    own: Rate


class ReuseAnswer(Value, frozen=True):
    report: str
    sentences: list[ReusedSentence]
    shares: ReuseShares


class DiffSide(Value, frozen=True):
    """A sentence; `spans` are the words in it that the other side doesn't have."""

    paragraph: str
    text: str
    spans: list[Span]


class DiffRow(Value, frozen=True):
    """A sentence of the report (`a`) and of the other (`b`). `moved` says that an edited one stands elsewhere too."""

    kind: Literal["same", "edited", "moved", "new", "dropped"]
    a: DiffSide | None
    b: DiffSide | None
    moved: bool


class DiffAnswer(Value, frozen=True):
    report: str
    other: str
    rows: list[DiffRow]


class MatchedParagraph(Value, frozen=True):
    """A paragraph that shares text with what was pasted; `share` is of the pasted text, `text_spans` are in it."""

    report: str
    paragraph: str
    place: str | None
    date: str | None
    share: Rate
    text: str
    spans: list[Span]
    text_spans: list[Span]


class MatchTextAnswer(Value, frozen=True):
    paragraphs: list[MatchedParagraph]
