"""The seam between what answers and what stores: `Collection`, its `View`s and its `CollectionWriter`.

Searcher (search.answer)  ->  View.find, paragraphs, occurrences …  ->  arrays on disk, memory, a cluster
indexer.pipeline          ->  CollectionWriter.add, commit …        ->  the same

It is cut where stores differ, as httpx cuts at its transport. Below it: matching, scoring, counting, ordering. Above
it, once for all stores: how a query is read, tiers, reranking, spelling, suggestions, concordances, highlights,
words for people. A plan (`search.language.plan`) is what a store understands of a query. Reads come in batches,
since a round trip to a cluster costs more than what it asks.

What may not live here: code that does anything. `tests/contract/` holds every store to the laws that a store can break.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, TypeAlias, TypeVar

from search.language.plan import Plan
from search.limits import UNLIMITED, Budget
from search.model import Cell, FacetValue, Group, Report, ReportText, Sort, Span, Stats

if TYPE_CHECKING:
    from search.language.text import Analyzer

_T = TypeVar("_T")

Ref: TypeAlias = int | str
"""Names a paragraph within one view; only that view can read it."""

Value: TypeAlias = str | int | None
"""A value of a facet; None is unknown."""

Choice: TypeAlias = tuple[tuple[str, tuple[Value, ...]], ...]
"""Facet groups with the values chosen in each, for example (("city", ("四平市",)),). Values are alternatives, all
groups must hold. A group without a value is left out."""

ReportSort: TypeAlias = Literal["source", "-year", "year", "city", "type", "title"]


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


@dataclass(frozen=True, slots=True)
class Top:
    """Which of the matches to name.

    Args:
        sort: "relevance" (score, then newest, then source and place in it), "-year" or "year" (the day of delivery,
            unknown years last, then score). A total order: no two paragraphs tie.
        skip, count: half-open slice of that order.
        group: "report" names the first paragraph of each report, where it stands in the order.
    """

    count: int
    skip: int = 0
    sort: Sort = "relevance"
    group: Group = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: a plan, and what to collect of its matches. `total` and `reports` of the answer are exact.

    Args:
        plan: what must match.
        chosen: facet values that must hold too; kept apart since a facet's counts leave out its own group.
        among: only these paragraphs, in any order; None for all.
        enough: a total above this may be any number above it.
        facets: for which to count values.
        occurrences: whether to count them, and how many of the paragraphs are repeated in their file.
        cells: whether to count by city and year, against what is held where the conditions of `plan` and `chosen` hold.
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
    top: Top | None = None


class Ranked(NamedTuple):
    """A match: the score by which it is ordered, and where grouped how many of its group match."""

    ref: Ref
    score: float
    of_group: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to an `Ask`; what was not asked for is None or empty.

    Args:
        total: paragraphs that match.
        reports: those that the paragraphs come from.
        facets: for each, the values with a count above 0 and those chosen: years newest first, others by count.
        repeated: paragraphs that stand earlier in their own file already.
        cells: every (city, year) in which something is held; by city, then year, unknown last.
    """

    total: int
    reports: int | None = None
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    occurrences: int | None = None
    repeated: int | None = None
    cells: tuple[Cell, ...] = ()
    top: Sequence[Ranked] = ()


# What is read


class StoredParagraph(NamedTuple):
    """A paragraph as it is kept; `heading` is the path above it, outermost first."""

    ref: Ref
    n: int
    report: Report
    kind: str
    heading: tuple[str, ...]
    text: str


class Occurrence(NamedTuple):
    """A place where a paragraph says what was asked for, in characters of its normal form."""

    ref: Ref
    start: int
    end: int


class TermUse(NamedTuple):
    """A term of the texts, the paragraphs that have it, and about how often it is a word of their precise cut."""

    term: str
    paragraphs: int
    uses: int


class PlaceCount(NamedTuple):
    """A city or province, and how many texts are held of it."""

    name: str
    reports: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """What BM25 needs of a version. Average lengths count as Whoosh counts them.

    Args:
        paragraphs: all that the store holds, deleted ones that it still counts included.
        average_lengths: by field, in terms.
    """

    paragraphs: int
    average_lengths: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class SharedText:
    """How much of a report stands word for word (after normalisation) in another.

    Distinct paragraphs are compared; short ones say nothing and are left out. A store may round a paragraph's length.

    Args:
        report, other: ids.
        shared_chars: characters of the paragraphs that both have.
        chars: characters of all paragraphs of `report` that are compared.
        is_whole: every paragraph of the two is the same, in the same order, short ones too.
    """

    report: str
    other: str
    shared_chars: int
    chars: int
    is_whole: bool = False


