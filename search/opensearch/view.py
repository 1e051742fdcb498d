"""One generation of a cluster, read within a budget. See `search.collection.View`; a `Ref` is the id of a document."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from threading import Lock
from typing import Any, Literal, TypeVar

from search.collection import (
    Ask,
    Choice,
    DraftSource,
    Found,
    Likely,
    Occurrence,
    PlaceCount,
    Ranked,
    Ref,
    ReportSort,
    ReportValue,
    SharedText,
    SourceRecord,
    Statistics,
    StoredParagraph,
    TermUse,
    Version,
)
from search.errors import ReportNotFound
from search.language.plan import Plan
from search.language.text import Analyzer
from search.limits import Budget
from search.lru import LruCache
from search.messages import answers
from search.model import Report, ReportText, Stats
from search.opensearch.asking import Asking
from search.opensearch.candidates import CandidateReader
from search.opensearch.catalogue import Catalogue
from search.opensearch.client import ClusterClient, Json
from search.opensearch.drafts import iter_drafts
from search.opensearch.expected import Expected
from search.opensearch.generations import Generation
from search.opensearch.reading import read_catalogue
from search.opensearch.rows import KeptRows, Rows, make_rows, report_of
from search.opensearch.shared_text import iter_shared
from search.opensearch.terms import TermReader
from search.opensearch.verified import Kept, Verifier, make_cache
from search.report_order import count_values

_T = TypeVar("_T")


@dataclass(slots=True, eq=False)
class State:
    """A generation with what was worked out of it."""

    client: ClusterClient
    generation: Generation
    analyzer: Analyzer
    kept: Kept = field(default_factory=make_cache)
    rows: KeptRows = field(default_factory=make_rows)
    frequencies: LruCache[tuple[str, str], int] = field(default_factory=lambda: LruCache(most=100_000))
    derived: dict[str, Any] = field(default_factory=dict)
    locks: dict[str, Lock] = field(default_factory=dict)
    catalogue: Catalogue | None = None
    lock: Lock = field(default_factory=Lock)


class ClusterView:
    """Implements `search.collection.View`."""

    def __init__(self, state: State, budget: Budget, expected: Expected | None = None) -> None:
        self._state, self._budget = state, budget
        self._expected = Expected() if expected is None else expected
        self._client, self._generation = state.client, state.generation
        self._index: Json = {"index": self._generation.name, "preference": f"v{self._generation.id}"}
        of = self._client, self._index
        verifier = Verifier(*of, self._read_catalogue, state.analyzer, state.kept, budget)
        self._rows = Rows(self._client, self._generation, self._index, state.rows, budget)
        self._terms = terms = TermReader(*of, state.frequencies, self._generation.paragraphs, budget)
        self._asking = Asking(*of, verifier, terms, self._expected, self._read_catalogue, state.rows, budget)
        self._candidates = CandidateReader(*of, self._asking, verifier, terms, state.rows, budget)

    def _read_catalogue(self) -> Catalogue:
        if self._state.catalogue is None:
            with self._state.lock:
                if self._state.catalogue is None:
                    self._state.catalogue = read_catalogue(self._client, self._generation, self._budget)
        return self._state.catalogue

    @property
    def version(self) -> Version:
        return self._generation.version

    @property
    def statistics(self) -> Statistics:
        self._budget.charge()
        return Statistics(self._generation.paragraphs, dict(self._generation.averages))

    @property
    def budget(self) -> Budget:
        return self._budget

    def under(self, budget: Budget) -> ClusterView:
        """The same version under another budget."""
        return ClusterView(self._state, budget, self._expected)

    # Questions

    def expect(self, likely: Callable[[], Likely]) -> None:
        """Have what is likely to be asked next asked together with the next question."""
        self._expected.add(likely)

    def find(self, asks: Sequence[Ask]) -> list[Found]:
        """The answers, in the order of the questions."""
        return self._asking.find(asks)

    def scan(self, ask: Ask, *, batch: int = 2_000) -> Iterator[Sequence[Ranked]]:
        """All matches in the order of `ask.top`, in batches."""
        ordered = self._asking.ordered(ask, page=min(max(batch, 100), 5_000))
        while some := list(islice(ordered, batch)):
            self._budget.charge()
            yield some

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
        """The `count` best by the sums of the terms' scores; see `search.collection.View.candidates`."""
        return list(self._candidates.candidates(terms, places, strict, without, chosen, count))

    def occurrences(self, ask: Ask, *, skip: int = 0, count: int | None = None) -> Sequence[Occurrence]:
        """The occurrences of the matches: newest report first, as they stand in it."""
        found: list[Occurrence] = []
        for of in islice(self._asking.occurrences(ask), skip, None if count is None else skip + count):
            found.append(of)
            if len(found) % 1_000 == 0:
                self._budget.charge(64 * 1_000)
        self._budget.charge(64 * (len(found) % 1_000))
        return found

    def count_strings(self, strings: Sequence[Plan], chosen: Choice = ()) -> list[int]:
        """The occurrences of many words and strings under a choice."""
        found = self.find([Ask(plan, chosen, occurrences=True) for plan in strings])
        return [one.occurrences or 0 for one in found]

    def straddling(self, ask: Ask, *, most: int) -> Sequence[Occurrence] | None:
        """All occurrences: whether one lies within a longer word is for whoever asks to see."""
        (found,) = self.find([Ask(ask.plan, ask.chosen, among=ask.among, enough=max(most, 0))])
        return None if found.total > most else self.occurrences(ask)

    # Paragraphs

    def paragraphs(self, refs: Sequence[Ref]) -> list[StoredParagraph]:
        """The paragraphs, in the order of `refs`."""
        return self._rows.paragraphs(refs, self._read_catalogue())

    def reports_of(self, refs: Sequence[Ref]) -> list[Report]:
        """The reports that paragraphs are of, in the order of `refs`."""
        self._budget.charge()
        by_id = self._read_catalogue().by_id
        return [by_id[report_of(ref)].report for ref in refs]

    def texts(self, refs: Sequence[Ref]) -> list[str]:
        """The paragraphs' texts alone, in the order of `refs`."""
        return self._rows.texts(refs)

    # Terms

    def frequencies(self, terms: Sequence[tuple[str, str]]) -> list[int]:
        """Document frequencies of (field, term), as scores use them."""
        return self._terms.frequencies(terms)

    def vocabulary(self, *, most: int) -> Iterable[TermUse]:
        """The most used terms of two Han characters and more."""
        return self._terms.vocabulary(most)

    # The catalogue

    def places(self, field: Literal["city", "province"]) -> Sequence[PlaceCount]:
        """Every place that reports are held of, by name."""
        self._budget.charge()
        return [
            PlaceCount(name, count) for name, count in sorted(self._read_catalogue().places(field).items())
        ]

    def report(self, report_id: str) -> ReportText:
        """A whole report.

        Raises:
            ReportNotFound: no report has that id.
        """
        self._budget.charge()
        catalogue = self._read_catalogue()
        held = catalogue.by_id.get(report_id)
        if held is None:
            raise ReportNotFound(answers.REPORT_NOT_FOUND(id=report_id), hint=answers.LIST_REPORTS())
        return self._rows.report(held, catalogue.sources[held.path])

    def has_report(self, report_id: str) -> bool:
        """Whether there is a report of that id."""
        self._budget.charge()
        return report_id in self._read_catalogue().by_id

    def reports(
        self,
        chosen: Choice = (),
        *,
        others: bool = False,
        sort: ReportSort = "source",
        skip: int = 0,
        count: int | None = None,
    ) -> tuple[int, Sequence[Report]]:
        """How many reports the choice leaves, and a slice of them."""
        self._budget.charge()
        left = self._read_catalogue().listed(chosen, others=others, sort=sort)
        return len(left), left[skip : None if count is None else skip + count]

    def report_columns(self, chosen: Choice = (), *, matching: Plan | None = None) -> None:
        """None: reports are held as objects."""

    def report_values(self, field: str) -> Sequence[ReportValue]:
        """The values of a facet that reports have."""
        self._budget.charge()
        return count_values((of.report for of in self._read_catalogue().reports if of.is_report), field)

    def sources(self) -> Iterable[SourceRecord]:
        """What was read from each source file, by path."""
        self._budget.charge()
        return [of for _, of in sorted(self._read_catalogue().sources.items())]

    def drafts(self, *, but: Container[str] = ()) -> Iterator[DraftSource]:
        """Every source as it was added, by path."""
        catalogue = self._read_catalogue()
        paths = sorted(path for path in catalogue.sources if path not in but)
        for draft in iter_drafts(self._client, self._generation, catalogue, paths, self._budget):
            self._budget.charge()
            yield draft

    def stats(self) -> Stats:
        """What the collection holds."""
        self._budget.charge()
        return self._read_catalogue().stats

    def words(self, asks: Sequence[Ask]) -> None:
        """Nothing: a cluster keeps no words of ours."""

    def shared_text(self, report_ids: Sequence[str]) -> Sequence[SharedText]:
        """For each of these reports, the other one that has most of its text; of several the first by source."""
        self._budget.charge()
        catalogue = self._read_catalogue()
        held = [catalogue.by_id[name] for name in report_ids if name in catalogue.by_id]
        return list(iter_shared(self._client, self._index, held, catalogue, self._budget))

    def derived(self, name: str, make: Callable[[], _T]) -> _T:
        """Data that is worked out once per version, at first use, and shared by all views of it."""
        with self._state.locks.setdefault(name, Lock()):
            if name not in self._state.derived:
                self._state.derived[name] = make()
            made: _T = self._state.derived[name]
            return made
