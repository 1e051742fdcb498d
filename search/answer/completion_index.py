"""What can be suggested, by what it begins with: sorted lists and bisection, all that share a prefix are a slice.

prefix -> entries whose key it is, entries whose key begins so -> the most used of both
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from heapq import nlargest

from search.answer.completion_entries import Entry, Key, sounds
from search.answer.lexicon import Lexicon

_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class _Keys:
    """Keys, sorted, and the entry that each leads to."""

    keys: list[str]
    entries: array[int]

    def starting(self, prefix: str) -> array[int]:
        """The entries with a key that begins so, some of them twice."""
        return self.entries[bisect_left(self.keys, prefix) : bisect_left(self.keys, prefix + _LAST)]

    def equal(self, key: str) -> array[int]:
        """The entries with that key."""
        return self.entries[bisect_left(self.keys, key) : bisect_left(self.keys, key + "\0")]


def _sorted(pairs: list[tuple[str, int]]) -> _Keys:
    pairs.sort()
    return _Keys([key for key, _ in pairs], array("l", [number for _, number in pairs]))


def _best(
    groups: Iterable[Sequence[int]],
    count: int,
    weight: Callable[[int], float],
    text: Callable[[int], str],
) -> list[int]:
    """The most used entries of some groups, those of an earlier group first."""
    chosen: dict[int, None] = {}
    for group in groups:
        # An entry has a handful of keys, so that four times as many places hold enough different ones.
        among = nlargest(4 * count, group, key=weight) if len(group) > 4 * count else group
        for number in sorted(set(among), key=lambda of: (-weight(of), text(of))):
            chosen.setdefault(number)
        if len(chosen) >= count:
            break
    return list(chosen)[:count]


class CompletionIndex:
    """Entries of one kind, found by what they begin with."""

    def __init__(self, entries: Iterable[tuple[Entry, Sequence[Key]]]) -> None:
        self._entries: list[Entry] = []
        keys: dict[str, list[tuple[str, int]]] = {"characters": [], "pinyin": [], "initials": []}
        for number, (entry, of_entry) in enumerate(entries):
            self._entries.append(entry)
            for alphabet, key in of_entry:
                keys[alphabet].append((key, number))
        self._weights = array("d", [entry.weight for entry in self._entries])
        self._keys = {alphabet: _sorted(pairs) for alphabet, pairs in keys.items()}

    def by_characters(self, prefix: str, count: int) -> list[Entry]:
        """The most used entries with a key that begins so."""
        keys = self._keys["characters"]
        return self._take([keys.equal(prefix), keys.starting(prefix)], count)

    def by_pinyin(self, letters: str, count: int) -> list[Entry]:
        """The most used entries that are read so, in full or by initials; whole readings come before beginnings."""
        full, initials = self._keys["pinyin"], self._keys["initials"]
        whole = full.equal(letters) + initials.equal(letters)
        begun = full.starting(letters) + initials.starting(letters)
        return self._take([whole, begun], count)

    def _take(self, groups: Iterable[Sequence[int]], count: int) -> list[Entry]:
        entries = self._entries
        best = _best(groups, count, self._weights.__getitem__, lambda number: entries[number].text)
        return [entries[number] for number in best]


class TermIndex:
    """The collection's words, found as the entries of a `CompletionIndex` are.

    They are sorted already, and only those that begin with a letter which somebody types are read aloud: to read all
    of them is a second that nobody should wait.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._by_letter: dict[str, tuple[_Keys, _Keys]] = {}

    def by_characters(self, prefix: str, count: int) -> list[Entry]:
        """As `CompletionIndex.by_characters`."""
        whole = self._lexicon.find(prefix)
        return self._take([() if whole is None else (whole,), self._lexicon.starting(prefix)], count)

    def by_pinyin(self, letters: str, count: int) -> list[Entry]:
        """As `CompletionIndex.by_pinyin`; nothing without a letter."""
        if not letters:
            return []
        if letters[0] not in self._by_letter:
            self._by_letter[letters[0]] = self._read(letters[0])
        full, initials = self._by_letter[letters[0]]
        whole = full.equal(letters) + initials.equal(letters)
        begun = full.starting(letters) + initials.starting(letters)
        return self._take([whole, begun], count)

    def _read(self, letter: str) -> tuple[_Keys, _Keys]:
        """Whole readings and initials of the terms, those that begin with a letter."""
        keys: dict[str, list[tuple[str, int]]] = {"pinyin": [], "initials": []}
        for number in self._lexicon.beginning_with_letter(letter):
            for alphabet, key in sounds(self._lexicon.readings(number)):
                if key[0] == letter:
                    keys[alphabet].append((key, number))
        return _sorted(keys["pinyin"]), _sorted(keys["initials"])

    def _take(self, groups: Iterable[Sequence[int]], count: int) -> list[Entry]:
        best = _best(groups, count, self._weight, self._lexicon.terms.__getitem__)
        return [self._entry(number) for number in best]

    def _weight(self, number: int) -> float:
        """A long word that is used as much as a short one is the more useful completion."""
        lexicon = self._lexicon
        used = min(lexicon.uses[number], lexicon.paragraphs[number])
        return used * (1 + 0.25 * (len(lexicon.terms[number]) - 2))

    def _entry(self, number: int) -> Entry:
        lexicon = self._lexicon
        return Entry(lexicon.terms[number], "term", lexicon.paragraphs[number], self._weight(number))
