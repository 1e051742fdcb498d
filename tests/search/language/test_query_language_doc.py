"""docs/query-language.md says what the language does: every example in its tables is checked here."""

from __future__ import annotations

import json

import pytest

from search.errors import QueryError
from search.language.query import (
    And,
    Everything,
    InField,
    Near,
    Node,
    Not,
    Or,
    Values,
    YearRange,
    describe,
    parse_query,
    to_text,
)
from search.language.query.signs import FIELD_NAMES, MAX_CHARS, MAX_DEPTH, MAX_DISTANCE, MAX_LEAVES
from search.messages import Declared, queries
from tests.search.language_page import DOCS, EXAMPLES, REFUSALS

_PAGE = (DOCS / "query-language.md").read_text(encoding="utf-8")


def outline(node: Node) -> str:
    """A tree as the page prints it."""
    if isinstance(node, (And, Or)):
        return f"{type(node).__name__}({', '.join(map(outline, node.children))})"
    if isinstance(node, Not):
        return f"Not({outline(node.child)})"
    if isinstance(node, InField):
        return f"InField({node.field}, {outline(node.child)})"
    if isinstance(node, Values):
        return f"Values({node.field}, {', '.join(map(quoted, node.values))})"
    if isinstance(node, YearRange):
        field = "" if node.field == "year" else f"{node.field}, "
        return f"YearRange({field}{node.first}, {node.last})"
    if isinstance(node, Near):
        return f"Near({quoted(node.text)}, {node.distance})"
    if isinstance(node, Everything):
        return "Everything()"
    return f"{type(node).__name__}({quoted(node.text)})"


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def test_page_has_its_examples() -> None:
    assert len(EXAMPLES) >= 75
    assert len(REFUSALS) >= 5
    assert _PAGE.count("\n| `") == len(EXAMPLES) + len(REFUSALS) + 1  # the row for `~` among the limits


@pytest.mark.parametrize(("typed", "reading", "tree", "notice"), EXAMPLES, ids=[row[0] for row in EXAMPLES])
def test_example_is_read_as_the_page_says(typed: str, reading: str, tree: str, notice: str) -> None:
    parsed = parse_query(typed)
    assert outline(parsed.tree) == tree
    assert str(describe(parsed.tree)) == reading
    assert "；".join(str(found.said) for found in parsed.notices) == notice.removeprefix("—")
    assert parse_query(to_text(parsed.tree)).tree == parsed.tree


@pytest.mark.parametrize(("typed", "position", "message", "hint"), REFUSALS, ids=[row[0] for row in REFUSALS])
def test_refusal_is_as_the_page_says(typed: str, position: str, message: str, hint: str) -> None:
    with pytest.raises(QueryError) as refusal:
        parse_query(typed)
    assert refusal.value.position == int(position)
    assert str(refusal.value.message) == message
    assert str(refusal.value.hint) == hint


def test_page_names_every_field() -> None:
    for name in FIELD_NAMES:
        assert f"`{name}`" in _PAGE


@pytest.mark.parametrize(
    "kind",
    [kind for kind in queries.NOTICES if kind not in (queries.INVALID_CHARACTER, queries.INVISIBLE)],
    ids=lambda kind: kind.code,
)
def test_page_shows_every_notice(kind: Declared) -> None:
    assert any(str(kind()) in row[3] for row in EXAMPLES)


@pytest.mark.parametrize(
    "line",
    [
        f"| 长度 | {MAX_CHARS} 字 |",
        f"| 项数（词、引文、字段的每个值） | {MAX_LEAVES} 项 |",
        f"| 括号和不含的嵌套 | {MAX_DEPTH} 层 |",
        f"| `~` 的距离 | {MAX_DISTANCE} 字 |",
    ],
)
def test_page_states_every_limit(line: str) -> None:
    assert line in _PAGE.splitlines()
