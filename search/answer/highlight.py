"""Where a paragraph says what was asked for: spans in its original text.

The paragraph is normalised again and the plan's terms are looked for in it; the normal form's map leads back to the
original. Nothing is ever found again in HTML.
"""

from __future__ import annotations

from collections.abc import Iterable

from search.language import plan as p
from search.language.text import normalize, occurrences
from search.model import Span

Needles = tuple[tuple[str, bool], ...]
"""Strings in normal form, each with whether it is the beginning of a word."""


def highlight(text: str, plan: p.Plan) -> tuple[Span, ...]:
    """The spans of `text` that match, sorted and disjoint; touching ones are put together.

    Example:
        >>> from search.language.plan import Term
        >>> highlight("优化营商环境，提升营商环境", Term("text", "营商环境"))
        ((2, 6), (9, 13))
    """
    return highlight_needles(text, needles_of(plan))


def highlight_needles(text: str, needles: Needles) -> tuple[Span, ...]:
    """The same, where what is marked is known already."""
    if not needles:
        return ()
    normal = normalize(text)
    if len(needles) == 1:
        found = list(occurrences(normal.text, needles[0][0], is_prefix=needles[0][1]))
    else:
        found = sorted(
            {
                span
                for needle, is_prefix in needles
                for span in occurrences(normal.text, needle, is_prefix=is_prefix)
            }
        )
    merged: list[Span] = []
    for start, end in found:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    if normal.origins is None:
        return tuple(merged)
    return tuple(normal.to_original(start, end) for start, end in merged)


def needles_of(plan: p.Plan) -> Needles:
    """What a plan marks in a text."""
    return tuple(dict.fromkeys(_needles(plan)))


def _needles(plan: p.Plan) -> Iterable[tuple[str, bool]]:
    if isinstance(plan, p.Term):
        if plan.field == "text":
            yield plan.text, False
    elif isinstance(plan, p.String):
        yield "".join(token.term for token in plan.tokens), False
    elif isinstance(plan, p.Starting):
        if plan.field == "text":
            yield plan.prefix, True
    elif isinstance(plan, (p.Every, p.Either)):
        for part in plan.parts:
            yield from _needles(part)
    elif isinstance(plan, p.Within):
        for string in plan.strings:
            yield from _needles(string)
    elif isinstance(plan, (p.Without, p.Favoured)):
        yield from _needles(plan.wanted)
