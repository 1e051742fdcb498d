"""The features of a query of plain words, each with its weight: what reranking scores paragraphs by.

chunks and quoted strings -> words of the precise cut | names | pairs of neighbouring characters | single characters

Pairs match words that are segmented differently, names words that no dictionary has, characters the abbreviations of
news and administration (市政协 for 市人民政协). A feature weighs its inverse document frequency to a power. Question
words (哪一年) and grammatical words (的, 以及) weigh nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import Literal

from search.answer.version_data import TermWeights, VersionData
from search.language.query.tree import And, Chunk, Everything, Exact, Node, all_of
from search.language.synonyms import Synonyms
from search.language.text import Analyzer, normalize_text

Kind = Literal[
    "word", "number", "name", "pair", "inner_pair", "function_pair", "character", "inner_character"
]

WORDS: frozenset[Kind] = frozenset(("word", "number", "name"))
CHARACTERS: frozenset[Kind] = frozenset(("character", "inner_character"))


@dataclass(frozen=True, slots=True)
class Parameters:
    """What the parts of a judgement are worth; docs/ranking.md has the measurements.

    Args:
        k1, b: of BM25 over words, pairs and characters.
        number, name, pair, inner_pair, function_pair, character, inner_character: weights beside a word's 1. An inner
            pair or character is within a word of the cut; a function pair has one character of a function word.
        power: of the inverse document frequency.
        sentence: what stands together in the best sentence; characters count `sentence_character` of it.
        opening: what stands at the paragraph's beginning: all of it at once, nothing from `opening_chars` on.
        run: of common strings, each its length to the power `run_power`.
        above: what is not in the text but in a heading above, in the report's title, or is its year.
        place: what the report's city or province is called, whether the text says it or not.
        frame: the share that a title, a session or date line and the like lose.
    """

    k1: float = 0.8
    b: float = 0.9
    number: float = 2.0
    name: float = 1.0
    pair: float = 0.5
    inner_pair: float = 0.25
    function_pair: float = 0.25
    character: float = 1.1
    inner_character: float = 1.1
    power: float = 1.0
    sentence: float = 0.5
    sentence_character: float = 0.5
    opening: float = 0.7
    opening_chars: int = 200
    run: float = 1.5
    run_power: float = 1.5
    above: float = 2.0
    place: float = 3.0
    frame: float = 0.5

    def weight(self, kind: Kind, idf: float) -> float:
        """What finding a part of this kind is worth."""
        share: float = 1.0 if kind == "word" else getattr(self, kind)
        return share * math.pow(idf, self.power)


TOPIC = Parameters()
"""For what reads like a heading or a sentence: a paragraph that is about it says so at its beginning."""
QUESTION = Parameters(
    k1=0.5,
    b=0.6,
    name=1.5,
    pair=1.5,
    inner_character=0.8,
    power=1.4,
    sentence=1.0,
    sentence_character=1.0,
    opening=0.2,
    run=3.0,
)
"""For questions: what answers one may stand anywhere, in words near to the question's own."""
_SEPARATORS = re.compile(r"[\W_]+")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_QUESTION = re.compile(r"[?？吗呢]\s*$|什么|哪|谁|多少|怎么|怎样|如何|何时|何地|何人|何年|为何|是否|有没有")
_COUNTED = (
    "个位种年次部座所家国人些里儿项条只支本场届天类样间款名省市城州县区村岁代任级号段句篇首张件份处日月时点层"
)
_ASKING = re.compile(
    rf"什么样?|哪一?[{_COUNTED}]?|何[年时地人处种故方物国省州日月]|为何|几[{_COUNTED}]|多少|多[久长大高远重深]"
    r"|谁|怎么样?|怎样|如何|是否|有没有|是不是|吗|呢"
)
"""What only asks, and what it counts (哪一年): the answer has something else in its place."""
_SENTENCE_WORDS = 5
_QUESTION_WORDS = 3
"""What asks with fewer words (如何发展) doesn't read like a sentence."""
_LONGEST_NAME = 4
_UNSEEN = 0.85
"""A pair or name that is no word of the dictionary is taken to be at most so rare, as a share of the rarest."""
_SEED_CHARACTER = 3.0
"""A single character brings candidates like a word where its inverse document frequency is at least so much."""


@dataclass(frozen=True, slots=True)
class Feature:
    """`term` in normal form; `weight` is what finding it, or one of its other `forms`, is worth."""

    term: str
    kind: Kind
    idf: float
    weight: float
    forms: tuple[str, ...] = ()


