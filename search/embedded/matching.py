"""Carries a plan out on one segment: which paragraphs match, and with what score.

Two questions can be put to every plan: `match` (all of it) and `probe` (which of these paragraphs, and how well). A
conjunction matches its rarest part and probes the others, so its cost is that of the rarest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

import numpy as np

from search.embedded import kernel
from search.embedded.combinations import Combinations
from search.embedded.conditions import Condition, Conditions
from search.embedded.cost import Estimates
from search.embedded.matches import Matches, Scores, add_scores, narrow, no_matches, union
from search.embedded.numpy_words import PlainWords
from search.embedded.phrase_matching import PhraseMatcher, strict
from search.embedded.places import KeptPlaces
from search.embedded.plan_difference import is_term_of, without_one
from search.embedded.scoring import Scorer
from search.embedded.sentence_matching import SentenceMatcher
from search.embedded.snapshot import Part
from search.embedded.sorted_numbers import membership, united
from search.embedded.string_matching import StringMatcher
from search.embedded.term_lookup import (
    POSITION_BITS,
    Docs,
    Mask,
    TermLookup,
    encode,
)
from search.embedded.text_places import TextPlaces
from search.embedded.words import CompiledWords, is_word, without_bonus
from search.language import plan as p
from search.limits import Budget

_FIRST_LOOKED_AT = 64
"""Candidates for a string of which only one is wanted."""

_TERMS_AT_ONCE = 1_024
"""Of a prefix, so many terms are read before the budget is looked at again."""

_Match = Callable[["Matcher", Any], Matches]
_Probe = Callable[["Matcher", Any, Docs], tuple[Mask, Scores | None]]


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
        self._part, self._data, self.budget = part, part.data, budget
        self._combinations, self._scorer = combinations, scorer
        self._size = part.data.doc_count
        self._terms = TermLookup(part.data)
        of_words = PlainWords if kernel.postings is None else CompiledWords
        self._words = of_words(part.data, self._terms, scorer)
        self._strings = StringMatcher(part.data, self._terms, self._words, budget, kept)
        self._phrases = PhraseMatcher(part.data, self._terms, self._words, budget, kept)
        self._sentences = SentenceMatcher(self._terms, self._words, self._match, self._probe)
        self._estimates = Estimates(self._terms, self._phrases, self._size)
        self._conditions = Conditions(part, combinations, self._terms)
        self.text = TextPlaces(self._terms, self._strings, self._phrases, self._estimates, budget)

    def _plain(self, plan: p.Plan) -> p.Plan:
        """The plan with each phrase that marks cut nowhere in the segment as the word or string that it is then."""
        if isinstance(plan, p.Phrase):
            return plan if self._phrases.is_bridged(plan) else strict(plan)
        if isinstance(plan, (p.Every, p.Either)):
            parts = tuple(map(self._plain, plan.parts))
            return plan if parts == plan.parts else type(plan)(parts)
        if isinstance(plan, p.Without):
            return p.Without(self._plain(plan.wanted), self._plain(plan.unwanted))
        if isinstance(plan, p.Favoured):
            return p.Favoured(self._plain(plan.wanted), self._plain(plan.bonus))
        if isinstance(plan, p.Tiered):
            return p.Tiered(self._plain(plan.first), self._plain(plan.second))
        return plan

    # All that matches

    def match(self, plan: p.Plan) -> Matches:
        """Every document that matches."""
        return self._match(self._plain(plan))

    def _match(self, plan: p.Plan) -> Matches:
        budget = self.budget
        budget.charge()
        if is_word(plan):
            found = self._words.match((plan,))
        else:
            before = budget.spent_bytes
            found = self._MATCHES.get(type(plan), Matcher._match_by_probing)(self, plan)
            budget.release(budget.spent_bytes - before)
        budget.charge(found.size_bytes)
        return found

    def _match_by_probing(self, plan: p.Plan) -> Matches:
        """A plan that no posting list leads to: every document is looked at."""
        everything = np.arange(self._size, dtype=np.int64)
        return Matches(everything[self._probe(plan, everything)[0]], None)

    def _match_either(self, plan: p.Either) -> Matches:
        return union([self._match(part) for part in self._live(plan)], self._size)

    def _match_without(self, plan: p.Without) -> Matches:
        wanted = self._match(plan.wanted)
        return wanted.take((~self._probe(plan.unwanted, wanted.docs)[0]).nonzero()[0])

    def match_but(self, plan: p.Without, left_out: Docs) -> Matches:
        """What matches of a plan whose unwanted documents are known, or at least those that are not deleted."""
        plan = p.Without(self._plain(plan.wanted), self._plain(without_bonus(plan.unwanted)))
        return self._match_but(plan.wanted, plan.unwanted, left_out)

    def _match_but(self, wanted: p.Plan, unwanted: p.Plan, left_out: Docs) -> Matches:
        """What `wanted` matches besides `left_out`, which `unwanted` does: what is dear is asked of the rest alone."""
        if wanted == unwanted or is_term_of(wanted, unwanted):
            return no_matches()
        if isinstance(wanted, p.Favoured):
            return self._favour(self._match_but(wanted.wanted, unwanted, left_out), wanted.bonus)
        if isinstance(wanted, p.Every) and (narrowed := without_one(wanted, unwanted)) is not None:
            possible = [part for part in narrowed if all(map(self._estimates.of, part.parts))]
            if not possible:
                return no_matches()
            docs = united([self._match_cheaply(part, left_out).docs for part in possible])
            return Matches(docs, self._probe(wanted, docs)[1])
        if isinstance(wanted, p.Either):
            left = p.Either(tuple(part for part in wanted.parts if not is_term_of(part, unwanted)))
            wanted = left if len(left.parts) < len(wanted.parts) else wanted
        if isinstance(wanted, p.Either) and not is_word(wanted):
            parts = self._live(wanted)
            return union([self._match_but(part, unwanted, left_out) for part in parts], self._size)
        return self._match_cheaply(wanted, left_out)

    def _match_cheaply(self, wanted: p.Plan, left_out: Docs) -> Matches:
        """What `wanted` matches besides `left_out`; only what isn't left out is asked for words of one sentence."""
        dear = [part for part in _parts(wanted) if isinstance(part, p.SameSentence)]
        if dear and isinstance(wanted, p.Every) and len(dear) < len(wanted.parts):
            wanted = p.Every(tuple(part for part in wanted.parts if part not in dear))
        else:
            dear = []
        found = self._match(wanted)
        found = found.take((~membership(found.docs, left_out)).nonzero()[0])
        return narrow(found, [partial(self._probe, part) for part in dear])[0]

    def _match_favoured(self, plan: p.Favoured) -> Matches:
        return self._favour(self._match(plan.wanted), plan.bonus)

    def _favour(self, found: Matches, bonus: p.Plan) -> Matches:
        """The matches, those with more scores that match `bonus` too."""
        if not self._estimates.of(bonus):
            return found
        mask, scores = self._probe(bonus, found.docs)
        return Matches(found.docs, add_scores(found.scores, mask, scores))

    def _match_string(self, plan: p.String | p.Above | p.Within) -> Matches:
        candidates = self._words.common(*self._strings.needed(plan))
        mask, scores = self._probe(plan, candidates)
        return Matches(candidates[mask], scores)

    def _match_exact(self, plan: p.String) -> Matches:
        docs = self._strings.places(plan).docs
        return Matches(docs, self._strings.words_score("text", plan.tokens, docs, plan.boost))

    def _match_phrase(self, plan: p.Phrase) -> Matches:
        """Its strict places' documents, and those that have it across marks alone."""
        found = self._match(strict(plan))
        more = self._phrases.places(plan).docs
        more = more[~membership(more, found.docs)]
        if not len(more):
            return found
        scores = self._strings.words_score("text", plan.tokens, more, plan.boost)
        return union([found, Matches(more, scores)], self._size)

    def _match_same_sentence(self, plan: p.SameSentence) -> Matches:
        if not plan.words:
            return self._match_all(p.All())
        rarest = min(plan.words, key=self._estimates.of_word)
        candidates = self._sentences.docs_with(rarest, self._size)
        return Matches(candidates[self._probe(plan, candidates)[0]], None)

    def _match_tiered(self, plan: p.Tiered) -> Matches:
        first, second = self._match(plan.first), self._match(plan.second)
        rest = second.take((~membership(second.docs, first.docs)).nonzero()[0])
        return union([first, rest], self._size)

    def _match_all(self, plan: p.All) -> Matches:
        return Matches(np.arange(self._size, dtype=np.int64), None)

    def _match_nothing(self, plan: p.Nothing) -> Matches:
        return Matches(np.zeros(0, dtype=np.int64), None)

    def has_any(self, plan: p.Plan) -> bool:
        """Whether anything matches, deleted or not; of strings it is sooner known than where all of them are."""
        return self._has_any(self._plain(plan))

    def _has_any(self, plan: p.Plan) -> bool:
        if isinstance(plan, p.Phrase):
            return self._has_any(strict(plan)) or len(self._phrases.places(plan).docs) > 0
        if isinstance(plan, p.Either):
            return any(map(self._has_any, self._live(plan)))
        if not isinstance(plan, p.String):
            return len(self._match(plan).docs) > 0
        candidates = self._words.common("text", {token.term for token in plan.tokens})
        begin, count = 0, _FIRST_LOOKED_AT
        while begin < len(candidates):
            if self._terms.string_places(plan, candidates[begin : begin + count])[0].any():
                return True
            begin, count = begin + count, 8 * count
        return False

    def _live(self, plan: p.Plan) -> Sequence[p.Plan]:
        """The parts of an alternative that can match anything here, the commonest first; of another plan itself."""
        if not isinstance(plan, p.Either):
            return (plan,)
        return sorted(filter(self._estimates.of, plan.parts), key=self._estimates.of, reverse=True)

    def _match_every(self, plan: p.Every) -> Matches:
        """The rarest part's documents, narrowed by the others; where that is a word, by the other words first.

        What only favours a word is asked of the documents that are left.
        """
        parts, bonuses = [], []
        for part in plan.parts:
            if isinstance(part, p.Favoured) and is_word(part.wanted):
                bonuses.append(part.bonus)
                part = part.wanted
            parts.append(part)
        first, *others = self._estimates.in_turn(parts)
        if is_word(first):
            found = self._words.match((first, *filter(is_word, others)))
            others = [part for part in others if not is_word(part)]
        else:
            found = self._match(first)
        found = narrow(found, [partial(self._probe, other) for other in others])[0]
        for bonus in bonuses:
            found = self._favour(found, bonus)
        return found

    def _match_prefix(self, plan: p.Starting) -> Matches:
        if plan.before:
            candidates = self._words.common("text", {token.term for token in plan.before})
            return Matches(candidates[self._probe_prefix(plan, candidates)[0]], None)
        postings = self._data.field(plan.field)
        if postings is None:
            return Matches(np.zeros(0, dtype=np.int64), None)
        flags = np.zeros(self._size, dtype=bool)
        for number in range(*postings.starting(encode(plan.prefix))):
            if not number % _TERMS_AT_ONCE:
                self.budget.charge()
            flags[postings.docs(number)] = True
        return Matches(np.flatnonzero(flags), None)

    # Which of these match

    def probe(self, plan: p.Plan, docs: Docs) -> tuple[Mask, Scores | None]:
        """Which of `docs` match, and the scores of those that do."""
        return self._probe(self._plain(plan), docs)

    def _probe(self, plan: p.Plan, docs: Docs) -> tuple[Mask, Scores | None]:
        self.budget.charge()
        return self._PROBES[type(plan)](self, plan, docs)

    def _probe_term(self, plan: p.Term, docs: Docs) -> tuple[Mask, Scores | None]:
        return self._words.probe(plan, docs)

    def _probe_either(self, plan: p.Either, docs: Docs) -> tuple[Mask, Scores | None]:
        if is_word(plan):
            return self._words.probe(plan, docs)
        live = self._live(plan)
        if len(live) == 1:
            return self._probe(live[0], docs)
        any_mask = np.zeros(len(docs), dtype=bool)
        sums: Scores | None = None
        for part in live:
            mask, scores = self._probe(part, docs)
            any_mask |= mask
            if scores is not None and len(scores):
                if sums is None:
                    sums = np.zeros(len(docs), dtype=np.float32)
                sums[mask] += scores
        return any_mask, None if sums is None else sums[any_mask]

    def _probe_every(self, plan: p.Every, docs: Docs) -> tuple[Mask, Scores | None]:
        probes = [partial(self._probe, part) for part in self._estimates.in_turn(plan.parts)]
        kept, _ = narrow(Matches(docs, None), probes)
        return membership(docs, kept.docs), kept.scores

    def _probe_without(self, plan: p.Without, docs: Docs) -> tuple[Mask, Scores | None]:
        mask, scores = self._probe(plan.wanted, docs)
        unwanted = self._probe(plan.unwanted, docs)[0]
        if scores is not None:
            scores = scores[~unwanted[mask]]
        return mask & ~unwanted, scores

    def _probe_favoured(self, plan: p.Favoured, docs: Docs) -> tuple[Mask, Scores | None]:
        mask, scores = self._probe(plan.wanted, docs)
        more_mask, more = self._probe(plan.bonus, docs[mask])
        return mask, add_scores(scores, more_mask, more)

    def _probe_string(self, plan: p.String | p.Above | p.Within, docs: Docs) -> tuple[Mask, Scores | None]:
        return self._strings.probe(plan, docs)

    def _probe_phrase(self, plan: p.Phrase, docs: Docs) -> tuple[Mask, Scores | None]:
        mask, scores = self._probe(strict(plan), docs)
        more = membership(docs, self._phrases.places(plan).docs) & ~mask
        if not more.any():
            return mask, scores
        mask = mask | more
        return mask, self._strings.words_score("text", plan.tokens, docs[mask], plan.boost)

    def _probe_same_sentence(self, plan: p.SameSentence, docs: Docs) -> tuple[Mask, Scores | None]:
        return self._sentences.probe(plan, docs), None

    def _probe_tiered(self, plan: p.Tiered, docs: Docs) -> tuple[Mask, Scores | None]:
        mask, scores = self._probe(plan.first, docs)
        rest = docs[~mask]
        more_mask, more = self._probe(plan.second, rest)
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
            mask[self.text.of_prefix(plan, docs)[0] >> POSITION_BITS] = True
            return mask, None
        return membership(docs, self._match_prefix(plan).docs), None

    def _probe_condition(self, plan: Condition, docs: Docs) -> tuple[Mask, Scores | None]:
        return self._conditions.probe(plan, docs), None

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


def _parts(plan: p.Plan) -> tuple[p.Plan, ...]:
    return plan.parts if isinstance(plan, p.Every) else ()
