"""Why nothing was found: how the query was read, what occurs in no paragraph, and what would find something.

Each way out gives up one filter or one part of the query; its total is counted. Totals that are certain to be wanted
are asked for together, in three batches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Literal

from search.errors import QueryError
from search.language.query import (
    And,
    Chunk,
    Everything,
    Exact,
    InField,
    Near,
    Node,
    Not,
    Or,
    ParsedQuery,
    Prefix,
    Values,
    YearRange,
    all_of,
    parse_query,
    to_text,
)
from search.language.query.describe import describe, name_field
from search.language.query.signs import is_blank, is_visible
from search.language.text import Analyzer, normalize
from search.messages import Message, quoted
from search.messages import answers as says
from search.model import Explanation, Query, WayOut, filters_of, without_filters

MOST_WAYS = 8
MOST_PARTS = 12
"""Of a longer query only so many parts are tried."""
SHOWN_CHARS = 40
"""So much of a part is repeated in a sentence."""


Wanted = tuple[Node, Query, "int | None"]
"""A tree, the query whose filters hold, and `search.collection.Ask.enough`."""


class Totals:
    """Totals of trees under filters; asked for in batches, kept.

    Args:
        ask: how many paragraphs each finds.
    """

    def __init__(self, ask: Callable[[Sequence[Wanted]], Sequence[int]]) -> None:
        self._ask = ask
        self._known: dict[Wanted, int] = {}

    def prefetch(self, wanted: Iterable[Wanted]) -> None:
        """Ask for what isn't known yet, in one batch."""
        new = [each for each in dict.fromkeys(wanted) if each not in self._known]
        if new:
            self._known.update(zip(new, self._ask(new), strict=True))

    def __call__(self, tree: Node, query: Query, *, enough: int | None = None) -> int:
        """How many paragraphs a tree finds; or some number above `enough`, if that is known sooner."""
        self.prefetch([(tree, query, enough)])
        return self._known[tree, query, enough]


def explain_nothing(
    parsed: ParsedQuery, query: Query, count: Totals, analyzer: Analyzer, paragraphs: int
) -> Explanation:
    """Why `query` finds nothing, which it does.

    Args:
        paragraphs: how many the collection has.
    """
    if not paragraphs:
        return Explanation("empty_collection", (says.EMPTY_COLLECTION(),))
    found = _Failure(parsed.tree, query, count, analyzer, paragraphs)
    ways = found.ways_out()
    filters = [way for way in ways if way.code in ("drop_filter", "drop_filters")]
    sentences = [_read_as(parsed.tree, query), *found.reasons()]
    if len(sentences) == 1 and not filters:
        sentences.append(says.ONLY_APART() if len(found.parts) > 1 else says.NOTHING_MATCHES())
    sentences += [says.WAY_FINDS(way=way.text, n=way.total) for way in ways]
    code: Literal["missing_word", "filters", "combination"] = "combination"
    if found.missing or filters:
        code = "missing_word" if found.missing else "filters"
    return Explanation(code, tuple(sentences), found.missing, tuple(ways[:MOST_WAYS]))


