"""What there is to count of matches: occurrences, facet values, cells of (city, year)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence

from search.collection import Choice, Value
from search.memory.held import Row
from search.memory.matching import is_chosen
from search.model import PARTS, YEAR_FIELDS, Cell, FacetValue, YearField

_Place = tuple[str | None, int | None]


def count_facet(
    field: str, rows: Sequence[Row], chosen: Choice, known: Collection[Value]
) -> tuple[FacetValue, ...]:
    """The values of a field with their paragraphs, of those that every other group's choice leaves.

    Years are listed newest first, other values by count, then by value; unknown (None) comes after them. Chosen values
    are listed with a count of 0 too; those that no report has come last.

    Args:
        known: the values that the facet may have.
    """
    counts = Counter(row.value(field) for row in rows if is_chosen(row.value, chosen, but=field))
    own = {value for name, values in chosen if name == field for value in values}

    def key(value: Value) -> tuple[object, ...]:
        if value is not None and value not in known:
            return True, str(value)
        if field in YEAR_FIELDS:
            return False, 0, value is None, -int(value or 0)
        return (
            False,
            -counts[value],
            value is None,
            PARTS.index(str(value)) if field == "part" else value or "",
        )

    return tuple(
        FacetValue(value, counts[value], value in own) for value in sorted(counts.keys() | own, key=key)
    )


def count_reports(rows: Sequence[Row]) -> int:
    """How many reports paragraphs come from; texts that are no report left out."""
    return len({row.held.report.id for row in rows if row.held.is_report})


def count_cells(
    held: Sequence[Row], found: Sequence[Row], occurrences: Callable[[Row], int], by: YearField
) -> tuple[Cell, ...]:
    """The matches `found` by city and year, against what the conditions of a search leave there.

    Args:
        occurrences: how many a match has.
        by: the year that a cell's is.
    """
    matching: dict[_Place, list[Row]] = defaultdict(list)
    holding: dict[_Place, list[Row]] = defaultdict(list)
    for rows, of_place in ((found, matching), (held, holding)):
        for row in rows:
            of_place[row.held.report.city, row.value(by)].append(row)
    places = sorted(holding, key=lambda at: (at[0] is None, at[0] or "", at[1] is None, at[1] or 0))
    return tuple(_cell(place, matching[place], holding[place], occurrences) for place in places)


def _cell(
    place: _Place, found: Sequence[Row], held: Sequence[Row], occurrences: Callable[[Row], int]
) -> Cell:
    return Cell(
        *place,
        paragraphs=len(found),
        occurrences=sum(map(occurrences, found)),
        reports=count_reports(found),
        held_paragraphs=len(held),
        held_characters=sum(len(row.paragraph.draft.text) for row in held),
        held_reports=count_reports(held),
    )
