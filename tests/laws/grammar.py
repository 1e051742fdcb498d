"""Random trees of the whole query language about a collection, and what each should find, by reading every paragraph.

Every kind of node, nested as the language allows: fields with words, strings, distances, prefixes and groups in them;
lists of values by full and short names; years open at either end. `Finder` shares with the searcher the normal form
of a text; everything else it finds out by scanning. Chunks are found as tier 1 finds them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from typing import Any

from indexer.metadata.parts import years_named
from search.language import plan as p
from search.language.place_names import short_name
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
    Prefix,
    Values,
    YearRange,
    all_of,
    any_of,
    to_text,
)
from search.language.query.tree import OneInText, Understood, ValueField
from search.language.text import normalize_text
from search.model import Query, YearField
from tests.laws.bruteforce import Collection, Row
from tests.laws.phrase_scan import PhraseScan

FIELDS = ("text", "heading", "title")
_MARKS = re.compile("[\"'《》〈〉«»]")
_WORD_OR_NUMBER = re.compile(r"\d+[a-z](?![a-z\d])|\d+(?:\.\d+)*|[a-z][a-z\d]*(?:\.\d+)*", re.ASCII)


def without_marks(form: str) -> str:
    """A normal form without quotation and book marks."""
    return _MARKS.sub("", form)


class Trees:
    """Random queries about a collection."""

    def __init__(self, collection: Collection, chance: random.Random) -> None:
        self.collection, self.chance = collection, chance
        self.words = [
            match[0]
            for row in collection.rows
            for match in re.finditer(r"[A-Za-z]+[0-9.]*|[0-9]+(?:\.[0-9]+)?", row.text)
        ]
        self.long = [row.text for row in collection.rows if len(row.text) > 30]
        self.above = [row.heading[-1] for row in collection.rows if row.heading]
        self.titles = [row.report.title for row in collection.rows if row.report.title]

    def _slice(self, text: str, longest: int) -> str:
        start = self.chance.randrange(len(text))
        return text[start : start + self.chance.randint(1, longest)]

    def _piece(self, longest: int, within: list[str] | None = None) -> str:
        """A piece of a text, with the marks that stand in it."""
        piece = self._slice(self.chance.choice(within or self.collection.texts), longest)
        return re.sub(r"[^\w，。、：（）“”%.-]", "", piece).strip("-") or "发展"

    def _near(self, texts: list[str]) -> Node:
        text = self.chance.choice(texts)
        starts = sorted(self.chance.randrange(len(text)) for _ in range(self.chance.choice([2, 2, 2, 3])))
        parts = [
            re.sub(r"\W", "", text[start : start + self.chance.randint(1, 3)]) or "的" for start in starts
        ]
        return Near(" ".join(parts), self.chance.choice([0, 1, 2, 5, 10, 30, 200]))

    def _word(self, texts: list[str]) -> Node:
        """A leaf that looks for words, drawn from `texts`."""
        kind = self.chance.choice("cccceennp")
        if kind == "e":
            return Exact(self._piece(8, texts))
        if kind == "n":
            return self._near([text for text in texts if len(text) > 3] or self.long)
        if kind == "p" and self.words:
            return Prefix(self.chance.choice(self.words)[: self.chance.choice([1, 2, 2, 3, 4, 5, 8])])
        return Chunk(self._piece(6, texts))

    def _filter(self) -> Node:
        chance = self.chance
        rows = [chance.choice(self.collection.rows) for _ in range(chance.randint(1, 3))]
        fields: list[ValueField | YearField] = ["city", "province", "type", "report", "level", "part"]
        field = chance.choice([*fields, "year", "year", "plan_year"])
        if field == "year" or field == "plan_year":
            years = [row.value(field) for row in rows if row.value(field)] or [2020]
            ranges = [
                YearRange(*chance.choice([(y, y), (y - 2, y), (None, y), (y, None)]), field=field)
                for y in years
            ]
            return any_of(ranges)
        named = [row.report.id if field == "report" else row.value(field) for row in rows]
        values = [value or "未知" for value in named if value or field != "report"]
        if field in ("city", "province"):
            values = [short_name(value) if chance.random() < 0.4 else value for value in values]
        return Values(field, tuple(dict.fromkeys(values)))

    def _group(self, leaf: Callable[[], Node], depth: int) -> Node:
        chance = self.chance
        if not depth or chance.random() < 0.35:
            return leaf()
        if chance.random() < 0.18:
            return Not(self._group(leaf, depth - 1))
        children = [self._group(leaf, depth - 1) for _ in range(chance.randint(2, 3))]
        return all_of(children) if chance.random() < 0.55 else any_of(children)

    def leaf(self) -> Node:
        kind = self.chance.choice("wwwwwfft")
        if kind == "f":
            return self._filter()
        if kind == "t":
            field = self.chance.choice(FIELDS)
            texts = {"text": self.collection.texts, "heading": self.above, "title": self.titles}[field]
            inside = self._group(lambda: self._word(texts), self.chance.choice([0, 0, 1, 2]))
            return InField(field, inside)  # type: ignore[arg-type]
        return self._word(self.collection.texts)

    def tree(self, depth: int = 3) -> Node:
        return self._group(self.leaf, depth)

    def queries(self) -> Iterator[Query]:
        while True:
            chosen: dict[str, Any] = {}
            for field in ("city", "province", "year", "type"):
                if self.chance.random() < 0.12:
                    chosen[field] = (getattr(self.chance.choice(self.collection.rows).report, field),)
            yield Query(to_text(self.tree()), **chosen)


class Finder:
    """What a tree should find in a collection, synonyms aside."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection
        self._lines = {field: [_lines(row, field) for row in collection.rows] for field in FIELDS}
        self._known: dict[tuple[str, ...], frozenset[int]] = {}
        self._chunks: dict[str, frozenset[int]] = {}
        self._scan = PhraseScan(collection)
        self._number_of = {row.id: number for number, row in enumerate(collection.rows)}

    def find(self, tree: Node) -> frozenset[str]:
        """The ids of the paragraphs that satisfy the tree."""
        return frozenset(self.collection.rows[number].id for number in self._find(tree, FIELDS))

    def _find(self, node: Node, fields: tuple[str, ...]) -> frozenset[int]:
        everything = frozenset(range(len(self.collection.rows)))
        if isinstance(node, Everything):
            return everything
        if isinstance(node, And):
            return frozenset.intersection(*(self._find(child, fields) for child in node.children))
        if isinstance(node, OneInText):
            return frozenset().union(*(self._uncut(Chunk(c.text), fields) for c in node.children))  # type: ignore[union-attr]
        if isinstance(node, Or):
            return frozenset().union(*(self._find(child, fields) for child in node.children))
        if isinstance(node, Not):
            return everything - self._find(node.child, fields)
        if isinstance(node, InField):
            return self._find(node.child, (node.field,))
        if isinstance(node, Chunk):
            return self._uncut(node, fields)
        if isinstance(node, Exact):
            return self._containing(normalize_text(node.text), ("text",) if len(fields) > 1 else fields)
        if isinstance(node, Near):
            return self._near(node, "text" if len(fields) > 1 else fields[0])
        if isinstance(node, Prefix):
            return self._beginning(normalize_text(node.text), fields)
        return frozenset(number for number, row in enumerate(self.collection.rows) if _is_filtered(node, row))

    def _uncut(self, chunk: Chunk, fields: tuple[str, ...]) -> frozenset[int]:
        """The paragraphs with a chunk as tier 1 finds it: in the text, marks aside; or in the one field asked for."""
        form = normalize_text(chunk.text)
        if not form:
            return frozenset(range(len(self.collection.rows)))
        instead = frozenset[int]()
        if isinstance(chunk, Understood) and chunk.instead is not None:
            rows = enumerate(self.collection.rows)
            instead = frozenset(number for number, row in rows if _says(chunk.instead, row))
            if chunk.only:
                return instead
        if "text" in fields:
            if form not in self._chunks:
                self._chunks[form] = frozenset(map(self._number_of.__getitem__, self._scan.find(chunk.text)))
            return self._chunks[form] | instead
        bare = without_marks(form)
        if not bare:
            return self._containing(form, fields)
        return frozenset(
            number
            for number, lines in enumerate(self._lines[fields[0]])
            if any(_places(bare, without_marks(line)) for line in lines)
        )

    def _containing(self, string: str, fields: tuple[str, ...]) -> frozenset[int]:
        key = (string, *fields)
        if key not in self._known:
            self._known[key] = frozenset(
                number
                for field in fields
                for number, lines in enumerate(self._lines[field])
                if any(string in line and _places(string, line) for line in lines)
            )
        return self._known[key]

    def _near(self, node: Near, field: str) -> frozenset[int]:
        strings = [normalize_text(part) for part in node.parts]
        room = node.distance + sum(map(len, strings))
        return frozenset(
            number
            for number, lines in enumerate(self._lines[field])
            if any(_is_near(strings, line, room) for line in lines)
        )

    def _beginning(self, prefix: str, fields: tuple[str, ...]) -> frozenset[int]:
        return frozenset(
            number
            for field in fields
            for number, lines in enumerate(self._lines[field])
            if any(_begins_with(prefix, line) for line in lines)
        )