class _Failure:
    """A query that finds nothing: its parts, and which of them nothing has, filters aside."""

    def __init__(self, tree: Node, query: Query, count: Totals, analyzer: Analyzer, paragraphs: int) -> None:
        self._tree, self._query, self._count, self._analyzer = tree, query, count, analyzer
        self._paragraphs = paragraphs
        self._anywhere = without_filters(query)
        self._known_missing: dict[Node, tuple[str, ...]] = {}
        self.parts = _parts(tree)
        self._tried = self.parts[:MOST_PARTS]
        count.prefetch(self._alone(part) for part in self._tried if not isinstance(part, Everything))
        self.lost = [part for part in self._tried if not isinstance(part, Everything) and not self._has(part)]
        self.missing = tuple(dict.fromkeys(word for part in self.lost for word in self._missing(part)))

    def _alone(self, node: Node) -> Wanted:
        """What is asked to know whether a node alone finds anything, filters aside.

        Of a denial what is denied is counted, which takes a tenth of the time of counting all the rest.
        """
        return (node.child, self._anywhere, None) if isinstance(node, Not) else (node, self._anywhere, 0)

    def _has(self, node: Node) -> bool:
        tree, query, enough = self._alone(node)
        total = self._count(tree, query, enough=enough)
        return total < self._paragraphs if isinstance(node, Not) else total > 0

    def _missing(self, node: Node) -> tuple[str, ...]:
        """Words of an unmatched node that occur in no paragraph, heading or title."""
        if node not in self._known_missing:
            self._known_missing[node] = tuple(self._find_missing(node))
        return self._known_missing[node]

    def _find_missing(self, node: Node) -> Iterator[str]:
        if isinstance(node, Chunk):
            words = self._words(node)
            self._count.prefetch(self._alone(Chunk(word)) for word in words)
            yield from (word for word in words if not self._has(Chunk(word)))
        elif isinstance(node, Exact):
            yield node.text
        elif isinstance(node, Near):
            strings = (Exact(part) for part in node.parts if is_visible(part))
            yield from (string.text for string in strings if not self._has(string))
        elif isinstance(node, Prefix):
            yield f"{node.text}*"
        elif isinstance(node, InField):
            if not self._has(node.child):
                yield from self._missing(node.child)
        elif isinstance(node, (And, Or)):
            for child in node.children[:MOST_PARTS]:
                if not self._has(child):
                    yield from self._missing(child)

    def _words(self, chunk: Chunk) -> list[str]:
        """What a chunk is made of, each as it was typed."""
        normal = normalize(chunk.text)
        units = self._analyzer.query_units(chunk.text)[:MOST_PARTS]
        spans = [(unit[0].start, unit[-1].start + unit[-1].length) for unit in units]
        # A blank that counts for nothing may stand in a name; a chunk can't have one.
        return ["".join(chunk.text[slice(*normal.to_original(*span))].split()) for span in spans]

    def reasons(self) -> list[Message]:
        """What is in the way."""
        said = []
        if self.missing:
            said.append(says.WORDS_MISSING(words=list(map(_clipped, self.missing))))
        for part in self.lost:
            reading = _clipped_reading(part)
            if isinstance(part, (Values, YearRange)):
                said.append(says.NO_REPORT_MATCHES(part=reading))
            elif self._missing(part):
                continue
            elif isinstance(part, Chunk):
                said.append(says.WORDS_APART(part=reading))
            elif len(self.parts) > 1 or isinstance(part, (InField, Near)):
                said.append(says.PART_MATCHES_NOTHING(part=reading))
        return said

    def ways_out(self) -> list[WayOut]:
        """What may be given up, each with what it leads to."""
        self._count.prefetch(self._dropping_one())
        ways = [*self._without_filters(), *self._without_parts()]
        if len(self.lost) > 1 and not ways:
            ways = list(self._without_all_lost())
        if not ways:
            ways = list(self._parts_alone())
        return [way for way in ways if _can_be_typed(way.query.text)]

    def _dropping_one(self) -> Iterator[Wanted]:
        """The trees with one filter or one part given up, where that may help."""
        if self._may_help(None):
            for name in filters_of(self._query):
                yield self._tree, without_filters(self._query, [name]), None
        for rest, part in self._each_dropped():
            if isinstance(part, (Values, YearRange)) or not _asks_for_nothing(rest):
                yield rest, self._query, None

    def _may_help(self, part: Node | None) -> bool:
        """Whether giving up `part` (None: a filter) may leave anything: not while another part finds nothing."""
        return all(lost is part for lost in self.lost)

    def _without_filters(self) -> Iterator[WayOut]:
        query = self._query
        chosen = filters_of(query)
        helped = False
        for name in chosen if self._may_help(None) else ():
            freed = without_filters(query, [name])
            total = self._count(self._tree, freed)
            if total:
                helped = True
                text = says.ANY_VALUE(field=name_field(name), values=_shown(query, name))
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
            total = self._count(self._tree, self._anywhere)
            if total:
                yield WayOut("drop_filters", None, says.NO_FILTERS(), total, self._anywhere)

    def _without_parts(self) -> list[WayOut]:
        found = []
        for rest, part in self._each_dropped():
            if not isinstance(part, (Values, YearRange)) and not _asks_for_nothing(rest):
                total = self._count(rest, self._query)
                if total:
                    text = says.WITHOUT_PARTS(parts=[_as_typed(part)])
                    found.append(WayOut("drop_part", None, text, total, _asking(self._query, rest)))
        for number, part in enumerate(self._tried):
            if self._may_help(part) or not self.lost:
                found += self._loosened(number, part)
        return sorted(found, key=lambda way: -way.total)

    def _loosened(self, number: int, part: Node) -> Iterator[WayOut]:
        """What finds something once a part is asked for less strictly: unquoted, at any distance, less a word."""

        def way(
            code: Literal["drop_part", "drop_quotes"], text: Message, instead: Sequence[Node]
        ) -> Iterator[WayOut]:
            tree = all_of([*self.parts[:number], *instead, *self.parts[number + 1 :]])
            total = self._count(tree, self._query) if instead else 0
            if total:
                yield WayOut(code, None, text, total, _asking(self._query, tree))

        if isinstance(part, Exact):
            yield from way("drop_quotes", says.UNQUOTED(text=_clipped(part.text)), _unquoted(part.text))
        elif isinstance(part, Near):
            strings = [Exact(string) for string in part.parts if is_visible(string)]
            texts = [_clipped(string.text) for string in strings]
            yield from way("drop_quotes", says.ANY_DISTANCE(texts=texts), strings)
        elif isinstance(part, Chunk) and (self.lost or len(self.parts) == 1):
            words = self._words(part)
            lost = [word for word in words if word in self.missing]
            for given_up in [lost] if lost else [[word] for word in dict.fromkeys(words)]:
                kept: list[Node] = [Chunk(word) for word in words if word not in given_up]
                yield from way("drop_part", says.WITHOUT_PARTS(parts=list(map(_clipped, given_up))), kept)

    def _without_all_lost(self) -> Iterator[WayOut]:
        """What finds something once every part that nothing has is given up."""
        rest = [part for part in self._tried if part not in self.lost]
        kept = all_of(rest)
        if rest and not _asks_for_nothing(kept):
            for freed in dict.fromkeys((self._query, self._anywhere)):
                total = self._count(kept, freed)
                if total:
                    without = says.WITHOUT_PARTS if freed == self._query else says.WITHOUT_PARTS_OR_FILTERS
                    text = without(parts=[_as_typed(part) for part in self.lost])
                    yield WayOut("drop_part", None, text, total, _asking(freed, kept))
                    return

    def _parts_alone(self) -> Iterator[WayOut]:
        """What each part finds by itself, under the filters or else without; of a lone chunk, each of its words."""
        parts = self._tried
        if len(self.parts) == 1:
            words = self._words(parts[0]) if isinstance(parts[0], Chunk) else []
            parts = tuple(Chunk(word) for word in dict.fromkeys(words)) if len(words) > 1 else ()
        for part in parts:
            if not _asks_for_nothing(part) and part not in self.lost:
                for freed in dict.fromkeys((self._query, self._anywhere)):
                    total = self._count(part, freed)
                    if total:
                        alone = says.PART_ALONE if freed == self._query else says.PART_ALONE_UNFILTERED
                        text = alone(text=_as_typed(part))
                        yield WayOut("drop_part", None, text, total, _asking(freed, part))
                        break

    def _each_dropped(self) -> Iterator[tuple[Node, Node]]:
        """The tree without each of its parts that may be in the way, with that part; nothing where it has only one."""
        if len(self.parts) > 1:
            for number, part in enumerate(self._tried):
                if self._may_help(part):
                    yield all_of([*self.parts[:number], *self.parts[number + 1 :]]), part


