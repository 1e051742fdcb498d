"""The paragraphs that may be the best partial matches, by BM25 over the index alone: no text is read.

seeds -> their posting lists, the rarest first -> the best sums -> the common words looked up for those alone
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import local

import numpy as np
from numpy.typing import NDArray

from search.answer.rerank.query_features import WORDS, Wanted
from search.embedded import kernel
from search.embedded.matching import Matcher
from search.embedded.scoring import Scorer
from search.embedded.snapshot import Part, Snapshot
from search.embedded.term_lookup import Occurrences, encode
from search.embedded.words import KernelWord
from search.language.plan import FIELD_BOOSTS, All, Plan

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
class Candidate:
    """A paragraph: which segment of the snapshot, which of its documents."""

    part: int
    doc: int


@dataclass(frozen=True, slots=True)
class _Seed:
    frequency: int
    field: str
    term: str
    factor: float


def find_candidates(
    snapshot: Snapshot,
    scorer: Scorer,
    wanted: Wanted,
    strict: Plan,
    allowed: NDArray[np.bool_] | None,
    full: Sequence[I64],
    count: int,
) -> list[Candidate]:
    """The `count` best candidates, in no order; fewer where fewer have anything of what is wanted.

    Args:
        strict: what has to hold of them.
        allowed: which combinations the filters leave, None for all.
        full: the full matches of each part, which are left out.
    """
    seeds = _weigh_seeds(snapshot, scorer, wanted)
    gathering, common = _share_out(seeds)
    placed = _weigh_places(scorer, wanted, allowed)
    numbers, docs, scores = [], [], []
    for number, (part, found) in enumerate(zip(snapshot.parts, full, strict=True)):
        of_part = _Gathering(part, scorer)
        if isinstance(strict, All):
            left, rest = of_part.gather(gathering, None, count, placed, found)
        else:
            holds = Matcher(part, snapshot.combinations, scorer).match(strict).docs
            left, rest = of_part.gather(gathering, holds, count, placed, found)
        of_docs = of_part.score([*rest, *common], *left)
        numbers.append(np.full(len(left[0]), number))
        docs.append(left[0])
        scores.append(of_docs)
    every, at, value = np.concatenate(numbers), np.concatenate(docs), np.concatenate(scores)
    best = np.argsort(-value, kind="stable")[:count]
    return [Candidate(part, doc) for part, doc in zip(every[best].tolist(), at[best].tolist(), strict=True)]


def _weigh_seeds(snapshot: Snapshot, scorer: Scorer, wanted: Wanted) -> list[_Seed]:
    """The posting lists that bring candidates: those of texts, the shortest first, then those of what stands above."""
    seeds = []
    for term, share in wanted.seeds:
        for field in ("text", "title", "heading") if len(term) > 1 else ("text",):
            frequency = snapshot.document_frequency(field, encode(term))
            if frequency:
                factor = share * FIELD_BOOSTS[field] * scorer.weight_of(field, term)
                seeds.append(_Seed(frequency, field, term, factor))
    return sorted(seeds, key=lambda seed: (seed.field != "text", seed.frequency, seed.field, seed.term))


def _weigh_places(scorer: Scorer, wanted: Wanted, allowed: NDArray[np.bool_] | None) -> F32 | None:
    """What each combination's place is worth, -inf where the filters leave it out; None where that is nothing."""
    names, of_each = scorer.places
    words = ((f"\n{part.term}", part.weight) for part in wanted.parts if part.kind in WORDS)
    said = [(term, weight) for term, weight in words if term in names]
    if not said and allowed is None:
        return None
    worth = np.zeros(len(of_each), dtype=np.float32)
    for term, weight in said:
        worth[[term in name for name in of_each]] += wanted.parameters.place * weight
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
        self._terms = Occurrences(part.data)

    def gather(
        self,
        seeds: Sequence[_Seed],
        holds: I64 | None,
        count: int,
        placed: F32 | None,
        full: I64,
    ) -> tuple[tuple[I64, F32], Sequence[_Seed]]:
        """The best documents by the seeds' sums, ascending, with the sums; and the seeds that were not needed.

        A list is not needed where what has nothing but this list and those behind it can't be among the `count` best.
        """
        sums = _scratch(self._part.data.doc_count)
        if kernel.judging is not None and kernel.postings is not None:
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
            sums[full] = 0
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
        full: I64,
        scratch: F32,
    ) -> tuple[tuple[I64, F32], Sequence[_Seed]]:
        """As `gather`, with what `search.embedded.kernel` has for it."""
        assert kernel.judging is not None, "asked for by its caller"
        assert kernel.postings is not None, "asked for by its caller"
        part = self._part
        sums = kernel.judging.Sums(scratch, part.data.live, part.combination, placed)
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
            sums.drop(full)
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
