"""Numbers in the clauses of a search -> a table of places and years, each number leading to its sentence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from search.instruments.answers import NumberCell, NumbersAnswer
from search.messages import Message
from search.model import Query
from web import messages as says
from web.charts.lines import THIN, LinePlot, Point, Series, draw_lines
from web.i18n import phrase, translate
from web.instrument_urls import paragraph_url
from web.labels import name_of

KINDS = ("all", "target", "done", "unknown")
KIND_NAMES = {
    "all": phrase("All numbers"),
    "target": phrase("Promised"),
    "done": phrase("Done"),
    "unknown": phrase("Neither said"),
}
KINDS_SAID = {
    "target": says.NUMBERS_TARGET,
    "done": says.NUMBERS_DONE,
    "unknown": says.NUMBERS_UNKNOWN,
}
NO_UNIT = "-"
BASIS_NAMES = {
    "average": phrase("average over years"),
    "share": phrase("share of a whole"),
    "several_years": phrase("several years together"),
    "part_year": phrase("part of a year"),
}
UNITS_SHOWN = 10
"""Units that stand beside each other; the others are folded."""
ROWS_SHOWN = 40
MAX_ROWS = 120
"""Places in the table; the files have all."""
IN_CELL = 3
"""Numbers of a place and year that are shown."""
_SIGNS = {"about": "≈", "at_least": "≥", "at_most": "≤", "over": ">", "under": "<"}
_SCALES = ((1e12, "万亿"), (1e8, "亿"), (1e4, "万"))


@dataclass(frozen=True, slots=True)
class NumberLink:
    """A number as a cell shows it; `said` is its clause with the words that make it a promise."""

    value: str
    kind: str
    said: str
    url: str
    is_doubtful: bool
    basis: str
    """What it is of, in words, where that is no plain figure; "" else."""


@dataclass(frozen=True, slots=True)
class NumbersCell:
    """A place's year; `kind` is value, none (held, no number) or missing (nothing held)."""

    kind: str
    numbers: tuple[NumberLink, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class NumbersRow:
    place: str
    cells: tuple[NumbersCell, ...]


@dataclass(frozen=True, slots=True)
class NumbersView:
    units: tuple[tuple[str, int], ...]
    """Each unit with how many numbers have it, the most used first."""
    unit: str
    total: int
    """Numbers of the kind, in all units."""
    shown: int
    years: tuple[str, ...]
    rows: tuple[NumbersRow, ...]
    folded: tuple[NumbersRow, ...]
    left_out: int
    plot: LinePlot | None


@dataclass(frozen=True, slots=True)
class ChosenNumbers:
    """Which numbers of an answer a page and its files show: of a kind, and of a unit where one is chosen.

    Args:
        unit: `NO_UNIT` for numbers without one; "" for all.
    """

    kind: str
    unit: str

    @property
    def args(self) -> dict[str, str]:
        """The parameters of an address, without those that choose nothing."""
        args = {"kind": self.kind, "unit": self.unit}
        return {name: value for name, value in args.items() if value not in ("all", "")}

    def cells_of(self, answer: NumbersAnswer) -> list[NumberCell]:
        """The numbers chosen."""
        unit = "" if self.unit == NO_UNIT else self.unit
        return [
            cell
            for cell in answer.cells
            if self.kind in ("all", cell.kind) and (not self.unit or cell.unit == unit)
        ]

    def say(self, n: int) -> Iterator[Message]:
        """That `n` numbers are shown, and which, for a citation."""
        yield says.NUMBERS_SHOWN(n=n)
        if self.kind != "all":
            yield KINDS_SAID[self.kind]()
        if self.unit:
            yield says.NO_UNIT_SHOWN() if self.unit == NO_UNIT else says.UNIT_SHOWN(unit=self.unit)


def view_numbers(
    query: Query, answer: NumbersAnswer, held: Collection[tuple[str | None, int | None]], kind: str, unit: str
) -> NumbersView:
    """The page of an answer.

    Args:
        held: the places and years that the filters leave a report of.
        unit: the unit to show, `NO_UNIT` for numbers without one; "" takes the most used.
    """
    of_kind = ChosenNumbers(kind, "").cells_of(answer)
    counted = Counter(cell.unit for cell in of_kind)
    units = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    chosen = "" if unit == NO_UNIT else unit or (units[0][0] if units else "")
    cells = [cell for cell in of_kind if cell.unit == chosen]
    field = query.year_field
    years = sorted({getattr(cell, field) for cell in cells}, key=lambda year: (year is None, year or 0))
    by_place: defaultdict[str | None, defaultdict[int | None, list[NumberCell]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for cell in cells:
        by_place[cell.place][getattr(cell, field)].append(cell)
    order = sorted(by_place, key=lambda place: (-sum(map(len, by_place[place].values())), place or ""))
    rows = tuple(
        NumbersRow(
            name_of(place),
            tuple(
                _cell(by_place[place].get(year, ()), query, is_held=(place, year) in held) for year in years
            ),
        )
        for place in order[:MAX_ROWS]
    )
    return NumbersView(
        units=tuple(units),
        unit=chosen,
        total=len(of_kind),
        shown=len(cells),
        years=tuple(name_of(year) for year in years),
        rows=rows[:ROWS_SHOWN],
        folded=rows[ROWS_SHOWN:],
        left_out=len(order) - len(rows),
        plot=_draw_medians(cells, query),
    )


def _cell(numbers: Sequence[NumberCell], query: Query, *, is_held: bool) -> NumbersCell:
    if not numbers:
        return NumbersCell("none" if is_held else "missing")
    links = tuple(
        NumberLink(
            say_number(one),
            one.kind,
            one.text,
            paragraph_url(one.report, one.paragraph, query.text),
            one.doubtful,
            translate(BASIS_NAMES[one.basis]) if one.basis in BASIS_NAMES else "",
        )
        for one in numbers[:IN_CELL]
    )
    return NumbersCell("value", links, len(numbers) - len(links))


def say_number(one: NumberCell) -> str:
    """A number with its bound, without its unit: ≥5.5, 5–6, −3.5 of a fall, 1.2万亿; ? where it is garbled.

    The scales are those of the texts, in either language of the interface.
    """
    sign = "−" if one.change == "down" else ""
    if one.doubtful or (one.value is None and one.low is None and one.high is None):
        return "?"
    if one.bound == "between":
        return sign + "–".join(_scaled(end) for end in (one.low, one.high) if end is not None)
    value = one.value if one.value is not None else one.low if one.low is not None else one.high
    return _SIGNS.get(one.bound, "") + sign + _scaled(value or 0.0)


def _scaled(value: float) -> str:
    for scale, name in _SCALES:
        if abs(value) >= scale:
            return f"{value / scale:,.6g}{name}"
    return f"{value:,.6g}"


def number_of(one: NumberCell) -> float | None:
    """A number for a plot: the value, or the middle of a range; negative of a fall."""
    if one.doubtful:
        return None
    ends = [end for end in (one.low, one.high) if end is not None]
    value = one.value if one.value is not None else sum(ends) / len(ends) if ends else None
    return None if value is None else -value if one.change == "down" else value


def _draw_medians(cells: Sequence[NumberCell], query: Query) -> LinePlot | None:
    """The median of each year's plain numbers, promised and done apart; None if one is below zero or alone."""
    by_kind: defaultdict[str, defaultdict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    for cell in cells:
        year, value = getattr(cell, query.year_field), number_of(cell)
        if year is not None and value is not None and cell.basis == "plain":
            by_kind[cell.kind][year].append(value)
    series = [
        Series(name, _median_points(name, by_kind[kind]), "#figures")
        for kind, name in ((kind, translate(KIND_NAMES[kind])) for kind in KINDS[1:])
        if by_kind[kind]
    ]
    points = [point for one in series for point in one.points]
    if len({point.year for point in points}) < 2 or min(point.value or 0.0 for point in points) < 0:
        return None
    plot = draw_lines(series, _scaled)
    return None if plot is None else replace(plot, gaps=())


def _median_points(name: str, by_year: dict[int, list[float]]) -> list[Point]:
    """A point each year from the first to the last; one without numbers has no value."""
    points = []
    for year in range(min(by_year), max(by_year) + 1):
        values = by_year.get(year)
        if not values:
            points.append(Point(year, None, ""))
            continue
        said = translate(
            "{name}, {year}: median {value} of {n} numbers",
            name=name,
            year=year,
            value=_scaled(median(values)),
            n=len(values),
        )
        points.append(Point(year, median(values), said, is_thin=len(values) < THIN))
    return points
