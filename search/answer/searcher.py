"""`Searcher`: asks a collection and answers with pages. Everything that is the same for all stores is composed here.

query -> parsed -> question (view, plan, filters) -> find -> reordered, partial matches -> hits -> hints -> SearchResult
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from itertools import chain
from threading import Lock
from typing import Any

from search.answer.completion import MAX_SUGGESTIONS, Completions
from search.answer.concordance import Concordance, check_concordance
from search.answer.context_order import Sample
from search.answer.definitions import KeptDefinitions
from search.answer.explain import SearchExplanation, explain, outline
from search.answer.glossary_last import halves_of
from search.answer.hits import mark_in_part, read_hits
from search.answer.interpret import Interpretation, interpret, interpretation_bytes
from search.answer.longer_words import KeptLongerWords, find_longer_words
from search.answer.page import by_tier, make_page, order_page, read_page
from search.answer.question import Question, check_query, put_question
from search.answer.rerank.rerank import RERANKED, Reranker
from search.answer.version_data import Language, version_data
from search.collection import Ask, Choice, Collection, Found, ReportSort, ReportValue, Top, Version, View
from search.language.plan import Filter, Plan, Without, string
from search.language.query import Chunk, parse_query
from search.language.synonyms import Synonyms, load_synonyms
from search.language.text import Analyzer, load_analyzer
from search.limits import UNLIMITED, Budget
from search.lru import LruCache
from search.model import (
    ConcordanceLine,
    ConcordancePage,
    ContextSort,
    Counts,
    Distribution,
    Hit,
    LongerWord,
    Query,
    Report,
    ReportText,
    SearchResult,
    Span,
    Stats,
    Suggestion,
)
from search.sizes import deep_bytes

_KEPT_BYTES = 16 * 1024 * 1024
"""What recent queries, as they were understood, may take together; their counts likewise."""
InterpretationKey = tuple[Version, str, bool, tuple[str, ...]]


@dataclass(slots=True)
class Caches:
    """What a Searcher keeps of recent questions, of all versions; a search's pages, facets and views ask them again."""

    interpretations: LruCache[InterpretationKey, Interpretation] = field(
        default_factory=lambda: LruCache(most=256, size_bytes=_KEPT_BYTES, size_of=interpretation_bytes)
    )
    counts: LruCache[tuple[Version, Query], Counts] = field(
        default_factory=lambda: LruCache(most=256, size_bytes=_KEPT_BYTES, size_of_key=deep_bytes)
    )
    reranker: Reranker = field(default_factory=Reranker)
    concordance: Concordance = field(default_factory=Concordance)
    definitions: KeptDefinitions = field(
        default_factory=lambda: LruCache(most=256, size_bytes=_KEPT_BYTES, size_of=deep_bytes)
    )

    longer_words: KeptLongerWords = field(
        default_factory=lambda: LruCache(
            most=256, size_bytes=_KEPT_BYTES, size_of=deep_bytes, size_of_key=deep_bytes
        )
    )

    def clear(self) -> None:
        """Drop everything but the paragraphs that were read."""
        self.interpretations.clear()
        self.counts.clear()
        self.reranker.lists.clear()
        self.definitions.clear()
        self.longer_words.clear()
        self.concordance.orders.clear()


