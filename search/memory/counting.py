"""What there is to count of matches: occurrences, facet values, cells of (city, year)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence

from search.collection import Choice, Value
from search.language import plan as p
from search.language.plan.conditions import conditions_of
from search.memory.held import HeldReport, Row
from search.memory.matching import holds, is_chosen
from search.model import Cell, FacetValue


def count_facet(
    field: str, rows: Sequence[Row], chosen: Choice, known: Collection[Value]
) -> tuple[FacetValue, ...]:
    """The values of a field with their paragraphs, of those that every other group's choice leaves.

    Years are listed newest first, other values by count, then by value; unknown (None) comes after them. Chosen values
    are listed with a count of 0 too; those that no report has come last.

    Args:
        known: the values that some report has.
    """
    reports = (row.held.report for row in rows)
    counts = Counter(getattr(report, field) for report in reports if is_chosen(report, chosen, but=field))
    own = {value for name, values in chosen if name == field for value in values}

    def key(value: Value) -> tuple[object, ...]:
        if value is not None and value not in known:
            return True, str(value)
        in_turn = (value is None, -int(value or 0)) if field == "year" else (value is None, value or "")
        return False, 0 if field == "year" else -counts[value], *in_turn

    return tuple(
        FacetValue(value, counts[value], value in own) for value in sorted(counts.keys() | own, key=key)
    )


def count_cells(
    reports: Sequence[HeldReport],
    plan: p.Plan,
    chosen: Choice,
    rows: Sequence[Row],
    occurrences: Callable[[Row], int],
) -> tuple[Cell, ...]:
    """The matches `rows` by city and year, against what the conditions of `plan` and `chosen` leave there.

    Args:
        occurrences: how many a match has.
    """
    conditions = conditions_of(plan)
    held = [
        of
        for of in reports
        if of.paragraphs and is_chosen(of.report, chosen) and holds(conditions, of.report)
    ]
    places = {(of.report.city, of.report.year) for of in held}
    cells = []
    for city, year in sorted(places, key=lambda at: (at[0] is None, at[0] or "", at[1] is None, at[1] or 0)):
        here = [of for of in held if (of.report.city, of.report.year) == (city, year)]
        found = [row for row in rows if (row.held.report.city, row.held.report.year) == (city, year)]
        cells.append(
            Cell(
                city=city,
                year=year,
                paragraphs=len(found),
                occurrences=sum(map(occurrences, found)),
                reports=len({row.held.report.id for row in found}),
                held_paragraphs=sum(len(of.paragraphs) for of in here),
                held_characters=sum(of.characters for of in here),
                held_reports=len(here),
            )
        )
    return tuple(cells)
