"""Text in the query language -> its tree, with notices about what was read literally.

query     = [ either ]
either    = all { ("OR" | "|") all }
all       = denied { [ "AND" ] denied }
denied    = { "NOT" | "-" } operand
operand   = chunk | prefix | string [ "~" n ] | list | field operand | "(" either ")"

So NOT binds tighter than AND (a blank), AND tighter than OR. Bad syntax is never a silent zero: it is read
literally with a notice, or refused with its place.
"""

from __future__ import annotations

import re
from typing import get_args

from msgspec import Struct

from search.errors import QueryError
from search.language.query.apart import join_typed_apart, may_be_joined
from search.language.query.lex import ONE_QUOTED, Token, iter_tokens, plain_chunks
from search.language.query.notices import Notices
from search.language.query.signs import EITHER_YEAR, MAX_CHARS, MAX_DEPTH, MAX_LEAVES, is_visible
from search.language.query.tree import (
    And,
    Chunk,
    Everything,
    Exact,
    InField,
    Leaf,
    Near,
    Node,
    Not,
    Or,
    Prefix,
    ValueField,
    Values,
    YearRange,
    all_of,
    any_of,
    iter_leaves,
)
from search.language.query.years import read_years
from search.messages import queries
from search.model import Notice, YearField

_VALUE_FIELDS: dict[str | None, ValueField] = {field: field for field in get_args(ValueField)}

_SURROGATE = re.compile("[\ud800-\udfff]")


class ParsedQuery(Struct, frozen=True):
    """What a query text means. `text` is as typed (lone surrogates replaced); leaves' spans point into it.

    `chunks` are those of a query that asks for chunks and nothing else, as most do; of any other it is ().
    """

    tree: Node
    notices: tuple[Notice, ...]
    text: str
    chunks: tuple[Chunk, ...] = ()


def parse_query(text: str) -> ParsedQuery:
    """The tree of `text`, whatever it is.

    Raises:
        QueryError: too long, too many parts, nested too deeply, or a value that can't be read; says where.

    Example:
        >>> parse_query("营商环境 -招商").tree == all_of([Chunk("营商环境"), Not(Chunk("招商"))])
        True
    """
    if len(text) > MAX_CHARS:
        raise QueryError(
            queries.QUERY_TOO_LONG(length=len(text), most=MAX_CHARS),
            position=MAX_CHARS,
            hint=queries.SHORTEN_QUERY(),
        )
    if (plain := plain_chunks(text)) is not None and len(plain) <= MAX_LEAVES and not may_be_joined(plain):
        chunks = tuple([Chunk(*chunk) for chunk in plain])
        return ParsedQuery(chunks[0] if len(chunks) == 1 else And(chunks), (), text, chunks)
    if (quoted := ONE_QUOTED.fullmatch(text)) is not None:
        return ParsedQuery(Exact(quoted[1] or quoted[2], (0, len(text))), (), text)
    return _parse(text)


def _parse(text: str) -> ParsedQuery:
    """The tree of a text that may have signs."""
    notices = Notices()
    encodable = text
    invalid = _SURROGATE.search(text)
    if invalid is not None:
        notices.add(queries.INVALID_CHARACTER, invalid.start())
        encodable = _SURROGATE.sub("\ufffd", text)
    tokens = join_typed_apart(list(iter_tokens(encodable, notices)), notices)
    tree = _Parser(tokens, notices).parse()
    leaves = tree.children if isinstance(tree, And) else (tree,)
    chunks = tuple([leaf for leaf in leaves if isinstance(leaf, Chunk)])
    return ParsedQuery(tree, notices.in_order(), encodable, chunks if len(chunks) == len(leaves) else ())


