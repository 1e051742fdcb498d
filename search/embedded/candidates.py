"""The paragraphs that may be the best partial matches, by BM25 over the index alone: no text is read.

seeds -> their posting lists, the rarest first -> the best sums -> the common words looked up for those alone
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import local

import numpy as np
from numpy.typing import NDArray

from search.collection import Ref
from search.embedded import kernel
from search.embedded.evaluation import Evaluator
from search.embedded.matches import Matches
from search.embedded.ordering import PART_SHIFT
from search.embedded.scoring import Scorer
from search.embedded.snapshot import Part, Snapshot
from search.embedded.term_lookup import TermLookup, encode
from search.embedded.words import KernelWord
from search.language.plan import All, Plan
from search.limits import Budget

BUDGET = 80_000
"""Postings that candidates are gathered from, the rarest words first."""
_ALWAYS = 3
"""So many of the rarest words bring candidates, however common they are."""
_DEEPER = 6
"""Common words are looked up for so many times the candidates that are wanted."""
_LONG = 4_000
"""Before a list of so many postings it is asked whether it can still bring anything."""
_MOST = 1.5
"""What a posting is taken to be worth at most, of its list's factor."""

I64 = NDArray[np.int64]
F32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Seed:
    """A posting list that brings candidates: `factor` is what BM25 is multiplied by."""

    frequency: int
    field: str
    term: str
    factor: float


def find_candidates(
    evaluator: Evaluator,
    terms: Sequence[tuple[str, str, float]],
    places: Sequence[tuple[str, float]],
    strict: Plan,
    allowed: NDArray[np.bool_] | None,
    without: Sequence[Sequence[Matches]],
    count: int,
    budget: Budget,
) -> list[Ref]:
    """The `count` best candidates, in no order; fewer where fewer have anything of what is wanted.

    Args:
        terms, places: as `search.collection.View.candidates` takes them.
        strict: what has to hold of them.
        allowed: which combinations are chosen, None for all.
        without: what is left out of each part.
    """
    snapshot, scorer = evaluator.snapshot, evaluator.scorer
    gathering, common = _share_out(_find_seeds(snapshot, terms))
    placed = _weigh_places(snapshot, scorer, places, allowed)
    none = np.zeros(0, dtype=np.int64)
    refs, scores = [none], [none.astype(np.float32)]
    parts = zip(snapshot.parts, without, evaluator.matchers(budget), strict=True)
    for number, (part, left_out, matcher) in enumerate(parts):
        of_part = _Gathering(part, scorer)
        holds = None if isinstance(strict, All) else matcher.match(strict).docs
        left, rest = of_part.gather(gathering, holds, count, placed, [matches.docs for matches in left_out])
        scores.append(of_part.score([*rest, *common], *left))
        refs.append(left[0] + (number << PART_SHIFT))
        budget.charge(left[0].nbytes)
    every, value = np.concatenate(refs), np.concatenate(scores)
    best: list[Ref] = every[np.argsort(-value, kind="stable")[:count]].tolist()
    return best


def _find_seeds(snapshot: Snapshot, terms: Sequence[tuple[str, str, float]]) -> list[_Seed]:
    """The posting lists that bring candidates: those of texts, the shortest first, then those of what stands above."""
    seeds = []
    for field, term, factor in terms:
        frequency = snapshot.document_frequency(field, encode(term))
        if frequency:
            seeds.append(_Seed(frequency, field, term, factor))
    return sorted(seeds, key=lambda seed: (seed.field != "text", seed.frequency, seed.field, seed.term))


def _weigh_places(
    snapshot: Snapshot,
    scorer: Scorer,
    places: Sequence[tuple[str, float]],
    allowed: NDArray[np.bool_] | None,
) -> F32 | None:
    """What each combination's place is worth, -inf where it is not allowed; None where that is nothing."""
    if not places and allowed is None:
        return None
    of_groups = np.zeros(len(scorer.places), dtype=np.float32)
    for term, weight in places:
        of_groups[[f"\n{term}" in names for names in scorer.places]] += weight
    worth: F32 = of_groups.take(snapshot.combinations.group_of)
    if allowed is not None:
        worth[~allowed] = -np.inf
    return worth


def _share_out(seeds: Sequence[_Seed]) -> tuple[Sequence[_Seed], Sequence[_Seed]]:
    """Those that bring candidates, and those too common for it."""
    spent = 0
    for place, seed in enumerate(seeds):
        spent += seed.frequency
        if spent > BUDGET and place >= _ALWAYS:
            return seeds[:place], seeds[place:]
    return seeds, ()


def _most_of(seeds: Sequence[_Seed]) -> np.float32:
    """What a document is taken to have of some seeds at most."""
    return np.float32(_MOST * sum(seed.factor for seed in seeds))


_held = local()


def _scratch(size: int) -> F32:
    """Zeros, one for each document of a segment. The next caller of this thread gets the same: leave zeros there.

    Touching a fresh array of all documents costs more than the sums of a few thousand.
    """
    known: F32 | None = getattr(_held, "sums", None)
    if known is None or len(known) < size:
        known = _held.sums = np.zeros(size, dtype=np.float32)
    return known[:size]