@dataclass(frozen=True)
class QueryFeatures:
    """The features of a query. `seeds` are terms of the index that candidates come from, with weights.

    `is_divisible`: it has more than one word or name, so that a part of it is worth showing. `is_sentence`: it reads
    like a sentence or a question.
    """

    texts: tuple[str, ...]
    features: tuple[Feature, ...]
    seeds: tuple[tuple[str, float], ...]
    is_divisible: bool
    is_sentence: bool
    parameters: Parameters

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """The features' terms."""
        return tuple(feature.term for feature in self.features)

    @cached_property
    def words(self) -> tuple[int, ...]:
        """The places of the features that are words, numbers or names."""
        return tuple(number for number, feature in enumerate(self.features) if feature.kind in WORDS)

    def weighed(self, parameters: Parameters) -> QueryFeatures:
        """The same features in the same places, weighed by other parameters."""
        features = (replace(of, weight=parameters.weight(of.kind, of.idf)) for of in self.features)
        return replace(self, features=tuple(features), parameters=parameters)


@cache
def function_words() -> frozenset[str]:
    """Question words and grammatical words, from data/function_words.txt."""
    lines = (Path(__file__).parent / "data" / "function_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def split_tree(tree: Node) -> tuple[tuple[str, ...], tuple[str, ...], Node]:
    """A query's plain chunks, of which some may be missing; its quoted strings; and the rest, which has to hold.

    Quoted strings are part of the rest too: they have to hold, and what has more of them is no worse for it. No chunks:
    nothing of the query may be missing.
    """
    children = tree.children if isinstance(tree, And) else (tree,)
    chunks = tuple(child.text for child in children if isinstance(child, Chunk))
    quoted = tuple(child.text for child in children if isinstance(child, Exact))
    rest = [child for child in children if not isinstance(child, Chunk)]
    return chunks, quoted, all_of(rest) if rest else Everything()


def extract_features(
    chunks: Sequence[str],
    quoted: Sequence[str],
    data: VersionData,
    synonyms: Synonyms | None = None,
    *,
    topic: Parameters = TOPIC,
    question: Parameters = QUESTION,
) -> QueryFeatures:
    """The features of chunks and quoted strings with their weights; those that no paragraph has are left out."""
    plain = [normalize_text(chunk) for chunk in chunks]
    texts = [*plain, *map(normalize_text, quoted)]
    is_question = any(_QUESTION.search(text) for text in plain)
    parameters = question if is_question else topic
    analyzer = data.language.analyzer
    of_texts = data.weights.look_up(terms_of(texts, analyzer))
    gathered = _Gathered(data.weights, of_texts, data.place_lines)
    words = 0
    for number, text in enumerate(texts):
        said = gathered.add(text, analyzer)
        words += said if number < len(plain) else 0
    forms: dict[str, tuple[str, ...]] = {}
    for match in (match for text in texts if synonyms is not None for match in synonyms.find(text)):
        others = map(normalize_text, match.others)
        forms[match.form] = tuple(other for other in others if match.form not in other)
    features = (
        Feature(term, kind, idf, parameters.weight(kind, idf), forms.get(term, ()))
        for (kind, term), idf in gathered.features.items()
    )
    return QueryFeatures(
        texts=tuple(texts),
        features=tuple(feature for feature in features if feature.weight > 0),
        seeds=tuple(gathered.seeds.items()),
        is_divisible=_has_several_units(texts, analyzer),
        is_sentence=is_question or words >= _SENTENCE_WORDS,
        parameters=parameters,
    )


def _has_several_units(texts: Iterable[str], analyzer: Analyzer) -> bool:
    units = 0
    for text in texts:
        units += len(analyzer.query_units(text))
        if units > 1:
            return True
    return False


def reads_like_sentence(chunks: Sequence[str], analyzer: Analyzer) -> bool:
    """Whether chunks together are a sentence, a headline or a question rather than a few words.

    Example:
        >>> from search.language.text import load_analyzer
        >>> [reads_like_sentence([text], load_analyzer()) for text in ("如何发展", "四平市的提案办得怎么样")]
        [False, True]
    """
    tokens = [token for chunk in chunks for token in analyzer.query_tokens(chunk)]
    if len(tokens) < _QUESTION_WORDS:
        return False
    asks = any(_QUESTION.search(normalize_text(chunk)) for chunk in chunks)
    said = {token.term for token in tokens if not _SEPARATORS.fullmatch(token.term)}
    return len(said - function_words()) >= (_QUESTION_WORDS if asks else _SENTENCE_WORDS)


@dataclass(slots=True)
class _Gathered:
    """Features by kind and term with their inverse document frequency, and seeds.

    Args:
        of_texts: what the terms of the texts weigh, by ("text", term).
    """

    weights: TermWeights
    of_texts: Mapping[tuple[str, str], float]
    place_lines: str
    features: dict[tuple[Kind, str], float] = field(default_factory=dict)
    seeds: dict[str, float] = field(default_factory=dict)

    def _add(self, kind: Kind, term: str, idf: float) -> None:
        if idf > 0:
            self.features[kind, term] = idf

    def add(self, text: str, analyzer: Analyzer) -> int:
        """Take in a text in normal form; gives the number of its content words."""
        tokens = [
            (token.term, token.start, token.start + token.length)
            for token in analyzer.query_tokens(text)
            if not _SEPARATORS.fullmatch(token.term)
        ]
        quiet = _quiet_places(text, tokens)
        within = {at for _, start, end in tokens if end - start > 1 for at in range(start, end - 1)}
        """Places whose character and the next are of one word."""
        words = {term for term, start, end in tokens if not quiet.issuperset(range(start, end))}
        characters: dict[int, float] = {}
        for term, start, end in tokens:
            if _HAN.match(term):
                characters.update(self._add_characters(text, range(start, end), quiet))
            if end - start == 1 and start in characters:
                if start not in quiet and characters[start] > 0:
                    self.seeds[term] = 1.0 if characters[start] >= _SEED_CHARACTER else 0.5
            elif term in words:
                idf = self.of_texts["text", term] or self._elsewhere(term)
                self._add("number" if term[0].isascii() else "word", term, idf)
                if idf > 0:
                    self.seeds[term] = 1.0
        self._add_names(text, tokens, quiet, characters)
        self._add_pairs(text, words, quiet, within, characters)
        return len(words)

    def _add_characters(self, text: str, word: range, quiet: set[int]) -> dict[int, float]:
        """The characters of a word; gives how rare each is, by its place."""
        kind: Kind = "inner_character" if len(word) > 1 else "character"
        rarity = {at: self.of_texts["text", text[at]] for at in word}
        for at in word:
            if at not in quiet:
                self._add(kind, text[at], rarity[at])
        return rarity

    def _elsewhere(self, term: str) -> float:
        """How rare a word is that no text has but a title, a heading or the name of a place."""
        above = max(self.weights.weight_of("title", term), self.weights.weight_of("heading", term))
        return above or (self.weights.rarest / 2 if f"\n{term}" in self.place_lines else 0.0)

    def _unseen(self, characters: Iterable[float]) -> float:
        """How rare a string of characters is taken to be that the dictionary doesn't have."""
        each = list(characters)
        return min(self.weights.rarest * _UNSEEN, sum(each)) if all(each) else 0.0

    def _add_names(
        self, text: str, tokens: Sequence[tuple[str, int, int]], quiet: set[int], characters: dict[int, float]
    ) -> None:
        """Neighbouring single characters that say something: 侯川."""
        single = {start for _, start, end in tokens if end - start == 1 and start in characters} - quiet
        for start, end in _runs_of(single):
            if 2 <= end - start <= _LONGEST_NAME:
                self._add("name", text[start:end], self._unseen(characters[at] for at in range(start, end)))

    def _add_pairs(
        self, text: str, words: set[str], quiet: set[int], within: set[int], characters: dict[int, float]
    ) -> None:
        for at, (first, second) in enumerate(pairwise(text)):
            pair = first + second
            quiet_ends = (at in quiet) + (at + 1 in quiet)
            if at not in characters or at + 1 not in characters or pair in words or quiet_ends == 2:
                continue
            idf = self.of_texts["text", pair] or self._unseen((characters[at], characters[at + 1]))
            self._add("function_pair" if quiet_ends else "inner_pair" if at in within else "pair", pair, idf)


def terms_of(texts: Iterable[str], analyzer: Analyzer) -> Iterator[tuple[str, str]]:
    """The terms whose weights the features of texts may need: words, characters and pairs."""
    for text in texts:
        yield from (("text", token.term) for token in analyzer.query_tokens(text))
        yield from (("text", character) for character in text)
        yield from (("text", first + second) for first, second in pairwise(text))


def _quiet_places(text: str, tokens: Sequence[tuple[str, int, int]]) -> set[int]:
    """The places of what only asks or joins."""
    quiet = {at for found in _ASKING.finditer(text) for at in range(*found.span())}
    for term, start, end in tokens:
        if term in function_words():
            quiet.update(range(start, end))
    return quiet


def _runs_of(places: set[int]) -> Iterator[tuple[int, int]]:
    """The runs of neighbouring places, half open, in order."""
    start = None
    for at in sorted(places):
        if start is None or at - 1 not in places:
            start = at
        if at + 1 not in places:
            yield start, at + 1
