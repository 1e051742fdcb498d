"""The paragraphs that may be the best partial matches, by BM25 over the index alone: no text is read.

seeds -> the posting lists of the rarest -> the best sums -> the common words looked up for those alone
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import repeat
from threading import local
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.collection import Ref
from search.embedded import kernel
from search.embedded.evaluation import Evaluator
from search.embedded.matches import Matches
from search.embedded.ordering import PART_SHIFT
from search.embedded.scoring import Scorer, WordTerm
from search.embedded.snapshot import Part, Snapshot
from search.embedded.sorted_numbers import membership
from search.embedded.term_lookup import TermLookup
from search.embedded.words import KernelWord
from search.language.plan import All, Plan
from search.language.statistics import LOOKED_UP, WeighedTerm, share_out
from search.limits import Budget

I64 = NDArray[np.int64]
_Terms = Mapping[tuple[str, str], WordTerm]
F32 = NDArray[np.float32]


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
    """The `count` best candidates, best first; fewer where fewer have anything of what is wanted.

    Args:
        terms, places: as `search.collection.View.candidates` takes them.
        strict: what has to hold of them.
        allowed: which combinations are chosen, None for all.
        without: what is left out of each part.
    """
    snapshot, scorer = evaluator.snapshot, evaluator.scorer
    of_parts = [_terms_of(part, scorer, terms) for part in snapshot.parts]
    gathering, common = _find_seeds(of_parts, terms)
    placed = _weigh_places(snapshot, scorer, places, allowed)
    gathered: list[tuple[_Gathering, I64, F32]] = []
    matchers = repeat(None) if isinstance(strict, All) else evaluator.matchers(budget)
    for part, found, left_out, matcher in zip(snapshot.parts, of_parts, without, matchers, strict=False):
        of_part = _Gathering(part, scorer, found)
        holds = None if matcher is None else matcher.match(strict).docs
        full = [matches.docs for matches in left_out]
        docs, sums = of_part.gather(gathering, holds, count * LOOKED_UP if common else count, placed, full)
        gathered.append((of_part, docs, sums))
        budget.charge(docs.nbytes)
    if common:
        gathered = _cut(gathered, count * LOOKED_UP)
        gathered = [(of_part, docs, of_part.score(common, docs, sums)) for of_part, docs, sums in gathered]
    refs = [docs + (number << PART_SHIFT) for number, (_, docs, _) in enumerate(gathered)]
    best: list[Ref] = np.concatenate([np.zeros(0, np.int64), *refs])[_first(gathered, count)].tolist()
    return best


def _first(gathered: Sequence[tuple[_Gathering, I64, F32]], count: int) -> I64:
    """The places of the `count` best among the candidates of all segments, best first."""
    scores = np.concatenate([np.zeros(0, np.float32), *(sums for _, _, sums in gathered)])
    order = np.concatenate([np.zeros(0, np.uint32), *(of_part.place[docs] for of_part, docs, _ in gathered)])
    first: I64 = np.lexsort((order, -scores))[:count]
    return first


def _cut(gathered: Sequence[tuple[_Gathering, I64, F32]], count: int) -> list[tuple[_Gathering, I64, F32]]:
    """The `count` best of all segments, whichever segment has them; ascending in each, as they were."""
    sizes = [len(docs) for _, docs, _ in gathered]
    if sum(sizes) <= count:
        return list(gathered)
    is_kept = np.zeros(sum(sizes), dtype=bool)
    is_kept[_first(gathered, count)] = True
    of_parts = np.split(is_kept, np.cumsum(sizes[:-1]))
    return [
        (of_part, docs[kept], sums[kept])
        for (of_part, docs, sums), kept in zip(gathered, of_parts, strict=True)
    ]


def _terms_of(part: Part, scorer: Scorer, terms: Sequence[WeighedTerm]) -> _Terms:
    """Those of some terms that a segment has."""
    found = {}
    for field, text, _ in terms:
        term = scorer.term(part.data, field, text)
        if term is not None:
            found[field, text] = term
    return found


def _find_seeds(
    of_parts: Sequence[_Terms], terms: Sequence[WeighedTerm]
) -> tuple[Sequence[WeighedTerm], Sequence[WeighedTerm]]:
    """The terms that bring candidates, and those too common for it; see `share_out`."""
    frequencies = [0] * len(terms)
    for found in of_parts:
        for at, (field, text, _) in enumerate(terms):
            term = found.get((field, text))
            if term is not None:
                frequencies[at] += term.frequency
    return share_out(terms, frequencies)


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


_held = local()


def _scratch(size: int) -> F32:
    """Zeros, one for each document of a segment. The next caller of this thread gets the same: leave zeros there.

    Touching a fresh array of all documents costs more than the sums of a few thousand.
    """
    known: F32 | None = getattr(_held, "sums", None)
    if known is None or len(known) < size:
        known = _held.sums = np.zeros(size, dtype=np.float32)
    return known[:size]


def _room() -> Any:
    """What this thread's compiled loop works in."""
    assert kernel.postings is not None, "asked for by its callers"
    room = getattr(_held, "room", None)
    if room is None:
        room = _held.room = kernel.postings.Room()
    return room


