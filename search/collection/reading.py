"""`Collection` and `View`: what a store answers."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from search.collection.values import (
    Ask,
    Choice,
    Found,
    Likely,
    Occurrence,
    PlaceCount,
    Ranked,
    Ref,
    ReportColumns,
    ReportSort,
    ReportValue,
    SharedText,
    Statistics,
    StoredParagraph,
    TermUse,
    Version,
    Words,
)
from search.collection.writing import DraftSource, SourceRecord
from search.language.plan import Plan
from search.limits import UNLIMITED, Budget
from search.model import Report, ReportText, Stats

_T = TypeVar("_T")


class View(Protocol):
    """One version of a collection. Never changes; cheap to make; safe to use from several threads.

    Every read charges the budget of the view and raises BudgetExceeded past it, CollectionUnavailable where the store
    can't be reached, and IndexDamaged where what it reads can't be right.
    """

    @property
    def version(self) -> Version: ...

    @property
    def statistics(self) -> Statistics: ...

    @property
    def budget(self) -> Budget:
        """What is charged."""

    def under(self, budget: Budget) -> View:
        """The same version under another budget."""

    def expect(self, likely: Callable[[], Likely]) -> None:
        """Say what may be asked next.

        A store to which a request costs more than what it asks may ask for it together with the next question, and keep
        the answers for this view; another one never calls `likely`.
        """

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
            At most `count`, each with at least one of the terms that bring candidates; which do, and what becomes of
            the others, `search.language.statistics.share_out` says.
        """

    def paragraphs(self, refs: Sequence[Ref]) -> list[StoredParagraph]:
        """The paragraphs, in the order of `refs`."""

    def reports_of(self, refs: Sequence[Ref]) -> list[Report]:
        """The reports that paragraphs are of, in the order of `refs`; no text is read."""

    def texts(self, refs: Sequence[Ref]) -> list[str]:
        """The paragraphs' texts alone, in the order of `refs`."""

    def occurrences(self, ask: Ask, *, skip: int = 0, count: int | None = None) -> Sequence[Occurrence]:
        """The occurrences of the matches: newest report first, as they stand in it. A slice of them, or all."""

    def words(self, asks: Sequence[Ask]) -> Words | None:
        """The words of the matches as they stand side by side; None where the store doesn't keep them."""

    def count_strings(self, strings: Sequence[Plan], chosen: Choice = ()) -> Sequence[int]:
        """The occurrences of many words and strings, each by itself, under a choice: those that `find` counts."""

    def straddling(self, ask: Ask, *, most: int) -> Sequence[Occurrence] | None:
        """The occurrences that may begin or end within a word of their paragraph's precise cut, in no order.

        A store may name others too: whoever asks looks at the text. None if more than `most` paragraphs match.
        """

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
        """How many reports the choice leaves, and a slice of them; with `others`, also texts that are no report.

        Args:
            chosen: of `REPORT_FACETS`, "source" and "id".
        """

    def report_columns(self, chosen: Choice = (), *, matching: Plan | None = None) -> ReportColumns | None:
        """The reports that the choice leaves, by source; None where the store holds reports as objects alone.

        With a plan, those that its matches are of instead, texts that are no report too: `refs` are the first match of
        each, ascending, and every other match of a report lies between its ref and the next.
        """

    def report_values(self, field: str) -> Sequence[ReportValue]:
        """The values of one of `REPORT_FACETS` that reports have, ascending, unknown last."""

    def sources(self) -> Iterable[SourceRecord]:
        """What was read from each source file."""

    def drafts(self, *, but: Container[str] = ()) -> Iterator[DraftSource]:
        """Every source as it was added, by path: adding them elsewhere gives the same reports, texts and ids.

        A heading's level may be another one that makes it stand above the same.

        Args:
            but: paths that are left out.
        """

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
