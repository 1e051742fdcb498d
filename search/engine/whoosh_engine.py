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

from search.engine.cache import MatchCache
from search.engine.concordance import (
    Lines,
    check_concordance,
    order_lines,
    possible_sort,
    read_lines,
)
from search.engine.counting import count_repeated
from search.engine.dialogue import Dialogue
from search.engine.distribution import distribute, read_holdings
from search.engine.explain import ExplainedHit, full_parts, judged_parts
from search.engine.facets import Selection
from search.engine.found import NOT_GROUPED, Found, State, count_stats, group_by_report, kept
from search.engine.matching import Matcher, Matches
from search.engine.meaning import resolve_value
from search.engine.ordering import Ordered, iter_ordered, order_page
from search.engine.reading import Reader
from search.engine.scoring import Scorer
from search.engine.tiers import (
    FEW,
    FEW_FOR_SENTENCE,
    KeptPartial,
    best_full,
    best_partial,
    in_order,
    is_judged,
    judge_all,
    partial_notice,
    with_scores,
)
from search.engine.wanted import Wanted, divide, weigh
from search.errors import QueryError, ReportNotFound
from search.highlight import highlight
from search.index.segment import JOINED, SegmentData
from search.index.snapshot import Part, Snapshot, to_report
from search.index.store import latest_generation, open_generation
from search.model import (
    FACETS,
    ConcordancePage,
    ContextSort,
    Counts,
    Distribution,
    Hit,
    Notice,
    Paragraph,
    Query,
    Report,
    ReportText,
    SearchResult,
    Stats,
    Suggestion,
)
from search.query import Node, ParsedQuery, Values, describe_in_chinese, iter_leaves, parse_query
from search.query.plan import Filter, Plan, every, make_plan
from search.text import Analyzer, load_analyzer

