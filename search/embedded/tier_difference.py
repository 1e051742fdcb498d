"""Matches what tier 2 finds beside tier 1 in one segment: what is dear is asked of the rest alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from search.embedded.leaves import Leaves
from search.embedded.matches import Matches, Probe, Scores, narrow, no_matches, union
from search.embedded.plan_difference import adds_nothing, beside_term, without_one
from search.embedded.sorted_numbers import membership, united
from search.embedded.term_lookup import Docs, Mask
from search.embedded.words import is_word, without_bonus
from search.language import plan as p


class DifferenceMatcher:
    """Matches plans whose unwanted documents are known.

    Args:
        match, probe, favour: carry out plans; see `search.embedded.matching`.
    """

    def __init__(
        self,
        leaves: Leaves,
        match: Callable[[p.Plan], Matches],
        probe: Callable[[p.Plan, Docs], tuple[Mask, Scores | None]],
        favour: Callable[[Matches, p.Plan], Matches],
    ) -> None:
        self._leaves, self._match, self._probe, self._favour = leaves, match, probe, favour

    def match(self, plan: p.Without, left_out: Docs) -> Matches:
        """What a plan matches besides `left_out`: all that its unwanted part does, but for what is deleted."""
        if adds_nothing(plan.wanted, plan.unwanted, self._leaves.words.holds):
            return no_matches()
        wanted = self._leaves.plain(plan.wanted)
        return self._beside(wanted, self._leaves.plain(without_bonus(plan.unwanted)), left_out)

    def _beside(self, wanted: p.Plan, unwanted: p.Plan, left_out: Docs) -> Matches:
        if wanted == unwanted:
            return no_matches()
        if type(wanted) is p.Favoured:
            return self._favour(self._beside(wanted.wanted, unwanted, left_out), wanted.bonus)
        if type(wanted) is p.Every and (narrowed := without_one(wanted, unwanted)) is not None:
            possible = [part for part in narrowed if all(map(self._leaves.estimates.of, part.parts))]
            if not possible:
                return no_matches()
            docs = united([self._cheaply(part, left_out).docs for part in possible])
            return Matches(docs, self._probe(wanted, docs)[1])
        left = beside_term(wanted, unwanted)
        if left is None:
            return no_matches()
        wanted = left
        if type(wanted) is p.Either and not is_word(wanted):
            parts = self._leaves.live(wanted)
            return union([self._beside(part, unwanted, left_out) for part in parts], self._leaves.size)
        return self._cheaply(wanted, left_out)

    def _cheaply(self, wanted: p.Plan, left_out: Docs) -> Matches:
        """What `wanted` matches besides `left_out`; only what isn't left out is asked for words of one sentence."""
        parts = wanted.parts if type(wanted) is p.Every else ()
        dear = [part for part in parts if type(part) is p.SameSentence]
        if dear and len(dear) < len(parts):
            wanted = p.Every(tuple(part for part in parts if part not in dear))
        else:
            dear = []
        found = self._match(wanted)
        found = found.take((~membership(found.docs, left_out)).nonzero()[0])
        probes: list[Probe] = [partial(self._probe, part) for part in dear]
        return narrow(found, probes)[0]
