"""What is counted: the collection, a search, its places side by side, and its spread over cities and years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from search.model.page import Notice
from search.model.query import ContextSort, Query
from search.model.reports import PARTS, Report


@dataclass(frozen=True, slots=True)
class Stats:
    """What the collection holds.

    `coverage` has the number of reports for each place (a city, else the province) and work year.
    """

    reports: int
    paragraphs: int
    cities: int
    years: tuple[int, ...]
    coverage: Mapping[tuple[str, int], int] = field(default_factory=dict)
    generation: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """What a search finds, counted by the rules of docs/counting.md.

    Args:
        paragraphs: those that match.
        occurrences: highlighted spans in all of them.
        reports: those that the paragraphs come from.
        repeated: how many of the paragraphs stand earlier in their own file already.
        of_ocr: how many of the paragraphs were recognised in a picture.
    """

    paragraphs: int
    occurrences: int
    reports: int
    repeated: int = 0
    of_ocr: int = 0


@dataclass(frozen=True, slots=True)
class ConcordanceLine:
    """One occurrence with what stands around it in its paragraph; `id`, `n`, `ocr`, `part` are the paragraph's."""

    id: str
    n: int
    report: Report
    left: str
    keyword: str
    right: str
    ocr: float | None = None
    part: str = PARTS[0]


@dataclass(frozen=True, slots=True)
class ConcordancePage:
    """One page of occurrences. `sort` is the order that the lines are really in; a notice says why it is another.

    `total` counts the lines: all `occurrences`, or a random sample of them, whose `seed` is then no None.
    """

    query: Query
    sort: ContextSort
    page: int
    per_page: int
    total: int
    occurrences: int
    lines: tuple[ConcordanceLine, ...]
    seed: int | None = None
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """What one city and year say and hold; either may be None for unknown.

    Args:
        paragraphs, occurrences, reports: what matches; `reports` are those with a paragraph that matches.
        held_paragraphs, held_characters, held_reports: what the filters leave of the collection there.
    """

    city: str | None
    year: int | None
    paragraphs: int
    occurrences: int
    reports: int
    held_paragraphs: int
    held_characters: int
    held_reports: int

    @property
    def per_10k_chars(self) -> float | None:
        """Occurrences in 10,000 characters; None where nothing is held."""
        return self.occurrences * 10_000 / self.held_characters if self.held_characters else None

    @property
    def report_share(self) -> float | None:
        """The share of reports that say it, 0 to 1; None where none is held."""
        return self.reports / self.held_reports if self.held_reports else None


@dataclass(frozen=True, slots=True)
class Distribution:
    """A search over cities and years: every cell in which something is held, with zeros where nothing matches.

    A city and year without a cell hold no report. Cells are by city, then year; unknown last.
    """

    query: Query
    cells: tuple[Cell, ...]

    @property
    def years(self) -> tuple[Cell, ...]:
        """All cities together, year by year (`city` is None)."""
        return _sum_cells(self.cells, "year")

    @property
    def cities(self) -> tuple[Cell, ...]:
        """All years together, city by city (`year` is None)."""
        return _sum_cells(self.cells, "city")

    @property
    def total(self) -> Cell:
        """Everything together."""
        return _sum_cells(self.cells, "")[0] if self.cells else Cell(None, None, 0, 0, 0, 0, 0, 0)


def _sum_cells(cells: tuple[Cell, ...], by: Literal["city", "year", ""]) -> tuple[Cell, ...]:
    groups: dict[str | int | None, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(getattr(cell, by) if by else None, []).append(cell)
    names = (
        "paragraphs", "occurrences", "reports", "held_paragraphs", "held_characters", "held_reports"
    )  # fmt: skip
    summed = []
    for value, members in sorted(groups.items(), key=lambda item: (item[0] is None, item[0])):
        sums = {name: sum(getattr(cell, name) for cell in members) for name in names}
        city = str(value) if by == "city" and value is not None else None
        year = int(value) if by == "year" and value is not None else None
        summed.append(Cell(city, year, **sums))
    return tuple(summed)
