"""The collection's vocabulary: the words that it really uses, how often, and how they are read.

snapshot -> terms of the dictionary that stand as words -> the most used -> sorted, by characters and by pinyin

What suggestions complete to and what spelling is corrected to. Built once a generation, at first use; a term that
merely straddles words (国人 in 中国人民) is not the collection's word.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

import numpy as np

from search.embedded.postings import FieldPostings
from search.embedded.schema import ALIGNED_QUARTERS, STRADDLING_QUARTERS
from search.embedded.snapshot import Snapshot
from search.language.text.pinyin import Pinyin, Syllables, fold, load_pinyin
from search.language.text.segment import HAN

MOST_TERMS = 40_000
LEAST_PARAGRAPHS = 2
"""A word that stands in fewer is no word to offer."""
_HAN_WORD = re.compile(f"[{HAN}]{{2,}}")
_BYTES_A_CHARACTER = 3
_STRADDLING = STRADDLING_QUARTERS / ALIGNED_QUARTERS
_LAST = "\U0010ffff"


class Lexicon:
    """The collection's words, sorted; the most used of them where there are too many.

    Args:
        terms: sorted.
        paragraphs: how many have each term.
        uses: how often each stands as a word, about.
        readings: how each is read, the usual reading first.
    """

    def __init__(
        self,
        terms: list[str],
        paragraphs: list[int],
        uses: list[int],
        readings: list[tuple[Syllables, ...]],
    ) -> None:
        self.terms, self.paragraphs, self.uses, self.readings = terms, paragraphs, uses, readings

    @cached_property
    def _by_sound(self) -> dict[Syllables, list[int]]:
        folded: dict[str, str] = {}
        found: dict[Syllables, list[int]] = defaultdict(list)
        for number, readings in enumerate(self.readings):
            for syllables in readings:
                for syllable in syllables:
                    if syllable not in folded:
                        folded[syllable] = fold(syllable)
                of_sound = found[tuple([folded[syllable] for syllable in syllables])]
                if number not in of_sound[-1:]:
                    of_sound.append(number)
        return dict(found)

    @cached_property
    def _by_letters(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for number, readings in enumerate(self.readings):
            for letters in {"".join(syllables) for syllables in readings}:
                found[letters].append(number)
        return dict(found)

    @cached_property
    def _backwards(self) -> list[tuple[str, int]]:
        """Each term read backwards with its number, sorted: what ends alike stands together."""
        return sorted((term[::-1], number) for number, term in enumerate(self.terms))

    def __len__(self) -> int:
        return len(self.terms)

    def find(self, term: str) -> int | None:
        """The number of a term, or None."""
        number = bisect_left(self.terms, term)
        return number if number < len(self.terms) and self.terms[number] == term else None

    def starting(self, prefix: str) -> range:
        """The numbers of the terms that begin so."""
        return range(bisect_left(self.terms, prefix), bisect_left(self.terms, prefix + _LAST))

    def ending(self, suffix: str) -> Iterator[int]:
        """The numbers of the terms that end so."""
        turned = suffix[::-1]
        first = bisect_left(self._backwards, (turned, -1))
        last = bisect_left(self._backwards, (turned + _LAST, -1))
        return (number for _, number in self._backwards[first:last])

    def sounding(self, syllables: Syllables) -> list[int]:
        """The numbers of the terms that sound so, or nearly (see `fold`)."""
        return self._by_sound.get(tuple(map(fold, syllables)), [])

    def spelled(self, letters: str) -> list[int]:
        """The numbers of the terms whose pinyin these letters are, the most used first."""
        return sorted(self._by_letters.get(letters, []), key=lambda number: -self.uses[number])


def build_lexicon(snapshot: Snapshot, pinyin: Pinyin | None = None, *, most: int = MOST_TERMS) -> Lexicon:
    """The words of a generation."""
    table = load_pinyin() if pinyin is None else pinyin
    paragraphs: dict[str, int] = defaultdict(int)
    uses: dict[str, int] = defaultdict(int)
    for part in snapshot.parts:
        postings = part.data.field("text")
        if postings is not None:
            for term, in_paragraphs, used in _words(postings, most + most // 4):
                paragraphs[term] += in_paragraphs
                uses[term] += used
    kept = [term for term, count in paragraphs.items() if count >= LEAST_PARAGRAPHS]
    if len(kept) > most:
        kept = sorted(kept, key=lambda term: -uses[term])[:most]
    kept.sort()
    return Lexicon(
        kept,
        [paragraphs[term] for term in kept],
        [uses[term] for term in kept],
        [tuple(table.readings(term)) for term in kept],
    )


def _words(postings: FieldPostings, most: int) -> Iterator[tuple[str, int, int]]:
    """The field's words of two Han characters and more with their paragraphs and uses; the most used of them."""
    occurrences = postings.cf.astype(np.float64)
    aligned = (postings.info["weight"] - _STRADDLING * occurrences) / (1 - _STRADDLING)
    uses = np.rint(aligned).astype(np.int64)
    chosen = np.flatnonzero((postings.term_bytes() >= 2 * _BYTES_A_CHARACTER) & (uses > 0))
    if len(chosen) > most:
        chosen = chosen[np.argpartition(-uses[chosen], most)[:most]]
    rows = zip(chosen.tolist(), postings.df[chosen].tolist(), uses[chosen].tolist(), strict=True)
    for number, in_paragraphs, used in rows:
        term = postings.term(number).decode("utf-8", "replace")
        if _HAN_WORD.fullmatch(term):
            yield term, in_paragraphs, used
