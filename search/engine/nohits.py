"""Why nothing was found: how the query was read, what is in no paragraph, and what would find something.

Each way out gives up one filter or one part of the query; its number is counted by carrying it out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Literal

from search.model import FACETS, Explanation, Query, WayOut
from search.query import (
    And,
    Chunk,
    Exact,
    Node,
    Not,
    ParsedQuery,
    Values,
    YearRange,
    all_of,
    describe_in_chinese,
    to_text,
)
from search.query.render import FIELDS_IN_CHINESE
from search.query.signs import is_blank
from search.text import Analyzer

MOST_WAYS = 8
MOST_PARTS = 12
"""Of a longer query only so many parts are tried."""
_FILTERS = (*FACETS, "report")
_NAMES = {**FIELDS_IN_CHINESE, "year": "年份"}

CountTree = Callable[[Node, Query], int]
"""How many paragraphs a tree finds under the filters of a query."""


def explain_nothing(
    parsed: ParsedQuery, query: Query, count: CountTree, analyzer: Analyzer, paragraphs: int
) -> Explanation:
    """Why `query` finds nothing, which it does.

    Args:
        paragraphs: how many the collection has.
    """
    if not paragraphs:
        return Explanation("empty_collection", ("馆藏还是空的，没有可查的报告。",))
    anywhere = _unfiltered(query)
    missing = tuple(dict.fromkeys(_missing(parsed.tree, lambda tree: count(tree, anywhere), analyzer)))
    filters = list(_without_filters(parsed.tree, query, count))
    ways = [*filters, *_without_parts(parsed.tree, query, count)]
    if missing and not ways:
        ways = list(_without_missing(parsed.tree, query, count, analyzer))
    if not ways:
        ways = list(_parts_alone(parsed.tree, query, count))
    sentences = [f"查询读作：{describe_in_chinese(parsed.tree)}{_conditions(query)}。"]
    if missing:
        sentences.append(f"没有一段含有{'、'.join(f'“{word}”' for word in missing)}。")
    elif not filters:
        sentences.append("各部分单独都查得到，但没有一段同时符合。" if ways else "没有一段符合。")
    sentences += [f"{way.text}，有 {way.total:,} 段。" for way in ways]
    code: Literal["missing_word", "filters", "combination"] = "combination"
    if missing or filters:
        code = "missing_word" if missing else "filters"
    return Explanation(code, tuple(sentences), missing, tuple(ways[:MOST_WAYS]))


def _unfiltered(query: Query) -> Query:
    return replace(query, city=(), province=(), year=(), type=(), report=(), page=1)


def _conditions(query: Query) -> str:
    chosen = [
        f"{_NAMES[name]} {'、'.join(_shown(value) for value in values)}"
        for name in _FILTERS
        if (values := getattr(query, name))
    ]
    return f"；限定 {'，'.join(chosen)}" if chosen else ""


def _shown(value: str | int | None) -> str:
    return "未知" if value is None else str(value)


def _missing(tree: Node, count: Callable[[Node], int], analyzer: Analyzer) -> Iterator[str]:
    """The words and strings asked for that no paragraph has, nor a heading above it, nor its report's title."""
    for node in _parts(tree)[:MOST_PARTS]:
        if isinstance(node, Chunk):
            for unit in analyzer.query_units(node.text)[:MOST_PARTS]:
                word = "".join(token.term for token in unit)
                if not count(Chunk(word)):
                    yield word
        elif isinstance(node, Exact) and not count(node):
            yield node.text


def _parts(tree: Node) -> tuple[Node, ...]:
    return tree.children if isinstance(tree, And) else (tree,)