class View(Protocol):
    """One version of a collection. Never changes; cheap to make; safe to use from several threads.

    Every read charges the budget of the view and raises BudgetExceeded past it, CollectionUnavailable where the store
    can't be reached, and IndexDamaged where what it reads can't be right.
    """

    @property
    def version(self) -> Version: ...

    @property
    def statistics(self) -> Statistics: ...

    def under(self, budget: Budget) -> View:
        """The same version under another budget."""

    def find(self, asks: Sequence[Ask]) -> list[Found]:
        """The answers, in the order of the questions. Thousands at once are allowed."""

    def scan(self, ask: Ask, *, batch: int = 2_000) -> Iterator[Sequence[Ranked]]:
        """All matches in the order of `ask.top` (relevance where that is None), in batches; memory stays bounded."""

    def candidates(
        self,
        terms: Sequence[tuple[str, str, float]],
        *,
        places: Sequence[tuple[str, float]] = (),
        strict: Plan,
        without: Plan,
        chosen: Choice = (),
        count: int,
    ) -> list[Ref]:
        """Paragraphs that may be the best partial matches, in no order: what a reader then looks at.

        Args:
            terms: (field, term, weight): what a paragraph is scored by, as BM25 with these weights.
            places: (beginning of a city's or province's name in normal form, weight to add).
            strict: what has to hold of them; `without` is what must not.

        Returns:
            At most `count`, each with at least one of the terms. A store may skip terms too common to decide.
        """

    def paragraphs(self, refs: Sequence[Ref]) -> list[StoredParagraph]:
        """The paragraphs, in the order of `refs`."""

    def texts(self, refs: Sequence[Ref]) -> list[str]:
        """The paragraphs' texts alone, in the order of `refs`."""

    def occurrences(self, ask: Ask, *, skip: int = 0, count: int | None = None) -> Sequence[Occurrence]:
        """The occurrences of the matches: newest report first, as they stand in it. A slice of them, or all."""

    def frequencies(self, terms: Sequence[tuple[str, str]]) -> list[int]:
        """Document frequencies of (field, term), as scores use them."""

    def vocabulary(self, *, most: int) -> Iterable[TermUse]:
        """The most used terms of two Han characters and more, in no order; more than `most` may come."""

    def places(self, field: Literal["city", "province"]) -> Sequence[PlaceCount]:
        """Every place that reports are held of, by name."""

    def report(self, report_id: str) -> ReportText:
        """A whole report.

        Raises:
            ReportNotFound: no report has that id.
        """

    def has_report(self, report_id: str) -> bool:
        """Whether there is a report of that id."""

    def reports(
        self,
        chosen: Choice = (),
        *,
        others: bool = False,
        sort: ReportSort = "source",
        skip: int = 0,
        count: int | None = None,
    ) -> tuple[int, Sequence[Report]]:
        """How many reports the choice leaves, and a slice of them; with `others`, also texts that are no report."""

    def sources(self) -> Iterable[SourceRecord]:
        """What was read from each source file."""

    def stats(self) -> Stats:
        """What the collection holds."""

    def shared_text(self, report_ids: Sequence[str]) -> Sequence[SharedText]:
        """For each of these reports, the other one that has most of its text; none where no other has any of it."""

    def derived(self, name: str, make: Callable[[], _T]) -> _T:
        """Data that is worked out once per version, at first use, and shared by all views of it."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a store can't do exactly or at all. Nothing is faked: what is missing here is refused with its name.

    Args:
        is_writable: it has a `CollectionWriter`.
        missing: names of what is left out, such as "occurrences".
    """

    is_writable: bool
    missing: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Health:
    """Whether a collection can answer now; `detail` says why not."""

    is_ready: bool
    version: Version | None = None
    detail: str = ""