class _Gathering:
    """Candidates of one segment."""

    def __init__(self, part: Part, scorer: Scorer, found: _Terms) -> None:
        self._part, self._scorer, self._found = part, scorer, found
        self.place = part.place
        self._terms = TermLookup(part.data)

    def gather(
        self,
        seeds: Sequence[WeighedTerm],
        holds: I64 | None,
        count: int,
        placed: F32 | None,
        full: Sequence[I64],
    ) -> tuple[I64, F32]:
        """At least the `count` best documents by the seeds' sums, ascending, with the sums."""
        if holds is not None:
            return self._gather_among(seeds, holds, placed, full)
        if kernel.postings is None:
            return self._gather_plainly(seeds, count, placed, full)
        part = self._part
        best: tuple[I64, F32] = kernel.postings.best_sums(
            [word for seed in seeds if (word := self._word(seed)) is not None],
            count,
            part.place,
            _room(),
            live=part.data.live,
            combination=part.combination,
            placed=placed,
            left_out=full,
        )
        return best

    def _gather_among(
        self, seeds: Sequence[WeighedTerm], docs: I64, placed: F32 | None, full: Sequence[I64]
    ) -> tuple[I64, F32]:
        """Those of some documents that have any of the seeds."""
        for left_out in full:
            docs = docs[~membership(docs, left_out)]
        sums = self._with_place(self.score(seeds, docs, np.zeros(len(docs), dtype=np.float32)), docs, placed)
        return docs[sums > 0], sums[sums > 0]

    def _gather_plainly(
        self, seeds: Sequence[WeighedTerm], count: int, placed: F32 | None, full: Sequence[I64]
    ) -> tuple[I64, F32]:
        """As `gather`, with NumPy: all sums are made."""
        sums = _scratch(self._part.data.doc_count)
        lists: list[I64] = []
        try:
            for field, term, weight in seeds:
                found = self._terms.find(field, term)
                if found is None:
                    continue
                docs = self._terms.docs_of(field, term)
                lengths = self._part.data.lengths[field]
                lists.append(docs)
                sums[docs] += self._scorer.score(field, *found, docs, lengths, weight)
            for docs in full:
                sums[docs] = 0
            best = self._best(sums, lists, count, placed)
            return best, self._with_place(sums[best], best, placed)
        finally:
            for docs in lists:
                sums[docs] = 0

    def _word(self, seed: WeighedTerm) -> KernelWord | None:
        """A seed as `search.embedded.kernel` takes a word; None where the segment doesn't have it."""
        field, term, weight = seed
        found = self._found.get((field, term))
        if found is None:
            return None
        return [(found.postings.compiled, found.number, found.scoring, weight)]

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

    def score(self, seeds: Sequence[WeighedTerm], docs: I64, sums: F32) -> F32:
        """The sums with those of more seeds, looked up for these documents alone."""
        for field, term, weight in seeds if len(docs) else ():
            if kernel.postings is not None:
                word = self._word((field, term, weight))
                if word is not None:
                    mask, scores = kernel.postings.probe_word(word, docs)
                    sums[mask] += scores
                continue
            found = self._terms.find(field, term)
            if found is None:
                continue
            mask, places = self._terms.lookup(field, term, docs)
            lengths = self._part.data.lengths[field]
            sums[mask] += self._scorer.score(field, *found, docs[mask], lengths, weight, at=places)
        return sums
