"""A query against one version of a collection: how it is interpreted, and what to ask the store.

query text -> tree -> `Interpretation` (search.answer.interpret), kept; with filters -> asks
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Any, get_args

from msgspec import Struct

from search.answer.failed_query import Wanted
from search.answer.interpret import (
    GuessedTotals,
    Interpretation,
    Totals,
    count_proposed,
    phrase_totals,
    plan_of,
)
from search.collection import Ask, Choice, View
from search.errors import QueryError
from search.language.plan import AddedFilter, Plan, Recognised, Tiered, Without, every
from search.language.plan.once import once
from search.language.query import Chunk, Node, Values, iter_leaves
from search.limits import Budget
from search.messages import answers as says
from search.model import COMMENTS, FACETS, PARTS, Match, Query, Sort

if TYPE_CHECKING:
    from search.answer.version_data import VersionData


MAX_PER_PAGE = 100
_MATCHES, _SORTS = get_args(Match), get_args(Sort)


class Question(Struct, frozen=True):
    """A query, put to one view."""

    query: Query
    view: View
    data: VersionData
    interpretation: Interpretation
    chosen: Choice
    tiers: tuple[Plan, Plan]
    """The plans of tier 1, and of tiers 1 and 2."""

    @property
    def tree(self) -> Node:
        return self.interpretation.tree

    @property
    def typed(self) -> Node:
        """The tree as it was typed: with all the words of a question, of which `tree` may have left some out."""
        return self.interpretation.parsed.tree

    @property
    def plan(self) -> Plan:
        return self.tiers[0] if self.query.match == "phrase" else self.in_full

    @property
    def in_full(self) -> Plan:
        """What tier 1 or tier 2 finds, as the tiers themselves, which a store has evaluated for the page's counts."""
        first, second = self.tiers
        return first if first == second else Tiered(first, second)

    def under(self, budget: Budget) -> Question:
        """The same question, charging another budget."""
        view = self.view.under(budget)
        return Question(self.query, view, self.data, self.interpretation, self.chosen, self.tiers)

    def ask(self, **collect: Any) -> Ask:
        """The question, with what to collect as `search.collection.Ask` names it."""
        return Ask(self.plan, self.chosen, **collect)

    def plan_of(
        self, tree: Node, *, synonyms: bool | None = None, report: Sequence[str] | None = None
    ) -> Plan:
        """The plan of another tree under the query's settings, or under others."""
        query = self.query
        synonyms = query.synonyms if synonyms is None else synonyms
        report = query.report if report is None else report
        totals = phrase_totals(self.data, self.view)
        plan = plan_of(self.data, tree, synonyms=synonyms, report=report, match=query.match, totals=totals)
        return within(plan, query)

    def total(self, tree: Node, query: Query, *, enough: int | None = None) -> int:
        """How many paragraphs a tree finds under the filters of `query`; see `search.collection.Ask.enough`."""
        return self.totals([(tree, query, enough)])[0]

    def totals(self, trees: Sequence[Wanted]) -> list[int]:
        """The same for many trees, in one batch."""
        return [found.total for found in self.view.find(self.asks(trees))]

    def asks(self, trees: Sequence[Wanted]) -> list[Ask]:
        """What `totals` asks."""
        totals = phrase_totals(self.data, self.view)
        count_proposed(self.data, [tree for tree, _, _ in trees], totals)
        return self._asks(trees, totals)

    def likely_asks(self, trees: Sequence[Wanted]) -> list[Ask]:
        """What `asks` is likely to ask itself and to give; nothing is asked for it."""
        totals = GuessedTotals(self.data)
        asks = self._asks(trees, totals)
        return [*totals.asks, *asks]

    def _asks(self, trees: Sequence[Wanted], totals: Totals) -> list[Ask]:
        def plan(tree: Node, of: Query) -> Plan:
            found = plan_of(
                self.data, tree, synonyms=of.synonyms, report=of.report, match=of.match, totals=totals
            )
            return within(found, of)

        return [Ask(plan(tree, of), choice_of(of, tree), enough=enough) for tree, of, enough in trees]


_ANY_DAY = (None, None)
_ALL_BUT_COMMENTS: Choice = (("part", tuple(part for part in PARTS if part != COMMENTS)),)


def put_question(query: Query, view: View, data: VersionData, interpretation: Interpretation) -> Question:
    """A query, as it was interpreted, put to a view."""
    parsed, tiers = interpretation.parsed, interpretation.tiers
    if query.added != _ANY_DAY or not query.ocr:
        tiers = within(tiers[0], query), within(tiers[1], query)
    chosen = _choice(query, asks_for_comments=not parsed.chunks and _names_comments(parsed.tree))
    return Question(query, view, data, interpretation, chosen, tiers)


def choice_of(query: Query, tree: Node) -> Choice:
    """The facet values that a query chooses; Word's comments are left out unless it asks for them."""
    return _choice(query, asks_for_comments=_names_comments(tree))


def _choice(query: Query, *, asks_for_comments: bool) -> Choice:
    chosen = _chosen_facets(query)
    return chosen if query.part or asks_for_comments else (*chosen, *_ALL_BUT_COMMENTS)


_facets_of = attrgetter(*FACETS)


@once
def _chosen_facets(query: Query) -> Choice:
    of_facets = _facets_of(query)
    if not any(of_facets):
        return ()
    return tuple([(name, values) for name, values in zip(FACETS, of_facets, strict=True) if values])


def _names_comments(tree: Node) -> bool:
    """Whether a query text says part:批注, however much of the word it has."""
    return not isinstance(tree, Chunk) and any(
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


def is_day(written: str) -> bool:
    """Whether a text is a day such as 2026-01-31."""
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
    if query.match not in _MATCHES:
        raise QueryError(says.BAD_CHOICE(name="match", choices=list(_MATCHES)), field="match")
    if query.sort not in _SORTS:
        raise QueryError(says.BAD_CHOICE(name="sort", choices=list(_SORTS)), field="sort")
    for day in query.added:
        if day is not None and not is_day(day):
            raise QueryError(says.BAD_DAY(value=day), field="added")
    if query.group not in ("", "report"):
        raise QueryError(says.BAD_CHOICE(name="group", choices=["report"]), field="group")
