"""The second tier: the best paragraphs that have only part of what was asked for.

wanted -> candidates by BM25 over the rarest words (all segments, dense) -> the best of them read and judged -> order

Only plain chunks may be missing. Quoted strings, minus, fields and filters hold, and what matches fully is left out.
See docs/ranking.md.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from search.engine.matching import Matcher
from search.engine.occurrences import encode
from search.engine.ordering import Ordered
from search.engine.scoring import Scorer
from search.engine.wanted import Wanted
from search.index.snapshot import NO_YEAR, Part, Snapshot
from search.model import Notice, Sort
from search.query.plan import All, Plan
from search.text import normalize_text

FEW = 10
"""With fewer full matches, the best partial ones follow."""
FEW_FOR_SENTENCE = 50
"""The same, where the query is a sentence or a question: who types one seldom wants each of its words."""
LIMIT = 50
"""The second tier has at most so many paragraphs."""
CANDIDATES = 60
_BUDGET = 2_000_000
"""Postings that candidates are gathered from, the rarest words first."""
_ALWAYS = 3
_BLOCK = 128
_KEPT = 64
OPENING_CHARS = 160
LEAST_SHARE = 0.1
"""A partial match has at least this share of what the query's parts weigh together."""
_SENTENCE_ENDS = re.compile(r"[。!?;\n]")

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Judged:
    """What a paragraph has of what is wanted, part by part of its score."""

    words: float
    pairs: float
    characters: float
    sentence: float
    opening: float
    runs: float
    above: float
    share: float
    """Of what the query's parts weigh together, how much is there at all."""

    @property
    def score(self) -> float:
        return (
            self.words + self.pairs + self.characters + self.sentence + self.opening + self.runs + self.above
        )


class KeptPartial:
    """The second tiers of recent queries, so that the next page needs no judging. Safe to use from several threads."""

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
    """Partial matches in the order asked for; by year, each year's stay best first and unknown years come last."""
    if sort == "relevance":
        return best

    def key(place: Ordered) -> int:
        part = snapshot.parts[place.part]
        year = int(snapshot.combinations.year[part.combination[place.doc]])
        return 1 << 30 if year == NO_YEAR else year if sort == "year" else -year

    return sorted(best, key=key)


