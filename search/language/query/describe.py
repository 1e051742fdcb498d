"""A tree -> a message that says how the query was read; its words are made at the edge, in either language."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

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
    Understood,
    Values,
    YearRange,
    years_of_one_field,
)
from search.messages import Message, quoted
from search.messages import names as named
from search.messages import queries as says

_FIELDS = {
    "text": named.FIELD_TEXT,
    "title": named.FIELD_TITLE,
    "heading": named.FIELD_HEADING,
    "city": named.FIELD_CITY,
    "province": named.FIELD_PROVINCE,
    "year": named.FIELD_YEAR,
    "type": named.FIELD_TYPE,
    "report": named.FIELD_REPORT,
    "plan_year": named.FIELD_PLAN_YEAR,
    "level": named.FIELD_LEVEL,
    "part": named.FIELD_PART,
    "added": named.FIELD_ADDED,
    "ocr": named.FIELD_OCR,
}


def name_field(field: str) -> Message:
    """A field's name for people."""
    return _FIELDS[field]()


def describe(tree: Node) -> Message:
    """How a query was read.

    Example:
        >>> str(describe(And((Chunk("营商环境"), Not(Chunk("招商"))))))
        '营商环境 且不含 招商'
    """
    return says.EVERY_PARAGRAPH() if isinstance(tree, Everything) else _said(tree)


def _said(node: Node) -> Message:
    if isinstance(node, Chunk):
        return _chunk(node)
    if isinstance(node, Or):
        if years := years_of_one_field(node):
            return _year_is(years)
        return says.ANY_OF(parts=[_grouped(child, (And, Not, Values)) for child in node.children])
    if isinstance(node, And):
        # What is wanted comes first, so that what is denied can't be read as reaching further.
        wanted = [
            _grouped(child, (Or,)) for child in node.children if not isinstance(child, (Not, OneInText))
        ]
        denied = [_denied(child.child) for child in node.children if isinstance(child, Not)]
        if not denied:
            return says.ALL_OF(parts=wanted)
        return says.ALL_BUT(parts=wanted, denied=denied) if wanted else says.NONE_OF(denied=denied)
    if isinstance(node, Not):
        return _denied(node.child)
    if isinstance(node, InField):
        return says.FIELD_WITH(field=name_field(node.field), part=_grouped(node.child, (Or, And)))
    return _leaf(node)


def _leaf(node: Node) -> Message:
    if isinstance(node, Values):
        return says.FIELD_IS(field=name_field(node.field), values=list(map(_visible, node.values)))
    if isinstance(node, YearRange):
        return _year_is([node])
    if isinstance(node, Near):
        return says.NEAR(parts=list(map(_visible, node.parts)), distance=node.distance)
    if isinstance(node, Exact):
        return says.EXACTLY(text=_visible(node.text))
    if isinstance(node, Prefix):
        return says.BEGINNING_WITH(text=_visible(node.text))
    if isinstance(node, Chunk):
        return _chunk(node)
    raise ValueError("an Everything stands within another node")


def _chunk(node: Chunk) -> Message:
    said = node.said if isinstance(node, Understood) else None
    return quoted(_visible(node.text)) if said is None else said


def _denied(node: Node) -> Message:
    if isinstance(node, Values):
        return says.FIELD_IS_NOT(field=name_field(node.field), values=list(map(_visible, node.values)))
    if isinstance(node, YearRange):
        is_not = says.YEAR_IS_NOT if node.field == "year" else says.WORK_YEAR_IS_NOT
        return is_not(years=[_years(node)])
    if isinstance(node, InField):
        return says.FIELD_WITHOUT(field=name_field(node.field), part=_grouped(node.child, (Or, And)))
    return says.NOT_CONTAINING(part=_grouped(node, (Or, And, Not)))


def _grouped(node: Node, kinds: tuple[type, ...]) -> Message:
    single = isinstance(node, Values) and len(node.values) == 1
    return says.GROUPED(part=_said(node)) if isinstance(node, kinds) and not single else _said(node)


def _year_is(years: Sequence[YearRange]) -> Message:
    said = says.YEAR_IS if years[0].field == "year" else says.WORK_YEAR_IS
    return said(years=[_years(year) for year in years])


def _years(node: YearRange) -> Message:
    if node.first is None:
        return says.YEAR_UNTIL(last=node.last)
    if node.last is None:
        return says.YEAR_FROM(first=node.first)
    if node.first == node.last:
        return quoted(str(node.first))
    return says.YEAR_RANGE(first=node.first, last=node.last)


def _visible(text: str) -> str:
    """The text without format characters, which could turn the words around it the other way."""
    return text if text.isalnum() else "".join(char for char in text if unicodedata.category(char) != "Cf")
