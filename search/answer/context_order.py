"""Occurrences in the order of their context, kept small: sorting reads every text that matches.

occurrences (by the store) -> texts, some at a time -> keys -> sorted in runs, merged
"""

from __future__ import annotations

import heapq
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random

from search.collection import Ask, Occurrence, Ref, View
from search.language.text import Analyzer, normalize_text
from search.limits import Budget
from search.model import ContextSort

_KEY_CHARS = 40
_WORD_CHARS = 20
"""Of the context, what the nearest word is cut from."""
_KEY_BYTES = 250
"""What a key takes, and its place."""
_TEXTS_AT_ONCE = 1_000
_RUN = 10_000
"""So many occurrences are sorted in one go: nothing else runs meanwhile."""
_SEPARATOR = "\ue002"
_ENCLOSING = "\"'“”‘’《》〈〉「」『』()（）[]【】 "
_BETWEEN = "\0"
"""Below all characters: where the rest is the same, a shorter one stands first."""
_REF_BYTES = 64

Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Sample:
    """A random sample of occurrences; the same seed gives the same ones of the same version."""

    size: int
    seed: int = 1


@dataclass(frozen=True, slots=True)
class ContextOrder:
    """Occurrences in an order; columns of equal length.

    Args:
        refs: the paragraphs.
        which: of each occurrence, its paragraph among `refs`.
        starts, ends: half open, in characters of the normal form.
    """

    refs: Sequence[Ref]
    which: array[int]
    starts: array[int]
    ends: array[int]

    @property
    def size_bytes(self) -> int:
        return _REF_BYTES * len(self.refs) + 3 * self.which.itemsize * len(self.which)

    def slice(self, skip: int, count: int) -> list[Occurrence]:
        """The occurrences `skip` to `skip + count`."""
        at = slice(skip, skip + count)
        columns = zip(self.which[at], self.starts[at], self.ends[at], strict=True)
        return [Occurrence(self.refs[which], start, end) for which, start, end in columns]


def order_by_context(
    view: View, ask: Ask, sort: ContextSort, analyzer: Analyzer, sample: Sample | None = None
) -> ContextOrder:
    """All occurrences, or a sample, by their context in normal form, so that width and case make no difference.

    Args:
        sort: "left" reads the context to the left backwards; "left2" and "right2" begin behind the nearest word.
        analyzer: cuts that word off.

    Raises:
        BudgetExceeded: it takes more than the budget of the view.
    """
    with view.budget.borrowed():
        occurrences = view.occurrences(ask)
        if sample is not None:
            occurrences = [occurrences[at] for at in sample_places(len(occurrences), sample)]
        keys = _iter_keys(view, occurrences, sort, analyzer)
        order = _sorted(keys, view.budget)
        place: dict[Ref, int] = {}
        which, starts, ends = array("I"), array("I"), array("I")
        for _, at in order:
            ref, start, end = occurrences[at]
            which.append(place.setdefault(ref, len(place)))
            starts.append(start)
            ends.append(end)
        return ContextOrder(tuple(place), which, starts, ends)


def sample_places(total: int, sample: Sample) -> list[int]:
    """Places of a sample among all, in their order; each set of `count` is as likely as another.

    By Random.random alone, which gives the same numbers for a seed on every Python.

    Source: Durstenfeld (1964), Algorithm 235; of the places that it would move only those that moved are kept.
    """
    random = Random(sample.seed).random
    moved: dict[int, int] = {}
    chosen = []
    for at in range(min(sample.size, total)):
        other = at + int(random() * (total - at))
        chosen.append(moved.get(other, other))
        moved[other] = moved.get(at, at)
    return sorted(chosen)


def _iter_keys(
    view: View, occurrences: Sequence[Occurrence], sort: ContextSort, analyzer: Analyzer
) -> Iterator[Key]:
    """The context of each occurrence, and its place; some paragraphs' texts are held at a time."""
    if sort == "order":
        yield from (("", at) for at in range(len(occurrences)))
        return
    refs = list(dict.fromkeys(occurrence.ref for occurrence in occurrences))
    at = 0
    for begin in range(0, len(refs), _TEXTS_AT_ONCE):
        some = refs[begin : begin + _TEXTS_AT_ONCE]
        keys: list[Key] = []
        with view.budget.borrowed():
            texts = dict(zip(some, _normal_texts(view.texts(some)), strict=True))
            while at < len(occurrences) and (text := texts.get(occurrences[at].ref)) is not None:
                _, start, end = occurrences[at]
                if sort in ("left", "left2"):
                    context = text[max(0, start - _KEY_CHARS) : start]
                else:
                    context = text[end : end + _KEY_CHARS]
                keys.append((context_key(context, sort, analyzer), at))
                at += 1
        yield from keys


def context_key(context: str, sort: ContextSort, analyzer: Analyzer) -> str:
    """What a line is sorted by, of its context on one side.

    Blanks count nowhere; marks are words, but for those beside the occurrence that enclose it, by "left" and "right":
    “数字经济”建设 stands with 数字经济建设.

    Example:
        >>> context_key("持续优化", "left", load_analyzer())
        '化优续持'
    """
    if sort == "left":
        return context.rstrip(_ENCLOSING)[::-1]
    if sort == "right":
        return context.lstrip(_ENCLOSING)
    is_left = sort == "left2"
    near = context.rstrip(" ")[-_WORD_CHARS:] if is_left else context.lstrip(" ")[:_WORD_CHARS]
    tokens = analyzer.query_tokens(near)
    if not tokens:
        return ""
    word = tokens[-1 if is_left else 0].term
    if is_left:
        return context.rstrip(" ")[: -len(word)].rstrip(" ")[::-1] + _BETWEEN + word
    return context.lstrip(" ")[len(word) :].lstrip(" ") + _BETWEEN + word


def _sorted(keys: Iterator[Key], budget: Budget) -> Iterator[Key]:
    runs: list[list[Key]] = []
    while run := list(islice(keys, _RUN)):
        budget.charge(_KEY_BYTES * len(run))
        run.sort()
        runs.append(run)
    for number, key in enumerate(heapq.merge(*runs)):
        if not number % _RUN:
            budget.charge()
        yield key


def _normal_texts(texts: Sequence[str]) -> list[str]:
    """The normal forms; of all at once, since normalising costs by the call."""
    normal = normalize_text(_SEPARATOR.join(texts)).split(_SEPARATOR)
    if len(normal) != len(texts):  # a text has our sign for itself
        return list(map(normalize_text, texts))
    return [text.strip(" ") for text in normal]
