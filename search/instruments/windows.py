"""What stands around occurrences: the text near them, the words that lie whole in it, and strings found there.

occurrences -> pieces of text, each character once -> the Han runs that they touch -> one precise cut -> words and pairs
of neighbours

A run of Han characters is cut whole, so that its words are those of the paragraph: 打造市场化 leaves no 造市场化
at the edge of a window.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.collection import Occurrence, Ref
from search.language.text.segment import HAN
from search.limits import UNLIMITED, Budget

I64 = NDArray[np.int64]
Codes = NDArray[np.uint32]

_BETWEEN = "\n"
_SENTENCE_ENDS = "。;！!？?；"
_SHORTEST_PAIR, _LONGEST_PAIR = 3, 8
"""Characters of two words together."""
_FIRST_HAN, _LAST_HAN = map(ord, HAN.split("-"))
_CODE_BITS = 21
_BYTES_A_CHAR, _BYTES_A_CUT_CHAR, _BYTES_A_SEARCHED_CHAR = 10, 50, 24
"""What strings and arrays take: of all texts, of the runs that are cut, of the text that strings are looked for in."""
_CUT_AT_ONCE = 100_000


class Stretches(NamedTuple):
    """Parts of a text that don't overlap, in order: where each begins and ends."""

    begins: I64
    ends: I64


@dataclass(frozen=True, slots=True)
class Windows:
    """The text around occurrences.

    Args:
        text: the pieces, a line each.
        starts: where each piece begins in it.
        paragraphs: which paragraph each is of, by its place among those given.
        chars: how many characters the pieces have.
        words: those that lie whole in a piece, and pairs of neighbours, with how often.
    """

    text: str
    starts: I64
    paragraphs: I64
    chars: int
    words: Counter[str]

    @property
    def size_bytes(self) -> int:
        """What all of it takes, about."""
        return 2 * len(self.text) + self.starts.nbytes + self.paragraphs.nbytes + 100 * len(self.words)

    def paragraphs_with(self, places: I64) -> I64:
        """The paragraphs that have these places of the text, which ascend."""
        of_place = self.paragraphs.take(self.starts.searchsorted(places, side="right") - 1)
        return of_place[np.diff(of_place, prepend=-1) > 0]


def read_windows(
    occurrences: Sequence[Occurrence],
    forms: dict[Ref, str],
    cut: Callable[[str], Sequence[str]],
    *,
    window: int | None,
    left: bool = True,
    right: bool = True,
    budget: Budget = UNLIMITED,
) -> Windows:
    """The text around occurrences, each character once, those of the occurrences themselves left out.

    Args:
        forms: the normal form of every paragraph that has one.
        cut: the precise cut, which leaves blanks as words of their own.
        window: characters on a side, within the paragraph; None is the sentence.
        left, right: of the occurrences.

    Raises:
        BudgetExceeded: it takes more than `budget`.
    """
    budget.charge(_BYTES_A_CHAR * sum(map(len, forms.values())))
    text = "".join(f"{form}{_BETWEEN}" for form in forms.values())
    codes = _codes(text)
    begins = np.array([0, *accumulate(len(form) + 1 for form in forms.values())], dtype=np.int64)
    place = dict(zip(forms, begins.tolist(), strict=False))
    spans = np.array([(place[ref] + start, place[ref] + end) for ref, start, end in occurrences], np.int64)
    spans = spans[spans[:, 0].argsort()]
    occupied = Stretches(spans[:, 0], spans[:, 1])
    reach = _reach(occupied, begins, codes, window)
    pieces = _pieces(
        occupied,
        Stretches(reach.begins if left else occupied.begins, reach.ends if right else occupied.ends),
    )
    budget.charge()
    lines = _slices(text, pieces)
    sizes = pieces.ends - pieces.begins
    return Windows(
        _BETWEEN.join(lines),
        np.cumsum(sizes + 1) - sizes - 1,
        begins.searchsorted(pieces.begins, side="right") - 1,
        int(sizes.sum()),
        _count_words(text, codes, pieces, cut, budget),
    )


def find_strings(text: str, strings: Sequence[str], budget: Budget = UNLIMITED) -> list[I64]:
    """Where each string stands in a text, from left to right and apart from each other, as `str.count` counts.

    Args:
        strings: of two characters or more.

    Raises:
        BudgetExceeded: it takes more than `budget`.

    Example:
        >>> [places.tolist() for places in find_strings("好好好好的发展好", ["好好", "发展"])]
        [[0, 2], [5]]
    """
    budget.charge(_BYTES_A_SEARCHED_CHAR * len(text))
    codes = np.append(_codes(text), np.zeros(max(map(len, strings), default=0), dtype=np.uint32))
    pairs = codes[:-1].astype(np.int64) << _CODE_BITS | codes[1:]
    heads = [ord(string[0]) << _CODE_BITS | ord(string[1]) for string in strings]
    wanted, number = np.unique(np.array(heads, dtype=np.int64), return_inverse=True)
    if not len(wanted):
        return []
    budget.charge()
    nearest = np.minimum(wanted.searchsorted(pairs), len(wanted) - 1)
    places = np.flatnonzero(wanted.take(nearest) == pairs)
    of_place = nearest.take(places).astype(np.uint16 if len(wanted) < 1 << 16 else np.uint32)
    places = places.take(of_place.argsort(kind="stable"))
    ends = np.cumsum(np.bincount(of_place, minlength=len(wanted)))
    found = []
    for string, head in zip(strings, number.tolist(), strict=True):
        budget.charge()
        own = places[(ends[head - 1] if head else 0) : ends[head]]
        for n, char in enumerate(string[2:], 2):
            own = own[codes.take(own + n) == ord(char)]
        found.append(_apart(own, len(string)))
    return found


