"""Occurrences with their context, one per line, in an order that shows how a word is used.

occurrences (by the store) -> ordered by context, or as they stand -> one page -> texts of that page

Sorting by context reads every text that matches; if they are too many, lines stay in the collection's order and a
notice says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import get_args

from search.answer.context_order import ContextOrder, Sample, order_by_context
from search.answer.question import Question
from search.collection import Found, Occurrence, Ref, Version
from search.errors import BudgetExceeded, QueryError
from search.language.plan import Plan
from search.language.text import normalize
from search.lru import LruCache
from search.messages import answers as says
from search.model import ConcordanceLine, ConcordancePage, ContextSort, Notice
from search.sizes import deep_bytes

MAX_SORTED = 20_000
"""Above so many paragraphs, lines are not sorted by context."""
MAX_SORTED_OCCURRENCES = 250_000
MAX_PER_PAGE = 500
MAX_CONTEXT = 100
_LINES_AT_ONCE = 2_000
_ORDERS_BYTES = 24 * 1024 * 1024
"""What the orders of recent concordances may take together."""

MAX_SAMPLE = 10_000

Key = tuple[Version, Plan, object, ContextSort, "Sample | None"]


def check_concordance(
    sort: ContextSort, page: int, per_page: int, context: int, sample: Sample | None = None
) -> None:
    """Raises QueryError for a parameter that can't be used."""
    if sort not in get_args(ContextSort):
        raise QueryError(says.BAD_CHOICE(name="sort", choices=list(get_args(ContextSort))), field="sort")
    if sample is not None and not 1 <= sample.size <= MAX_SAMPLE:
        raise QueryError(says.BAD_NUMBER(name="sample", most=MAX_SAMPLE), field="sample")
    if page < 1:
        raise QueryError(says.BAD_PAGE(), field="page")
    if not 1 <= per_page <= MAX_PER_PAGE:
        raise QueryError(says.BAD_NUMBER(name="per_page", most=MAX_PER_PAGE), field="per_page")
    if not 1 <= context <= MAX_CONTEXT:
        raise QueryError(says.BAD_NUMBER(name="context", most=MAX_CONTEXT), field="context")


@dataclass(slots=True)
class Concordance:
    """Makes concordances; keeps the orders of recent ones, so that the next page needs no sorting."""

    orders: LruCache[Key, ContextOrder] = field(
        default_factory=lambda: LruCache(
            most=64, size_bytes=_ORDERS_BYTES, size_of=lambda order: order.size_bytes, size_of_key=deep_bytes
        )
    )

    def page(
        self,
        question: Question,
        *,
        sort: ContextSort,
        page: int,
        per_page: int,
        context: int,
        sample: Sample | None = None,
    ) -> ConcordancePage:
        """One page of lines; parameters as `Searcher.concordance` takes them."""
        found = question.view.find([question.ask(occurrences=True)])[0]
        total = found.occurrences or 0
        sample = sample if sample is not None and sample.size < total else None
        given, notices = self._possible_sort(question, found, sort, sample)
        occurrences = self._slice(question, given, sample, (page - 1) * per_page, per_page)
        return ConcordancePage(
            query=question.query,
            sort=given,
            page=page,
            per_page=per_page,
            total=total if sample is None else sample.size,
            occurrences=total,
            seed=None if sample is None else sample.seed,
            lines=tuple(_read_lines(question, occurrences, context)),
            notices=(*question.interpretation.notices, *notices),
        )

    def iter_lines(
        self, question: Question, *, sort: ContextSort, context: int, sample: Sample | None = None
    ) -> Iterator[ConcordanceLine]:
        """Every line, in the order of `page`; texts are read as they are asked for."""
        found = question.view.find([question.ask(occurrences=True)])[0]
        total = found.occurrences or 0
        if sample is not None and sample.size < total:
            total = sample.size
        else:
            sample = None
        given, _ = self._possible_sort(question, found, sort, sample)
        for skip in range(0, total, _LINES_AT_ONCE):
            with question.view.budget.borrowed():
                occurrences = self._slice(question, given, sample, skip, _LINES_AT_ONCE)
                yield from _read_lines(question, occurrences, context)

    def _slice(
        self, question: Question, sort: ContextSort, sample: Sample | None, skip: int, count: int
    ) -> Sequence[Occurrence]:
        if sort == "order" and sample is None:
            return question.view.occurrences(question.ask(), skip=skip, count=count)
        return self._order(question, sort, sample).slice(skip, count)

    def _order(self, question: Question, sort: ContextSort, sample: Sample | None) -> ContextOrder:
        key = (question.view.version, question.plan, question.chosen, sort, sample)
        analyzer = question.data.language.analyzer
        return self.orders.get_or_make(
            key, lambda: order_by_context(question.view, question.ask(), sort, analyzer, sample)
        )

    def _possible_sort(
        self, question: Question, found: Found, sort: ContextSort, sample: Sample | None
    ) -> tuple[ContextSort, tuple[Notice, ...]]:
        """The order that can be given, with a notice if it is not the one asked for; a sample can always be sorted.

        Sorting may take half of what is left of the budget: the lines are then read in any case.
        """
        if sort == "order" or sample is not None:
            return sort, ()
        if found.total > MAX_SORTED:
            return "order", (Notice(says.CONTEXT_UNSORTED(n=found.total, most=MAX_SORTED)),)
        try:
            if (found.occurrences or 0) > MAX_SORTED_OCCURRENCES:
                raise BudgetExceeded("memory", "ordering")
            with question.view.budget.share(0.5) as part:
                self._order(question.under(part), sort, None)
        except BudgetExceeded as error:
            if error.resource == "cancelled":
                raise
            return "order", (Notice(says.OCCURRENCES_UNSORTED()),)
        return sort, ()


def _read_lines(
    question: Question, occurrences: Sequence[Occurrence], context: int
) -> Iterator[ConcordanceLine]:
    """The lines of some occurrences, with their texts."""
    refs: list[Ref] = list(dict.fromkeys(occurrence.ref for occurrence in occurrences))
    paragraphs = {paragraph.ref: paragraph for paragraph in question.view.paragraphs(refs)}
    normal = {ref: normalize(paragraph.text) for ref, paragraph in paragraphs.items()}
    for ref, first, last in occurrences:
        paragraph = paragraphs[ref]
        start, end = normal[ref].to_original(first, last)
        yield ConcordanceLine(
            id=f"{paragraph.report.id}-p{paragraph.n}",
            n=paragraph.n,
            report=paragraph.report,
            left=paragraph.text[max(0, start - context) : start],
            keyword=paragraph.text[start:end],
            right=paragraph.text[end : end + context],
            ocr=paragraph.ocr,
            part=paragraph.part,
        )
