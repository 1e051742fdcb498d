"""Tree to plan: from what was asked to what is looked up.

Chunk     -> all of its units, each in the text, the headings above or the title; more where it stands as one string
Exact     -> a string of terms at fixed distances, in the text alone
Values …  -> a filter that scores nothing

A plan knows terms and offsets, not segments; `search.embedded.matching` carries it out. Scores are sums over leaves,
each multiplied by the boosts above it, so that Whoosh's own searcher can be asked the same (law 6).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import singledispatch
from typing import TypeAlias

from search.language.plan.nodes import (
    Above,
    All,
    Favoured,
    Filter,
    Nothing,
    Plan,
    Starting,
    String,
    Term,
    Within,
    Without,
    YearFilter,
    either,
    every,
    string,
)
from search.language.query.tree import (
    And,
    Chunk,
    Everything,
    Exact,
    InField,
    Near,
    Node,
    Not,
    Or,
    Prefix,
    Values,
    YearRange,
)
from search.language.text import Analyzer, Token, normalize_text

FIELD_BOOSTS = {"text": 1.0, "heading": 0.4, "title": 0.2}
"""What a word is worth where it stands; `make_plan` looks in the fields in this order."""
STRING_BONUS = 0.5
"""A chunk of several words that stands as one string is worth so much more of its words' score."""


Resolve: TypeAlias = Callable[[str, str], Sequence[str | None]]
"""(field, value as typed) -> the collection's values that it means."""


def make_plan(tree: Node, analyzer: Analyzer, resolve: Resolve) -> Plan:
    """The plan of a tree.

    Args:
        resolve: finds 四平市 for 四平; empty where the collection has no such value.
    """
    return _plan(tree, _Context(analyzer, resolve, tuple(FIELD_BOOSTS)))


@dataclass(frozen=True, slots=True)
class _Context:
    analyzer: Analyzer
    resolve: Resolve
    fields: tuple[str, ...]


@singledispatch
def _plan(node: Node, context: _Context) -> Plan:
    raise TypeError(f"no plan for {type(node).__name__}")


@_plan.register
def _(node: Everything, context: _Context) -> Plan:
    return All()


@_plan.register
def _(node: Chunk, context: _Context) -> Plan:
    units = context.analyzer.query_units(node.text)
    if not units:
        return All()
    wanted = every([_unit(unit, context) for unit in units])
    if "text" not in context.fields or len(units) == 1:
        return wanted
    whole = context.analyzer.query_tokens(node.text)
    return Favoured(wanted, string(whole, STRING_BONUS * FIELD_BOOSTS["text"]))


def _unit(unit: tuple[Token, ...], context: _Context) -> Plan:
    parts: list[Plan] = []
    for field in context.fields:
        boost = FIELD_BOOSTS[field]
        if len(unit) == 1:
            parts.append(Term(field, unit[0].term, boost))
        elif field == "text":
            parts.append(string(unit, boost))
        else:
            parts.append(Above(field, unit, "".join(token.term for token in unit), boost))
    return either(parts)


@_plan.register
def _(node: Exact, context: _Context) -> Plan:
    tokens = context.analyzer.query_tokens(node.text)
    if not tokens:
        return All()
    parts: list[Plan] = []
    for field in context.fields:
        if field == "text":
            parts.append(string(tokens))
        elif context.fields == (field,):
            parts.append(Above(field, tokens, normalize_text(node.text), FIELD_BOOSTS[field]))
    return either(parts)


@_plan.register
def _(node: Near, context: _Context) -> Plan:
    found = [context.analyzer.query_tokens(part) for part in node.parts]
    strings = [String(tokens) for tokens in found if tokens]
    if not strings:
        return All()
    if context.fields and "text" not in context.fields:
        field = context.fields[0]
        near = tuple("".join(token.term for token in part.tokens) for part in strings)
        tokens = tuple(token for part in strings for token in part.tokens)
        return Above(field, tokens, " ".join(near), FIELD_BOOSTS[field], near, node.distance)
    different = tuple(dict.fromkeys(strings))
    if len(different) == 1:
        return string(strings[0].tokens)
    # One occurrence serves a string that is asked for twice; the room for the second stays.
    spared = sum(part.length for part in strings) - sum(part.length for part in different)
    return Within(different, node.distance + spared)


@_plan.register
def _(node: Prefix, context: _Context) -> Plan:
    return either([Starting(field, normalize_text(node.text)) for field in context.fields])


@_plan.register
def _(node: Values, context: _Context) -> Plan:
    values = [value for typed in node.values for value in context.resolve(node.field, typed)]
    return Filter(node.field, tuple(dict.fromkeys(values))) if values else Nothing()


@_plan.register
def _(node: YearRange, context: _Context) -> Plan:
    return YearFilter(node.first, node.last, node.field)


@_plan.register
def _(node: InField, context: _Context) -> Plan:
    return _plan(node.child, _Context(context.analyzer, context.resolve, (node.field,)))


@_plan.register
def _(node: Not, context: _Context) -> Plan:
    return Without(All(), _plan(node.child, context))


@_plan.register
def _(node: And, context: _Context) -> Plan:
    wanted = [_plan(child, context) for child in node.children if not isinstance(child, Not)]
    unwanted = [_plan(child.child, context) for child in node.children if isinstance(child, Not)]
    return Without(every(wanted), either(unwanted)) if unwanted else every(wanted)


@_plan.register
def _(node: Or, context: _Context) -> Plan:
    return either([_plan(child, context) for child in node.children])
