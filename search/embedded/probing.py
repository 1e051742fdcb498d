"""Which of some documents of one segment match a plan, and with what score."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar

import numpy as np

from search.embedded.conditions import Condition
from search.embedded.leaves import Leaves
from search.embedded.matches import Matches, Scores, add_scores, narrow
from search.embedded.phrase_matching import strict
from search.embedded.sentence_matching import SentenceMatcher
from search.embedded.sorted_numbers import membership
from search.embedded.term_lookup import POSITION_BITS, Docs, Mask, encode
from search.embedded.words import is_word
from search.language import plan as p

_TERMS_AT_ONCE = 1_024
"""Of a prefix, so many terms are read before the budget is looked at again."""

_Probe = Callable[["Prober", Any, Docs], tuple[Mask, Scores | None]]


class Prober:
    """Probes plans in one segment.

    Args:
        match: gives all that a plan matches, for what stands above the words of a sentence.
    """

    def __init__(self, leaves: Leaves, match: Callable[[p.Plan], Matches]) -> None:
        self._leaves, self._budget = leaves, leaves.budget
        self.sentences = SentenceMatcher(leaves.terms, leaves.words, match, self.probe, leaves.estimates.of)

    def probe(self, plan: p.Plan, docs: Docs) -> tuple[Mask, Scores | None]:
        """Which of `docs` match a plain plan, and the scores of those that do."""
        self._budget.charge()
        return self._PROBES[type(plan)](self, plan, docs)

    def _probe_term(self, plan: p.Term, docs: Docs) -> tuple[Mask, Scores | None]:
        return self._leaves.words.probe(plan, docs)

    def _probe_either(self, plan: p.Either, docs: Docs) -> tuple[Mask, Scores | None]:
        if is_word(plan):
            return self._leaves.words.probe(plan, docs)
        live = self._leaves.live(plan)
        if len(live) == 1:
            return self.probe(live[0], docs)
        any_mask = np.zeros(len(docs), dtype=bool)
        sums: Scores | None = None
        for part in live:
            mask, scores = self.probe(part, docs)
            any_mask |= mask
            if scores is not None and len(scores):
                if sums is None:
                    sums = np.zeros(len(docs), dtype=np.float32)
                sums[mask] += scores
        return any_mask, None if sums is None else sums[any_mask]

    def _probe_every(self, plan: p.Every, docs: Docs) -> tuple[Mask, Scores | None]:
        probes = [partial(self.probe, part) for part in self._leaves.estimates.in_turn(plan.parts)]
        kept, _ = narrow(Matches(docs, None), probes)
        return membership(docs, kept.docs), kept.scores

    def _probe_without(self, plan: p.Without, docs: Docs) -> tuple[Mask, Scores | None]:
        mask, scores = self.probe(plan.wanted, docs)
        unwanted = self.probe(plan.unwanted, docs)[0]
        if scores is not None:
            scores = scores[~unwanted[mask]]
        return mask & ~unwanted, scores

    def _probe_favoured(self, plan: p.Favoured, docs: Docs) -> tuple[Mask, Scores | None]:
        mask, scores = self.probe(plan.wanted, docs)
        more_mask, more = self.probe(plan.bonus, docs[mask])
        return mask, add_scores(scores, more_mask, more)

    def _probe_string(self, plan: p.String | p.Above | p.Within, docs: Docs) -> tuple[Mask, Scores | None]:
        return self._leaves.strings.probe(plan, docs)

    def _probe_phrase(self, plan: p.Phrase, docs: Docs) -> tuple[Mask, Scores | None]:
        mask, scores = self.probe(strict(plan), docs)
        more = membership(docs, self._leaves.phrases.places(plan, docs).docs) & ~mask
        if not more.any():
            return mask, scores
        mask = mask | more
        return mask, self._leaves.strings.words_score("text", plan.tokens, docs[mask], plan.boost)

    def _probe_same_sentence(self, plan: p.SameSentence, docs: Docs) -> tuple[Mask, Scores | None]:
        return self.sentences.probe(plan, docs), None

    def _probe_tiered(self, plan: p.Tiered, docs: Docs) -> tuple[Mask, Scores | None]:
        mask, scores = self.probe(plan.first, docs)
        rest = docs[~mask]
        more_mask, more = self.probe(plan.second, rest)
        sums = np.zeros(len(docs), dtype=np.float32)
        if scores is not None:
            sums[mask] = scores
        others = np.flatnonzero(~mask)[more_mask]
        if more is not None:
            sums[others] = more
        mask = mask.copy()
        mask[others] = True
        return mask, None if scores is None and more is None else sums[mask]

    def _probe_all(self, plan: p.Plan, docs: Docs) -> tuple[Mask, Scores | None]:
        return np.ones(len(docs), dtype=bool), None

    def _probe_nothing(self, plan: p.Plan, docs: Docs) -> tuple[Mask, Scores | None]:
        return np.zeros(len(docs), dtype=bool), None

    def _probe_prefix(self, plan: p.Starting, docs: Docs) -> tuple[Mask, Scores | None]:
        if plan.before:
            mask = np.zeros(len(docs), dtype=bool)
            mask[self._leaves.text.of_prefix(plan, docs)[0] >> POSITION_BITS] = True
            return mask, None
        return membership(docs, self.docs_with_prefix(plan)), None

    def _probe_condition(self, plan: Condition, docs: Docs) -> tuple[Mask, Scores | None]:
        return self._leaves.conditions.probe(plan, docs), None

    def docs_with_prefix(self, plan: p.Starting) -> Docs:
        """The documents with a term of the field that begins with a prefix before which nothing has to stand."""
        postings = self._leaves.part.data.field(plan.field)
        if postings is None:
            return np.zeros(0, dtype=np.int64)
        flags = np.zeros(self._leaves.size, dtype=bool)
        for number in range(*postings.starting(encode(plan.prefix))):
            if not number % _TERMS_AT_ONCE:
                self._budget.charge()
            flags[postings.docs(number)] = True
        return np.flatnonzero(flags)

    _PROBES: ClassVar[Mapping[type, _Probe]] = {
        p.All: _probe_all,
        p.Nothing: _probe_nothing,
        p.Term: _probe_term,
        p.String: _probe_string,
        p.Phrase: _probe_phrase,
        p.SameSentence: _probe_same_sentence,
        p.Tiered: _probe_tiered,
        p.Above: _probe_string,
        p.Within: _probe_string,
        p.Starting: _probe_prefix,
        p.Filter: _probe_condition,
        p.YearFilter: _probe_condition,
        p.ContextYears: _probe_condition,
        p.AddedFilter: _probe_condition,
        p.Recognised: _probe_condition,
        p.Every: _probe_every,
        p.Either: _probe_either,
        p.Without: _probe_without,
        p.Favoured: _probe_favoured,
    }
