"""A query tree -> how it was read, in English; `search.language.query` says it in Chinese.

The query's own words are not translated. Pieces keep them apart from the words about them, since the page marks their
language.
"""

from __future__ import annotations

from search.language.query import (
    And,
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
from web.i18n import Piece


def read_in_english(tree: Node) -> tuple[Piece, ...]:
    """What the query asks for, piece by piece.

    Example:
        >>> "".join(p.text for p in read_in_english(And((Chunk("营商环境"), Not(Chunk("招商"))))))
        '营商环境 and not 招商'
    """
    return tuple(_words(tree))


def _said(text: str) -> Piece:
    return Piece(text, is_source=False)


def _words(node: Node) -> list[Piece]:
    if isinstance(node, Everything):
        return [_said("every paragraph")]
    if isinstance(node, Or):
        return _alternatives(node)
    if isinstance(node, And):
        return _conjunction(node)
    if isinstance(node, Not):
        return _denied(node.child)
    if isinstance(node, InField):
        return [_said(f"{node.field} with "), *_grouped(node.child, (Or, And))]
    if isinstance(node, Values):
        return [_said(f"{node.field} is "), *_listed(node.values)]
    if isinstance(node, YearRange):
        return [_said(f"year {_years(node)}")]
    if isinstance(node, Near):
        parts = _joined([_quoted(part) for part in node.parts], " and ")
        return [*parts, _said(f" within {node.distance} characters")]
    if isinstance(node, Exact):
        return [_said("exactly "), *_quoted(node.text)]
    if isinstance(node, Prefix):
        return [_said("words that begin with "), Piece(node.text, is_source=True)]
    return [Piece(node.text, is_source=True)]


def _alternatives(node: Or) -> list[Piece]:
    years = [child for child in node.children if isinstance(child, YearRange)]
    if len(years) == len(node.children):
        return [_said("year " + " or ".join(map(_years, years)))]
    return _joined([_grouped(child, (And, Not, Values)) for child in node.children], " or ")


def _conjunction(node: And) -> list[Piece]:
    """What must be found before what must not."""
    wanted = [_grouped(child, (Or,)) for child in node.children if not isinstance(child, Not)]
    denied = [_denied(child.child) for child in node.children if isinstance(child, Not)]
    return _joined([*wanted, *denied], " and ")


def _denied(node: Node) -> list[Piece]:
    if isinstance(node, Values):
        return [_said(f"{node.field} is not "), *_listed(node.values)]
    if isinstance(node, YearRange):
        return [_said(f"year not {_years(node)}")]
    if isinstance(node, InField):
        return [_said(f"{node.field} without "), *_grouped(node.child, (Or, And))]
    return [_said("not "), *_grouped(node, (Or, And, Not))]


def _grouped(node: Node, kinds: tuple[type, ...]) -> list[Piece]:
    single = isinstance(node, Values) and len(node.values) == 1
    if isinstance(node, kinds) and not single:
        return [_said("("), *_words(node), _said(")")]
    return _words(node)


def _joined(groups: list[list[Piece]], between: str) -> list[Piece]:
    pieces: list[Piece] = []
    for group in groups:
        pieces += [_said(between), *group] if pieces else group
    return pieces


def _quoted(text: str) -> list[Piece]:
    return [_said("“"), Piece(text, is_source=True), _said("”")]


def _listed(values: tuple[str, ...]) -> list[Piece]:
    return _joined([[Piece(value, is_source=True)] for value in values], " or ")


def _years(node: YearRange) -> str:
    if node.first is None:
        return f"{node.last} or earlier"
    if node.last is None:
        return f"{node.first} or later"
    return str(node.first) if node.first == node.last else f"{node.first}–{node.last}"
