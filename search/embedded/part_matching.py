"""Many words and strings in the same part of a collection: what the part holds is worked out once for all of them.

every(word or string, conditions) -> documents that the conditions leave, as flags -> the word's among them
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from search.embedded.evaluation import Evaluated, Evaluator
from search.embedded.matches import Matches
from search.embedded.matching import Matcher
from search.embedded.tally import tally
from search.embedded.term_lookup import Mask
from search.language.plan import Every, Plan, String, Term, every
from search.language.plan.conditions import is_condition
from search.limits import Budget


class PartMatcher:
    """Matches words and strings under conditions, without scores; for the asks of one batch.

    Args:
        matchers: gives the matcher of each segment.
    """

    def __init__(
        self, evaluator: Evaluator, matchers: Callable[[], Sequence[Matcher]], budget: Budget
    ) -> None:
        self._evaluator, self._matchers, self._budget = evaluator, matchers, budget
        self._masks: dict[tuple[Plan, ...], list[Mask]] = {}

    def evaluate(self, plan: Plan) -> Evaluated | None:
        """All that a word or string with conditions matches; None for any other plan."""
        if not isinstance(plan, Every):
            return None
        said = [part for part in plan.parts if isinstance(part, (String, Term)) and not is_condition(part)]
        conditions = tuple(part for part in plan.parts if is_condition(part))
        if len(said) != 1 or len(plan.parts) != 1 + len(conditions):
            return None
        wanted = said[0]
        if isinstance(wanted, Term) and wanted.field != "text":
            return None
        snapshot = self._evaluator.snapshot
        counts = np.zeros(len(snapshot.combinations), dtype=np.int64)
        found, tallies = [], []
        for part, matcher, mask in zip(
            snapshot.parts, self._matchers(), self._masks_of(conditions), strict=True
        ):
            docs = matcher.text.docs_with(wanted)
            docs = docs[mask.take(docs)]
            self._budget.charge(docs.nbytes)
            tallies.append(tally(part, docs, counts))
            found.append(Matches(docs, None))
        return Evaluated(found, counts, tallies, is_scored=False)

    def _masks_of(self, conditions: tuple[Plan, ...]) -> list[Mask]:
        """Of each segment's documents, which the conditions leave."""
        masks = self._masks.get(conditions)
        if masks is None:
            masks = self._masks[conditions] = self._make_masks(every(conditions))
        return masks

    def _make_masks(self, conditions: Plan) -> list[Mask]:
        left = self._evaluator.evaluate(self._evaluator.key_of(conditions), self._budget, scored=False)
        masks = []
        for part, matches in zip(self._evaluator.snapshot.parts, left.parts, strict=True):
            mask = np.zeros(part.data.doc_count, dtype=bool)
            mask[matches.docs] = True
            masks.append(mask)
        return masks
