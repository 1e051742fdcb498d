"""The collection's vocabulary: the words that it really uses, how often, and how they are pronounced.

view -> terms that are words of their paragraphs -> the most used -> sorted by characters

Suggestions complete to these words and spelling is corrected to them. A term that only straddles words (国人 in
中国人民) is not one of them. Nobody waits until all are read aloud: words are looked up by sound through the characters
that may be read so, and only those that begin with one of these are read.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import cached_property
from operator import attrgetter

from search.collection import View
from search.language.text.pinyin import Pinyin, Syllables, fold, load_pinyin

MOST_TERMS = 40_000
LEAST_PARAGRAPHS = 2
"""A word that stands in fewer is no word to offer."""
_LAST = "\U0010ffff"
_LONGEST_SYLLABLE = 6
_TERM, _USES = attrgetter("term"), attrgetter("uses")


class Lexicon:
    """The collection's words, sorted; the most used of them where there are too many.

    Args:
        terms: sorted.
        paragraphs: how many have each term.
        uses: how often each stands as a word, about.
        pinyin: how characters and words are read; None for the table that Xiesou brings.
    """

    def __init__(
        self, terms: list[str], paragraphs: list[int], uses: list[int], pinyin: Pinyin | None = None
    ) -> None:
        self.terms, self.paragraphs, self.uses = terms, paragraphs, uses
        self._pinyin = load_pinyin() if pinyin is None else pinyin
        self._read: dict[int, tuple[Syllables, ...]] = {}
        self._sounds: dict[tuple[str, int], dict[Syllables, list[int]]] = {}
        self._endings: dict[str, tuple[list[str], list[int]]] = {}
        self._sized: dict[tuple[str, bool], dict[int, list[int]]] = {}

    def __len__(self) -> int:
        return len(self.terms)

    def find(self, term: str) -> int | None:
        """The number of a term, or None."""
        return self._numbers.get(term)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        """A term's number; a misspelling asks for a hundred."""
        return {term: number for number, term in enumerate(self.terms)}

    def starting(self, prefix: str) -> range:
        """The numbers of the terms that begin so."""
        return range(bisect_left(self.terms, prefix), bisect_left(self.terms, prefix + _LAST))

    def ending(self, suffix: str) -> list[int]:
        """The numbers of the terms that end so, sorted by the terms read backwards."""
        backwards, numbers = self._backwards(suffix[-1])
        turned = suffix[::-1]
        first = bisect_left(backwards, turned)
        return numbers[first : bisect_left(backwards, turned + _LAST, first)]

    def _backwards(self, char: str) -> tuple[list[str], list[int]]:
        """The terms that end with a character, read backwards, sorted; and their numbers."""
        known = self._endings.get(char)
        if known is None:
            terms = self.terms
            turned = sorted((terms[number][::-1], number) for number in self._by_last.get(char, ()))
            known = self._endings[char] = [word for word, _ in turned], [number for _, number in turned]
        return known

    def starting_sized(self, prefix: str, sizes: Collection[int]) -> list[int]:
        """Those of `starting` that have one of some lengths."""
        if len(prefix) > 1:
            return [number for number in self.starting(prefix) if len(self.terms[number]) in sizes]
        return self._of_sizes(prefix, sizes, at_end=False)

    def ending_sized(self, suffix: str, sizes: Collection[int]) -> list[int]:
        """Those of `ending` that have one of some lengths."""
        if len(suffix) > 1:
            return [number for number in self.ending(suffix) if len(self.terms[number]) in sizes]
        numbers = self._backwards(suffix)[1]
        return [numbers[at] for at in self._of_sizes(suffix, sizes, at_end=True)]

    def _of_sizes(self, char: str, sizes: Collection[int], *, at_end: bool) -> list[int]:
        """Terms with a character at their beginning or end, by their lengths: numbers, or places among `_backwards`."""
        sized = self._sized.get((char, at_end))
        if sized is None:
            sized = defaultdict(list)
            if at_end:
                for at, turned in enumerate(self._backwards(char)[0]):
                    sized[len(turned)].append(at)
            else:
                for number in self.starting(char):
                    sized[len(self.terms[number])].append(number)
            self._sized[char, at_end] = sized = dict(sized)
        return sorted([one for size in sizes for one in sized.get(size, ())])

    @cached_property
    def _by_last(self) -> dict[str, list[int]]:
        """A term's last character -> the numbers of the terms."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, term in enumerate(self.terms):
            found[term[-1]].append(number)
        return dict(found)

    # By sound

    def readings(self, number: int) -> tuple[Syllables, ...]:
        """How a term is read, the usual reading first."""
        known = self._read.get(number)
        if known is None:
            known = self._read[number] = tuple(self._pinyin.readings(self.terms[number]))
        return known

    @cached_property
    def _by_first(self) -> dict[str, list[range]]:
        """A syllable -> the terms whose first character may be read so, in ascending order."""
        found: dict[str, list[range]] = defaultdict(list)
        at = 0
        while at < len(self.terms):
            of_character = self.starting(self.terms[at][0])
            for syllable in self._pinyin.first_syllables(self.terms[at][0]):
                found[syllable].append(of_character)
            at = of_character.stop
        return dict(found)

    @cached_property
    def _folded(self) -> dict[str, list[str]]:
        """A syllable as `fold` has it -> the syllables that words begin with and that sound so."""
        found: dict[str, list[str]] = defaultdict(list)
        for syllable in self._by_first:
            found[fold(syllable)].append(syllable)
        return dict(found)

    def beginning(self, syllables: Iterable[str]) -> list[int]:
        """The numbers of the terms whose first character may be read as one of some syllables, ascending."""
        ranges = {of.start: of for syllable in syllables for of in self._by_first.get(syllable, ())}
        return [number for start in sorted(ranges) for number in ranges[start]]

    def beginning_with_letter(self, letter: str) -> list[int]:
        """The same, for all syllables that begin with a letter."""
        return self.beginning(syllable for syllable in self._by_first if syllable[0] == letter)

    def sounding(self, syllables: Syllables) -> list[int]:
        """The numbers of the terms that sound so, or nearly (see `fold`)."""
        folded = tuple(map(fold, syllables))
        key = folded[0], len(folded)
        of_key = self._sounds.get(key)
        if of_key is None:
            of_key = self._sounds[key] = self._alike(*key)
        return of_key.get(folded, [])

    def _alike(self, first: str, length: int) -> dict[Syllables, list[int]]:
        """The terms of so many characters that begin with a folded syllable, by their folded syllables."""
        found: dict[Syllables, list[int]] = defaultdict(list)
        for number in self.beginning(self._folded.get(first, ())):
            if len(self.terms[number]) != length:
                continue
            for reading in self.readings(number):
                of_sound = found[tuple(map(fold, reading))]
                if number not in of_sound[-1:]:
                    of_sound.append(number)
        return dict(found)

    def spelled(self, letters: str) -> list[int]:
        """The numbers of the terms whose pinyin these letters are, the most used first."""
        begun = self.beginning(letters[:end] for end in range(1, min(len(letters), _LONGEST_SYLLABLE) + 1))
        found = [
            number
            for number in begun
            if len(self.terms[number]) <= len(letters) <= _LONGEST_SYLLABLE * len(self.terms[number])
            and any("".join(reading) == letters for reading in self.readings(number))
        ]
        return sorted(found, key=lambda number: -self.uses[number])


def build_lexicon(view: View, pinyin: Pinyin | None = None, *, most: int = MOST_TERMS) -> Lexicon:
    """The words of a version."""
    kept = [use for use in view.vocabulary(most=most) if use.paragraphs >= LEAST_PARAGRAPHS]
    kept.sort(key=_TERM)
    if len(kept) > most:
        least = sorted(map(_USES, kept), reverse=True)[most - 1]
        room = most - sum(use.uses > least for use in kept)
        also = frozenset([use.term for use in kept if use.uses == least][:room])
        kept = [use for use in kept if use.uses > least or use.term in also]
    return Lexicon(list(map(_TERM, kept)), [use.paragraphs for use in kept], list(map(_USES, kept)), pinyin)
