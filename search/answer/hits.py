"""Matches -> hits: paragraphs read together, highlights found in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from search.answer.highlight import Highlighter, find_highlights
from search.answer.question import Question
from search.answer.why import chunks_above, explain_tier, mark_headings, single_characters
from search.collection import Ranked, StoredParagraph
from search.language.text import normalize_text
from search.language.text.phrases import is_ideograph
from search.model import Hit, Span, Why


def read_hits(question: Question, ranked: Sequence[Ranked], *, tier: int = 1) -> list[Hit]:
    """The hits of a tier, in the order of `ranked`."""
    return make_hits(question, ranked, question.view.paragraphs([ref for ref, _, _ in ranked]), tier)


def make_hits(
    question: Question, ranked: Sequence[Ranked], paragraphs: Sequence[StoredParagraph], tier: int
) -> list[Hit]:
    """The same of paragraphs that were read."""
    interpretation = question.interpretation
    found = Highlighter(interpretation.needles(tier)).find_all([paragraph[5] for paragraph in paragraphs])
    above = chunks_above(interpretation.tree)
    if tier == 1 and not above:
        return [
            Hit(f"{of.id}-p{n}", n, of, kind, path, text, spans, score, 1, group, said, (), part, ocr)
            for (_, score, group), (_, n, of, kind, path, text, part, ocr), (spans, said) in zip(
                ranked, paragraphs, found, strict=True
            )
        ]
    explained = _Explained(question, tier, above)
    return [
        explained.hit(place, paragraph, *marked)
        for place, paragraph, marked in zip(ranked, paragraphs, found, strict=True)
    ]


class _Explained:
    """Makes hits that say where they have what their text lacks: in tier 2, or of what is looked for in headings."""

    def __init__(self, question: Question, tier: int, above: tuple[str, ...]) -> None:
        language = question.data.language
        self._tier, self._above, self._tree = tier, above, question.interpretation.tree
        self._analyzer = language.analyzer
        self._synonyms = language.synonyms if question.query.synonyms else None
        self._typed = single_characters(self._tree) if tier > 1 else frozenset()

    def hit(
        self, place: Ranked, paragraph: StoredParagraph, spans: tuple[Span, ...], occurrences: int
    ) -> Hit:
        """A paragraph as a hit."""
        _, n, report, kind, heading, text, part, ocr = paragraph
        why: tuple[Why, ...] = ()
        in_heading = self._above
        if self._tier > 1:
            spans = _worth_marking(text, spans, self._typed)
        if self._tier == 2:
            why = explain_tier(self._tree, paragraph, self._analyzer, self._synonyms)
            in_heading = (*in_heading, *[reason.chunk for reason in why if reason.found == "heading"])
        marked = mark_headings(heading, in_heading, self._analyzer) if in_heading else ()
        hit = (f"{report.id}-p{n}", n, report, kind, heading, text, spans, place.score, self._tier)
        return Hit(*hit, place.of_group, occurrences, why, part, ocr, marked)


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