def _apart(places: I64, length: int) -> I64:
    """The places from left to right without those that overlap one before."""
    if len(places) < 2 or int(np.diff(places).min()) >= length:
        return places
    kept: list[int] = []
    for place in places.tolist():
        if not kept or place - kept[-1] >= length:
            kept.append(place)
    return np.array(kept, dtype=np.int64)


def _codes(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _slices(text: str, stretches: Stretches) -> list[str]:
    return [
        text[begin:end] for begin, end in zip(stretches.begins.tolist(), stretches.ends.tolist(), strict=True)
    ]


def _reach(spans: Stretches, begins: I64, codes: Codes, window: int | None) -> Stretches:
    """How far the window of each occurrence goes.

    Args:
        begins: of each paragraph, and the end of all.
    """
    number = begins.searchsorted(spans.begins, side="right")
    first, last = begins[number - 1], begins[number] - 1
    if window is not None:
        first, last = np.maximum(first, spans.begins - window), np.minimum(last, spans.ends + window)
    else:
        ends = np.flatnonzero(np.isin(codes, _codes(_SENTENCE_ENDS))) + 1
        ends = np.concatenate([begins[:1], ends, begins[-1:]])
        sentence = ends.searchsorted(spans.begins, side="right")
        first = np.maximum(first, ends[sentence - 1])
        last = np.maximum(np.minimum(last, ends[sentence]), spans.ends)
    return Stretches(first, last)


def _pieces(spans: Stretches, reach: Stretches) -> Stretches:
    """What lies within reach of an occurrence and in none; what touches is one piece."""
    before = np.concatenate([reach.begins[:1], spans.ends[:-1]])
    behind = np.concatenate([spans.begins[1:], reach.ends[-1:]])
    begins = np.stack([np.maximum(reach.begins, before), spans.ends], axis=1).ravel()
    ends = np.stack([spans.begins, np.minimum(reach.ends, behind)], axis=1).ravel()
    pieces = _joined(Stretches(begins, np.maximum(ends, begins)))
    kept = pieces.ends > pieces.begins
    return Stretches(pieces.begins[kept], pieces.ends[kept])


def _joined(stretches: Stretches) -> Stretches:
    """Stretches by their begins; those that touch or overlap as one."""
    furthest = np.maximum.accumulate(stretches.ends)
    opens = np.flatnonzero(np.append(True, stretches.begins[1:] > furthest[:-1]))
    return Stretches(stretches.begins[opens], np.maximum.reduceat(stretches.ends, opens))


def _count_words(
    text: str, codes: Codes, pieces: Stretches, cut: Callable[[str], Sequence[str]], budget: Budget
) -> Counter[str]:
    """The words of two characters and more that lie whole in a piece, and pairs of neighbours, with how often."""
    if not len(pieces.begins):
        return Counter()
    runs = _joined(_han_runs(codes, pieces))
    budget.charge(_BYTES_A_CUT_CHAR * int((runs.ends - runs.begins + 1).sum()))
    joined = _BETWEEN.join(_slices(text, runs))
    is_han = _is_han(_codes(joined))
    signs = np.where(is_han, _codes(joined), ord(_BETWEEN)).astype(np.uint32)
    words: list[str] = []
    for some in _some_lines(signs.tobytes().decode("utf-32-le")):
        budget.charge()
        words += cut(some)
    budget.charge()
    lengths = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
    at = np.cumsum(lengths) - lengths
    sizes = runs.ends - runs.begins + 1
    offsets = runs.begins - (np.cumsum(sizes) - sizes)
    begins = at + np.repeat(offsets, sizes)[at]
    piece = pieces.begins.searchsorted(begins, side="right") - 1
    whole = is_han[at] & (piece >= 0) & (begins + lengths <= pieces.ends.take(piece))
    long = np.flatnonzero(whole & (lengths > 1))
    both = lengths[:-1] + lengths[1:]
    pairs = whole[:-1] & whole[1:] & (piece[:-1] == piece[1:])
    pairs = np.flatnonzero(pairs & (both >= _SHORTEST_PAIR) & (both <= _LONGEST_PAIR))
    counted = Counter(map(words.__getitem__, long.tolist()))
    counted.update(_slices(joined, Stretches(at[pairs], at[pairs] + both[pairs])))
    return counted


def _some_lines(text: str) -> Iterator[str]:
    """The text in pieces of whole lines, so long that little time goes between the calls."""
    begin = 0
    while begin < len(text):
        end = text.find(_BETWEEN, begin + _CUT_AT_ONCE) + 1 or len(text)
        yield text[begin:end]
        begin = end


def _han_runs(codes: Codes, pieces: Stretches) -> Stretches:
    """The pieces up to the ends of the Han runs that they begin and end in."""
    breaks = np.flatnonzero(~_is_han(codes))
    before = breaks.searchsorted(pieces.begins) - 1
    begins = np.where(before < 0, 0, breaks.take(before) + 1)
    return Stretches(begins, breaks.take(breaks.searchsorted(pieces.ends)))


def _is_han(codes: Codes) -> NDArray[np.bool_]:
    return (codes >= _FIRST_HAN) & (codes <= _LAST_HAN)
