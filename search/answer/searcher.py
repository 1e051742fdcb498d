"""`Searcher`: asks a collection and answers with pages. Everything that is the same for all stores is composed here.

query -> parsed -> question (view, plan, filters) -> find -> reordered, partial matches -> hits -> hints -> SearchResult
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from search.answer.completion import MAX_SUGGESTIONS, Completions
from search.answer.concordance import Concordance, check_concordance
from search.answer.explain import SearchExplanation, explain
from search.answer.hits import read_hits
from search.answer.question import Interpretation, Question, choice_of, interpret
from search.answer.rerank.partial_matches import partial_notice
from search.answer.rerank.rerank import RERANKED, Reranker
from search.answer.search_hints import find_hints
from search.answer.version_data import Language, version_data
from search.collection import Collection, Found, Ranked, Ref, ReportSort, Top, Version
from search.errors import QueryError
from search.language.query import describe_in_chinese, parse_query
from search.language.synonyms import Synonyms, load_synonyms
from search.language.text import Analyzer, load_analyzer
from search.limits import UNLIMITED, Budget
from search.lru import LruCache
from search.model import (
    FACETS,
    ConcordanceLine,
    ConcordancePage,
    ContextSort,
    Counts,
    Distribution,
    Hit,
    Query,
    Report,
    ReportText,
    SearchResult,
    Stats,
    Suggestion,
)

MAX_PER_PAGE = 100

InterpretationKey = tuple[Version, str, bool, tuple[str, ...]]


@dataclass(slots=True)
class Caches:
    """What a Searcher keeps of recent questions, of all versions; a search's pages, facets and views ask them again."""

    interpretations: LruCache[InterpretationKey, Interpretation] = field(
        default_factory=lambda: LruCache(most=256)
    )
    counts: LruCache[tuple[Version, Query], Counts] = field(default_factory=lambda: LruCache(most=256))
    reranker: Reranker = field(default_factory=Reranker)
    concordance: Concordance = field(default_factory=Concordance)

    def clear(self) -> None:
        """Drop everything but the paragraphs that were read."""
        self.interpretations.clear()
        self.counts.clear()
        self.reranker.lists.clear()
        self.concordance.orders.clear()


