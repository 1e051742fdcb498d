"""What one query finds in one state of the index, and what is asked of it: its counts and groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from search.answer.concordance import KeptOrders
from search.answer.distribution import Holdings
from search.answer.rerank.paragraph_reader import Reader
from search.answer.rerank.partial_matches import KeptPartial
from search.embedded import kernel
from search.embedded.counting import count_spans
from search.embedded.facets import Selection
from search.embedded.match_cache import MatchCache
from search.embedded.matches import Matches
from search.embedded.matching import Matcher
from search.embedded.ordering import best_of_reports
from search.embedded.scoring import Scorer
from search.embedded.segment import SegmentData
from search.embedded.snapshot import Part, Snapshot
from search.language.plan import Plan
from search.language.plan.expand import Told
from search.language.query import ParsedQuery
from search.model import Counts, Notice, Query, Report, Stats


@dataclass(frozen=True, slots=True)
class Reading:
    """How a query text was understood in one generation, and what there is to say of it."""

    parsed: ParsedQuery
    plan: Plan
    told: Told
    notices: tuple[Notice, ...]


@dataclass(slots=True)
class State:
    """What belongs to one generation."""

    snapshot: Snapshot
    scorer: Scorer
    cache: MatchCache
    reader: Reader
    readings: dict[tuple[str, bool, tuple[str, ...]], Reading] = field(default_factory=dict)
    orders: KeptOrders = field(default_factory=KeptOrders)
    partial: KeptPartial = field(default_factory=KeptPartial)
    counted: dict[Query, Counts] = field(default_factory=dict)
    holdings: list[Holdings] | None = None
    stats: Stats | None = None
    reports: tuple[tuple[Report, bool], ...] | None = None


@dataclass(slots=True)
class Found:
    """What a query finds in one state: the matches of each segment that its filters allow."""

    state: State
    reading: Reading
    notices: list[Notice]
    selection: Selection
    counts: NDArray[np.int64]
    matches: list[Matches]

    @property
    def plan(self) -> Plan:
        return self.reading.plan

    def matchers(self) -> list[Matcher]:
        snapshot = self.state.snapshot
        return [Matcher(part, snapshot.combinations, self.state.scorer) for part in snapshot.parts]

    def count_spans(self) -> list[NDArray[np.int64]]:
        """The highlights of each match, segment by segment."""
        triples = zip(self.state.snapshot.parts, self.matchers(), self.matches, strict=True)
        return [
            count_spans(matcher, part.data, self.plan, matches.docs) for part, matcher, matches in triples
        ]

    def count_reports(self) -> int:
        pairs = zip(self.state.snapshot.parts, self.matches, strict=True)
        return sum(count_reports(part.data, matches) for part, matches in pairs)


def kept(matches: Matches, keep: NDArray[np.bool_]) -> Matches:
    at = keep.nonzero()[0]
    return Matches(matches.docs.take(at), None if matches.scores is None else matches.scores.take(at))


def allowed_only(part: Part, matches: Matches, allowed: NDArray[np.bool_]) -> Matches:
    """The matches of a part whose combination is allowed."""
    if kernel.page is None:
        return kept(matches, allowed.take(part.combination.take(matches.docs)))
    chosen = (matches.docs, matches.scores, part.combination, allowed)
    return Matches(*kernel.page.select_combinations(*chosen))


def count_reports(data: SegmentData, matches: Matches) -> int:
    """How many reports the matches come from: documents ascend, so each report's stand together."""
    if len(matches.docs) < 2:
        return len(matches.docs)
    reports = data.report_of.take(matches.docs)
    return int(np.count_nonzero(reports[1:] != reports[:-1])) + 1


def group_by_report(
    parts: Sequence[Part], found: Sequence[Matches]
) -> tuple[list[Matches], dict[tuple[int, int], int]]:
    """The best match of each report, and by (part, document) how many of the report's paragraphs match."""
    best, of_report = [], {}
    for number, (part, matches) in enumerate(zip(parts, found, strict=True)):
        chosen, counts = best_of_reports(part, matches)
        best.append(chosen)
        for doc, count in zip(chosen.docs.tolist(), counts.tolist(), strict=True):
            of_report[number, doc] = count
    return best, of_report
