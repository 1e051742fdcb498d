"""Matches -> hits: paragraphs read together, highlights found in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from search.answer.highlight import Highlighter, find_highlights
from search.answer.question import Question
from search.answer.why import chunks_above, explain_tier, mark_headings, single_characters
from search.collection import Ranked
from search.language.text import normalize_text
from search.language.text.phrases import is_ideograph
from search.model import Hit, Span, Why


def read_hits(question: Question, ranked: Sequence[Ranked], *, tier: int = 1) -> list[Hit]:
    """The hits of a tier, in the order of `ranked`."""
    interpretation, language = question.interpretation, question.data.language
    tree, analyzer = interpretation.tree, language.analyzer
    synonyms = language.synonyms if question.query.synonyms else None
    find = Highlighter(interpretation.needles(tier)).find
    above = chunks_above(tree)
    typed = single_characters(tree) if tier > 1 else frozenset()
    hits = []
    paragraphs = question.view.paragraphs([place.ref for place in ranked])
    for (_, score, of_group), paragraph in zip(ranked, paragraphs, strict=True):
        _, n, report, kind, heading, text, part, ocr = paragraph
        spans, occurrences = find(text)
        why: tuple[Why, ...] = ()
        in_heading = above
        if tier > 1:
            spans = _worth_marking(text, spans, typed)
            why = explain_tier(tree, paragraph, analyzer, synonyms) if tier == 2 else ()
            in_heading = (*above, *(reason.chunk for reason in why if reason.found == "heading"))
        marked = mark_headings(heading, in_heading, analyzer) if in_heading else ()
        hit = (f"{report.id}-p{n}", n, report, kind, heading, text, spans, score, tier, of_group, occurrences)
        hits.append(Hit(*hit, why, part, ocr, marked))
    return hits


def mark_in_part(question: Question, text: str) -> tuple[Span, ...]:
    """Where a text has something of what is asked for."""
    interpretation = question.interpretation
    marked = find_highlights(text, interpretation.needles(2))
    return _worth_marking(text, marked.spans, single_characters(interpretation.tree))


def _worth_marking(text: str, spans: Sequence[Span], typed: Collection[str]) -> tuple[Span, ...]:
    """The spans without those of one ideograph that only a piece of a chunk has.

    Args:
        typed: the chunks of one character.
    """
    return tuple(
        [
            (start, end)
            for start, end in spans
            if end - start != 1 or not is_ideograph(text[start]) or normalize_text(text[start]) in typed
        ]
    )
