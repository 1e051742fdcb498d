"""Many exact strings with the same filters: what these leave is worked out once for all strings of a batch.

string -> its documents, with scores -> those that the filters leave -> the first of an order
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from search.collection import Ask, Choice, Found
from search.embedded.evaluation import Evaluator
from search.embedded.matches import Matches
from search.embedded.matching import Matcher
from search.embedded.ordering import order_page
from search.embedded.term_lookup import Mask
from search.language.plan import Plan, String, Without
from search.language.plan.conditions import is_condition
from search.limits import Budget


class StringBatch:
    """Answers asks of one batch for strings, of which nothing is kept: each is asked for once.

    Args:
        matchers: gives the matcher of each segment.
    """

    def __init__(
        self, evaluator: Evaluator, matchers: Callable[[], Sequence[Matcher]], budget: Budget
    ) -> None:
        self._evaluator, self._matchers, self._budget = evaluator, matchers, budget
        self._masks: dict[tuple[Plan | None, Choice], list[Mask]] = {}

    def answer(self, ask: Ask) -> Found | None:
        """How many paragraphs have a string, and the first of them; None where more is asked, or another plan."""
        top = ask.top
        if top is None or top.group or ask.among is not None:
            return None
        if ask.facets or ask.reports or ask.occurrences or ask.cells:
            return None
        plan: Plan = ask.plan
        left_out: Plan | None = None
        if isinstance(plan, Without):
            left_out, plan = plan.unwanted, plan.wanted
        if not isinstance(plan, String) or not (left_out is None or is_condition(left_out)):
            return None
        parts: list[Matches] = []
        for matcher, mask in zip(self._matchers(), self._masks_of(left_out, ask.chosen), strict=True):
            found = matcher.text.match_once(plan)
            found = found.take(mask.take(found.docs).nonzero()[0])
            self._budget.charge(found.size_bytes)
            parts.append(found)
        if not any(len(found.docs) for found in parts):
            return Found(0)
        named = order_page(self._evaluator.snapshot, parts, top.sort, top.skip, top.count)
        return Found(sum(len(found.docs) for found in parts), top=named)

    def _masks_of(self, left_out: Plan | None, chosen: Choice) -> list[Mask]:
        """Of each segment's documents, which the filters leave."""
        key = left_out, chosen
        if key not in self._masks:
            self._masks[key] = self._make_masks(left_out, self._evaluator.select(chosen).allowed())
        return self._masks[key]

    def _make_masks(self, left_out: Plan | None, allowed: Mask | None) -> list[Mask]:
        masks = []
        for part, matcher in zip(self._evaluator.snapshot.parts, self._matchers(), strict=True):
            mask = (
                np.ones(part.data.doc_count, dtype=bool) if part.data.live is None else part.data.live.copy()
            )
            if allowed is not None:
                mask &= allowed.take(part.combination)
            if left_out is not None:
                mask &= ~matcher.probe(left_out, np.arange(len(mask)))[0]
            masks.append(mask)
        return masks
