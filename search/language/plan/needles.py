"""What of a plan stands in a text: its places, by scanning.

plan -> needles -> places in a text -> occurrences (counted, one line of concordance each)

The definitions are docs/counting.md's; a store that counts from an index finds the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from search.language.plan.nodes import (
    Either,
    Every,
    Favoured,
    Phrase,
    Plan,
    Starting,
    String,
    Term,
    Tiered,
    Within,
    Without,
)
from search.language.text import Token
from search.language.text.atoms import occurrences
from search.language.text.phrases import MarkedForm, compete, phrase_spans, windows
from search.model import Span

Needle: TypeAlias = Term | String | Phrase | Within | Starting
"""A leaf of a plan that stands in the text; nothing of what is denied or only favoured."""


def needles_of(plan: Plan) -> tuple[Needle, ...]:
    """What a plan looks for in a text. Of a `Tiered`, what its second part looks for: it holds the first's."""
    return tuple(dict.fromkeys(_iter_needles(plan)))


def _iter_needles(plan: Plan) -> Iterator[Needle]:
    if isinstance(plan, Term):
        if plan.field == "text" and plan.is_marked:
            yield Term("text", plan.text)
    elif isinstance(plan, String):
        yield String(plan.tokens)
    elif isinstance(plan, Phrase):
        yield Phrase(plan.tokens, is_long=plan.is_long)
    elif isinstance(plan, Within):
        yield Within(tuple(String(part.tokens) for part in plan.strings), plan.distance)
    elif isinstance(plan, Starting):
        if plan.field == "text":
            yield plan
    elif isinstance(plan, (Every, Either)):
        for part in plan.parts:
            yield from _iter_needles(part)
    elif isinstance(plan, (Without, Favoured)):
        yield from _iter_needles(plan.wanted)
    elif isinstance(plan, Tiered):
        yield from _iter_needles(plan.second)


def places(form: MarkedForm, needles: Sequence[Needle]) -> list[Span]:
    """Every place of every needle in a text of normal form, in order; they may overlap."""
    found = {span for needle in needles for span in _places_of(form, needle)}
    return sorted(found)


def _places_of(form: MarkedForm, needle: Needle) -> Iterable[Span]:
    if isinstance(needle, Phrase):
        return phrase_spans(form, needle.tokens, is_long=needle.is_long)
    if isinstance(needle, Starting):
        before = string_text(needle.before)
        return occurrences(form.text, before + needle.prefix, open_from=len(before))
    if isinstance(needle, Within):
        of_strings = [list(occurrences(form.text, string_text(part.tokens))) for part in needle.strings]
        return windows(of_strings, needle.distance)
    return occurrences(form.text, needle.text if isinstance(needle, Term) else string_text(needle.tokens))


def string_text(tokens: Iterable[Token]) -> str:
    """The string that tokens spell."""
    return "".join(token.term for token in tokens)


def occurrence_spans(form: MarkedForm, needles: Sequence[Needle]) -> list[Span]:
    """The occurrences: all needles compete from left to right, the longest at a place wins, none overlaps."""
    return compete(places(form, needles))
