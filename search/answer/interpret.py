"""How a query is understood in one version of a collection.

parsed -> chunks in pieces where the whole is found nowhere -> what reports may say of chunks -> synonyms -> plans
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeGuard

from msgspec import Struct

from search.answer.pieces import cut_ends, only_asks, split_words
from search.answer.resolve_values import resolve_value
from search.answer.roles import understand
from search.collection import Ask, Likely, Value, View
from search.language.plan import Every, Filter, Match, Plan, every, make_plan
from search.language.plan.build import plan_plain_tiers
from search.language.plan.chunks import plan_plain
from search.language.plan.expand import Expansions
from search.language.plan.needles import Needle, needles_of
from search.language.plan.size import plan_bytes
from search.language.query import (
    And,
    Chunk,
    Everything,
    Exact,
    Node,
    Or,
    ParsedQuery,
    Values,
    all_of,
    iter_leaves,
)
from search.messages import answers as says
from search.model import Notice, Query

if TYPE_CHECKING:
    from search.answer.version_data import VersionData

FOUND_OFTEN = 10
"""A chunk that stands in so many paragraphs as typed is taken at its word."""
_INTERPRETATION_BYTES = 2_000
_TYPED_CHAR_BYTES = 20
_PLANNED_CHAR_BYTES = 4_000
"""A character of a chunk with all that plans have of it, at most."""
Totals = Callable[[Sequence[str]], Sequence[int]]
"""In how many paragraphs each text stands as a phrase."""


class Interpretation(Struct, frozen=True):
    """How a query text was understood in one version, and what there is to say of it.

    Args:
        tree: as it is read: chunks in pieces, with what reports may say of them.
        tiers: the plans of tier 1, and of tiers 1 and 2.
        filters: where nothing but places, years and types is asked for, the filters that they are.
        alone: the filter that the query's only chunk could be.
        pieces: other readings in pieces, of chunks that are found, though seldom.
    """

    parsed: ParsedQuery
    tree: Node
    tiers: tuple[Plan, Plan]
    expansions: Expansions
    notices: tuple[Notice, ...]
    filters: tuple[tuple[str, tuple[Value, ...]], ...] = ()
    alone: tuple[str, tuple[Value, ...]] | None = None
    pieces: tuple[Node, ...] = ()

    def needles(self, tier: int) -> tuple[Needle, ...]:
        """What stands in the text of a hit of a tier; of partial matches what does in tier 2."""
        return needles_of(self.tiers[0 if tier == 1 else 1])


def interpret(data: VersionData, query: Query, parsed: ParsedQuery, view: View) -> Interpretation:
    """How a parsed query is understood in a version, of which `view` is asked."""
    view.expect(lambda: _likely_pieces(data, query, parsed.tree))
    cut = cut_chunks(data, parsed.tree, phrase_totals(data, view))
    found = understand(cut.tree, data)
    tiers, expansions = plan_tiers(data, found.tree, synonyms=query.synonyms, report=query.report)
    return Interpretation(
        parsed,
        found.tree,
        tiers,
        expansions,
        (*parsed.notices, *cut.notices, *found.notices, *_unknown_values(data, parsed)),
        found.filters,
        found.alone,
        cut.offered,
    )


def interpretation_bytes(interpretation: Interpretation) -> int:
    """About how many bytes an interpretation takes; trees and notices grow with the text."""
    parsed = interpretation.parsed
    is_plain = parsed.chunks and not interpretation.expansions and interpretation.tree is parsed.tree
    if is_plain and not _is_within_reports(interpretation.tiers[0]):
        return _INTERPRETATION_BYTES + _PLANNED_CHAR_BYTES * len(parsed.text)
    plans = sum(map(plan_bytes, interpretation.tiers))
    return _INTERPRETATION_BYTES + _TYPED_CHAR_BYTES * len(parsed.text) + plans


def _is_within_reports(plan: Plan) -> bool:
    """Whether a plan of chunks has a filter of reports beside them, which may be long."""
    return type(plan) is Every and type(plan.parts[-1]) is Filter


def _unknown_values(data: VersionData, parsed: ParsedQuery) -> Iterator[Notice]:
    for leaf in () if parsed.chunks else iter_leaves(parsed.tree):
        if isinstance(leaf, Values):
            for typed in leaf.values:
                if not resolve_value(data, leaf.field, typed):
                    yield Notice(says.UNKNOWN_VALUE(value=typed))


def plan_tiers(
    data: VersionData, tree: Node, *, synonyms: bool, report: Sequence[str] = ()
) -> tuple[tuple[Plan, Plan], Expansions]:
    """The plans of an understood tree, and which of its words may stand in other forms in tier 2."""
    expanded, expansions = data.language.expand(tree) if synonyms else (tree, ())
    if not (expansions or report) and (plans := plan_plain_tiers(tree, data.language.analyzer)) is not None:
        return plans, expansions
    first = _plan_tier(data, tree, "phrase", report)
    if type(tree) is Exact:  # which says the same in both
        return (first, first), expansions
    return (first, _plan_tier(data, expanded, "all", report)), expansions


def _plan_tier(data: VersionData, tree: Node, tier: Match, report: Sequence[str]) -> Plan:
    def resolve(field: str, typed: str) -> Sequence[str | None]:
        return resolve_value(data, field, typed)

    within = [Filter("report", tuple(report))] if report else []
    return every([make_plan(tree, data.language.analyzer, resolve, tier=tier), *within])


def _likely_pieces(data: VersionData, query: Query, tree: Node) -> Likely:
    """What is asked where chunks are found nowhere: how often their pieces are, and then the plans of these."""
    totals = GuessedTotals(data)
    cut = cut_chunks(data, tree, totals)
    if not totals.missing:
        return Likely()
    tiers, _ = plan_tiers(data, cut.tree, synonyms=query.synonyms, report=query.report)
    return Likely(totals.asks, plans=tiers)


def plan_of(
    data: VersionData,
    tree: Node,
    *,
    synonyms: bool,
    report: Sequence[str] = (),
    match: Match = "phrase",
    totals: Totals,
) -> Plan:
    """The plan of a tree as it was parsed."""
    if not isinstance(tree, (Everything, Exact)):  # which are what they are
        tree = cut_chunks(data, tree, totals).tree
    if not isinstance(tree, (Everything, Exact, Chunk)):  # nothing else beside it, so it is read as it stands
        tree = understand(tree, data).tree
    if match == "phrase":  # in which words have no other forms
        if not report and _is_word(tree, data):
            return plan_plain(tree.text, data.language.analyzer)[0]
        return _plan_tier(data, tree, match, report)
    tiers, _ = plan_tiers(data, tree, synonyms=synonyms, report=report)
    return tiers[1]


class Cut(Struct, frozen=True):
    """A tree with the chunks in pieces that are found nowhere; `offered` are trees with others in pieces."""

    tree: Node
    notices: tuple[Notice, ...] = ()
    offered: tuple[Node, ...] = ()


def cut_chunks(data: VersionData, tree: Node, totals_of: Totals) -> Cut:
    """The tree, with chunks in pieces where the collection has the whole nowhere and the pieces make sense."""
    proposed = _proposed(data, tree)
    if not proposed:
        return Cut(tree)
    totals = totals_of([chunk.text for chunk in proposed])
    notices: list[Notice] = []
    offered: list[Node] = []
    for (chunk, pieces), total in zip(proposed.items(), totals, strict=True):
        if not total and not pieces:
            tree = _replaced(tree, chunk, ())
            notices.append(Notice(says.LEFT_OUT(text=chunk.text)))
        elif not total:
            pieces = _in_turn(data, pieces, totals_of)
            tree = _replaced(tree, chunk, pieces)
            notices.append(Notice(says.READ_IN_PIECES(text=chunk.text, pieces=[of.text for of in pieces])))
        elif pieces and total < FOUND_OFTEN:
            offered.append(_replaced(tree, chunk, pieces))
    return Cut(tree, tuple(notices), tuple(offered))


def _proposed(data: VersionData, tree: Node) -> dict[Chunk, tuple[Chunk, ...]]:
    """Chunks that may be read in pieces, with these; without any they may be left out."""
    analyzer = data.language.analyzer
    if _is_word(tree, data):
        return {}
    proposed: dict[Chunk, tuple[Chunk, ...]] = {}
    wanted = _different_chunks(tree)
    for chunk in wanted:
        pieces: tuple[Chunk, ...] = ()
        if len(analyzer.query_tokens(chunk.text)) > 1:
            pieces = cut_ends(chunk, analyzer, data.has_role) or split_words(chunk, analyzer)
        if pieces or (len(wanted) > 1 and only_asks(chunk, analyzer)):
            proposed[chunk] = pieces
    return proposed


def _is_word(tree: Node, data: VersionData) -> TypeGuard[Chunk]:
    """Whether a tree is one chunk that can't be cut."""
    return type(tree) is Chunk and len(data.language.analyzer.query_tokens(tree.text)) < 2


