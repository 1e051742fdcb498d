"""Synonyms into the plan: an unquoted chunk's words may stand in their other forms too.

tree -> each Chunk in which a form of the synonyms stands -> Expanded -> plan: as asked, or another form as a string

A form that contains the word as asked is left out: whoever has it is found already. What is quoted is never
expanded, nor what is denied. What an Expanded matches holds all that its Chunk matches.
"""

from __future__ import annotations

from dataclasses import dataclass

from search.language.plan.build import FIELD_BOOSTS, _Context, _plan, _unit
from search.language.plan.nodes import Above, Favoured, Plan, Term, either, every, string
from search.language.query.tree import And, Chunk, InField, Node, Or
from search.language.synonyms import Synonyms
from search.language.text import Analyzer, normalize, normalize_text
from search.messages import queries
from search.model import Notice, Span

FORM_BOOST = 0.8
"""What another form is worth of the form as asked."""
MAX_STRETCHES = 16
"""So many words of a query are expanded; a pasted speech needs no more."""

LIMIT_REACHED = Notice(queries.SYNONYMS_LIMIT(most=MAX_STRETCHES))
Expansions = tuple[tuple[str, tuple[str, ...]], ...]
"""What was expanded: (form, its others), for people."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a chunk with other forms: `units` are the chunk's units that it is, half open."""

    units: Span
    form: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Expanded(Chunk):
    """A chunk some of whose words may stand in other forms."""

    stretches: tuple[Stretch, ...] = ()


def expand(
    tree: Node, synonyms: Synonyms, analyzer: Analyzer, *, most: int = MAX_STRETCHES
) -> tuple[Node, Expansions]:
    """The tree with its chunks expanded, and what there is to tell.

    Args:
        most: how many different words are expanded.

    Example:
        >>> from search.language.query import parse_query
        >>> from search.language.synonyms import load_synonyms
        >>> from search.language.text import load_analyzer
        >>> expand(parse_query('GDP "城管"').tree, load_synonyms(), load_analyzer())[1]
        (('GDP', ('地区生产总值', '国内生产总值')),)
    """
    expander = _Expander(synonyms, analyzer, most)
    return expander.expand(tree), tuple(expander.told.items())


class _Expander:
    def __init__(self, synonyms: Synonyms, analyzer: Analyzer, most: int) -> None:
        self._synonyms, self._analyzer, self._most = synonyms, analyzer, most
        self.told: dict[str, tuple[str, ...]] = {}

    def expand(self, node: Node) -> Node:
        if isinstance(node, And):
            return And(tuple(map(self.expand, node.children)))
        if isinstance(node, Or):
            return Or(tuple(map(self.expand, node.children)))
        if isinstance(node, InField):
            return InField(node.field, self.expand(node.child), node.span)
        if isinstance(node, Chunk):
            stretches = self._stretches(node.text)
            return Expanded(node.text, node.span, stretches) if stretches else node
        return node

    def _stretches(self, text: str) -> tuple[Stretch, ...]:
        """The stretches that begin and end where units of the chunk do."""
        normal = normalize(text)
        matches = list(self._synonyms.find(normal.text))
        if not matches:
            return ()
        units = self._analyzer.query_units(text)
        begins = {unit[0].start: number for number, unit in enumerate(units)}
        ends = {unit[-1].start + unit[-1].length: number + 1 for number, unit in enumerate(units)}
        found = []
        for match in matches:
            first, last = begins.get(match.span[0]), ends.get(match.span[1])
            others = tuple(other for other in match.others if match.form not in normalize_text(other))
            if first is None or last is None or not others:
                continue
            typed = text[slice(*normal.to_original(*match.span))]
            if typed in self.told or len(self.told) < self._most:
                self.told[typed] = others
                found.append(Stretch((first, last), match.form, others))
        return tuple(found)


@_plan.register
def _(node: Expanded, context: _Context) -> Plan:
    plain = _plan.dispatch(Chunk)(node, context)
    units = [_unit(unit, context) for unit in context.analyzer.query_units(node.text)]
    parts: list[Plan] = []
    at = 0
    for stretch in node.stretches:
        parts += units[at : stretch.units[0]]
        as_asked = every(units[slice(*stretch.units)])
        parts.append(either([as_asked, *(_form(other, context) for other in stretch.others)]))
        at = stretch.units[1]
    wanted = every([*parts, *units[at:]])
    return Favoured(wanted, plain.bonus) if isinstance(plain, Favoured) else wanted


def _form(text: str, context: _Context) -> Plan:
    """Another form as one string, wherever the chunk may stand."""
    tokens = context.analyzer.query_tokens(text)
    parts: list[Plan] = []
    for field in context.fields:
        boost = FIELD_BOOSTS[field] * FORM_BOOST
        if field == "text":
            parts.append(string(tokens, boost))
        elif len(tokens) == 1:
            parts.append(Term(field, tokens[0].term, boost))
        else:
            parts.append(Above(field, tokens, "".join(token.term for token in tokens), boost))
    return either(parts)