MAX_PER_PAGE = 100
CACHE_BYTES = 64 * 1024 * 1024
"""What the matches of recent plans may take, so that the next page and the next filter cost nothing."""
_HITS_AT_ONCE = 2_000
"""How many hits are read together when all of them are wanted; their texts are held meanwhile."""
KEPT_COUNTS = 256
"""Counts of so many queries are kept: a search's pages and views all show them."""
MAPPED_BYTES = 256 * 1024 * 1024
"""How much of the mapped files may stay in this process's memory; more is given back at the next check."""
_CHECK_SECONDS = 0.5
"""How often a running engine looks for a newer generation, and at its memory."""


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
        self._state = self._open(None)
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
                self._state.snapshot.forget_pages(MAPPED_BYTES)
            finally:
                self._lock.release()
        return self._state

    def forget_matches(self) -> None:
        """Drop the matches that are kept for the next page: so that a measurement measures matching."""
        self._state.cache.clear()
        self._state.partial = KeptPartial()

    # Searching

    def search(self, query: Query) -> SearchResult:
        """The page of hits that `query` asks for; see `search.engine.base.Engine`."""
        begun = time.perf_counter()
        _check(query)
        found = self._find(query)
        state, parts = found.state, found.state.snapshot.parts
        total = paragraphs = found.selection.total(found.counts)
        reports = found.count_reports()
        matches, of_report = self._ordered_matches(found, query), NOT_GROUPED
        if query.group == "report":
            total = reports
            matches, of_report = group_by_report(parts, matches)
        skip = (query.page - 1) * query.per_page
        page = order_page(state.snapshot, matches, query.sort, skip, query.per_page)
        second = () if query.group else self._second_tier(found, query, total)
        if second:
            found.notices.append(partial_notice(len(second), total))
        behind = second[max(skip - total, 0) : max(skip + query.per_page - total, 0)]
        result = SearchResult(
            query=query,
            reading=describe_in_chinese(found.parsed.tree),
            total=total,
            hits=(
                *(self._hit(parts[place.part], place, found.plan, of_report) for place in page),
                *(self._partial_hit(found, place) for place in behind),
            ),
            facets=found.selection.facets(found.counts),
            notices=tuple(found.notices),
            took_ms=0.0,
            reports=reports,
            paragraphs=paragraphs,
            partial=len(second),
        )

        def count(tree: Node, asked: Query) -> int:
            return self._count_tree(state, tree, asked)

        answer = self._dialogue.answer(result, found.parsed, paragraphs, state.snapshot, count)
        return replace(answer, took_ms=(time.perf_counter() - begun) * 1000)

    def _count_tree(self, state: State, tree: Node, query: Query) -> int:
        plan = self._plan_tree(state.snapshot, tree, query)
        counts = (state.cache.get(plan) or state.cache.put(plan, self._match(state, plan)))[1]
        chosen = {name: getattr(query, name) for name in FACETS}
        return Selection(state.snapshot.combinations, chosen).total(counts)

    def suggest(self, prefix: str, *, limit: int = 10) -> Sequence[Suggestion]:
        """What a query that is being typed may become; see `search.engine.base.Engine`."""
        return self._dialogue.suggest(self._current().snapshot, prefix, limit)

    def _second_tier(self, found: Found, query: Query, total: int) -> Sequence[Ordered]:
        """The best partial matches, in the order asked for; none within a report, where all can be read."""
        chunks, _, rest = divide(found.parsed.tree)
        if not chunks or query.report or total >= FEW_FOR_SENTENCE:
            return ()
        state = found.state
        wanted = self._wanted(found, query)
        if total >= (FEW_FOR_SENTENCE if wanted.is_sentence else FEW) or not wanted.is_divisible:
            return ()
        strict = self._plan(state.snapshot, query, replace(found.parsed, tree=rest), [])
        filters = tuple(getattr(query, name) for name in FACETS)

        def make() -> list[Ordered]:
            full = [matches.docs for matches in found.matches]
            allowed = found.selection.allowed()
            return best_partial(state.snapshot, state.scorer, state.reader, wanted, strict, allowed, full)

        best = state.partial.get((found.parsed.tree, found.plan, strict, filters), make)
        return in_order(state.snapshot, best, query.sort)

    def _wanted(self, found: Found, query: Query) -> Wanted:
        chunks, quoted, _ = divide(found.parsed.tree)
        synonyms = self._dialogue.synonyms if query.synonyms else None
        return weigh(chunks, quoted, self._analyzer, found.state.scorer, synonyms)

    def _ordered_matches(self, found: Found, query: Query) -> list[Matches]:
        """The full matches with what they are ordered by: BM25, or what reading says of a sentence's first ones."""
        if not self._is_judged(found, query):
            return found.matches
        state = found.state

        def make() -> list[Ordered]:
            return best_full(state.snapshot, state.reader, self._wanted(found, query), found.matches)[0]

        filters = tuple(getattr(query, name) for name in FACETS)
        key = ("full", found.parsed.tree, found.plan, filters)
        return with_scores(found.matches, state.partial.get(key, make))

    def _is_judged(self, found: Found, query: Query) -> bool:
        """Whether the first full matches are put in order by reading them."""
        if query.sort != "relevance" or query.group or not any(len(part.docs) for part in found.matches):
            return False
        return is_judged(found.parsed.tree, self._analyzer)

    def explain(self, query: Query) -> tuple[ExplainedHit, ...]:
        """The hits of `search` with the parts that sum up to each one's score."""
        _check(query)
        found = self._find(query)
        state = found.state
        wanted = self._wanted(found, query)
        judged, ahead = (
            best_full(state.snapshot, state.reader, wanted, found.matches)
            if self._is_judged(found, query)
            else ([], 0.0)
        )
        first = {(place.part, place.doc) for place in judged}
        explained = []
        for hit in self.search(query).hits:
            place = state.snapshot.find_report(hit.report.id)
            if place is None:
                raise ReportNotFound(f"There is no report with the id {hit.report.id!r} any more.")
            data, number = place
            where, part = next((n, p) for n, p in enumerate(state.snapshot.parts) if p.data is data)
            doc = data.report_docs(number)[hit.n - 1]
            if hit.tier == 1 and (where, doc) not in first:
                parts = full_parts(Matcher(part, state.snapshot.combinations, state.scorer), found.plan, doc)
            else:
                of_hit = judge_all(state.snapshot, state.reader, wanted, [(where, doc)])[0][1]
                parts = judged_parts(of_hit, ahead if hit.tier == 1 else 0.0)
            explained.append(ExplainedHit(hit, parts))
        return tuple(explained)

    def _partial_hit(self, found: Found, place: Ordered) -> Hit:
        part = found.state.snapshot.parts[place.part]
        return replace(self._hit(part, place, found.plan, NOT_GROUPED), tier=2)

    def iter_hits(self, query: Query) -> Iterator[Hit]:
        """Every hit, in order; see `search.engine.base.Engine`."""
        _check(query)
        return self._iter_hits(self._find(query), query)

    def _iter_hits(self, found: Found, query: Query) -> Iterator[Hit]:
        parts = found.state.snapshot.parts
        matches, of_report = self._ordered_matches(found, query), NOT_GROUPED
        if query.group == "report":
            matches, of_report = group_by_report(parts, matches)
        for places in iter_ordered(found.state.snapshot, matches, query.sort, _HITS_AT_ONCE):
            hits = {
                (place.part, place.doc): self._hit(parts[place.part], place, found.plan, of_report)
                for place in sorted(places, key=lambda place: (place.part, place.doc))
            }
            yield from (hits[place.part, place.doc] for place in places)

    def count(self, query: Query) -> Counts:
        """Paragraphs, occurrences and reports; see `search.engine.base.Engine`."""
        _check(query)
        counted = self._current().counted
        key = replace(query, page=1, per_page=1, sort="relevance", group="")
        if key not in counted:
            if len(counted) >= KEPT_COUNTS:
                counted.clear()
            counted[key] = self._count(query)
        return counted[key]

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
        """Occurrences with what stands around them; see `search.engine.base.Engine`."""
        _check(query)
        check_concordance(sort, page, per_page, context)
        found = self._find(query)
        parts = found.state.snapshot.parts
        spans = found.count_spans()
        given, notices = possible_sort(spans, sort)

        def make() -> Lines:
            return order_lines(parts, found.matchers(), found.plan, found.matches, spans, given)

        filters = tuple(getattr(query, name) for name in FACETS)
        lines = found.state.orders.get((found.plan, filters, given), make)
        chosen = lines.page(page, per_page)
        return ConcordancePage(
            query=query,
            sort=given,
            page=page,
            per_page=per_page,
            total=len(lines.docs),
            lines=tuple(read_lines(parts, chosen, found.plan, context)),
            notices=(*found.notices, *notices),
        )

    def distribution(self, query: Query) -> Distribution:
        """What matches in every city and year; see `search.engine.base.Engine`."""
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
        parsed = parse_query(query.text)
        notices = list(parsed.notices)
        plan = self._plan(state.snapshot, query, parsed, notices)
        selection = Selection(state.snapshot.combinations, {name: getattr(query, name) for name in FACETS})
        matches, counts = state.cache.get(plan) or state.cache.put(plan, self._match(state, plan))
        allowed = selection.allowed()
        if allowed is not None:
            matches = [
                kept(of_part, allowed.take(part.combination.take(of_part.docs)))
                for part, of_part in zip(state.snapshot.parts, matches, strict=True)
            ]
        return Found(state, plan, parsed, notices, selection, counts, matches)

    def plan(self, query: Query) -> Plan:
        """How `query` would be carried out; see `search.engine.base.Engine`."""
        _check(query)
        return self._plan(self._current().snapshot, query, parse_query(query.text), [])

    def estimate(self, plan: Plan) -> int:
        """At most so many paragraphs match `plan`."""
        state = self._current()
        combinations = state.snapshot.combinations
        return sum(Matcher(part, combinations, state.scorer).estimate(plan) for part in state.snapshot.parts)

    def _plan(self, snapshot: Snapshot, query: Query, parsed: ParsedQuery, notices: list[Notice]) -> Plan:
        for leaf in iter_leaves(parsed.tree):
            if isinstance(leaf, Values):
                for typed in leaf.values:
                    if not resolve_value(snapshot, leaf.field, typed):
                        notices.append(Notice("unknown_value", f"馆藏中没有“{typed}”。"))
        return self._plan_tree(snapshot, parsed.tree, query)

    def _plan_tree(self, snapshot: Snapshot, tree: Node, query: Query) -> Plan:
        def resolve(field: str, typed: str) -> Sequence[str | None]:
            return resolve_value(snapshot, field, typed)

        plan = make_plan(self._dialogue.expand(tree, query)[0], self._analyzer, resolve)
        return every([plan, Filter("report", query.report)]) if query.report else plan

    def _match(self, state: State, plan: Plan) -> tuple[list[Matches], NDArray[np.int64]]:
        combinations = state.snapshot.combinations
        counts = np.zeros(len(combinations), dtype=np.int64)
        found = []
        for part in state.snapshot.parts:
            matches = Matcher(part, combinations, state.scorer).match(plan)
            if part.data.live is not None:
                matches = kept(matches, part.data.live[matches.docs])
            if len(matches.docs):
                counts += np.bincount(part.combination.take(matches.docs), minlength=len(counts))
            found.append(matches)
        return found, counts

    def _hit(self, part: Part, place: Ordered, plan: Plan, of_report: dict[tuple[int, int], int]) -> Hit:
        data, doc = part.data, place.doc
        text = data.text(doc)
        report = self._state.snapshot.report_at(data, int(data.report_of[doc]))
        number = data.number(doc)
        return Hit(
            id=f"{report.id}-p{number}",
            n=number,
            report=report,
            kind=data.kind(doc),
            heading=data.heading(doc),
            text=text,
            spans=highlight(text, plan),
            score=place.score,
            of_report=of_report.get((place.part, doc)),
        )

    # The collection

    def report(self, report_id: str) -> ReportText:
        """A whole report; see `search.engine.base.Engine`."""
        found = self._current().snapshot.find_report(report_id)
        if found is None:
            raise ReportNotFound(
                f"There is no report with the id {report_id!r}.", hint="List them: xiesou reports"
            )
        data, number = found
        record = data.record(number)
        file = data.file_record(int(data.catalogue["file_of"][number]))
        return ReportText(
            report=to_report(record),
            paragraphs=tuple(_paragraph(data, record["id"], doc) for doc in data.report_docs(number)),
            evidence=record.get("evidence", {}),
            set_aside=tuple((line, text, reason) for line, text, reason in file.get("set_aside", [])),
        )

    def reports(self, *, others: bool = False) -> Sequence[Report]:
        """Every report, by source and order in it; with `others`, the texts that belong to no report too."""
        state = self._current()
        if state.reports is None:
            records = (data.record(number) for data, number in state.snapshot.live_reports)
            state.reports = tuple(
                (to_report(record), record.get("kind", "report") == "report") for record in records
            )
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


def _paragraph(data: SegmentData, report_id: str, doc: int) -> Paragraph:
    number = data.number(doc)
    return Paragraph(
        f"{report_id}-p{number}",
        number,
        data.kind(doc),
        data.heading(doc),
        data.text(doc),
        joined=bool(data.flags(doc) & JOINED),
    )
