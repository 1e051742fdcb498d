"""What a plan asks of reports and paragraphs, whatever they say: which documents of a segment satisfy it."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from search.embedded.combinations import NO_YEAR, Combinations
from search.embedded.segment import KINDS, NO_TIME, NOT_RECOGNISED, to_seconds
from search.embedded.snapshot import Part
from search.embedded.term_lookup import Docs, Mask, TermLookup
from search.language import plan as p

Condition: TypeAlias = p.Filter | p.YearFilter | p.ContextYears | p.AddedFilter | p.Recognised


class Conditions:
    """Probes conditions in one segment."""

    def __init__(self, part: Part, combinations: Combinations, terms: TermLookup) -> None:
        self._part, self._data = part, part.data
        self._combinations, self._terms = combinations, terms

    def probe(self, plan: Condition, docs: Docs) -> Mask:
        """Which of `docs` satisfy a condition."""
        if isinstance(plan, p.Filter):
            return self._filter(plan, docs)
        if isinstance(plan, p.YearFilter):
            return self._years(plan, docs)
        if isinstance(plan, p.ContextYears):
            return self._context_years(plan, docs)
        if isinstance(plan, p.AddedFilter):
            return self._added(plan, docs)
        recognised: Mask = self._data.ocr.take(docs) != NOT_RECOGNISED
        return recognised

    def _filter(self, plan: p.Filter, docs: Docs) -> Mask:
        if plan.field == "report":
            of_reports = [self._terms.docs_of("report", str(value)) for value in plan.values]
            allowed = np.zeros(self._data.doc_count, dtype=bool)
            for of_report in of_reports:
                allowed[of_report] = True
            return allowed[docs]
        if plan.field == "kind":
            wanted = np.array([kind in plan.values for kind in KINDS], dtype=bool)
            return wanted.take(self._data.paragraphs["kind"].take(docs))
        allowed = self._combinations.axes[plan.field].mask(plan.values)
        return allowed.take(self._part.combination.take(docs))

    def _years(self, plan: p.YearFilter, docs: Docs) -> Mask:
        return _allowed_years(self._combinations, plan).take(self._part.combination.take(docs))

    def _context_years(self, plan: p.ContextYears, docs: Docs) -> Mask:
        columns = self._data.paragraphs
        first, last = columns["context_first"].take(docs), columns["context_last"].take(docs)
        above: Mask = (first <= plan.last) & (last >= plan.first)
        planned = self._years(p.YearFilter(plan.first, plan.last, "plan_year"), docs)
        return np.where(last == NO_YEAR, planned, above)

    def _added(self, plan: p.AddedFilter, docs: Docs) -> Mask:
        added = self._data.catalogue["added"]
        allowed: Mask = added != NO_TIME
        if plan.first is not None:
            allowed &= added >= to_seconds(plan.first)
        if plan.last is not None:
            allowed &= added <= to_seconds(plan.last)
        return allowed.take(self._data.report_of.take(docs))


def _allowed_years(combinations: Combinations, plan: p.YearFilter) -> Mask:
    """Which combinations have a year within the range."""
    years = combinations.columns[plan.field]
    allowed: Mask = years != NO_YEAR
    if plan.first is not None:
        allowed &= years >= plan.first
    if plan.last is not None:
        allowed &= years <= plan.last
    return allowed
