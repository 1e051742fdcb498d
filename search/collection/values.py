"""What crosses the seam: asks on the way down, answers on the way up. Plain frozen data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple, TypeAlias

from msgspec import Struct, field

from search.language.plan import Plan
from search.model import Cell, FacetValue, Group, Report, Sort, YearField

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Ref: TypeAlias = int | str
"""Names a paragraph within one view; only that view can read it."""

Value: TypeAlias = str | int | None
"""A value of a facet; None is unknown."""

Choice: TypeAlias = tuple[tuple[str, tuple[Value, ...]], ...]
"""Facet groups with the values chosen in each, for example (("city", ("四平市",)),). Values are alternatives, all
groups must hold. A group without a value is left out."""

ReportSort: TypeAlias = Literal["source", "-year", "year", "city", "type", "title", "-added"]
"""Orders of the list of reports, unknown values last. "city" goes by division code, province and name; "-added" begins
with what came in last, or was delivered last where that is unknown. Ties go by city, newest year, type and source,
those of "-added" as in "-year"; within a source as they stand there."""


class Version(NamedTuple):
    """Identifies a state of a collection: equal in every process that reads it, different after every commit.

    Args:
        id: random, made by the commit.
        number: grows with each commit of one collection.
    """

    id: str
    number: int

    def __str__(self) -> str:
        return f"{self.id}-{self.number}"


# Questions


class Top(Struct, frozen=True):
    """Which of the matches to name.

    Args:
        sort: "relevance" (score, then newest, then source and place in it), "-year" or "year" (the day of delivery,
            unknown years last, then score), "-added" or "added" (when the report came in, unknown last, then score).
            A total order: no two paragraphs tie.
        skip, count: half-open slice of that order.
        group: "report" names the first paragraph of each report, where it stands in the order.
    """

    count: int
    skip: int = 0
    sort: Sort = "relevance"
    group: Group = ""


class Ask(Struct, frozen=True):
    """One question: a plan, and what to collect of its matches. `total` and `reports` of the answer are exact.

    Args:
        plan: what must match.
        chosen: facet values that must hold too; kept apart since a facet's counts leave out its own group.
        among: only these paragraphs, in any order; None for all.
        enough: a total above this may be any number above it.
        facets: for which to count values.
        occurrences: whether to count them, and how many of the paragraphs are repeated in their file.
        cells: whether to count by city and year, against what is held where the conditions of `plan` and `chosen` hold.
        cells_by: which year a cell's is.
        top: which matches to name; None for none.
    """

    plan: Plan
    chosen: Choice = ()
    among: tuple[Ref, ...] | None = None
    enough: int | None = None
    reports: bool = False
    facets: tuple[str, ...] = ()
    occurrences: bool = False
    cells: bool = False
    cells_by: YearField = "year"
    top: Top | None = None


class Ranked(NamedTuple):
    """A match: the score by which it is ordered, and where grouped how many of its group match."""

    ref: Ref
    score: float
    of_group: int | None = None


class Found(Struct, frozen=True):
    """The answer to an `Ask`; what was not asked for is None or empty.

    Args:
        total: paragraphs that match.
        reports: those that the paragraphs come from, without texts that are no report (news among reports).
        texts: those and these.
        facets: for each, the values with a count above 0 and those chosen: years newest first, others by count.
        repeated: paragraphs that stand earlier in their own file already.
        of_ocr: paragraphs that were recognised in a picture; counted with the occurrences.
        cells: every (city, year) in which something is held; by city, then year, unknown last.
    """

    total: int
    reports: int | None = None
    texts: int | None = None
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    occurrences: int | None = None
    repeated: int | None = None
    of_ocr: int | None = None
    cells: tuple[Cell, ...] = ()
    top: Sequence[Ranked] = ()


@dataclass(frozen=True, slots=True)
class Likely:
    """What may be asked next.

    Args:
        asks: questions.
        terms: (field, term) pairs whose document frequencies may be asked for.
        plans: plans of other questions; a store may find out beforehand what it needs for them.
    """

    asks: Sequence[Ask] = ()
    terms: Sequence[tuple[str, str]] = ()
    plans: Sequence[Plan] = ()


# What is read


class StoredParagraph(NamedTuple):
    """A paragraph as it is kept; `heading` is the path above it, outermost first; `part`, `ocr` as in `Paragraph`."""

    ref: Ref
    n: int
    report: Report
    kind: str
    heading: tuple[str, ...]
    text: str
    part: str
    ocr: float | None


class Occurrence(NamedTuple):
    """A place where a paragraph says what was asked for, in characters of its normal form."""

    ref: Ref
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Words:
    """The words of paragraphs that stand side by side: runs as `Analyzer.number_runs` has them.

    Args:
        numbers: of each word its place in `texts`, 0 behind each run; report after report, ask after ask. Before the
            first of them is one 0, and behind the last are `BORDERS`, so that what is beside a word can be looked up.
        sizes: how many numbers each report has.
        of_asks: how many reports each ask has.
        texts: all words, "" first; the same for all answers about one version.
    """

    numbers: NDArray[np.int32]
    sizes: NDArray[np.int64]
    of_asks: tuple[int, ...]
    texts: Sequence[str]

    BORDERS: ClassVar[int] = 8


@dataclass(frozen=True, slots=True)
class ReportColumns:
    """Many reports by what they are counted by, a row each, without their records.

    Args:
        refs: a paragraph of each, which `View.reports_of` takes.
        columns: "city", "province", "type", "level" and "code" as places in `names`, -1 where unknown; "year",
            "plan_year" and "day" (20240116) as numbers, 0 where unknown.
        names: the values of the first five.
    """

    refs: Sequence[Ref] | NDArray[np.int64]
    columns: Mapping[str, NDArray[np.int64]]
    names: Mapping[str, Sequence[str]]


class TermUse(NamedTuple):
    """A term of the texts, the paragraphs that have it, and about how often it is a word of their precise cut."""

    term: str
    paragraphs: int
    uses: int


class PlaceCount(NamedTuple):
    """A city or province, and how many texts are held of it."""

    name: str
    reports: int


class ReportValue(NamedTuple):
    """A value that reports have, None for unknown, how many have it, and the least of their division codes or ""."""

    value: Value
    reports: int
    code: str


@dataclass(frozen=True, slots=True)
class Statistics:
    """What BM25 needs of a version. Average lengths count as Whoosh counts them.

    Args:
        paragraphs: all that the store holds, deleted ones that it still counts included.
        average_lengths: by field, in characters; see `search.language.statistics.average_lengths`.
    """

    paragraphs: int
    average_lengths: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class SharedText:
    """How much of a report stands word for word (after normalisation) in another.

    Distinct paragraphs are compared; short ones say nothing and are left out. A store may round a paragraph's length.

    Args:
        report, other: ids.
        source, other_source: where they are from.
        shared_chars: characters of the paragraphs that both have.
        chars: characters of all paragraphs of `report` that are compared.
        is_whole: every paragraph of the two is the same, in the same order, short ones too.
    """

    report: str
    other: str
    source: str
    other_source: str
    shared_chars: int
    chars: int
    is_whole: bool = False
