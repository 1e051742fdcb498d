"""A tree -> text in the query language; how people read it is in `search.language.query.describe`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from search.language.query.apart import join_typed_apart
from search.language.query.layout import find_field, lay_out
from search.language.query.lex import Token
from search.language.query.notices import Notices
from search.language.query.signs import (
    CLOSE_SIGNS,
    ESCAPE,
    LITERAL_TILDE,
    LONE_SIGNS,
    MINUS_SIGNS,
    NEARLY_MINUS,
    OPEN_SIGNS,
    SIGNS,
    TILDE_SIGNS,
    UNKNOWN_FIELD,
    is_blank,
    is_taken_for_word,
    is_visible,
)
from search.language.query.tree import (
    NOWHERE,
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
    years_of_one_field,
)
from search.language.query.years import SPACED_YEARS

_LAST_YEARS = re.compile(r"year:([0-9.,]+)$")
PARENTHESES = OPEN_SIGNS | CLOSE_SIGNS


def to_text(tree: Node) -> str:
    """Text in the query language that parses to the same tree.

    Raises:
        ValueError: the language can't say it: an Everything within another node, an empty or blank leaf.

    Example:
        >>> to_text(Or((Chunk("营商环境"), Not(Exact("招商")))))
        '营商环境 OR -"招商"'
    """
    return "" if isinstance(tree, Everything) else _text(tree)


def _text(node: Node) -> str:
    if isinstance(node, Or):
        if years := years_of_one_field(node):
            return f"{years[0].field}:{','.join(map(_years, years))}"
        return " OR ".join(_text(child) for child in node.children)
    if isinstance(node, And):
        apart = _kept_apart(node.children)
        texts = [_grouped(child, (Or, *apart.get(at, ()))) for at, child in enumerate(node.children)]
        return " ".join(_apart_from(text, texts[at + 1 :]) for at, text in enumerate(texts))
    if isinstance(node, Not):
        return _negation(node.child)
    if isinstance(node, InField):
        return f"{node.field}:{_grouped(node.child, (Or, And, Not))}"
    if isinstance(node, Values):
        return f"{node.field}:{','.join(_value(value) for value in node.values)}"
    if isinstance(node, YearRange):
        return f"{node.field}:{_years(node)}"
    if isinstance(node, Near):
        return f"{_quoted(node.text)}~{node.distance}"
    if isinstance(node, Exact):
        return _quoted(node.text)
    if isinstance(node, Prefix):
        return f"{node.text}*"
    if isinstance(node, Chunk):
        return _chunk(node.text)
    raise ValueError("an Everything stands within another node")


def _kept_apart(children: Sequence[Node]) -> dict[int, tuple[type, ...]]:
    """The chunks, by place, that would be read as one with the chunk before: they stand in parentheses."""
    apart: dict[int, tuple[type, ...]] = {}
    run: list[Token] = []
    for at, child in enumerate(children):
        if not isinstance(child, Chunk):
            run = []
            continue
        token = Token("chunk", child.text, NOWHERE)
        if len(join_typed_apart([*run, token], Notices())) <= len(run):
            apart[at] = (Chunk,)
            run = []
        else:
            run.append(token)
    return apart


def _negation(child: Node) -> str:
    """A minus where one can stand: before no other negation and no mere punctuation."""
    if isinstance(child, Not) or (isinstance(child, Chunk) and not any(map(str.isalnum, child.text))):
        return f"NOT {_text(child)}"
    return f"-{_grouped(child, (Or, And))}"


def _grouped(node: Node, kinds: tuple[type, ...]) -> str:
    if isinstance(node, Or) and years_of_one_field(node):
        return _text(node)
    return f"({_text(node)})" if isinstance(node, kinds) else _text(node)


def _apart_from(text: str, following: Sequence[str]) -> str:
    """`text`, its years in parentheses where they would go on in what follows: (year:2020) ..2024."""
    years = _LAST_YEARS.search(text)
    if years is None:
        return text
    taken = SPACED_YEARS.match(" ".join((text, *following)), years.start(1))
    if taken is None or taken.end() <= len(text):
        return text
    return f"{text[: years.start()]}({years[0]})"


def _years(node: YearRange) -> str:
    if node.first == node.last:
        return str(node.first)
    return f"{'' if node.first is None else node.first}..{'' if node.last is None else node.last}"


def _quoted(text: str) -> str:
    escaped = text.replace(ESCAPE, ESCAPE * 2).replace('"', '\\"').replace("＂", "\\＂")
    return f'"{escaped}"'


def _value(text: str) -> str:
    return text if text.isalnum() else _quoted(text)


def _chunk(text: str) -> str:
    """`text` with a backslash before each character that would be read as a sign."""
    if not is_visible(text) or any(is_blank(char) for char in text):
        raise ValueError(f"no chunk can say {text!r}")
    if LONE_SIGNS.issuperset(text):
        return "".join(ESCAPE + char for char in text)
    layout = lay_out(text)
    colon = find_field(layout, 0)
    unknown = UNKNOWN_FIELD.match(text)
    if colon is None and unknown is not None:
        colon = unknown.end() - 1
    signs = SIGNS - MINUS_SIGNS | {ESCAPE}
    if signs.isdisjoint(set(text) - PARENTHESES) and not layout.groups and not layout.stray_parentheses:
        # 一般公共预算（草案） is text wherever it stands.
        signs = frozenset()
    if LITERAL_TILDE.search(text):
        signs |= TILDE_SIGNS
    first = MINUS_SIGNS | NEARLY_MINUS
    lead = ESCAPE if is_taken_for_word(text) else ""
    return lead + "".join(
        ESCAPE + char if char in signs or at == colon or (at == 0 and char in first) else char
        for at, char in enumerate(text)
    )
