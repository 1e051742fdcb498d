"""A query against one version of a collection: how it is interpreted, and what to ask the store.

query text -> tree -> synonyms -> plan, kept as an `Interpretation`; with filters -> asks
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, get_args

from search.answer.highlight import Needles, needles_of
from search.answer.resolve_values import resolve_value
from search.collection import Ask, Choice, View
from search.errors import QueryError
from search.language.plan import AddedFilter, Filter, Plan, Recognised, Without, every, make_plan
from search.language.plan.expand import Expansions
from search.language.query import Node, ParsedQuery, Values, iter_leaves
from search.messages import answers as says
from search.model import COMMENTS, FACETS, PARTS, Notice, Query, Sort

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
        return within(self.interpretation.plan, self.query)

    def ask(self, **collect: Any) -> Ask:
        """The question, with what to collect as `search.collection.Ask` names it."""
        return Ask(self.plan, self.chosen, **collect)

    def plan_of(
        self, tree: Node, *, synonyms: bool | None = None, report: Sequence[str] | None = None
    ) -> Plan:
        """The plan of another tree under the query's settings, or under others."""
        synonyms = self.query.synonyms if synonyms is None else synonyms
        report = self.query.report if report is None else report
        return within(plan_tree(self.data, tree, synonyms=synonyms, report=report)[0], self.query)

    def total(self, tree: Node, query: Query, *, enough: int | None = None) -> int:
        """How many paragraphs a tree finds under the filters of `query`; see `search.collection.Ask.enough`."""
        return self.totals([(tree, query, enough)])[0]

    def totals(self, trees: Sequence[tuple[Node, Query, int | None]]) -> list[int]:
        """The same for many trees, in one batch."""
        asks = [
            Ask(
                within(plan_tree(self.data, tree, synonyms=query.synonyms, report=query.report)[0], query),
                choice_of(query, tree),
                enough=enough,
            )
            for tree, query, enough in trees
        ]
        return [found.total for found in self.view.find(asks)]


_ALL_BUT_COMMENTS: Choice = (("part", tuple(part for part in PARTS if part != COMMENTS)),)


def choice_of(query: Query, tree: Node) -> Choice:
    """The facet values that a query chooses; Word's comments are left out unless it asks for them."""
    chosen = tuple((name, values) for name in FACETS if (values := getattr(query, name)))
    return chosen if query.part or _names_comments(tree) else (*chosen, *_ALL_BUT_COMMENTS)


def _names_comments(tree: Node) -> bool:
    """Whether a query text says part:批注, however much of the word it has."""
    return any(
        isinstance(leaf, Values) and leaf.field == "part" and any(map(COMMENTS.startswith, leaf.values))
        for leaf in iter_leaves(tree)
    )


def within(plan: Plan, query: Query) -> Plan:
    """A plan, with what the query asks of reports and paragraphs beside its text and facet values."""
    first, last = query.added
    if first or last:
        added = AddedFilter(first and f"{first}T00:00:00Z", last and f"{last}T23:59:59Z")
        plan = every([plan, added])
    return plan if query.ocr else Without(plan, Recognised())


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


def _is_day(written: str) -> bool:
    try:
        return len(written) == 10 and date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False


def check_query(query: Query) -> None:
    """Raises QueryError for a parameter that can't be used."""
    if query.page < 1:
        raise QueryError(says.BAD_PAGE(), field="page")
    if not 1 <= query.per_page <= MAX_PER_PAGE:
        raise QueryError(says.BAD_NUMBER(name="per_page", most=MAX_PER_PAGE), field="per_page")
    if query.sort not in get_args(Sort):
        raise QueryError(says.BAD_CHOICE(name="sort", choices=list(get_args(Sort))), field="sort")
    for day in query.added:
        if day is not None and not _is_day(day):
            raise QueryError(says.BAD_DAY(value=day), field="added")
    if query.group not in ("", "report"):
        raise QueryError(says.BAD_CHOICE(name="group", choices=["report"]), field="group")
