"""What a page can be asked for beside a query: a list of reports, and a view of a search."""

from __future__ import annotations

from dataclasses import dataclass

from search.answer.context_order import Sample
from search.collection import ReportSort
from search.model import ContextSort

VIEWS = ("paragraphs", "concordance", "distribution", "spread")
ORDERS: tuple[ContextSort, ...] = ("left", "right", "left2", "right2", "order")
MEASURES = ("count", "rate", "share")


@dataclass(frozen=True, slots=True)
class ReportFilter:
    """Filters and order of a list of reports."""

    city: tuple[str | None, ...] = ()
    province: tuple[str | None, ...] = ()
    year: tuple[int | None, ...] = ()
    type: tuple[str | None, ...] = ()
    plan_year: tuple[int | None, ...] = ()
    level: tuple[str | None, ...] = ()
    sort: ReportSort = "-year"
    page: int = 1


@dataclass(frozen=True, slots=True)
class View:
    """A view of a search.

    Args:
        name: paragraphs, concordance, distribution or spread.
        order: order of the lines of a concordance.
        measure: measure of a distribution.
        sample: a random sample of the lines of a concordance; None for all.
    """

    name: str = VIEWS[0]
    order: ContextSort = ORDERS[0]
    measure: str = MEASURES[0]
    sample: Sample | None = None


PARAGRAPHS = View()


def sample_args(sample: Sample | None) -> dict[str, str]:
    """A random sample as parameters; none of all."""
    return {} if sample is None else {"sample": str(sample.size), "seed": str(sample.seed)}
