"""Words as `search.kernels` takes them: the terms of which any has to stand in a paragraph, and how each one scores."""

from __future__ import annotations

from typing import Any

from search.engine.occurrences import Occurrences, encode
from search.engine.scoring import Scorer
from search.index.segment import SegmentData
from search.index.snapshot import Snapshot
from search.query import plan as p

Word = list[tuple[Any, int, Any, float]]
"""(`Postings`, the term's number in them, `Scoring`, factor), the term with most paragraphs first."""


def is_word(plan: p.Plan) -> bool:
    """Whether a plan is a word: a term, or terms of which any will do, as the text's, the heading's and the title's."""
    if isinstance(plan, p.Either):
        return all(isinstance(part, p.Term) for part in plan.parts)
    return isinstance(plan, p.Term)


class Words:
    """Finds the words of plans in one segment."""

    def __init__(self, data: SegmentData, terms: Occurrences, scorer: Scorer) -> None:
        self._data, self._terms, self._scorer = data, terms, scorer

    def of(self, plan: p.Plan) -> Word:
        """The terms of a word that the segment has."""
        found = []
        for part in plan.parts if isinstance(plan, p.Either) else (plan,):
            assert isinstance(part, p.Term), "is_word"
            place = self._terms.find(part.field, part.text)
            if place is not None:
                postings, number = place
                factor = part.boost * self._scorer.weight_of(part.field, part.text)
                scoring = self._scorer.compiled(self._data, part.field)
                found.append((int(postings.df[number]), (postings.compiled, number, scoring, factor)))
        found.sort(key=_frequency, reverse=True)
        return [word for _, word in found]


def _frequency(found: tuple[int, Any]) -> int:
    return found[0]


def least_matches(snapshot: Snapshot, plan: p.Plan) -> int:
    """At least so many paragraphs match a word; 0 where that isn't known: it is no word, or some are deleted."""
    if not is_word(plan) or any(part.data.live is not None for part in snapshot.parts):
        return 0
    terms = (
        part for part in (plan.parts if isinstance(plan, p.Either) else (plan,)) if isinstance(part, p.Term)
    )
    return max((snapshot.document_frequency(term.field, encode(term.text)) for term in terms), default=0)


def without_bonus(plan: p.Plan) -> p.Plan:
    """A plan that matches the same paragraphs, scored without what is only a bonus: to count them."""
    if isinstance(plan, p.Favoured):
        return without_bonus(plan.wanted)
    if isinstance(plan, p.Every) and any(isinstance(part, p.Favoured) for part in plan.parts):
        plain = map(without_bonus, plan.parts)
        return p.every(
            [each for part in plain for each in (part.parts if isinstance(part, p.Every) else (part,))]
        )
    return plan
