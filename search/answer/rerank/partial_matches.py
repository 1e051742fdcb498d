"""The second tier, and the order of a sentence's first full matches: what reading a paragraph decides.

tier 2   wanted -> candidates (search.embedded.candidates) -> read and judged (search.answer.rerank.feature_scoring)
-> the best tier 1   of a sentence or question, the first full matches by BM25 -> read and judged -> in that order
before the others

Only plain chunks may be missing in tier 2. Quoted strings, minus, fields and filters hold, and what matches fully is
left out. See docs/ranking.md.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from search.answer.rerank.feature_scoring import Judged, judge, observe, weigh_all
from search.answer.rerank.paragraph_reader import Reader
from search.answer.rerank.query_features import Wanted, reads_like_sentence
from search.embedded.candidates import find_candidates
from search.embedded.matches import Matches
from search.embedded.ordering import Ordered, order_page, time_keys
from search.embedded.scoring import Scorer
from search.embedded.snapshot import Snapshot
from search.language.plan import Plan
from search.language.query import And, Chunk, Exact, Node
from search.language.text import Analyzer
from search.model import Notice, Sort

FEW = 10
"""With fewer full matches, the best partial ones follow."""
FEW_FOR_SENTENCE = 50
"""The same, where the query is a sentence or a question: who types one seldom wants each of its words."""
LIMIT = 25
"""The second tier has at most so many paragraphs."""
CANDIDATES = 28
"""So many are read and judged for it."""
JUDGED_FIRST = 20
"""So many full matches of a sentence are read and judged."""
LEAST_SHARE = 0.1
"""A partial match has at least this share of what the query's parts weigh together."""
_KEPT = 64


class KeptPartial:
    """What was judged for recent queries, so that the next page needs no judging. Safe to use from several threads."""

    def __init__(self) -> None:
        self._held: OrderedDict[Hashable, list[Ordered]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], list[Ordered]]) -> list[Ordered]:
        """What is kept under `key`, made where there is none."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        made = make()
        with self._lock:
            self._held[key] = made
            if len(self._held) > _KEPT:
                self._held.popitem(last=False)
        return made


def partial_notice(count: int, total: int) -> Notice:
    """Says how many partial matches follow, and that totals and facets leave them out."""
    begin = f"完全符合的只有 {total:,} 段" if total else "没有完全符合的段落"
    return Notice(
        "partial_matches", f"{begin}，后面另列最接近的 {count:,} 段部分符合的；总数和分面不计它们。"
    )


def in_order(snapshot: Snapshot, best: Sequence[Ordered], sort: Sort) -> Sequence[Ordered]:
    """Partial matches in the order asked for; by time, each day's stay best first and unknown years come last."""
    times = time_keys(snapshot, sort)

    def key(place: Ordered) -> int:
        of_part = times[place.part]
        return 0 if of_part is None else int(of_part[snapshot.parts[place.part].data.report_of[place.doc]])

    return best if sort == "relevance" else sorted(best, key=key)


def best_partial(
    snapshot: Snapshot,
    scorer: Scorer,
    reader: Reader,
    wanted: Wanted,
    strict: Plan,
    allowed: NDArray[np.bool_] | None,
    full: Sequence[NDArray[np.int64]],
) -> list[Ordered]:
    """The best partial matches, best first; at most `LIMIT`.

    Args:
        strict: what has to hold of them.
        allowed: which combinations the filters leave, None for all.
        full: the full matches of each part, which are left out.
    """
    found = find_candidates(snapshot, scorer, wanted, strict, allowed, full, CANDIDATES)
    places = [(candidate.part, candidate.doc) for candidate in found]
    least = LEAST_SHARE * sum(part.weight for part in wanted.parts)
    passages = reader.read_all(places)
    rows = []
    for (number, doc), (score, there) in zip(
        places, weigh_all(wanted, passages, snapshot.average_length("text")), strict=True
    ):
        if there >= least:
            rows.append((-score, int(snapshot.parts[number].place[doc]), number, doc))
    rows.sort()
    return [Ordered(number, doc, -score) for score, _, number, doc in rows[:LIMIT]]


# Full matches


def is_judged(tree: Node, analyzer: Analyzer) -> bool:
    """Whether the full matches of a query are judged: it is nothing but text, and a sentence or a question."""
    leaves = tree.children if isinstance(tree, And) else (tree,)
    chunks = [leaf.text for leaf in leaves if isinstance(leaf, Chunk)]
    return all(isinstance(leaf, (Chunk, Exact)) for leaf in leaves) and reads_like_sentence(chunks, analyzer)


def best_full(snapshot: Snapshot, reader: Reader, wanted: Wanted, found: Sequence[Matches]) -> list[Ordered]:
    """The first full matches by BM25, with those scores, in the order in which they are judged."""
    first = order_page(snapshot, found, "relevance", 0, JUDGED_FIRST)
    passages = reader.read_all([(place.part, place.doc) for place in first])
    scores = weigh_all(wanted, passages, snapshot.average_length("text"))
    order = sorted(range(len(first)), key=lambda at: -scores[at][0])
    return [first[at] for at in order]


def judge_one(snapshot: Snapshot, reader: Reader, wanted: Wanted, part: int, doc: int) -> Judged:
    """What a document of one of the snapshot's parts is worth, part by part of its score."""
    return judge(wanted, observe(wanted, reader.read(part, doc)), snapshot.average_length("text"))
