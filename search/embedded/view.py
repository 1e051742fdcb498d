"""A view of an embedded collection: one snapshot, read under one budget.

asks -> search.embedded.finding -> answers; refs -> paragraphs, texts; what is known of terms, places, reports, sources
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from functools import wraps
from typing import Concatenate, Literal, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

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
    ReportColumns,
    ReportSort,
    ReportValue,
    SharedText,
    SourceRecord,
    Statistics,
    StoredParagraph,
    TermUse,
    Top,
    Version,
    Words,
)
from search.embedded import catalogue
from search.embedded.candidates import find_candidates
from search.embedded.drafts import iter_drafts
from search.embedded.finding import Finder, Matched, begin_stage, group_by_report
from search.embedded.occurrences import (
    find_straddling,
    read_occurrences,
)
from search.embedded.ordering import PART_SHIFT, iter_ordered
from search.embedded.paragraphs import by_part, read_paragraphs, read_reports
from search.embedded.report_columns import columns_left, columns_matched
from search.embedded.shared_text import shared_text
from search.embedded.shared_words import read_words
from search.embedded.source_records import iter_sources
from search.embedded.state import State
from search.embedded.vocabulary import count_terms
from search.file_parts import join_records
from search.language.plan import Plan
from search.limits import Budget
from search.model import Report, ReportText, Stats

I64 = NDArray[np.int64]
_T = TypeVar("_T")

_READ_AT_ONCE = 512
"""Paragraphs that are read before the budget is looked at again."""
_OCCURRENCE_BYTES = 200
_TEXT_BYTES = 100
"""What a string and what refers to it take beside its characters."""


_View = TypeVar("_View", bound="EmbeddedView")
_Given = ParamSpec("_Given")


def _believed(
    read: Callable[Concatenate[_View, _Given], _T],
) -> Callable[Concatenate[_View, _Given], _T]:
    """What reads, with nothing given out that was read from a file which was cut short meanwhile."""

    @wraps(read)
    def wrapped(self: _View, /, *given: _Given.args, **named: _Given.kwargs) -> _T:
        try:
            return read(self, *given, **named)
        finally:
            self._snapshot.refuse_cut()

    return wrapped


class EmbeddedView:
    """See `search.collection.View`."""

    def __init__(self, state: State, budget: Budget) -> None:
        self._state, self._snapshot, self._budget = state, state.snapshot, budget

    @property
    def version(self) -> Version:
        return self._snapshot.version

    @property
    def statistics(self) -> Statistics:
        return Statistics(self._snapshot.doc_count, dict(self._snapshot.average_lengths))

    @property
    def budget(self) -> Budget:
        return self._budget

    def under(self, budget: Budget) -> EmbeddedView:
        return EmbeddedView(self._state, budget)

    def expect(self, likely: Callable[[], Likely]) -> None:
        """Nothing is asked before it is wanted: a question costs no more than what it asks."""

    @_believed
    def find(self, asks: Sequence[Ask]) -> list[Found]:
        return self._finder().answer_all(asks)

    def _finder(self) -> Finder:
        return Finder(self._state, self._budget)

    def scan(self, ask: Ask, *, batch: int = 2_000) -> Iterator[Sequence[Ranked]]:
        finder = self._finder()
        finder.begin("matching")
        top = ask.top or Top(0)
        found = finder.match(ask if ask.top else _with_top(ask, top)).parts
        of_group: dict[Ref, int] = {}
        if top.group == "report":
            found, of_group = group_by_report(self._snapshot, found)
        finder.begin("ordering")
        for places in iter_ordered(self._snapshot, found, top.sort, batch):
            self._budget.charge()
            self._snapshot.refuse_cut()
            yield [place._replace(of_group=of_group[place.ref]) for place in places] if of_group else places

    @_believed
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
        self._finder().begin("matching")
        evaluator = self._state.evaluator
        allowed, left_out = evaluator.select(chosen).allowed(), evaluator.matches_of(without, self._budget)
        return find_candidates(evaluator, terms, places, strict, allowed, left_out, count, self._budget)

    @_believed
    def paragraphs(self, refs: Sequence[Ref]) -> list[StoredParagraph]:
        made: list[StoredParagraph] = []
        begin_stage(self._budget, "reading")
        for begin in range(0, len(refs), _READ_AT_ONCE):
            read = read_paragraphs(self._snapshot, refs[begin : begin + _READ_AT_ONCE])
            made += read
            self._budget.charge(_size_of([paragraph.text for paragraph in read]))
        return made

    @_believed
    def reports_of(self, refs: Sequence[Ref]) -> list[Report]:
        self._budget.charge()
        return read_reports(self._snapshot, refs)

    @_believed
    def texts(self, refs: Sequence[Ref]) -> list[str]:
        made: dict[Ref, str] = {}
        begin_stage(self._budget, "reading")
        for number, docs in by_part(refs):
            base = number << PART_SHIFT
            for some in _pieces(docs):
                texts = self._snapshot.parts[number].data.texts(some)
                made.update((base | doc, text) for doc, text in zip(some.tolist(), texts, strict=True))
                self._budget.charge(_size_of(texts))
        return [made[ref] for ref in refs]

    @_believed
    def occurrences(self, ask: Ask, *, skip: int = 0, count: int | None = None) -> Sequence[Occurrence]:
        finder = self._finder()
        order = finder.occurrence_order(ask)
        matchers = list(self._state.evaluator.matchers(self._budget))
        finder.begin("ordering")
        wanted = order.total if count is None else min(count, order.total)
        self._budget.charge(_OCCURRENCE_BYTES * wanted)
        with self._budget.borrowed():
            return read_occurrences(matchers, ask.plan, order, skip, count)

    @_believed
    def count_strings(self, strings: Sequence[Plan], chosen: Choice = ()) -> list[int]:
        return self._finder().count_strings(strings, chosen)

    @_believed
    def straddling(self, ask: Ask, *, most: int) -> Sequence[Occurrence] | None:
        with self._budget.borrowed():
            finder = self._finder()
            finder.begin("matching")
            matched = finder.match(ask)
            too_many = sum(len(found.docs) for found in matched.parts) > most
            return None if too_many else _straddling(finder, matched)

    @_believed
    def words(self, asks: Sequence[Ask]) -> Words | None:
        if (shared := self._state.shared_numbers) is None:
            return None
        return read_words(self._snapshot, shared, list(map(self._finder().matches, asks)), self._budget)

    # Statistics and the catalogue

    @_believed
    def frequencies(self, terms: Sequence[tuple[str, str]]) -> list[int]:
        self._budget.charge()
        of = self._snapshot.document_frequency
        return [of(field, term.encode("utf-8", "surrogatepass")) for field, term in terms]

    @_believed
    def vocabulary(self, *, most: int) -> Iterable[TermUse]:
        self._budget.charge()
        return list(count_terms(self._snapshot, most))

    @_believed
    def places(self, field: Literal["city", "province"]) -> Sequence[PlaceCount]:
        self._budget.charge()
        return catalogue.count_places(self._snapshot, field)

    @_believed
    def report(self, report_id: str) -> ReportText:
        self._budget.charge()
        return catalogue.read_report(self._snapshot, report_id)

    @_believed
    def has_report(self, report_id: str) -> bool:
        self._budget.charge()
        return self._snapshot.find_report(report_id) is not None

    @_believed
    def reports(
        self,
        chosen: Choice = (),
        *,
        others: bool = False,
        sort: ReportSort = "source",
        skip: int = 0,
        count: int | None = None,
    ) -> tuple[int, Sequence[Report]]:
        self._budget.charge()
        return self._state.reports.page(chosen, others=others, sort=sort, skip=skip, count=count)

    @_believed
    def report_columns(self, chosen: Choice = (), *, matching: Plan | None = None) -> ReportColumns:
        self._budget.charge()
        if matching is None:
            return columns_left(self._snapshot, self._state.reports, chosen)
        found = self._finder().matches(Ask(matching, chosen))
        return columns_matched(self._snapshot, self._state.reports, found)

    @_believed
    def report_values(self, field: str) -> Sequence[ReportValue]:
        self._budget.charge()
        return self._state.reports.values(field)

    @_believed
    def sources(self) -> Iterable[SourceRecord]:
        self._budget.charge()
        parts = (source for part in self._snapshot.parts for source, _ in iter_sources(part.data))
        return list(join_records(parts).values())

    def drafts(self, *, but: Container[str] = ()) -> Iterator[DraftSource]:
        for draft in iter_drafts(self._snapshot, but):
            self._budget.charge()
            self._snapshot.refuse_cut()
            yield draft

    @_believed
    def stats(self) -> Stats:
        self._budget.charge()
        return self._state.stats

    @_believed
    def shared_text(self, report_ids: Sequence[str]) -> Sequence[SharedText]:
        self._budget.charge()
        return shared_text([part.data for part in self._snapshot.parts], report_ids, self._budget)

    def derived(self, name: str, make: Callable[[], _T]) -> _T:
        return self._state.derived(name, make)


def _straddling(finder: Finder, matched: Matched) -> list[Occurrence]:
    """The occurrences of matches that may begin or end within a word."""
    finder.begin("counting")
    named: list[Occurrence] = []
    for number, (matcher, found) in enumerate(zip(matched.matchers(), matched.parts, strict=True)):
        spans = find_straddling(matcher, matched.ask.plan, found.docs)
        refs = found.docs.take(spans.numbers) | number << PART_SHIFT
        named.extend(map(Occurrence, refs.tolist(), spans.starts.tolist(), spans.ends.tolist()))
    return named


def _pieces(docs: I64) -> Iterable[I64]:
    if len(docs) <= _READ_AT_ONCE:
        return (docs,)
    return (docs[begin : begin + _READ_AT_ONCE] for begin in range(0, len(docs), _READ_AT_ONCE))


def _size_of(texts: Sequence[str]) -> int:
    return 2 * sum(map(len, texts)) + _TEXT_BYTES * len(texts)


def _with_top(ask: Ask, top: Top) -> Ask:
    return Ask(ask.plan, ask.chosen, ask.among, top=top)
