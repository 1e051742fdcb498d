"""jieba's precise cut of many runs at once, from the words that the trie found.

A run's characters and words are a lattice. Its best path has the greatest sum of log(frequency / total), from
the end of the run as jieba does, with the same floating-point operations in the same order, so that ties
fall alike: the longer word wins. All runs advance together, each step one character further from their ends.

Source: Tokenizer.get_DAG and Tokenizer.calc of jieba 0.42.1, without HMM.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.language.text.trie import IntArray

FloatArray = NDArray[np.float64]
Matches = Sequence[tuple[int, NDArray[np.int64], IntArray]]


def word_weights(frequencies: Sequence[int], total: int) -> FloatArray:
    """log(frequency / total) of each word, and at the end that of a character that is none.

    By math.log, as jieba has it: np.log may differ in the last bit, and then a tie would be none.
    """
    known = np.fromiter(frequencies, dtype=np.int64, count=len(frequencies))
    distinct, places = np.unique(np.append(known, 1), return_inverse=True)
    logs = [log(frequency) - log(total) for frequency in distinct.tolist()]
    weights: FloatArray = np.array(logs, dtype=np.float64)[places]
    return weights


def cut_lengths(
    han: NDArray[np.bool_], singles: IntArray, matches: Matches, weights: FloatArray
) -> NDArray[np.int32]:
    """For each character the length of the precise cut's token that starts there, 0 inside one.

    Args:
        han: (characters) which of them are in runs; the last one is not.
        singles: (characters) the id of the word that a character is alone, or -1.
        matches: the words of two and more characters as `Trie.iter_words` gives them, by length.
        weights: of each word, and at the end of a character that is none.

    Returns: (characters), 1 for those outside runs.
    """
    lengths = np.ones(len(han), dtype=np.int32)
    places = np.flatnonzero(han)
    if not len(places):
        return lengths
    edges = np.flatnonzero(np.diff(han, prepend=False))
    first, behind = edges[0::2], edges[1::2]
    sizes = behind - first
    from_end = np.repeat(behind, sizes) - places
    steps: NDArray[np.signedinteger[Any]] = np.zeros(len(han), dtype=np.int32)
    steps[places] = from_end
    if int(sizes.max()) < 1 << 15:
        steps = steps.astype(np.int16)  # sorted by radix, several times faster

    # A character that is no word is a token only where no word starts.
    begins = np.zeros(len(han), dtype=bool)
    for _, starts, _ in matches:
        begins[starts] = True
    alone = places[(singles[places] >= 0) | ~begins[places]]
    ladders = [_ladder(steps, length, starts, weights[ids]) for length, starts, ids in matches]
    ladders.insert(0, _ladder(steps, 1, alone, weights[singles[alone]]))

    best = np.full(len(han), -np.inf)
    best[~han] = 0.0
    chosen = np.zeros(len(han), dtype=np.int32)
    for step in range(1, int(sizes.max()) + 1):
        for length, starts, added, bounds in ladders:
            if step + 1 < len(bounds) and bounds[step] < bounds[step + 1]:
                rung = slice(bounds[step], bounds[step + 1])
                here = starts[rung]
                scores = added[rung] + best[here + length]
                if length == 1:
                    best[here] = scores
                    chosen[here] = 1
                    continue
                better = scores >= best[here]
                here = here[better]
                best[here] = scores[better]
                chosen[here] = length

    lengths[places] = 0
    here = first
    while len(here):
        sizes = chosen[here]
        lengths[here] = sizes
        here = here + sizes
        here = here[han[here]]
    return lengths


def _ladder(
    steps: NDArray[np.signedinteger[Any]], length: int, starts: NDArray[np.int64], weights: FloatArray
) -> tuple[int, NDArray[np.int64], FloatArray, list[int]]:
    """Words of one length by the step that reaches them; step n has bounds[n] to bounds[n + 1]."""
    reached = steps[starts]
    order = np.argsort(reached, kind="stable")
    bounds = np.concatenate(([0], np.cumsum(np.bincount(reached)))).tolist()
    return length, starts[order], weights[order], bounds
