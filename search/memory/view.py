"""One version of a collection in memory, read within a budget. See `search.collection.View`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from threading import Lock
from typing import Any, Literal, TypeVar

from search.collection import (
    Ask,
    Choice,
    DraftReport,
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
    Top,
    Version,
)
from search.errors import ReportNotFound
from search.language.plan import Plan, Tiered
from search.language.plan.conditions import conditions_of
from search.language.plan.needles import needles_of, occurrence_spans
from search.language.statistics import LOOKED_UP, share_out
from search.limits import Budget
from search.lru import LruCache
from search.memory.counting import count_cells, count_facet, count_reports
from search.memory.held import Held, HeldReport, Row
from search.memory.matching import Matcher, Scored, is_chosen
from search.memory.ordering import order_matches
from search.memory.scoring import Terms, place_worth
from search.messages import answers
from search.model import Cell, Report, ReportText, Span, Stats
from search.report_order import count_values, has_chosen, sort_reports

_T = TypeVar("_T")
_KEPT_PLANS = 64
_LEAST_COMPARED_CHARS = 20
"""Shorter paragraphs are salutations, dates and headings: no evidence of a copy."""


@dataclass(slots=True, eq=False)
class State:
    """A version with what was worked out of it."""

    held: Held
    terms: Terms
    matches: LruCache[Plan, Scored] = field(default_factory=lambda: LruCache(most=_KEPT_PLANS))
    derived: dict[str, Any] = field(default_factory=dict)
    locks: dict[str, Lock] = field(default_factory=dict)
    """One for each name of `derived`, so that it is made once."""


class MemoryView:
    """Implements `search.collection.View`; a `Ref` is the number of a row."""

    def __init__(self, state: State, budget: Budget) -> None:
        self._state, self._held, self._budget = state, state.held, budget
        self._rows = state.held.rows

    @property
    def version(self) -> Version:
        return self._held.version

    @property
    def statistics(self) -> Statistics:
        self._budget.charge()
        return Statistics(len(self._rows), self._held.average_lengths)

    @property
    def budget(self) -> Budget:
        return self._budget

    def under(self, budget: Budget) -> MemoryView:
        """The same version under another budget."""
        return MemoryView(self._state, budget)

    # Questions

    def expect(self, likely: Callable[[], Likely]) -> None:
        """Nothing is asked before it is wanted."""

    def find(self, asks: Sequence[Ask]) -> list[Found]:
        """The answers, in the order of the questions."""
        return [self._find(ask) for ask in asks]

    def _find(self, ask: Ask) -> Found:
        within = self._within(ask)
        found = {ref: s for ref, s in within.items() if is_chosen(self._rows[ref].value, ask.chosen)}
        rows = [self._rows[ref] for ref in found]
        ordered = () if ask.top is None else self._order(found, ask.top)
        spans_of = self._spans_of(ask.plan)
        candidates = [self._rows[ref] for ref in within] if ask.facets else []
        self._budget.charge()
        return Found(
            total=len(found),
            reports=count_reports(rows) if ask.reports else None,
            texts=len({row.held.report.id for row in rows}) if ask.reports else None,
            facets={
                name: count_facet(name, candidates, ask.chosen, self._held.values(name))
                for name in ask.facets
            },
            occurrences=sum(len(spans_of(row)) for row in rows) if ask.occurrences else None,
            repeated=sum(row.paragraph.draft.repeated for row in rows) if ask.occurrences else None,
            of_ocr=sum(row.paragraph.ocr is not None for row in rows) if ask.occurrences else None,
            cells=self._cells(ask, rows) if ask.cells else (),
            top=ordered if ask.top is None else ordered[ask.top.skip : ask.top.skip + ask.top.count],
        )

    def _within(self, ask: Ask) -> Scored:
        """What the plan matches of the paragraphs that are asked about, whatever is chosen."""
        found = self._match(ask.plan)
        if ask.among is None:
            return found
        among = set(ask.among)
        return {ref: score for ref, score in found.items() if ref in among}

    def _match(self, plan: Plan) -> Scored:
        self._budget.charge()
        return self._state.matches.get_or_make(
            plan, lambda: Matcher(self._rows, self._state.terms, self._budget).match(plan)
        )

    def _matching(self, ask: Ask) -> Scored:
        """What satisfies all of a question."""
        within = self._within(ask)
        return {ref: s for ref, s in within.items() if is_chosen(self._rows[ref].value, ask.chosen)}

    def _cells(self, ask: Ask, found: Sequence[Row]) -> tuple[Cell, ...]:
        conditions = self._match(conditions_of(ask.plan))
        held = [self._rows[ref] for ref in conditions if is_chosen(self._rows[ref].value, ask.chosen)]
        spans_of = self._spans_of(ask.plan)
        return count_cells(held, found, lambda row: len(spans_of(row)), ask.cells_by)

    def _order(self, found: Scored, top: Top) -> list[Ranked]:
        self._budget.charge(64 * len(found))
        return order_matches(self._rows, found, top.sort, top.group)

    def scan(self, ask: Ask, *, batch: int = 2_000) -> Iterator[Sequence[Ranked]]:
        """All matches in the order of `ask.top`, in batches."""
        ordered = iter(self._order(self._matching(ask), ask.top or Top(0)))
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
        bringing, common = share_out(terms, self.frequencies([(name, term) for name, term, _ in terms]))
        allowed = self._match(strict).keys() - self._match(without).keys()
        worth: dict[int, float] = {
            ref: score + place_worth(self._rows[ref].held, places)
            for ref, score in self._state.terms.sums(bringing, self._budget).items()
            if score > 0 and ref in allowed and is_chosen(self._rows[ref].value, chosen)
        }
        if common:
            more = self._state.terms.sums(common, self._budget)
            best = sorted(worth, key=lambda ref: (-worth[ref], ref))[: count * LOOKED_UP]
            worth = {ref: worth[ref] + more.get(ref, 0.0) for ref in best}
        best = sorted(worth, key=lambda ref: (-worth[ref], ref))
        return list(best[:count])

    # Paragraphs

    def _row(self, ref: Ref) -> Row:
        return self._rows[int(ref)]

    def paragraphs(self, refs: Sequence[Ref]) -> list[StoredParagraph]:
        """The paragraphs, in the order of `refs`."""
        self._budget.charge()
        stored = []
        for ref, row in ((ref, self._row(ref)) for ref in refs):
            of, draft = row.paragraph, row.paragraph.draft
            stored.append(
                StoredParagraph(
                    ref, of.n, row.held.report, draft.kind, of.heading, draft.text, draft.part, of.ocr
                )
            )
        return stored

    def reports_of(self, refs: Sequence[Ref]) -> list[Report]:
        """The reports that paragraphs are of, in the order of `refs`."""
        self._budget.charge()
        return [self._row(ref).held.report for ref in refs]

    def texts(self, refs: Sequence[Ref]) -> list[str]:
        """The paragraphs' texts alone, in the order of `refs`."""
        self._budget.charge()
        return [self._row(ref).paragraph.draft.text for ref in refs]

    def occurrences(self, ask: Ask, *, skip: int = 0, count: int | None = None) -> Sequence[Occurrence]:
        """The occurrences of the matches: newest report first, as they stand in it."""
        spans_of = self._spans_of(ask.plan)
        every = (
            Occurrence(ref, start, end)
            for ref in self._matching(ask)
            for start, end in spans_of(self._rows[ref])
        )
        found = list(islice(every, skip, None if count is None else skip + count))
        self._budget.charge(64 * len(found))
        return found

    def count_strings(self, strings: Sequence[Plan], chosen: Choice = ()) -> list[int]:
        """The occurrences of many words and strings under a choice."""
        found = self.find([Ask(plan, chosen, occurrences=True) for plan in strings])
        return [one.occurrences or 0 for one in found]

    def straddling(self, ask: Ask, *, most: int) -> Sequence[Occurrence] | None:
        """All occurrences: whether one lies within a longer word is for whoever asks to see."""
        return None if len(self._matching(ask)) > most else self.occurrences(ask)

    def _spans_of(self, plan: Plan) -> Callable[[Row], list[Span]]:
        """Finds the occurrences of a plan in a row that it matches; of a `Tiered`, those of the row's tier."""
        if not isinstance(plan, Tiered):
            needles = needles_of(plan)
            return lambda row: occurrence_spans(row.paragraph.marked, needles)
        first, of_first, of_second = self._match(plan.first), needles_of(plan.first), needles_of(plan.second)
        in_first = {id(self._rows[ref]) for ref in first}
        return lambda row: occurrence_spans(
            row.paragraph.marked, of_first if id(row) in in_first else of_second
        )

    # Terms

    def frequencies(self, terms: Sequence[tuple[str, str]]) -> list[int]:
        """Document frequencies of (field, term), as scores use them."""
        self._budget.charge()
        return [self._state.terms.frequency(name, term, self._budget) for name, term in terms]

    def vocabulary(self, *, most: int) -> Iterable[TermUse]:
        """The most used terms of two Han characters and more."""
        return self._state.terms.vocabulary(most, self._budget)

    # The catalogue

    def places(self, field: Literal["city", "province"]) -> Sequence[PlaceCount]:
        """Every place that reports are held of, by name."""
        self._budget.charge()
        held = (getattr(of.report, field) for of in self._held.reports if of.paragraphs)
        counts = Counter(name for name in held if name is not None)
        return [PlaceCount(name, count) for name, count in sorted(counts.items())]

    def report(self, report_id: str) -> ReportText:
        """A whole report.

        Raises:
            ReportNotFound: no report has that id.
        """
        self._budget.charge()
        held = self._held.by_id.get(report_id)
        if held is None:
            raise ReportNotFound(answers.REPORT_NOT_FOUND(id=report_id), hint=answers.LIST_REPORTS())
        return self._held.report_text(held)

    def has_report(self, report_id: str) -> bool:
        """Whether there is a report of that id."""
        self._budget.charge()
        return report_id in self._held.by_id

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
        listed = (of.report for of in self._held.reports if others or of.is_report)
        ordered = sort_reports((report for report in listed if has_chosen(report, chosen)), sort)
        return len(ordered), ordered[skip : None if count is None else skip + count]

    def report_columns(self, chosen: Choice = (), *, matching: Plan | None = None) -> None:
        """None: reports are held as objects."""

    def report_values(self, field: str) -> Sequence[ReportValue]:
        """The values of a facet that reports have."""
        self._budget.charge()
        return count_values((of.report for of in self._held.reports if of.is_report), field)

    def sources(self) -> Iterable[SourceRecord]:
        """What was read from each source file, by path."""
        self._budget.charge()
        return [source.record for _, source in sorted(self._held.sources.items())]

    def drafts(self, *, but: Container[str] = ()) -> Iterator[DraftSource]:
        """Every source as it was added, by path."""
        for _, source in sorted(self._held.sources.items()):
            self._budget.charge()
            if source.record.path not in but:
                yield DraftSource(source.record, [_draft_of(held) for held in source.reports])

    def stats(self) -> Stats:
        """What the collection holds."""
        self._budget.charge()
        return self._held.stats

    def words(self, asks: Sequence[Ask]) -> None:
        """Nothing: words aren't kept."""

    def shared_text(self, report_ids: Sequence[str]) -> Sequence[SharedText]:
        """For each of these reports, the other one that has most of its text; of several the first by source."""
        having: dict[str, list[HeldReport]] = {}
        for held in self._held.reports:
            self._budget.charge()
            for form in _compared(held):
                having.setdefault(form, []).append(held)
        shared = []
        for held in (self._held.by_id[name] for name in report_ids if name in self._held.by_id):
            own = _compared(held)
            common: Counter[str] = Counter()
            for form in own:
                common.update({of.report.id: len(form) for of in having[form] if of is not held})
            if common:
                most = max(common.values())
                other = next(of for of in self._held.reports if common[of.report.id] == most)
                is_whole = _all_forms(held) == _all_forms(other)
                one, two, chars = held.report, other.report, sum(map(len, own))
                shared.append(SharedText(one.id, two.id, one.source, two.source, most, chars, is_whole))
        return shared

    def derived(self, name: str, make: Callable[[], _T]) -> _T:
        """Data that is worked out once per version, at first use, and shared by all views of it."""
        with self._state.locks.setdefault(name, Lock()):
            if name not in self._state.derived:
                self._state.derived[name] = make()
            made: _T = self._state.derived[name]
            return made


def _draft_of(held: HeldReport) -> DraftReport:
    """A report as it was added."""
    record = {**held.record, "added": held.report.added}
    return DraftReport(record, [paragraph.draft for paragraph in held.paragraphs])


def _all_forms(held: HeldReport) -> list[str]:
    """All paragraphs of a report, in normal form."""
    return [of.form for of in held.paragraphs]


def _compared(held: HeldReport) -> set[str]:
    """The paragraphs of a report, in normal form, by which it is compared with others."""
    return {of.form for of in held.paragraphs if len(of.form) >= _LEAST_COMPARED_CHARS}
