"""Mutants of a module: one operator, constant or condition changed within a function."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Break: ast.Continue,
    ast.Continue: ast.Break,
}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed module.

    Args:
        name: of the outermost function that is changed, with its classes: `Reader.read`.
        first_line: where that function begins, its decorators included.
        line: of the change.
        change: what was there -> what is there now.
        source: the whole module.
    """

    path: Path
    name: str
    first_line: int
    line: int
    change: str
    source: str


def iter_mutants(path: Path) -> Iterator[Mutant]:
    """Every mutant of a module's functions; annotations, decorators and docstrings are let be."""
    source = path.read_text("utf-8")
    for name, function in _functions(ast.parse(source), ""):
        first_line = min([function.lineno, *(one.lineno for one in function.decorator_list)])
        for node, new in _changes(function):
            old = ast.get_source_segment(source, node)
            if old is not None:
                change = f"{' '.join(old.split())} -> {new}"
                yield Mutant(path, name, first_line, node.lineno, change, _replaced(source, node, new))


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, Function]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            yield f"{prefix}{child.name}", child
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{prefix}{child.name}.")
        elif isinstance(child, (ast.If, ast.Try)):
            yield from _functions(child, prefix)


def _changes(function: Function) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """Each node that can be changed, and its new source."""
    for statement in function.body:
        for node in _walk(statement):
            for new in _variants(node):
                yield node, new


def _walk(node: ast.AST) -> Iterator[ast.expr | ast.stmt]:
    """What is run of a node: no annotation, no string that stands alone, no part of an f-string."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, (ast.expr, ast.stmt)):
        yield node
    if isinstance(node, ast.JoinedStr):
        return
    skipped = {id(getattr(node, name, None)) for name in ("annotation", "returns")}
    for child in ast.iter_child_nodes(node):
        if id(child) not in skipped:
            yield from _walk(child)


def _variants(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Compare):
        for at, operator in enumerate(node.ops):
            if type(operator) in SWAPPED:
                yield _with(node, ops=[*node.ops[:at], SWAPPED[type(operator)](), *node.ops[at + 1 :]])
    elif isinstance(node, ast.BoolOp):
        yield _with(node, op=SWAPPED[type(node.op)]())
        yield from (
            _with(node, values=node.values[:at] + node.values[at + 1 :]) for at in range(len(node.values))
        )
    elif isinstance(node, ast.BinOp) and type(node.op) in SWAPPED:
        yield _with(node, op=SWAPPED[type(node.op)]())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.USub)):
        yield f"({ast.unparse(node.operand)})"
    elif isinstance(node, ast.Constant) and isinstance(node.value, (bool, int)):
        yield str(not node.value) if isinstance(node.value, bool) else str(node.value + 1)
    elif isinstance(node, ast.IfExp):
        yield _with(node, body=node.orelse, orelse=node.body)
    elif isinstance(node, (ast.Break, ast.Continue)):
        yield ast.unparse(SWAPPED[type(node)]())
    elif isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield "return None"


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _with(node: ast.expr, **fields: object) -> str:
    """The source of a node with other fields, in parentheses."""
    kept = {name: getattr(node, name) for name in node._fields}
    return f"({ast.unparse(type(node)(**{**kept, **fields}))})"


def _replaced(source: str, node: ast.expr | ast.stmt, new: str) -> str:
    """The source with a node's text replaced; the lines behind it keep their numbers."""
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    lines = source.encode().splitlines(keepends=True)
    start = sum(map(len, lines[: node.lineno - 1])) + node.col_offset
    end = sum(map(len, lines[: node.end_lineno - 1])) + node.end_col_offset
    whole = source.encode()
    gone = whole[start:end].count(b"\n")
    padded = (
        new.encode() if not gone or isinstance(node, ast.stmt) else b"(" + new.encode() + b"\n" * gone + b")"
    )
    return (whole[:start] + padded + whole[end:]).decode()
