"""INDEX mode for many texts at once: the tokens as arrays, no Python object a token.

normalise -> one array of code points -> trie, atoms, precise cut -> tokens by text, position, length
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.text.normalize import normalize_text
from search.text.segment import Segmenter
from search.text.trie import FIRST, LAST, IntArray, Trie

CHAR_BASE = 1 << 24
ATOM_BASE = 1 << 26
ATOM = r"[a-z0-9]+(?:\.[0-9]+)*"
"""An ASCII word or number of a normalised text: one term, never cut."""

_NEWLINE = 0x0A
_ATOM = re.compile(ATOM)


@dataclass(frozen=True, slots=True)
class TokenBatch:
    """The tokens of some texts (n of them), ordered by text, position and length.

    Args:
        text: (n) which text, its place in the batch.
        position: (n) of the first character in the normalised text.
        term: (n) below CHAR_BASE a word of the dictionary, its place in `Analyzer.words`; from CHAR_BASE on a
            single character that is no word, CHAR_BASE + code point; from ATOM_BASE on `atoms[term -
            ATOM_BASE]`.
        aligned: (n) whether the precise cut uses just this token.
        lengths: (number of texts) characters of each normalised text.
        atoms: the ASCII words and numbers of this batch, in the order of their first occurrence.
    """

    text: IntArray
    position: IntArray
    term: NDArray[np.uint32]
    aligned: NDArray[np.bool_]
    lengths: IntArray
    atoms: tuple[str, ...]


class BatchAnalyzer:
    """The fast INDEX mode over a dictionary and a segmenter."""

    def __init__(self, words: Sequence[str], segmenter: Segmenter) -> None:
        self._trie = Trie(words)
        self._segmenter = segmenter

    def analyze(self, texts: Sequence[str]) -> TokenBatch:
        """The tokens of the texts."""
        forms = [normalize_text(text) for text in texts]
        lengths = np.fromiter(map(len, forms), dtype=np.int32, count=len(forms))
        joined = "\n".join(forms) + "\n"
        codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)

        singles = self._trie.single_words(codes)
        terms = np.where(singles >= 0, singles.astype(np.uint32), codes + np.uint32(CHAR_BASE))
        counts = np.ones(len(codes), dtype=np.int32)
        bounds = np.cumsum(lengths.astype(np.int64) + 1)
        if len(forms):
            counts[bounds - 1] = 0
        else:
            counts[:] = 0
        cut_lengths = self._cut_lengths(codes)

        atoms: dict[str, int] = {}
        for match in _ATOM.finditer(joined):
            start, end = match.span()
            terms[start] = ATOM_BASE + atoms.setdefault(match[0], len(atoms))
            if end > start + 1:
                counts[start + 1 : end] = 0

        found = list(self._trie.iter_words(codes))
        own = counts.copy()
        for _, places, _ in found:
            counts[places] += 1
        ends = np.cumsum(counts, dtype=np.int64)
        slots = ends - counts
        total = int(ends[-1])

        term = np.empty(total, dtype=np.uint32)
        aligned = np.empty(total, dtype=np.bool_)
        first = np.flatnonzero(own)
        term[slots[first]] = terms[first]
        aligned[slots[first]] = cut_lengths[first] == 1
        slots += own
        for length, places, ids in found:
            where = slots[places]
            term[where] = ids
            aligned[where] = cut_lengths[places] == length
            slots[places] += 1

        text_ends = ends[bounds - 1] if len(forms) else np.zeros(0, dtype=np.int64)
        sizes = np.diff(text_ends, prepend=0)
        text = np.repeat(np.arange(len(forms), dtype=np.int32), sizes)
        position = np.repeat(np.arange(len(codes), dtype=np.int64), counts)
        position -= np.repeat(bounds - lengths - 1, sizes)
        return TokenBatch(text, position.astype(np.int32), term, aligned, lengths, tuple(atoms))

    def _cut_lengths(self, codes: NDArray[np.uint32]) -> NDArray[np.int32]:
        """For each character the length of the precise cut's token that starts there, 0 inside one."""
        lengths = np.ones(len(codes), dtype=np.int32)
        han = (codes >= FIRST) & (codes <= LAST)
        edges = np.flatnonzero(np.diff(han, prepend=False))
        if not len(edges):
            return lengths
        # A newline behind every run; the text ends with one, so there is always a character behind a run.
        behind = edges[1::2]
        kept = han.copy()
        kept[behind] = True
        places = np.flatnonzero(kept)
        symbols = codes[places].copy()
        symbols[~han[places]] = _NEWLINE
        tokens = self._segmenter.cut_runs(symbols.tobytes().decode("utf-32-le"))
        sizes = np.fromiter(map(len, tokens), dtype=np.int32, count=len(tokens))
        starts = np.cumsum(sizes, dtype=np.int64) - sizes
        lengths[han] = 0
        lengths[places[starts]] = sizes
        return lengths
