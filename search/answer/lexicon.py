"""The collection's vocabulary: the words that it really uses, how often, and how they are pronounced.

view -> terms that are words of their paragraphs -> the most used -> sorted, by characters and by pinyin

Suggestions complete to these words and spelling is corrected to them. A term that only straddles words (国人 in
中国人民) is not one of them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from search.collection import View
from search.language.text.pinyin import Pinyin, Syllables, fold, load_pinyin

MOST_TERMS = 40_000
LEAST_PARAGRAPHS = 2
"""A word that stands in fewer is no word to offer."""
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


def build_lexicon(view: View, pinyin: Pinyin | None = None, *, most: int = MOST_TERMS) -> Lexicon:
    """The words of a version."""
    table = load_pinyin() if pinyin is None else pinyin
    kept = [use for use in view.vocabulary(most=most) if use.paragraphs >= LEAST_PARAGRAPHS]
    if len(kept) > most:
        kept = sorted(kept, key=lambda use: -use.uses)[:most]
    kept.sort()
    return Lexicon(
        [use.term for use in kept],
        [use.paragraphs for use in kept],
        [use.uses for use in kept],
        [tuple(table.readings(use.term)) for use in kept],
    )
