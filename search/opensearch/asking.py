"""Questions carried out: one search for each, together; what one search can't tell is read after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from search.collection import Ask, Found, Likely, Occurrence, Ranked
from search.errors import BudgetExceeded
from search.language.plan import Plan, Tiered
from search.language.plan.conditions import conditions_of
from search.limits import Budget
from search.model import Cell
from search.opensearch.answers import cells_of, facets_of
from search.opensearch.bodies import (
    body_of,
    is_within,
    matching,
    restricted,
    sort_of,
)
from search.opensearch.catalogue import Catalogue
from search.opensearch.client import ClusterClient, Json
from search.opensearch.counting import Counted, OccurrenceCounter, counted_sets
from search.opensearch.dsl import Ids, Query, chosen_query, query_of
from search.opensearch.encoding import unescape
from search.opensearch.expected import Expected
from search.opensearch.reading import PARAGRAPHS, iter_buckets, iter_hits
from search.opensearch.rows import KeptRows, keep_shown
from search.opensearch.terms import TermReader
from search.opensearch.verified import Verifier

_BY_REPORT: list[Json] = [{"report": {"terms": {"field": "report"}}}]
_NO_HITS: Json = {"size": 0, "track_total_hits": False}
_BYTES_A_MATCH = 96


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its query; `first`: what the first tier of its plan matches, if it has tiers."""

    ask: Ask
    query: Query
    first: Query | None

    @property
    def all_of(self) -> Query:
        """What satisfies all of it, chosen values too."""
        return restricted(self.query, [chosen_query(self.ask.chosen)])

    @property
    def sets(self) -> list[Counted]:
        """What its occurrences are counted of."""
        return counted_sets(self.ask.plan, self.all_of, self.first)


