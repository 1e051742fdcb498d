"""A distribution -> the geometry of its two plots and the rows of the tables under them.

Numbers only; the templates make the SVG. Not held (hatched) is never drawn like held without a hit (blank).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from search.model import Cell, Distribution, Query
from web import urls
from web.i18n import phrase, translate
from web.params import View

MEASURE_NAMES = {
    "count": phrase("次数"),
    "rate": phrase("每万字"),
    "share": phrase("占报告比例"),
}
PARAGRAPH_COUNT = "paragraphs"
PLOT_WIDTH = 660
MIN_WIDTH = 330
BAR_AREA = 120
TOP = 18
MAX_BAR = 44.0
MAX_ROWS = 40
"""Cities in the plot; the table under it has more."""
MAX_TABLE_ROWS = 120
LEVELS = 5
LABEL_SIZE = 13
LABEL_WIDTH = 92
MAX_LABEL_WIDTH = 160
EDGE = 16
"""Beside the first and last column, for the halves of their labels."""
TOTAL_WIDTH = 58
ROW_HEIGHT = 26


@dataclass(frozen=True, slots=True)
class YearColumn:
    """A year's bar; `held` is False where no report of it is held."""

    year: int
    label: str
    said: str
    held: bool
    x: float
    y: float
    width: float
    height: float
    show_year: bool
    url: str


@dataclass(frozen=True, slots=True)
class YearPlot:
    columns: tuple[YearColumn, ...]
    width: float
    base: int = TOP + BAR_AREA


@dataclass(frozen=True, slots=True)
class PlotCell:
    """A city's year: `kind` is missing, zero or value; `level` is 1 (least) to 5."""

    kind: str
    level: int
    label: str
    said: str
    x: float
    url: str


@dataclass(frozen=True, slots=True)
class PlotRow:
    city: str
    url: str
    y: float
    cells: tuple[PlotCell, ...]
    total: str
    """Over all years."""


@dataclass(frozen=True, slots=True)
class MatrixPlot:
    years: tuple[tuple[int, float], ...]
    """(year, middle of its column)"""
    rows: tuple[PlotRow, ...]
    left_out: int
    cell_width: float
    width: float
    height: float
    steps: tuple[tuple[int, str], ...]
    """(level, what it means), from the least; levels that no number has are left out."""
    label_width: float
    """The names stand beside the cells, in sight while those scroll."""
    row_height: int = ROW_HEIGHT


@dataclass(frozen=True, slots=True)
class TableRow:
    name: str
    paragraphs: str
    occurrences: str
    rate: str
    reports: str
    held: str
    share: str


def measure_of(distribution: Distribution, view: View) -> str:
    """The measure that is shown: a search without words in it has no occurrences and counts paragraphs."""
    if view.measure == "count" and not any(cell.occurrences for cell in distribution.cells):
        return PARAGRAPH_COUNT
    return view.measure


def value_of(cell: Cell, measure: str) -> float:
    """The number that a measure shows."""
    if measure == "rate":
        return cell.per_10k_chars or 0.0
    if measure == "share":
        return cell.report_share or 0.0
    return float(cell.paragraphs if measure == PARAGRAPH_COUNT else cell.occurrences)


def order_cities(distribution: Distribution, measure: str) -> tuple[Cell, ...]:
    """The known cities over all years, those that say it most first."""
    cells = [cell for cell in distribution.cities if cell.city is not None]
    return tuple(sorted(cells, key=lambda cell: (-value_of(cell, measure), cell.city or "")))


def format_value(value: float, measure: str) -> str:
    if measure == "rate":
        return f"{value:.2f}" if value < 10 else f"{value:.1f}"
    return f"{value:.0%}" if measure == "share" else f"{value:,.0f}"


