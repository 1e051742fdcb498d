"""What stands around occurrences, all paragraphs at once: the plain form of `search.instruments._windows`.

occurrences -> pieces of text, each character once -> the Han runs that they touch -> words and pairs of neighbours
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.language.text.segment import HAN

I64 = NDArray[np.int64]
Codes = NDArray[np.uint32]

BETWEEN = "\n"
SHORTEST_PAIR, LONGEST_PAIR = 3, 8
"""Characters of two words together."""
_FIRST_HAN, _LAST_HAN = map(ord, HAN.split("-"))
_CODE_BITS = 21
_BYTES_A_CHAR = 16


class Stretches(NamedTuple):
    """Parts of a text that don't overlap, in order: where each begins and ends."""

    begins: I64
    ends: I64


class NumpyReader:
    """See `search.instruments.windows.Reader`."""

    def __init__(self, window: int | None, left: bool, right: bool, sentence_ends: str) -> None:
        self._window, self._left, self._right, self._sentence_ends = window, left, right, sentence_ends
        self._lines: list[str] = []
        self._sizes: list[I64] = []
        self._of_piece: list[I64] = []
        self._signs: list[str] = []
        self._of_sign: list[I64] = []
        self._lengths: list[I64] = []
        self._paragraphs = self._pieces = 0

    @property
    def size_bytes(self) -> int:
        """What is held."""
        return _BYTES_A_CHAR * (self.chars_read + sum(map(len, self._of_sign)))

    @property
    def chars_read(self) -> int:
        """How many characters the pieces have."""
        return int(sum(sizes.sum() for sizes in self._sizes))

    def add(self, forms: Sequence[str], counts: I64, starts: I64, ends: I64) -> None:
        """Read the windows of some paragraphs."""
        text = "".join(f"{form}{BETWEEN}" for form in forms)
        codes = to_codes(text)
        begins = np.array([0, *accumulate(len(form) + 1 for form in forms)], dtype=np.int64)
        shift = begins[:-1].repeat(counts)
        pieces = self._find_pieces(Stretches(starts + shift, ends + shift), begins, codes)
        self._lines += _slices(text, pieces)
        self._sizes.append(pieces.ends - pieces.begins)
        self._of_piece.append(self._paragraphs - 1 + begins.searchsorted(pieces.begins, side="right"))
        self._add_runs(codes, pieces)
        self._paragraphs += len(forms)
        self._pieces += len(pieces.begins)

    def _find_pieces(self, spans: Stretches, begins: I64, codes: Codes) -> Stretches:
        """What lies within reach of an occurrence and in none; what touches is one piece."""
        if not len(spans.begins):
            return spans
        reach = self._reach(spans, begins, codes)
        first = reach.begins if self._left else spans.begins
        last = reach.ends if self._right else spans.ends
        before = np.concatenate([first[:1], spans.ends[:-1]])
        behind = np.concatenate([spans.begins[1:], last[-1:]])
        from_ = np.stack([np.maximum(first, before), spans.ends], axis=1).ravel()
        to = np.stack([spans.begins, np.minimum(last, behind)], axis=1).ravel()
        pieces = _joined(Stretches(from_, np.maximum(to, from_)))
        kept = pieces.ends > pieces.begins
        return Stretches(pieces.begins[kept], pieces.ends[kept])

    def _reach(self, spans: Stretches, begins: I64, codes: Codes) -> Stretches:
        """How far the window of each occurrence goes.

        Args:
            begins: of each paragraph, and the end of all.
        """
        number = begins.searchsorted(spans.begins, side="right")
        first, last = begins[number - 1], begins[number] - 1
        if self._window is not None:
            first = np.maximum(first, spans.begins - self._window)
            return Stretches(first, np.minimum(last, spans.ends + self._window))
        ends = np.flatnonzero(np.isin(codes, to_codes(self._sentence_ends))) + 1
        ends = np.concatenate([begins[:1], ends, begins[-1:]])
        sentence = ends.searchsorted(spans.begins, side="right")
        first = np.maximum(first, ends[sentence - 1])
        return Stretches(first, np.maximum(np.minimum(last, ends[sentence]), spans.ends))

    def _add_runs(self, codes: Codes, pieces: Stretches) -> None:
        """Keep the runs that pieces touch, and of each of their characters which piece has it, or -1."""
        runs = _joined(_han_runs(codes, pieces)) if len(pieces.begins) else pieces
        sizes = runs.ends - runs.begins + 1
        place = np.arange(int(sizes.sum())) + (runs.begins - (np.cumsum(sizes) - sizes)).repeat(sizes)
        is_han = is_han_code(codes[place])
        is_han[np.cumsum(sizes) - 1] = False
        piece = pieces.begins.searchsorted(place, side="right") - 1
        inside = is_han & (piece >= 0)
        inside[inside] = place[inside] < pieces.ends[piece[inside]]
        self._of_sign.append(np.where(inside, piece + self._pieces, -1))
        signs = np.where(is_han, codes[place], ord(BETWEEN)).astype(np.uint32)
        self._signs.append(signs.tobytes().decode("utf-32-le"))

    def lines(self) -> str:
        """The runs that are to be cut."""
        return "".join(self._signs)

    def mark(self, words: Sequence[str]) -> None:
        """Note how the next lines were cut."""
        self._lengths.append(np.fromiter(map(len, words), dtype=np.int64, count=len(words)))

    def words(self) -> Counter[str]:
        """The words of two characters and more that lie whole in a piece, and pairs of neighbours, with how often."""
        if not self._lengths:
            return Counter()
        lengths, piece, signs = np.concatenate(self._lengths), np.concatenate(self._of_sign), self.lines()
        at = np.cumsum(lengths) - lengths
        ends = at + lengths
        whole = (piece[at] >= 0) & (piece[at] == piece[ends - 1])
        both = lengths[:-1] + lengths[1:]
        pairs = whole[:-1] & whole[1:] & (piece[at[:-1]] == piece[at[1:]])
        pairs = np.flatnonzero(pairs & (both >= SHORTEST_PAIR) & (both <= LONGEST_PAIR))
        whole &= lengths > 1
        counted = Counter(_slices(signs, Stretches(at[whole], ends[whole])))
        counted.update(_slices(signs, Stretches(at[pairs], ends[pairs + 1])))
        return counted

    def pieces(self) -> tuple[str, I64, I64]:
        """The text of the pieces, a line each; where each begins in it, and which paragraph it is of."""
        none = np.zeros(0, dtype=np.int64)
        sizes = np.concatenate([none, *self._sizes])
        starts = np.cumsum(sizes + 1) - sizes - 1
        return BETWEEN.join(self._lines), starts, np.concatenate([none, *self._of_piece])