def _different_chunks(tree: Node) -> Sequence[Chunk]:
    """The chunks that are asked for and not in a field, none of them twice."""
    nodes = tree.children if isinstance(tree, And) else (tree,)
    chunks = [node for node in nodes if type(node) is Chunk]
    if len(chunks) == len(nodes) == len({chunk.text for chunk in chunks}):
        return chunks
    return list(dict.fromkeys(_wanted_chunks(tree)))


def count_proposed(data: VersionData, trees: Iterable[Node], totals: Totals) -> None:
    """Count together what `cut_chunks` counts of many trees."""
    totals([chunk.text for tree in trees for chunk in _proposed(data, tree)])


def _in_turn(data: VersionData, pieces: tuple[Chunk, ...], totals_of: Totals) -> tuple[Chunk, ...]:
    """Pieces, with those again in pieces that are found nowhere either."""
    analyzer = data.language.analyzer
    again = [split_words(piece, analyzer) for piece in pieces]
    if not any(again):
        return pieces
    totals = totals_of([piece.text for piece in pieces])
    made: list[Chunk] = []
    for piece, parts, total in zip(pieces, again, totals, strict=True):
        made += parts if parts and not total else (piece,)
    return tuple(made)


def phrase_totals(data: VersionData, view: View) -> Totals:
    """Counts phrases, whatever the filters, by asking a view; what was counted is kept with the version."""

    def totals_of(texts: Sequence[str]) -> list[int]:
        kept = data.phrase_totals
        totals = {text: kept.get(text) for text in texts}
        missing = [text for text, total in totals.items() if total is None]
        if missing:
            found = view.find(_phrase_asks(data, missing))
            totals |= {text: kept.put(text, of.total) for text, of in zip(missing, found, strict=True)}
        return [totals[text] or 0 for text in texts]

    return totals_of