class _Parser:
    def __init__(self, tokens: list[Token], notices: Notices) -> None:
        self.tokens = tokens
        self.notices = notices
        self.at = 0
        self.leaves = 0
        self.depth = 0
        self.inside_field = False

    def parse(self) -> Node:
        # Groups close where they open (see layout), so nothing is left over.
        return self._either() or Everything()

    def _peek(self) -> str:
        return self.tokens[self.at].kind if self.at < len(self.tokens) else "end"

    def _take(self) -> Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def _either(self) -> Node | None:
        """Alternatives up to a closing parenthesis or the end; None where there is nothing."""
        branches: list[Node] = []
        branch = self._all([])
        while self._peek() == "or":
            operator = self._take()
            before = [] if branch is None else [branch]
            following = self._all([])
            if branch is None or following is None:
                # An OR without both sides is a word among the others.
                literal = self._literal_operator(operator)
                parts = [*before, *literal, *([] if following is None else [following])]
                branch = all_of(parts) if parts else None
            else:
                branches.append(branch)
                branch = following
        if branch is not None:
            branches.append(branch)
        return any_of(branches) if branches else None

    def _all(self, parts: list[Node]) -> Node | None:
        """What stands side by side, up to an OR, a closing parenthesis or the end."""
        while self._peek() not in ("or", "close", "end"):
            if self._peek() == "and":
                operator = self._take()
                following = None if not parts or self._peek() == "and" else self._denied()
                if following is None:
                    parts.extend(self._literal_operator(operator))
                else:
                    parts.append(following)
                continue
            part = self._denied()
            if part is not None:
                parts.append(part)
        return all_of(parts) if parts else None

    def _denied(self) -> Node | None:
        if self._peek() != "not":
            return self._operand()
        operator = self._take()
        with_operand = self._peek() not in ("or", "and", "close", "end")
        self._enter(operator)
        operand = self._denied() if with_operand else None
        self.depth -= 1
        if operand is not None:
            return Not(operand)
        literal = self._literal_operator(operator)
        return literal[0] if literal else None

    def _operand(self) -> Node | None:
        """One chunk, string, list, field or group; None for one that is empty, or where none begins."""
        kind = self._peek()
        if kind in ("or", "and", "close", "end"):
            return None
        if kind == "not":
            return self._denied()
        token = self._take()
        if kind == "open":
            return self._group(token)
        if kind == "field":
            return self._in_field(token)
        if kind == "list":
            return self._list(token)
        if kind == "quoted":
            return self._quoted(token)
        leaf = Prefix(token.text, token.span) if kind == "prefix" else Chunk(token.text, token.span)
        return self._count(leaf)

    def _group(self, opening: Token) -> Node | None:
        self._enter(opening)
        tree = self._either()
        self.depth -= 1
        self._take()
        if tree is None:
            self.notices.add(queries.EMPTY_GROUP, opening.span[0])
        return tree

    def _quoted(self, token: Token) -> Node | None:
        if not is_visible(token.text):
            self.notices.add(queries.INVISIBLE if token.text.strip() else queries.EMPTY_QUOTES, token.span[0])
            return None
        if token.distance is None:
            return self._count(Exact(token.text, token.span))
        if sum(map(is_visible, token.text.split())) < 2:
            self.notices.add(queries.SINGLE_NEAR, token.span[0])
            return self._count(Exact(token.text, token.span))
        return self._count(Near(token.text, token.distance, token.span))

    def _in_field(self, token: Token) -> Node | None:
        self._refuse_nested(token)
        field = token.field
        if field == "text" or field == "title" or field == "heading":
            self.inside_field = True
            child = self._operand()
            self.inside_field = False
            if child is None:
                self.notices.add(queries.EMPTY_FIELD, token.span[0])
                return self._count(Chunk(token.text, token.span))
            return InField(field, child, (token.span[0], self.tokens[self.at - 1].span[1]))
        return self._list_from_group(token)

    def _list_from_group(self, token: Token) -> Node | None:
        """`city:(四平 OR 辽源)`, which says the same as `city:四平,辽源`."""
        counted = self.leaves
        self.inside_field = True
        child = self._operand()
        self.inside_field = False
        self.leaves = counted
        if child is None:
            self.notices.add(queries.EMPTY_FIELD, token.span[0])
            return self._count(Chunk(token.text, token.span))
        options = child.children if isinstance(child, Or) else (child,)
        if not all(isinstance(option, (Chunk, Exact)) for option in options):
            raise QueryError(
                queries.ONLY_VALUES_IN_FIELD(field=token.text),
                position=token.span[0],
                hint=queries.LIST_WITH_COMMAS(),
            )
        span = (token.span[0], self.tokens[self.at - 1].span[1])
        return self._values(token, list(iter_leaves(child)), span)

    def _list(self, token: Token) -> Node | None:
        self._refuse_nested(token)
        return self._values(token, [Exact(item.text, item.span) for item in token.items], token.span)

    def _values(self, token: Token, leaves: list[Leaf], span: tuple[int, int]) -> Node:
        items = [(leaf.text, leaf.span) for leaf in leaves if isinstance(leaf, (Chunk, Exact))]
        field = token.field
        if field in _VALUE_FIELDS:
            for _, item_span in items:
                self._count_one(item_span[0])
            return Values(_VALUE_FIELDS[field], tuple(text for text, _ in items), span)
        if token.text[:-1].strip() == EITHER_YEAR:
            self.notices.add(queries.YEAR_OF_DELIVERY, token.span[0])
        year: YearField = "plan_year" if field == "plan_year" else "year"
        return any_of([self._count(self._years(text, item_span, year)) for text, item_span in items])

    def _years(self, text: str, span: tuple[int, int], field: YearField) -> YearRange:
        years = read_years(text)
        if years is None:
            raise QueryError(
                queries.UNREADABLE_YEAR(year=text[:20]),
                position=span[0],
                hint=queries.WRITE_YEARS(),
            )
        first, last = years
        if first is not None and last is not None and first > last:
            self.notices.add(queries.REVERSED_YEARS, span[0])
            first, last = last, first
        return YearRange(first, last, span, field)

    def _literal_operator(self, token: Token) -> list[Node]:
        """An operator that has nothing to work on: a word is text, a sign is left out."""
        if token.text.isalpha():
            self.notices.add(queries.LITERAL_OPERATOR, token.span[0])
            return [self._count(Chunk(token.text, token.span))]
        self.notices.add(queries.LONE_SIGN, token.span[0])
        return []

    def _refuse_nested(self, token: Token) -> None:
        if self.inside_field:
            raise QueryError(
                queries.FIELD_IN_FIELD(field=token.text),
                position=token.span[0],
                hint=queries.FIELDS_SIDE_BY_SIDE(),
            )

    def _enter(self, token: Token) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise QueryError(
                queries.NESTED_TOO_DEEP(most=MAX_DEPTH),
                position=token.span[0],
                hint=queries.NEST_LESS(),
            )

    def _count_one(self, position: int) -> None:
        self.leaves += 1
        if self.leaves > MAX_LEAVES:
            raise QueryError(
                queries.TOO_MANY_ITEMS(most=MAX_LEAVES),
                position=position,
                hint=queries.USE_FEWER_WORDS(),
            )

    def _count(self, leaf: Leaf) -> Leaf:
        self._count_one(leaf.span[0])
        return leaf
