"""Holds a paragraph against what is wanted.

text -> observe (what of it is there, and where) -> judge (what that is worth)

Observing needs the text and knows no parameters; judging is arithmetic. So parameters can be tuned without reading
a text twice.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.engine.reading import Passage
from search.engine.wanted import CHARACTERS, WORDS, Wanted

_SENTENCE_ENDS = re.compile(r"[。!?;\n]")


@dataclass(frozen=True, slots=True)
class Observation:
    """What of the wanted parts a paragraph has; parts are told by their places in `Wanted.parts`.

    Args:
        length: of the text, in characters.
        found: (part, how often, where first).
        above: the words that are not in the text but above it.
        place: the words that the report's city or province begins with.
        sentences: the parts of each sentence that has any.
        runs: the lengths of the strings in common, two characters or more.
    """

    length: int
    found: tuple[tuple[int, int, int], ...]
    above: tuple[int, ...]
    place: tuple[int, ...]
    sentences: tuple[tuple[int, ...], ...]
    runs: tuple[int, ...]
    is_frame: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """What a paragraph has of what is wanted, part by part of its score."""

    words: float
    pairs: float
    characters: float
    sentence: float
    opening: float
    runs: float
    above: float
    place: float
    frame: float
    """What a title, session or date line loses: not above 0."""
    there: float
    """What the parts weigh that are there at all; no part of the score."""

    @property
    def score(self) -> float:
        found = self.words + self.pairs + self.characters + self.sentence + self.opening + self.runs
        return found + self.above + self.place + self.frame


def observe(wanted: Wanted, passage: Passage) -> Observation:
    """What of the wanted parts a paragraph has."""
    text, above, place = passage.text, passage.above, passage.place
    found, lifted, placed = [], [], []
    for number, part in enumerate(wanted.parts):
        is_word = part.kind in WORDS
        if is_word and place and f"\n{part.term}" in place:
            placed.append(number)
        first = text.find(part.term)
        if first >= 0:
            found.append((number, text.count(part.term, first), first))
        elif part.forms and (times := sum(map(text.count, part.forms))):
            found.append((number, times, min(at for at in map(text.find, part.forms) if at >= 0)))
        elif is_word and above and part.term in above:
            lifted.append(number)
    return Observation(
        length=len(text),
        found=tuple(found),
        above=tuple(lifted),
        place=tuple(placed),
        sentences=_sentences(wanted, text, found),
        runs=tuple(length for asked in wanted.texts for length in _runs(asked, text)),
        is_frame=passage.is_frame,
    )


def _sentences(
    wanted: Wanted, text: str, found: Sequence[tuple[int, int, int]]
) -> tuple[tuple[int, ...], ...]:
    """The parts of each sentence that has any. Goes from hit to hit: a part costs as much as sentences have it."""
    ends = [at.start() for at in _SENTENCE_ENDS.finditer(text)]
    ends.append(len(text))
    said: dict[int, list[int]] = {}
    for number, _, first in found:
        part = wanted.parts[number]
        for form in (part.term, *part.forms):
            at = first if form is part.term and not part.forms else text.find(form)
            while at >= 0:
                sentence = bisect_left(ends, at)
                of_sentence = said.setdefault(sentence, [])
                if not of_sentence or of_sentence[-1] != number:
                    of_sentence.append(number)
                at = text.find(form, ends[sentence])
    return tuple(map(tuple, said.values()))


def _runs(asked: str, text: str) -> list[int]:
    """Strings of two characters or more of the query that stand in the text, the longest from left to right."""
    runs = []
    start = 0
    while start < len(asked) - 1:
        end = start
        while end < len(asked) and asked[start : end + 1] in text:
            end += 1
        if end - start >= 2:
            runs.append(end - start)
            start = end
        else:
            start += 1
    return runs


def judge(wanted: Wanted, seen: Observation, average: float) -> Judged:
    """How well a paragraph answers what is wanted.

    Args:
        average: the mean length of the collection's paragraphs.
    """
    p = wanted.parameters
    norm = p.k1 * (1 - p.b + p.b * seen.length / average)
    words = pairs = characters = there = opening = 0.0
    in_sentence: dict[int, float] = {}
    for number, times, first in seen.found:
        part = wanted.parts[number]
        weight = in_sentence[number] = part.weight
        value = weight * times * (p.k1 + 1) / (times + norm)
        there += weight
        if first < p.opening_chars:
            opening += weight
        if part.kind in WORDS:
            words += value
        elif part.kind in CHARACTERS:
            characters += value
            in_sentence[number] *= p.sentence_character
        else:
            pairs += value
    best = max((sum(in_sentence[number] for number in said) for said in seen.sentences), default=0.0)
    judged = Judged(
        words=words,
        pairs=pairs,
        characters=characters,
        sentence=p.sentence * best,
        opening=p.opening * opening,
        runs=p.run * sum(length**p.run_power for length in seen.runs),
        above=p.above * sum(wanted.parts[number].weight for number in seen.above),
        place=p.place * sum(wanted.parts[number].weight for number in seen.place),
        frame=0.0,
        there=there + sum(wanted.parts[number].weight for number in seen.above),
    )
    return replace(judged, frame=-p.frame * judged.score) if seen.is_frame else judged