def best_partial(
    snapshot: Snapshot,
    scorer: Scorer,
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
    gathered = _gather(snapshot, scorer, wanted)
    if gathered is None:
        return []
    for part, found in zip(snapshot.parts, full, strict=True):
        of_part = gathered[part.base : part.base + part.data.doc_count]
        of_part[found] = 0
        if part.data.live is not None:
            of_part[~part.data.live] = 0
        if allowed is not None:
            of_part[~allowed[part.combination]] = 0
        if not isinstance(strict, All):
            holds = np.zeros(len(of_part), dtype=bool)
            holds[Matcher(part, snapshot.combinations, scorer).match(strict).docs] = True
            of_part[~holds] = 0
    top = _near_top(gathered, CANDIDATES)
    top = top[np.argsort(-gathered[top], kind="stable")][:CANDIDATES]
    average = snapshot.average_length("text")
    bases = [part.base for part in snapshot.parts]
    rows = []
    for at in sorted(top.tolist()):
        number = int(np.searchsorted(bases, at, side="right")) - 1
        part = snapshot.parts[number]
        doc = at - part.base
        judged = judge(wanted, *read(part, doc), average)
        if judged.share >= LEAST_SHARE:
            rows.append((-judged.score, int(part.place[doc]), number, doc))
    rows.sort()
    return [Ordered(number, doc, -score) for score, _, number, doc in rows[:LIMIT]]


def read(part: Part, doc: int) -> tuple[str, str]:
    """A paragraph's text and what stands above it, in normal form."""
    record = part.data.record(int(part.data.report_of[doc]))
    titles = (str(record[name]) for name in ("title", "city", "province") if record.get(name))
    above = "\n".join([*part.data.heading(doc), *titles])
    return normalize_text(part.data.text(doc)), normalize_text(above) if above else ""


def _gather(snapshot: Snapshot, scorer: Scorer, wanted: Wanted) -> NDArray[np.float32] | None:
    """A score for every paragraph of the collection by the rarest words, in the text or above it."""
    found = []
    for term, share in wanted.seeds:
        for field, boost in (
            ("text", 1.0),
            ("title", wanted.parameters.above),
            ("heading", wanted.parameters.above),
        ):
            frequency = snapshot.document_frequency(field, encode(term))
            if frequency:
                found.append((frequency, field, term, share * boost))
    if not found:
        return None
    scores = np.zeros(snapshot.doc_count, dtype=np.float32)
    spent = 0
    for count, (frequency, field, term, share) in enumerate(sorted(found)):
        spent += frequency
        if spent > _BUDGET and count >= _ALWAYS:
            break
        factor = share * scorer.weight_of(field, term)
        for part in snapshot.parts:
            postings = part.data.field(field)
            number = None if postings is None else postings.find(encode(term))
            if postings is None or number is None:
                continue
            docs = postings.docs(number)
            lengths = part.data.lengths[field]
            of_part = scores[part.base : part.base + part.data.doc_count]
            of_part[docs] += scorer.score(field, postings, number, docs, lengths, factor)
    return scores


def _near_top(scores: NDArray[np.float32], wanted: int) -> NDArray[np.int64]:
    """The places of the `wanted` largest scores above 0, with some that are not: the best of each block bound them."""
    blocks = len(scores) // _BLOCK
    border = np.float32(0)
    if blocks >= 2 * wanted:
        best = scores[: blocks * _BLOCK].reshape(blocks, _BLOCK).max(axis=1)
        border = np.partition(best, blocks - wanted)[blocks - wanted]
    return np.flatnonzero((scores >= border) & (scores > 0))


def judge(wanted: Wanted, text: str, above: str, average: float) -> Judged:
    """How well a paragraph answers what is wanted.

    Args:
        text: in normal form; so is `above`, the headings and titles over it.
        average: the mean length of the collection's paragraphs.
    """
    parameters = wanted.parameters
    k1, b = parameters.k1, parameters.b
    norm = k1 * (1 - b + b * len(text) / average)
    sums = {"word": 0.0, "pair": 0.0, "character": 0.0}
    share = in_opening = in_above = 0.0
    opening = text[:OPENING_CHARS]
    present = []
    for part in wanted.parts:
        times = text.count(part.term)
        if times:
            sums[part.kind] += part.weight * times * (k1 + 1) / (times + norm)
            share += part.weight
            if part.term in opening:
                in_opening += part.weight
            if part.kind != "character":
                present.append(part)
        elif above and part.kind == "word" and part.term in above:
            in_above += parameters.above * part.weight
            share += parameters.above * part.weight
    in_sentence = max(
        (
            sum(part.weight for part in present if part.term in sentence)
            for sentence in _SENTENCE_ENDS.split(text)
        ),
        default=0.0,
    )
    return Judged(
        words=sums["word"],
        pairs=sums["pair"],
        characters=sums["character"],
        sentence=parameters.sentence * in_sentence,
        opening=parameters.opening * in_opening,
        runs=parameters.run * sum(_runs(asked, text, parameters.run_power) for asked in wanted.texts),
        above=in_above,
        share=share / wanted.best if wanted.best else 0.0,
    )


def _runs(asked: str, text: str, power: float) -> float:
    """Strings of two characters or more of the query that stand in the text, the longest from left to right."""
    total, start = 0.0, 0
    while start < len(asked):
        end = start
        while end < len(asked) and asked[start : end + 1] in text:
            end += 1
        if end - start >= 2:
            total += (end - start) ** power
            start = end
        else:
            start += 1
    return total