def _says(plan: p.Plan, row: Row) -> bool:
    """Whether a paragraph's report, or a heading above it, says what a chunk may be satisfied by."""
    if isinstance(plan, p.Either):
        return any(_says(part, row) for part in plan.parts)
    if isinstance(plan, p.Filter):
        return row.value(plan.field) in plan.values
    if isinstance(plan, p.Above):
        return plan.is_whole and plan.text in _lines(row, "title")
    if isinstance(plan, p.YearFilter):
        years = (row.report.plan_year, row.report.plan_year)
    else:
        assert isinstance(plan, p.ContextYears)
        named = (years_named(heading) for heading in reversed(row.heading))
        years = next((span for span in named if span != (0, 0)), (row.report.plan_year, row.report.plan_year))
    first, last = years
    return (
        first is not None and last is not None and first <= (plan.last or first) and last >= (plan.first or 0)
    )


def _lines(row: Row, field: str) -> list[str]:
    """What of a paragraph a field holds: the text, the headings above, the report's title and place."""
    if field == "text":
        return [normalize_text(row.text)]
    if field == "heading":
        return [normalize_text(heading) for heading in row.heading]
    report = row.report
    return [normalize_text(text) for text in (report.title, report.city, report.province) if text]


def _begins_with(prefix: str, line: str) -> bool:
    """Whether a line has a prefix where a word or number begins."""
    return any(line.startswith(prefix, match.start()) for match in _WORD_OR_NUMBER.finditer(line))


def _places(string: str, line: str) -> list[int]:
    """Where a string stands in a line, cutting no ASCII word or number."""
    inner = {at for match in _WORD_OR_NUMBER.finditer(line) for at in range(match.start() + 1, match.end())}
    found = (match.start() for match in re.finditer(f"(?={re.escape(string)})", line))
    return [at for at in found if at not in inner and at + len(string) not in inner]


def _is_near(strings: list[str], line: str, room: int) -> bool:
    if any(string not in line for string in strings):
        return False
    places = [(string, _places(string, line)) for string in strings]
    return any(
        all(any(begin <= at and at + len(s) <= begin + room for at in found) for s, found in places)
        for begin in {at for _, found in places for at in found}
    )


def _is_filtered(node: Node, row: Row) -> bool:
    if isinstance(node, YearRange):
        year = row.value(node.field)
        return year is not None and (node.first or year) <= year <= (node.last or year)
    assert isinstance(node, Values)
    if node.field == "report":
        return row.report.id in node.values
    value = row.value(node.field)
    names = {"未知"} if value is None else {value, short_name(value)}
    return not names.isdisjoint(node.values)