class NumpyPlaces:
    """See `search.instruments.windows.Places`."""

    def __init__(self, text: str, strings: Sequence[str]) -> None:
        self._strings = strings
        padded = np.zeros(max(map(len, strings), default=0), dtype=np.uint32)
        self._codes = np.append(to_codes(text), padded)
        heads = [ord(string[0]) << _CODE_BITS | ord(string[1]) for string in strings]
        self._heads, self._head_of = np.unique(np.array(heads, dtype=np.int64), return_inverse=True)
        self._with_head: list[list[I64]] = [[] for _ in self._heads]

    @property
    def size_bytes(self) -> int:
        """What is held."""
        return self._codes.nbytes + sum(some.nbytes for places in self._with_head for some in places)

    def look(self, begin: int, end: int) -> None:
        """Look for strings that begin from `begin` to `end`; stretches follow one another."""
        if not len(self._heads):
            return
        codes = self._codes[begin : end + 1]
        pairs = codes[:-1].astype(np.int64) << _CODE_BITS | codes[1:]
        nearest = np.minimum(self._heads.searchsorted(pairs), len(self._heads) - 1)
        places = np.flatnonzero(self._heads.take(nearest) == pairs)
        heads = nearest.take(places)
        places = places.take(heads.argsort(kind="stable")) + begin
        behind = np.cumsum(np.bincount(heads, minlength=len(self._heads)))
        for found, some in zip(self._with_head, np.split(places, behind[:-1]), strict=True):
            found.append(some)

    def places(self) -> list[I64]:
        """Of each string its places, ascending."""
        found = []
        for string, head in zip(self._strings, self._head_of.tolist(), strict=True):
            own = np.concatenate([np.zeros(0, dtype=np.int64), *self._with_head[head]])
            for n, char in enumerate(string[2:], 2):
                own = own[self._codes.take(own + n) == ord(char)]
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


def to_codes(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def is_han_code(codes: Codes) -> NDArray[np.bool_]:
    return (codes >= _FIRST_HAN) & (codes <= _LAST_HAN)


def _slices(text: str, stretches: Stretches) -> list[str]:
    return [
        text[begin:end] for begin, end in zip(stretches.begins.tolist(), stretches.ends.tolist(), strict=True)
    ]


def _joined(stretches: Stretches) -> Stretches:
    """Stretches by their begins; those that touch or overlap as one."""
    furthest = np.maximum.accumulate(stretches.ends)
    opens = np.flatnonzero(np.append(True, stretches.begins[1:] > furthest[:-1]))
    return Stretches(stretches.begins[opens], np.maximum.reduceat(stretches.ends, opens))


def _han_runs(codes: Codes, pieces: Stretches) -> Stretches:
    """The pieces up to the ends of the Han runs that they begin and end in."""
    breaks = np.flatnonzero(~is_han_code(codes))
    before = breaks.searchsorted(pieces.begins) - 1
    begins = np.where(before < 0, 0, breaks.take(before) + 1)
    return Stretches(begins, breaks.take(breaks.searchsorted(pieces.ends)))
