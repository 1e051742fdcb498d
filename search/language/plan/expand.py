"""Synonyms into the plan: an unquoted chunk's words may stand in their other forms too.

tree -> each Chunk in which a form of the synonyms stands -> Understood -> plan of tier 2: as asked, or another form

A form that contains the word as asked is left out: whoever has it is found already. What is quoted is never
expanded, nor what is denied.
"""

from __future__ import annotations

from dataclasses import replace

from search.language.plan.chunks import chunk_units
from search.language.query.tree import And, Chunk, InField, Node, OneInText, Or, Stretch, Understood
from search.language.synonyms import Synonyms
from search.language.text import Analyzer, normalize, normalize_text
from search.messages import queries
from search.model import Notice

MAX_STRETCHES = 16
"""So many words of a query are expanded; a pasted speech needs no more."""

LIMIT_REACHED = Notice(queries.SYNONYMS_LIMIT(most=MAX_STRETCHES))
Expansions = tuple[tuple[str, tuple[str, ...]], ...]
"""What was expanded: (form, its others), for people."""


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
    if not _may_be_expanded(tree, synonyms):
        return tree, ()
    expander = _Expander(synonyms, analyzer, most)
    return expander.expand(tree), tuple(expander.told.items())


def _may_be_expanded(tree: Node, synonyms: Synonyms) -> bool:
    for node in tree.children if type(tree) is And else (tree,):
        if type(node) is not Chunk or synonyms.may_stand_in(normalize_text(node.text)):
            return True
    return False


class _Expander:
    def __init__(self, synonyms: Synonyms, analyzer: Analyzer, most: int) -> None:
        self._synonyms, self._analyzer, self._most = synonyms, analyzer, most
        self.told: dict[str, tuple[str, ...]] = {}

    def expand(self, node: Node) -> Node:
        if isinstance(node, And):
            return And(tuple(map(self.expand, node.children)))
        if isinstance(node, Or) and not isinstance(node, OneInText):
            return Or(tuple(map(self.expand, node.children)))
        if isinstance(node, InField):
            return InField(node.field, self.expand(node.child), node.span)
        if isinstance(node, Chunk):
            stretches = self._stretches(node.text)
            if not stretches:
                return node
            of = node if isinstance(node, Understood) else Understood(node.text, node.span)
            return replace(of, stretches=stretches)
        return node

    def _stretches(self, text: str) -> tuple[Stretch, ...]:
        """The stretches that begin and end where units of the chunk do."""
        form = normalize_text(text)
        matches = list(self._synonyms.find(form))
        if not matches:
            return ()
        normal = normalize(text)
        units = chunk_units(text, self._analyzer)
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
