"""How often matching paragraphs say what was asked for: exact, from positions, no text is read.

plan -> needles -> their places -> from left to right, the longest at a place -> counted | read

The same as `search.language.plan.needles` finds in a text, in characters of its normal form; docs/counting.md has the
rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.collection import Occurrence
from search.embedded.matches import Matches
from search.embedded.matching import Matcher
from search.embedded.snapshot import Part
from search.embedded.sorted_numbers import membership, united
from search.embedded.span_choice import begin_apart, choose_places, choose_windows, in_order, may_overlap
from search.embedded.term_lookup import POSITION_BITS, Docs
from search.embedded.words import without_bonus
from search.language import plan as p
from search.language.plan.needles import Needle, needles_of
from search.language.plan.once import once

I64 = NDArray[np.int64]

_AT_ONCE = 1 << 16
"""Paragraphs whose occurrences of one needle are held at the same time; of several accordingly fewer."""
_LEAST_AT_ONCE = 1 << 12
_NEEDLES = frozenset((p.Term, p.String, p.Phrase))
_NONE: I64 = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Spans:
    """Occurrences in some paragraphs, in order and apart from each other; columns of equal length.

    Args:
        numbers: which of the paragraphs, as a place among those asked about.
        starts, ends: half open, in characters of the normal form.
    """

    numbers: I64
    starts: I64
    ends: I64


def find_spans(matcher: Matcher, plan: p.Plan, docs: Docs) -> Spans:
    """The occurrences in `docs`, all of which the plan matches."""
    first, last = _choose(matcher, plan, docs)
    mask = (1 << POSITION_BITS) - 1
    return Spans(first >> POSITION_BITS, first & mask, last & mask)


def find_straddling(matcher: Matcher, plan: p.Plan, docs: Docs) -> Spans:
    """The occurrences in `docs` that no word of the precise cut begins with, or none ends with.

    Looked at are the words that the plan's own strings begin and end with; where the cut has others there, an
    occurrence is named too.
    """
    first, last = _choose(matcher, plan, docs)
    firsts, lasts = {}, {}
    for needle in needles_of(plan):
        if type(needle) is p.Term:
            firsts[needle.text] = lasts[needle.text] = len(needle.text)
        elif isinstance(needle, (p.String, p.Phrase)):
            firsts[needle.tokens[0].term] = needle.tokens[0].length
            lasts[needle.tokens[-1].term] = needle.tokens[-1].length
    begins = united([_NONE, *(matcher.text.of_word(term, docs) for term in firsts)])
    ends = united([_NONE, *(matcher.text.of_word(term, docs) + length for term, length in lasts.items())])
    across = ~(membership(first, begins) & membership(last, ends))
    first, last = first[across], last[across]
    mask = (1 << POSITION_BITS) - 1
    return Spans(first >> POSITION_BITS, first & mask, last & mask)


def _choose(matcher: Matcher, plan: p.Plan, docs: Docs) -> tuple[I64, I64]:
    """Where occurrences begin and end: (place in `docs`) << POSITION_BITS | position, in order."""
    if type(plan) is p.Tiered:
        return _choose_by_tier(matcher, plan, docs)
    needles = needles_left(plan)
    found = [_places(matcher, needle, docs) for needle in needles]
    if not found:
        return _NONE, _NONE
    if may_overlap(needles):
        return choose_places(found)
    return found[0] if len(found) == 1 else in_order(found)


def _choose_by_tier(matcher: Matcher, plan: p.Tiered, docs: Docs) -> tuple[I64, I64]:
    """Each paragraph's occurrences are those of the first part that it matches."""
    in_first = matcher.probe(plan.first, docs)[0]
    found = []
    for part, mask in ((plan.first, in_first), (plan.second, ~in_first)):
        numbers = np.flatnonzero(mask)
        first, last = _choose(matcher, part, docs.take(numbers))
        of_part = first >> POSITION_BITS
        shift = (numbers.take(of_part) - of_part) << POSITION_BITS
        found.append((first + shift, last + shift))
    return in_order(found)


def _places(matcher: Matcher, needle: Needle, docs: Docs) -> tuple[I64, I64]:
    """Every place of a needle in `docs`."""
    if isinstance(needle, p.Phrase):
        return matcher.text.of_phrase(needle, docs)
    if isinstance(needle, p.Within):
        places = [matcher.text.of(part, docs) for part in needle.strings]
        return choose_windows(places, [part.length for part in needle.strings], needle.distance)
    if isinstance(needle, p.Starting):
        return matcher.text.of_prefix(needle, docs)
    first = matcher.text.of(needle, docs)
    return first, first + (len(needle.text) if isinstance(needle, p.Term) else needle.length)


def count_spans(matcher: Matcher, plan: p.Plan, docs: Docs) -> I64:
    """The number of occurrences in each of `docs`."""
    counts = np.zeros(len(docs), dtype=np.int64)
    at_once = _at_once(needles_of(plan))
    for begin in range(0, len(docs), at_once):
        some = docs[begin : begin + at_once]
        with matcher.budget.borrowed():
            first, _ = _choose(matcher, plan, some)
            counts[begin : begin + len(some)] = np.bincount(first >> POSITION_BITS, minlength=len(some))
    return counts


