"""The default engine: Whoosh's index, read as arrays.

query -> tree -> plan -> match (by segment) -> count combinations -> order -> one page of hits
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from search.engine.cache import MatchCache
from search.engine.facets import Selection
from search.engine.matching import Matcher, Matches
from search.engine.ordering import Ordered, order_page
from search.engine.scoring import Scorer
from search.errors import QueryError, ReportNotFound
from search.highlight import highlight
from search.index.segment import SegmentData
from search.index.snapshot import NO_YEAR, UNKNOWN, Part, Snapshot, to_report
from search.index.store import latest_generation, open_generation
from search.model import FACETS, Hit, Notice, Paragraph, Query, Report, ReportText, SearchResult, Stats
from search.query import ParsedQuery, Values, describe_in_chinese, iter_leaves, parse_query
from search.query.plan import Filter, Plan, every, make_plan
from search.text import Analyzer, load_analyzer, normalize_text

MAX_PER_PAGE = 100
CACHE_BYTES = 64 * 1024 * 1024
"""What the matches of recent plans may take, so that the next page and the next filter cost nothing."""
_CHECK_SECONDS = 0.5
"""How often a running engine looks for a newer generation."""
_PLACE_SUFFIXES = ("市", "省", "自治区", "自治州", "地区", "盟", "州", "县", "区", "特别行政区")


@dataclass(slots=True)
class _State:
    """What belongs to one generation."""

    snapshot: Snapshot
    scorer: Scorer
    cache: MatchCache


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
        self._state = self._open(None)
        self._checked = time.monotonic()
        self._lock = Lock()

    def _open(self, old: _State | None) -> _State:
        reuse = {} if old is None else {part.data.id: part.data for part in old.snapshot.parts}
        snapshot = Snapshot(open_generation(self._folder, self._analyzer.fingerprint, reuse=reuse))
        return _State(snapshot, Scorer(snapshot), MatchCache(CACHE_BYTES))

    def _current(self) -> _State:
        now = time.monotonic()
        if now - self._checked >= _CHECK_SECONDS and self._lock.acquire(blocking=False):
            try:
                self._checked = now
                if latest_generation(self._folder) > self._state.snapshot.generation:
                    self._state = self._open(self._state)
            finally:
                self._lock.release()
        return self._state

    # Searching

    def search(self, query: Query) -> SearchResult:
        """The page of hits that `query` asks for; see `search.engine.base.Engine`."""
        begun = time.perf_counter()
        _check(query)
        state = self._current()
        parsed = parse_query(query.text)
        notices = list(parsed.notices)
        plan = self._plan(state.snapshot, query, parsed, notices)
        selection = Selection(state.snapshot.combinations, {name: getattr(query, name) for name in FACETS})
        found, counts = state.cache.get(plan) or state.cache.put(plan, self._match(state, plan))
        allowed = selection.allowed()
        parts = state.snapshot.parts
        if allowed is not None:
            found = [
                _kept(matches, allowed[part.combination[matches.docs]])
                for part, matches in zip(parts, found, strict=True)
            ]
        page = order_page(
            state.snapshot, found, query.sort, (query.page - 1) * query.per_page, query.per_page
        )
        hits = tuple(self._hit(parts[place.part], place, plan) for place in page)
        return SearchResult(
            query=query,
            reading=describe_in_chinese(parsed.tree),
            total=selection.total(counts),
            hits=hits,
            facets=selection.facets(counts),
            notices=tuple(notices),
            took_ms=(time.perf_counter() - begun) * 1000,
            reports=sum(
                _count_reports(part.data, matches) for part, matches in zip(parts, found, strict=True)
            ),
        )

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
        def resolve(field: str, typed: str) -> Sequence[str | None]:
            return resolve_value(snapshot, field, typed)

        for leaf in iter_leaves(parsed.tree):
            if isinstance(leaf, Values):
                for typed in leaf.values:
                    if not resolve(leaf.field, typed):
                        notices.append(Notice("unknown_value", f"馆藏中没有“{typed}”。"))
        plan = make_plan(parsed.tree, self._analyzer, resolve)
        return every([plan, Filter("report", query.report)]) if query.report else plan

    def _match(self, state: _State, plan: Plan) -> tuple[list[Matches], NDArray[np.int64]]:
        combinations = state.snapshot.combinations
        counts = np.zeros(len(combinations), dtype=np.int64)
        found = []
        for part in state.snapshot.parts:
            matches = Matcher(part, combinations, state.scorer).match(plan)
            if part.data.live is not None:
                matches = _kept(matches, part.data.live[matches.docs])
            if len(matches.docs):
                counts += np.bincount(part.combination[matches.docs], minlength=len(counts))
            found.append(matches)
        return found, counts

    def _hit(self, part: Part, place: Ordered, plan: Plan) -> Hit:
        data, doc = part.data, place.doc
        text = data.text(doc)
        report = to_report(data.record(int(data.report_of[doc])))
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
        records = (data.record(number) for data, number in self._current().snapshot.live_reports)
        return [to_report(record) for record in records if others or record.get("kind", "report") == "report"]

    def stats(self) -> Stats:
        """What the collection holds."""
        snapshot = self._current().snapshot
        table = snapshot.combinations
        held = snapshot.live_counts > 0
        coverage: dict[tuple[str, int], int] = {}
        for data, number in snapshot.live_reports:
            city, year = int(data.catalogue["city"][number]), int(data.catalogue["year"][number])
            if city != UNKNOWN and year != NO_YEAR:
                key = (data.catalogue.meta["values"]["city"][city], year)
                coverage[key] = coverage.get(key, 0) + 1
        reports = sum(int(data.catalogue["is_report"][number]) for data, number in snapshot.live_reports)
        return Stats(
            reports=reports,
            paragraphs=int(snapshot.live_counts.sum()),
            cities=len(set(table.city[held].tolist()) - {UNKNOWN}),
            years=tuple(sorted(set(table.year[held].tolist()) - {NO_YEAR})),
            coverage=coverage,
            generation=snapshot.generation,
        )

    def close(self) -> None:
        """Let go of the snapshot; mapped files close with it."""
        del self._state


def _check(query: Query) -> None:
    if query.page < 1:
        raise QueryError("page counts from 1.", field="page")
    if not 1 <= query.per_page <= MAX_PER_PAGE:
        raise QueryError(f"per_page must be 1 to {MAX_PER_PAGE}.", field="per_page")
    if query.sort not in ("relevance", "year", "-year"):
        raise QueryError("sort must be relevance, year or -year.", field="sort")


def _kept(matches: Matches, keep: NDArray[np.bool_]) -> Matches:
    return Matches(matches.docs[keep], None if matches.scores is None else matches.scores[keep])


def _count_reports(data: SegmentData, matches: Matches) -> int:
    """How many reports the matches come from: documents ascend, so each report's stand together."""
    reports = data.report_of[matches.docs]
    return int(np.count_nonzero(reports[1:] != reports[:-1])) + 1 if len(reports) else 0


def _paragraph(data: SegmentData, report_id: str, doc: int) -> Paragraph:
    number = data.number(doc)
    return Paragraph(f"{report_id}-p{number}", number, data.kind(doc), data.heading(doc), data.text(doc))


def resolve_value(snapshot: Snapshot, field: str, typed: str) -> Sequence[str | None]:
    """The collection's values of `field` that a person means by `typed`: the value itself, or its short form."""
    if field == "report":
        return [typed] if snapshot.find_report(typed) else []
    if typed in ("未知", "unknown"):
        return [None]
    values: list[str | None] = list(snapshot.combinations.values[field])
    wanted = normalize_text(typed)
    if typed in values:
        return [typed]
    if field == "type":
        return [value for value in values if value and wanted in normalize_text(value)]
    short = [value for value in values if value and value.startswith(wanted)]
    exact = [value for value in short if value and value[len(wanted) :] in _PLACE_SUFFIXES]
    return exact or short
