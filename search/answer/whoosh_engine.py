"""The default engine: Whoosh's index, read as arrays.

query -> tree -> plan -> match (by segment) -> count combinations -> order -> one page of hits
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from search.answer.concordance import (
    Lines,
    check_concordance,
    iter_lines,
    order_lines,
    possible_sort,
)
from search.answer.distribution import distribute, read_holdings
from search.answer.explain import ExplainedHit, full_parts
from search.answer.found import Found, Reading, State, allowed_only, group_by_report, kept
from search.answer.rerank.paragraph_reader import Reader
from search.answer.rerank.partial_matches import KeptPartial, partial_notice
from search.answer.rerank.rerank import ReadingOrder
from search.answer.resolve_values import resolve_value
from search.answer.search_hints import Dialogue, Said
from search.embedded.catalogue import count_stats, iter_reports, read_report
from search.embedded.counting import count_repeated
from search.embedded.facets import Selection, count_combinations
from search.embedded.hits import NOT_GROUPED, read_hits
from search.embedded.match_cache import Kept, MatchCache, PlanKey
from search.embedded.matches import Matches
from search.embedded.matching import Matcher
from search.embedded.ordering import Ordered, iter_ordered, order_page
from search.embedded.resident import Residence
from search.embedded.scoring import Scorer
from search.embedded.snapshot import Snapshot
from search.embedded.store import latest_generation, open_generation
from search.embedded.words import least_matches, without_bonus
from search.errors import QueryError, ReportNotFound
from search.kept import keep
from search.language.plan import Filter, Plan, every, make_plan
from search.language.plan.expand import Told
from search.language.query import Node, Values, describe_in_chinese, iter_leaves, parse_query
from search.language.text import Analyzer, load_analyzer
from search.model import (
    FACETS,
    ConcordanceLine,
    ConcordancePage,
    ContextSort,
    Counts,
    Distribution,
    Hit,
    Notice,
    Query,
    Report,
    ReportText,
    SearchResult,
    Stats,
    Suggestion,
)

MAX_PER_PAGE = 100
CACHE_BYTES = 64 * 1024 * 1024
"""What the matches of recent plans may take, so that the next page and the next filter cost nothing."""
_HITS_AT_ONCE = 2_000
"""How many hits are read together when all of them are wanted; their texts are held meanwhile."""
KEPT_READINGS = 256
KEPT_COUNTS = 256
"""Readings and counts of so many queries are kept: a search's pages and views all show them."""
MAPPED_BYTES = 128 * 1024 * 1024
"""How much of the mapped files may stay in this process's memory; more is given back at the next check."""
_CHECK_SECONDS = 0.25
"""How often a running engine looks for a newer generation, and at its memory: at two thousand questions a second, each
with other words, half a second would bring 200 MB."""


