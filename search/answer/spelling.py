"""Did you mean: the spelling that the collection uses where the one that was typed is hardly there.

a chunk that hardly anything has -> its stretches -> words that sound so, or are one character off -> the whole chunk
with each -> counted in the collection -> those that are clearly commoner

Only ever an offer. A chunk made of known words is doubted only where another word sounds the same.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import ne

from search.answer.lexicon import Lexicon
from search.language.query.signs import MAX_CHARS
from search.language.query.tree import And, Chunk, InField, Node, Or
from search.language.text import Analyzer, normalize_text
from search.language.text.pinyin import Pinyin, load_pinyin
from search.language.text.segment import HAN

MOST_OFFERED = 3
FEW_PARAGRAPHS = 5
"""A chunk that more paragraphs have is spelled as the collection spells it; grows with the collection."""
RATIO, RATIO_OF_WORDS = 20, 500
"""How much commoner the other spelling must be; more where what was typed is a word of the dictionary."""
LEAST_PARAGRAPHS = 2
_CHUNK_CHARS = range(2, 17)
_LONGEST_WINDOW = 8
_MOST_COUNTED = 8
_LETTERS = re.compile("[a-z]{3,40}")
_SYLLABLE = re.compile("[a-z]{1,6}")
_HAN_CHUNK = re.compile(f"[{HAN}]+")

SOUNDS_NEARLY, TRANSPOSED, REPLACED, ONE_MORE_OR_LESS = 1.5, 0.5, 2.0, 1.5
LEAVES_TWO, TWO_COMPLETED = 5.0, 3.0
"""What speaks against a correction, in natural logarithms of how often it stands. Words of two characters are so
many that most strings are one character off some of them."""
_EACH_CHANGE = 1.5
_BEHIND = 3.0
"""What is so much less likely than the best isn't offered beside it."""

Count = Callable[[Sequence[str]], Sequence[int]]
"""Exact strings -> how many paragraphs have each."""
_Costs = tuple[float, float, float]
"""Of another form: what speaks against it, what for it, and the logarithm of how many paragraphs may have it."""


def few_paragraphs(paragraphs: int) -> int:
    """So few paragraphs are as good as none in a collection of `paragraphs`."""
    return FEW_PARAGRAPHS + paragraphs // 200_000


