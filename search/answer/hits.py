"""Matches -> hits: paragraphs read together, highlights found in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from search.answer.highlight import Highlighter, find_highlights
from search.answer.question import Question
from search.answer.why import chunks_above, explain_tier, mark_headings, single_characters
from search.collection import Ranked
from search.language.text import normalize_text
from search.language.text.phrases import is_ideograph
from search.model import Hit, Span


def read_hits(question: Question, ranked: Sequence[Ranked], *, tier: int = 1) -> list[Hit]:
    """The hits of a tier, in the order of `ranked`."""
    interpretation, language = question.interpretation, question.data.language
    tree, analyzer = interpretation.tree, language.analyzer
    synonyms = language.synonyms if question.query.synonyms else None
    find = Highlighter(interpretation.needles[0 if tier == 1 else 1]).find
    above = chunks_above(tree)
    typed = single_characters(tree) if tier > 1 else frozenset()
    hits = []
    for place, paragraph in zip(
        ranked, question.view.paragraphs([place.ref for place in ranked]), strict=True
    ):
        report, text, heading = paragraph.report, paragraph.text, paragraph.heading
        spans, occurrences = find(text)
        why = explain_tier(tree, paragraph, analyzer, synonyms) if tier == 2 else ()
        in_heading = above
        if why:
            in_heading = (*above, *(reason.chunk for reason in why if reason.found == "heading"))
        hits.append(
            Hit(
                id=f"{report.id}-p{paragraph.n}",
                n=paragraph.n,
                report=report,
                kind=paragraph.kind,
                heading=heading,
                text=text,
                spans=_worth_marking(text, spans, typed) if tier > 1 else spans,
                score=place.score,
                tier=tier,
                of_report=place.of_group,
                occurrences=occurrences,
                why=why,
                heading_spans=mark_headings(heading, in_heading, analyzer) if in_heading else (),
                part=paragraph.part,
                ocr=paragraph.ocr,
            )
        )
    return hits


def mark_in_part(question: Question, text: str) -> tuple[Span, ...]:
    """Where a text has something of what is asked for."""
    interpretation = question.interpretation
    marked = find_highlights(text, interpretation.needles[1])
    return _worth_marking(text, marked.spans, single_characters(interpretation.tree))


def _worth_marking(text: str, spans: Sequence[Span], typed: Collection[str]) -> tuple[Span, ...]:
    """The spans without those of one ideograph that only a piece of a chunk has.

    Args:
        typed: the chunks of one character.
    """
    return tuple(
        (start, end)
        for start, end in spans
        if not is_ideograph(text[start:end]) or normalize_text(text[start:end]) in typed
    )