class Asking:
    """Asks about one version under one budget."""

    def __init__(
        self,
        client: ClusterClient,
        index: Json,
        verifier: Verifier,
        terms: TermReader,
        expected: Expected,
        catalogue: Callable[[], Catalogue],
        rows: KeptRows,
        budget: Budget,
    ) -> None:
        self._client, self._index, self._verifier, self._rows = client, index, verifier, rows
        self._terms, self._expected = terms, expected
        self._catalogue, self._budget = catalogue, budget
        self._counter = OccurrenceCounter(client, index, budget)

    def find(self, asks: Sequence[Ask]) -> list[Found]:
        """The answers, in the order of the questions."""
        self._budget.charge()
        answers = {ask: found for ask in asks if (found := self._expected.answer(ask)) is not None}
        new = [ask for ask in dict.fromkeys(asks) if ask not in answers]
        answers |= zip(new, self.together(new)[0], strict=True) if new else ()
        return [answers[ask] for ask in asks]

    def together(self, asks: Sequence[Ask], bodies: Sequence[Json] = ()) -> tuple[list[Found], list[Json]]:
        """The answers to questions and to other searches, in one request, with what is expected to be asked next."""
        before = self._budget.spent_bytes
        try:
            likely, leaves = self._likely(asks)
            if likely.asks or likely.terms or leaves:
                return self._together(asks, bodies, likely, leaves)
        except BudgetExceeded as error:
            if error.resource != "memory":
                raise
            self._budget.release(self._budget.spent_bytes - before)
        return self._together(asks, bodies, Likely(), ())

    def _likely(self, asks: Sequence[Ask]) -> tuple[Likely, list[Plan]]:
        """What is expected to be asked next, as far as it can go with some questions; and leaves to look at for it."""
        likely = self._expected.take()
        looked = self._verifier.verified(ask.plan for ask in asks)
        more = [ask for ask in likely.asks if ask not in asks and self._is_simple(ask, looked)]
        leaves = [leaf for leaf in self._verifier.unlooked(likely.plans) if leaf not in looked]
        return Likely(more, self._terms.missing(likely.terms)), leaves

    def _is_simple(self, ask: Ask, looked: frozenset[Plan]) -> bool:
        """Whether a question surely takes one search, once the leaves `looked` at are known."""
        top = ask.top
        is_one_search = top is None or (is_within(top) and not top.group)
        is_counted = not ask.occurrences and not ask.cells
        return is_one_search and is_counted and self._verifier.can_assume(ask.plan, looked)

    def _together(
        self,
        asks: Sequence[Ask],
        bodies: Sequence[Json],
        likely: Likely,
        leaves: Sequence[Plan],
    ) -> tuple[list[Found], list[Json]]:
        every = [*asks, *likely.asks]
        ids, assumed = self._verifier.assumed(ask.plan for ask in every)
        looks, of_terms = self._verifier.look_bodies(assumed), self._terms.searches(likely.terms)
        of_leaves = self._verifier.search_bodies(leaves)
        questions = self._questions(every, ids)
        searches = self._searches(questions)
        answers = self._search([*looks, *bodies, *of_terms, *of_leaves, *chain.from_iterable(searches)])
        across = self._verifier.looked(assumed, list(islice(answers, len(looks))))
        others = list(islice(answers, len(bodies)))
        self._terms.keep(likely.terms, list(islice(answers, len(of_terms))))
        self._verifier.keep_looked(leaves, list(islice(answers, len(of_leaves))))
        found: dict[Ask, Found] = {}
        for question, its in zip(questions, searches, strict=True):
            own = list(islice(answers, len(its)))
            if not self._verifier.has_any(question.ask.plan, across):
                found[question.ask] = self._found(question, iter(own))
        again = self._questions([ask for ask in asks if ask not in found])
        answers = self._search(list(chain.from_iterable(self._searches(again))))
        found |= {question.ask: self._found(question, answers) for question in again}
        for ask in likely.asks:
            if ask in found:
                self._expected.keep(ask, found[ask])
        return [found[ask] for ask in asks], others

    def _search(self, bodies: Sequence[Json]) -> Iterator[Json]:
        return iter(self._client.search([(self._index, body) for body in bodies], budget=self._budget))

    def _searches(self, questions: Sequence[Question]) -> list[list[Json]]:
        """For each question what `_found` needs the answers of: its search, and those that count its occurrences."""
        sizes: dict[str, int] = {}
        for name in {name for of in questions for name in of.ask.facets}:
            sizes[name] = len(self._catalogue().values(name))
        return [
            [
                body_of(of.query, of.ask, sizes),
                *(self._counter.searches(of.sets) if of.ask.occurrences else ()),
            ]
            for of in questions
        ]

    def _questions(self, asks: Sequence[Ask], ids: Ids | None = None) -> list[Question]:
        if ids is None:
            ids = self._verifier.ids_of(ask.plan for ask in asks)
        queries: dict[int, tuple[Query, Query | None]] = {}
        found = []
        for ask in asks:
            if id(ask.plan) not in queries:
                self._budget.charge()
                queries[id(ask.plan)] = query_of(ask.plan, ids), _first_of(ask.plan, ids)
            query, first = queries[id(ask.plan)]
            found.append(Question(ask, matching(query, ask), first))
        return found

    def _found(self, question: Question, answers: Iterator[Json]) -> Found:
        self._budget.charge()
        ask, answer = question.ask, next(answers)
        counts = answer.get("aggregations", {}).get("counts", {})
        texts: list[int] = counts["texts"]["value"] if ask.reports else []
        return Found(
            total=answer["hits"]["total"]["value"],
            reports=texts[0] if ask.reports else None,
            texts=sum(texts) if ask.reports else None,
            facets=facets_of(answer, ask, self._catalogue()) if ask.facets else {},
            occurrences=self._counter.total(question.sets, answers) if ask.occurrences else None,
            repeated=counts["repeated"]["doc_count"] if ask.occurrences else None,
            of_ocr=counts["recognised"]["doc_count"] if ask.occurrences else None,
            cells=self._cells(question) if ask.cells else (),
            top=self._top(question, answer),
        )

    # Matches in order

    def _top(self, question: Question, answer: Json) -> Sequence[Ranked]:
        top = question.ask.top
        if top is None:
            return ()
        if not is_within(top):
            return _charged(self._budget, islice(self._ordered(question), top.skip, top.skip + top.count))
        hits = answer["hits"]["hits"]
        self._budget.charge(_BYTES_A_MATCH * len(hits))
        keep_shown(self._rows, hits)
        if not top.group:
            return [Ranked(hit["_id"], hit["_score"]) for hit in hits]
        names = [hit["fields"]["report"][0] for hit in hits]
        of_report = self._counts_of(question, names)
        return [
            Ranked(hit["_id"], hit["_score"], of_report[name]) for hit, name in zip(hits, names, strict=True)
        ]

    def _counts_of(self, question: Question, reports: Sequence[str]) -> dict[str, int]:
        """Matches in each of these reports."""
        if not reports:
            return {}
        terms = {"field": "report", "size": len(reports), "include": list(reports)}
        body = {**_NO_HITS, "query": question.all_of, "aggs": {"reports": {"terms": terms}}}
        (answer,) = self._client.search([(self._index, body)], budget=self._budget)
        return {of["key"]: of["doc_count"] for of in answer["aggregations"]["reports"]["buckets"]}

    def ordered(self, ask: Ask, *, page: int) -> Iterator[Ranked]:
        """All matches in the order of `ask.top`."""
        (question,) = self._questions([ask])
        return self._ordered(question, page=page)

    def _ordered(self, question: Question, *, page: int = 5_000) -> Iterator[Ranked]:
        top = question.ask.top
        counts = self._by_report(question.all_of) if top is not None and top.group else None
        return _iter_ordered(self._client, self._index, question, counts, self._budget, page)

    # Occurrences and cells

    def occurrences(self, ask: Ask) -> Iterator[Occurrence]:
        """The occurrences of the matches: newest report first, as they stand in it."""
        (question,) = self._questions([ask])
        sets = question.sets
        if any(of.needles for of in sets):
            for ref, (start, end) in self._counter.listed(sets, question.all_of):
                yield Occurrence(ref, start, end)

    def _by_report(self, query: Query) -> Counter[str]:
        buckets = iter_buckets(self._client, self._index, query, _BY_REPORT, {}, self._budget)
        return Counter({unescape(of["key"]["report"]): of["doc_count"] for of in buckets})

    def _cells(self, question: Question) -> tuple[Cell, ...]:
        ask = question.ask
        conditions = query_of(conditions_of(ask.plan), {})
        held = {"bool": {"filter": [PARAGRAPHS, conditions, chosen_query(ask.chosen)]}}
        characters = {"characters": {"sum": {"field": "length"}}}
        buckets = iter_buckets(self._client, self._index, held, _BY_REPORT, characters, self._budget)
        return cells_of(
            self._catalogue(),
            buckets,
            self._by_report(question.all_of),
            self._counter.by_report(question.sets),
            ask.cells_by,
        )


