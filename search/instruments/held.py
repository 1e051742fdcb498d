"""What is held, whatever it says: the reports that filters leave, as columns, and what of them pages ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from search.answer.question import Question
from search.answer.searcher import Searcher
from search.collection import Ask, Choice, Ref, ReportColumns, Top, View
from search.language.plan import All, Plan
from search.language.plan.conditions import conditions_of
from search.limits import UNLIMITED, Budget
from search.model import REPORT_FACETS, YEAR_FIELDS, Query, Report

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_EVERY = 1 << 30
_DAY_DIGITS = 8


def held_columns(question: Question) -> ReportColumns:
    """The reports that the filters of a search leave, those in its text (city:四平) too, whether they say it or not."""
    view, conditions = question.view, conditions_of(question.plan)
    if conditions == All():
        chosen = tuple((name, values) for name, values in question.chosen if name in REPORT_FACETS)
        return view.report_columns(chosen) or to_columns(view.reports(chosen)[1])
    kept = view.report_columns(question.chosen, matching=conditions)
    return kept or columns_of_objects(view, conditions, question.chosen)


def held_provinces(searcher: Searcher, query: Query, *, budget: Budget = UNLIMITED) -> set[str]:
    """The provinces that a report is held of."""
    columns = held_columns(searcher.question(query, budget=budget))
    return {columns.names["province"][number] for number in set(columns.columns["province"].tolist()) - {-1}}


def held_years(
    searcher: Searcher, query: Query, *, budget: Budget = UNLIMITED
) -> set[tuple[str | None, int | None]]:
    """The places and years, on the axis of a search, that a report is held of."""
    from search.instruments.report_rows import name_places, to_rows  # needs NumPy, which pages don't

    columns = held_columns(searcher.question(query, budget=budget))
    rows = to_rows(columns, name_places([columns]), query.year_field)
    names = [*rows.names, None]
    pairs = set(zip(rows.place.tolist(), rows.year.tolist(), strict=True))
    return {(names[place], year or None) for place, year in pairs}


def columns_of_objects(view: View, plan: Plan, chosen: Choice) -> ReportColumns:
    """The reports that matches are of, where a store holds reports as objects."""
    (found,) = view.find([Ask(plan, chosen, top=Top(_EVERY, sort="year", group="report"))])
    refs = [one.ref for one in found.top]
    return to_columns(view.reports_of(refs), refs)


def to_columns(reports: Sequence[Report], refs: Sequence[Ref] = ()) -> ReportColumns:
    """Reports that a store holds as objects, as columns."""
    import numpy as np  # which stores of objects don't need

    names: dict[str, Sequence[str]] = {}
    columns: dict[str, NDArray[np.int64]] = {}
    for field in ("city", "province", "type", "level", "code"):
        values = [getattr(report, field) for report in reports]
        names[field] = sorted({value for value in values if value is not None})
        number: dict[str | None, int] = {None: -1, **{name: at for at, name in enumerate(names[field])}}
        columns[field] = np.array([number[value] for value in values], dtype=np.int64)
    for year in YEAR_FIELDS:
        columns[year] = np.array([getattr(report, year) or 0 for report in reports], dtype=np.int64)
    days = [(report.date or "").replace("-", "") for report in reports]
    columns["day"] = np.array([int(day) if len(day) == _DAY_DIGITS else 0 for day in days], dtype=np.int64)
    return ReportColumns(refs, columns, names)
