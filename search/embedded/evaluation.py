"""Plans evaluated on one snapshot: the matches of each segment, kept for the next page and the next filter.

plan -> Matcher, by segment -> matches | counts of each combination -> narrowed by what is chosen
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from search.collection import Choice, Ref, Version
from search.embedded.combinations import Mask
from search.embedded.facets import Selection
from search.embedded.matches import Matches
from search.embedded.matching import Matcher
from search.embedded.ordering import PART_SHIFT
from search.embedded.places import KeptPlaces, make_kept_places
from search.embedded.scoring import Scorer
from search.embedded.snapshot import Snapshot
from search.embedded.tally import Counts, Tally, allowed_only, tally, tally_and_select
from search.embedded.words import is_without_bonus, least_matches, without_bonus
from search.language.plan import All, Plan, String, Tiered, Without
from search.language.plan.size import plan_bytes
from search.limits import Budget
from search.lru import LruCache

I64 = NDArray[np.int64]

DOC_MASK = (1 << PART_SHIFT) - 1
CACHE_BYTES = 64 * 1024 * 1024
_KEPT_SELECTIONS = 64
_KEPT_SAID, _MOST_VALUES_SAID = 8, 16
"""Choices for which numbers of occurrences stay with matches, and values of each: few, since no size counts them."""
_FEW = 4_096
"""Where a tier adds no more than so many paragraphs, they are looked for without scores and then scored."""


PlanKey: TypeAlias = tuple[Version, Plan]
"""A plan of one version as a key of the cache. Plans know their hash, and `plan_bytes` their size."""


def key_bytes(key: PlanKey) -> int:
    """About what the plan of a key takes."""
    return plan_bytes(key[1])


class Evaluated(Struct, frozen=True):
    """What a plan matches: the matches of each segment, and what they are counted by.

    Args:
        counts: how many there are of each combination.
        tallies: of each segment, the reports they come from and more.
        chosen: combinations that the question it was evaluated for allows, and the matches that have one of them.
        is_scored: whether scores are the plan's; else they are of no use.
        said: occurrences in those of the matches that some choices of facet values leave, as far as they were counted.
    """

    parts: Sequence[Matches]
    counts: Counts
    tallies: Sequence[Tally]
    chosen: tuple[Mask, Sequence[Matches]] | None = None
    is_scored: bool = True
    said: dict[Choice, int] = {}

    def keep_said(self, chosen: Choice, occurrences: int) -> int:
        """Keep how many occurrences a choice leaves, and give it back."""
        is_short = not chosen or sum([len(values) for _, values in chosen]) <= _MOST_VALUES_SAID
        if is_short and len(self.said) < _KEPT_SAID:
            self.said[chosen] = occurrences
        return occurrences

    @property
    def size_bytes(self) -> int:
        total = 0
        for matches in self.parts if self.chosen is None else (*self.parts, *self.chosen[1]):
            total += matches.size_bytes
        return total


@dataclass(frozen=True, slots=True)
class MatchCache:
    """What is kept of recent questions: matches, and where strings and phrases were found."""

    matches: LruCache[PlanKey, Evaluated]
    places: KeptPlaces

    def clear(self) -> None:
        """Drop everything."""
        self.matches.clear()
        self.places.clear()


def make_match_cache(size_bytes: int = CACHE_BYTES) -> MatchCache:
    """A cache that takes so many bytes, and a quarter of them for places."""
    matches: LruCache[PlanKey, Evaluated] = LruCache(
        most=4_096,
        size_bytes=size_bytes,
        size_of=lambda evaluated: evaluated.size_bytes,
        size_of_key=key_bytes,
    )
    return MatchCache(matches, make_kept_places(size_bytes // 4))


@dataclass(slots=True)
class Evaluator:
    """Evaluates plans on one snapshot."""

    snapshot: Snapshot
    cache: MatchCache
    scorer: Scorer = field(init=False)
    _selections: LruCache[Choice, Selection] = field(init=False)

    def __post_init__(self) -> None:
        self.scorer = Scorer(self.snapshot)
        self._selections = LruCache(most=_KEPT_SELECTIONS)

    def select(self, chosen: Choice) -> Selection:
        """What chosen facet values leave over; most questions choose the same."""
        kept = self._selections.get(chosen)
        if kept is None:
            kept = self._selections.put(chosen, Selection(self.snapshot.combinations, dict(chosen)))
        return kept

    def matchers(self, budget: Budget) -> list[Matcher]:
        """A matcher for each segment."""
        combinations, kept = self.snapshot.combinations, self.cache.places
        return [Matcher(part, combinations, self.scorer, budget, kept) for part in self.snapshot.parts]

    def key_of(self, plan: Plan) -> PlanKey:
        """What is kept of a plan is kept under this."""
        return self.snapshot.version, plan

    def evaluate(
        self,
        key: PlanKey,
        budget: Budget,
        *,
        scored: bool = True,
        counted: bool = False,
        matchers: Callable[[], Iterable[Matcher]] | None = None,
        left_out: Sequence[Matches] | None = None,
        allowed: Mask | None = None,
    ) -> Evaluated:
        """All that a plan matches, deleted paragraphs left out.

        Args:
            key: the plan's (`key_of`).
            scored: whether scores are wanted; without them a cheaper plan with the same matches will do.
            counted: whether occurrences are wanted too; see `Matcher.match`.
            matchers: gives those of each segment, where they are wanted for something else too.
            left_out: what the plan leaves out, where that is known.
            allowed: which combinations will be asked for; None for all.
        """
        kept = self.cache.matches.get(key)
        if kept is not None and (kept.is_scored or not scored):
            return kept
        plan = key[1]
        is_scored = scored or is_without_bonus(plan)
        if type(plan) is Without and left_out is None:
            before = self.cache.matches.get(self.key_of(plan.unwanted))
            left_out = None if before is None else before.parts
        of_parts = list(self.matchers(budget) if matchers is None else matchers())
        if type(plan) is Without and not is_without_bonus(plan):
            # Scores are added in the one order, whether a page asked for the number of the same matches before or not.
            if kept is None:
                kept = self._evaluate(without_bonus(plan), left_out, of_parts, is_scored=False)
            if not scored:
                return self.cache.matches.put(key, kept)
            if sum([len(found.docs) for found in kept.parts]) <= _FEW:
                return self.cache.matches.put(key, _with_scores(plan.wanted, kept, of_parts))
        asked = plan if is_scored else without_bonus(plan)
        found = self._evaluate(
            asked, left_out, of_parts, is_scored=is_scored, counted=counted, allowed=allowed
        )
        return self.cache.matches.put(key, found)

    def _evaluate(
        self,
        plan: Plan,
        left_out: Sequence[Matches] | None,
        matchers: Iterable[Matcher],
        *,
        is_scored: bool,
        counted: bool = False,
        allowed: Mask | None = None,
    ) -> Evaluated:
        counts = np.zeros(len(self.snapshot.combinations), dtype=np.int64)
        found, tallies, chosen = [], [], []
        for number, (part, matcher) in enumerate(zip(self.snapshot.parts, matchers, strict=True)):
            if type(plan) is Without and left_out is not None:
                matches = matcher.difference.match(plan, left_out[number].docs)
            else:
                matches = matcher.match(plan, counted=counted and is_scored)
            if part.data.live is not None:
                matches = matches.take(part.data.live[matches.docs].nonzero()[0])
            of_part, left = tally_and_select(part, matches, counts, allowed)
            tallies.append(of_part)
            found.append(matches)
            chosen.append(left)
        return Evaluated(found, counts, tallies, None if allowed is None else (allowed, chosen), is_scored)

    def matches_of(self, plan: Plan, budget: Budget) -> list[Sequence[Matches]]:
        """The matches of a plan, without scores, by segment; of two tiers in two parts, which a page has counted."""
        parts: tuple[Plan, ...] = (plan,)
        if type(plan) is Tiered:
            parts = (plan.first, Without(plan.second, plan.first))
        found = [self.evaluate(self.key_of(part), budget, scored=False).parts for part in parts]
        return list(zip(*found, strict=True))

    def evaluate_among(self, plan: Plan, refs: Sequence[Ref], budget: Budget) -> Evaluated:
        """What a plan matches among some paragraphs."""
        counts = np.zeros(len(self.snapshot.combinations), dtype=np.int64)
        by_part = split_refs(refs)
        found, tallies = [], []
        for number, (part, matcher) in enumerate(
            zip(self.snapshot.parts, self.matchers(budget), strict=True)
        ):
            docs = np.unique(np.array(by_part.get(number, ()), dtype=np.int64))
            mask, scores = matcher.probe(plan, docs)
            matches = Matches(docs[mask], scores)
            tallies.append(tally(part, matches.docs, counts))
            found.append(matches)
        return Evaluated(found, counts, tallies)

    def total(
        self,
        plan: Plan,
        selection: Selection,
        enough: int | None,
        budget: Budget,
        matchers: Callable[[], Iterable[Matcher]],
    ) -> int:
        """How many paragraphs match and are allowed; or a number above `enough`, where that is known sooner.

        Args:
            matchers: gives those of each segment.
        """
        if type(plan) is All:
            return selection.total(self.snapshot.live_counts)
        key = self.key_of(plan)
        kept = self.cache.matches.get(key)
        if kept is None and enough is not None and not selection.is_narrow:
            known = least_matches(self.snapshot, plan)
            if known > enough:
                return known
            if enough == 0 and self.snapshot.is_all_live:
                plain = without_bonus(plan)
                return int(any(matcher.has_any(plain) for matcher in matchers()))
        if kept is None and type(plan) is String and not selection.is_narrow and self.snapshot.is_all_live:
            return sum([matcher.text.number_with(plan) for matcher in matchers()])
        return selection.total((kept or self.evaluate(key, budget, scored=False, matchers=matchers)).counts)

    def narrowed(self, evaluated: Evaluated, allowed: Mask | None) -> Sequence[Matches]:
        """The matches whose combination is allowed."""
        if allowed is None:
            return evaluated.parts
        if evaluated.chosen is not None and evaluated.chosen[0] is allowed:
            return evaluated.chosen[1]
        pairs = zip(self.snapshot.parts, evaluated.parts, strict=True)
        return [allowed_only(part, matches, allowed) for part, matches in pairs]

    def tally(self, evaluated: Evaluated, narrowed: Sequence[Matches]) -> Tally:
        """The reports and texts of what is left of a plan's matches, and the repeated ones among them."""
        tallies = evaluated.tallies
        if narrowed is not evaluated.parts:
            pairs = zip(self.snapshot.parts, narrowed, strict=True)
            tallies = [tally(part, matches.docs) for part, matches in pairs]
        return tallies[0] if len(tallies) == 1 else Tally(*map(sum, zip(*tallies, strict=True)))


def _with_scores(plan: Plan, found: Evaluated, matchers: Iterable[Matcher]) -> Evaluated:
    """What was found without scores, with those that a plan gives, which matches all of it."""
    parts = [
        Matches(matches.docs, matcher.probe(plan, matches.docs)[1])
        for matches, matcher in zip(found.parts, matchers, strict=True)
    ]
    return Evaluated(parts, found.counts, found.tallies)


def split_refs(refs: Sequence[Ref]) -> dict[int, list[int]]:
    """Document numbers by the segments that they are of."""
    by_part: dict[int, list[int]] = defaultdict(list)
    for ref in refs:
        assert isinstance(ref, int), "a ref of this store"
        by_part[ref >> PART_SHIFT].append(ref & DOC_MASK)
    return by_part