def _iter_ordered(
    client: ClusterClient,
    index: Json,
    question: Question,
    counts: Counter[str] | None,
    budget: Budget,
    page: int,
) -> Iterator[Ranked]:
    """All matches in their order; the first of each report, where `counts` has the matches of each."""
    top = question.ask.top
    sort = sort_of("relevance" if top is None else top.sort)
    body: Json = {"query": question.all_of, "sort": sort, "track_scores": True, "_source": False}
    if counts is None:
        for some in iter_hits(client, index, body, budget=budget, page=page):
            yield from (Ranked(hit["_id"], hit["_score"]) for hit in some)
        return
    seen: set[str] = set()
    body["docvalue_fields"] = ["report"]
    for some in iter_hits(client, index, body, budget=budget, page=page):
        for hit in some:
            name = unescape(hit["fields"]["report"][0])
            if name not in seen:
                seen.add(name)
                yield Ranked(hit["_id"], hit["_score"], counts[name])
        if len(seen) == len(counts):
            return


def _charged(budget: Budget, matches: Iterator[Ranked]) -> list[Ranked]:
    found: list[Ranked] = []
    while some := list(islice(matches, 1_000)):
        budget.charge(_BYTES_A_MATCH * len(some))
        found += some
    return found


def _first_of(plan: Plan, ids: Ids) -> Query | None:
    return query_of(plan.first, ids) if isinstance(plan, Tiered) else None
