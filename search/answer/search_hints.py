"""What is said beside the hits: other spellings, filters to choose, why nothing was found. It never changes what is
found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from msgspec import Struct

from search.answer.failed_query import Totals, Wanted
from search.answer.filter_offers import find_offers
from search.answer.left_out import left_out_beyond_budget
from search.answer.no_hits import explain_nothing
from search.answer.question import Question
from search.answer.spelling import (
    Speller,
    can_be_corrected,
    few_paragraphs,
    has_loose_characters,
    joined_letters,
    respelled,
    wanted_chunks,
)
from search.language.plan.expand import LIMIT_REACHED, MAX_STRETCHES
from search.language.query import Chunk, Exact
from search.language.text import Analyzer
from search.messages import answers as says
from search.model import Explanation, Notice, Offer, Query

FEW_HITS = 20
"""With more hits than these, nobody asks whether the spelling is right."""
_MOST_CHUNKS = 8
_ANYWHERE = Query(synonyms=False)


class Hints(Struct, frozen=True):
    """What is said beside the hits; see `search.model.SearchResult`."""

    did_you_mean: tuple[str, ...]
    offers: tuple[Offer, ...]
    explanation: Explanation | None
    notices: tuple[Notice, ...] = ()


@left_out_beyond_budget(says.HINTS_LEFT_OUT, Hints((), (), None))
def find_hints(question: Question, paragraphs: int, in_full: int) -> Hints:
    """The hints for a question.

    Args:
        paragraphs: those that are counted.
        in_full: those that tier 1 or tier 2 finds.
    """
    return _find_hints(question, paragraphs, in_full, Totals(question.totals))


def likely_counts(question: Question, paragraphs: int, in_full: int) -> list[Wanted]:
    """What `find_hints` is likely to count: all that it does where everything it counts is nothing, or is something."""
    wanted: dict[Wanted, None] = {}
    for total in (0, 1):

        def guess(trees: Sequence[Wanted], total: int = total) -> list[int]:
            wanted.update(dict.fromkeys(trees))
            return [total] * len(trees)

        _find_hints(question, paragraphs, in_full, Totals(guess))
    return list(wanted)


def _find_hints(question: Question, paragraphs: int, in_full: int, totals: Totals) -> Hints:
    parsed, data = question.interpretation.parsed, question.data
    corrections = _correct(question, paragraphs, totals)
    explanation = None
    if not in_full:
        analyzer = data.language.analyzer
        explanation = explain_nothing(parsed, question.query, totals, analyzer, data.paragraphs)
    notices: tuple[Notice, ...] = ()
    if len(question.interpretation.expansions) == MAX_STRETCHES:
        wanted = data.language.expand(parsed.tree, most=MAX_STRETCHES + 1)[1]
        notices = (LIMIT_REACHED,) if len(wanted) > MAX_STRETCHES else ()
    offers = find_offers(parsed, question.query, data.held, data.language.analyzer)
    return Hints(corrections, offers, explanation, notices)


def _correct(question: Question, paragraphs: int, totals: Totals) -> tuple[str, ...]:
    """The query in spellings that the collection uses far more."""
    parsed, analyzer = question.interpretation.parsed, question.data.language.analyzer
    if paragraphs > FEW_HITS and parsed.chunks:
        for chunk in parsed.chunks:
            if has_loose_characters(chunk.text, analyzer):
                break
        else:  # all of it words, and found
            return ()
    found: list[str] = []
    speller: Speller | None = None
    wanted = wanted_chunks(parsed.tree)
    chunks = list(islice((chunk for chunk in wanted if can_be_corrected(chunk.text)), _MOST_CHUNKS))
    if paragraphs <= FEW_HITS:
        for whole, pieces in joined_letters(parsed.tree):
            speller = speller or _speller(question, totals)
            others = respelled(parsed.text, whole, speller.correct(whole.text))
            found += others
            chunks = [chunk for chunk in chunks if not others or chunk not in pieces]
    doubted = list(_doubted(chunks, paragraphs, analyzer, lambda: question.view.statistics.paragraphs))
    if not doubted:
        return tuple(found)
    for (chunk, _, many), total in zip(
        doubted, totals.of_all([asked for _, asked, _ in doubted]), strict=True
    ):
        if total <= many:
            speller = speller or _speller(question, totals)
            found += respelled(parsed.text, chunk, speller.correct(chunk.text))
    return tuple(found)


def _doubted(
    chunks: Sequence[Chunk], paragraphs: int, analyzer: Analyzer, held: Callable[[], int]
) -> Iterator[tuple[Chunk, Wanted, int]]:
    """Chunks that may be misspelt: each with what to count, and how many paragraphs say that it isn't.

    Args:
        paragraphs: what the query finds.
        held: gives how many the collection holds.
    """
    for chunk in chunks:
        if has_loose_characters(chunk.text, analyzer):
            yield chunk, (Exact(chunk.text), _ANYWHERE, None), few_paragraphs(held())
        elif paragraphs <= FEW_HITS:
            yield chunk, (chunk, _ANYWHERE, FEW_HITS), FEW_HITS


def _speller(question: Question, totals: Totals) -> Speller:
    def count(forms: Sequence[str]) -> list[int]:
        return totals.of_all([(Exact(form), _ANYWHERE, None) for form in forms])

    data = question.data
    return Speller(
        data.lexicon,
        data.language.analyzer,
        count,
        question.view.statistics.paragraphs,
    )
