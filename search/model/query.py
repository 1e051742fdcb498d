"""What is searched for: a text, filters, an order, a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

Sort = Literal["relevance", "year", "-year", "added", "-added"]
YearField = Literal["year", "plan_year"]
Axis = Literal["plan", "delivered"]
AXIS_FIELDS: Mapping[Axis, YearField] = {"plan": "plan_year", "delivered": "year"}
"""The field of a report that a year stands for on each axis."""
Group = Literal["", "report"]
Match = Literal["phrase", "all"]
"""How unquoted chunks are matched: tier 1 alone is counted, or tiers 1 and 2."""
ContextSort = Literal["left", "right", "left2", "right2", "order"]
"""What lines are sorted by: the context on a side from its first or second word on, or nothing."""

REPORT_FACETS = ("city", "year", "type", "province", "plan_year", "level")
"""Facets of a report: all its paragraphs have the same value."""

FACETS = (*REPORT_FACETS, "part")
YEAR_FIELDS: tuple[YearField, ...] = ("year", "plan_year")


@dataclass(frozen=True, slots=True)
class Query:
    """What to search for. Several values in one filter group are alternatives; groups must all hold.

    None among a group's values chooses what is unknown there (`FacetValue.value` is None for it).

    Args:
        text: in the query language; "" means everything.
        report: ids of the reports to look in; () looks in all.
        synonyms: whether unquoted words find their other forms too.
        page: from 1.
        per_page: 1 to 100 hits.
        group: "report" gives each report once, by its best paragraph; totals are then of reports.
        match: what is counted: tier 1 (every chunk stands in the text uncut), or tiers 1 and 2 (docs/counting.md).
        part: the parts of reports to look in; () looks in all but Word's comments.
        added: the first and last day on which reports came in, such as 2026-01-31; None leaves an end open.
        ocr: whether text that was recognised in a picture is looked at.
        fold: whether hits of a page that say the same in other reports are folded under the first of them.
        axis: which year a distribution goes by: that whose work a report lays out, or that of its delivery.
    """

    text: str = ""
    city: tuple[str | None, ...] = ()
    province: tuple[str | None, ...] = ()
    year: tuple[int | None, ...] = ()
    type: tuple[str | None, ...] = ()
    sort: Sort = "relevance"
    page: int = 1
    per_page: int = 10
    report: tuple[str, ...] = ()
    synonyms: bool = True
    group: Group = ""
    match: Match = "phrase"
    plan_year: tuple[int | None, ...] = ()
    level: tuple[str | None, ...] = ()
    part: tuple[str, ...] = ()
    added: tuple[str | None, str | None] = (None, None)
    ocr: bool = True
    axis: Axis = "plan"
    fold: bool = False

    @property
    def year_field(self) -> YearField:
        """The field of a report that the axis goes by."""
        return AXIS_FIELDS[self.axis]


FILTERS = (*FACETS, "report", "added", "ocr")
"""The fields of a query that narrow what is searched, beside its text."""
_ANY = Query()


def filters_of(query: Query) -> tuple[str, ...]:
    """The filters that a query has."""
    return tuple(name for name in FILTERS if getattr(query, name) != getattr(_ANY, name))


def without_filters(query: Query, names: Sequence[str] = FILTERS) -> Query:
    """The query without some of its filters, on page 1."""
    changes: dict[str, Any] = {name: getattr(_ANY, name) for name in names}
    return replace(query, page=1, **changes)