class _Gathering:
    """Candidates of one segment."""

    def __init__(self, part: Part, scorer: Scorer) -> None:
        self._part, self._scorer = part, scorer
        self._terms = TermLookup(part.data)

    def gather(
        self,
        seeds: Sequence[_Seed],
        holds: I64 | None,
        count: int,
        placed: F32 | None,
        full: Sequence[I64],
    ) -> tuple[tuple[I64, F32], Sequence[_Seed]]:
        """The best documents by the seeds' sums, ascending, with the sums; and the seeds that were not needed.

        A list is not needed where what has nothing but this list and those behind it can't be among the `count` best.
        """
        sums = _scratch(self._part.data.doc_count)
        if kernel.sums is not None and kernel.postings is not None:
            return self._gather_compiled(seeds, holds, count, placed, full, sums)
        lists: list[I64] = []
        rest: Sequence[_Seed] = ()
        try:
            for place, seed in enumerate(seeds):
                found = self._terms.find(seed.field, seed.term)
                if found is None:
                    continue
                if seed.frequency > _LONG and holds is None and placed is None:
                    border = self._border([sums[docs] for docs in lists], count)
                    if border >= _most_of(seeds[place:]):
                        rest = seeds[place:]
                        break
                docs = self._terms.docs_of(seed.field, seed.term)
                lengths = self._part.data.lengths[seed.field]
                lists.append(docs)
                sums[docs] += self._scorer.score(seed.field, *found, docs, lengths, seed.factor)
            for docs in full:
                sums[docs] = 0
            best = self._best(sums, lists if holds is None else [holds], count * _DEEPER, placed)
            return (best, self._with_place(sums[best], best, placed)), rest
        finally:
            for docs in lists:
                sums[docs] = 0

    def _gather_compiled(
        self,
        seeds: Sequence[_Seed],
        holds: I64 | None,
        count: int,
        placed: F32 | None,
        full: Sequence[I64],
        scratch: F32,
    ) -> tuple[tuple[I64, F32], Sequence[_Seed]]:
        """As `gather`, with what `search.embedded.kernel` has for it."""
        assert kernel.sums is not None, "asked for by its caller"
        assert kernel.postings is not None, "asked for by its caller"
        part = self._part
        sums = kernel.sums.Sums(scratch, part.data.live, part.combination, placed)
        rest: Sequence[_Seed] = ()
        try:
            for place, seed in enumerate(seeds):
                word = self._word(seed)
                if word is None:
                    continue
                may_end = seed.frequency > _LONG and holds is None and placed is None
                if may_end and sums.reaches(count, _most_of(seeds[place:])):
                    rest = seeds[place:]
                    break
                sums.add(*kernel.postings.match_words([word]))
            for docs in full:
                sums.drop(docs)
            best: tuple[I64, F32] = sums.take_best(count * _DEEPER, None if holds is None else [holds])
            return best, rest
        finally:
            sums.clear()

    def _word(self, seed: _Seed) -> KernelWord | None:
        """A seed as `search.embedded.kernel` takes a word; None where the segment doesn't have it."""
        found = self._terms.find(seed.field, seed.term)
        if found is None:
            return None
        scoring = self._scorer.compiled(self._part.data, seed.field)
        return [(found[0].compiled, found[1], scoring, seed.factor)]

    @staticmethod
    def _border(of_lists: Sequence[F32], count: int) -> np.float32:
        """A sum that at least `count` documents reach: the best that one list shows."""
        long = [of_list for of_list in of_lists if len(of_list) > count]
        return max(
            (np.partition(of_list, len(of_list) - count)[len(of_list) - count] for of_list in long),
            default=np.float32(0),
        )

    def _best(self, sums: F32, lists: Sequence[I64], count: int, placed: F32 | None) -> I64:
        """The documents with the best sums: the best of the longest lists bound them from below."""
        kept = [(docs, self._with_place(sums[docs], docs, placed)) for docs in lists]
        border = self._border([of_list for _, of_list in kept], count)
        chosen = [docs[(of_list >= border) & (of_list > 0)] for docs, of_list in kept]
        return np.unique(np.concatenate(chosen)) if chosen else np.zeros(0, dtype=np.int64)

    def _with_place(self, of_docs: F32, docs: I64, placed: F32 | None) -> F32:
        """The sums with what the place adds; 0 for what is deleted, left out by a filter, or has no word."""
        if self._part.data.live is not None:
            of_docs[~self._part.data.live[docs]] = 0
        if placed is not None:
            more = placed[self._part.combination[docs]]
            of_docs = np.where(of_docs > 0, np.maximum(of_docs + more, 0), 0).astype(np.float32)
        return of_docs

    def score(self, seeds: Sequence[_Seed], docs: I64, sums: F32) -> F32:
        """The sums with those of more seeds, looked up for these documents alone."""
        for seed in seeds if len(docs) else ():
            if kernel.postings is not None:
                word = self._word(seed)
                if word is not None:
                    mask, scores = kernel.postings.probe_word(word, docs)
                    sums[mask] += scores
                continue
            found = self._terms.find(seed.field, seed.term)
            if found is None:
                continue
            mask, places = self._terms.lookup(seed.field, seed.term, docs)
            lengths = self._part.data.lengths[seed.field]
            sums[mask] += self._scorer.score(seed.field, *found, docs[mask], lengths, seed.factor, at=places)
        return sums
