"""What of a plan stands in a text: its places, by scanning.

plan -> needles -> places in a text -> occurrences (counted, one line of concordance each)

The definitions are docs/counting.md's; a store that counts from an index finds the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

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
from search.language.plan.once import once
from search.language.text import Token
from search.language.text.atoms import occurrences
from search.language.text.marks import QUOTES, SEPARATING
from search.language.text.normalize import compiled_folding
from search.language.text.phrases import MarkedForm, PhraseFinder, compete, marked_form, windows
from search.model import Span

Needle: TypeAlias = Term | String | Phrase | Within | Starting
"""A leaf of a plan that stands in the text; nothing of what is denied or only favoured."""


_NOT_COMPILED = re.compile("[0-9a-z.\U00010000-\U0010ffff]|^$")
"""What a compiled marker doesn't look for: a part of an ASCII word or number counts nowhere."""
_PASSED_OVER = frozenset((" ", *QUOTES, *SEPARATING))


@once
def needles_of(plan: Plan) -> tuple[Needle, ...]:
    """What a plan looks for in a text. Of a `Tiered`, what its second part looks for: it holds the first's."""
    found: dict[Needle, None] = {}
    waiting = [plan]
    while waiting:
        node = waiting.pop()
        if type(node) is Term:  # isinstance asks these classes' metaclass, at five times the cost
            if node.field == "text" and node.is_marked:
                found[Term("text", node.text)] = None
        elif type(node) is Either or type(node) is Every:
            waiting += node.parts[::-1]
        elif type(node) is Favoured or type(node) is Without:
            waiting.append(node.wanted)
        elif type(node) is Phrase:
            found[Phrase(node.tokens, is_long=node.is_long)] = None
        elif type(node) is String:
            found[String(node.tokens)] = None
        elif type(node) is Within:
            found[Within(tuple(String(part.tokens) for part in node.strings), node.distance)] = None
        elif type(node) is Starting:
            if node.field == "text":
                found[node] = None
        elif type(node) is Tiered:
            waiting.append(node.second)
    return tuple(found)


def places(form: MarkedForm, needles: Sequence[Needle]) -> list[Span]:
    """Every place of every needle in a text of normal form, in order; they may overlap."""
    return find_places(form, list(map(finder_of, needles)))


Finder: TypeAlias = Callable[[MarkedForm], Iterable[Span]]


def find_places(form: MarkedForm, finders: Sequence[Finder]) -> list[Span]:
    """As `places`, with needles as `finder_of` makes them."""
    if len(finders) == 1:
        return list(finders[0](form))
    return sorted({span for find in finders for span in find(form)})


def finder_of(needle: Needle) -> Finder:
    """Finds a needle in any number of texts: its places in order, none twice."""
    if isinstance(needle, Phrase):
        return PhraseFinder(tuple([token.term for token in needle.tokens]), is_long=needle.is_long).spans
    if isinstance(needle, Starting):
        before = string_text(needle.before)
        begun = before + needle.prefix
        return lambda form: occurrences(form.text, begun, open_from=len(before))
    if isinstance(needle, Within):
        strings = [string_text(part.tokens) for part in needle.strings]
        distance = needle.distance
        return lambda form: windows([list(occurrences(form.text, each)) for each in strings], distance)
    whole = needle.text if isinstance(needle, Term) else string_text(needle.tokens)
    return lambda form: occurrences(form.text, whole)


def make_marker(needles: Sequence[Needle]) -> Any:
    """Finds the places of all needles in a text at once and merges them (`_forms.Marker`).

    None where nothing was compiled, or a needle has an ASCII word or number in it, or is a proximity or a prefix.
    """
    folding = compiled_folding()
    if folding is None:
        return None
    wanted = []
    for needle in needles:
        if isinstance(needle, (Within, Starting)):
            return None
        string = needle.text if isinstance(needle, Term) else string_text(needle.tokens)
        if _NOT_COMPILED.search(string):
            return None
        if type(needle) is not Phrase:
            kind = 0
        elif _PASSED_OVER.isdisjoint(string):
            kind = 2 if needle.is_long else 1
        else:
            return None
        wanted.append((string, kind))
    return folding.marker(wanted, _pairs_of)


def _pairs_of(text: str) -> Sequence[Span]:
    return marked_form(text).pairs


def string_text(tokens: Iterable[Token]) -> str:
    """The string that tokens spell."""
    return "".join(token.term for token in tokens)


def occurrence_spans(form: MarkedForm, needles: Sequence[Needle]) -> list[Span]:
    """The occurrences: all needles compete from left to right, the longest at a place wins, none overlaps."""
    return compete(places(form, needles))
