"""The questions, in classes, taken from the text itself: the same ones for every size and peer, and on every run.

Words are dictionary words of two characters or more that both our analyzer and jieba keep whole; those with synonyms
are left out (ours would look for more than was typed), and so are parts of place names (ours finds those in titles).

A name is typed as one chunk. New names are two neighbouring words that keep company far oftener than chance has it and
that no dictionary has together (夜经济); loose ones stand in the text with quotation marks inside (“双减”政策, typed
without them).
Ours answers a name by its tiers. A peer is asked twice, for the phrase and for all words; both are in the tables.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import rjieba

from benchmarks.corpus import Paragraph, city_names
from benchmarks.peers.protocol import Question
from benchmarks.peers.words import to_words
from search.language.synonyms import load_synonyms
from search.language.text import load_analyzer

SAMPLE_PARAGRAPHS = 10_000
RARE, COMMON, VERY_COMMON = "rare word", "common word", "very common word"
EXACT, ONE_CHARACTER = "exact string", "one character"
NEW_NAME, LOOSE_NAME = "new name", "loose name"
AS_PHRASE, AS_WORDS = "peers: phrase", "peers: all words"
_SHARES = {RARE: (0.0002, 0.001), COMMON: (0.005, 0.03), VERY_COMMON: (0.06, 1.0)}
"""The share of the sample's paragraphs that have the word."""
_IN_COMPANY = (0.002, 0.2)
_EXACT_CHARS = range(4, 13)
_NAMED = (0.0003, 0.03)
"""The share of the sample's paragraphs that have a new name."""
_COMPANY = 20
"""A new name is so many times as frequent as its words would be side by side by chance."""
_QUOTED_NAME = re.compile(r"[“《]([\u4e00-\u9fff]{2,5})[”》]([\u4e00-\u9fff]{2})")
_T = TypeVar("_T")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_CLAUSE = re.compile(r"[\u4e00-\u9fff]{8,}")


@dataclass(frozen=True, slots=True)
class _Sample:
    """A part of the corpus: each paragraph with the words that may be asked for, and how many have each."""

    paragraphs: Sequence[Paragraph]
    words: list[list[str]]
    counts: Counter[str]

    def between(self, shares: tuple[float, float]) -> list[str]:
        """Words by how many paragraphs have them, the most first."""
        low, high = (share * len(self.paragraphs) for share in shares)
        return [word for word, count in _ranked(self.counts) if max(low, 2) <= count <= high]


def make_questions(paragraphs: Sequence[Paragraph], *, per_class: int = 15) -> dict[str, list[Question]]:
    """Questions by class; a class is shorter where the text has no more, and left out where it has none.

    Args:
        paragraphs: the first `SAMPLE_PARAGRAPHS` of the corpus, or fewer.
    """
    sample = _take_sample(paragraphs)
    classes: dict[str, list[Question]] = {}
    for name, shares in _SHARES.items():
        classes[name] = [Question((word,)) for word in _spread(sample.between(shares), per_class)]
    for size in (2, 3, 4):
        classes[f"{size} words"] = _in_company(sample, size, per_class)
    classes[EXACT] = _strings(paragraphs, per_class)
    common = sample.between((_SHARES[COMMON][0], 1.0))
    for name, names in ((NEW_NAME, _new_names(sample)), (LOOSE_NAME, _loose_names(paragraphs))):
        chosen = _spread(names, per_class)
        classes[f"{name}, {AS_PHRASE}"] = [Question((n,), exact=True, typed=n) for n in chosen]
        classes[f"{name}, {AS_WORDS}"] = [Question(tuple(to_words(n).split()), typed=n) for n in chosen]
    classes["word in a city"] = _narrowed(sample, _spread(common, per_class), city=True)
    classes["word in a year"] = _narrowed(sample, _spread(common, per_class), year=True)
    classes["word in a city and year"] = _narrowed(sample, _spread(common, per_class), city=True, year=True)
    characters = Counter(c for paragraph in paragraphs for c in set("".join(_HAN.findall(paragraph.text))))
    known = [character for character, count in _ranked(characters) if count >= 2]
    classes[ONE_CHARACTER] = [Question((character,)) for character in _spread(known, per_class)]
    return {name: questions for name, questions in classes.items() if questions}


