"""What a query of plain words wants, each part with its weight: how partial matches are judged.

chunks -> words of the precise cut | pairs of neighbouring characters | single characters

Pairs catch what the cut divides otherwise (and names that it doesn't know), characters the abbreviations of news and
administration (市政协 for 市人民政协). A word or number weighs its inverse document frequency to a power.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

from search.engine.scoring import Scorer
from search.query.tree import And, Chunk, Everything, Node, all_of
from search.text import Analyzer, normalize_text

Kind = Literal["word", "pair", "character"]


@dataclass(frozen=True, slots=True)
class Parameters:
    """What the parts of a partial match's score are worth; docs/ranking.md has the measurements.

    Args:
        k1, b: of BM25 over words, pairs and characters.
        pair, character, number: weights beside a word's 1; `function_pair` is a pair with a function word's character.
        power: of the inverse document frequency.
        sentence: what stands together in the best sentence.
        opening: what stands at the paragraph's beginning, `tiers.OPENING_CHARS` of it.
        run: of common strings, each its length to the power `run_power`.
        above: what is not in the text but in a heading above or the report's title.
    """

    k1: float = 0.8
    b: float = 0.75
    pair: float = 0.5
    character: float = 1.1
    number: float = 2.0
    function_pair: float = 0.0
    power: float = 1.2
    sentence: float = 0.5
    opening: float = 0.5
    run: float = 1.0
    run_power: float = 1.5
    above: float = 1.0


TOPIC = Parameters()
"""For what reads like a heading or a sentence: a paragraph that is about it says so at its beginning."""
QUESTION = Parameters(k1=1.2, b=0.6, pair=1.0, sentence=0.7, opening=0.1, run=3.0)
"""For questions: what answers one may stand anywhere, in words near to the question's own."""
_SEPARATORS = re.compile(r"[\W_]+")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_QUESTION = re.compile(r"[?？吗呢]\s*$|什么|哪|谁|多少|怎么|怎样|如何|何时|何地|何人|为何|是否|有没有")
_SENTENCE_WORDS = 5
_UNSEEN_PAIR = 0.85
"""A pair that is no word of the dictionary is taken to be at most so rare, as a share of the rarest."""


@dataclass(frozen=True, slots=True)
class Part:
    """Something wanted: `term` in normal form; `weight` is what finding it is worth."""

    term: str
    kind: Kind
    weight: float


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a query wants. `seeds` are terms of the index that candidates come from, with weights.

    `is_divisible` where there is more than one word or name, so that a part of it is worth showing.
    """

    texts: tuple[str, ...]
    parts: tuple[Part, ...]
    seeds: tuple[tuple[str, float], ...]
    is_divisible: bool
    is_sentence: bool
    parameters: Parameters

    @property
    def best(self) -> float:
        """What finding everything is worth."""
        return sum(part.weight for part in self.parts)


@cache
def function_words() -> frozenset[str]:
    """Question words and grammatical words, from data/function_words.txt."""
    lines = (Path(__file__).parent / "data" / "function_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def divide(tree: Node) -> tuple[tuple[str, ...], Node]:
    """A query's plain chunks, of which some may be missing, and the rest, which has to hold.

    No chunks: nothing of the query may be missing.
    """
    children = tree.children if isinstance(tree, And) else (tree,)
    chunks = tuple(child.text for child in children if isinstance(child, Chunk))
    rest = [child for child in children if not isinstance(child, Chunk)]
    return chunks, all_of(rest) if rest else Everything()


def weigh(
    chunks: Sequence[str],
    analyzer: Analyzer,
    scorer: Scorer,
    *,
    topic: Parameters = TOPIC,
    question: Parameters = QUESTION,
) -> Wanted:
    """The parts of some chunks with their weights; a part that nothing has weighs nothing."""
    texts = tuple(normalize_text(chunk) for chunk in chunks)
    is_question = any(_QUESTION.search(text) for text in texts)
    parameters = question if is_question else topic
    quiet = function_words()
    weights: dict[tuple[Kind, str], float] = {}
    seeds: dict[str, float] = {}
    words = 0
    cap = scorer.rarest * _UNSEEN_PAIR

    def add(kind: Kind, term: str, idf: float, share: float) -> None:
        if idf > 0 and share > 0:
            weights[kind, term] = share * idf**parameters.power

    for text in texts:
        tokens = [token for token in analyzer.index_terms(text) if not _SEPARATORS.fullmatch(token[0])]
        aligned = {term for term, _, _, is_aligned in tokens if is_aligned}
        words += len(aligned - quiet)
        characters: dict[str, float] = {}
        for term, _, length, is_aligned in tokens:
            idf = scorer.weight_of("text", term)
            if length == 1 and _HAN.match(term):
                characters[term] = idf
                add("character", term, idf, 0 if term in quiet else parameters.character)
                if is_aligned and term not in quiet and idf > 0:
                    seeds[term] = 1.0 if idf >= _SEED_CHARACTER else 0.5
                continue
            if is_aligned:
                number = term[0].isascii()
                add("word", term, idf, 0 if term in quiet else parameters.number if number else 1.0)
            if idf > 0 and term not in quiet:
                seeds[term] = max(seeds.get(term, 0.0), 1.0 if is_aligned else 0.5)
        for first, second in pairwise(text):
            pair = first + second
            if first in characters and second in characters and pair not in aligned:
                known = scorer.weight_of("text", pair)
                quieter = parameters.function_pair if first in quiet or second in quiet else 1.0
                idf = known or min(cap, characters[first] + characters[second])
                add("pair", pair, idf, parameters.pair * quieter)
    parts = tuple(Part(term, kind, weight) for (kind, term), weight in weights.items())
    units = sum(len(analyzer.query_units(text)) for text in texts)
    is_sentence = is_question or words >= _SENTENCE_WORDS
    return Wanted(texts, parts, tuple(seeds.items()), units > 1, is_sentence, parameters)


_SEED_CHARACTER = 3.0
"""A single character brings candidates like a word where its inverse document frequency is at least so much."""
