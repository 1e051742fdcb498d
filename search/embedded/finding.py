"""Answers the asks of one batch: plans evaluated, then counted and ordered.

ask -> matched (search.embedded.evaluation) -> total, texts, facets, occurrences, cells, the top of an order -> Found
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from search.collection import Ask, Choice, Found, Ranked, Ref, Top
from search.embedded.cells import count_cells
from search.embedded.evaluation import Evaluated, Evaluator, PlanKey
from search.embedded.facets import Selection
from search.embedded.matches import Matches
from search.embedded.matching import Matcher
from search.embedded.occurrences import (
    OccurrenceOrder,
    count_all,
    count_everywhere,
    count_spans,
    order_occurrences,
)
from search.embedded.ordering import PART_SHIFT, best_of_reports, order_page
from search.embedded.part_matching import PartMatcher
from search.embedded.snapshot import Snapshot
from search.embedded.state import State
from search.embedded.string_batch import StringBatch
from search.errors import Stage
from search.language.plan import All, Plan, Without
from search.limits import UNLIMITED, Budget

I64 = NDArray[np.int64]


_MANY = 8
"""Of so many asks in a batch, those that differ in a word or string alone share what they have in common."""


def begin_stage(budget: Budget, stage: Stage) -> None:
    """Name what is done from here on, and look at the budget."""
    if budget is not UNLIMITED:
        budget.stage = stage
        budget.charge()


class Matchers:
    """The matchers of each segment, made when they are first asked for."""

    def __init__(self, evaluator: Evaluator, budget: Budget) -> None:
        self._evaluator, self._budget = evaluator, budget
        self._made: Sequence[Matcher] | None = None

    def __call__(self) -> Sequence[Matcher]:
        if self._made is None:
            self._made = self._evaluator.matchers(self._budget)
        return self._made


class Matched(Struct, frozen=True):
    """The matches of an ask: all of the plan's, and those that are chosen; and the matchers that found them."""

    ask: Ask
    key: PlanKey
    selection: Selection
    evaluated: Evaluated
    parts: Sequence[Matches]
    matchers: Matchers


