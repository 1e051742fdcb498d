"""About how much memory a plan takes: for caches that are bounded by bytes, which weigh the plans of every question."""

from __future__ import annotations

from search.language.plan.nodes import (
    Above,
    Either,
    Every,
    Favoured,
    Filter,
    Phrase,
    Plan,
    SameSentence,
    String,
    Term,
    Tiered,
    Within,
    Without,
)
from search.language.plan.once import once

_NODE_BYTES = 160
_TOKEN_BYTES = 260
_VALUE_BYTES = 100
_CHAR_BYTES = 2


@once
def plan_bytes(plan: Plan) -> int:
    """About how many bytes a plan takes, from its nodes, tokens and values; ten times as fast as `deep_bytes`.

    Example:
        >>> from search.language.plan.nodes import Term
        >>> plan_bytes(Term("text", "夜经济")) < plan_bytes(Every((Term("text", "夜"), Term("text", "经济"))))
        True
    """
    total, waiting = 0, [plan]
    while waiting:
        node = waiting.pop()
        total += _NODE_BYTES
        if type(node) is Term:
            continue
        if (
            type(node) is Either or type(node) is Every
        ):  # isinstance asks these classes' metaclass, at five times the cost
            waiting += node.parts
        elif type(node) is Phrase or type(node) is String:
            total += _TOKEN_BYTES * len(node.tokens)
        elif type(node) is Favoured:
            waiting += (node.wanted, node.bonus)
        elif type(node) is SameSentence:
            for word in node.words:
                total += _NODE_BYTES + _TOKEN_BYTES * sum(map(len, word.strings))
                waiting += word.above
        elif type(node) is Without:
            total += plan_bytes(node.wanted) + plan_bytes(node.unwanted)  # two tiers, often weighed before
        elif type(node) is Tiered:
            waiting += (node.first, node.second)
        elif type(node) is Above:
            total += _TOKEN_BYTES * len(node.tokens) + _CHAR_BYTES * len(node.text)
        elif type(node) is Within:
            waiting += node.strings
        elif type(node) is Filter:
            total += _VALUE_BYTES * len(node.values)
    return total