class Speller:
    """Corrects chunks to the vocabulary of one generation.

    Args:
        count: exact strings in the collection.
        paragraphs: how many the collection has.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        analyzer: Analyzer,
        count: Count,
        paragraphs: int,
        pinyin: Pinyin | None = None,
    ) -> None:
        self._lexicon, self._analyzer, self._count = lexicon, analyzer, count
        self._few = few_paragraphs(paragraphs)
        self._pinyin = load_pinyin() if pinyin is None else pinyin

    def correct(self, chunk: str) -> list[str]:
        """Other spellings of `chunk` that the collection has far more often, the best first; mostly none."""
        form = normalize_text(chunk)
        if _LETTERS.fullmatch(form):
            found = [self._lexicon.terms[number] for number in self._lexicon.spelled(form)]
            return found[:MOST_OFFERED] if self._count([form])[0] <= self._few else []
        if len(form) not in _CHUNK_CHARS or not _HAN_CHUNK.fullmatch(form):
            return []
        own = self._count([form])[0]
        if own > self._few:
            return []
        tokens = self._analyzer.query_tokens(form)
        is_word = len(tokens) == 1
        known = is_word or (own > 0 and all(len(token.term) > 1 for token in tokens))
        least = max(LEAST_PARAGRAPHS, own * (RATIO_OF_WORDS if is_word else RATIO) + 1)
        costs = self._candidates(form, sounds_only=known)
        if own:
            # 应直接 for 直接: what stands in the collection with a word more at an end is no misspelling.
            costs.pop(form[1:], None)
            costs.pop(form[:-1], None)
        ranked = sorted(costs, key=lambda other: costs[other][0] - costs[other][1])[:_MOST_COUNTED]
        if is_word:
            ranked = [other for other in ranked if _is_one_replaced(form, other)]
        return self._commonest({other: costs[other] for other in ranked}, least)

    def _commonest(self, costs: Mapping[str, _Costs], least: float) -> list[str]:
        """Those of some forms that at least so many paragraphs have, the likeliest first."""
        scored: list[tuple[float, str]] = []
        counted: dict[str, int] = {}
        # No string stands in more paragraphs than the word in it does: what can't come near the best isn't counted.
        ordered = sorted((cost - most, other) for other, (cost, _, most) in costs.items())
        for at, (bound, other) in enumerate(ordered):
            if scored and bound > min(scored)[0] + _BEHIND:
                break
            if at <= 1:  # The likeliest alone, since it may rule out the others; those together.
                border = min(scored)[0] + _BEHIND if scored else math.inf
                asked = ordered[1:] if at else ordered[:1]
                new = [of for low, of in asked if low <= border and self._lexicon.find(of) is None]
                counted.update(zip(new, self._count(new), strict=True))
            number = self._lexicon.find(other)
            count = counted[other] if number is None else self._lexicon.paragraphs[number]
            if count >= least:
                scored.append((costs[other][0] - math.log(count), other))
        scored.sort()
        return [other for score, other in scored[:MOST_OFFERED] if score <= scored[0][0] + _BEHIND]

    def _candidates(self, form: str, *, sounds_only: bool) -> dict[str, _Costs]:
        """Other forms of the chunk."""
        found: dict[str, _Costs] = {}
        terms, paragraphs = self._lexicon.terms, self._lexicon.paragraphs
        size = len(form)
        for length in range(min(size, _LONGEST_WINDOW), 1, -1):
            whole = length == size
            for start in range(size - length + 1):
                window = form[start : start + length]
                at = self._lexicon.find(window)
                if at is not None and paragraphs[at] > self._few:
                    continue
                for number, cost in self._others(window, whole=whole, sounds_only=sounds_only):
                    word = terms[number]
                    if word == window:
                        continue
                    other = form[:start] + word + form[start + length :]
                    # A longer stretch that fits is better evidence than a short one in the same place.
                    most = math.log(paragraphs[number])
                    worth = most + 2.0 * length
                    known = found.get(other)
                    if known is None or cost - worth < known[0] - known[1]:
                        found[other] = cost, worth, most
        return found

    def _others(self, window: str, *, whole: bool, sounds_only: bool) -> list[tuple[int, float]]:
        """Words that `window` may be a misspelling of, each with what speaks against it."""
        found = list(self._sounding(window))
        find = self._lexicon.find
        found += [(at, TRANSPOSED) for word in _transposed(window) if (at := find(word)) is not None]
        if not sounds_only:
            found += self._one_off(window, whole=whole)
        return found

    def _sounding(self, window: str) -> Iterator[tuple[int, float]]:
        for reading in self._pinyin.readings(window):
            for number in self._lexicon.sounding(reading):
                word = self._lexicon.terms[number]
                changed = sum(map(ne, word, window))
                exactly = reading in self._lexicon.readings(number)
                yield number, _EACH_CHANGE * (changed - 1) + (0.0 if exactly else SOUNDS_NEARLY)

    def _one_off(self, window: str, *, whole: bool) -> Iterator[tuple[int, float]]:
        """Words with one character more, less or other."""
        if len(window) > 2:
            cost = ONE_MORE_OR_LESS if len(window) > 3 else LEAVES_TWO
            for shorter in _shortened(window):
                number = self._lexicon.find(shorter)
                if number is not None:
                    yield number, cost
        if len(window) > 2 or whole:
            for number in self._near(window):
                if len(window) == 2:
                    yield number, TWO_COMPLETED
                else:
                    replaced = len(self._lexicon.terms[number]) == len(window)
                    yield number, REPLACED if replaced else ONE_MORE_OR_LESS

    def _near(self, window: str) -> Iterator[int]:
        """Words with one character of `window` replaced, or one more: half of it stands in them as it is.

        Of two characters only those with one more: 张三 is not 第三, one of two says too little of a word.
        """
        half = max(1, len(window) // 2)
        head, tail = window[:half], window[half:]
        terms, starting, ending = (
            self._lexicon.terms,
            self._lexicon.starting_sized,
            self._lexicon.ending_sized,
        )
        longer = (len(window) + 1,)
        sizes = longer if len(window) == 2 else (len(window), *longer)
        # Behind `head` stands what `tail` begins with, or what differs stands there and the rest of it behind that.
        begun = {*starting(head + tail[0], sizes), *_begin_so(terms, ending(tail, longer), head)}
        if len(tail) > 1:
            begun.update(_begin_so(terms, ending(tail[1:], sizes), head))
        for number in sorted(begun):
            if _is_one_off(tail, terms[number][half:]):
                yield number
        for number in ending(tail, sizes):
            if _is_one_off(head, terms[number][: -len(tail)]):
                yield number


def _begin_so(terms: Sequence[str], numbers: Iterable[int], prefix: str) -> list[int]:
    return [number for number in numbers if terms[number].startswith(prefix)]


def _transposed(word: str) -> Iterator[str]:
    for at in range(len(word) - 1):
        if word[at] != word[at + 1]:
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _shortened(word: str) -> Iterable[str]:
    return dict.fromkeys(word[:at] + word[at + 1 :] for at in range(len(word)))


def _is_one_replaced(typed: str, word: str) -> bool:
    return len(word) == len(typed) and sum(map(str.__ne__, word, typed)) <= 1


def _is_one_off(typed: str, word: str) -> bool:
    """Whether `word` is `typed` with one character replaced, or one more."""
    size, at = len(typed), 0
    more = len(word) - size
    if not 0 <= more <= 1:
        return False
    while at < size and word[at] == typed[at]:
        at += 1
    return word[at + 1 :] == typed[at:] if more else at < size and word[at + 1 :] == typed[at + 1 :]


def can_be_corrected(chunk: str) -> bool:
    """Whether a chunk is of a kind that is ever corrected: Latin letters, or Han characters and not too many."""
    form = normalize_text(chunk)
    return bool(_LETTERS.fullmatch(form) or (len(form) in _CHUNK_CHARS and _HAN_CHUNK.fullmatch(form)))


def has_loose_characters(chunk: str, analyzer: Analyzer) -> bool:
    """Whether a chunk of Han characters falls into pieces that are no words: worth a doubt though they are found."""
    tokens = analyzer.query_tokens(chunk)
    for token in tokens:
        if token.length == 1:
            break
    else:
        return False
    form = "".join([token.term for token in tokens])
    return len(form) in _CHUNK_CHARS and _HAN_CHUNK.fullmatch(form) is not None


def wanted_chunks(tree: Node) -> Iterator[Chunk]:
    """The chunks that are asked for, not those denied."""
    if isinstance(tree, (And, Or)):
        for child in tree.children:
            yield from wanted_chunks(child)
    elif isinstance(tree, InField):
        yield from wanted_chunks(tree.child)
    elif isinstance(tree, Chunk):
        yield tree


def joined_letters(tree: Node) -> Iterator[tuple[Chunk, tuple[Chunk, ...]]]:
    """Chunks of Latin letters side by side, as one chunk, with what it is made of: ying shang for yingshang."""
    run: list[Chunk] = []
    for node in (*tree.children, tree) if isinstance(tree, And) else ():
        if isinstance(node, Chunk) and _SYLLABLE.fullmatch(normalize_text(node.text)):
            run.append(node)
            continue
        if len(run) > 1:
            whole = "".join(normalize_text(chunk.text) for chunk in run)
            yield Chunk(whole, (run[0].span[0], run[-1].span[1])), tuple(run)
        run = []


def respelled(text: str, chunk: Chunk, others: Sequence[str]) -> tuple[str, ...]:
    """The query text with `chunk` in other spellings."""
    start, end = chunk.span
    whole = (text[:start] + other + text[end:] for other in others)
    return tuple(other for other in whole if len(other) <= MAX_CHARS)
