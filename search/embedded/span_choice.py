"""Which places of what was asked for are occurrences: apart from each other, from left to right.

`search.language.text.phrases` has the definitions (`compete`, `windows`); here they are carried out on arrays. A place
is two numbers, where it begins and where it ends, each with a document in the bits above `POSITION_BITS`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search.embedded import kernel
from search.embedded.term_lookup import POSITION_BITS
from search.language import plan as p
from search.language.plan.needles import Needle
from search.language.plan.once import once
from search.language.text.phrases import pieces_of

I64 = NDArray[np.int64]
Mask = NDArray[np.bool_]

_NONE: I64 = np.zeros(0, dtype=np.int64)


@once
def may_overlap(needles: Sequence[Needle]) -> bool:
    """Whether two places of some needles can share a character; True where that isn't known."""
    if _are_apart(needles):
        return False
    strings = [_pieces(needle) for needle in needles]
    known = [string for string in strings if string is not None]
    if len(known) < len(strings):
        return len(strings) > 1 or any(type(needle) is p.Starting and needle.before for needle in needles)
    numbers = range(len(known))
    return any(_meet(known[a], known[b], is_self=a == b) for a in numbers for b in numbers)


def _are_apart(needles: Sequence[Needle]) -> bool:
    """Whether the needles surely share no character: what each begins with comes but once in all of them."""
    texts = []
    for needle in needles:
        if type(needle) is p.Term:
            texts.append(needle.text)
        elif type(needle) is p.Phrase or type(needle) is p.String:
            tokens = needle.tokens
            texts.append(tokens[0].term if len(tokens) == 1 else "".join([token.term for token in tokens]))
        else:
            return False
    return begin_apart(texts)


def begin_apart(texts: Sequence[str]) -> bool:
    """Whether what each text begins with comes but once in all of them."""
    every = "".join(texts)
    for text in texts:  # noqa: SIM110 -- a generator takes twice as long
        if every.count(text[:1]) != 1:
            return False
    return True


def _pieces(needle: Needle) -> tuple[str, ...] | None:
    """What a needle consists of; None if its places differ from one another."""
    if type(needle) is p.Term:
        return pieces_of((needle.text,))
    if isinstance(needle, (p.String, p.Phrase)):
        return pieces_of(tuple(token.term for token in needle.tokens))
    return None


def _meet(one: tuple[str, ...], other: tuple[str, ...], *, is_self: bool) -> bool:
    """Whether `other` can begin inside `one`; of one and the same, behind its beginning."""
    if other and other[0] not in one:
        return False
    starts = range(1 if is_self else 0, len(one))
    return any(one[at : at + len(other)] == other[: len(one) - at] for at in starts)


def in_order(found: Sequence[tuple[I64, I64]]) -> tuple[I64, I64]:
    """The places of several strings put together, by their beginnings, of several at one place the longest first."""
    first, last = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.lexsort((-last, first))
    return first[order], last[order]


def choose_places(found: Sequence[tuple[I64, I64]]) -> tuple[I64, I64]:
    """Of the places of some strings those that are occurrences: from left to right, the longest at a place, apart.

    Args:
        found: of each string where its places begin and end, in order; of several at one place the longest first.
    """
    if kernel.postings is not None:
        chosen: tuple[I64, I64] = kernel.postings.choose_places(found)
        return chosen
    first, last = in_order(found)
    if not len(first):
        return _NONE, _NONE
    opens = np.ones(len(first), dtype=bool)
    np.greater_equal(first[1:], np.maximum.accumulate(last)[:-1], out=opens[1:])
    # Each group of places that overlap is followed from its first; all groups take a step at the same time.
    group = np.cumsum(opens)
    chosen_at = opens.copy()
    at = np.flatnonzero(opens)
    while len(at):
        following = first.searchsorted(last[at])
        inside = np.minimum(following, len(first) - 1)
        goes_on = (following < len(first)) & (group[inside] == group[at])
        at = inside[goes_on]
        chosen_at[at] = True
    return first[chosen_at], last[chosen_at]


def choose_windows(places: Sequence[I64], lengths: Sequence[int], distance: int) -> tuple[I64, I64]:
    """The smallest windows that hold a place of every string, left to right, none overlapping another.

    Args:
        places: of each string, in order; `lengths` has how long it is.
        distance: a window has at most so many characters more than the strings together.
    """
    if not all(map(len, places)):
        return _NONE, _NONE
    begins = np.unique(np.concatenate(places))
    ends = begins.copy()
    is_whole = np.ones(len(begins), dtype=bool)
    for of_string, length in zip(places, lengths, strict=True):
        following = of_string.searchsorted(begins)
        inside = of_string.take(np.minimum(following, len(of_string) - 1))
        is_whole &= (following < len(of_string)) & (inside >> POSITION_BITS == begins >> POSITION_BITS)
        ends = np.maximum(ends, inside + length)
    is_whole &= ends - begins <= distance + sum(lengths)
    begins, ends = begins[is_whole], ends[is_whole]
    if not len(begins):
        return _NONE, _NONE
    least_behind = np.append(np.minimum.accumulate(ends[::-1])[::-1][1:], np.iinfo(np.int64).max)
    smallest = ends < least_behind
    begins, ends = begins[smallest], ends[smallest]
    return choose_places([(begins, ends)])
