"""A trie of the dictionary in arrays, walked at all places of a text at once.

Words that start anywhere in a text are found level by level: for each place that is still inside the trie,
one look-up of (state, next character) in an open-addressing table. No Python object is made for a character
or a word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.compiled import load_compiled

FIRST, LAST = 0x4E00, 0x9FD5
"""The characters that words are made of."""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_EMPTY = np.uint64(0xFFFFFFFFFFFFFFFF)

IntArray = NDArray[np.int32]


class Trie:
    """Finds every word of a list at every place of a text.

    Args:
        words: distinct words of Han characters, sorted. A word's id is its place in the list.
    """

    def __init__(self, words: Sequence[str]) -> None:
        lengths = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
        starts = np.cumsum(lengths) - lengths
        codes = np.frombuffer("".join(words).encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
        self._symbols = np.zeros(0x110000, dtype=np.uint16)
        used = np.unique(codes)
        self._symbols[used] = np.arange(1, len(used) + 1)
        symbols = self._symbols[codes].astype(np.int64)
        self._width = len(used) + 1

        keys: list[NDArray[np.int64]] = []
        word_ids: list[NDArray[np.int64]] = [np.full(self._width, -1, dtype=np.int64)]
        states = symbols[starts]
        single = np.flatnonzero(lengths == 1)
        word_ids[0][states[single]] = single
        alive = np.flatnonzero(lengths > 1)
        first_state = self._width
        level = 1
        while len(alive):
            key = states[alive] * self._width + symbols[starts[alive] + level]
            unique, inverse = np.unique(key, return_inverse=True)
            keys.append(unique)
            states[alive] = first_state + inverse
            ends = lengths[alive] == level + 1
            ids = np.full(len(unique), -1, dtype=np.int64)
            ids[inverse[ends]] = alive[ends]
            word_ids.append(ids)
            first_state += len(unique)
            level += 1
            alive = alive[~ends]

        self._word_ids: IntArray = np.concatenate(word_ids).astype(np.int32)
        every_key = np.concatenate(keys) if keys else np.zeros(0, dtype=np.int64)
        self._inner = np.zeros(first_state, dtype=bool)
        self._inner[every_key // self._width] = True
        self._fill(every_key.astype(np.uint64))

    def _fill(self, keys: NDArray[np.uint64]) -> None:
        """Puts key i, which leads to state width + i, in the first free slot from its own on."""
        bits = max(8, int(np.ceil(np.log2(len(keys) + 1))) + 2)
        self._shift = np.uint64(64 - bits)
        self._mask = (1 << bits) - 1
        self._keys = np.full(1 << bits, _EMPTY, dtype=np.uint64)
        self._next: IntArray = np.zeros(1 << bits, dtype=np.int32)
        waiting = np.arange(len(keys))
        slots = self._slots(keys)
        while len(waiting):
            free = self._keys[slots] == _EMPTY
            takers, places = waiting[free], slots[free]
            self._next[places] = self._width + takers
            self._keys[places] = keys[self._next[places] - self._width]
            left = self._keys[slots] != keys[waiting]
            waiting, slots = waiting[left], (slots[left] + 1) & self._mask

    def _slots(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        return ((keys * _GOLDEN) >> self._shift).astype(np.int64)

    def _step(self, keys: NDArray[np.uint64]) -> IntArray:
        """The state that each key leads to, 0 for none."""
        slots = self._slots(keys)
        found = self._keys[slots]
        states = np.where(found == keys, self._next[slots], 0).astype(np.int32)
        open_ = np.flatnonzero((found != keys) & (found != _EMPTY))
        while len(open_):
            slots = (slots if len(slots) == len(open_) else slots[open_]) + 1 & self._mask
            found = self._keys[slots]
            wanted = keys[open_]
            hit = found == wanted
            states[open_[hit]] = self._next[slots[hit]]
            more = ~hit & (found != _EMPTY)
            open_, slots = open_[more], slots[more]
        return states

    def cutter(self, weights: NDArray[np.float64]) -> Any:
        """The compiled form of `iter_words` and `lattice.cut_lengths` in one; None where nothing was compiled."""
        compiled = load_compiled("search.language.text._cut")
        if compiled is None:
            return None
        tables = (self._symbols, self._keys, self._next, self._word_ids, self._inner.view(np.uint8), weights)
        golden, shift = int(_GOLDEN), int(self._shift)
        return compiled.Cutter(*tables, golden=golden, shift=shift, width=self._width, first=FIRST, last=LAST)

    def single_words(self, codes: NDArray[np.uint32]) -> IntArray:
        """For each character the id of the word that it is alone, or -1."""
        return self._word_ids[self._symbols[codes]]

    def iter_words(self, codes: NDArray[np.uint32]) -> Iterator[tuple[int, NDArray[np.int64], IntArray]]:
        """The words of two and more characters in a text, by length.

        Args:
            codes: the text's code points. Its last one must not be part of any word.

        Yields: the length (chars), the places where words of that length start, ascending, and their ids.
        """
        symbols = self._symbols[codes]
        places = np.flatnonzero(self._inner[symbols[:-1]] & (symbols[1:] != 0)).astype(np.int64)
        states = symbols[places].astype(np.uint64)
        width = np.uint64(self._width)
        length = 1
        while len(places):
            following = symbols[places + length]
            next_states = self._step(states * width + following)
            length += 1
            ids = self._word_ids[next_states]
            ends = np.flatnonzero((ids >= 0) & (next_states > 0))
            if len(ends):
                yield length, places[ends], ids[ends]
            on = np.flatnonzero(self._inner[next_states])
            places = places[on]
            on = on[symbols[places + length] != 0]
            places = places[symbols[places + length] != 0]
            states = next_states[on].astype(np.uint64)
