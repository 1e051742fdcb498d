"""One page of a search: what is on it, in which order, and what is said beside it.

question -> find, by tier -> glossaries last, first matches reordered -> tiers 1, 2 and partial matches -> hits
-> hints -> SearchResult
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from msgspec import Struct

from search.answer.definitions import KeptDefinitions, find_definition
from search.answer.folding import fold_hits
from search.answer.glossary_last import count_glossary, half_asks, halves_of
from search.answer.hits import make_hits
from search.answer.other_readings import find_other_readings, other_trees
from search.answer.question import Question
from search.answer.rerank.partial_matches import FEW, partial_notice
from search.answer.rerank.rerank import RERANKED, Reranker
from search.answer.search_hints import find_hints, likely_counts
from search.collection import Ask, Found, Likely, Ranked, Ref, Top
from search.language.plan import Plan, Without
from search.language.query.describe import describe
from search.model import FACETS, FacetValue, Hit, Notice, Query, SearchResult, TierCounts

NONE_FOUND = Found(0, 0, occurrences=0)


class OrderedPage(Struct, frozen=True):
    """A page's matches, by tier.

    Args:
        counted: what the total and the facets count.
        tiers: what each tier finds.
        places: the matches on the page, with their tiers, in order.
        paged: how many there are on all pages.
        reordered: those that are ordered by their features.
    """

    counted: Found
    tiers: tuple[TierCounts, ...]
    places: tuple[tuple[int, Sequence[Ranked]], ...]
    paged: int
    reordered: frozenset[Ref]


def order_page(question: Question, reranker: Reranker) -> OrderedPage:
    """The matches on the page that is asked for, with what is counted."""
    query = question.query
    skip = (query.page - 1) * query.per_page
    end = skip + query.per_page
    first, second = question.tiers
    behind = None if second == first else Without(second, first)
    lister = _Lister(question, reranker)
    question.view.expect(lambda: lister.likely(first, behind))
    found, of_second, counted = _count(question, lister, behind, skip, end)
    tiers = [_counts(1, found), _counts(2, of_second)]
    if query.group:
        return OrderedPage(counted, tuple(tiers), lister.grouped(counted), counted.texts or 0, frozenset())
    listed = [(first, found, 0)]
    if behind is not None and (query.match == "all" or found.total < FEW):
        listed.append((behind, of_second, found.total))
    question.view.expect(
        lambda: Likely(
            [ask for plan, of, before in listed for ask in lister.asks(plan, of, skip - before, end - before)]
            + likely_beside(question, found.total, counted.total, found.total + of_second.total)
        )
    )
    partial = reranker.partial(question, found.total, of_second.total) if found.total < FEW else ()
    lists: list[tuple[int, Sequence[Ranked]]] = []
    for tier, (plan, of, before) in enumerate(listed, 1):
        lists.append((tier, lister.of(plan, of, skip - before, end - before)))
    paged = sum([of.total for _, of, _ in listed])
    if partial:
        lists.append((3, partial[max(skip - paged, 0) : max(end - paged, 0)]))
        tiers.append(TierCounts(3, listed=len(partial)))
        paged += len(partial)
    return OrderedPage(counted, tuple(tiers), tuple(lists), paged, frozenset(lister.reordered))


def likely_beside(question: Question, in_first: int, counted: int, in_full: int) -> list[Ask]:
    """What is likely to be counted for what is said beside the hits."""
    trees = likely_counts(question, counted, in_full)
    trees += [(tree, question.query, None) for _, tree in other_trees(question, in_first)]
    return question.likely_asks(trees)


def _count(
    question: Question, lister: _Lister, behind: Plan | None, skip: int, end: int
) -> tuple[Found, Found, Found]:
    """What tier 1 finds, what tier 2 adds, and what is counted; in one batch."""
    query = question.query
    first = question.tiers[0]
    is_all = query.match == "all"
    top = None if query.group and is_all else lister.top(skip, end)
    asks = [
        Ask(
            first,
            question.chosen,
            reports=True,
            occurrences=True,
            facets=() if is_all else FACETS,
            top=top,
        )
    ]
    if behind is not None:
        asks.append(Ask(behind, question.chosen, reports=True, occurrences=True))
    if is_all and behind is not None:
        asks.append(
            question.ask(reports=True, facets=FACETS, top=lister.top(skip, end) if query.group else None)
        )
    elif is_all:
        asks.append(Ask(first, question.chosen, reports=True, facets=FACETS, top=lister.top(skip, end)))
    answers = question.view.find(asks)
    of_second = answers[1] if behind is not None else NONE_FOUND
    return answers[0], of_second, answers[-1] if is_all else answers[0]


def _counts(tier: int, found: Found) -> TierCounts:
    return TierCounts(tier, found.total, found.occurrences, found.reports)


class _Lister:
    """Lists the matches of plans for one page."""

    def __init__(self, question: Question, reranker: Reranker) -> None:
        self._question, self._reranker = question, reranker
        self._reorders = reranker.reorders(question)
        self._halves = halves_of(question)
        self.reordered: set[Ref] = set()

    def top(self, skip: int, end: int) -> Top:
        """What of a plan's matches to name for a page from `skip` to `end`."""
        query = self._question.query
        if self._reorders and skip < RERANKED:
            return Top(max(end, RERANKED), 0, query.sort, query.group)
        return Top(end - skip, skip, query.sort, query.group)

    def likely(self, first: Plan, behind: Plan | None) -> Likely:
        """What may be asked once the first counts are known, whatever they are."""
        counted = [first] if self._question.query.match == "all" else []  # else its facets tell
        counted += [] if behind is None else [behind]
        asks = [Ask(plan, self._halves[1]) for plan in counted] if self._halves else []
        plans: list[Plan] = []
        if self._reorders:  # which often finds nothing, and then its parts are counted
            plans = [ask.plan for ask in likely_beside(self._question, 0, 0, 0)]
        return Likely(asks, self._reranker.likely_terms(self._question), plans)

    def asks(self, plan: Plan, found: Found, skip: int, end: int) -> list[Ask]:
        """What lists the matches `skip` to `end` of a plan; nothing where they were found with it already."""
        skip, end = max(skip, 0), min(end, found.total)
        return self._asks(plan, found, self._count_others(plan, found), skip, end) if skip < end else []

    def _asks(self, plan: Plan, found: Found, others: int, skip: int, end: int) -> list[Ask]:
        if self._halves and 0 < others < found.total:
            return half_asks(plan, self._halves, others, self.top(skip, end))
        return [] if found.top else [Ask(plan, self._question.chosen, top=self.top(skip, end))]

    def _count_others(self, plan: Plan, found: Found) -> int:
        """How many matches of a plan are no glossary entries, where these come last."""
        if not self._halves:
            return found.total
        return found.total - count_glossary(self._question, plan, found, self._halves)

    def of(self, plan: Plan, found: Found, skip: int, end: int) -> Sequence[Ranked]:
        """The matches `skip` to `end` of a plan: first those read that its sentence's features order, glossaries last.

        Args:
            found: what was found of the plan; its `top` may hold them already.
        """
        skip, end = max(skip, 0), min(end, found.total)
        if skip >= end:
            return ()
        others = self._count_others(plan, found)
        asks = self._asks(plan, found, others, skip, end)
        full = found.top
        if asks:
            full = [place for of in self._question.view.find(asks) for place in of.top]
        if not (self._reorders and skip < RERANKED):
            return full[: end - skip]
        first = min(RERANKED, others or found.total)
        head = self._reranker.reorder(self._question, plan, full[:first])
        self.reordered |= {place.ref for place in head}
        return [*head, *full[first:]][skip:end]

    def grouped(self, counted: Found) -> tuple[tuple[int, Sequence[Ranked]], ...]:
        """The best paragraph of each report, in runs of one tier."""
        if self._question.query.match == "phrase":
            return ((1, counted.top),)
        return by_tier(self._question, counted.top)


