"""The query tree: what a query means, before any index is asked.

text -> parse -> *tree* -> plan -> searcher

Leaves keep their text as typed: segmentation, synonyms and short place names are the plan's work. A leaf's
`span` says where in the query text it stands, so that a notice can point at it; comparison leaves it out.

Trees have one normal form (`all_of`, `any_of`): no And right in an And, no Or right in an Or, no lone child.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from dataclasses import field as stored
from typing import TYPE_CHECKING, Literal, TypeAlias

from search.model import Span, YearField

if TYPE_CHECKING:
    from search.language.plan.nodes import Plan
    from search.messages import Message

TextField = Literal["text", "title", "heading"]
ValueField = Literal["city", "province", "type", "level", "part", "report"]

NOWHERE: Span = (0, 0)
"""The span of a node that was made, not typed."""


@dataclass(frozen=True, slots=True)
class Everything:
    """Every paragraph: what an empty query asks for. Stands alone, never inside another node."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Unquoted text: all its words must be found, in the text, the heading path or the report's title."""

    text: str
    span: Span = stored(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a chunk with other forms: `units` are the chunk's units that it is, half open."""

    units: Span
    form: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Understood(Chunk):
    """A chunk with what a collection knows of it; never parsed, made from a parsed one.

    Args:
        stretches: its words that have other forms.
        instead: what a paragraph may match instead, in every tier: its report's place, year or type.
        only: nothing but `instead` is looked for.
        said: what `instead` is, for people.
    """

    stretches: tuple[Stretch, ...] = ()
    instead: Plan | None = None
    only: bool = False
    said: Message | None = None


@dataclass(frozen=True, slots=True)
class Exact:
    """Quoted text: the paragraph's text must contain this string."""

    text: str
    span: Span = stored(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Near:
    """Strings that must stand close together: `text` is what was quoted, `parts` its blank-separated strings.

    Args:
        distance: all parts within so many characters of each other, from 0.
    """

    text: str
    distance: int
    span: Span = stored(default=NOWHERE, compare=False)

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.text.split())


@dataclass(frozen=True, slots=True)
class Prefix:
    """An ASCII word or number that begins with `text` (itself ASCII, without the asterisk)."""

    text: str
    span: Span = stored(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Values:
    """The report's field, or the paragraph's `part`, has one of these values, each as typed (四平 for 四平市)."""

    field: ValueField
    values: tuple[str, ...]
    span: Span = stored(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class YearRange:
    """The report's year lies between `first` and `last`, both inclusive; None leaves that end open.

    `field` says which year: that of delivery, or that whose work is laid out.
    """

    first: int | None
    last: int | None
    span: Span = stored(default=NOWHERE, compare=False)
    field: YearField = "year"


@dataclass(frozen=True, slots=True)
class InField:
    """`child`, looked for in one field alone. Holds no Values, YearRange or further InField."""

    field: TextField
    child: Node
    span: Span = stored(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """Every paragraph that `child` doesn't match."""

    child: Node


@dataclass(frozen=True, slots=True)
class And:
    """What all children match; two or more."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """What any child matches; two or more."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class OneInText(Or):
    """Chunks of which one must stand in the text, beside an And of what reports may say of them; never parsed."""


Leaf: TypeAlias = Chunk | Exact | Near | Prefix | Values | YearRange
Node: TypeAlias = Everything | Leaf | InField | Not | And | Or


def all_of(children: Iterable[Node]) -> Node:
    """The And of `children` in normal form; of one child that child, of none Everything."""
    flat: list[Node] = []
    for child in children:
        flat.extend(child.children if isinstance(child, And) else (child,))
    if not flat:
        return Everything()
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def any_of(children: Iterable[Node]) -> Node:
    """The Or of `children` in normal form; of one child that child, of none Everything."""
    flat: list[Node] = []
    for child in children:
        flat.extend(child.children if isinstance(child, Or) else (child,))
    if not flat:
        return Everything()
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def iter_leaves(tree: Node) -> Iterator[Leaf]:
    """The leaves from left to right, those under Not and InField too."""
    if isinstance(tree, Chunk):
        yield tree
    elif isinstance(tree, (And, Or)):
        for child in tree.children:
            yield from iter_leaves(child)
    elif isinstance(tree, (Not, InField)):
        yield from iter_leaves(tree.child)
    elif not isinstance(tree, Everything):
        yield tree


def years_of_one_field(node: Or) -> tuple[YearRange, ...]:
    """The alternatives, where they are ranges of one and the same year; else none."""
    years = tuple(child for child in node.children if isinstance(child, YearRange))
    is_one = len(years) == len(node.children) and len({year.field for year in years}) == 1
    return years if is_one else ()
