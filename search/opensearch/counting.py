"""Counting occurrences: from the frequencies of phrases where those are exact, else in the texts themselves (law 9).

A phrase's frequency counts its places, those that overlap too. It is the number of occurrences where no place of a
string can overlap another's or its own; where one string stands within another, what is counted twice is taken off
again. A phrase is counted in the texts in which it stands across marks: those where it is found oftener without marks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from search.language import plan as p
from search.language.plan.needles import Needle, needles_of, occurrence_spans, string_text
from search.language.text.phrases import marked_form
from search.limits import Budget
from search.model import Span
from search.opensearch.bodies import BY_REPORT_PLACE, restricted
from search.opensearch.client import ClusterClient, Json
from search.opensearch.dsl import Query, any_of, is_verified
from search.opensearch.encoding import FILLER, place_tokens, string_tokens, unescape
from search.opensearch.reading import BY_PLACE, iter_buckets, iter_hits
from search.opensearch.verified import marked_field

_TEXTS_A_PAGE = 1_000
_MOST_PLACES = 1_024
_ATOM = re.compile("[0-9a-z]")
"""What is never cut, so that strings of it stand within others where their characters do not."""
_OFTENER: Json = {
    "source": "double found = Math.floor(_score + 1.0/4096);"
    f" return found >= 1000 || found > Math.rint((_score - found)*{_MOST_PLACES}) ? 1 : 0;"
}
"""How often without marks, and by the `_MOST_PLACES`th part how often with them, come as one score."""
_BY_REPORT: list[Json] = [{"report": {"terms": {"field": "report"}}}]


@dataclass(frozen=True, slots=True)
class Counted:
    """A set of matches whose occurrences are those of some needles."""

    query: Query
    needles: tuple[Needle, ...]


def counted_sets(plan: p.Plan, query: Query, first: Query | None) -> list[Counted]:
    """What a question matches, divided by what is looked for in the texts.

    Args:
        query: all that the question matches.
        first: of a `Tiered`, what its first part matches.
    """
    if not isinstance(plan, p.Tiered) or first is None:
        return [Counted(query, needles_of(plan))]
    return [
        Counted(restricted(query, [first]), needles_of(plan.first)),
        Counted(restricted(query, [], [first]), needles_of(plan.second)),
    ]


def worths(strings: Sequence[str]) -> dict[str, int] | None:
    """By what the number of places of each string is multiplied, so that the sum is the number of occurrences.

    A place that stands within no other one is an occurrence, which has to come to 1 with the places within it. None
    where places can overlap in part: then it depends on the text.

    Args:
        strings: all different.

    Example:
        >>> worths(["优化", "营商环境"]), worths(["作", "回顾", "作回顾"]), worths(["人人"])
        ({'优化': 1, '营商环境': 1}, {'作': 1, '回顾': 1, '作回顾': -1}, None)
    """
    for number, one in enumerate(strings):
        for other in strings[number:]:
            longest = min(len(one), len(other)) - 1
            if any(one[-n:] == other[:n] or other[-n:] == one[:n] for n in range(1, longest + 1)):
                return None
    found: dict[str, int] = {}
    for string in sorted(strings, key=len):
        within = {other: string.count(other) for other in found if other in string}
        if within and _ATOM.search(string):
            return None
        found[string] = 1 - sum(found[other] * count for other, count in within.items())
    return found


def _string(needle: Needle) -> str | None:
    if isinstance(needle, p.Term):
        return needle.text
    return string_text(needle.tokens) if isinstance(needle, (p.String, p.Phrase)) else None


def frequencies(needles: Sequence[Needle]) -> list[tuple[int, Query]] | None:
    """Queries whose scores, taken with their signs, add up to the occurrences in a text without marks, or None."""
    tokens: dict[str, str] = {}
    for needle in needles:
        string = _string(needle)
        if string is None or tokens.setdefault(string, _tokens(needle)) != _tokens(needle):
            return None
    worth = worths(list(tokens))
    if worth is None:
        return None
    signed: dict[int, list[Query]] = {}
    for string, times in worth.items():
        if times:
            query = _frequency(tokens[string], abs(times))
            signed.setdefault(1 if times > 0 else -1, []).append(query)
    return [(sign, any_of(queries)) for sign, queries in signed.items()]


def _frequency(tokens: str, worth: float = 1.0, field: str = "chars") -> Query:
    """A query whose score is, but for rounding, how often the tokens stand in a text, times what that is worth.

    Lucene adds a phrase's score up over its terms, which are pairs of tokens in `chars` where none was left out.
    """
    kept = tokens.split(" ")
    count = len(kept) - kept.count(FILLER)
    terms = count if count < len(kept) or field != "chars" else max(count - 1, 1)
    return {"match_phrase": {field: {"query": tokens, "boost": worth / terms}}}


def _tokens(needle: Needle) -> str:
    if isinstance(needle, p.Term):
        return place_tokens(needle.text)
    assert isinstance(needle, (p.String, p.Phrase)), "others have no string"
    return string_tokens(token.term for token in needle.tokens)


def across_marks(needles: Sequence[Needle]) -> list[Query]:
    """The paragraphs in which a phrase may stand across marks: without them it is found oftener."""
    return [_oftener(needle) for needle in needles if isinstance(needle, p.Phrase) and is_verified(needle)]


def _oftener(phrase: p.Phrase) -> Query:
    tokens = _tokens(phrase)
    counted = {
        "must": [_frequency(tokens, field=marked_field(phrase))],
        "should": [_frequency(tokens, 1.0 / _MOST_PLACES)],
    }
    return {"script_score": {"query": {"bool": counted}, "script": _OFTENER, "min_score": 0.5}}


class OccurrenceCounter:
    """Counts and lists occurrences in the matches of one version."""

    def __init__(self, client: ClusterClient, index: Json, budget: Budget) -> None:
        self._client, self._index, self._budget = client, index, budget

    def searches(self, sets: Sequence[Counted]) -> list[Json]:
        """The searches that `total` needs the answers of."""
        return [body for of in sets if of.needles for body in self._searches(of)]

    def _searches(self, of: Counted) -> list[Json]:
        scored = frequencies(of.needles)
        if scored is None:
            return [_first_texts(of)]
        across = across_marks(of.needles)
        summed = [
            {"size": 0, "track_total_hits": False, "query": _but(query, of, across), "aggs": _SUM}
            for _, query in scored
        ]
        return [*summed, _first_texts(_across(of, across))] if across else summed

    def total(self, sets: Sequence[Counted], answers: Iterator[Json]) -> int:
        """The occurrences of all sets.

        Args:
            answers: those of `searches`; as many are taken as there were.
        """
        return sum(self._total(of, answers) for of in sets if of.needles)

    def _total(self, of: Counted, answers: Iterator[Json]) -> int:
        scored = frequencies(of.needles)
        if scored is None:
            return sum(count for _, count in self._in_texts(of, next(answers)))
        total = 0
        for sign, _ in scored:
            total += sign * round(next(answers)["aggregations"]["occurrences"]["value"])
        across = across_marks(of.needles)
        if across:
            total += sum(count for _, count in self._in_texts(_across(of, across), next(answers)))
        return total

    def by_report(self, sets: Sequence[Counted]) -> Counter[str]:
        """The occurrences of all sets, by report."""
        found: Counter[str] = Counter()
        for of in sets:
            if not of.needles:
                continue
            scored = frequencies(of.needles)
            if scored is None:
                for report, count in self._in_texts(of):
                    found[report] += count
                continue
            across = across_marks(of.needles)
            for sign, query in scored:
                counted = _but(query, of, across)
                for bucket in iter_buckets(
                    self._client, self._index, counted, _BY_REPORT, _SUM, self._budget
                ):
                    found[unescape(bucket["key"]["report"])] += sign * round(bucket["occurrences"]["value"])
            if across:
                for report, count in self._in_texts(_across(of, across)):
                    found[report] += count
        return found

    def _in_texts(self, of: Counted, first: Json | None = None) -> Iterator[tuple[str, int]]:
        body = _first_texts(of)
        pages = iter_hits(
            self._client, self._index, body, budget=self._budget, page=_TEXTS_A_PAGE, first=first
        )
        for some in pages:
            for hit in some:
                count = len(_spans(hit, of.needles))
                if count:
                    yield unescape(hit["fields"]["report"][0]), count
            self._budget.charge()

    def listed(self, sets: Sequence[Counted], all_of: Query) -> Iterator[tuple[str, Span]]:
        """(id, span) of all occurrences, by the order of the reports and as they stand in them.

        Args:
            all_of: what the sets match together; they are told apart by name.
        """
        named = [{"bool": {"filter": [of.query], "_name": str(number)}} for number, of in enumerate(sets)]
        body = {
            "query": {"bool": {"filter": [all_of], "should": named}},
            "sort": BY_REPORT_PLACE,
            "_source": ["text"],
        }
        for some in iter_hits(self._client, self._index, body, budget=self._budget, page=_TEXTS_A_PAGE):
            for hit in some:
                number = int(hit["matched_queries"][0]) if len(sets) > 1 else 0
                for span in _spans(hit, sets[number].needles):
                    yield hit["_id"], span
            self._budget.charge()


def _first_texts(of: Counted) -> Json:
    """The first page of a set's texts."""
    return {
        "query": {"bool": {"filter": [of.query]}},
        "sort": BY_PLACE,
        "_source": ["text"],
        "docvalue_fields": ["report"],
        "size": _TEXTS_A_PAGE,
        "track_total_hits": False,
    }


def _but(scored: Query, of: Counted, across: Sequence[Query]) -> Query:
    """What is scored of a set, without those in which a phrase may stand across marks."""
    return {"bool": {"must": [scored], "filter": [of.query], "must_not": list(across)}}


def _across(of: Counted, across: Sequence[Query]) -> Counted:
    """Those of a set in which a phrase may stand across marks."""
    return Counted(restricted(of.query, [any_of(across)]), of.needles)


def _spans(hit: Json, needles: Sequence[Needle]) -> list[Span]:
    return occurrence_spans(marked_form(unescape(hit["_source"]["text"])), needles)


_SUM: Json = {"occurrences": {"sum": {"script": {"source": "Math.rint(_score.doubleValue())"}}}}