class GuessedTotals:
    """Takes phrases that were not counted yet to be found nowhere, and says which they are."""

    def __init__(self, data: VersionData) -> None:
        self._data = data
        self.missing: dict[str, None] = {}

    def __call__(self, texts: Sequence[str]) -> list[int]:
        totals = [self._data.phrase_totals.get(text) for text in texts]
        self.missing |= {text: None for text, total in zip(texts, totals, strict=True) if total is None}
        return [total or 0 for total in totals]

    @property
    def asks(self) -> list[Ask]:
        """What counts them."""
        return _phrase_asks(self._data, self.missing)


def _phrase_asks(data: VersionData, texts: Iterable[str]) -> list[Ask]:
    def resolve(field: str, typed: str) -> Sequence[str | None]:
        return ()

    plans = (make_plan(Chunk(text), data.language.analyzer, resolve) for text in texts)
    return [Ask(plan, enough=FOUND_OFTEN) for plan in plans]


def _wanted_chunks(tree: Node) -> Iterator[Chunk]:
    """The chunks that are asked for and not in a field."""
    if isinstance(tree, Chunk):
        yield tree
    elif isinstance(tree, (And, Or)):
        for child in tree.children:
            yield from _wanted_chunks(child)


def _replaced(tree: Node, chunk: Chunk, pieces: tuple[Chunk, ...]) -> Node:
    """The tree with all of its pieces for a chunk, but where it is denied; without pieces it is left out of an And."""
    if isinstance(tree, And):
        kept = [child for child in tree.children if pieces or child != chunk]
        return all_of(_replaced(child, chunk, pieces) for child in kept)
    if not pieces:
        return tree
    if isinstance(tree, Or):
        return Or(tuple(_replaced(child, chunk, pieces) for child in tree.children))
    return all_of(pieces) if tree == chunk else tree
