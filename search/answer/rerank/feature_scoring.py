"""Scores a paragraph by the features of a query.

text -> observe (which features occur, and where) -> score (what that is worth)

Observing needs the text and knows no parameters, scoring is arithmetic: so parameters can be tuned without reading a
text twice. `score_all` does both at once; compiled, in a fifth of the time.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from search.answer.rerank.paragraph_reader import ReadParagraph
from search.answer.rerank.query_features import CHARACTERS, WORDS, QueryFeatures
from search.compiled import load_compiled

_COMPILED = load_compiled("search.answer.rerank._judge")
_ENDS = "。!?;\n"
_SENTENCE_ENDS = re.compile(f"[{_ENDS}]")


@dataclass(frozen=True, slots=True)
class Observation:
    """What of the features parts a paragraph has; parts are told by their places in `QueryFeatures.parts`.

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
class FeatureScores:
    """What a paragraph has of what is features, part by part of its score."""

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


def observe(features: QueryFeatures, paragraph: ReadParagraph) -> Observation:
    """What of the features parts a paragraph has."""
    text = paragraph.text
    find, count = text.find, text.count
    found = []
    for number, term in enumerate(features.terms):
        first = find(term)
        if first >= 0:
            found.append((number, count(term, first), first))
    there = {number for number, _, _ in found}
    lifted, placed = [], []
    for number in features.words:
        part = features.features[number]
        if paragraph.place and f"\n{part.term}" in paragraph.place:
            placed.append(number)
        if number not in there:
            if part.forms and (times := sum(map(count, part.forms))):
                found.append((number, times, min(at for at in map(find, part.forms) if at >= 0)))
            elif part.term in paragraph.above:
                lifted.append(number)
    return Observation(
        length=len(text),
        found=tuple(found),
        above=tuple(lifted),
        place=tuple(placed),
        sentences=_sentences(features, text, found),
        runs=tuple(length for asked in features.texts for length in _runs(asked, text)),
        is_frame=paragraph.is_frame,
    )


def _sentences(
    features: QueryFeatures, text: str, found: Sequence[tuple[int, int, int]]
) -> tuple[tuple[int, ...], ...]:
    """The parts of each sentence that has any. Goes from hit to hit: a part costs as much as sentences have it."""
    ends = [at.start() for at in _SENTENCE_ENDS.finditer(text)]
    ends.append(len(text))
    said: list[list[int]] = [[] for _ in ends]
    find = text.find
    for number, _, first in found:
        part, at = features.features[number], first
        for form in (part.term, *part.forms) if part.forms else (part.term,):
            if part.forms:
                at = find(form)
            while at >= 0:
                sentence = bisect_left(ends, at)
                if not said[sentence] or said[sentence][-1] != number:
                    said[sentence].append(number)
                # A form may begin with what ends sentences, and would then be found there for ever.
                at = find(form, max(at + 1, ends[sentence]))
    return tuple(tuple(of_sentence) for of_sentence in said if of_sentence)


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


def score(features: QueryFeatures, seen: Observation, average: float) -> FeatureScores:
    """How well a paragraph answers what is features.

    Sums are made one by one: from Python 3.12 on `sum` rounds otherwise than `_judge.pyx`.

    Args:
        average: the mean length of the collection's paragraphs.
    """
    p, parts = features.parameters, features.features
    norm = p.k1 * (1 - p.b + p.b * seen.length / average)
    words = pairs = characters = there = opening = best = runs = lifted = placed = 0.0
    in_sentence: dict[int, float] = {}
    for number, times, first in seen.found:
        part = parts[number]
        weight = in_sentence[number] = part.weight
        value = weight * times * (p.k1 + 1) / (times + norm)
        there += weight
        if first < p.opening_chars:
            opening += weight * (1 - first / p.opening_chars)
        if part.kind in WORDS:
            words += value
        elif part.kind in CHARACTERS:
            characters += value
            in_sentence[number] *= p.sentence_character
        else:
            pairs += value
    for place, said in enumerate(seen.sentences):
        together = 0.0
        for number in said:
            together += in_sentence[number]
        best = max(best, together) if place else together
    for length in seen.runs:
        runs += length**p.run_power
    for number in seen.above:
        lifted += parts[number].weight
    for number in seen.place:
        placed += parts[number].weight
    judged = FeatureScores(
        words=words,
        pairs=pairs,
        characters=characters,
        sentence=p.sentence * best,
        opening=p.opening * opening,
        runs=p.run * runs,
        above=p.above * lifted,
        place=p.place * placed,
        frame=0.0,
        there=there + lifted,
    )
    return replace(judged, frame=-p.frame * judged.score) if seen.is_frame else judged


def score_all(
    features: QueryFeatures, paragraphs: Sequence[ReadParagraph], average: float
) -> list[tuple[float, float]]:
    """The score of each paragraph, and what the parts weigh that are there at all; as `judge` has them."""
    if _COMPILED is None:
        judged = [score(features, observe(features, paragraph), average) for paragraph in paragraphs]
        return [(each.score, each.there) for each in judged]
    weigh = _compiled(features).judge
    return [weigh(each.text, each.above, each.place, each.is_frame, average) for each in paragraphs]


def _compiled(features: QueryFeatures) -> Any:
    """What is features, as `search.embedded.kernel` takes it."""
    p = features.parameters
    parts = []
    for part in features.features:
        is_character = part.kind in CHARACTERS
        kind = 0 if part.kind in WORDS else 1 if is_character else 2
        in_sentence = part.weight * p.sentence_character if is_character else part.weight
        parts.append((part.term, part.forms, kind, part.weight, in_sentence))
    longest = max(map(len, features.texts), default=0)
    worth = [length**p.run_power for length in range(longest + 1)]
    weights = (p.k1, p.b, p.sentence, p.opening, p.opening_chars, p.run, p.above, p.place, p.frame)
    assert _COMPILED is not None, "asked for by its callers"
    return _COMPILED.Judge(parts, features.texts, worth, _ENDS, *weights)
