"""What a search answered, as an answer of the protocol."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from search.collection import Ask, Choice, Value
from search.model import PARTS, YEAR_FIELDS, Cell, FacetValue, YearField
from search.opensearch.catalogue import Catalogue
from search.opensearch.client import Json
from search.opensearch.dsl import NUMBERS
from search.opensearch.encoding import unescape


def facets_of(answer: Json, ask: Ask, catalogue: Catalogue) -> dict[str, tuple[FacetValue, ...]]:
    """The values of each facet that was asked for, in their order."""
    return {
        name: _facet(name, answer["aggregations"][f"facet_{name}"], ask.chosen, catalogue.values(name))
        for name in ask.facets
    }


def _facet(field: str, found: Json, chosen: Choice, known: Collection[Value]) -> tuple[FacetValue, ...]:
    """Years newest first, other values by count, then by value; unknown behind; what no report has comes last."""
    assert not found["values"]["sum_other_doc_count"], "every value was asked for"
    counts: Counter[Value] = Counter()
    for bucket in found["values"]["buckets"]:
        key = bucket["key"]
        counts[int(key) if field in NUMBERS else unescape(key)] = bucket["doc_count"]
    if found["unknown"]["doc_count"]:
        counts[None] = found["unknown"]["doc_count"]
    own = {value for name, values in chosen if name == field for value in values}

    def key_of(value: Value) -> tuple[Any, ...]:
        if value is not None and value not in known:
            return True, str(value)
        if field in YEAR_FIELDS:
            return False, 0, value is None, -int(value or 0)
        rank: Any = PARTS.index(str(value)) if field == "part" else value or ""
        return False, -counts[value], value is None, rank

    return tuple(
        FacetValue(value, counts[value], value in own) for value in sorted(counts.keys() | own, key=key_of)
    )


def cells_of(
    catalogue: Catalogue,
    held: Iterable[Json],
    found: Mapping[str, int],
    occurrences: Mapping[str, int],
    by: YearField,
) -> tuple[Cell, ...]:
    """Cells by city and year, from what is held and found in each report.

    Args:
        held: buckets by report: `doc_count` paragraphs, `characters`.
        found, occurrences: by report.
    """
    sums: dict[tuple[str | None, int | None], list[int]] = defaultdict(lambda: [0] * 6)
    for bucket in held:
        name = unescape(bucket["key"]["report"])
        of = catalogue.by_id[name]
        matching = found.get(name, 0)
        one = int(of.is_report)
        more = (
            matching,
            occurrences.get(name, 0),
            one if matching else 0,
            bucket["doc_count"],
            round(bucket["characters"]["value"]),
            one,
        )
        place = of.report.city, getattr(of.report, by)
        sums[place] = [a + b for a, b in zip(sums[place], more, strict=True)]
    places = sorted(sums, key=lambda at: (at[0] is None, at[0] or "", at[1] is None, at[1] or 0))
    return tuple(Cell(*place, *sums[place]) for place in places)