class _Pin:
    """The version of a collection that is the newest when it is first asked for."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._view: View | None = None
        self._lock = Lock()

    def at(self, budget: Budget) -> View:
        """Its view, under a budget."""
        with self._lock:
            if self._view is None:
                self._view = self._collection.at(budget)
            return self._view if self._view.budget is budget else self._view.under(budget)


class Searcher:
    """Answers queries over a collection. Safe to use from several threads.

    Args:
        analyzer: the one that the collection was built with; None loads the default one.
        synonyms: None loads those that Xiesou brings.
        caches: what is kept between questions.

    Raises:
        SourceError: the synonyms can't be read.
    """

    def __init__(
        self,
        collection: Collection,
        analyzer: Analyzer | None = None,
        *,
        synonyms: Synonyms | None = None,
        caches: Caches | None = None,
    ) -> None:
        self._collection = collection
        self._language = Language(
            load_analyzer() if analyzer is None else analyzer,
            load_synonyms() if synonyms is None else synonyms,
        )
        self._caches = Caches() if caches is None else caches
        self._completions = Completions()
        self._budget = UNLIMITED
        self._pin: _Pin | None = None

    def under(self, budget: Budget) -> Searcher:
        """The same searcher, charging `budget` wherever a call brings none of its own; what is kept is shared."""
        bound = copy(self)
        bound._budget = budget
        return bound

    def pinned(self) -> Searcher:
        """The same searcher, of one version: the newest at its first question, and for all others the same.

        What is made of several answers, as a page is, asks such a one: a commit in between changes none of them.
        """
        bound = copy(self)
        bound._pin = _Pin(self._collection)
        return bound

    def view(self, budget: Budget = UNLIMITED) -> View:
        """The version that answers, to ask of it what no question of a person does."""
        budget = self._budget if budget is UNLIMITED else budget
        return self._collection.at(budget) if self._pin is None else self._pin.at(budget)

    def _question(self, query: Query, budget: Budget) -> Question:
        check_query(query)
        view = self.view(budget)
        data = version_data(view, self._language)
        key = (view.version, query.text, query.synonyms, query.report)
        interpretation = self._caches.interpretations.get(key)
        if interpretation is None:
            interpretation = interpret(data, query, parse_query(query.text), view)
            self._caches.interpretations.put(key, interpretation)
        return put_question(query, view, data, interpretation)

    def question(self, query: Query, *, budget: Budget = UNLIMITED) -> Question:
        """The query put to the newest version: what instruments ask, when a page of hits isn't what they need.

        Raises:
            QueryError: the query or a parameter can't be read.
        """
        return self._question(query, budget)

    # Searching

    def search(self, query: Query, *, budget: Budget = UNLIMITED) -> SearchResult:
        """The page of hits that `query` asks for.

        Raises:
            QueryError: the query or a parameter can't be read.
            BudgetExceeded: it takes more than `budget`.
            StoreError, CollectionUnavailable: the collection can't be read.
        """
        begun = time.perf_counter()
        question = self._question(query, budget)
        return make_page(question, self._caches.reranker, self._caches.definitions, begun=begun)

    def iter_hits(self, query: Query, *, budget: Budget = UNLIMITED) -> Iterator[Hit]:
        """Every hit that `query` asks for, in the order of its sort; its page is ignored. Memory stays bounded.

        Raises:
            QueryError: the query can't be read; raised at once, not with the first hit.
        """
        return self._iter_hits(self._question(query, budget))

    def _iter_hits(self, question: Question) -> Iterator[Hit]:
        first, second = question.tiers
        if question.query.group and question.query.match == "all":
            yield from self._iter_grouped(question)
            return
        tiers = [(1, first)]
        if question.query.match == "all" and second != first:
            tiers.append((2, Without(second, first)))
        for tier, plan in tiers:
            yield from self._iter_tier(question, tier, plan)

    def _iter_grouped(self, question: Question) -> Iterator[Hit]:
        """The best paragraph of each report, whatever its tier."""
        query = question.query
        ask = Ask(question.plan, question.chosen, top=Top(0, sort=query.sort, group=query.group))
        for batch in question.view.scan(ask):
            for tier, places in by_tier(question, batch):
                yield from read_hits(question, places, tier=tier)

    def _iter_tier(self, question: Question, tier: int, plan: Plan) -> Iterator[Hit]:
        query, reranker = question.query, self._caches.reranker
        top = Top(0, sort=query.sort, group=query.group)
        reorders = reranker.reorders(question)
        asks = [Ask(plan, chosen, top=top) for chosen in halves_of(question) or (question.chosen,)]
        for batch in chain.from_iterable(map(question.view.scan, asks)):
            ranked = batch
            if reorders:
                ranked = [*reranker.reorder(question, plan, batch[:RERANKED]), *batch[RERANKED:]]
                reorders = False
            with question.view.budget.borrowed():
                yield from read_hits(question, ranked, tier=tier)

    def mark(self, query: Query, text: str) -> tuple[Span, ...]:
        """Where a text says what `query` asks for, in part too: highlights as a hit of tier 3 has them.

        Raises:
            QueryError: the query can't be read.
        """
        return mark_in_part(self._question(query, UNLIMITED), text)

    def count(self, query: Query, *, budget: Budget = UNLIMITED) -> Counts:
        """How many paragraphs match, how often they say it, and in how many reports; all exact.

        Raises:
            QueryError: the query can't be read.
        """
        return self.counts([query], budget=budget)[0]

    def counts(self, queries: Sequence[Query], *, budget: Budget = UNLIMITED) -> list[Counts]:
        """The counts of many queries, in one batch."""
        questions = [self._question(query, budget) for query in queries]
        keys = [
            (
                question.view.version,
                replace(question.query, page=1, per_page=1, sort="relevance", group="", fold=False),
            )
            for question in questions
        ]
        known = [self._caches.counts.get(key) for key in keys]
        new = [at for at, counts in enumerate(known) if counts is None]
        if new:
            asks = [questions[at].ask(reports=True, occurrences=True) for at in new]
            for at, found in zip(new, questions[new[0]].view.find(asks), strict=True):
                known[at] = self._caches.counts.put(keys[at], _to_counts(found))
        return [counts for counts in known if counts is not None]

    def longer_words(self, query: Query, *, budget: Budget = UNLIMITED) -> tuple[LongerWord, ...]:
        """Words within which occurrences of tier 1 lie (百千万工程 for 千万工程), the most frequent first.

        Of queries of one chunk or quoted string; () where very many paragraphs match. Kept: the first time it reads
        the paragraphs whose occurrences may straddle words.

        Raises:
            QueryError: the query can't be read.
        """
        return find_longer_words(self._question(query, budget), self._caches.longer_words)

    def find_strings(
        self,
        strings: Sequence[str],
        filters: Query = Query(),  # noqa: B008 -- frozen
        *,
        without: str | None = None,
        budget: Budget = UNLIMITED,
        **collect: Any,
    ) -> tuple[View, list[Found]]:
        """The answers for many exact strings, each as for a quoted search, in one batch; and the view they are of.

        Args:
            filters: a query whose filters hold; its text is not read.
            without: the id of a report to leave out.
            collect: what to collect, as `search.collection.Ask` names it.
        """
        question = self._question(replace(filters, text=""), budget)
        left_out = None if without is None else Filter("report", (without,))
        asks = []
        for said in strings:
            plan = string(self._language.analyzer.query_tokens(said))
            asks.append(
                Ask(plan if left_out is None else Without(plan, left_out), question.chosen, **collect)
            )
        return question.view, question.view.find(asks)

    def count_strings(
        self, strings: Sequence[str], filters: Query, *, budget: Budget = UNLIMITED
    ) -> Sequence[int]:
        """How often many exact strings are said, each as a quoted search counts it; `filters` as in `find_strings`."""
        question = self._question(replace(filters, text=""), budget)
        tokens = self._language.analyzer.query_tokens
        return question.view.count_strings([string(tokens(said)) for said in strings], question.chosen)

    def interpret(self, query: Query) -> Interpretation:
        """How `query` is read: its tree, its plan, and what there is to say of it.

        Raises:
            QueryError: the query or a parameter can't be read.
        """
        return self._question(query, UNLIMITED).interpretation

    def wait(self) -> None:
        """Wait until suggestions have read the headings and reports of the collection."""
        self._completions.wait()

    def explain(self, query: Query) -> SearchExplanation:
        """How `query` is carried out, and what the scores of its hits are the sums of.

        Raises:
            QueryError: the query or a parameter can't be read.
        """
        question = self._question(query, UNLIMITED)
        page = order_page(question, self._caches.reranker)
        hits = read_page(question, page)
        refs = [place.ref for _, places in page.places for place in places]
        pairs = list(zip(hits, refs, strict=True))
        return explain(question, pairs, page.reordered, self._caches.reranker)

    # Views of a search

    def concordance(
        self,
        query: Query,
        *,
        sort: ContextSort = "left",
        page: int = 1,
        per_page: int = 50,
        context: int = 20,
        sample: Sample | None = None,
        budget: Budget = UNLIMITED,
    ) -> ConcordancePage:
        """Occurrences with their context, one per line.

        Args:
            sort: by the context to the left, read backwards; to the right; either behind its nearest word ("left2");
                or "order": newest report first, as they stand in it.
            sample: a random sample of at most 10,000; None, or one as large as all, for all.
            page: from 1.
            per_page: 1 to 500 lines.
            context: 1 to 100 characters on each side.

        Raises:
            QueryError: the query or a parameter can't be read.
        """
        check_concordance(sort, page, per_page, context, sample)
        question = self._question(query, budget)
        return self._caches.concordance.page(
            question, sort=sort, page=page, per_page=per_page, context=context, sample=sample
        )

    def iter_lines(
        self,
        query: Query,
        *,
        sort: ContextSort = "left",
        context: int = 20,
        sample: Sample | None = None,
        budget: Budget = UNLIMITED,
    ) -> Iterator[ConcordanceLine]:
        """Every line of `concordance`, in its order; of one version. Texts are read as they are asked for.

        Raises:
            QueryError: the query or a parameter can't be read; raised at once, not with the first line.
        """
        check_concordance(sort, 1, 1, context, sample)
        question = self._question(query, budget)
        return self._caches.concordance.iter_lines(question, sort=sort, context=context, sample=sample)

    def distribution(self, query: Query, *, budget: Budget = UNLIMITED) -> Distribution:
        """What matches in every city and year, against what is held there.

        Raises:
            QueryError: the query can't be read.
        """
        question = self._question(query, budget)
        ask = question.ask(cells=True, cells_by=query.year_field)
        return Distribution(query, question.view.find([ask])[0].cells)

    def suggest(self, prefix: str, *, limit: int = 10) -> Sequence[Suggestion]:
        """What a query that is being typed may become: its last chunk completed, the most used first.

        Args:
            prefix: the query so far; what precedes its last blank stays as it is.
            limit: at most 50.
        """
        view = self.view()
        data = version_data(view, self._language)
        completer = self._completions.completer(view.version, lambda: data.completer)
        found = completer.suggest(prefix, limit=min(limit, MAX_SUGGESTIONS))
        counted = [suggestion for suggestion in found if suggestion.kind in ("term", "heading")]
        counts = dict(zip(counted, self.count_texts([one.alone for one in counted]), strict=True))
        return tuple(replace(one, count=counts.get(one, one.count)) for one in found)

    def count_texts(self, texts: Sequence[str], within: Query | None = None) -> list[int]:
        """In how many paragraphs each text stands by itself, as tier 1 counts a chunk.

        Args:
            within: its filters are applied.
        """
        within = Query() if within is None else within
        question = self._question(replace(within, text="", page=1, per_page=1), UNLIMITED)
        return question.totals([(Chunk(text), within, None) for text in texts])

    # The collection

    def report(self, report_id: str) -> ReportText:
        """A whole report.

        Raises:
            ReportNotFound: no report has that id.
        """
        return self.view().report(report_id)

    def reports(
        self, chosen: Choice = (), *, others: bool = False, sort: ReportSort = "source"
    ) -> Sequence[Report]:
        """Every report that a choice leaves; with `others`, also texts that are no report."""
        return self.view().reports(chosen, others=others, sort=sort)[1]

    def list_reports(
        self, chosen: Choice = (), *, sort: ReportSort = "source", skip: int = 0, count: int
    ) -> tuple[int, Sequence[Report]]:
        """How many reports a choice leaves, and a slice of them."""
        return self.view().reports(chosen, sort=sort, skip=skip, count=count)

    def report_values(self, field: str) -> Sequence[ReportValue]:
        """The values of a facet that reports have, ascending, unknown last."""
        view = self.view()
        return view.derived(f"report values.{field}", lambda: view.report_values(field))

    def outline(self, query: Query) -> tuple[str, ...]:
        """The plan of `query` in words, a line a node; costs no more than to read the query.

        Raises:
            QueryError: the query or a parameter can't be read.
        """
        return outline(self._question(query, UNLIMITED).plan)

    def stats(self) -> Stats:
        """What the collection holds."""
        return self.view().stats()

    @property
    def version(self) -> Version:
        """Identifies the collection's present state, or the pinned one; equal in all processes that read it."""
        return self.view().version

    @property
    def analyzer(self) -> Analyzer:
        """What cuts texts and queries into words."""
        return self._language.analyzer

    @property
    def collection(self) -> Collection:
        """What is searched."""
        return self._collection

    def close(self) -> None:
        """Let go of the collection; the searcher can't be used after it."""
        self._completions.close()
        self._collection.close()


def _to_counts(found: Found) -> Counts:
    counted = (found.occurrences, found.reports, found.repeated, found.of_ocr)
    return Counts(found.total, *(number or 0 for number in counted))