class Finder:
    """Answers asks on one version under one budget; made anew for each batch.

    What a page asks of tier 2 leaves out what it asked of tier 1 before: the two share what was looked up.
    """

    def __init__(self, state: State, budget: Budget) -> None:
        self._state, self._snapshot, self._budget = state, state.snapshot, budget
        self._evaluator = state.evaluator
        self._before: Matched | None = None
        self._batch: tuple[PartMatcher, StringBatch, Matchers] | None = None
        self._counting: Matchers | None = None
        """For asks of a total alone, which share what they look up."""

    def answer_all(self, asks: Sequence[Ask]) -> list[Found]:
        """What each ask wants to know."""
        if len(asks) >= _MANY:
            matchers = Matchers(self._evaluator, self._budget)
            shared = self._evaluator, matchers, self._budget
            self._batch = PartMatcher(*shared), StringBatch(*shared), matchers
        return list(map(self.answer, asks))

    def answer(self, ask: Ask) -> Found:
        """What an ask wants to know."""
        before = self._budget.spent_bytes
        try:
            return self._answer(ask)
        finally:
            if (spent := self._budget.spent_bytes) != before:
                self._budget.release(spent - before)

    def _answer(self, ask: Ask) -> Found:
        self.begin("matching")
        if self._batch is not None and (found := self._batch[1].answer(ask)) is not None:
            return found
        if not (ask.top or ask.reports or ask.occurrences or ask.cells) and ask.among is None:
            if not ask.facets:
                selection = self._evaluator.select(ask.chosen)
                matchers = self._counting = self._counting or Matchers(self._evaluator, self._budget)
                total = self._evaluator.total(ask.plan, selection, ask.enough, self._budget, matchers)
                return Found(total)
            if ask.plan == All():
                selection, held = self._evaluator.select(ask.chosen), self._snapshot.live_counts
                return Found(selection.total(held), facets=selection.facets(held, ask.facets))
        if self._before is not None and self._adds_nothing(ask):
            return _nothing_found(ask)
        return self._collect(self.match(ask))

    def _adds_nothing(self, ask: Ask) -> bool:
        """Whether a tier surely adds nothing to what was matched before, as those of most pages."""
        if ask.facets or ask.cells or ask.among is not None:
            return False
        before = self._left_out(ask)
        if before is None or type(ask.plan) is not Without:
            return False
        for matcher in before.matchers():  # noqa: SIM110 -- a generator takes as long again
            if not matcher.adds_nothing(ask.plan):
                return False
        return True

    def _collect(self, matched: Matched) -> Found:
        ask, selection, counts = matched.ask, matched.selection, matched.evaluated.counts
        total = sum([len(found.docs) for found in matched.parts])
        if not (total or ask.facets or ask.cells):
            return _nothing_found(ask)
        of_matches = self.occurrence_counts(matched) if ask.cells else None
        tally = self._evaluator.tally(matched.evaluated, matched.parts)
        return Found(
            total=total,
            reports=tally.reports if ask.reports else None,
            texts=tally.texts if ask.reports else None,
            facets=selection.facets(counts, ask.facets) if ask.facets else {},
            occurrences=self._occurrence_total(matched) if ask.occurrences else None,
            repeated=tally.repeated if ask.occurrences else None,
            of_ocr=selection.recognised(counts) if ask.occurrences else None,
            cells=() if of_matches is None else _cells(self._state, matched, of_matches),
            top=self._top(matched.parts, ask.top) if ask.top else (),
        )

    def begin(self, stage: Stage) -> None:
        """Name what is done from here on, and look at the budget."""
        begin_stage(self._budget, stage)

    def match(self, ask: Ask) -> Matched:
        """What an ask's plan matches, and what of that is chosen."""
        selection = self._evaluator.select(ask.chosen)
        batch = self._batch if ask.top is None and ask.among is None else None
        if batch is not None and (of_part := batch[0].evaluate(ask.plan)) is not None:
            key = self._evaluator.key_of(ask.plan)
            parts = self._evaluator.narrowed(of_part, selection.allowed())
            return Matched(ask, key, selection, of_part, parts, batch[2])
        left_out = None if self._before is None else self._left_out(ask)
        matchers = Matchers(self._evaluator, self._budget) if left_out is None else left_out.matchers
        key, allowed = self._evaluator.key_of(ask.plan), selection.allowed()
        if ask.among is None:
            evaluated = self._evaluator.evaluate(
                key,
                self._budget,
                scored=ask.top is not None,
                counted=ask.occurrences,
                matchers=matchers,
                left_out=None if left_out is None else left_out.evaluated.parts,
                allowed=allowed,
            )
        else:
            evaluated = self._evaluator.evaluate_among(ask.plan, ask.among, self._budget)
        parts = evaluated.parts if allowed is None else self._evaluator.narrowed(evaluated, allowed)
        self._before = Matched(ask, key, selection, evaluated, parts, matchers)
        return self._before

    def matches(self, ask: Ask) -> Sequence[Matches]:
        """The chosen matches of an ask, by segment."""
        self.begin("matching")
        with self._budget.borrowed():
            return self.match(ask).parts

    def _left_out(self, ask: Ask) -> Matched | None:
        """What was matched before, if the plan leaves that out."""
        before = self._before
        if before is None or before.ask.among is not None or type(ask.plan) is not Without:
            return None
        return before if ask.plan.unwanted is before.ask.plan else None

    def occurrence_order(self, ask: Ask) -> OccurrenceOrder:
        """The order of all occurrences of an ask's matches, kept."""

        def make() -> OccurrenceOrder:
            with self._budget.borrowed():
                self.begin("matching")
                matched = self.match(ask)
                return order_occurrences(self._snapshot.parts, matched.parts, self.occurrence_counts(matched))

        if ask.among is not None:
            return make()
        return self._state.orders.get_or_make((self._evaluator.key_of(ask.plan), ask.chosen), make)

    def occurrence_counts(self, matched: Matched) -> list[I64]:
        """Occurrences in each match, by segment."""

        def make() -> list[I64]:
            self.begin("counting")
            pairs = zip(matched.matchers(), matched.parts, strict=True)
            return [count_spans(matcher, matched.ask.plan, found.docs) for matcher, found in pairs]

        if matched.ask.among is not None:
            return make()
        return self._state.counts.get_or_make((matched.key, matched.ask.chosen), make)

    def count_strings(self, strings: Sequence[Plan], chosen: Choice) -> list[int]:
        """The occurrences of many words and strings, each by itself.

        Where nothing is left out no paragraph is looked at: a word's are known, a string's are its places.
        """
        is_whole = not self._evaluator.select(chosen).is_narrow
        if not is_whole or any(part.data.live is not None for part in self._snapshot.parts):
            found = map(self.answer, [Ask(plan, chosen, occurrences=True) for plan in strings])
            return [one.occurrences or 0 for one in found]
        counts, matchers = [], Matchers(self._evaluator, self._budget)
        for plan in strings:
            self.begin("counting")
            counts.append(sum(count_everywhere(matcher, plan) for matcher in matchers()))
        return counts

    def _occurrence_total(self, matched: Matched) -> int:
        """Occurrences in all matches."""
        evaluated, chosen = matched.evaluated, matched.ask.chosen
        if matched.ask.among is None:
            known = evaluated.said.get(chosen)
            if known is not None:
                return known
            if len(self._state.counts):
                counts = self._state.counts.get((matched.key, chosen))
                if counts is not None:
                    return sum([int(of_part.sum()) for of_part in counts])
        self.begin("counting")
        plan, parts = matched.ask.plan, self._snapshot.parts
        total = 0
        for matcher, found, part in zip(matched.matchers(), matched.parts, parts, strict=True):
            is_whole = matched.parts is evaluated.parts and part.data.live is None
            total += count_all(matcher, plan, found.docs, is_whole=is_whole, said=found.said)
        return evaluated.keep_said(chosen, total)

    def _top(self, found: Sequence[Matches], top: Top) -> Sequence[Ranked]:
        self.begin("ordering")
        if top.group != "report":
            return order_page(self._snapshot, found, top.sort, top.skip, top.count)
        best, of_group = group_by_report(self._snapshot, found)
        page = order_page(self._snapshot, best, top.sort, top.skip, top.count)
        return [place._replace(of_group=of_group[place.ref]) for place in page]


def _cells(state: State, matched: Matched, occurrences: Sequence[I64]) -> tuple[Any, ...]:
    return count_cells(
        state.snapshot,
        state.holdings,
        matched.matchers(),
        matched.ask.plan,
        matched.selection.allowed(),
        matched.parts,
        occurrences,
        matched.ask.cells_by,
    )


def _nothing_found(ask: Ask) -> Found:
    number = 0 if ask.occurrences else None
    texts = 0 if ask.reports else None
    return Found(0, reports=texts, texts=texts, occurrences=number, repeated=number, of_ocr=number)


def group_by_report(snapshot: Snapshot, found: Sequence[Matches]) -> tuple[list[Matches], dict[Ref, int]]:
    """The best match of each report, and by its ref how many of the report's paragraphs match."""
    best: list[Matches] = []
    of_report: dict[Ref, int] = {}
    for number, (part, matches) in enumerate(zip(snapshot.parts, found, strict=True)):
        chosen, counts = best_of_reports(part, matches)
        best.append(chosen)
        refs = (chosen.docs | number << PART_SHIFT).tolist()
        of_report.update(zip(refs, counts.tolist(), strict=True))
    return best, of_report
