"""INDEX mode for many texts at once: the tokens as arrays, no Python object a token.

normalise -> one array of code points -> trie, lattice, atoms -> tokens by text, position, length
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.language.text.atoms import iter_atoms
from search.language.text.lattice import cut_lengths, word_weights
from search.language.text.normalize import normalize_text
from search.language.text.trie import FIRST, LAST, IntArray, Trie

I64 = NDArray[np.int64]

CHAR_BASE = 1 << 24
ATOM_BASE = 1 << 26


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
        codes: code points of the normalised texts, a line feed behind each.
        atoms: the ASCII words and numbers of this batch, in the order of their first occurrence.
    """

    text: IntArray
    position: IntArray
    term: NDArray[np.uint32]
    aligned: NDArray[np.bool_]
    lengths: IntArray
    codes: NDArray[np.uint32]
    atoms: tuple[str, ...]


class BatchAnalyzer:
    """The fast INDEX mode over a dictionary; it needs neither jieba nor rjieba.

    Args:
        words: the words of Han characters, sorted.
        frequencies: of each word.
        total: the sum of the frequencies of all words, those with other characters too.
    """

    def __init__(self, words: Sequence[str], frequencies: Sequence[int], total: int) -> None:
        self._trie = Trie(words)
        self._weights = word_weights(frequencies, total)
        self._cutter = self._trie.cutter(self._weights)

    def analyze(self, texts: Sequence[str]) -> TokenBatch:
        """The tokens of the texts."""
        forms = [normalize_text(text) for text in texts]
        lengths = np.fromiter(map(len, forms), dtype=np.int32, count=len(forms))
        joined = "\n".join(forms) + "\n"
        codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)

        singles = self._trie.single_words(codes)
        terms = np.where(singles >= 0, singles.astype(np.uint32), codes + np.uint32(CHAR_BASE))
        own = np.ones(len(codes), dtype=np.int32)
        bounds = np.cumsum(lengths.astype(np.int64) + 1)
        own[bounds - 1 if len(forms) else 0] = 0

        starts, ends = self._atoms(joined, codes, own)
        atoms: dict[str, int] = {}
        spans = zip(starts.tolist(), ends.tolist(), strict=True)
        numbers = [atoms.setdefault(joined[start:end], len(atoms)) for start, end in spans]
        terms[starts] = np.array(numbers, dtype=np.uint32) + np.uint32(ATOM_BASE)

        cut = self._cut if self._cutter is None else self._cutter.tokens
        term, aligned, counts = cut(codes, terms, own)

        text_ends = np.cumsum(counts, dtype=np.int64)[bounds - 1]
        sizes = np.diff(text_ends, prepend=0)
        text = np.repeat(np.arange(len(forms), dtype=np.int32), sizes)
        position = np.repeat(np.arange(len(codes), dtype=np.int32), counts)
        position -= np.repeat((bounds - lengths - 1).astype(np.int32), sizes)
        return TokenBatch(text, position, term, aligned, lengths, codes, tuple(atoms))

    def _atoms(self, joined: str, codes: NDArray[np.uint32], own: IntArray) -> tuple[I64, I64]:
        """Where the atoms of the texts put together begin and end; `own` becomes 0 within each."""
        if self._cutter is not None:
            found: tuple[I64, I64] = self._cutter.atoms(codes, own)
            return found
        spans = np.array([match.span() for match in iter_atoms(joined)], dtype=np.int64).reshape(-1, 2)
        for start, end in spans.tolist():
            own[start + 1 : end] = 0
        return spans[:, 0], spans[:, 1]

    def _cut(
        self, codes: NDArray[np.uint32], terms: NDArray[np.uint32], own: IntArray
    ) -> tuple[NDArray[np.uint32], NDArray[np.bool_], IntArray]:
        """The tokens at each place, as `_cut.Cutter.tokens` gives them."""
        found = list(self._trie.iter_words(codes))
        singles = self._trie.single_words(codes)
        tokens = cut_lengths((codes >= FIRST) & (codes <= LAST), singles, found, self._weights)
        counts = own.copy()
        for _, places, _ in found:
            counts[places] += 1
        ends = np.cumsum(counts, dtype=np.int64)
        slots = ends - counts
        term = np.empty(int(ends[-1]), dtype=np.uint32)
        aligned = np.empty(int(ends[-1]), dtype=np.bool_)
        first = np.flatnonzero(own)
        term[slots[first]] = terms[first]
        aligned[slots[first]] = tokens[first] == 1
        slots += own
        for length, places, ids in found:
            where = slots[places]
            term[where] = ids
            aligned[where] = tokens[places] == length
            slots[places] += 1
        return term, aligned, counts
