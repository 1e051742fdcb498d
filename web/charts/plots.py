"""A distribution -> the geometry of its two plots and the rows of the tables under them.

Numbers only; the templates make the SVG. Not held (hatched) is never drawn like held without a hit (blank).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from search.model import Cell, Distribution, Query
from web import urls
from web.i18n import phrase, translate, translate_n
from web.params import View
from web.present import name_value

MEASURE_NAMES = {
    "count": phrase("Occurrences"),
    "rate": phrase("Per 10,000 characters"),
    "share": phrase("Share of reports"),
}
PARAGRAPH_COUNT = "paragraphs"
PLOT_WIDTH = 660
MIN_WIDTH = 330
BAR_AREA = 120
BAND_AREA = 56
"""Of each city's bars, where several stand one below the other."""
MAX_APART = 6
"""So many cities that are chosen are drawn each by itself; more are summed."""
TOP = 18
HEAD = 8
FOOT = 22
MIN_STEP = 14.0
TICK_WIDTH = 40
LABEL_HEIGHT = 14
DIGIT_WIDTH = 7.0
SIGN_WIDTHS = {",": 3.6, ".": 3.6, "%": 11.5}
"""Widths of what a label of 12 px is made of, generously."""
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
class CityYears:
    """A city's band of bars, in the scale that all bands share; `y` is where it begins."""

    city: str
    url: str
    y: float
    columns: tuple[YearColumn, ...]
    total: str
    """Over all years."""


@dataclass(frozen=True, slots=True)
class CitiesPlot:
    """The cities that are chosen, one band of bars below the other, year under year."""

    bands: tuple[CityYears, ...]
    width: float
    bars_width: float
    height: float
    label_width: float
    base: int


@dataclass(frozen=True, slots=True)
class CityTable:
    """A city's rows of the table of years; the rows of all together have no city."""

    city: str
    rows: tuple[TableRow, ...]


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
    most = max(value_of(cell, measure) for cell in cells.values())
    frame = _Frame(years, across, BAR_AREA, most, measure)
    return YearPlot(frame.columns(cells, "", urls.make_value_urls(distribution.query, "year")), across)


def apart(distribution: Distribution) -> tuple[str | None, ...]:
    """The cities that are drawn each by itself: those chosen, where they are two to six; else none."""
    chosen = distribution.query.city
    return chosen if 1 < len(chosen) <= MAX_APART else ()


def of_city(distribution: Distribution, city: str | None) -> Distribution:
    """What the same search finds with this one city chosen: filters of a group are alternatives, so cells stay."""
    cells = tuple(cell for cell in distribution.cells if cell.city == city)
    return Distribution(urls.with_values(distribution.query, "city", (city,)), cells)


def draw_cities(distribution: Distribution, measure: str) -> CitiesPlot | None:
    """The years of each city that `apart` names; None where there are none, or no year is known."""
    cities = [(city, of_city(distribution, city)) for city in apart(distribution)]
    known = [cell for _, found in cities for cell in found.years if cell.year is not None]
    if not known:
        return None
    held = [cell.year for cell in known if cell.year is not None]
    years = range(min(held), max(held) + 1)
    names = [name_value("city", city) for city, _ in cities]
    label_width = _label_width(names)
    across = min(PLOT_WIDTH - label_width - TOTAL_WIDTH, max(MIN_WIDTH - label_width, 60.0 * len(years)))
    across = max(across, MIN_STEP * len(years) + 2 * EDGE)
    most = max(value_of(cell, measure) for cell in known)
    frame = _Frame(years, across, BAND_AREA, most, measure)
    to_city = urls.make_value_urls(distribution.query, "city")
    bands = []
    for i, ((city, found), name) in enumerate(zip(cities, names, strict=True)):
        cells = {cell.year: cell for cell in found.years if cell.year is not None}
        columns = frame.columns(cells, f"{name} ", urls.make_value_urls(found.query, "year"))
        total = format_value(value_of(found.total, measure), measure)
        bands.append(CityYears(name, to_city(city), float(HEAD + i * (TOP + BAND_AREA)), columns, total))
    height = HEAD + len(bands) * (TOP + BAND_AREA) + FOOT
    return CitiesPlot(
        tuple(bands), round(across + TOTAL_WIDTH, 1), across, height, label_width, TOP + BAND_AREA
    )