def _without_filters(tree: Node, query: Query, count: CountTree) -> Iterator[WayOut]:
    chosen = [name for name in _FILTERS if getattr(query, name)]
    helped = False
    for name in chosen:
        freed = replace(query, page=1, **{name: ()})  # type: ignore[arg-type]
        total = count(tree, freed)
        if total:
            helped = True
            values = "、".join(_shown(value) for value in getattr(query, name))
            yield WayOut("drop_filter", name, f"不限{_NAMES[name]}（{values}）", total, freed)
    for rest, part in _each_dropped(tree):
        if isinstance(part, (Values, YearRange)):
            total = count(rest, query)
            if total:
                helped = True
                field = part.field if isinstance(part, Values) else "year"
                text = f"不限{_NAMES[field]}（去掉“{to_text(part)}”）"
                yield WayOut("drop_filter", field, text, total, _asking(query, rest))
    if len(chosen) > 1 and not helped:
        freed = _unfiltered(query)
        total = count(tree, freed)
        if total:
            yield WayOut("drop_filters", None, "不加任何限定", total, freed)


def _without_parts(tree: Node, query: Query, count: CountTree) -> list[WayOut]:
    found = []
    for rest, part in _each_dropped(tree):
        if not isinstance(part, (Values, YearRange)) and not _asks_for_nothing(rest):
            total = count(rest, query)
            if total:
                text = f"去掉“{to_text(part)}”"
                found.append(WayOut("drop_part", None, text, total, _asking(query, rest)))
    parts = _parts(tree)
    for number, part in enumerate(parts[:MOST_PARTS]):
        if isinstance(part, Exact) and (chunks := _unquoted(part.text)):
            loose = all_of([*parts[:number], *chunks, *parts[number + 1 :]])
            total = count(loose, query)
            if total:
                text = f"去掉“{part.text}”的引号"
                found.append(WayOut("drop_quotes", None, text, total, _asking(query, loose)))
    return sorted(found, key=lambda way: -way.total)


def _unquoted(text: str) -> list[Chunk]:
    """What was quoted, as chunks: no chunk has a blank in it."""
    return [Chunk(word) for word in "".join(" " if is_blank(sign) else sign for sign in text).split()]


def _without_missing(tree: Node, query: Query, count: CountTree, analyzer: Analyzer) -> Iterator[WayOut]:
    """What finds something once every part with a missing word is given up."""
    anywhere = _unfiltered(query)
    lost: list[Node] = []
    rest: list[Node] = []
    for part in _parts(tree)[:MOST_PARTS]:
        is_lost = any(True for _ in _missing(part, lambda node: count(node, anywhere), analyzer))
        (lost if is_lost else rest).append(part)
    kept = all_of(rest)
    if rest and not _asks_for_nothing(kept):
        for freed in dict.fromkeys((query, anywhere)):
            total = count(kept, freed)
            if total:
                words = "、".join(f"“{to_text(part)}”" for part in lost)
                text = f"去掉{words}" + ("，不加任何限定" if freed != query else "")
                yield WayOut("drop_part", None, text, total, _asking(freed, kept))
                return


def _parts_alone(tree: Node, query: Query, count: CountTree) -> Iterator[WayOut]:
    """What each part finds by itself, under the filters or else without them; nothing where it is the only one."""
    parts = _parts(tree)
    for part in parts[:MOST_PARTS]:
        if len(parts) > 1 and not _asks_for_nothing(part):
            for freed in dict.fromkeys((query, _unfiltered(query))):
                total = count(part, freed)
                if total:
                    text = f"只查“{to_text(part)}”" + ("，不加任何限定" if freed != query else "")
                    yield WayOut("drop_part", None, text, total, _asking(freed, part))
                    break


def _each_dropped(tree: Node) -> Iterator[tuple[Node, Node]]:
    """The tree without each of its parts, with that part; nothing where it has only one."""
    parts = _parts(tree)
    if len(parts) > 1:
        for number, part in enumerate(parts[:MOST_PARTS]):
            yield all_of([*parts[:number], *parts[number + 1 :]]), part


def _asks_for_nothing(tree: Node) -> bool:
    """Whether only filters and denials are left: what they leave is no help."""
    return all(isinstance(part, (Not, Values, YearRange)) for part in _parts(tree))


def _asking(query: Query, tree: Node) -> Query:
    return replace(query, text=to_text(tree), page=1)