@dataclass(frozen=True, slots=True)
class _Ordered:
    """A page's matches: full ones, then partial ones; `partial` is how many of those there are."""

    found: Found
    full: Sequence[Ranked]
    behind: Sequence[Ranked]
    partial: int
    reordered: frozenset[Ref]


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

    def _question(self, query: Query, budget: Budget) -> Question:
        check_query(query)
        view = self._collection.at(budget)
        data = version_data(view, self._language)
        key = (view.version, query.text, query.synonyms, query.report)
        interpretation = self._caches.interpretations.get(key)
        if interpretation is None:
            interpretation = interpret(data, query, parse_query(query.text))
            self._caches.interpretations.put(key, interpretation)
        return Question(query, view, data, interpretation, choice_of(query))

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
        page = self._order(question)
        found = page.found
        hits = read_hits(question.view, page.full, question.interpretation.needles)
        if page.behind:
            hits += read_hits(question.view, page.behind, question.interpretation.needles, tier=2)
        hints = find_hints(question, found.total)
        total = _total(question, found)
        notices = question.interpretation.notices
        if page.partial:
            notices = (*notices, partial_notice(page.partial, total))
        return SearchResult(
            query=query,
            reading=describe_in_chinese(question.tree),
            total=total,
            hits=tuple(hits),
            facets=found.facets,
            notices=(*notices, *hints.notices),
            reports=found.reports,
            did_you_mean=hints.did_you_mean,
            offers=hints.offers,
            synonyms=question.interpretation.expansions,
            explanation=hints.explanation,
            paragraphs=found.total,
            partial=page.partial,
            took_ms=(time.perf_counter() - begun) * 1000,
        )

    def _order(self, question: Question) -> _Ordered:
        """The matches of the page, full ones first, with what is counted."""
        query, reranker = question.query, self._caches.reranker
        skip = (query.page - 1) * query.per_page
        end = skip + query.per_page
        reorders = skip < RERANKED and reranker.reorders(question)
        first = 0 if reorders else skip
        count = max(end, RERANKED) - first if reorders else query.per_page
        top = Top(count, first, query.sort, query.group)
        found = question.view.find([question.ask(reports=True, facets=FACETS, top=top)])[0]
        full, reordered = found.top, frozenset[Ref]()
        if reorders and full:
            head = reranker.reorder(question, full[:RERANKED])
            reordered = frozenset(place.ref for place in head)
            full = [*head, *full[RERANKED:]][skip:end]
        total = _total(question, found)
        partial = reranker.partial(question, total)
        behind = partial[max(skip - total, 0) : max(end - total, 0)]
        return _Ordered(found, full, behind, len(partial), reordered)

    def iter_hits(self, query: Query, *, budget: Budget = UNLIMITED) -> Iterator[Hit]:
        """Every hit that `query` asks for, in the order of its sort; its page is ignored. Memory stays bounded.

        Raises:
            QueryError: the query can't be read; raised at once, not with the first hit.
        """
        return self._iter_hits(self._question(query, budget))

    def _iter_hits(self, question: Question) -> Iterator[Hit]:
        query, reranker = question.query, self._caches.reranker
        reorders = reranker.reorders(question)
        for batch in question.view.scan(question.ask(top=Top(0, sort=query.sort, group=query.group))):
            ranked = batch
            if reorders:
                ranked = [*reranker.reorder(question, batch[:RERANKED]), *batch[RERANKED:]]
                reorders = False
            yield from read_hits(question.view, ranked, question.interpretation.needles)

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
            (question.view.version, replace(question.query, page=1, per_page=1, sort="relevance", group=""))
            for question in questions
        ]
        known = [self._caches.counts.get(key) for key in keys]
        new = [at for at, counts in enumerate(known) if counts is None]
        if new:
            asks = [questions[at].ask(reports=True, occurrences=True) for at in new]
            for at, found in zip(new, questions[new[0]].view.find(asks), strict=True):
                known[at] = self._caches.counts.put(keys[at], _to_counts(found))
        return [counts for counts in known if counts is not None]

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
        page = self._order(question)
        hits = read_hits(question.view, page.full, question.interpretation.needles)
        hits += read_hits(question.view, page.behind, question.interpretation.needles, tier=2)
        refs = [place.ref for place in (*page.full, *page.behind)]
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
        budget: Budget = UNLIMITED,
    ) -> ConcordancePage:
        """Occurrences with their context, one per line.

        Args:
            sort: by the context to the left, read backwards; to the right; or "order": newest report first, as they
                stand in it.
            page: from 1.
            per_page: 1 to 500 lines.
            context: 1 to 100 characters on each side.

        Raises:
            QueryError: the query or a parameter can't be read.
        """
        check_concordance(sort, page, per_page, context)
        question = self._question(query, budget)
        return self._caches.concordance.page(
            question, sort=sort, page=page, per_page=per_page, context=context
        )

    def iter_lines(
        self,
        query: Query,
        *,
        sort: ContextSort = "left",
        context: int = 20,
        budget: Budget = UNLIMITED,
    ) -> Iterator[ConcordanceLine]:
        """Every line of `concordance`, in its order; of one version. Texts are read as they are asked for.

        Raises:
            QueryError: the query or a parameter can't be read; raised at once, not with the first line.
        """
        check_concordance(sort, 1, 1, context)
        question = self._question(query, budget)
        return self._caches.concordance.iter_lines(question, sort=sort, context=context)

    def distribution(self, query: Query, *, budget: Budget = UNLIMITED) -> Distribution:
        """What matches in every city and year, against what is held there.

        Raises:
            QueryError: the query can't be read.
        """
        question = self._question(query, budget)
        return Distribution(query, question.view.find([question.ask(cells=True)])[0].cells)

    def suggest(self, prefix: str, *, limit: int = 10) -> Sequence[Suggestion]:
        """What a query that is being typed may become: its last chunk completed, the most used first.

        Args:
            prefix: the query so far; what precedes its last blank stays as it is.
            limit: at most 50.
        """
        view = self._collection.at()
        data = version_data(view, self._language)
        completer = self._completions.completer(view.version, lambda: data.completer)
        return completer.suggest(prefix, limit=min(limit, MAX_SUGGESTIONS))

    # The collection

    def report(self, report_id: str) -> ReportText:
        """A whole report.

        Raises:
            ReportNotFound: no report has that id.
        """
        return self._collection.at().report(report_id)

    def reports(self, *, others: bool = False, sort: ReportSort = "source") -> Sequence[Report]:
        """Every report, by source and order in it; with `others`, also texts that are no report."""
        return self._collection.at().reports(others=others, sort=sort)[1]

    def stats(self) -> Stats:
        """What the collection holds."""
        return self._collection.at().stats()

    @property
    def version(self) -> Version:
        """Identifies the collection's present state; equal in all processes that read it."""
        return self._collection.at().version

    @property
    def collection(self) -> Collection:
        """What is searched."""
        return self._collection

    def close(self) -> None:
        """Let go of the collection; the searcher can't be used after it."""
        self._completions.close()
        self._collection.close()


def _total(question: Question, found: Found) -> int:
    """What is paged through: reports if hits are grouped by report, else paragraphs."""
    return (found.reports or 0) if question.query.group else found.total


def _to_counts(found: Found) -> Counts:
    return Counts(found.total, found.occurrences or 0, found.reports or 0, found.repeated or 0)


def check_query(query: Query) -> None:
    """Raises QueryError for a parameter that can't be used."""
    if query.page < 1:
        raise QueryError("page counts from 1.", field="page")
    if not 1 <= query.per_page <= MAX_PER_PAGE:
        raise QueryError(f"per_page must be 1 to {MAX_PER_PAGE}.", field="per_page")
    if query.sort not in ("relevance", "year", "-year"):
        raise QueryError("sort must be relevance, year or -year.", field="sort")
    if query.group not in ("", "report"):
        raise QueryError("group must be report or left out.", field="group")
