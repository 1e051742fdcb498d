"""The ways out of a query that finds nothing: what finds something once a filter or a part is given up, or loosened.

Each way's total is counted. Totals that are certain to be wanted are asked for together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal, TypeAlias

from search.answer.failed_query import FailedQuery, Wanted, parts_of
from search.answer.query_words import as_typed, clipped, shown_values
from search.errors import QueryError
from search.language.query import (
    Chunk,
    Exact,
    Near,
    Node,
    Not,
    Values,
    YearRange,
    all_of,
    parse_query,
    to_text,
)
from search.language.query.describe import name_field
from search.language.query.signs import is_blank, is_visible
from search.messages import Message
from search.messages import answers as says
from search.model import Query, WayOut, filters_of, without_filters

_Code: TypeAlias = Literal["drop_part", "drop_quotes"]
_Loosened: TypeAlias = tuple[_Code, Message, Node]


class WaysOut:
    """What may be given up of a query that finds nothing."""

    def __init__(self, failed: FailedQuery) -> None:
        self._of = failed
        self._query, self._count = failed.query, failed.count

    def find(self) -> list[WayOut]:
        """What may be given up, each with what it leads to."""
        self._count.prefetch(self._dropping_one())
        ways = [*self._without_filters(), *self._without_parts()]
        if len(self._of.lost) > 1 and not ways:
            ways = list(self._without_all_lost())
        if not ways:
            ways = list(self._parts_alone())
        return [way for way in ways if _can_be_typed(way.query.text)]

    def _dropping_one(self) -> Iterator[Wanted]:
        """The trees with one filter or one part given up, where that may help."""
        if self._may_help(None):
            for name in filters_of(self._query):
                yield self._of.tree, without_filters(self._query, [name]), None
        for rest, part in self._each_dropped():
            if isinstance(part, (Values, YearRange)) or not _asks_for_nothing(rest):
                yield rest, self._query, None

    def _may_help(self, part: Node | None) -> bool:
        """Whether giving up `part` (None: a filter) may leave anything: not while another part finds nothing."""
        return all(lost is part for lost in self._of.lost)

    def _without_filters(self) -> Iterator[WayOut]:
        query = self._query
        chosen = filters_of(query)
        helped = False
        for name in chosen if self._may_help(None) else ():
            freed = without_filters(query, [name])
            total = self._count(self._of.tree, freed)
            if total:
                helped = True
                text = says.ANY_VALUE(field=name_field(name), values=shown_values(query, name))
                yield WayOut("drop_filter", name, text, total, freed)
        for rest, part in self._each_dropped():
            if isinstance(part, (Values, YearRange)):
                total = self._count(rest, query)
                if total:
                    helped = True
                    field = part.field
                    text = says.ANY_VALUE_TYPED(field=name_field(field), typed=to_text(part))
                    yield WayOut("drop_filter", field, text, total, _asking(query, rest))
        if len(chosen) > 1 and not helped and self._may_help(None):
            total = self._count(self._of.tree, self._of.anywhere)
            if total:
                yield WayOut("drop_filters", None, says.NO_FILTERS(), total, self._of.anywhere)

    def _without_parts(self) -> list[WayOut]:
        found = []
        for rest, part in self._each_dropped():
            if not isinstance(part, (Values, YearRange)) and not _asks_for_nothing(rest):
                total = self._count(rest, self._query)
                if total:
                    text = says.WITHOUT_PARTS(parts=[as_typed(part)])
                    found.append(WayOut("drop_part", None, text, total, _asking(self._query, rest)))
        loosened = [
            way
            for number, part in enumerate(self._of.tried)
            if self._may_help(part) or not self._of.lost
            for way in self._loosened(number, part)
        ]
        self._count.prefetch((tree, self._query, None) for _, _, tree in loosened)
        for code, text, tree in loosened:
            if total := self._count(tree, self._query):
                found.append(WayOut(code, None, text, total, _asking(self._query, tree)))
        return sorted(found, key=lambda way: -way.total)

    def _loosened(self, number: int, part: Node) -> Iterator[_Loosened]:
        """Trees in which a part is asked for less strictly: unquoted, at any distance, less a word."""

        def way(code: _Code, text: Message, instead: Sequence[Node]) -> Iterator[_Loosened]:
            if instead:
                yield code, text, all_of([*self._of.parts[:number], *instead, *self._of.parts[number + 1 :]])

        if isinstance(part, Exact):
            yield from way("drop_quotes", says.UNQUOTED(text=clipped(part.text)), _unquoted(part.text))
        elif isinstance(part, Near):
            strings = [Exact(string) for string in part.parts if is_visible(string)]
            texts = [clipped(string.text) for string in strings]
            yield from way("drop_quotes", says.ANY_DISTANCE(texts=texts), strings)
        elif isinstance(part, Chunk) and (self._of.lost or len(self._of.parts) == 1):
            words = self._of.words_of(part)
            lost = [word for word in words if word in self._of.missing]
            for given_up in [lost] if lost else [[word] for word in dict.fromkeys(words)]:
                kept: list[Node] = [Chunk(word) for word in words if word not in given_up]
                yield from way("drop_part", says.WITHOUT_PARTS(parts=list(map(clipped, given_up))), kept)

    def _without_all_lost(self) -> Iterator[WayOut]:
        """What finds something once every part that nothing has is given up."""
        rest = [part for part in self._of.tried if part not in self._of.lost]
        kept = all_of(rest)
        if rest and not _asks_for_nothing(kept):
            for freed in dict.fromkeys((self._query, self._of.anywhere)):
                total = self._count(kept, freed)
                if total:
                    without = says.WITHOUT_PARTS if freed == self._query else says.WITHOUT_PARTS_OR_FILTERS
                    text = without(parts=[as_typed(part) for part in self._of.lost])
                    yield WayOut("drop_part", None, text, total, _asking(freed, kept))
                    return

    def _parts_alone(self) -> Iterator[WayOut]:
        """What each part finds by itself, under the filters or else without; of a lone chunk, each of its words."""
        parts = self._of.tried
        if len(self._of.parts) == 1:
            words = self._of.words_of(parts[0]) if isinstance(parts[0], Chunk) else []
            parts = tuple(Chunk(word) for word in dict.fromkeys(words)) if len(words) > 1 else ()
        parts = tuple(part for part in parts if not _asks_for_nothing(part) and part not in self._of.lost)
        self._count.prefetch((part, self._query, None) for part in parts)
        for part in parts:
            for freed in dict.fromkeys((self._query, self._of.anywhere)):
                total = self._count(part, freed)
                if total:
                    alone = says.PART_ALONE if freed == self._query else says.PART_ALONE_UNFILTERED
                    text = alone(text=as_typed(part))
                    yield WayOut("drop_part", None, text, total, _asking(freed, part))
                    break

    def _each_dropped(self) -> Iterator[tuple[Node, Node]]:
        """The tree without each of its parts that may be in the way, with that part; nothing where it has only one."""
        if len(self._of.parts) > 1:
            for number, part in enumerate(self._of.tried):
                if self._may_help(part):
                    yield all_of([*self._of.parts[:number], *self._of.parts[number + 1 :]]), part


def _unquoted(text: str) -> list[Chunk]:
    """What was quoted, as chunks: no chunk has a blank in it."""
    return [Chunk(word) for word in "".join(" " if is_blank(sign) else sign for sign in text).split()]


def _asks_for_nothing(tree: Node) -> bool:
    """Whether only filters and denials are left: what they leave is no help."""
    return all(isinstance(part, (Not, Values, YearRange)) for part in parts_of(tree))


def _can_be_typed(text: str) -> bool:
    """Whether a printed query keeps the limits: what was quoted may need backslashes, and be many parts unquoted."""
    try:
        parse_query(text)
    except QueryError:
        return False
    return True


def _asking(query: Query, tree: Node) -> Query:
    return replace(query, text=to_text(tree), page=1)
