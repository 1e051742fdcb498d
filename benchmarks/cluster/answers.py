"""What a searcher answers, in a form in which two stores can be compared, and what differs between two answers."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from itertools import islice
from typing import Any

import msgspec

from search.answer.searcher import Searcher
from search.errors import CollectionUnavailable, XiesouError
from search.limits import UNLIMITED, Budget
from search.model import Query

Json = Any
_LEFT_OUT = frozenset(("took_ms", "added"))
"""How long it took; and when a report came in, which differs where two collections were indexed one after the other."""
LINES = 500
_NEAR = 1e-5


@dataclasses.dataclass(frozen=True, slots=True)
class Parts:
    """What is asked about each query.

    Args:
        rows: of the export, at most; of every `whole_every`th query all.
    """

    rows: int = 1_000
    whole_every: int = 25


def page_of(searcher: Searcher, query: Query, budget: Budget = UNLIMITED) -> Json:
    """The page of hits: totals, tiers, facets, notices, offers, explanations, and the hits with their highlights."""
    return _said(lambda: plain(searcher.search(query, budget=budget)))


def cells_of(searcher: Searcher, query: Query) -> Json:
    """The cells of the distribution."""
    return _said(lambda: plain(searcher.distribution(query).cells))


def lines_of(searcher: Searcher, query: Query) -> Json:
    """The first occurrences as they stand in the reports, with their number."""

    def lines() -> Json:
        found = searcher.concordance(query, sort="order", per_page=LINES)
        return [found.total, *((of.id, of.left, of.keyword, of.right) for of in found.lines)]

    return _said(lines)


def export_of(searcher: Searcher, query: Query, rows: int | None) -> Json:
    """The hits of the export in its order, all of them or the first ones."""

    def export() -> Json:
        hits = islice(searcher.iter_hits(query), rows)
        return [
            {"id": hit.id, "score": hit.score, "tier": hit.tier, "spans": plain(hit.spans)} for hit in hits
        ]

    return _said(export)


def _said(ask: Callable[[], Json]) -> Json:
    """What is answered; a refusal is an answer too, but not that it can't be answered now."""
    try:
        return ask()
    except CollectionUnavailable:
        raise
    except XiesouError as error:
        return {"refused": type(error).__name__, "said": str(error)}


def plain(value: Any) -> Json:
    """A value as JSON has it, without what may differ between two collections of the same files."""
    if isinstance(value, msgspec.Struct):
        value = {name: getattr(value, name) for name in value.__struct_fields__}
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {of.name: getattr(value, of.name) for of in dataclasses.fields(value)}
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        value = dict(zip(value._fields, value, strict=True))
    if hasattr(value, "items"):
        return {str(name): plain(of) for name, of in value.items() if name not in _LEFT_OUT}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(of) for of in value]
    return value if value is None or isinstance(value, (str, int, float, bool)) else repr(value)


def difference(ours: Json, theirs: Json, path: str = "") -> str | None:
    """Where two answers differ first; scores may differ by what single precision can't tell."""
    if isinstance(ours, float) and isinstance(theirs, float):
        is_near = abs(ours - theirs) <= _NEAR * max(abs(ours), abs(theirs), 1.0)
        return None if is_near else f"{path}: {ours} and {theirs}"
    if isinstance(ours, dict) and isinstance(theirs, dict) and ours.keys() == theirs.keys():
        pairs = [(f"{path}.{name}", ours[name], theirs[name]) for name in ours]
    elif isinstance(ours, (list, tuple)) and isinstance(theirs, (list, tuple)) and len(ours) == len(theirs):
        pairs = [(f"{path}[{at}]", *of) for at, of in enumerate(zip(ours, theirs, strict=True))]
    else:
        return None if ours == theirs else f"{path}: {_short(ours)} and {_short(theirs)}"
    return next((found for at, one, other in pairs if (found := difference(one, other, at))), None)


def is_a_tie(ours: Json, theirs: Json) -> bool:
    """Whether two lists of hits differ by nothing but the order of hits whose scores can't be told apart."""
    if difference([hit["score"] for hit in ours], [hit["score"] for hit in theirs]) is not None:
        return False
    known = {hit["id"]: hit for hit in ours}
    same = [(known[hit["id"]], hit) for hit in theirs if hit["id"] in known]
    least = min((hit["score"] for hit in ours), default=0.0)
    ends = [hit for hit in theirs if hit["id"] not in known]
    return all(difference(*pair) is None for pair in same) and all(
        difference(hit["score"], least) is None for hit in ends
    )


def are_tied(ours: Any, theirs: Any) -> bool:
    """Whether pages or exports differ by nothing but the order of equal scores."""
    if isinstance(ours, dict) and isinstance(theirs, dict) and "hits" in ours and "hits" in theirs:
        one, other = ({name: of[name] for name in of if name != "hits"} for of in (ours, theirs))
        return difference(one, other) is None and is_a_tie(ours["hits"], theirs["hits"])
    are_hits = all(isinstance(of, list) and of and isinstance(of[0], dict) for of in (ours, theirs))
    return are_hits and is_a_tie(ours, theirs)


def _short(value: Json) -> str:
    said = json.dumps(value, ensure_ascii=True, default=repr)
    return said if len(said) <= 200 else f"{said[:200]}… ({len(said)} characters)"