class Collection(Protocol):
    """A searchable collection. Safe to use from several threads; moves to new versions by itself."""

    @property
    def address(self) -> str:
        """Where it is: a folder, or a URL."""

    @property
    def capabilities(self) -> Capabilities: ...

    def at(self, budget: Budget = UNLIMITED) -> View:
        """The newest version, pinned: a page that is read on one view is of one state.

        Raises:
            StoreError: there is none, or it can't be used as it is.
            CollectionUnavailable: the store can't be reached.
        """

    def verify(self) -> Version:
        """Check everything that is stored against its checksums.

        Raises:
            StoreError: the first thing that is wrong.
        """

    def health(self) -> Health:
        """Whether it can answer; never raises, never waits long."""

    def close(self) -> None:
        """Let go of what is held open; the collection can't be used after it."""


# Writing


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A source file as the collection knows it.

    Args:
        path: absolute; the key.
        name: what people see of it.
        digest: of its bytes and of the operator's word on it.
        rules: version of the readers and rules that read it.
        reports: how many reports and other texts it holds.
        problems: what was said of it when it was read, as JSON of messages.
        record: all that was kept of it (format, encoding, set_aside …).
    """

    path: str
    name: str
    digest: str
    rules: str
    reports: int
    problems: tuple[Mapping[str, Any], ...] = ()
    record: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DraftParagraph:
    """A paragraph to be stored: `level` is 1 to 6 for headings, else 0; `digest` is of its normal form."""

    kind: str
    level: int
    text: str
    lines: Span = (0, 0)
    joined: bool = False
    repeated: bool = False
    digest: int = 0


@dataclass(frozen=True, slots=True)
class DraftReport:
    """A report to be stored: its catalogue record (as `search.model.Report`; evidence, problems) and its text."""

    record: Mapping[str, Any]
    paragraphs: Sequence[DraftParagraph]


@dataclass(frozen=True, slots=True)
class DraftSource:
    """What was understood of a source file, for the store to prepare."""

    source: SourceRecord
    reports: Sequence[DraftReport]


Prepared: TypeAlias = Any
"""What a store's `Preparer` makes of a file: packed arrays, or documents of a cluster. Picklable; only that store's
writer knows it."""


class Preparer(Protocol):
    """Turns drafts into what the store writes. Picklable; runs in worker processes, where most of the work is done."""

    def __call__(self, draft: DraftSource) -> Prepared: ...


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit left: whether anything changed, and what the collection holds now.

    Args:
        reports: without the texts that belong to no report; `paragraphs` has theirs too.
        leftovers: what the old version alone needed and could not be removed; the next run tries again.
    """

    changed: bool
    version: Version
    reports: int
    paragraphs: int
    leftovers: tuple[str, ...] = ()


class CollectionWriter(Protocol):
    """One run of writing, ended by `commit` or `abort`; nothing is visible before `commit`.

    Holds an exclusive lease, which a killed run loses. What can't be written raises a StoreError, and the collection
    is as it was.
    """

    @property
    def preparer(self) -> Preparer: ...

    def sources(self) -> Mapping[str, SourceRecord]:
        """The files that the collection held when the run began, by path; with `rebuild` too, if they can be read."""

    def add(self, prepared: Prepared) -> None:
        """Add a file with at least one paragraph, in place of what is held under its path.

        Raises:
            ValueError: it has none.
        """

    def remove(self, path: str) -> int:
        """Remove a file's reports; gives how many there were, 0 where no such file is held."""

    def commit(self) -> Committed:
        """Publish what was added and removed, in one atomic step."""

    def abort(self) -> None:
        """Drop what was not committed; the collection is as it was."""


class BeginWriting(Protocol):
    """Takes the lease of the collection at an address; leaving the context without `commit` aborts.

    Args:
        analyzer: what segments the texts. A collection is continued only with the analyzer that it was made with.
        rebuild: begin from nothing; what is held stays until `commit`.
        memory_bytes: what the writer may use to gather and merge; None for the store's own choice.

    Raises:
        IndexLocked: another run holds the lease.
        StoreError: what is there can't be continued or written.
    """

    def __call__(
        self, address: str, analyzer: Analyzer, *, rebuild: bool = False, memory_bytes: int | None = None
    ) -> AbstractContextManager[CollectionWriter]: ...
