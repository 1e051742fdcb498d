"""Charts of a distribution show what was counted, and keep "not held" apart from "not mentioned"."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from search.model import Cell, Distribution, Query
from web.asked_views import View
from web.charts.figures import CityRow, compare_years, list_years, tabulate_cities, tabulate_years
from web.charts.heatmap import MAX_ROWS, SHADES, draw_heatmap, name_shades, shade_of
from web.charts.layout import LABEL_SIZE
from web.charts.measures import PARAGRAPH_COUNT, format_value, measure_of
from web.charts.year_bars import LABEL_HEIGHT, MAX_BANDS, YearBar, draw_city_bars, draw_year_bars

CELLS = (
    Cell("甲市", 2020, 3, 4, 1, 30, 10_000, 2),
    Cell("甲市", 2022, 0, 0, 0, 20, 8_000, 1),
    Cell("乙市", 2020, 1, 1, 1, 10, 1_000, 1),
    Cell(None, 2020, 5, 5, 1, 10, 1_000, 1),
    Cell("甲市", None, 2, 2, 1, 10, 1_000, 1),
)
FOUND = Distribution(Query("x"), CELLS)


@pytest.fixture(autouse=True)
def in_request(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


def test_year_plot_tells_not_held_from_nothing() -> None:
    plot = draw_year_bars(FOUND, "count")
    assert plot is not None
    assert [(c.year, c.held, c.height > 0, c.label) for c in plot.bars] == [
        (2020, True, True, "10"),
        (2021, False, False, ""),
        (2022, True, False, ""),
    ]
    assert all(c.x >= 0 and c.x + c.width <= plot.width for c in plot.bars)


def test_cities_that_are_chosen_are_drawn_each_by_itself_in_one_scale() -> None:
    chosen = Distribution(Query("x", city=("乙市", "甲市")), tuple(c for c in CELLS if c.city))
    plot = draw_city_bars(chosen, "count")
    assert plot is not None
    assert [(band.city, band.total) for band in plot.bands] == [("乙市", "1"), ("甲市", "6")]
    assert [[(c.year, c.held, c.label, c.tooltip) for c in band.bars] for band in plot.bands] == [
        [(2020, True, "1", "乙市 2020：1 处"), (2021, False, "", "乙市 2021：未收录报告"),
         (2022, False, "", "乙市 2022：未收录报告")],
        [(2020, True, "4", "甲市 2020：4 处"), (2021, False, "", "甲市 2021：未收录报告"),
         (2022, True, "", "甲市 2022：0 处")],
    ]  # fmt: skip
    one, four = plot.bands[0].bars[0], plot.bands[1].bars[0]
    assert four.height == pytest.approx(4 * one.height)
    tables = [(t.city, [(row.name, row.occurrences) for row in t.rows]) for t in tabulate_years(chosen)]
    assert tables == [
        ("乙市", [("2020", "1"), ("合计", "1")]),
        ("甲市", [("2020", "4"), ("2022", "0"), ("未知", "2"), ("合计", "6")]),
        ("2 座城市合计", [("2020", "5"), ("2022", "0"), ("未知", "2"), ("合计", "7")]),
    ]


def test_totals_of_cities_held_for_different_years_are_given_for_the_same_years_too() -> None:
    """The first is above the second in the year that both have, and below it over all of its own."""
    cells = (
        Cell("甲市", 2020, 1, 8, 1, 1, 10_000, 1),
        Cell("甲市", 2021, 1, 0, 0, 1, 10_000, 1),
        Cell("乙市", 2020, 1, 6, 1, 1, 10_000, 1),
    )
    chosen = ("甲市", "乙市")
    found = compare_years(Distribution(Query("x", city=chosen), cells), "rate")
    assert found is not None
    assert [(one.city, one.years, one.value) for one in found.own] == [
        ("甲市", 2, "4.00"),
        ("乙市", 1, "6.00"),
    ]
    assert [(one.city, one.years, one.value) for one in found.common] == [
        ("甲市", 1, "8.00"),
        ("乙市", 1, "6.00"),
    ]
    apart = compare_years(Distribution(Query("x", city=chosen), cells[1:]), "share")
    assert apart is not None
    assert apart.common == ()
    assert compare_years(Distribution(Query("x", city=chosen), cells[::2]), "rate") is None
    assert compare_years(Distribution(Query("x"), cells), "rate") is None


def test_one_city_and_more_than_six_are_one_plot() -> None:
    names = tuple(f"市{i}" for i in range(MAX_BANDS + 1))
    cells = tuple(Cell(name, 2020, 1, 1, 1, 1, 1, 1) for name in names)
    for chosen in ((), names[:1], names):
        found = Distribution(Query("x", city=chosen), cells)
        assert draw_city_bars(found, "count") is None
        assert [table.city for table in tabulate_years(found)] == [""]
    assert draw_city_bars(Distribution(Query("x", city=names[1:]), cells), "count") is not None


def test_unknown_and_cities_without_reports_are_drawn_too() -> None:
    found = Distribution(Query("x", city=("丙市", None)), CELLS[3:4])
    plot = draw_city_bars(found, "rate")
    assert plot is not None
    assert [(band.city, [c.held for c in band.bars]) for band in plot.bands] == [
        ("丙市", [False]),
        ("未知或非市级", [True]),
    ]
    assert draw_city_bars(Distribution(Query("x", city=("丙市", "丁市")), ()), "count") is None


def boxes(bars: tuple[YearBar, ...]) -> list[tuple[float, float, float, float]]:
    """Left, right, top, bottom of each label, a digit being 6.7 px wide and a comma 3.3."""
    found = []
    for c in bars:
        half = sum(3.3 if sign in ",." else 6.7 for sign in c.label) / 2
        if c.label:
            middle = c.x + c.width / 2
            found.append((middle - half, middle + half, c.y - LABEL_HEIGHT, c.y - 2))
    return found


@pytest.mark.parametrize("years", [3, 12, 20, 30])
@pytest.mark.parametrize("chosen", [(), ("甲市", "乙市")])
def test_no_label_runs_into_another_or_into_a_bar(years: int, chosen: tuple[str, ...]) -> None:
    cells = tuple(
        Cell(city, 2000 + i, 1, 12_345 + 997 * ((i * factor) % 5) - 12_000 * (i % 4 == 1), 1, 9, 9000, 1)
        for i in range(years)
        for city, factor in (("甲市", 3), ("乙市", 2))
    )
    found = Distribution(Query("x", city=chosen), cells)
    one, apart = draw_year_bars(found, "count"), draw_city_bars(found, "count")
    assert one is not None
    for bars in [band.bars for band in apart.bands] if apart else [one.bars]:
        labels = boxes(bars)
        assert labels, "the highest bar at least is labelled"
        for i, (left, right, top, bottom) in enumerate(labels):
            for other in labels[:i]:
                assert right <= other[0] or other[1] <= left or bottom <= other[2] or other[3] <= top
            assert not [
                c.year for c in bars if left < c.x + c.width and c.x < right and c.y < bottom and c.y > top
            ]
        assert years > 3 or len(labels) == years


def test_labels_may_stand_over_the_hatching_of_years_that_are_not_held() -> None:
    cells = tuple(Cell("甲市", year, 1, 100 + year % 7, 1, 9, 900, 1) for year in range(2000, 2027, 2))
    plot = draw_year_bars(Distribution(Query("x"), cells), "count")
    assert plot is not None
    assert [bar.year for bar in plot.bars if bar.label] == [cell.year for cell in cells]


def test_matrix_tells_not_held_from_nothing_and_orders_cities() -> None:
    plot = draw_heatmap(FOUND, "count")
    assert plot is not None
    assert [(row.city, [cell.kind for cell in row.cells]) for row in plot.rows] == [
        ("甲市", ["value", "missing", "zero"]),
        ("乙市", ["value", "missing", "missing"]),
    ]
    assert plot.rows[0].cells[0].shade == SHADES
    assert plot.rows[1].cells[0].shade == 2  # 1 of 4, in steps of 0.8


def test_measures_change_what_is_most() -> None:
    by_rate = draw_heatmap(FOUND, "rate")
    assert by_rate is not None
    assert by_rate.rows[0].city == "乙市"
    assert by_rate.rows[0].cells[0].label == "10.0"
    by_share = draw_heatmap(FOUND, "share")
    assert by_share is not None
    assert {row.city: row.cells[0].label for row in by_share.rows} == {"甲市": "50%", "乙市": "100%"}


def test_tables_have_every_year_and_the_total() -> None:
    rows = list_years(FOUND)
    assert [(row.name, row.paragraphs, row.held) for row in rows] == [
        ("2020", "9", "4"), ("2022", "0", "1"), ("未知", "2", "1"), ("合计", "11", "6"),
    ]  # fmt: skip
    years, cities = tabulate_cities(FOUND, "count")
    assert years == (2020, 2022)
    assert cities == [CityRow("甲市", ("4", "0"), "6", 2), CityRow("乙市", ("1", None), "1", 1)]


def test_many_cities_are_cut_in_the_plot_and_told() -> None:
    cells = tuple(Cell(f"市{i:03d}", 2020, i, i, 1, 1, 1, 1) for i in range(MAX_ROWS + 7))
    plot = draw_heatmap(Distribution(Query("x"), cells), "count")
    assert plot is not None
    assert (len(plot.rows), plot.left_out) == (MAX_ROWS, 7)


def test_cells_that_only_a_heading_matches_are_zero_occurrences_not_counts_of_paragraphs() -> None:
    cells = (Cell("甲市", 2020, 3, 0, 1, 9, 900, 1), Cell("乙市", 2020, 1, 2, 1, 9, 900, 1))
    view = View("distribution")
    found = Distribution(Query("x"), cells)
    plot = draw_heatmap(found, measure_of(found, view))
    assert plot is not None
    assert [(row.city, row.cells[0].kind, row.cells[0].label) for row in plot.rows] == [
        ("乙市", "value", "2"),
        ("甲市", "zero", ""),
    ]
    only = Distribution(Query(""), cells[:1])
    assert measure_of(only, view) == PARAGRAPH_COUNT
    plot = draw_heatmap(only, PARAGRAPH_COUNT)
    assert plot is not None
    assert plot.rows[0].cells[0].label == "3"


@pytest.mark.parametrize("most", [1, 2, 3, 4, 5, 6, 7, 19, 1234])
def test_the_legend_of_counts_names_every_number_once_and_truly(most: int) -> None:
    named = {}
    for shade, meaning in name_shades(most, "count"):
        first, _, last = meaning.replace(",", "").partition("–")
        for number in range(int(first), int(last or first) + 1):
            assert number not in named
            named[number] = shade
    assert named == {number: shade_of(number, most) for number in range(1, most + 1)}


@pytest.mark.parametrize(
    ("most", "measure"), [(0.02, "rate"), (0.004, "rate"), (0.01, "share"), (12.5, "rate")]
)
def test_the_legend_says_no_bound_twice(most: float, measure: str) -> None:
    meanings = [meaning for _, meaning in name_shades(most, measure)]
    assert len(set(meanings)) == len(meanings)
    assert name_shades(most, measure)[-1][0] == SHADES
    assert name_shades(0.0, measure) == ()


def test_names_have_room_beside_the_cells_and_years_under_their_bars() -> None:
    long = Distribution(Query("x"), (Cell("延边朝鲜族自治州", 1983, 1, 1, 1, 1, 1, 1), *CELLS))
    plot = draw_heatmap(long, "count")
    assert plot is not None
    assert plot.label_width >= 8 * LABEL_SIZE
    assert plot.rows[0].cells[0].x == 0
    years = draw_year_bars(long, "count")
    assert years is not None
    halves = [bar.x + bar.width / 2 for bar in years.bars if bar.show_year]
    assert min(halves) >= 14
    assert max(halves) <= years.width - 14


def test_nothing_known_draws_nothing() -> None:
    empty = Distribution(Query("x"), (Cell(None, None, 1, 1, 1, 1, 1, 1),))
    assert draw_year_bars(empty, "count") is None
    assert draw_heatmap(empty, "count") is None


@pytest.mark.parametrize(
    ("value", "measure", "said"),
    [(12345, "count", "12,345"), (0.126, "rate", "0.13"), (56.24, "rate", "56.2"), (0.333, "share", "33%")],
)
def test_values_are_said_shortly(value: float, measure: str, said: str) -> None:
    assert format_value(value, measure) == said
