"""A query against one version of a collection: how it is interpreted, and what to ask the store.

query text -> tree -> synonyms -> plan, kept as an `Interpretation`; with filters -> asks
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from search.answer.highlight import Needles, needles_of
from search.answer.resolve_values import resolve_value
from search.collection import Ask, Choice, View
from search.errors import QueryError
from search.language.plan import Filter, Plan, every, make_plan
from search.language.plan.expand import Expansions
from search.language.query import Node, ParsedQuery, Values, iter_leaves
from search.messages import answers as says
from search.model import FACETS, Notice, Query

if TYPE_CHECKING:
    from search.answer.version_data import VersionData


MAX_PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class Interpretation:
    """How a query text was understood in one version, and what there is to say of it."""

    parsed: ParsedQuery
    plan: Plan
    needles: Needles
    expansions: Expansions
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A query, put to one view."""

    query: Query
    view: View
    data: VersionData
    interpretation: Interpretation
    chosen: Choice

    @property
    def tree(self) -> Node:
        return self.interpretation.parsed.tree

    @property
    def plan(self) -> Plan:
        return self.interpretation.plan

    def ask(self, **collect: Any) -> Ask:
        """The question, with what to collect as `search.collection.Ask` names it."""
        return Ask(self.plan, self.chosen, **collect)

    def plan_of(
        self, tree: Node, *, synonyms: bool | None = None, report: Sequence[str] | None = None
    ) -> Plan:
        """The plan of another tree under the query's settings, or under others."""
        synonyms = self.query.synonyms if synonyms is None else synonyms
        report = self.query.report if report is None else report
        return plan_tree(self.data, tree, synonyms=synonyms, report=report)[0]

    def total(self, tree: Node, query: Query, *, enough: int | None = None) -> int:
        """How many paragraphs a tree finds under the filters of `query`; see `search.collection.Ask.enough`."""
        return self.totals([(tree, query, enough)])[0]

    def totals(self, trees: Sequence[tuple[Node, Query, int | None]]) -> list[int]:
        """The same for many trees, in one batch."""
        asks = [
            Ask(
                self.plan_of(tree, synonyms=query.synonyms, report=query.report),
                choice_of(query),
                enough=enough,
            )
            for tree, query, enough in trees
        ]
        return [found.total for found in self.view.find(asks)]


def choice_of(query: Query) -> Choice:
    """The facet values that a query chooses."""
    if not (query.city or query.year or query.type or query.province):
        return ()
    return tuple((name, values) for name in FACETS if (values := getattr(query, name)))


def interpret(data: VersionData, query: Query, parsed: ParsedQuery) -> Interpretation:
    """How a parsed query is understood in a version."""
    plan, expansions = plan_tree(data, parsed.tree, synonyms=query.synonyms, report=query.report)
    unknown = (
        Notice(says.UNKNOWN_VALUE(value=typed))
        for leaf in iter_leaves(parsed.tree)
        if isinstance(leaf, Values)
        for typed in leaf.values
        if not resolve_value(data, leaf.field, typed)
    )
    return Interpretation(parsed, plan, needles_of(plan), expansions, (*parsed.notices, *unknown))


def plan_tree(
    data: VersionData, tree: Node, *, synonyms: bool, report: Sequence[str]
) -> tuple[Plan, Expansions]:
    """The plan of a tree, and which of its words also stand in other forms."""
    language = data.language
    expanded, expansions = language.expand(tree) if synonyms else (tree, ())

    def resolve(field: str, typed: str) -> Sequence[str | None]:
        return resolve_value(data, field, typed)

    plan = make_plan(expanded, language.analyzer, resolve)
    return every([plan, Filter("report", tuple(report))]) if report else plan, expansions


def check_query(query: Query) -> None:
    """Raises QueryError for a parameter that can't be used."""
    if query.page < 1:
        raise QueryError(says.BAD_PAGE(), field="page")
    if not 1 <= query.per_page <= MAX_PER_PAGE:
        raise QueryError(says.BAD_NUMBER(name="per_page", most=MAX_PER_PAGE), field="per_page")
    if query.sort not in ("relevance", "year", "-year"):
        raise QueryError(says.BAD_CHOICE(name="sort", choices=["relevance", "year", "-year"]), field="sort")
    if query.group not in ("", "report"):
        raise QueryError(says.BAD_CHOICE(name="group", choices=["report"]), field="group")