def draw_years(distribution: Distribution, measure: str) -> YearPlot | None:
    """A column for each year from the first held to the last; None where no year is known."""
    cells = {cell.year: cell for cell in distribution.years if cell.year is not None}
    if not cells:
        return None
    years = range(min(cells), max(cells) + 1)
    across = min(PLOT_WIDTH, max(MIN_WIDTH, 60 * len(years)))
    step = (across - 2 * EDGE) / len(years)
    width = min(MAX_BAR, step * 0.72)
    most = max(value_of(cell, measure) for cell in cells.values()) or 1.0
    every = max(1, -(-len(years) * 40 // across))
    to_year = urls.make_value_urls(distribution.query, "year")
    columns = []
    for i, year in enumerate(years):
        cell = cells.get(year)
        value = value_of(cell, measure) if cell else 0.0
        height = max(2.0, BAR_AREA * value / most) if value else 0.0
        columns.append(
            YearColumn(
                year=year,
                label=format_value(value, measure) if value and width > 15 else "",
                said=_say(str(year), cell, measure),
                held=cell is not None,
                x=round(EDGE + (i + 0.5) * step - width / 2, 1),
                y=round(TOP + BAR_AREA - height, 1),
                width=round(width, 1),
                height=round(height, 1),
                show_year=(len(years) - 1 - i) % every == 0,
                url=to_year(year),
            )
        )
    return YearPlot(tuple(columns), across)


def draw_matrix(
    distribution: Distribution, measure: str, cities: Sequence[Cell] | None = None
) -> MatrixPlot | None:
    """City rows by year columns, in the order of `cities`: as `order_cities` gives them where that is left out."""
    placed = [cell for cell in distribution.cells if cell.city is not None and cell.year is not None]
    if not placed:
        return None
    by_place = {(cell.city, cell.year): cell for cell in placed}
    held = [cell.year for cell in placed if cell.year is not None]
    years = range(min(held), max(held) + 1)
    order = cities or order_cities(distribution, measure)
    longest = max(len(str(cell.city)) for cell in order[:MAX_ROWS])
    label_width = float(min(MAX_LABEL_WIDTH, max(LABEL_WIDTH, longest * LABEL_SIZE + 12)))
    step = max(26.0, min(52.0, (PLOT_WIDTH - label_width - TOTAL_WIDTH) / len(years)))
    most = max(value_of(cell, measure) for cell in placed)
    to_city = urls.make_value_urls(distribution.query, "city")
    rows = []
    for i, in_all in enumerate(order[:MAX_ROWS]):
        city = str(in_all.city)
        to_year = urls.make_value_urls(urls.with_values(distribution.query, "city", (city,)), "year")
        cells = tuple(
            _draw_cell(
                by_place.get((city, year)),
                f"{city} {year}",
                measure,
                most,
                j * step,
                to_year(year),
            )
            for j, year in enumerate(years)
        )
        total = format_value(value_of(in_all, measure), measure)
        rows.append(PlotRow(city, to_city(city), 20.0 + i * ROW_HEIGHT, cells, total))
    return MatrixPlot(
        years=tuple((year, (j + 0.5) * step) for j, year in enumerate(years)),
        rows=tuple(rows),
        left_out=max(0, len(order) - MAX_ROWS),
        cell_width=round(step, 2),
        width=round(step * len(years) + TOTAL_WIDTH, 1),
        height=20.0 + len(rows) * ROW_HEIGHT,
        steps=name_levels(most, measure),
        label_width=label_width,
    )


def level_of(value: float, most: float) -> int:
    """How deep a value is drawn: 1 (least) to 5; 0 for none."""
    return min(LEVELS, max(1, -int(-value * LEVELS // most))) if value else 0


def name_levels(most: float, measure: str) -> tuple[tuple[int, str], ...]:
    """What each level means: whole numbers as ranges, others by their upper bound; none twice.

    Example:
        >>> name_levels(2, "count")
        ((3, '1'), (5, '2'))
        >>> name_levels(20, "count")[:2]
        ((1, '1–4'), (2, '5–8'))
    """
    if measure in ("count", PARAGRAPH_COUNT):
        of_level: dict[int, list[int]] = {}
        for level in range(1, LEVELS + 1):
            first, last = int(most * (level - 1) // LEVELS) + 1, int(most * level // LEVELS)
            if first <= last:
                of_level[level] = [first, last]
        return tuple(
            (level, "–".join(f"{n:,}" for n in dict.fromkeys(ends))) for level, ends in of_level.items()
        )
    named = (
        {format_value(most * level / LEVELS, measure): level for level in range(1, LEVELS + 1)}
        if most
        else {}
    )
    return tuple((level, f"≤ {bound}") for bound, level in named.items())


def _draw_cell(cell: Cell | None, name: str, measure: str, most: float, x: float, url: str) -> PlotCell:
    value = value_of(cell, measure) if cell else 0.0
    return PlotCell(
        kind="missing" if cell is None else "value" if value else "zero",
        level=level_of(value, most),
        label=format_value(value, measure) if value else "",
        said=_say(name, cell, measure),
        x=round(x, 1),
        url=url if value else "",
    )


def _say(name: str, cell: Cell | None, measure: str) -> str:
    if cell is None:
        return translate("{name}：未收录报告", name=name)
    value = format_value(value_of(cell, measure), measure)
    if measure == "rate":
        return translate("{name}：每万字 {value} 处", name=name, value=value)
    if measure == "share":
        return translate("{name}：{value} 的报告提到", name=name, value=value)
    if measure == PARAGRAPH_COUNT:
        return translate("{name}：{n} 段", name=name, n=value)
    return translate("{name}：{n} 处", name=name, n=value)


def list_years(distribution: Distribution) -> tuple[TableRow, ...]:
    """What the year plot says, and more, year by year and in all."""
    rows = [_row(str(cell.year or translate("未知")), cell) for cell in distribution.years]
    return (*rows, _row(translate("合计"), distribution.total))


def list_cells(
    distribution: Distribution, measure: str, cities: Sequence[Cell] | None = None
) -> tuple[tuple[int, ...], list[tuple[str, tuple[str | None, ...], str]]]:
    """The matrix as a table: the years, and for each city its name, its cells (None: not held) and all years."""
    cities = cities or order_cities(distribution, measure)
    by_place = {(cell.city, cell.year): cell for cell in distribution.cells}
    years = tuple(sorted({cell.year for cell in distribution.cells if cell.year is not None}))
    rows = []
    for in_all in cities[:MAX_TABLE_ROWS]:
        city = str(in_all.city)
        cells = tuple(
            format_value(value_of(by_place[city, year], measure), measure)
            if (city, year) in by_place
            else None
            for year in years
        )
        rows.append((city, cells, format_value(value_of(in_all, measure), measure)))
    return years, rows


def _row(name: str, cell: Cell) -> TableRow:
    return TableRow(
        name=name,
        paragraphs=f"{cell.paragraphs:,}",
        occurrences=f"{cell.occurrences:,}",
        rate=format_value(cell.per_10k_chars or 0.0, "rate"),
        reports=f"{cell.reports:,}",
        held=f"{cell.held_reports:,}",
        share=format_value(cell.report_share or 0.0, "share"),
    )


def view_measures(query: Query, view: View) -> list[tuple[str, str, bool]]:
    """(name, address, whether it is this one)"""
    to: Callable[[str], str] = lambda measure: urls.search_url(query, replace(view, measure=measure))  # noqa: E731
    return [
        (translate(name), to(measure), measure == view.measure) for measure, name in MEASURE_NAMES.items()
    ]
