"""A query against one version of a collection: how it is interpreted, and what to ask the store.

query text -> tree -> `Interpretation` (search.answer.interpret), kept; with filters -> asks
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from search.answer.interpret import Interpretation, plan_of
from search.collection import Ask, Choice, View
from search.errors import QueryError
from search.language.plan import Plan
from search.language.query import Node
from search.messages import answers as says
from search.model import FACETS, Query

if TYPE_CHECKING:
    from search.answer.version_data import VersionData


MAX_PER_PAGE = 100


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
        return self.interpretation.tree

    @property
    def plan(self) -> Plan:
        return self.interpretation.plan(self.query.match)

    def ask(self, **collect: Any) -> Ask:
        """The question, with what to collect as `search.collection.Ask` names it."""
        return Ask(self.plan, self.chosen, **collect)

    def plan_of(
        self, tree: Node, *, synonyms: bool | None = None, report: Sequence[str] | None = None
    ) -> Plan:
        """The plan of another tree under the query's settings, or under others."""
        synonyms = self.query.synonyms if synonyms is None else synonyms
        report = self.query.report if report is None else report
        return plan_of(self.data, tree, synonyms=synonyms, report=report, match=self.query.match)

    def total(self, tree: Node, query: Query, *, enough: int | None = None) -> int:
        """How many paragraphs a tree finds under the filters of `query`; see `search.collection.Ask.enough`."""
        return self.totals([(tree, query, enough)])[0]

    def totals(self, trees: Sequence[tuple[Node, Query, int | None]]) -> list[int]:
        """The same for many trees, in one batch."""
        asks = [
            Ask(
                plan_of(self.data, tree, synonyms=query.synonyms, report=query.report, match=query.match),
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


def check_query(query: Query) -> None:
    """Raises QueryError for a parameter that can't be used."""
    if query.page < 1:
        raise QueryError(says.BAD_PAGE(), field="page")
    if not 1 <= query.per_page <= MAX_PER_PAGE:
        raise QueryError(says.BAD_NUMBER(name="per_page", most=MAX_PER_PAGE), field="per_page")
    if query.sort not in ("relevance", "year", "-year"):
        raise QueryError(says.BAD_CHOICE(name="sort", choices=["relevance", "year", "-year"]), field="sort")
    if query.match not in ("phrase", "all"):
        raise QueryError(says.BAD_CHOICE(name="match", choices=["phrase", "all"]), field="match")
    if query.group not in ("", "report"):
        raise QueryError(says.BAD_CHOICE(name="group", choices=["report"]), field="group")
