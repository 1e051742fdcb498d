"""Chunks that a report may satisfy: a place, a year, a type of report.

江苏 数字经济: paragraphs that say 数字经济, and say 江苏 or stand in a report of Jiangsu or of one of its cities
苏州 2023: nothing but a place and a year: those reports themselves
江苏: alone it is text like any other

docs/counting.md has the rules.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from search.language.places import NATION, Place, places
from search.language.plan.nodes import Above, ContextYears, Filter, Plan, YearFilter, either
from search.language.query.tree import (
    And,
    Chunk,
    Exact,
    InField,
    Near,
    Node,
    Not,
    OneInText,
    Or,
    Prefix,
    Understood,
    all_of,
)
from search.language.query.years import read_years
from search.language.text import normalize_text
from search.messages import Message
from search.messages import answers as says
from search.model import Notice

if TYPE_CHECKING:
    from search.answer.version_data import VersionData
    from search.collection import Value

_YEAR = re.compile(
    r"(?:(?:19|20)[0-9]{2}|[一二][〇零一二三四五六七八九]{3}年)年?度?(?:-(?:19|20)[0-9]{2}年?)?"
)
_YEAR_BEGINS = frozenset("12一二")
_LEVELS = ("省", "市")
"""Levels whose units are known as places though none of their reports is held."""
_TITLE = "报告"
"""What a chunk ends with that may be a report's title."""


@dataclass(frozen=True, slots=True)
class Role:
    """What a chunk may mean of a report.

    Args:
        plan: what a report's paragraphs match, for this role.
        values: the filter that says the same: field and values.
        said: for people.
        as_filter: what is matched where the chunk is used as a filter; None for `plan`.
    """

    kind: Literal["place", "year", "type"]
    plan: Plan
    values: tuple[str, tuple[Value, ...]]
    said: Message
    as_filter: Plan | None = None


class Understanding(Struct, frozen=True):
    """A tree whose chunks are understood.

    Args:
        filters: where nothing but places, years and types is asked for, the filters that they are; else ().
        alone: the filter that the only chunk could be; None for all other queries.
    """

    tree: Node
    notices: tuple[Notice, ...] = ()
    filters: tuple[tuple[str, tuple[Value, ...]], ...] = ()
    alone: tuple[str, tuple[Value, ...]] | None = None


def understand(tree: Node, data: VersionData) -> Understanding:
    """The tree with what reports may say of its chunks."""
    if _is_mere_text(tree, data):
        return Understanding(tree)
    reader = _Reader(data)
    understood = reader.read(tree, beside=False)
    alone = reader.role_of(tree) if isinstance(tree, Chunk) else None
    notices = tuple(Notice(says.PLACE_NOT_HELD(place=name)) for name in dict.fromkeys(reader.not_held))
    return Understanding(understood, notices, tuple(reader.filters), None if alone is None else alone.values)


def _is_mere_text(tree: Node, data: VersionData) -> bool:
    """Whether a tree is chunks alone, none of which names a place, or may name a year or a type, held or not."""
    held = data.held.places
    for node in tree.children if type(tree) is And else (tree,):
        if type(node) is not Chunk:
            return False
        form = normalize_text(node.text)
        if form in held or may_have_role(form) or _units(form):
            return False
    return True


def role_of(text: str, data: VersionData) -> Role | None:
    """What a text may mean of a report; None for mere text. A year counts if something is held of it."""
    role = _Reader(data).role_of(Chunk(text))
    if role is not None and role.kind == "year" and data.held.years.isdisjoint(role.values[1]):
        return None
    return role


def is_known_place(form: str) -> bool:
    """Whether a text in normal form names the nation, a province or a prefecture, held or not."""
    return bool(_units(form))


def may_have_role(form: str) -> bool:
    """Whether a text in normal form that names no place may still name a year or a type."""
    return form[:1] in _YEAR_BEGINS or form.endswith(_TITLE)


