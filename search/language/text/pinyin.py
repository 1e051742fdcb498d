"""How Chinese is read: toneless pinyin of words, in full and by initials.

A table, not a guess: each character's usual reading, and the words that read otherwise (data/pinyin.tsv). Where a
character has two everyday readings, both are given, because a person who types knows only the one that is right.
Nothing here decides which terms a text has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import product
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data" / "pinyin.tsv"

Syllables = tuple[str, ...]

_BOTH_WAYS = {
    "长": "chang zhang",
    "重": "zhong chong",
    "行": "xing hang",
    "乐": "le yue",
    "调": "diao tiao",
    "会": "hui kuai",
    "藏": "cang zang",
    "朝": "chao zhao",
    "降": "jiang xiang",
    "曾": "ceng zeng",
    "都": "du dou",
    "单": "dan shan",
    "传": "chuan zhuan",
    "参": "can shen",
    "给": "gei ji",
    "解": "jie xie",
    "率": "lv shuai",
    "省": "sheng xing",
    "校": "xiao jiao",
    "角": "jiao jue",
    "系": "xi ji",
    "差": "cha chai",
    "便": "bian pian",
    "卡": "ka qia",
    "厦": "xia sha",
    "六": "liu lu",
    "蚌": "beng bang",
    "番": "fan pan",
    "尉": "wei yu",
    "覃": "qin tan",
    "绿": "lv lu",
    "薄": "bo bao",
}
"""Characters with two everyday readings, and place names' own."""
_MOST_READINGS = 4
_FOLDED = (("zh", "z"), ("ch", "c"), ("sh", "s"))


@dataclass(frozen=True)
class Pinyin:
    """The table.

    Args:
        characters: a character to its usual syllable.
        words: a word to its syllables, where they aren't those of its characters.
        longest: a character to the length of the longest of these words that it begins.
    """

    characters: Mapping[str, str]
    words: Mapping[str, Syllables]
    longest: Mapping[str, int]

    @cached_property
    def _first_of_words(self) -> Mapping[str, frozenset[str]]:
        """A character to the syllables that words of the table begin with which begin with it."""
        found: dict[str, set[str]] = {}
        for word, syllables in self.words.items():
            found.setdefault(word[0], set()).add(syllables[0])
        return {char: frozenset(syllables) for char, syllables in found.items()}

    def first_syllables(self, char: str) -> frozenset[str]:
        """All syllables that a text may begin with, in any reading, which begins with a character.

        Example:
            >>> sorted(load_pinyin().first_syllables("长"))
            ['chang', 'zhang']
        """
        usual = self.characters.get(char)
        own = frozenset() if usual is None else frozenset((usual,))
        return own.union(_BOTH_WAYS.get(char, "").split(), self._first_of_words.get(char, ()))

    def read(self, text: str) -> Syllables | None:
        """The usual reading of a text of Han characters; None where one of them is not known.

        Example:
            >>> load_pinyin().read("重庆银行")
            ('chong', 'qing', 'yin', 'hang')
        """
        if not text:
            return None
        found = [self.characters.get(char) for char in text]
        if None in found:
            return None
        at = 0
        while at < len(text) - 1:
            longest = self.longest.get(text[at], 0)
            for end in range(min(len(text), at + longest), at + 1, -1):
                if text[at:end] in self.words:
                    found[at:end] = self.words[text[at:end]]
                    at = end - 1
                    break
            at += 1
        return tuple(syllable for syllable in found if syllable is not None)

    def readings(self, text: str) -> Iterator[Syllables]:
        """The usual reading, then those with other everyday readings of single characters, four at most.

        Example:
            >>> list(load_pinyin().readings("长治"))
            [('zhang', 'zhi'), ('chang', 'zhi')]
        """
        usual = self.read(text)
        if usual is None:
            return
        yield usual
        if _BOTH_WAYS.keys().isdisjoint(text):
            return
        options = [
            dict.fromkeys((syllable, *_BOTH_WAYS.get(char, "").split()))
            for char, syllable in zip(text, usual, strict=True)
        ]
        for number, reading in enumerate(product(*options)):
            if 0 < number < _MOST_READINGS:
                yield reading


@lru_cache(maxsize=4_096)
def fold(syllable: str) -> str:
    """A syllable as those say it who don't tell zh from z, ing from in, l from n: zhang and zan are one.

    Example:
        >>> fold("zheng"), fold("lin")
        ('zen', 'nin')
    """
    for heavy, light in _FOLDED:
        if syllable.startswith(heavy):
            syllable = light + syllable[2:]
    if syllable.startswith("l"):
        syllable = "n" + syllable[1:]
    return syllable[:-1] if syllable.endswith(("ang", "eng", "ing")) else syllable


@cache
def load_pinyin() -> Pinyin:
    """The table of data/pinyin.tsv, read once."""
    characters: dict[str, str] = {}
    words: dict[str, Syllables] = {}
    longest: dict[str, int] = {}
    for line in DATA.read_text(encoding="utf-8").splitlines():
        left, _, right = line.partition("\t")
        if line.startswith("#"):
            continue
        if left.isascii():
            characters.update(dict.fromkeys(right, left))
        else:
            words[left] = tuple(right.split(" "))
            longest[left[0]] = max(len(left), longest.get(left[0], 0))
    return Pinyin(characters, words, longest)