def _take_sample(paragraphs: Sequence[Paragraph]) -> _Sample:
    found = [{word for word in to_words(p.text).split() if len(word) > 1} for p in paragraphs]
    counts = Counter(word for words in found for word in words)
    analyzer, synonyms = load_analyzer(), load_synonyms()
    places = "\n".join({*city_names(), *(paragraph.city for paragraph in paragraphs)})

    def is_plain(word: str) -> bool:
        if not _HAN.fullmatch(word) or word in places or next(synonyms.find(word), None) is not None:
            return False
        return [token.term for token in analyzer.query_tokens(word)] == [word]

    plain = {word for word in counts if is_plain(word)}
    kept = Counter({word: counts[word] for word in plain})
    return _Sample(paragraphs, [sorted(words & plain) for words in found], kept)


def _in_company(sample: _Sample, size: int, number: int) -> list[Question]:
    """Words that stand together in a paragraph, so that there is something to find."""
    usual = set(sample.between(_IN_COMPANY))
    groups = ([word for word in words if word in usual] for words in sample.words)
    rich = dict.fromkeys(tuple(_spread(words, size)) for words in groups if len(words) >= size)
    return [Question(words) for words in _spread(list(rich), number)]


def _strings(paragraphs: Sequence[Paragraph], number: int) -> list[Question]:
    """Strings of several words that begin and end with a word, of 4 to 12 characters."""
    clauses = [clause for p in paragraphs for clause in _CLAUSE.findall(p.text)]
    found = []
    for at, clause in enumerate(_spread(clauses, number * 2)):
        string = ""
        for word in rjieba.cut(clause)[1:]:
            string += word
            if len(string) >= _EXACT_CHARS[0] + at % 5:
                break
        if len(string) in _EXACT_CHARS:
            found.append(Question((string,), exact=True))
    return list(dict.fromkeys(found))[:number]


def _new_names(sample: _Sample) -> list[str]:
    """Two neighbouring words that belong together and that no dictionary has as one, the most frequent first."""
    low, high = (share * len(sample.paragraphs) for share in _NAMED)
    words: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for paragraph in sample.paragraphs:
        cut = [rjieba.cut(run) for run in _HAN.findall(paragraph.text)]
        words.update({word for run in cut for word in run})
        pairs.update({pair for run in cut for pair in pairwise(run)})
    by_chance = {pair: words[pair[0]] * words[pair[1]] / max(len(sample.paragraphs), 1) for pair in pairs}
    return [
        "".join(pair)
        for pair, count in _ranked(pairs)
        if max(low, 2) <= count <= high
        and count > _COMPANY * by_chance[pair]
        and all(len(word) <= 2 for word in pair)
        and any(len(word) > 1 for word in pair)
    ]


def _loose_names(paragraphs: Sequence[Paragraph]) -> list[str]:
    """What stands with marks inside and is typed without them, the most frequent first; rare ones are left out."""
    found = Counter(name for p in paragraphs for name in {a + b for a, b in _QUOTED_NAME.findall(p.text)})
    return [name for name, count in _ranked(found) if count > 1]


def _narrowed(sample: _Sample, words: list[str], *, city: bool = False, year: bool = False) -> list[Question]:
    """Each word with the place, year or both that have it most."""
    wanted = set(words)
    places: dict[str, Counter[tuple[str | None, int | None]]] = {word: Counter() for word in words}
    for paragraph, found in zip(sample.paragraphs, sample.words, strict=True):
        if not year or paragraph.year is not None:
            for word in wanted.intersection(found):
                places[word][(paragraph.city if city else None, paragraph.year if year else None)] += 1
    best = {word: _ranked(counted)[0][0] for word, counted in places.items() if counted}
    return [Question((word,), city=at[0], year=at[1]) for word, at in best.items()]


def _ranked(counts: Counter[_T]) -> list[tuple[_T, int]]:
    """The most frequent first, ties in a fixed order."""
    return sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))


def _spread(items: Sequence[_T], number: int) -> list[_T]:
    """At most `number` of the items, evenly over all of them."""
    if len(items) <= number:
        return list(items)
    return [items[(2 * at + 1) * len(items) // (2 * number)] for at in range(number)]