class _Reader:
    def __init__(self, data: VersionData) -> None:
        self._data = data
        self._roles: dict[str, Role | None] = {}
        self.not_held: list[str] = []
        self.filters: list[tuple[str, tuple[Value, ...]]] = []

    def role_of(self, chunk: Chunk) -> Role | None:
        """What a chunk may mean of a report; None for mere text."""
        if chunk.text not in self._roles:
            self._roles[chunk.text] = self._find(chunk.text)
        return self._roles[chunk.text]

    def read(self, node: Node, *, beside: bool) -> Node:
        """A node with its chunks understood.

        Args:
            beside: whether something else must stand in the text.
        """
        if isinstance(node, And):
            return self._read_all(node, beside=beside)
        if isinstance(node, Or):
            return Or(tuple(self.read(child, beside=beside) for child in node.children))
        if isinstance(node, Not):
            return Not(self.read(node.child, beside=True))
        if isinstance(node, Chunk) and beside:
            role = self.role_of(node)
            return node if role is None else _with(node, role)
        return node

    def _read_all(self, node: And, *, beside: bool) -> Node:
        wanted = [child for child in node.children if not isinstance(child, Not)]
        roles = {at: self._role_of_all(child) for at, child in enumerate(node.children)}
        plain = any(roles[at] is None and is_text(child) for at, child in enumerate(node.children))
        if beside or plain:
            return all_of(self.read(child, beside=True) for child in node.children)
        found = [role for of in roles.values() if of is not None for role in of]
        kinds = {role.kind for role in found}
        if len(kinds) > 1:
            return self._as_filters(node)
        chunks = tuple(child for child in wanted if isinstance(child, Chunk))
        children = [self.read(child, beside=len(chunks) > 1) for child in node.children]
        return all_of([*children, OneInText(chunks)] if len(chunks) > 1 else children)

    def _role_of_all(self, node: Node) -> list[Role] | None:
        """The roles of a chunk, or of alternatives that all have one; None for whatever is text."""
        children = node.children if isinstance(node, Or) else (node,)
        roles = [self.role_of(child) if isinstance(child, Chunk) else None for child in children]
        found = [role for role in roles if role is not None]
        return found if len(found) == len(roles) else None

    def _as_filters(self, node: And) -> Node:
        children: list[Node] = []
        for child in node.children:
            roles = None if isinstance(child, Not) else self._role_of_all(child)
            if roles is None:
                children.append(self.read(child, beside=True))
                continue
            options = child.children if isinstance(child, Or) else (child,)
            understood = tuple(
                _with(option, role, only=True)
                for option, role in zip(options, roles, strict=True)
                if isinstance(option, Chunk)
            )
            children.append(Or(understood) if isinstance(child, Or) else understood[0])
            self.filters += [role.values for role in roles]
        return all_of(children)

    def _find(self, text: str) -> Role | None:
        form = normalize_text(text)
        return self._year(text, form) or self._type(text, form) or self._place(form)

    def _year(self, text: str, form: str) -> Role | None:
        if not _YEAR.fullmatch(form):
            return None
        years = read_years(form.replace("度", ""))
        if years is None or years[0] is None or years[1] is None:
            return None
        first, last = sorted((years[0], years[1]))
        values = tuple(range(first, last + 1))
        return Role(
            "year",
            ContextYears(first, last),
            ("plan_year", values),
            says.OR_YEAR(text=text),
            YearFilter(first, last, "plan_year"),
        )

    def _type(self, text: str, form: str) -> Role | None:
        if not form.endswith(_TITLE):
            return None
        held = [str(value) for value in self._data.held.by_field["type"] if value is not None]
        types = [
            value
            for value in held
            if normalize_text(value) in (form, form.replace("工作报告", "常委会工作报告"))
        ]
        whole = Above("title", self._data.language.analyzer.query_tokens(text), form, is_whole=True)
        if types:
            return Role(
                "type",
                either([Filter("type", tuple(types)), whole]),
                ("type", tuple(types)),
                says.OR_TYPE(text=text),
            )
        if not self._data.has_title(whole):
            return None
        return Role("type", whole, ("title", (text,)), says.OR_TITLE(text=text))

    def _place(self, form: str) -> Role | None:
        named = _units(form)
        if any(unit.name == NATION for unit in named):
            plan = Filter("level", ("国家",))
            return Role("place", plan, ("level", ("国家",)), says.OR_NATION(text=form))
        values: dict[str, list[str]] = {}
        for field, value in self._data.held.places.get(form, ()):
            values.setdefault(field, []).append(value)
        table = places()
        for unit in named:
            name = table.present(unit).name
            field = "province" if unit.level == "省" else "city"
            if name in self._data.held.by_field[field] and name not in values.get(field, ()):
                values.setdefault(field, []).append(name)
        if not values:
            self.not_held += [table.present(unit).name for unit in named[:1]]
            return None
        plans = [Filter(field, tuple(of_field)) for field, of_field in values.items()]
        first = next(iter(values.items()))
        shown = [name for of_field in values.values() for name in of_field]
        return Role(
            "place",
            either(plans),
            (first[0], tuple(first[1])),
            says.OR_PLACE(text=form, places=list(dict.fromkeys(shown))),
        )


def _units(form: str) -> Sequence[Place]:
    """The provinces and prefectures, past and present, with a name; the nation by its own."""
    named = places().named(form)
    return [unit for unit in named if unit.level in _LEVELS or unit.name == NATION] if named else ()


def _with(chunk: Chunk, role: Role, *, only: bool = False) -> Understood:
    plan = role.as_filter if only and role.as_filter is not None else role.plan
    return Understood(chunk.text, chunk.span, instead=plan, only=only, said=role.said)


def is_text(node: Node) -> bool:
    """Whether a node asks for something in the text, a heading or a title; filters don't."""
    if isinstance(node, (And, Or)):
        return any(map(is_text, node.children))
    return isinstance(node, (Chunk, Exact, Near, Prefix, InField))


__all__ = ["Role", "Understanding", "is_known_place", "is_text", "may_have_role", "role_of", "understand"]
