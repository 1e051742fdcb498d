"""Other ways to read a query, each with what it finds: offered beside the hits, never imposed.

A chunk that is seldom found whole, in pieces; characters typed one by one, each for itself; the best piece of a
question that is answered by none of its paragraphs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from search.answer.failed_query import parts_of
from search.answer.question import Question
from search.language.query import And, Chunk, Node, Or, all_of, to_text
from search.language.query.apart import LEAST_CHARACTERS
from search.language.query.signs import MAX_CHARS
from search.messages import Message, queries, quoted
from search.messages import answers as says
from search.model import OtherReading

_MOST_PIECES = 6
_LEAST_CHARS = 2


def find_other_readings(question: Question, total: int) -> tuple[OtherReading, ...]:
    """The other readings that find something.

    Args:
        total: what tier 1 finds now.
    """
    wanted = other_trees(question, total)
    if not wanted:
        return ()
    totals = question.totals([(tree, question.query, None) for _, tree in wanted])
    found = [
        OtherReading(text, replace(question.query, text=to_text(tree), page=1), count)
        for (text, tree), count in zip(wanted, totals, strict=True)
        if count
    ]
    pieces = [reading for reading in found if reading.text.code == says.ONE_PIECE.code]
    best = min(pieces, key=lambda reading: reading.total, default=None)
    return tuple(reading for reading in found if reading not in pieces or reading is best)


def other_trees(question: Question, total: int) -> list[tuple[Message, Node]]:
    """What `find_other_readings` counts, each with what is said of it."""
    return [(text, tree) for text, tree in _readings(question, total) if len(to_text(tree)) <= MAX_CHARS]


def _readings(question: Question, total: int) -> Iterator[tuple[Message, Node]]:
    interpretation = question.interpretation
    for tree in interpretation.pieces:
        yield says.IN_PIECES(text=to_text(_plain(tree))), _plain(tree)
    if any(notice.code == queries.JOINED_CHARACTERS.code for notice in interpretation.parsed.notices):
        nodes = parts_of(interpretation.parsed.tree)
        apart = all_of(piece for node in nodes for piece in _as_typed(interpretation.parsed.text, node))
        yield says.CHARACTER_BY_CHARACTER(text=to_text(apart)), apart
    if not total:
        chunks = [node for node in parts_of(question.tree) if isinstance(node, Chunk)]
        if len(chunks) > 1:
            for chunk in chunks[:_MOST_PIECES]:
                if len(chunk.text) >= _LEAST_CHARS:
                    yield says.ONE_PIECE(text=quoted(chunk.text)), Chunk(chunk.text)


def _as_typed(text: str, node: Node) -> tuple[Node, ...]:
    """A chunk that was typed character by character, as these; any other part as it is."""
    if isinstance(node, Chunk) and len(node.text) >= LEAST_CHARACTERS:
        typed = text[slice(*node.span)]
        if typed != node.text and typed.split() == list(node.text):
            return tuple(map(Chunk, node.text))
    return (node,)


def _plain(tree: Node) -> Node:
    """A tree as it may be typed."""
    if isinstance(tree, And):
        return all_of(map(_plain, tree.children))
    if isinstance(tree, Or):
        return Or(tuple(map(_plain, tree.children)))
    return Chunk(tree.text, tree.span) if isinstance(tree, Chunk) else tree