def by_tier(question: Question, places: Sequence[Ranked]) -> tuple[tuple[int, Sequence[Ranked]], ...]:
    """Matches of both tiers in one order, each with its tier."""
    refs = tuple(place.ref for place in places)
    (found,) = question.view.find([Ask(question.tiers[0], among=refs, top=Top(len(refs)))])
    in_first = {place.ref for place in found.top}
    return tuple((1 if place.ref in in_first else 2, (place,)) for place in places)


def read_page(question: Question, page: OrderedPage) -> list[Hit]:
    """The hits of an ordered page; paragraphs of all tiers are read at once."""
    listed = [(tier, places) for tier, places in page.places if places]
    if not listed:
        return []
    read = question.view.paragraphs([ref for _, places in listed for ref, _, _ in places])
    hits: list[Hit] = []
    for tier, places in listed:
        hits += make_hits(question, places, read[len(hits) : len(hits) + len(places)], tier)
    return hits


def make_page(
    question: Question, reranker: Reranker, definitions: KeptDefinitions, *, begun: float
) -> SearchResult:
    """The page that is asked for.

    Args:
        begun: when, by `time.perf_counter`.
    """
    interpretation, query = question.interpretation, question.query
    left_out = question.view.budget.left_out
    before = len(left_out)
    page = order_page(question, reranker)
    found = page.counted
    in_full = sum([tier.total or 0 for tier in page.tiers])
    hints = find_hints(question, found.total, in_full)
    notices = interpretation.notices
    if page.tiers[-1].listed:
        notices = (*notices, partial_notice(page.tiers[-1].listed, in_full))
    hits = read_page(question, page)
    other_readings = find_other_readings(question, page.tiers[0].total or 0)
    definition = find_definition(question, found, page.tiers[1].total or 0, definitions)
    return SearchResult(
        query=query,
        reading=describe(question.tree),
        total=(found.texts or 0) if query.group else found.total,
        hits=fold_hits(hits) if query.fold else tuple(hits),
        facets=_facets(query, found),
        notices=(*notices, *hints.notices, *map(Notice, left_out[before:])),
        reports=found.reports,
        did_you_mean=hints.did_you_mean,
        offers=hints.offers,
        synonyms=interpretation.expansions,
        explanation=hints.explanation,
        paragraphs=found.total,
        tiers=page.tiers,
        paged=page.paged,
        other_readings=other_readings,
        filters=interpretation.filters,
        card=interpretation.alone,
        definition=definition,
        took_ms=(time.perf_counter() - begun) * 1000,
    )


def _facets(query: Query, found: Found) -> dict[str, tuple[FacetValue, ...]]:
    """The facets as they are offered: parts that are chosen because no part is are not shown as chosen."""
    facets = dict(found.facets)
    if not query.part:
        facets["part"] = tuple([FacetValue(of.value, of.count, False) for of in facets["part"] if of.count])
    return facets
