"""The terms of many texts at once, added up by arrays: what an index keeps of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search.language.text import Analyzer
from search.language.text.batch import CHAR_BASE, TokenBatch
from search.language.text.phrases import is_ideograph
from search.opensearch.impacts import STRADDLING

_TEXT_SHIFT = np.uint64(32)
_TEXTS_AT_ONCE = 2_000


@dataclass(slots=True)
class TextTokens:
    """The terms of one text.

    Args:
        sums: what the occurrences of each term add up to: words of the precise cut count whole, others in part.
        words, cut: terms of two Han characters and more; those that are words of the precise cut somewhere.
        singles: places of ideographs that are words of the precise cut.
    """

    sums: dict[str, float] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    singles: dict[int, str] = field(default_factory=dict)


class TokenReader:
    """Cuts texts by the analyzer's arrays; the same as `Analyzer.index_terms` one by one."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer

    @cached_property
    def _word_lengths(self) -> NDArray[np.int64]:
        return np.fromiter(map(len, self._analyzer.words), dtype=np.int64)

    def of(self, texts: Sequence[str]) -> Iterator[TextTokens]:
        """The terms of each text, in their order."""
        for begin in range(0, len(texts), _TEXTS_AT_ONCE):
            some = texts[begin : begin + _TEXTS_AT_ONCE]
            yield from self._read(self._analyzer.index_batch(some), len(some))

    def _read(self, batch: TokenBatch, count: int) -> list[TextTokens]:
        found = [TextTokens() for _ in range(count)]
        keys = batch.text.astype(np.uint64) << _TEXT_SHIFT | batch.term.astype(np.uint64)
        pairs, which = np.unique(keys, return_inverse=True)
        sums = np.bincount(which, np.where(batch.aligned, 1.0, STRADDLING), len(pairs))
        in_cut = np.bincount(which, batch.aligned, len(pairs)) > 0
        terms = (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
        is_word = self._lengths(terms) > 1
        names = {term: self._analyzer.term_text(term, batch.atoms) for term in np.unique(terms).tolist()}
        columns = ((pairs >> _TEXT_SHIFT), terms, sums, is_word, in_cut)
        for text, term, total, of_han, is_cut in zip(*(column.tolist() for column in columns), strict=True):
            name, tokens = names[term], found[text]
            tokens.sums[name] = total
            if of_han:
                tokens.words.append(name)
                if is_cut:
                    tokens.cut.append(name)
        self._add_singles(batch, names, found)
        return found

    def _lengths(self, terms: NDArray[np.int64]) -> NDArray[np.int64]:
        """Characters of words of the dictionary; 1 for all other terms."""
        lengths = np.ones(len(terms), dtype=np.int64)
        known = terms < min(CHAR_BASE, len(self._word_lengths))
        lengths[known] = self._word_lengths[terms[known]]
        return lengths

    def _add_singles(self, batch: TokenBatch, names: dict[int, str], found: list[TextTokens]) -> None:
        alone = np.flatnonzero(batch.aligned & (self._lengths(batch.term.astype(np.int64)) == 1))
        columns = (batch.text[alone], batch.position[alone], batch.term[alone])
        for text, at, term in zip(*(column.tolist() for column in columns), strict=True):
            if is_ideograph(names[term]):
                found[text].singles[at] = names[term]
