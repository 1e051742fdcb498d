"""Carries a plan out on one segment: which paragraphs match, and with what score.

Two questions can be put to every plan: `match` (all of it) and `probe` (which of these paragraphs, and how well). A
conjunction matches its rarest part and probes the others, so its cost is that of the rarest. Words, which most plans
consist of, are matched all at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import Any, ClassVar

import numpy as np

from search.embedded.combinations import Combinations
from search.embedded.leaves import Leaves
from search.embedded.matches import Matches, Scores, add_scores, narrow, union
from search.embedded.phrase_matching import strict
from search.embedded.places import KeptPlaces
from search.embedded.plan_difference import adds_nothing
from search.embedded.probing import Prober
from search.embedded.scoring import Scorer
from search.embedded.snapshot import Part
from search.embedded.sorted_numbers import membership
from search.embedded.term_lookup import Docs, Mask
from search.embedded.text_places import TextPlaces
from search.embedded.tier_difference import DifferenceMatcher
from search.embedded.word_matching import match_words
from search.embedded.words import is_word
from search.language import plan as p
from search.limits import Budget

_FIRST_LOOKED_AT = 64
"""Candidates for a string of which only one is wanted."""

_Match = Callable[["Matcher", Any], Matches]


class Matcher:
    """Matches plans on one segment of a snapshot. Made anew for each query; keeps what it has decoded."""

    def __init__(
        self,
        part: Part,
        combinations: Combinations,
        scorer: Scorer,
        budget: Budget,
        kept: KeptPlaces,
    ) -> None:
        self.budget = budget
        self._leaves = Leaves(part, combinations, scorer, budget, kept)

    @cached_property
    def _prober(self) -> Prober:
        return Prober(self._leaves, self._match)

    @cached_property
    def difference(self) -> DifferenceMatcher:
        """For plans whose unwanted documents are known, or at least those that are not deleted."""
        return DifferenceMatcher(self._leaves, self._match, self._probe, self._favour)

    @property
    def text(self) -> TextPlaces:
        """Where words, strings and phrases stand."""
        return self._leaves.text

    def match(self, plan: p.Plan, *, counted: bool = False) -> Matches:
        """Every document that matches.

        Args:
            counted: whether occurrences will be counted, which costs less on the way; see `Matches.said`.
        """
        found = match_words(plan, self._leaves, self._probe, counted=counted)
        return self._match(self._leaves.plain(plan)) if found is None else found

    def probe(self, plan: p.Plan, docs: Docs) -> tuple[Mask, Scores | None]:
        """Which of `docs` match, and the scores of those that do."""
        return self._probe(self._leaves.plain(plan), docs)

    def adds_nothing(self, plan: p.Without) -> bool:
        """Whether a plan surely matches nothing; False where that takes more to know."""
        return adds_nothing(plan.wanted, plan.unwanted, self._leaves.words.holds)

    def count_across(self, plan: p.Plan, docs: Docs) -> int:
        """How often a phrase of the text stands in `docs` across marks; 0 of any other plan."""
        if type(plan) is not p.Phrase or not self._leaves.phrases.is_bridged(plan):
            return 0
        return self._leaves.phrases.places(plan, docs).count_within(docs)

    def count_of_word(self, plan: p.Phrase) -> int:
        """How often a phrase of one token stands in the text of the segment, in what is deleted too."""
        term = self._leaves.scorer.term(self._leaves.part.data, "text", plan.tokens[0].term)
        alone = 0 if term is None else term.occurrences
        phrases = self._leaves.phrases
        return alone + (len(phrases.places(plan).first) if phrases.is_bridged(plan) else 0)

    def has_any(self, plan: p.Plan) -> bool:
        """Whether anything matches, deleted or not; of strings it is sooner known than where all of them are."""
        return self._has_any(self._leaves.plain(plan))

    def _has_any(self, plan: p.Plan) -> bool:
        if type(plan) is p.Phrase:
            return self._has_any(strict(plan)) or len(self._leaves.phrases.places(plan).docs) > 0
        if type(plan) is p.Either:
            return any(map(self._has_any, self._leaves.live(plan)))
        if type(plan) is not p.String:
            return len(self._match(plan).docs) > 0
        candidates = self._leaves.words.common("text", {token.term for token in plan.tokens})
        begin, count = 0, _FIRST_LOOKED_AT
        while begin < len(candidates):
            if self._leaves.terms.string_places(plan, candidates[begin : begin + count])[0].any():
                return True
            begin, count = begin + count, 8 * count
        return False

    def _probe(self, plan: p.Plan, docs: Docs) -> tuple[Mask, Scores | None]:
        return self._prober.probe(plan, docs)

    # All that a plain plan matches

    def _match(self, plan: p.Plan) -> Matches:
        budget = self.budget
        budget.charge()
        if is_word(plan):
            found = self._leaves.words.match((plan,))
        else:
            before = budget.spent_bytes
            found = self._MATCHES.get(type(plan), Matcher._match_by_probing)(self, plan)
            budget.release(budget.spent_bytes - before)
        budget.charge(found.size_bytes)
        return found

    def _match_by_probing(self, plan: p.Plan) -> Matches:
        """A plan that no posting list leads to: every document is looked at."""
        everything = np.arange(self._leaves.size, dtype=np.int64)
        return Matches(everything[self._probe(plan, everything)[0]], None)

    def _match_either(self, plan: p.Either) -> Matches:
        return union([self._match(part) for part in self._leaves.live(plan)], self._leaves.size)

    def _match_without(self, plan: p.Without) -> Matches:
        wanted = self._match(plan.wanted)
        return wanted.take((~self._probe(plan.unwanted, wanted.docs)[0]).nonzero()[0])

    def _match_favoured(self, plan: p.Favoured) -> Matches:
        return self._favour(self._match(plan.wanted), plan.bonus)

    def _favour(self, found: Matches, bonus: p.Plan) -> Matches:
        """The matches, those with more scores that match `bonus` too."""
        if not self._leaves.estimates.of(bonus):
            return found
        mask, scores = self._probe(bonus, found.docs)
        return Matches(found.docs, add_scores(found.scores, mask, scores))

    def _match_string(self, plan: p.String | p.Above | p.Within) -> Matches:
        candidates = self._leaves.words.common(*self._leaves.strings.needed(plan))
        mask, scores = self._probe(plan, candidates)
        return Matches(candidates[mask], scores)

    def _match_exact(self, plan: p.String) -> Matches:
        return self._leaves.strings.match(plan)

    def _match_phrase(self, plan: p.Phrase) -> Matches:
        """Its strict places' documents, and those that have it across marks alone."""
        found = self._match(strict(plan))
        more = self._leaves.phrases.places(plan).docs
        more = more[~membership(more, found.docs)]
        if not len(more):
            return found
        scores = self._leaves.strings.words_score("text", plan.tokens, more, plan.boost)
        return union([found, Matches(more, scores)], self._leaves.size)

    def _match_same_sentence(self, plan: p.SameSentence) -> Matches:
        if not plan.words:
            return self._match_all(p.All())
        rarest = min(plan.words, key=self._leaves.estimates.of_word)
        candidates = self._prober.sentences.docs_with(rarest, self._leaves.size)
        return Matches(candidates[self._probe(plan, candidates)[0]], None)

    def _match_tiered(self, plan: p.Tiered) -> Matches:
        first, second = self._match(plan.first), self._match(plan.second)
        rest = second.take((~membership(second.docs, first.docs)).nonzero()[0])
        return union([first, rest], self._leaves.size)

    def _match_all(self, plan: p.All) -> Matches:
        return Matches(np.arange(self._leaves.size, dtype=np.int64), None)

    def _match_nothing(self, plan: p.Nothing) -> Matches:
        return Matches(np.zeros(0, dtype=np.int64), None)

    def _match_every(self, plan: p.Every) -> Matches:
        """The rarest part's documents, narrowed by the others; where that is a word, by the other words first.

        What only favours a word is asked of the documents that are left.
        """
        parts, bonuses = [], []
        for part in plan.parts:
            if type(part) is p.Favoured and is_word(part.wanted):
                bonuses.append(part.bonus)
                part = part.wanted
            parts.append(part)
        first, *others = self._leaves.estimates.in_turn(parts)
        if is_word(first):
            found = self._leaves.words.match((first, *filter(is_word, others)))
            others = [part for part in others if not is_word(part)]
        else:
            found = self._match(first)
        found = narrow(found, [partial(self._probe, other) for other in others])[0]
        for bonus in bonuses:
            found = self._favour(found, bonus)
        return found

    def _match_prefix(self, plan: p.Starting) -> Matches:
        if not plan.before:
            return Matches(self._prober.docs_with_prefix(plan), None)
        candidates = self._leaves.words.common("text", {token.term for token in plan.before})
        return Matches(candidates[self._probe(plan, candidates)[0]], None)

    _MATCHES: ClassVar[Mapping[type, _Match]] = {
        p.All: _match_all,
        p.Nothing: _match_nothing,
        p.String: _match_exact,
        p.Phrase: _match_phrase,
        p.SameSentence: _match_same_sentence,
        p.Tiered: _match_tiered,
        p.Above: _match_string,
        p.Within: _match_string,
        p.Starting: _match_prefix,
        p.Every: _match_every,
        p.Either: _match_either,
        p.Without: _match_without,
        p.Favoured: _match_favoured,
    }
