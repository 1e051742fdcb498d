"""Tree to plan: from what was asked to what is looked up.

Chunk     -> a phrase of the text, or also its words within a sentence: see `search.language.plan.chunks`
Exact     -> a string of terms at fixed distances, in the text alone
Values …  -> a filter that scores nothing

A plan knows terms and offsets, not segments; `search.embedded.matching` carries it out. Scores are sums over leaves,
each multiplied by the boosts above it, so that Whoosh's own searcher can be asked the same (law 6).
"""

from __future__ import annotations

from functools import singledispatch

from msgspec.structs import replace

from search.language.plan.chunks import plan_chunk, plan_plain
from search.language.plan.context import FIELD_BOOSTS, Context, Match, Resolve
from search.language.plan.nodes import (
    Above,
    All,
    Filter,
    Nothing,
    Plan,
    Starting,
    String,
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
    OneInText,
    Or,
    Prefix,
    Values,
    YearRange,
)
from search.language.text import Analyzer, normalize_text, prefix_readings


def make_plan(tree: Node, analyzer: Analyzer, resolve: Resolve, *, tier: Match = "phrase") -> Plan:
    """The plan of a tree.

    Args:
        resolve: finds 四平市 for 四平; empty where the collection has no such value.
        tier: how unquoted chunks are matched. What is denied is matched as in tier 1 in both.
    """
    return _plan(tree, Context(analyzer, resolve, tier=tier))


def plan_plain_tiers(tree: Node, analyzer: Analyzer) -> tuple[Plan, Plan] | None:
    """The plans of both tiers of a tree of nothing but chunks of which no more is known; None of any other tree.

    The same as `make_plan` makes, in fewer steps.
    """
    if type(tree) is Chunk:
        return plan_plain(tree.text, analyzer)
    if type(tree) is not And:
        return None
    plans = []
    for child in tree.children:
        if type(child) is not Chunk:
            return None
        plans.append(plan_plain(child.text, analyzer))
    first, second = zip(*plans, strict=True)
    return every(first), every(second)


def _plan(node: Node, context: Context) -> Plan:
    return plan_chunk(node, context) if isinstance(node, Chunk) else _plan_other(node, context)


@singledispatch
def _plan_other(node: Node, context: Context) -> Plan:
    raise TypeError(f"no plan for {type(node).__name__}")


@_plan_other.register
def _(node: Everything, context: Context) -> Plan:
    return All()


@_plan_other.register
def _(node: Exact, context: Context) -> Plan:
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


@_plan_other.register
def _(node: Near, context: Context) -> Plan:
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


@_plan_other.register
def _(node: Prefix, context: Context) -> Plan:
    form = normalize_text(node.text)
    return either(
        [_starting(field, form, at, context) for field in context.fields for at in prefix_readings(form)]
    )


def _starting(field: str, form: str, at: int, context: Context) -> Plan:
    """What begins with `form`, whose last word or number begins at a place in it."""
    before = context.analyzer.query_tokens(form[:at])
    if not before:
        return Starting(field, form)
    if field != "text":
        return Above(field, before, form, 0.0, open_from=at)
    return String(before, 0.0) if at == len(form) else Starting(field, form[at:], before)


@_plan_other.register
def _(node: Values, context: Context) -> Plan:
    values = [value for typed in node.values for value in context.resolve(node.field, typed)]
    return Filter(node.field, tuple(dict.fromkeys(values))) if values else Nothing()


@_plan_other.register
def _(node: YearRange, context: Context) -> Plan:
    return YearFilter(node.first, node.last, node.field)


@_plan_other.register
def _(node: InField, context: Context) -> Plan:
    return _plan(node.child, replace(context, fields=(node.field,)))


@_plan_other.register
def _(node: Not, context: Context) -> Plan:
    return Without(All(), _plan(node.child, replace(context, tier="phrase")))


@_plan_other.register
def _(node: And, context: Context) -> Plan:
    wanted = every([_plan(child, context) for child in node.children if not isinstance(child, Not)])
    denied = [child.child for child in node.children if isinstance(child, Not)]
    if not denied:
        return wanted
    in_first = replace(context, tier="phrase")
    return Without(wanted, either([_plan(child, in_first) for child in denied]))


@_plan_other.register
def _(node: OneInText, context: Context) -> Plan:
    return either(
        [_plan(child, replace(context, tier="phrase", fields=("text",))) for child in node.children]
    )


@_plan_other.register
def _(node: Or, context: Context) -> Plan:
    return either([_plan(child, context) for child in node.children])