class _Frame:
    """Years side by side, in one scale: makes the columns of a plot, or of one of its bands."""

    def __init__(self, years: Sequence[int], across: float, area: int, most: float, measure: str) -> None:
        self._years, self._area, self._most, self._measure = years, area, most or 1.0, measure
        self._step = (across - 2 * EDGE) / len(years)
        self._width = min(MAX_BAR, self._step * 0.72)
        self._every = max(1, -int(-len(years) * TICK_WIDTH // across))

    def columns(
        self, cells: Mapping[int, Cell], before: str, to_year: Callable[[int], str]
    ) -> tuple[YearColumn, ...]:
        """A column a year; `before` stands before the year where it is said."""
        columns = []
        for i, year in enumerate(self._years):
            cell = cells.get(year)
            value = value_of(cell, self._measure) if cell else 0.0
            height = max(2.0, self._area * value / self._most) if value else 0.0
            columns.append(
                YearColumn(
                    year=year,
                    label=format_value(value, self._measure) if value else "",
                    said=_say(f"{before}{year}", cell, self._measure),
                    held=cell is not None,
                    x=round(EDGE + (i + 0.5) * self._step - self._width / 2, 1),
                    y=round(TOP + self._area - height, 1),
                    width=round(self._width, 1),
                    height=round(height, 1),
                    show_year=(len(self._years) - 1 - i) % self._every == 0,
                    url=to_year(year),
                )
            )
        return keep_labels(columns)


def keep_labels(columns: Sequence[YearColumn]) -> tuple[YearColumn, ...]:
    """The columns with those labels only that have room: over no other label and no bar; highest bars first.

    Every number is said on hover and focus, and in the table.
    """
    taken = [(c.x, c.x + c.width, c.y) for c in columns if c.height]
    labels: list[tuple[float, float, float]] = []
    kept = set()
    for column in sorted((c for c in columns if c.label), key=lambda c: (c.y, -c.year)):
        middle = column.x + column.width / 2
        half = sum(DIGIT_WIDTH if c.isdigit() else SIGN_WIDTHS.get(c, DIGIT_WIDTH) for c in column.label) / 2
        left, right, bottom = middle - half - 1, middle + half + 1, column.y - 2
        is_free = all(
            right <= x or x_end <= left or top >= bottom
            for x, x_end, top in taken
            if not x <= middle <= x_end
        )
        if is_free and all(
            right <= x or x_end <= left or abs(y - column.y) >= LABEL_HEIGHT for x, x_end, y in labels
        ):
            labels.append((left, right, column.y))
            kept.add(column.year)
    return tuple(column if column.year in kept else replace(column, label="") for column in columns)


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
    label_width = _label_width([str(cell.city) for cell in order[:MAX_ROWS]])
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


def _label_width(names: Sequence[str]) -> float:
    longest = max(len(name) for name in names)
    return float(min(MAX_LABEL_WIDTH, max(LABEL_WIDTH, longest * LABEL_SIZE + 12)))


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
        return translate("{name}: no report held", name=name)
    value = format_value(value_of(cell, measure), measure)
    if measure == "rate":
        return translate("{name}: {value} per 10,000 characters", name=name, value=value)
    if measure == "share":
        return translate("{name}: mentioned in {value} of reports", name=name, value=value)
    if measure == PARAGRAPH_COUNT:
        return translate_n("{name}: {n} paragraph", "{name}: {n} paragraphs", name=name, n=value)
    return translate_n("{name}: {n} occurrence", "{name}: {n} occurrences", name=name, n=value)


def list_years(distribution: Distribution) -> tuple[TableRow, ...]:
    """What the year plot says, and more, year by year and in all."""
    rows = [_row(str(cell.year or translate("Unknown")), cell) for cell in distribution.years]
    return (*rows, _row(translate("Total"), distribution.total))


def list_years_apart(distribution: Distribution) -> tuple[CityTable, ...]:
    """The rows of each city that is drawn by itself, then those of all together; all alone where none is."""
    cities = apart(distribution)
    tables = [CityTable(name_value("city", city), list_years(of_city(distribution, city))) for city in cities]
    together = translate("{n} cities together", n=len(cities)) if cities else ""
    return (*tables, CityTable(together, list_years(distribution)))


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
