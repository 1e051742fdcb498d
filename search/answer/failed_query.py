"""A query that finds nothing, taken apart: which of its parts nothing has, and which words occur nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from search.language.query import And, Chunk, Everything, Exact, InField, Near, Node, Not, Or, Prefix
from search.language.query.signs import is_visible
from search.language.text import Analyzer, normalize
from search.model import Query, without_filters

MOST_PARTS = 12
"""Of a longer query only so many parts are tried."""

Wanted = tuple[Node, Query, "int | None"]
"""A tree, the query whose filters hold, and `search.collection.Ask.enough`."""
_Key = tuple[Node, int, "int | None"]


class Totals:
    """Totals of trees under filters; asked for in batches, kept.

    Args:
        ask: how many paragraphs each finds.
    """

    def __init__(self, ask: Callable[[Sequence[Wanted]], Sequence[int]]) -> None:
        self._ask = ask
        self._known: dict[_Key, int] = {}
        self._queries: dict[int, tuple[Query, int]] = {}
        """By identity, since to hash a query takes longest: each with a number, of equal ones the same."""
        self._numbers: dict[Query, int] = {}

    def _key(self, tree: Node, query: Query, enough: int | None) -> _Key:
        known = self._queries.get(id(query))
        if known is None:
            number = self._numbers.setdefault(query, len(self._numbers))
            known = self._queries[id(query)] = query, number
        return tree, known[1], enough

    def prefetch(self, wanted: Iterable[Wanted]) -> None:
        """Ask for what isn't known yet, in one batch."""
        self.of_all(list(wanted))

    def of_all(self, wanted: Sequence[Wanted]) -> list[int]:
        """The totals of many, in one batch."""
        keys = [self._key(*each) for each in wanted]
        new = {key: each for key, each in zip(keys, wanted, strict=True) if key not in self._known}
        if new:
            self._known.update(zip(new, self._ask(list(new.values())), strict=True))
        return [self._known[key] for key in keys]

    def __call__(self, tree: Node, query: Query, *, enough: int | None = None) -> int:
        """How many paragraphs a tree finds; or some number above `enough`, if that is known sooner."""
        key = self._key(tree, query, enough)
        total = self._known.get(key)
        if total is None:
            total = self._known[key] = self._ask([(tree, query, enough)])[0]
        return total


class FailedQuery:
    """A query that finds nothing: its parts, and which of them nothing has, filters aside.

    `parts` are all, `tried` the first of them, `lost` those of the tried that find nothing alone, `missing` the words
    that occur nowhere.
    """

    def __init__(self, tree: Node, query: Query, count: Totals, analyzer: Analyzer, paragraphs: int) -> None:
        self.tree, self.query, self.count = tree, query, count
        self._analyzer = analyzer
        self._paragraphs = paragraphs
        self.anywhere = without_filters(query)
        self._known_missing: dict[Node, tuple[str, ...]] = {}
        self.parts = parts_of(tree)
        self.tried = self.parts[:MOST_PARTS]
        count.prefetch(self._alone(part) for part in self.tried if not isinstance(part, Everything))
        self.lost = [part for part in self.tried if not isinstance(part, Everything) and not self._has(part)]
        chunks = (part for part in self.lost if isinstance(part, Chunk))
        count.prefetch(self._alone(Chunk(word)) for chunk in chunks for word in self.words_of(chunk))
        self.missing = tuple(dict.fromkeys(word for part in self.lost for word in self.missing_of(part)))

    def _alone(self, node: Node) -> Wanted:
        """What is asked to know whether a node alone finds anything, filters aside.

        Of a denial what is denied is counted, which takes a tenth of the time of counting all the rest.
        """
        return (node.child, self.anywhere, None) if isinstance(node, Not) else (node, self.anywhere, 0)

    def _has(self, node: Node) -> bool:
        tree, query, enough = self._alone(node)
        total = self.count(tree, query, enough=enough)
        return total < self._paragraphs if isinstance(node, Not) else total > 0

    def missing_of(self, node: Node) -> tuple[str, ...]:
        """Words of an unmatched node that occur in no paragraph, heading or title."""
        if node not in self._known_missing:
            self._known_missing[node] = tuple(self._find_missing(node))
        return self._known_missing[node]

    def _find_missing(self, node: Node) -> Iterator[str]:
        if isinstance(node, Chunk):
            words = self.words_of(node)
            self.count.prefetch(self._alone(Chunk(word)) for word in words)
            yield from self._unheard(map(Chunk, words))
        elif isinstance(node, Exact):
            yield node.text
        elif isinstance(node, Near):
            yield from self._unheard(Exact(part) for part in node.parts if is_visible(part))
        elif isinstance(node, Prefix):
            yield f"{node.text}*"
        elif isinstance(node, InField):
            if not self._has(node.child):
                yield from self.missing_of(node.child)
        elif isinstance(node, (And, Or)):
            for child in node.children[:MOST_PARTS]:
                if not self._has(child):
                    yield from self.missing_of(child)

    def _unheard(self, strings: Iterable[Chunk | Exact]) -> Iterator[str]:
        """Those that no paragraph has."""
        return (string.text for string in strings if not self._has(string))

    def words_of(self, chunk: Chunk) -> list[str]:
        """What a chunk is made of, each as it was typed."""
        normal = normalize(chunk.text)
        units = self._analyzer.query_units(chunk.text)[:MOST_PARTS]
        spans = [(unit[0].start, unit[-1].start + unit[-1].length) for unit in units]
        # A blank that counts for nothing may stand in a name; a chunk can't have one.
        return ["".join(chunk.text[slice(*normal.to_original(*span))].split()) for span in spans]


def parts_of(tree: Node) -> tuple[Node, ...]:
    """What a query asks for together."""
    return tree.children if isinstance(tree, And) else (tree,)