def count_all(
    matcher: Matcher, plan: p.Plan, docs: Docs, *, is_whole: bool = False, said: int | None = None
) -> int:
    """The number of occurrences in all of `docs`; most plans need not say where they are.

    Args:
        is_whole: `docs` are all that the plan matches.
        said: as in `Matches`, if `docs` are all of those.
    """
    words = _words_apart(plan)
    if len(words) == 1 and is_whole:
        return matcher.count_of_word(words[0])
    if len(words) > 1 and said is not None:
        return said + sum([matcher.count_across(word, docs) for word in words])
    needles = needles_left(plan)
    if type(plan) is not p.Tiered and not may_overlap(needles):
        plain = [
            needle
            for needle in needles
            if type(needle) is p.Phrase or type(needle) is p.Term or type(needle) is p.String
        ]  # isinstance asks these classes' metaclass, at ten times the cost
        if len(plain) == len(needles):
            if said is not None and type(plan) is p.Every and len(plain) == len(plan.parts):
                return said + sum([matcher.count_across(needle, docs) for needle in plain])
            all_have = type(without_bonus(plan)) in _NEEDLES
            if all_have and is_whole and len(plain) == 1:
                return matcher.text.count_everywhere(plain[0])
            return sum(matcher.text.count(needle, docs, all_have=all_have) for needle in plain)
    at_once = _at_once(needles)
    return sum(
        len(_choose(matcher, plan, docs[begin : begin + at_once])[0])
        for begin in range(0, len(docs), at_once)
    )


def _words_apart(plan: p.Plan) -> list[p.Phrase]:
    """The words that a plan looks for, if they are all and none begins with what comes again in them; else none."""
    words, texts = [], []
    for part in plan.parts if type(plan) is p.Every else (plan,):
        word = part.wanted if type(part) is p.Favoured else part
        if type(word) is not p.Phrase or len(word.tokens) > 1:
            return []
        words.append(word)
        texts.append(word.tokens[0].term)
    return words if begin_apart(texts) else []


@once
def needles_left(plan: p.Plan) -> Sequence[Needle]:
    """What a plan looks for in the texts that it matches: of a second tier no phrase that the first has alone."""
    needles = needles_of(plan)
    if type(plan) is not p.Without:
        return needles
    unwanted = without_bonus(plan.unwanted)
    missing = needles_of(unwanted) if type(unwanted) in _NEEDLES else ()
    return [needle for needle in needles if needle not in missing] if missing else needles


def count_everywhere(matcher: Matcher, plan: p.Plan) -> int:
    """The number of occurrences of a word or string in the whole segment."""
    if isinstance(plan, (p.Term, p.String)) and not may_overlap(needles_of(plan)):
        return matcher.text.count_everywhere(plan)
    return count_all(matcher, plan, matcher.match(plan).docs)


def _at_once(needles: Sequence[Needle]) -> int:
    """For how many paragraphs to look at once: between two steps others have their turn."""
    return max(_AT_ONCE // max(len(needles), 1), _LEAST_AT_ONCE)


@dataclass(frozen=True, slots=True)
class OccurrenceOrder:
    """The paragraphs that have occurrences, newest report first; columns of equal length.

    Args:
        parts, docs: which segment of the snapshot, which of its documents.
        ends: occurrences up to and with each.
    """

    parts: I64
    docs: I64
    ends: I64

    @property
    def size_bytes(self) -> int:
        return self.parts.nbytes + self.docs.nbytes + self.ends.nbytes

    @property
    def total(self) -> int:
        return int(self.ends[-1]) if len(self.ends) else 0


def order_occurrences(
    parts: Sequence[Part], found: Sequence[Matches], counts: Sequence[I64]
) -> OccurrenceOrder:
    """The order of all occurrences.

    Args:
        counts: occurrences in each of the matches `found`.
    """
    none: NDArray[Any] = np.zeros(0, dtype=np.int64)
    columns: list[tuple[NDArray[Any], ...]] = [(none, none, none, none)]
    for number, (part, matches, of_docs) in enumerate(zip(parts, found, counts, strict=True)):
        has = of_docs.nonzero()[0]
        docs = matches.docs.take(has)
        columns.append((np.full(len(has), number), docs, of_docs.take(has), part.place.take(docs)))
    of_part, docs, size, place = (np.concatenate(column) for column in zip(*columns, strict=True))
    order = place.argsort()
    return OccurrenceOrder(of_part[order], docs[order], np.cumsum(size[order]))


def read_occurrences(
    matchers: Sequence[Matcher],
    plan: p.Plan,
    order: OccurrenceOrder,
    skip: int,
    count: int | None,
) -> list[Occurrence]:
    """The occurrences `skip` to `skip + count` of an order; to its end where `count` is None."""
    end = order.total if count is None else min(skip + count, order.total)
    if skip >= end:
        return []
    first, last = order.ends.searchsorted([skip, end - 1], side="right").tolist()
    chosen = slice(first, last + 1)
    rank = np.arange(first, last + 1)
    rows = []
    for number, matcher in enumerate(matchers):
        mine = (order.parts[chosen] == number).nonzero()[0]
        docs = order.docs[chosen].take(mine)
        ascending = docs.argsort()
        spans = find_spans(matcher, plan, docs.take(ascending))
        of_doc = docs.take(ascending).take(spans.numbers)
        rows.append(
            (
                rank.take(mine.take(ascending)).take(spans.numbers),
                spans.starts,
                spans.ends,
                of_doc | number << 32,
            )
        )
    ranks, starts, ends, refs = (np.concatenate(column) for column in zip(*rows, strict=True))
    before = skip - (int(order.ends[first - 1]) if first else 0)
    inside = np.lexsort((starts, ranks))[before : before + end - skip]
    columns = (refs.take(inside).tolist(), starts.take(inside).tolist(), ends.take(inside).tolist())
    return list(map(Occurrence, *columns))