def _read_as(tree: Node, query: Query) -> Message:
    """How the query was read, and what it is limited to."""
    conditions = [
        says.CONDITION(field=name_field(name), values=_shown(query, name)) for name in filters_of(query)
    ]
    reading = describe(tree)
    return (
        says.READ_AS_LIMITED(reading=reading, conditions=conditions)
        if conditions
        else says.READ_AS(reading=reading)
    )


def _shown(query: Query, name: str) -> list[str | None]:
    """The values of a filter that the query has."""
    if name == "ocr":
        return ["off"]
    if name == "added":
        return ["..".join(day or "" for day in query.added)]
    return [None if value is None else str(value) for value in getattr(query, name)]


def _clipped_reading(part: Node) -> Message:
    """How a part reads; as typed and clipped if that is long."""
    reading = describe(part)
    return reading if len(str(reading)) <= SHOWN_CHARS else quoted(_clipped(str(reading)))


def _parts(tree: Node) -> tuple[Node, ...]:
    return tree.children if isinstance(tree, And) else (tree,)


def _unquoted(text: str) -> list[Chunk]:
    """What was quoted, as chunks: no chunk has a blank in it."""
    return [Chunk(word) for word in "".join(" " if is_blank(sign) else sign for sign in text).split()]


def _asks_for_nothing(tree: Node) -> bool:
    """Whether only filters and denials are left: what they leave is no help."""
    return all(isinstance(part, (Not, Values, YearRange)) for part in _parts(tree))


def _can_be_typed(text: str) -> bool:
    """Whether a printed query keeps the limits: what was quoted may need backslashes, and be many parts unquoted."""
    try:
        parse_query(text)
    except QueryError:
        return False
    return True


def _as_typed(part: Node) -> str:
    return _clipped(part.text if isinstance(part, Chunk) else to_text(part))


def _clipped(text: str) -> str:
    return text if len(text) <= SHOWN_CHARS else text[: SHOWN_CHARS - 1] + "…"


def _asking(query: Query, tree: Node) -> Query:
    return replace(query, text=to_text(tree), page=1)