class WhooshEngine:
    """Searches the index in a folder; moves to a new generation by itself.

    Args:
        folder: the index directory.
        analyzer: the one that the index was built with.

    Raises:
        StoreError: the index is missing, damaged or from another version.
    """

    def __init__(self, folder: Path, analyzer: Analyzer | None = None) -> None:
        self._folder = folder
        self._analyzer = load_analyzer() if analyzer is None else analyzer
        self._dialogue = Dialogue(self._analyzer)
        self._read = ReadingOrder(self._analyzer, self._dialogue.synonyms)
        self._state = self._open(None)
        self._residence = Residence()
        self._checked = time.monotonic()
        self._lock = Lock()

    def _open(self, old: State | None) -> State:
        reuse = {} if old is None else {part.data.id: part.data for part in old.snapshot.parts}
        snapshot = Snapshot(open_generation(self._folder, self._analyzer.fingerprint, reuse=reuse))
        scorer = Scorer(snapshot)
        return State(snapshot, scorer, MatchCache(CACHE_BYTES), Reader(snapshot, scorer))

    def _current(self) -> State:
        now = time.monotonic()
        if now - self._checked >= _CHECK_SECONDS and self._lock.acquire(blocking=False):
            try:
                self._checked = now
                if latest_generation(self._folder) > self._state.snapshot.generation:
                    self._state = self._open(self._state)
                self._residence.keep_below(MAPPED_BYTES, self._state.snapshot)
            finally:
                self._lock.release()
        return self._state

    def forget_matches(self) -> None:
        """Drop the matches that are kept for the next page: so that a measurement measures matching."""
        self._state.cache.clear()
        self._state.readings.clear()
        self._state.partial = KeptPartial()

    # Searching

    def search(self, query: Query) -> SearchResult:
        """The page of hits that `query` asks for; see `search.answer.base.Engine`."""
        begun = time.perf_counter()
        _check(query)
        found = self._find(query)
        state, parts = found.state, found.state.snapshot.parts
        total = paragraphs = found.selection.total(found.counts)
        reports = self._count_reports(found)
        matches, of_report = found.matches, NOT_GROUPED
        if query.group == "report":
            total = reports
            matches, of_report = group_by_report(parts, matches)
        skip = (query.page - 1) * query.per_page
        page = self._read.first_full(found, query)[skip : skip + query.per_page]
        rest = query.per_page - len(page)
        page = [*page, *order_page(state.snapshot, matches, query.sort, skip + len(page), rest)]
        second = self._second_tier(found, query, total)
        if second:
            found.notices.append(partial_notice(len(second), total))
        behind = second[max(skip - total, 0) : max(skip + query.per_page - total, 0)]
        hits = read_hits(state.snapshot, page, found.plan, of_report=of_report)
        if behind:
            hits += read_hits(state.snapshot, behind, found.plan, tier=2)
        said = self._say(found, query, paragraphs)
        return SearchResult(
            query=query,
            reading=describe_in_chinese(found.reading.parsed.tree),
            total=total,
            hits=tuple(hits),
            facets=found.selection.facets(found.counts),
            notices=(*found.notices, *said.notices),
            reports=reports,
            did_you_mean=said.did_you_mean,
            offers=said.offers,
            synonyms=found.reading.told,
            explanation=said.explanation,
            paragraphs=paragraphs,
            partial=len(second),
            took_ms=(time.perf_counter() - begun) * 1000,
        )

    def _count_reports(self, found: Found) -> int:
        return found.count_reports()

    def _say(self, found: Found, query: Query, paragraphs: int) -> Said:
        """What there is to say beside the hits; see `search.answer.search_hints`."""
        state = found.state

        def count(tree: Node, asked: Query, *, enough: int | None = None) -> int:
            return self._count_tree(state, tree, asked, enough)

        return self._dialogue.answer(
            query, found.reading.parsed, found.reading.told, paragraphs, state.snapshot, count
        )

    def _count_tree(self, state: State, tree: Node, query: Query, enough: int | None = None) -> int:
        plan = self._plan_tree(state.snapshot, tree, query)[0]
        chosen = {name: getattr(query, name) for name in FACETS}
        key = PlanKey(plan)
        kept = state.cache.get(key)
        if kept is None:
            plain = without_bonus(plan)
            if enough is not None and not any(chosen.values()):
                known = least_matches(state.snapshot, plan)
                if known > enough:
                    return known
                if enough == 0 and all(part.data.live is None for part in state.snapshot.parts):
                    return int(self._has_any(state, plain))
            kept = self._matches_of(state, plain, key if plain is plan else None)
        return Selection(state.snapshot.combinations, chosen).total(kept[1])

    @staticmethod
    def _has_any(state: State, plan: Plan) -> bool:
        combinations = state.snapshot.combinations
        return any(Matcher(part, combinations, state.scorer).has_any(plan) for part in state.snapshot.parts)

    def suggest(self, prefix: str, *, limit: int = 10) -> Sequence[Suggestion]:
        """What a query that is being typed may become; see `search.answer.base.Engine`."""
        return self._dialogue.suggest(self._current().snapshot, prefix, limit)

    def _second_tier(self, found: Found, query: Query, total: int) -> Sequence[Ordered]:
        """The best partial matches; see `search.answer.rerank.rerank`."""

        def plan_of(tree: Node) -> Plan:
            return self._plan_tree(found.state.snapshot, tree, query)[0]

        return () if query.group else self._read.partial(found, query, total, plan_of)

    def explain(self, query: Query) -> tuple[ExplainedHit, ...]:
        """The hits of `search` with the parts that sum up to each one's score."""
        _check(query)
        found = self._find(query)
        state = found.state
        first = {(place.part, place.doc) for place in self._read.first_full(found, query)}
        explained = []
        for hit in self.search(query).hits:
            place = state.snapshot.find_report(hit.report.id)
            if place is None:
                raise ReportNotFound(f"There is no report with the id {hit.report.id!r} any more.")
            data, number = place
            where, part = next((n, p) for n, p in enumerate(state.snapshot.parts) if p.data is data)
            doc = data.report_docs(number)[hit.n - 1]
            is_judged = hit.tier == 2 or (where, doc) in first
            judged = self._read.explain(found, query, where, doc) if is_judged else ()
            if hit.tier == 2:
                explained.append(ExplainedHit(hit, judged))
            else:
                matcher = Matcher(part, state.snapshot.combinations, state.scorer)
                explained.append(ExplainedHit(hit, full_parts(matcher, found.plan, doc), judged))
        return tuple(explained)

    def iter_hits(self, query: Query) -> Iterator[Hit]:
        """Every hit, in order; see `search.answer.base.Engine`."""
        _check(query)
        return self._iter_hits(self._find(query), query)

    def _iter_hits(self, found: Found, query: Query) -> Iterator[Hit]:
        parts = found.state.snapshot.parts
        matches, of_report = found.matches, NOT_GROUPED
        if query.group == "report":
            matches, of_report = group_by_report(parts, matches)
        first = self._read.first_full(found, query)
        for places in iter_ordered(found.state.snapshot, matches, query.sort, _HITS_AT_ONCE):
            places[: len(first)], first = first, []
            yield from read_hits(found.state.snapshot, places, found.plan, of_report=of_report)

    def count(self, query: Query) -> Counts:
        """Paragraphs, occurrences and reports; see `search.answer.base.Engine`."""
        _check(query)
        counted = self._current().counted
        key = replace(query, page=1, per_page=1, sort="relevance", group="")
        counts = counted.get(key)
        if counts is None:
            counts = keep(counted, key, self._count(query), most=KEPT_COUNTS)
        return counts

    def _count(self, query: Query) -> Counts:
        found = self._find(query)
        return Counts(
            paragraphs=sum(len(matches.docs) for matches in found.matches),
            occurrences=sum(int(counts.sum()) for counts in found.count_spans()),
            reports=found.count_reports(),
            repeated=count_repeated(found.state.snapshot.parts, found.matches),
        )

    def concordance(
        self,
        query: Query,
        *,
        sort: ContextSort = "left",
        page: int = 1,
        per_page: int = 50,
        context: int = 20,
    ) -> ConcordancePage:
        """Occurrences with what stands around them; see `search.answer.base.Engine`."""
        _check(query)
        check_concordance(sort, page, per_page, context)
        found = self._find(query)
        lines, given, notices = self._order_lines(found, query, sort)
        chosen = lines.page(page, per_page)
        return ConcordancePage(
            query=query,
            sort=given,
            page=page,
            per_page=per_page,
            total=len(lines.docs),
            lines=tuple(iter_lines(found.state.snapshot.parts, chosen, found.plan, context)),
            notices=(*found.notices, *notices),
        )

    def iter_lines(
        self, query: Query, *, sort: ContextSort = "left", context: int = 20
    ) -> Iterator[ConcordanceLine]:
        """Every occurrence with what stands around it; see `search.answer.base.Engine`."""
        _check(query)
        check_concordance(sort, 1, 1, context)
        found = self._find(query)
        lines = self._order_lines(found, query, sort)[0]
        return iter_lines(found.state.snapshot.parts, lines, found.plan, context)

    def _order_lines(
        self, found: Found, query: Query, sort: ContextSort
    ) -> tuple[Lines, ContextSort, tuple[Notice, ...]]:
        """All lines in the order that can be given, kept for the next page."""
        parts = found.state.snapshot.parts
        spans = found.count_spans()
        given, notices = possible_sort(spans, sort)

        def make() -> Lines:
            return order_lines(parts, found.matchers(), found.plan, found.matches, spans, given)

        filters = tuple(getattr(query, name) for name in FACETS)
        return found.state.orders.get((found.plan, filters, given), make), given, notices

    def distribution(self, query: Query) -> Distribution:
        """What matches in every city and year; see `search.answer.base.Engine`."""
        _check(query)
        found = self._find(query)
        state = found.state
        if state.holdings is None:
            state.holdings = read_holdings(state.snapshot)
        return distribute(
            state.snapshot,
            state.holdings,
            query,
            found.plan,
            found.selection.allowed(),
            found.matches,
            found.count_spans(),
        )

    def _find(self, query: Query) -> Found:
        state = self._current()
        reading = self._understand(state, query)
        selection = Selection(state.snapshot.combinations, {name: getattr(query, name) for name in FACETS})
        matches, counts = self._matches_of(state, reading.plan)
        allowed = selection.allowed()
        if allowed is not None:
            matches = [
                allowed_only(part, of_part, allowed)
                for part, of_part in zip(state.snapshot.parts, matches, strict=True)
            ]
        return Found(state, reading, list(reading.notices), selection, counts, matches)

    def plan(self, query: Query) -> Plan:
        """How `query` would be carried out; see `search.answer.base.Engine`."""
        _check(query)
        return self._understand(self._current(), query).plan

    def estimate(self, plan: Plan) -> int:
        """At most so many paragraphs match `plan`."""
        state = self._current()
        combinations = state.snapshot.combinations
        return sum(Matcher(part, combinations, state.scorer).estimate(plan) for part in state.snapshot.parts)

    def _understand(self, state: State, query: Query) -> Reading:
        """How the query's text is understood; kept, for a search's pages, facets and counts all ask it again."""
        key = (query.text, query.synonyms, query.report)
        reading = state.readings.get(key)
        if reading is None:
            parsed = parse_query(query.text)
            plan, told = self._plan_tree(state.snapshot, parsed.tree, query)
            unknown = (
                Notice("unknown_value", f"馆藏中没有“{typed}”。")
                for leaf in iter_leaves(parsed.tree)
                if isinstance(leaf, Values)
                for typed in leaf.values
                if not resolve_value(state.snapshot, leaf.field, typed)
            )
            reading = Reading(parsed, plan, told, (*parsed.notices, *unknown))
            keep(state.readings, key, reading, most=KEPT_READINGS)
        return reading

    def _plan_tree(self, snapshot: Snapshot, tree: Node, query: Query) -> tuple[Plan, Told]:
        def resolve(field: str, typed: str) -> Sequence[str | None]:
            return resolve_value(snapshot, field, typed)

        expanded, told = self._dialogue.expand(tree, query)
        plan = make_plan(expanded, self._analyzer, resolve)
        return every([plan, Filter("report", query.report)]) if query.report else plan, told

    def _matches_of(self, state: State, plan: Plan, key: PlanKey | None = None) -> Kept:
        key = key or PlanKey(plan)
        return state.cache.get(key) or state.cache.put(key, self._match(state, plan))

    def _match(self, state: State, plan: Plan) -> tuple[list[Matches], NDArray[np.int64]]:
        combinations = state.snapshot.combinations
        counts = np.zeros(len(combinations), dtype=np.int64)
        found = []
        for part in state.snapshot.parts:
            matches = Matcher(part, combinations, state.scorer).match(plan)
            if part.data.live is not None:
                matches = kept(matches, part.data.live[matches.docs])
            count_combinations(part, matches.docs, counts)
            found.append(matches)
        return found, counts

    # The collection

    def report(self, report_id: str) -> ReportText:
        """A whole report; see `search.answer.base.Engine`."""
        return read_report(self._current().snapshot, report_id)

    def reports(self, *, others: bool = False) -> Sequence[Report]:
        """Every report, by source and order in it; with `others`, the texts that belong to no report too."""
        state = self._current()
        if state.reports is None:
            state.reports = tuple(iter_reports(state.snapshot))
        return [report for report, is_report in state.reports if others or is_report]

    def stats(self) -> Stats:
        """What the collection holds."""
        state = self._current()
        if state.stats is None:
            state.stats = count_stats(state.snapshot)
        return state.stats

    @property
    def generation(self) -> int:
        """The number of the index's present state."""
        return self._current().snapshot.generation

    def close(self) -> None:
        """Let go of the snapshot; mapped files close with it."""
        self._dialogue.close()
        self._residence.wait()
        del self._state


def _check(query: Query) -> None:
    if query.page < 1:
        raise QueryError("page counts from 1.", field="page")
    if not 1 <= query.per_page <= MAX_PER_PAGE:
        raise QueryError(f"per_page must be 1 to {MAX_PER_PAGE}.", field="per_page")
    if query.sort not in ("relevance", "year", "-year"):
        raise QueryError("sort must be relevance, year or -year.", field="sort")
    if query.group not in ("", "report"):
        raise QueryError("group must be report or left out.", field="group")
