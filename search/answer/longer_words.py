"""Occurrences within longer words: 千万工程 in 百千万工程, 江西 in 珠江西岸. The numbers stay; a page says which words.

occurrences that may straddle words (the store's) -> the words of the precise cut around each -> counted by word

docs/counting.md has the rules.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from search.answer.definitions import term_of
from search.answer.left_out import left_out_beyond_budget
from search.answer.question import Question
from search.answer.roles import role_of
from search.collection import Ask
from search.language.plan import Phrase, String, Term
from search.language.plan.needles import Needle, string_text
from search.language.query import And, Chunk, Exact, Not, to_text
from search.language.query.signs import MAX_CHARS
from search.language.text import Analyzer, normalize_text
from search.language.text.normalize import IDEOGRAPHS
from search.language.text.phrases import is_ideograph
from search.lru import LruCache
from search.messages import answers as says
from search.model import LongerWord, Span

MOST_PARAGRAPHS = 5_000
"""Of queries that more paragraphs match it is not worked out: words so common lie within others everywhere."""
MOST_WORDS = 5
_LEAST_CHARS = 2
_RUN = re.compile(f"[{IDEOGRAPHS}]+")

Key = tuple[object, ...]
KeptLongerWords = LruCache[Key, tuple[tuple[str, int], ...]]


def find_longer_words(question: Question, kept: KeptLongerWords) -> tuple[LongerWord, ...]:
    """The longer words within which occurrences of a query of one chunk lie, the most frequent first."""
    if term_of(question.tree) is None or not _said(question):
        return ()
    return _find_kept(question, kept)


@left_out_beyond_budget(says.LONGER_WORDS_LEFT_OUT, ())
def _find_kept(question: Question, kept: KeptLongerWords) -> tuple[LongerWord, ...]:
    key = (question.view.version, question.tiers[0], question.chosen)
    found = kept.get_or_make(key, lambda: _count(question))
    return tuple(
        LongerWord(word, occurrences, replace(question.query, text=without, page=1))
        for word, occurrences in found
        if (without := _without(question, word)) is not None
    )


def _said(question: Question) -> list[Needle]:
    """What is looked for in texts, if that is words and strings alone, one of two ideographs or more among them."""
    needles = question.interpretation.needles(1)
    if all(isinstance(needle, (Term, String, Phrase)) for needle in needles):
        return [needle for needle in needles if _has_word(_text_of(needle))]
    return []


def _text_of(needle: Needle) -> str:
    assert isinstance(needle, (Term, String, Phrase)), "words and strings"
    return needle.text if isinstance(needle, Term) else string_text(needle.tokens)


def _has_word(text: str) -> bool:
    return len(text) >= _LEAST_CHARS and is_ideograph(text[0]) and is_ideograph(text[-1])


def _count(question: Question) -> tuple[tuple[str, int], ...]:
    counts: Counter[str] = Counter()
    analyzer = question.data.language.analyzer
    asked = {text: _values_of(question, text) for text in map(_text_of, _said(question))}
    for form, span in _iter_straddling(question):
        said = form[slice(*span)]
        longer = longer_word(form, span, analyzer) if _has_word(said) else said
        if longer != said and _RUN.fullmatch(longer):  # across marks it is no word
            counts[longer] += 1
    others = {word: n for word, n in counts.items() if not _is_one_of(question, word, asked)}
    ordered = sorted(others.items(), key=lambda item: (-item[1], item[0]))
    return tuple(ordered[:MOST_WORDS])


def _iter_straddling(question: Question) -> Iterator[tuple[str, Span]]:
    """Occurrences of tier 1 that may lie within a longer word: the paragraph's normal form, and the span."""
    view = question.view
    found = view.straddling(Ask(question.tiers[0], question.chosen), most=MOST_PARAGRAPHS) or ()
    refs = list(dict.fromkeys(occurrence.ref for occurrence in found))
    forms = dict(zip(refs, map(normalize_text, view.texts(refs)), strict=True))
    for occurrence in found:
        yield forms[occurrence.ref], (occurrence.start, occurrence.end)


def longer_word(form: str, span: Span, analyzer: Analyzer) -> str:
    """An occurrence, with the rest of the words of the precise cut that it begins and ends within.

    Args:
        form: a paragraph's normal form.

    Example:
        >>> from search.language.text import load_analyzer
        >>> longer_word("推进珠江西岸建设", (3, 5), load_analyzer())
        '珠江西岸'
    """
    start, end = span
    for run in _RUN.finditer(form):
        if run.start() >= end:
            break
        begin = run.start()
        for word in analyzer.words_of(run[0]) if run.end() > start else ():
            last = begin + len(word)
            if begin < span[0] < last:
                start = begin
            if begin < span[1] < last:
                end = last
            begin = last
    return form[start:end]


def _values_of(question: Question, text: str) -> object:
    role = role_of(text, question.data)
    return None if role is None else role.values


def _is_one_of(question: Question, word: str, asked: dict[str, object]) -> bool:
    """Whether a word is what was asked for, or another name of the same place: 江西省 for 江西.

    Args:
        asked: what was, each with the values that it names; None for what is no place, year or type.
    """
    if word in asked:
        return True
    values = _values_of(question, word)
    return values is not None and values in asked.values()


def _without(question: Question, word: str) -> str | None:
    """The query as typed, without the paragraphs that have the word; None if it gets too long."""
    denied = Not(Chunk(word) if role_of(word, question.data) is None else Exact(word))
    text = to_text(And((question.typed, denied)))
    return text if len(text) <= MAX_CHARS else None
