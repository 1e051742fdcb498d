"""What there is to count of matches: occurrences, facet values, cells of (city, year)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence

from search.collection import Choice, Value
from search.language import plan as p
from search.language.text import occurrences
from search.memory.held import Row
from search.memory.matching import is_chosen
from search.model import PARTS, YEAR_FIELDS, Cell, FacetValue, Span, YearField

_Place = tuple[str | None, int | None]


def occurrence_spans(form: str, plan: p.Plan) -> list[Span]:
    """The occurrences of a plan in a text of normal form, in order: what is highlighted; touching ones are one.

    Every word, string and prefix that the plan looks for in the text, unless it only denies or favours it.
    """
    merged: list[Span] = []
    for start, end in sorted(set(_iter_spans(form, plan))):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _iter_spans(form: str, plan: p.Plan) -> Iterator[Span]:
    if isinstance(plan, p.Starting):
        if plan.field == "text":
            yield from occurrences(form, plan.prefix, is_prefix=True)
    elif isinstance(plan, (p.Term, p.String)):
        if isinstance(plan, p.String):
            string = "".join(token.term for token in plan.tokens)
        else:
            string = plan.text if plan.field == "text" else ""
        if string:
            yield from occurrences(form, string)
    elif isinstance(plan, (p.Every, p.Either, p.Within)):
        for part in plan.strings if isinstance(plan, p.Within) else plan.parts:
            yield from _iter_spans(form, part)
    elif isinstance(plan, (p.Without, p.Favoured)):
        yield from _iter_spans(form, plan.wanted)


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


def count_cells(held: Sequence[Row], found: Sequence[Row], plan: p.Plan, by: YearField) -> tuple[Cell, ...]:
    """The matches `found` by city and year, against what the conditions of a search leave there.

    Args:
        by: the year that a cell's is.
    """
    matching: dict[_Place, list[Row]] = defaultdict(list)
    holding: dict[_Place, list[Row]] = defaultdict(list)
    for rows, of_place in ((found, matching), (held, holding)):
        for row in rows:
            of_place[row.held.report.city, row.value(by)].append(row)
    places = sorted(holding, key=lambda at: (at[0] is None, at[0] or "", at[1] is None, at[1] or 0))
    return tuple(_cell(place, matching[place], holding[place], plan) for place in places)


def _cell(place: _Place, found: Sequence[Row], held: Sequence[Row], plan: p.Plan) -> Cell:
    return Cell(
        *place,
        paragraphs=len(found),
        occurrences=sum(len(occurrence_spans(row.paragraph.form, plan)) for row in found),
        reports=len({row.held.report.id for row in found}),
        held_paragraphs=len(held),
        held_characters=sum(len(row.paragraph.draft.text) for row in held),
        held_reports=len({row.held.report.id for row in held}),
    )
